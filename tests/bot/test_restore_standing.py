"""`restore` over data that does not go well with the backup: of an older schema, with the same asked twice, of another world."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from bot import commands
from bot.commands import Failed, restoring
from bot.commands.backup import keep_copy
from bot.domain.ids import ChatId
from bot.domain.request import Request, RequestKind, asked
from bot.gateways.clock import SteppedClock
from bot.services.restored import TAKEN
from bot.settings import Settings, read_settings
from storage.condition import schema_of
from storage.copying import tables_of
from storage.database import Database
from tests.support.console import Console
from tests.support.lived import ASKER, rows_of
from tests.support.plans import at
from tests.support.released import WISHER, held, of_version

NOON = at("12:00")
CLOCK, LATER = SteppedClock(NOON), SteppedClock(NOON + timedelta(minutes=20))


def settings_of(console: Console, database: Database) -> Settings:
    url = SecretStr(database.url.render_as_string(hide_password=False))
    return read_settings(None).model_copy(update={"database_url": url, "data_dir": console.data})


def leftovers(settings: Settings, database: Database) -> list[Path]:
    folders = {settings.data_dir, Path(database.url.database or "").parent}
    return [one for folder in folders for one in folder.glob(".restoring*")]


async def test_what_was_ended_before_the_new_program_first_ran_stays_ended(
    console: Console, bare: Database, tmp_path: Path
) -> None:
    """The older program took the backup; then a note is taken back and one is said; today's program restores at once."""
    settings, file = settings_of(console, bare), tmp_path / "kept.db"
    await of_version(bare, "0005")
    await keep_copy(settings, bare, file, CLOCK, NOON, revision="0005")
    async with bare.writing() as connection:
        tables = {table.name: table for table in await tables_of(connection)}
        notes, line = tables["notes"], {"at": NOON, "action": TAKEN, "subject": "backup", "details": {}}
        await connection.execute(insert(tables["audit"]).values(seq=10, **line))
        gone = {"words": "", "rating": None, "topic": None, "withdrawn": True, "secret": None}
        await connection.execute(update(notes).where(notes.c.id == "note").values(**gone))
        [spoken] = [row for row in (await held(bare))["notes"] if row["id"] == "by-page"]
        await connection.execute(
            insert(notes).values(spoken | {"id": "since", "words": "가상 의견: 뒤의 말씀"})
        )
    said = "\n".join(await commands.restore(settings, file, replace=True, clock=LATER))
    back = {row["id"]: row for row in (await held(bare))["notes"]}
    assert back["note"]["withdrawn"]
    assert back["since"]["words"] == "가상 의견: 뒤의 말씀"
    assert "철회한 의견 1건" in said
    assert "되살아났을 수 있습니다" not in said
    assert "이어 붙이지 못했습니다" not in said
    assert not leftovers(settings, bare)


async def test_a_restore_that_fails_leaves_the_older_schema_as_it_is(
    console: Console, sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, settings = tmp_path / "kept.db", settings_of(console, sqlite)
    await commands.backup(settings, file, None, clock=CLOCK)
    older = Database(f"sqlite+aiosqlite:///{tmp_path / 'older.db'}")
    await of_version(older, "0005")
    before = await held(older)

    async def full(*_: object, **__: object) -> None:
        raise IntegrityError("", None, Exception())

    monkeypatch.setattr(restoring, "hold_to", full)
    with pytest.raises(Failed, match=r"서로 맞지 않거나[\s\S]*IntegrityError"):
        await commands.restore(settings_of(console, older), file, replace=True, clock=LATER)
    assert (await schema_of(older)).revision == "0005"
    assert await held(older) == before
    assert not leftovers(settings, older)
    await older.close()


async def test_a_server_that_is_refused_keeps_its_older_schema(
    console: Console, sqlite: Database, bare: Database, tmp_path: Path
) -> None:
    if bare.is_sqlite:
        return  # a file that stands is set aside, never refused
    file = tmp_path / "kept.db"
    await commands.backup(settings_of(console, sqlite), file, None, clock=CLOCK)
    await of_version(bare, "0005")
    before = await held(bare)
    with pytest.raises(Failed, match="--replace"):
        await commands.restore(settings_of(console, bare), file, replace=False, clock=LATER)
    assert (await schema_of(bare)).revision == "0005"
    assert await held(bare) == before


def asks(words: str, *, days_ago: int = 0, chat: ChatId = ASKER) -> Request:
    day = NOON.date() - timedelta(days=days_ago)
    return asked(RequestKind.DELETION, day, day, chat=chat, language="ko", words=words)


async def requests_of(database: Database) -> list[Request]:
    async with database.open_unit(read_only=True) as unit:
        return list(await unit.requests.all())


async def keep(database: Database, *requests: Request) -> None:
    async with database.open_unit() as unit:
        for request in requests:
            await unit.requests.keep(request)
        await unit.commit()


@pytest.mark.parametrize("days_ago", [0, 3])
async def test_what_was_asked_again_joins_what_comes_back(
    console: Console, database: Database, tmp_path: Path, days_ago: int
) -> None:
    """The database was lost and begun anew: the same person asked the same again, and the backup knows the first asking."""
    settings, file = settings_of(console, database), tmp_path / "kept.db"
    first, again = asks("가상 첫말", days_ago=1), asks("가상 둘째 말", days_ago=days_ago)
    await keep(database, first)
    await commands.backup(settings, file, None, clock=CLOCK)
    async with database.open_unit() as unit:
        await unit.requests.destroy([first.number])
        await unit.commit()
    await keep(database, again)
    for _ in range(2):  # and a second time: it is not said twice
        await commands.restore(settings, file, replace=True, clock=LATER)
        [request] = await requests_of(database)
        assert (request.id, request.words) == (first.id, "가상 첫말\n가상 둘째 말")
        assert request.due_on == min(first.due_on, again.due_on)


async def test_a_number_that_two_requests_bear_is_dealt_anew(
    console: Console, database: Database, tmp_path: Path
) -> None:
    settings, file = settings_of(console, database), tmp_path / "kept.db"
    first = asks("가상 첫말")
    other = replace(asks("가상 둘째 말", chat=ChatId(WISHER)), number=first.number)
    await keep(database, first)
    await commands.backup(settings, file, None, clock=CLOCK)
    async with database.open_unit() as unit:
        await unit.requests.destroy([first.number])
        await unit.commit()
    await keep(database, other)
    await commands.restore(settings, file, replace=True, clock=LATER)
    back = {one.id: one.number for one in await requests_of(database)}
    assert back.keys() == {first.id, other.id}
    assert back[first.id] == first.number


async def test_our_own_mistake_is_not_the_files(
    console: Console, sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A whole backup is not called damaged because a later step failed; nothing has changed."""
    settings, file = settings_of(console, sqlite), tmp_path / "kept.db"
    await commands.backup(settings, file, None, clock=CLOCK)
    before = await rows_of(sqlite)

    async def wrong(*_: object, **__: object) -> None:
        raise LookupError("가상 잘못")

    monkeypatch.setattr(restoring, "settle_returned", wrong)
    with pytest.raises(LookupError, match="가상 잘못"):
        await commands.restore(settings, file, replace=True, clock=LATER)
    assert await rows_of(sqlite) == before
    assert not leftovers(settings, sqlite)
