"""Commands at the console: what they print, what they leave behind, and how they end (0 done, 1 said why, 2 wrong use)."""

import json
import sqlite3
from importlib import resources
from pathlib import Path

import pytest

from bot.digest.ledger import Unbalanced
from bot.domain.digest import DayInput, Digest
from bot.rehearsal import sample
from bot.services import digest_making
from tests.support.console import Console
from tests.support.contract import check_digest
from tests.support.tour_files import file, line

NOTES_HEAD = "note_id,region,date,time,meeting_key,track,speaker,rating,text"


def shipped(name: str) -> str:
    return str(resources.files(sample) / name)


def notes(*lines: str) -> str:
    return "\n".join([NOTES_HEAD, *lines]) + "\n"


def count(console: Console, table: str) -> int:
    with sqlite3.connect(console.data / "hyeonjang.db") as connection:
        rows: int = connection.execute(f"select count(*) from {table}").fetchone()[0]
    connection.close()
    return rows


def test_the_sample_tour_is_imported_once_and_the_second_time_changes_nothing(console: Console) -> None:
    first = console.runs("import", "tour", shipped("tour.csv")).stdout.splitlines()
    assert "추가 43, 변경 0, 취소 0, 그대로 0, 거절 0" in first[0]
    assert "  추가  전북 1.22.(목) 07:30 전북 지방정부 조찬 면담" in first
    second = console.runs("import", "tour", shipped("tour.csv")).stdout.splitlines()
    assert len(second) == 1
    assert "추가 0, 변경 0, 취소 0, 그대로 43, 거절 0" in second[0]
    assert count(console, "meetings") == 43


def test_a_dry_run_says_the_same_and_does_nothing(console: Console) -> None:
    path = console.file("tour.csv", file(line()))
    said = console.runs("import", "tour", path, "--dry-run").stdout
    assert "아직 반영하지 않았습니다" in said
    assert "추가 1" in said
    assert count(console, "meetings") == count(console, "tours") == 0


def test_lines_that_are_refused_are_printed_with_their_reason_and_the_others_are_taken(
    console: Console,
) -> None:
    path = console.file("tour.csv", file(line(), line(key="a-2", date="2026-13-40"), line(key="a-3")))
    said = console.runs("import", "tour", path).stdout
    assert "추가 2" in said
    assert "거절 1" in said
    assert "  거절  3행 ‘date’ 칸: ‘2026-13-40’에서 날짜를 읽지 못했습니다." in said
    assert count(console, "meetings") == 2


def test_what_is_missing_is_cancelled_only_on_request_and_only_from_a_whole_file(console: Console) -> None:
    both = console.file("both.csv", file(line(), line(key="a-2", title="없어질 간담회")))
    one = console.file("one.csv", file(line()))
    broken = console.file("broken.csv", file(line(), line(key="a-4", start="오후")))
    console.runs("import", "tour", both)
    assert "취소 0" in console.runs("import", "tour", one).stdout
    refused = console.runs("import", "tour", broken, "--cancel-missing", exits=1)
    assert "읽지 못한 줄이 1개" in refused.stderr
    said = console.runs("import", "tour", one, "--cancel-missing").stdout
    assert "취소 1" in said
    assert "  취소  전북 1.22.(목) 09:40 없어질 간담회" in said


def test_a_moved_meeting_is_shown_old_and_new(console: Console) -> None:
    console.runs("import", "tour", console.file("tour.csv", file(line())))
    said = console.runs("import", "tour", console.file("tour.csv", file(line(start="10:00")))).stdout
    assert "변경 1" in said
    assert "09:40" in said
    assert "10:00" in said


def test_notes_are_imported_once_under_their_own_numbers(console: Console) -> None:
    console.runs("import", "tour", shipped("tour.csv"))
    said = console.runs("import", "notes", shipped("notes-jeonbuk-2026-01-22.csv")).stdout
    assert said == "의견을 반영했습니다: 추가 130, 변경 0, 그대로 0, 거절 0\n"
    again = console.runs("import", "notes", shipped("notes-jeonbuk-2026-01-22.csv")).stdout
    assert again == "의견을 반영했습니다: 추가 0, 변경 0, 그대로 130, 거절 0\n"
    assert count(console, "notes") == 130


def test_notes_may_come_before_any_schedule_and_a_dry_run_leaves_nothing(console: Console) -> None:
    path = console.file(
        "notes.csv",
        notes(
            "k-1,전북,2026-01-22,10:00,unknown,company,company,4,설비가 낡았습니다.",
            "k-2,전북,2026-01-22,10:00,unknown,company,company,9,점수가 이상합니다.",
        ),
    )
    said = console.runs("import", "notes", path, "--dry-run").stdout
    assert "추가 1" in said
    assert "  거절  3행 ‘rating’ 칸: ‘9’에서 점수를 읽지 못했습니다." in said
    assert count(console, "notes") == count(console, "tours") == 0
    console.runs("import", "notes", path)
    assert count(console, "notes") == count(console, "tours") == 1
    body = json.loads(console.runs("digest", "--region", "전북", "--date", "2026-01-22").stdout)
    assert body["ledger"]["received"] == 1
    assert body["numbers"]["meetings"] == 0


