"""Whether the access log is one chain from its first line to its last."""

import asyncio

from bot.commands.auditing import broken_line
from bot.commands.doctor.finding import Finding, bad, good, note
from bot.domain.access_log import Verdict
from bot.services.access_log import verify
from bot.settings import Settings
from storage.condition import CannotOpen, examine, is_there
from storage.database import Database

PATIENCE = 60.0
"""Seconds: some two million lines."""
_CHECK, _TITLE = "access_log", "접속기록"


async def check_access_log(settings: Settings) -> list[Finding]:
    """Reads every line, changes nothing. Nothing is said of a database that cannot be read: others say that."""
    database = Database(settings.database)
    try:
        if not is_there(database) or not (await examine(database)).is_current:
            return []
        async with asyncio.timeout(PATIENCE), database.snapshot_unit() as unit:
            return [_found(await verify(unit))]
    except CannotOpen:
        return []
    except TimeoutError:
        todo = "`python -m bot audit verify`로 끝까지 확인하십시오"
        return [note(_CHECK, _TITLE, f"너무 많아 {PATIENCE:.0f}초 안에 다 보지 못했습니다", todo)]
    finally:
        await database.close()


def _found(verdict: Verdict) -> Finding:
    if verdict.broken is not None:
        todo = "데이터베이스를 직접 고친 사람이 있는지 확인하고, 백업과 적어 둔 끝값으로 견주십시오(docs/security.md)"
        return bad(_CHECK, _TITLE, broken_line(verdict.broken).removesuffix("."), todo)
    if verdict.chain.last.seq == 0:
        return good(_CHECK, _TITLE, "아직 없습니다")
    return good(_CHECK, _TITLE, f"{verdict.lines:,}줄이 온전합니다. 끝: {verdict.chain.last}")
