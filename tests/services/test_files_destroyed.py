"""A file's bytes go for good, byte by byte (SQLite): applied, dropped, refused or an hour old; and into no backup."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.person import Grant, Role
from bot.services.purge import Purge
from bot.services.restored import cut_ties
from storage.database import Database
from tests.support.chat import ADMIN, grant
from tests.support.filing import FilingDesk, filing
from tests.support.plans import SEOUL

HEAD = "note_id,region,date,text,담당자"
NAME = "가상파일canary.csv"


def notes(*lines: str) -> bytes:
    return "\n".join([HEAD, *lines]).encode()


SMALL = notes("k-1,전북,2026-01-22,가상의 의견,가상담당canary")
LARGE = notes(*(f"k-{n},전북,2026-01-22,가상의 의견 {n},가상담당canary" for n in range(2_000)))
REFUSED = notes("k-1,전북,내일,가상의 의견,가상담당canary")


def found(database: Database, needle: str) -> int:
    name = database.url.database
    assert name is not None
    files = [Path(name + end) for end in ("", "-wal", "-shm")]
    return sum(file.read_bytes().count(needle.encode()) for file in files if file.exists())


async def destroyed(desk: FilingDesk) -> None:
    """A quarter of an hour later: raw updates and planned words go with it, as they do for everybody."""
    desk.clock.advance_to(desk.clock.now() + timedelta(minutes=16))
    await Purge(desk.clock, SEOUL, 90).run(desk.database.open_unit, desk.database.truncate_log)
    assert found(desk.database, "가상담당canary") == 0


@pytest.mark.parametrize("content", [SMALL, LARGE], ids=["small", "large"])
@pytest.mark.parametrize("end", ["반영", "그만두기", "an hour"])
async def test_what_has_ended_is_on_no_page(sqlite: Database, content: bytes, end: str) -> None:
    async with filing(sqlite) as desk:
        await grant(sqlite, ADMIN, Grant(Role.ADMIN, None))
        [card] = await desk.brings(ADMIN, content, NAME)
        assert found(sqlite, "가상담당canary")
        if end == "an hour":
            desk.clock.advance_to(desk.clock.now() + timedelta(minutes=60))
        else:
            await desk.decides(ADMIN, card, end)
        await destroyed(desk)


async def test_a_refused_one_is_gone_as_well(sqlite: Database) -> None:
    async with filing(sqlite) as desk:
        await grant(sqlite, ADMIN, Grant(Role.ADMIN, None))
        await desk.brings(ADMIN, REFUSED, NAME)
        await destroyed(desk)


async def test_a_backup_takes_no_file_along(database: Database) -> None:
    async with filing(database) as desk:
        await grant(database, ADMIN, Grant(Role.ADMIN, None))
        await desk.brings(ADMIN, SMALL, NAME)
        await cut_ties(database.open_unit, Purge(desk.clock, SEOUL, 90), now=desk.clock.now())
        assert await desk.content() == [None]
