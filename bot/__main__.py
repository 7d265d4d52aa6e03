"""The command line: `python -m bot COMMAND`. Exit 0 done, 1 it failed and said why, 2 wrong use."""

import asyncio
import contextlib
import os
import sys
from collections.abc import Coroutine, Iterator
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar

import structlog
import typer

from bot import commands, running
from bot.commands import Failed
from bot.domain.person import Role
from bot.logs import set_up_logs
from bot.rehearse import TOUR
from bot.settings import Settings, SettingsProblem, read_settings

os.environ.setdefault("PTB_TIMEDELTA", "1")
T = TypeVar("T")
log = structlog.get_logger(__name__)
REHEARSAL_STARTS = "2026-01-21 18:00"

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
imports = typer.Typer(no_args_is_help=True)
app.add_typer(imports, name="import", help="일정이나 의견을 파일에서 가져옵니다.")


class Invitable(StrEnum):
    """Roles that an invitation can give."""

    STAFF = "staff"
    MANAGER = "manager"
    ADMIN = "admin"


class Form(StrEnum):
    """Forms of a digest."""

    JSON = "json"
    TEXT = "text"


def _settings() -> Settings:
    try:
        settings = read_settings()
    except SettingsProblem as problem:
        print(problem, file=sys.stderr)
        raise typer.Exit(1) from None
    set_up_logs(settings.log_format)
    for name in settings.set_but_not_used:
        print(f"※ {name}: 이번 판에서는 아직 쓰지 않는 설정입니다.", file=sys.stderr)
    return settings


@contextlib.contextmanager
def _failing_in_words() -> Iterator[None]:
    """Exit 1 with words; never with a trace, which would show what people wrote."""
    try:
        yield
    except Failed as failed:
        print(failed, file=sys.stderr)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        raise typer.Exit(0) from None
    except Exception as error:
        log.exception("command failed")
        print(
            f"예기치 않은 문제로 마치지 못했습니다({type(error).__name__}). 위의 기록을 확인해 주십시오.",
            file=sys.stderr,
        )
        raise typer.Exit(1) from None


def _do(work: Coroutine[object, object, T]) -> T:
    with _failing_in_words():
        return asyncio.run(work)


@app.command()
def run() -> None:
    """봇을 실행합니다. 토큰이 없으면 리허설을 엽니다."""
    settings = _settings()
    if settings.telegram_bot_token is None:
        _do(running.run_rehearsal(settings, _moment(REHEARSAL_STARTS, settings)))
    else:
        _do(running.run(settings))


@app.command("rehearse")
def rehearse_command(
    at: Annotated[str, typer.Option(help="리허설을 시작하는 시각")] = REHEARSAL_STARTS,
) -> None:
    """토큰 없이 모든 것을 해 보는 리허설을 엽니다."""
    settings = _settings()
    _do(running.run_rehearsal(settings, _moment(at, settings)))


@imports.command("tour")
def import_tour(
    file: Path,
    name: Annotated[str, typer.Option(help="현장 행보의 이름")] = TOUR,
    topics: Annotated[Path | None, typer.Option(help="참여자가 고를 주제 파일(TOML)")] = None,
    cancel_missing: Annotated[bool, typer.Option(help="파일에 없는 같은 날 일정을 취소합니다.")] = False,
    dry_run: Annotated[bool, typer.Option(help="반영하지 않고 보여 주기만 합니다.")] = False,
) -> None:
    """일정 파일(CSV)을 반영합니다."""
    lines = _do(
        commands.import_tour(
            _settings(), file, name=name, topics=topics, cancel_missing=cancel_missing, dry=dry_run
        )
    )
    print("\n".join(lines))


@imports.command("notes")
def import_notes(
    file: Path, dry_run: Annotated[bool, typer.Option(help="반영하지 않고 보여 주기만 합니다.")] = False
) -> None:
    """의견 파일(CSV)을 반영합니다."""
    print("\n".join(_do(commands.import_notes_file(_settings(), file, dry=dry_run))))


@app.command()
def invite(
    role: Annotated[Invitable, typer.Option(help="줄 역할")],
    region: Annotated[str | None, typer.Option(help="권역. 없으면 전체")] = None,
) -> None:
    """한 번만 쓸 수 있는 초대 링크를 만듭니다."""
    print(_do(commands.invite(_settings(), Role(role), region)))


@app.command()
def digest(
    region: Annotated[str, typer.Option(help="권역")],
    day: Annotated[str, typer.Option("--date", help="날짜. 예: 2026-01-22")],
    form: Annotated[Form, typer.Option("--format", help="형식")] = Form.JSON,
    out: Annotated[Path | None, typer.Option(help="저장할 파일. 없으면 화면")] = None,
    publish: Annotated[bool, typer.Option(help="권역의 간부에게 보냅니다.")] = False,
) -> None:
    """하루의 권역 보고를 만듭니다."""
    try:
        when = date.fromisoformat(day)
    except ValueError:
        raise typer.BadParameter("2026-01-22와 같이 적어 주십시오.", param_hint="--date") from None
    text = _do(commands.digest(_settings(), region, when, form=form, publish=publish))
    if out is None:
        print(text)
    else:
        with _failing_in_words():
            commands.write_out(text, out)


@app.command()
def purge() -> None:
    """보존 기간이 지난 자료를 지금 파기합니다."""
    _do(commands.purge(_settings()))


def _moment(text: str, settings: Settings) -> datetime:
    """A local time such as `2026-01-21 18:00`, as an aware moment."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=settings.timezone)
    except ValueError:
        raise typer.BadParameter("2026-01-21 18:00과 같이 적어 주십시오.", param_hint="--at") from None


if __name__ == "__main__":
    app()
