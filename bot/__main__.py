"""The command line: `python -m bot COMMAND`. Exit 0 done, 1 it failed and said why, 2 wrong use."""

import asyncio
import contextlib
import os
import sys
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Annotated, TypeVar

import structlog
import typer

from bot import commands, running
from bot.commands import Failed
from bot.commands.audit_words import audit_group
from bot.commands.evaluate_words import evaluate_command
from bot.commands.request_words import requests_group
from bot.commands.secrets import secrets_of
from bot.commands.typed import Day, Form, Invitable, Out, day_of, moment_of, require_file, subject_of
from bot.domain.person import Role
from bot.domain.reading import TableKind
from bot.logs import hush, set_up_logs, without_secrets
from bot.rehearsal.page import FASTEST
from bot.rehearse import TOUR, Wishes
from bot.settings import Settings, SettingsProblem, read_settings

os.environ.setdefault("PTB_TIMEDELTA", "1")
T = TypeVar("T")
log = structlog.get_logger(__name__)

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
imports = typer.Typer(no_args_is_help=True)
app.add_typer(imports, name="import", help="일정이나 의견을 파일에서 가져옵니다.")
exports = typer.Typer(no_args_is_help=True)
app.add_typer(exports, name="export", help="의견이나 접속기록을 파일로 내보냅니다.")


def _settings() -> Settings:
    try:
        settings = read_settings()
    except SettingsProblem as problem:
        print(problem, file=sys.stderr)
        raise typer.Exit(1) from None
    set_up_logs(settings.log_format, secrets_of(settings, os.environ))
    for name in settings.set_but_not_used:
        print(f"※ {name}: 이번 판에서는 아직 쓰지 않는 설정입니다.", file=sys.stderr)
    return settings


@contextlib.contextmanager
def _failing_in_words() -> Iterator[None]:
    """Exit 1 with words; never with a trace, which would show what people wrote."""
    try:
        yield
    except Failed as failed:
        print(without_secrets(str(failed)), file=sys.stderr)
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


app.add_typer(audit_group(_settings, _do, print), name="audit", help="접속기록을 살핍니다.")
app.add_typer(requests_group(_settings, _do, print), name="requests", help="개인정보 요구에 답합니다.")
app.command("evaluate")(evaluate_command(_settings, _do, _do, print))


@app.command()
def run(
    no_backup: Annotated[
        bool, typer.Option("--no-backup", help="이전 판의 데이터베이스를 올리기 전에 백업하지 않습니다.")
    ] = False,
) -> None:
    """봇을 실행합니다. 토큰이 없으면 리허설을 엽니다."""
    settings = _settings()
    if settings.telegram_bot_token is None:
        _do(running.run_rehearsal(settings, Wishes()))
    else:
        _do(running.run(settings, keeps=not no_backup))


@app.command("rehearse")
def rehearse_command(
    tour: Annotated[Path | None, typer.Option(help="일정 파일(CSV, XLSX). 없으면 표본")] = None,
    notes: Annotated[Path | None, typer.Option(help="제시각에 들어올 의견 파일(CSV, XLSX)")] = None,
    topics: Annotated[Path | None, typer.Option(help="참여자가 고를 주제 파일(TOML). 없으면 표본")] = None,
    speed: Annotated[int, typer.Option(min=1, max=FASTEST, help="시계의 빠르기(배)")] = 1,
    at: Annotated[
        str | None, typer.Option(help="시작하는 시각. 예: 2026-01-21 18:00. 없으면 첫 일정 전날 저녁")
    ] = None,
    telegram_only: Annotated[
        bool, typer.Option(help="텔레그램과 시계만 엽니다. 봇은 따로 실행합니다.")
    ] = False,
) -> None:
    """토큰 없이 모든 것을 해 보는 리허설을 엽니다."""
    if telegram_only and (tour or notes or topics):
        raise typer.BadParameter(
            "--telegram-only에서는 봇 쪽에서 python -m bot import로 파일을 가져옵니다.",
            param_hint="--tour, --notes, --topics",
        )
    settings = _settings()
    wishes = Wishes(None if at is None else moment_of(at, settings.timezone), speed, tour, notes, topics)
    _do(running.run_rehearsal(settings, wishes, telegram_only=telegram_only))


@imports.command("tour")
def import_tour(
    file: Path,
    name: Annotated[str, typer.Option(help="현장 행보의 이름")] = TOUR,
    topics: Annotated[Path | None, typer.Option(help="참여자가 고를 주제 파일(TOML)")] = None,
    cancel_missing: Annotated[bool, typer.Option(help="파일에 없는 같은 날 일정을 취소합니다.")] = False,
    dry_run: Annotated[bool, typer.Option(help="반영하지 않고 보여 주기만 합니다.")] = False,
) -> None:
    """일정 파일(XLSX, CSV)을 반영합니다."""
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
    """의견 파일(XLSX, CSV)을 반영합니다."""
    print("\n".join(_do(commands.import_notes_file(_settings(), file, dry=dry_run))))


@imports.command("topics")
def import_topics(
    file: Path,
    name: Annotated[str | None, typer.Option(help="현장 행보의 이름. 하나뿐이면 적지 않아도 됩니다.")] = None,
    remove_used: Annotated[bool, typer.Option(help="의견이 고른 주제라도 파일에 없으면 뺍니다.")] = False,
    dry_run: Annotated[bool, typer.Option(help="반영하지 않고 보여 주기만 합니다.")] = False,
) -> None:
    """주제 파일(TOML)을 반영합니다."""
    work = commands.import_topics(_settings(), file, name=name, remove_used=remove_used, dry=dry_run)
    print("\n".join(_do(work)))


