"""The command line's own part: settings that make no sense, and failures that nobody foresaw."""

import pytest

from bot import commands, running
from bot.commands import Failed
from bot.rehearse import Wishes
from tests.support.console import Console

TOKEN = "5900000002:token-that-must-never-be-logged"


def test_without_a_command_the_help_is_shown(console: Console) -> None:
    result = console.runs(exits=2)
    assert "rehearse" in result.output
    assert "import" in result.output


def test_settings_that_make_no_sense_are_told_all_at_once(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", "many")
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "notatoken")
    said = console.runs("run", exits=1).stderr
    assert "PORT" in said
    assert "TELEGRAM_BOT_TOKEN" in said
    assert "notatoken" not in said


def test_a_setting_of_a_later_version_is_said_not_to_be_used(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMTP_FROM", "a@example.com")
    assert "SMTP_FROM" in console.runs("purge").stderr


@pytest.mark.parametrize(
    ("token", "command", "called"),
    [
        (None, ("run",), "run_rehearsal"),
        (TOKEN, ("run",), "run"),
        (TOKEN, ("rehearse", "--at", "2026-01-22 06:00"), "run_rehearsal"),
    ],
)
def test_run_needs_a_token_or_rehearses(
    console: Console,
    monkeypatch: pytest.MonkeyPatch,
    token: str | None,
    command: tuple[str, ...],
    called: str,
) -> None:
    calls: list[tuple[str, str]] = []

    async def ran(_settings: object, *, keeps: bool) -> None:
        assert keeps
        calls.append(("run", ""))

    async def rehearsed(_settings: object, wishes: Wishes, **_more: object) -> None:
        calls.append(("run_rehearsal", str(wishes.at)))

    monkeypatch.setattr(running, "run", ran)
    monkeypatch.setattr(running, "run_rehearsal", rehearsed)
    if token is not None:
        monkeypatch.setenv("TELEGRAM_BOT_TOKEN", token)
    console.runs(*command)
    [(name, start)] = calls
    assert name == called
    if command[0] == "rehearse":
        assert start == "2026-01-22 06:00:00+09:00"


@pytest.mark.parametrize(
    ("error", "exits", "said"),
    [
        (Failed("이미 실행 중입니다."), 1, "이미 실행 중입니다."),
        (KeyboardInterrupt(), 0, ""),
        (RuntimeError("통근버스가 더 필요합니다"), 1, "RuntimeError"),
    ],
)
def test_however_a_command_ends_nobodys_words_are_shown(
    console: Console, monkeypatch: pytest.MonkeyPatch, error: BaseException, exits: int, said: str
) -> None:
    async def fails(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(commands, "purge", fails)
    result = console.runs("purge", exits=exits)
    assert said in result.stderr
    assert "통근버스" not in result.output


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (
            "sqlite:///{folder}/no/such/folder/x.db",
            "데이터베이스를 둘 폴더가 없습니다: {folder}/no/such/folder",
        ),
        ("postgresql://nobody@127.0.0.1:1/nowhere", "데이터베이스를 열지 못했습니다(OperationalError)"),
    ],
)
def test_a_database_that_cannot_be_opened_is_a_failure_with_words(
    console: Console, monkeypatch: pytest.MonkeyPatch, url: str, said: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url.format(folder=console.folder))
    assert said.format(folder=console.folder) in console.runs("purge", exits=1).stderr
