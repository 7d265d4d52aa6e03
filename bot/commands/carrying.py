"""The access log over a restore: what was done since the backup is put behind what the backup holds, as it was sealed."""

from contextlib import suppress
from pathlib import Path

from bot.commands.auditing import broken_line
from bot.domain.access_log import Unreadable
from bot.services.access_log import CarriedOn, carry_on
from storage.backups import sqlite_url
from storage.condition import examine, is_there
from storage.database import Database


async def carry_acts(database: Database, work: Path) -> CarriedOn | None:
    """Into the copy that is being made ready; None when the data that stands cannot be read."""
    copy = Database(sqlite_url(work))
    try:
        if not is_there(database):
            return CarriedOn(follows=True)
        if not await _readable(database):
            return None
        async with database.snapshot_unit() as standing, copy.open_unit() as unit:
            carried = await carry_on(standing, unit)
            await unit.commit()
            return carried
    finally:
        await copy.close()


async def last_act(work: Path) -> int:
    """The number of the last act that the backup itself has, before others are put behind it; 0 for none."""
    copy = Database(sqlite_url(work))
    try:
        async with copy.open_unit(read_only=True) as unit:
            return (await unit.audit.chain()).last.seq
    except Unreadable:
        return 0
    finally:
        await copy.close()


async def _readable(database: Database) -> bool:
    """Whether its lines can be read to the end: it may be broken, that is why somebody restores."""
    with suppress(Exception):
        if (await examine(database)).is_current:
            async with database.snapshot_unit() as unit:
                async for _ in unit.audit.lines():
                    pass
            return True
    return False


def acts_report(carried: CarriedOn | None) -> list[str]:
    """What became of the access log."""
    if carried is None:
        return [
            "※ 지금 자료를 읽을 수 없어, 백업 뒤의 접속기록은 이어 붙이지 못했습니다. 지금까지의 자료를 보존 기간(2년) 동안 따로 보관해 주십시오."
        ]
    if carried.broken is not None:
        return [
            f"※ 지금 자료의 접속기록이 온전하지 않아 이어 붙이지 않았습니다: {broken_line(carried.broken)} "
            "지금 자료를 따로 보관하고 원인을 확인해 주십시오."
        ]
    if not carried.follows:
        return [
            "  지금 자료의 접속기록은 이 백업 뒤를 잇는 것이 아니어서 옮기지 않았습니다. 필요하면 지금 자료를 보존 기간(2년) 동안 보관해 주십시오."
        ]
    if not carried.lines:
        return ["  백업 뒤에 더해진 접속기록은 없습니다."]
    return [f"  접속기록은 백업 뒤의 {carried.lines:,}줄까지 그대로 이었습니다."]