@app.command()
def template(
    kind: Annotated[TableKind, typer.Argument(help="양식의 종류")],
    out: Annotated[Path, typer.Option("--out", help="저장할 파일(.xlsx)")],
) -> None:
    """일정이나 의견을 적을 양식을 저장합니다."""
    _do(commands.template(_settings(), kind, out))


@app.command()
def invite(
    role: Annotated[Invitable, typer.Option(help="줄 역할")],
    region: Annotated[str | None, typer.Option(help="권역. 없으면 전체")] = None,
) -> None:
    """한 번만 쓸 수 있는 초대 링크를 만듭니다."""
    print(_do(commands.invite(_settings(), Role(role), region)))


@app.command()
def digest(
    region: Annotated[str | None, typer.Option(help="권역")] = None,
    day: Annotated[str | None, typer.Option("--date", help="날짜. 예: 2026-01-22")] = None,
    form: Annotated[Form, typer.Option("--format", help="형식")] = Form.JSON,
    out: Annotated[Path | None, typer.Option(help="저장할 파일. 없으면 화면")] = None,
    publish: Annotated[bool, typer.Option(help="권역의 간부에게 보냅니다.")] = False,
    tour: Annotated[bool, typer.Option("--tour", help="보낸 보고를 모은 순방 누적 보고를 만듭니다.")] = False,
    final: Annotated[bool, typer.Option("--final", help="순방 최종 보고로 맺습니다(--tour와 함께).")] = False,
    name: Annotated[str | None, typer.Option(help="현장 행보의 이름(--tour와 함께). 하나뿐이면 생략")] = None,
) -> None:
    """하루의 권역 보고, 또는 순방 누적 보고를 만듭니다."""
    require_file(form, out)
    asked = subject_of(region, day, tour=tour, publish=publish, only_tour=final or name is not None)
    if asked is None:
        made = _do(commands.tour_digest(_settings(), name, form=form, final=final))
    else:
        made = _do(commands.digest(_settings(), *asked, form=form, publish=publish))
    if out is None:
        print(made)
        return
    with _failing_in_words():
        commands.write_private(made, out) if isinstance(made, bytes) else commands.write_out(made, out)


@exports.command("notes")
def export_notes(
    out: Out,
    region: Annotated[str | None, typer.Option(help="권역. 없으면 전체")] = None,
    day: Day = None,
    raw: Annotated[bool, typer.Option(help="개인정보를 가리지 않은 원문으로 내보냅니다.")] = False,
) -> None:
    """의견을 내보냅니다. 개인정보는 가립니다. 내보낸 사실은 접속기록에 남습니다."""
    print(_do(commands.export_notes(_settings(), region, day_of(day), raw=raw, out=out)))


@exports.command("audit")
def export_audit(out: Out, day: Day = None) -> None:
    """접속기록(누가 누구의 자료에 언제 왜 접속하였고 무엇을 하였는지)을 내보냅니다."""
    print(_do(commands.export_audit(_settings(), day_of(day), out=out)))


@app.command()
def purge(
    clock_is_right: Annotated[
        bool,
        typer.Option("--clock-is-right", help="오래 멈추었다가 다시 켠 뒤, 시계가 맞음을 확인하고 파기"),
    ] = False,
) -> None:
    """보존 기간이 지난 자료를 지금 파기합니다."""
    _do(commands.purge(_settings(), clock_is_right=clock_is_right))


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="프로그램이 읽을 수 있게 JSON으로")] = False,
) -> None:
    """설정과 상태를 살펴 한 줄씩 알립니다. 고쳐야 할 것이 있으면 1로 끝납니다."""
    settings = commands.diagnose_settings()
    if isinstance(settings, Settings):
        set_up_logs(settings.log_format, secrets_of(settings, os.environ))
        found = _do(commands.diagnose(settings))
    else:
        found = settings
    print(without_secrets(found.as_json() if as_json else found.as_text()))
    if not found.is_well:
        raise typer.Exit(1)


@app.command()
def worksheet(
    out: Annotated[Path | None, typer.Option(help="저장할 파일(.md). 없으면 화면")] = None,
) -> None:
    """개인정보 처리방침과 보안성 검토의 작성표를 지금의 설정으로 채웁니다."""
    text = without_secrets(_do(commands.worksheet(_settings())))
    if out is None:
        print(text)
    else:
        with _failing_in_words():
            commands.write_out(text, out)
        print(f"작성표를 {out}에 저장했습니다.")


@app.command()
def backup(
    out: Annotated[Path | None, typer.Option(help="저장할 파일. 없으면 DATA_DIR/backups")] = None,
    keep: Annotated[int | None, typer.Option(min=1, help="DATA_DIR/backups에 남길 개수")] = None,
) -> None:
    """모든 자료를 파일 하나에 보관합니다. 봇이 실행 중이어도 됩니다."""
    if out is not None and keep is not None:
        raise typer.BadParameter("--out과 함께 쓸 수 없습니다.", param_hint="--keep")
    print("\n".join(_do(commands.backup(_settings(), out, keep))))


@app.command()
def restore(
    file: Path,
    replace: Annotated[bool, typer.Option(help="PostgreSQL에 있는 지금 자료를 지우고 되돌립니다.")] = False,
) -> None:
    """백업한 파일로 되돌립니다. 봇을 끝낸 뒤에 하십시오."""
    print("\n".join(_do(commands.restore(_settings(), file, replace=replace))))


@app.command()
def move(to: Annotated[str, typer.Option(help="옮길 데이터베이스의 주소(DATABASE_URL)")]) -> None:
    """모든 자료를 다른 데이터베이스로 옮깁니다. 봇을 끝낸 뒤에 하십시오."""
    print("\n".join(_do(commands.move(_settings(), to))))


if __name__ == "__main__":
    set_up_logs("console")
    hush()
    app()
