"""The author's power outlives what ties them to the note: after the purge, a backup and its restore, and a move."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot import commands
from bot.commands.restoring import restore
from bot.gateways.clock import SteppedClock
from bot.services.purge import Purge
from bot.settings import Settings, read_settings
from handlers import feedback, words
from storage.backups import sqlite_url
from storage.database import Database
from tests.privacy.canaries import Canary, found
from tests.privacy.places import rows_in
from tests.support.chat import Chat, Said, User, talking
from tests.support.databases import Postgres
from tests.support.feedback import notes_of, on_tour, services
from tests.support.feedback_chat import rated
from tests.support.plans import SEOUL

AUTHOR = User(7_391_600_000_017, "가상저자canary")
TIES = (Canary("chat id", "author", AUTHOR.id), Canary("name", "author", AUTHOR.first_name))


def settings_for(url: str, folder: Path) -> Settings:
    return read_settings(None).model_copy(update={"database_url": SecretStr(url), "data_dir": folder})


@pytest.fixture
def elsewhere(database: Database, postgres: Postgres | None, tmp_path: Path) -> str:
    """An empty database of the other kind."""
    if database.is_sqlite and postgres is not None:
        postgres.empty()
        return postgres.url
    return sqlite_url(tmp_path / "moved.db")


async def test_by_the_old_button_after_the_purge_a_restore_and_a_move(
    database: Database, elsewhere: str, tmp_path: Path
) -> None:
    await on_tour(database)
    async with talking(database, services(), feedback.register, words.register) as chat:
        await rated(chat, AUTHOR)
        [receipt] = await chat.says(AUTHOR, "첫canary 말씀입니다.")
        assert await ties(database)
        now = await forgotten(chat)
    here = settings_for(database.url.render_as_string(hide_password=False), tmp_path)
    restored = sqlite_url(tmp_path / "restored.db")
    await commands.backup(here, tmp_path / "kept.db", None, clock=SteppedClock(now.now()))
    await restore(
        settings_for(restored, tmp_path / "there"),
        tmp_path / "kept.db",
        replace=False,
        clock=SteppedClock(now.now()),
    )
    await commands.move(here, elsewhere)
    for url in (restored, elsewhere):
        async with opened(url) as there:
            await the_author_changes_and_takes_back(there, receipt, now)


async def the_author_changes_and_takes_back(there: Database, receipt: Said, now: SteppedClock) -> None:
    assert await ties(there) == []
    async with talking(there, services(), feedback.register, words.register, now=now.now()) as chat:
        chat._count = 1_000  # update ids that came once are carried along, and would not be taken again
        [menu] = await chat.taps(AUTHOR, receipt, "고치기")
        await chat.taps(AUTHOR, menu, "글")
        await chat.says(AUTHOR, "고친canary 말씀입니다.")
        assert [one.note.words for one in await notes_of(there)] == ["고친canary 말씀입니다."]
        assert await ties(there), "a new quarter of an hour has begun"
        await forgotten(chat)
        [ask] = await chat.taps(AUTHOR, receipt, "거두기")
        await chat.taps(AUTHOR, ask, "거두겠습니다")
        assert [one.note.withdrawn for one in await notes_of(there)] == [True]
        await forgotten(chat)
    gone = Canary("words", "author", "고친canary"), Canary("words", "author", "첫canary")
    assert found(gone, await contents(there)) == []


async def forgotten(chat: Chat) -> SteppedClock:
    """A quarter of an hour goes by, and a minute for the file; then nothing ties the note to its author."""
    purge = Purge(chat.clock, SEOUL, 90)
    for pause in (15, 1):
        chat.clock.advance_to(chat.clock.now() + timedelta(minutes=pause))
        await purge.run(chat.database.open_unit, chat.database.truncate_log)
    assert await ties(chat.database) == []
    return chat.clock


async def ties(database: Database) -> list[tuple[str, str, str]]:
    return found(TIES, await contents(database))


async def contents(database: Database) -> dict[str, bytes]:
    rows = {"rows": await rows_in(database)}
    if not database.is_sqlite:
        return rows
    file = Path(str(database.url.database))
    return rows | {one.name: one.read_bytes() for one in file.parent.glob(f"{file.name}*")}


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    database = Database(url)
    try:
        yield database
    finally:
        await database.close()