def test_the_digest_is_the_contracts_json_and_the_same_each_time(console: Console) -> None:
    console.runs("import", "tour", shipped("tour.csv"))
    console.runs("import", "notes", shipped("notes-jeonbuk-2026-01-22.csv"))
    asked = ("digest", "--region", "전북", "--date", "2026-01-22")
    first = console.runs(*asked).stdout
    body = json.loads(first)
    check_digest(body)
    assert (body["region"], body["date"], body["revision"]) == ("전북", "2026-01-22", 1)
    assert body["ledger"]["received"] == body["numbers"]["notes"] == 130
    assert body["numbers"]["meetings"] == 6
    assert body["themes"]
    assert {*body["ledger"]["cited"]} <= {f"jb-{n:03}" for n in range(1, 131)}
    assert console.runs(*asked).stdout == first
    out = console.folder / "digest.json"
    assert console.runs(*asked, "--out", str(out)).stdout == ""
    assert out.read_text(encoding="utf-8") == first
    text = console.runs(*asked, "--format", "text").stdout
    assert text.startswith("[전북] 일일 권역 보고 1.22.(목)")
    assert "<b>" not in text


def test_a_day_without_notes_is_whole_json_too(console: Console) -> None:
    console.runs("import", "tour", console.file("tour.csv", file(line())))
    body = json.loads(console.runs("digest", "--region", "전북", "--date", "2026-01-22").stdout)
    check_digest(body)
    assert body["ledger"]["received"] == 0
    assert body["numbers"]["rating_average"] is None


def test_publishing_marks_the_revision_as_sent(console: Console) -> None:
    console.runs("import", "tour", console.file("tour.csv", file(line())))
    asked = ("digest", "--region", "전북", "--date", "2026-01-22", "--publish")
    assert json.loads(console.runs(*asked).stdout)["revision"] == 1
    assert json.loads(console.runs(*asked).stdout)["revision"] == 1
    assert count(console, "digests where published_at is not null") == 1
    assert count(console, "digests") == 1


def test_a_digest_that_does_not_balance_is_not_shown(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unbalanced(day: DayInput) -> Digest:
        raise Unbalanced("a note is in no class")

    console.runs("import", "tour", console.file("tour.csv", file(line())))
    monkeypatch.setattr(digest_making, "make_digest", unbalanced)
    said = console.runs("digest", "--region", "전북", "--date", "2026-01-22", exits=1)
    assert said.stdout == ""
    assert "의견의 수가 맞지 않아" in said.stderr


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("import", "tour", "no-such-file.csv"), "파일을 읽지 못했습니다: no-such-file.csv"),
        (("import", "notes", "no-such-file.csv"), "파일을 읽지 못했습니다: no-such-file.csv"),
        (("import", "tour", "{empty}"), "파일이 비어 있습니다."),
        (("import", "notes", "{tour}"), "필요한 열이 없습니다"),
        (("import", "tour", "{tour}", "--topics", "{binary}"), "UTF-8로 저장한 파일이 아닙니다"),
        (("import", "tour", "{tour}", "--topics", "{tour}"), "주제 파일"),
        (("digest", "--region", "제주", "--date", "2026-01-22"), "그 권역에는 그날 일정이 없습니다."),
        (("invite", "--role", "admin"), "TELEGRAM_BOT_TOKEN이 필요합니다"),
    ],
)
def test_what_fails_says_why_and_ends_with_one(console: Console, words: tuple[str, ...], why: str) -> None:
    files = {
        "empty": console.file("empty.csv", ""),
        "tour": console.file("tour.csv", file(line())),
        "binary": console.file("topics.toml", b"\xff\xfe\x00"),
    }
    result = console.runs(*(word.format(**files) for word in words), exits=1)
    assert why in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    "words",
    [
        ("digest", "--region", "전북", "--date", "22 January"),
        ("digest", "--region", "전북", "--date", "2026-01-22", "--format", "xlsm"),
        ("digest", "--region", "전북"),
        ("import", "tour"),
        ("invite", "--role", "king"),
        ("rehearse", "--at", "tomorrow"),
        ("nonsense",),
        ("run", "--nonsense"),
    ],
)
def test_wrong_use_ends_with_two(console: Console, words: tuple[str, ...]) -> None:
    assert console.runs(*words, exits=2).stdout == ""


def test_an_output_file_that_cannot_be_written_is_said(console: Console) -> None:
    console.runs("import", "tour", console.file("tour.csv", file(line())))
    out = str(Path("no-such-folder") / "digest.json")
    said = console.runs("digest", "--region", "전북", "--date", "2026-01-22", "--out", out, exits=1)
    assert f"파일을 저장하지 못했습니다: {out}" in said.stderr


def test_purging_now_succeeds_in_silence(console: Console) -> None:
    console.runs(
        "import", "notes", console.file("notes.csv", notes("k-1,전북,2020-01-22,,,,youth,4,낡은 의견"))
    )
    assert count(console, "notes") == 1
    assert console.runs("purge").stdout == ""
    assert count(console, "notes") == 0
