"""What is rehearsed: the sample, or files of one's own, and what is said when they cannot be read."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.domain.values import Value
from bot.gateways.spreadsheet import table_of
from bot.rehearsal.sources import Sources, SourcesRefused, read_sources, sample_sources
from prompts.messages import Messages
from tests.rehearsal.own import NOTES, TOUR

SEOUL = ZoneInfo("Asia/Seoul")


def say(key: str, values: Mapping[str, Value]) -> str:
    return Messages(SEOUL).plain(key, values, now=datetime(2026, 3, 1, tzinfo=SEOUL))


def sources(tmp_path: Path, tour: str | bytes | None, notes: str | bytes | None) -> Sources:
    return read_sources(
        written(tmp_path, "가상 순회.csv", tour),
        written(tmp_path, "가상 의견.csv", notes),
        SEOUL,
        open_table=table_of,
        say=say,
    )


def written(folder: Path, name: str, text: str | bytes | None) -> Path | None:
    if text is None:
        return None
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder / name


def test_without_files_it_is_the_sample() -> None:
    found = sample_sources(SEOUL)
    assert found.starts(SEOUL) == datetime(2026, 1, 21, 18, 0, tzinfo=SEOUL)
    assert (len(found.plans), len(found.notes), found.region) == (43, 130, "전북")
    assert found.json() == {
        "tour": "표본(5극3특 현장 행보)",
        "notes": "표본(전북 1.22.)",
        "play": "1월 22일 의견 재생",
    }


def test_ones_own_tour_begins_on_the_evening_before_its_first_day(tmp_path: Path) -> None:
    found = sources(tmp_path, TOUR, None)
    assert found.starts(SEOUL) == datetime(2026, 3, 3, 18, 0, tzinfo=SEOUL)
    assert (found.tour_name, found.tour_from, found.region) == ("가상 순회", "가상 순회.csv", "강원")
    assert (found.notes, found.json()["notes"], found.remarks) == ((), "없음", ())


def test_a_tour_of_several_regions_has_staff_for_all(tmp_path: Path) -> None:
    assert sources(tmp_path, TOUR.replace("가-2,1,강원", "가-2,1,제주"), None).region is None


def test_notes_are_played_when_their_time_and_meeting_are_known(tmp_path: Path) -> None:
    found = sources(tmp_path, TOUR, NOTES)
    assert [note.number for note in found.notes] == ["1"]
    assert (found.own_notes, found.play) == (True, "의견 1건 재생")
    assert "2건" in found.remarks[-1]


def test_lines_that_are_not_understood_are_told_and_left_out(tmp_path: Path) -> None:
    found = sources(tmp_path, TOUR + "가-3,1,강원,봄,09:00,10:00,company,가상,가상,,,\n", None)
    assert len(found.plans) == 2
    assert found.remarks[0].startswith("일정 파일에서 1줄을 읽지 못하여 뺐습니다:")
    assert "4행" in found.remarks[1] or "4" in found.remarks[1]


def test_many_bad_lines_are_not_all_shown(tmp_path: Path) -> None:
    bad = "".join(f"나-{n},1,강원,봄,09:00,10:00,company,가상,가상,,,\n" for n in range(30))
    assert sources(tmp_path, TOUR + bad, None).remarks[-1] == "… 그 밖에 10줄"


@pytest.mark.parametrize(
    ("tour", "notes", "said"),
    [
        ("", None, "일정 파일에서 쓸 수 있는 줄을 찾지 못했습니다"),
        (b"PK\x03\x04 no workbook", None, "파일"),
        (TOUR, "a,b\n1,2\n", "의견 파일에서 쓸 수 있는 줄을 찾지 못했습니다"),
        (TOUR, NOTES.replace("가-2", "다른"), "재생할 수 있는 의견을 찾지 못했습니다"),
        (None, NOTES, "재생할 수 있는 의견을 찾지 못했습니다"),
    ],
)
def test_a_file_that_cannot_be_rehearsed_is_told_in_words(
    tmp_path: Path, tour: str | bytes | None, notes: str | None, said: str
) -> None:
    with pytest.raises(SourcesRefused, match=said) as refused:
        sources(tmp_path, tour, notes)
    assert "Error" not in str(refused.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourcesRefused, match="파일을 읽지 못했습니다"):
        read_sources(tmp_path / "없음.csv", None, SEOUL, open_table=table_of, say=say)
