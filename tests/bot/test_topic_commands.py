"""`import topics`: an operator edits the tour's topics."""

import sqlite3
from pathlib import Path

import pytest

from tests.bot.test_commands import notes, shipped
from tests.support.console import Console

TWO = (
    '[[topic]]\nkey = "jobs"\ntitle = "일자리"\n\n[[topic]]\nkey = "other"\ntitle = "기타"\nis_rest = true\n'
)
WORDED = TWO.replace(
    'title = "일자리"\n', 'title = "일자리"\nkeywords = ["월급", "채용"]\nexamples = ["월급이 밀렸습니다"]\n'
)


@pytest.fixture
def toured(console: Console, monkeypatch: pytest.MonkeyPatch) -> Console:
    monkeypatch.setenv("RETENTION_DAYS", "3650")
    console.runs("import", "tour", shipped("tour.csv"), "--topics", console.file("first.toml", TWO))
    return console


def test_what_changed_is_said_and_the_same_file_twice_changes_nothing(toured: Console) -> None:
    file = toured.file("topics.toml", WORDED)
    dry = toured.runs("import", "topics", file, "--dry-run").output
    assert dry.startswith("[미리 보기] 5극3특 현장 행보: 주제 추가 0, 변경 1, 삭제 0, 그대로 1")
    assert "변경: 일자리 (jobs): 핵심어 0·예문 0 → 핵심어 2·예문 1" in dry
    assert "변경 1" in toured.runs("import", "topics", file).output
    assert "변경 0, 삭제 0, 그대로 2" in toured.runs("import", "topics", file).output
    with sqlite3.connect(toured.data / "hyeonjang.db") as connection:
        acts = connection.execute("SELECT details FROM audit WHERE action = 'topics_changed'").fetchall()
    connection.close()
    assert len(acts) == 1


def test_a_topic_with_notes_does_not_vanish_in_silence(toured: Console) -> None:
    line = "x-1,전북,2026-01-22,,,company,company,4,통근버스가 부족합니다."
    table = notes(line)
    head, row = table.strip().splitlines()
    toured.runs("import", "notes", toured.file("notes.csv", f"{head},topic\n{row},jobs\n"))
    without = toured.file("without.toml", TWO.replace("jobs", "living").replace("일자리", "주거"))
    refused = toured.runs("import", "topics", without, exits=1).output
    assert "의견이 1건" in refused
    assert "일자리" in refused
    assert (
        "의견이 1건"
        in toured.runs("import", "tour", shipped("tour.csv"), "--topics", without, exits=1).output
    )
    taken = toured.runs("import", "topics", without, "--remove-used").output
    assert "삭제: 일자리 (jobs): 고른 의견 1건은 ‘주제 미분류’로 실립니다" in taken
    assert "추가: 주거 (living)" in taken


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (TWO.replace('"jobs"', '"work"'), "key가 jobs에서 work로"),
        (TWO.replace('"jobs"', '"Jobs!"'), "1번째 주제가 올바르지 않습니다"),
        ("topic = 3", "[[topic]]"),
        ("[[topic", "TOML"),
        (WORDED.replace('["월급", "채용"]', '"월급"'), "1번째 주제가 올바르지 않습니다"),
    ],
)
def test_a_file_that_is_refused_says_why_and_changes_nothing(toured: Console, text: str, says: str) -> None:
    assert says in toured.runs("import", "topics", toured.file("bad.toml", text), exits=1).output
    assert "그대로 2" in toured.runs("import", "topics", toured.file("same.toml", TWO)).output


def test_without_a_tour_it_says_what_comes_first(console: Console) -> None:
    assert "import tour" in console.runs("import", "topics", console.file("t.toml", TWO), exits=1).output


def test_of_several_tours_one_is_named(toured: Console) -> None:
    other = (toured.folder / "other.csv").as_posix()
    lines = Path(shipped("tour.csv")).read_text(encoding="utf-8").splitlines()
    toured.file("other.csv", "\n".join([lines[0], lines[1].replace("2026-01-22", "2027-03-05")]))
    toured.runs("import", "tour", other, "--name", "가상 다른 행보")
    file = toured.file("topics.toml", WORDED)
    assert "--name" in toured.runs("import", "topics", file, exits=1).output
    assert "변경 1" in toured.runs("import", "topics", file, "--name", "5극3특 현장 행보").output
