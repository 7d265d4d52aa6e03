"""`rehearse` at the console: what can be wished for, and what is said about wishes and files that will not do."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot import running
from bot.rehearse import Wishes
from tests.support.console import Console


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Wishes, bool]]:
    """What the command line asked for, instead of doing it."""
    asked: list[tuple[Wishes, bool]] = []

    async def noted(_settings: object, wishes: Wishes, *, telegram_only: bool = False) -> None:
        asked.append((wishes, telegram_only))

    monkeypatch.setattr(running, "run_rehearsal", noted)
    return asked


def test_every_wish_arrives(console: Console, asked: list[tuple[Wishes, bool]]) -> None:
    console.runs(
        "rehearse",
        *("--tour", "a.xlsx", "--notes", "b.csv", "--speed", "60", "--at", "2026-03-03 17:30"),
    )
    moment = datetime(2026, 3, 3, 17, 30, tzinfo=ZoneInfo("Asia/Seoul"))
    assert asked == [(Wishes(moment, 60, Path("a.xlsx"), Path("b.csv")), False)]


def test_run_without_a_token_stays_the_sample(console: Console, asked: list[tuple[Wishes, bool]]) -> None:
    console.runs("run")
    console.runs("rehearse", "--telegram-only", "--speed", "10")
    assert asked == [(Wishes(), False), (Wishes(speed=10), True)]


@pytest.mark.parametrize(
    "words",
    [
        ("--speed", "0"),
        ("--speed", "61"),
        ("--at", "tomorrow"),
        ("--telegram-only", "--tour", "a.csv"),
        ("--telegram-only", "--notes", "a.csv"),
    ],
)
def test_wishes_that_cannot_be_are_wrong_use(
    console: Console, asked: list[tuple[Wishes, bool]], words: tuple[str, ...]
) -> None:
    console.runs("rehearse", *words, exits=2)
    assert asked == []


@pytest.mark.parametrize(
    ("option", "content", "said"),
    [
        ("--tour", None, "파일을 읽지 못했습니다: "),
        ("--tour", b"PK\x03\x04 broken", "파일이 손상되어"),
        ("--tour", "제목,아무거나\n1,2\n".encode(), "일정 파일에서 쓸 수 있는 줄을 찾지 못했습니다: "),
        ("--notes", b"\xff\xfe\xff", "의견 파일에서 쓸 수 있는 줄을 찾지 못했습니다: "),
    ],
)
def test_a_file_that_cannot_be_read_ends_in_words(
    console: Console, option: str, content: bytes | None, said: str
) -> None:
    path = "none.csv" if content is None else console.file("file.csv", content)
    result = console.runs("rehearse", option, path, exits=1)
    assert said in result.stderr
    assert not (console.data / "rehearsal").exists()
