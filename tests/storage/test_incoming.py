"""Files that wait: claimed once, ended for good, an hour old at most; wrong states are refused by the database."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from bot.domain.ids import ChatId
from bot.domain.incoming import IncomingFile, IncomingState
from bot.domain.person import Grant, Role
from bot.domain.reading import TableKind
from bot.services.unit import Unit
from storage.database import Database
from storage.models import IncomingFileRow
from tests.support.kept import NOON, person

LEASE = timedelta(minutes=5)


async def sent(unit: Unit, ident: str = "f", *, minutes: int = 0) -> IncomingFile:
    """A file that came so many minutes after noon."""
    sender = await unit.people.by_chat(ChatId(41)) or await person(unit, 41, Grant(Role.ADMIN, None))
    at = NOON + timedelta(minutes=minutes)
    file = IncomingFile(ident, sender.id, sender.chat, "file-id", "가상.xlsx", 7, at, at)
    await unit.incoming.keep(file)
    return file


async def fetched(unit: Unit, file: IncomingFile) -> IncomingFile:
    await unit.incoming.put_content(file.id, b"bytes")
    kept = replace(file, state=IncomingState.FETCHED)
    await unit.incoming.keep(kept)
    return kept


async def test_a_file_is_kept_and_read_back(database: Database) -> None:
    async with database.open_unit() as unit:
        file = await fetched(unit, await sent(unit))
        shown = replace(
            file, state=IncomingState.PREVIEWED, kind=TableKind.NOTES, preview="0" * 64, card=9, step=2
        )
        await unit.incoming.keep(shown)
        await unit.incoming.put_report("f", "가상의 줄")
        await unit.commit()
    async with database.open_unit(read_only=True) as unit:
        assert await unit.incoming.by_id("f") == shown
        assert await unit.incoming.by_id("other") is None
        assert await unit.incoming.content("f") == b"bytes"
        assert await unit.incoming.report("f") == "가상의 줄"
        assert await unit.incoming.open_of(file.person) == 1


async def test_a_step_is_claimed_by_one_and_by_another_after_the_lease(database: Database) -> None:
    async with database.open_unit() as unit:
        await sent(unit, "late", minutes=1)
        await sent(unit)
        assert await unit.incoming.due(NOON - LEASE, 9) == []
        assert await unit.incoming.due(NOON + LEASE, 9) == ["f", "late"]
        claimed = await unit.incoming.claim("f", NOON, NOON + LEASE)
        assert claimed is not None
        assert (claimed.attempts, claimed.next_try_at) == (1, NOON + LEASE)
        assert await unit.incoming.claim("f", NOON, NOON + LEASE) is None
        assert await unit.incoming.next_try() == NOON + timedelta(minutes=1)
        again = await unit.incoming.claim("f", NOON + LEASE, NOON + 2 * LEASE)
        assert again is not None
        assert again.attempts == 2
        await unit.incoming.let_go(NOON)
        assert await unit.incoming.due(NOON, 9) == ["f"]


async def test_what_waits_for_a_person_is_nobodys_work(database: Database) -> None:
    async with database.open_unit() as unit:
        file = await fetched(unit, await sent(unit))
        await unit.incoming.keep(
            replace(file, state=IncomingState.PREVIEWED, kind=TableKind.TOUR, preview="0" * 64)
        )
        assert await unit.incoming.due(NOON + LEASE, 9) == []
        assert await unit.incoming.claim("f", NOON + LEASE, NOON + 2 * LEASE) is None
        assert await unit.incoming.next_try() is None


async def test_what_has_ended_keeps_nothing_and_is_forgotten_after_a_day(database: Database) -> None:
    async with database.open_unit() as unit:
        await fetched(unit, await sent(unit))
        await sent(unit, "young", minutes=30)
        assert await unit.incoming.expire(NOON + timedelta(minutes=59)) == 0
        assert await unit.incoming.expire(NOON + timedelta(minutes=60)) == 1
        ended = await unit.incoming.by_id("f")
        assert ended is not None
        assert (ended.state, ended.file_id, ended.name) == (IncomingState.EXPIRED, None, None)
        assert await unit.incoming.content("f") is None
        assert await unit.incoming.open_of(ended.person) == 1
        await unit.incoming.end("young", IncomingState.APPLIED)
        assert await unit.incoming.expire(NOON + timedelta(days=1)) == 1
        assert await unit.incoming.expire(NOON + timedelta(days=1)) == 0
        assert await unit.incoming.by_id("f") is None
        assert await unit.incoming.by_id("young") is not None


async def test_a_person_who_is_forgotten_takes_their_files_along(database: Database) -> None:
    async with database.open_unit() as unit:
        file = await sent(unit)
        await unit.people.remove(file.person)
        assert await unit.incoming.by_id("f") is None


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"file_id": None}, "received_ones_can_be_fetched"),
        ({"state": IncomingState.FETCHED}, "fetched_ones_are_here"),
        ({"state": IncomingState.PREVIEWED, "content": b"x"}, "shown_ones_are_known"),
        ({"state": IncomingState.APPLIED, "file_id": None, "name": None, "content": b"x"}, "ended_ones"),
        ({"state": IncomingState.DROPPED, "file_id": None}, "ended_ones_hold_nothing"),
    ],
)
async def test_a_wrong_state_is_refused(database: Database, values: dict[str, Any], constraint: str) -> None:
    async with database.open_unit() as unit:
        await sent(unit)
        with pytest.raises(IntegrityError, match=constraint):
            await unit._session.execute(update(IncomingFileRow).values(values))
