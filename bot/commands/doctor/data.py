"""The database, who works with it now, and whether there is what it takes to begin."""

import asyncio
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from bot.commands.alone import is_running
from bot.commands.doctor.finding import Finding, Mark, bad, good, note
from bot.services.clock_leap import leap_of
from bot.services.readiness import AHEAD, Readiness, readiness
from bot.settings import Settings
from storage.condition import CannotOpen, Condition, examine, is_there
from storage.database import Database

PATIENCE = 15.0
"""Seconds; SQLite itself waits up to ten for somebody who writes."""


async def check_data(settings: Settings, now: datetime) -> list[Finding]:
    """Changes nothing: a database that is not there is not made, an old schema is not brought up to date."""
    database = Database(settings.database)
    today = now.astimezone(settings.timezone).date()
    begins = settings.telegram_bot_token is not None
    try:
        if not is_there(database):
            return [_not_there(database), *beginnings(Readiness(), begins=begins)]
        async with asyncio.timeout(PATIENCE):
            found = await examine(database)
            findings = [*_state(found), _run(found, settings.data_dir)]
            if not found.is_current:
                return findings
            ready = beginnings(await _readiness(database, today), begins=begins)
            return [*findings, *await _clock(database, settings, now), *ready]
    except (CannotOpen, TimeoutError) as error:
        return [_cannot_open(error, in_file=database.is_sqlite)]
    finally:
        await database.close()


async def _readiness(database: Database, today: date) -> Readiness:
    async with database.open_unit(read_only=True) as unit:
        return await readiness(unit, today)


async def _clock(database: Database, settings: Settings, now: datetime) -> list[Finding]:
    """A line only where retention waits: whether the clock is right, nothing here can tell."""
    keeps = timedelta(days=settings.retention_days)
    async with database.open_unit(read_only=True) as unit:
        leap = await leap_of(unit, now=now, zone=settings.timezone, keeps=keeps)
    if leap is None:
        return []
    text = (
        f"마지막 파기일({leap.ran_on})보다 여러 날 앞서 있어({now.astimezone(settings.timezone):%Y-%m-%d %H:%M}) "
        "보존 기간이 지난 자료의 파기를 멈추었습니다"
    )
    todo = f"시계가 맞으면 `python -m bot purge --clock-is-right`. 그대로 두면 {leap.until}부터 파기합니다"
    return [bad("clock", "시계", text, todo)]


def _not_there(database: Database) -> Finding:
    folder = Path(database.url.database or "").parent
    if not folder.parent.is_dir():
        return bad("database", "데이터베이스", f"둘 폴더가 없습니다({folder})", "DATABASE_URL을 확인하십시오")
    return note("database", "데이터베이스", "아직 없습니다. 처음 실행할 때 만들어집니다")


def _cannot_open(error: Exception, *, in_file: bool) -> Finding:
    text = f"열지 못했습니다({error})" if str(error) else "제때 답하지 않습니다"
    if in_file:
        todo = "파일의 권한을 확인하십시오. 파일이 깨졌다면 `python -m bot restore 백업파일`"
    else:
        todo = "DATABASE_URL과 서버가 떠 있는지를 확인하십시오"
    return bad("database", "데이터베이스", text, todo)


def _state(found: Condition) -> Iterator[Finding]:
    if not found.sound:
        yield bad(
            "database",
            "데이터베이스",
            f"{found.engine}, 파일이 손상되었습니다",
            "봇을 멈추고 파일을 따로 보관한 뒤 `python -m bot restore 백업파일`",
        )
    elif not found.writable:
        yield bad(
            "database",
            "데이터베이스",
            f"{found.engine}, 쓸 수 없습니다",
            "파일이나 계정의 쓰기 권한을 확인하십시오",
        )
    elif found.encoding not in (None, "UTF8"):
        yield bad(
            "database",
            "데이터베이스",
            f"{found.engine}, 글자 부호화가 {found.encoding}입니다",
            "ENCODING 'UTF8'로 만든 데이터베이스를 쓰십시오",
        )
    elif found.log not in (None, "wal"):
        yield note(
            "database",
            "데이터베이스",
            f"{found.engine}, WAL이 아닙니다({found.log})",
            "자료를 네트워크 드라이브가 아닌 곳에 두십시오",
        )
    else:
        form = "WAL" if found.log else found.encoding
        yield good("database", "데이터베이스", f"{found.engine} ({form}), 읽고 쓸 수 있습니다")
    yield _schema(found.behind)


def _schema(behind: int | None) -> Finding:
    if behind is None:
        return bad(
            "schema",
            "구조",
            "이 프로그램보다 새로운 판이 쓰던 데이터베이스입니다",
            "그 판의 프로그램을 쓰거나, 이 판에서 만든 백업을 restore 하십시오",
        )
    if behind:
        return note(
            "schema",
            "구조",
            f"이 프로그램보다 {behind}단계 이전입니다. 실행하면 DATA_DIR/backups에 백업한 뒤 올라갑니다",
            "디스크에 자료의 두 배만큼 남은 공간이 있는지 확인해 주십시오",
        )
    return good("schema", "구조", "이 프로그램과 맞습니다")


def _run(found: Condition, data_dir: Path) -> Finding:
    if found.sent_from or is_running(data_dir):
        return good("run", "실행", "봇이 실행 중입니다")
    return note("run", "실행", "봇이 실행 중이 아닙니다", "`python -m bot run` (또는 make run)")


def beginnings(found: Readiness, *, begins: bool) -> list[Finding]:
    """What is there to begin with; what is missing must be done when there is a token (`begins`)."""
    missing = Mark.BAD if begins else Mark.NOTE
    return [_admin(found, missing), _tour(found, missing), *_people(found)]


def _admin(found: Readiness, missing: Mark) -> Finding:
    if found.admins:
        return good("admin", "관리자", f"{found.admins}명")
    todo = "`python -m bot invite --role admin`을 실행해 나온 링크를 여십시오"
    return Finding("admin", missing, "관리자", "없습니다(봇을 차단한 사람은 세지 않습니다)", todo)


def _tour(found: Readiness, missing: Mark) -> Finding:
    if not found.tours:
        todo = "`python -m bot import tour 일정파일`"
        return Finding("tour", missing, "일정", "아직 가져오지 않았습니다", todo)
    if not found.ahead:
        return note(
            "tour",
            "일정",
            f"앞으로 {AHEAD.days}일 안에 일정이 없습니다",
            "새 일정이 있으면 `python -m bot import tour 일정파일`",
        )
    return good("tour", "일정", f"앞으로 {AHEAD.days}일 안에 {found.ahead}건")


def _people(found: Readiness) -> Iterator[Finding]:
    for check, title, role, regions in (
        ("staff", "실무자", "staff", found.without_staff),
        ("managers", "간부", "manager", found.without_manager),
    ):
        if regions:
            todo = f"대화방에서 /invite 또는 `python -m bot invite --role {role} --region {regions[0]}`"
            yield note(check, title, f"일정이 있는데 아직 없는 권역: {', '.join(regions)}", todo)
        elif found.ahead:
            yield good(check, title, "일정이 있는 모든 권역에 있습니다")
