"""Fifteen minutes after the last step nothing that stays ties an anonymous note to its author, by the real application.

And its author still edits and takes back by the buttons in their old chat, after a restart too; fifteen minutes after
that, nothing is left again. Searched by id, moment, file, secret and text in every encoding of canaries.py.
"""

import contextlib
import io
from datetime import timedelta
from pathlib import Path

import pytest

from bot.logs import set_up_logs
from tests.privacy.canaries import Canary, found
from tests.privacy.field import Field
from tests.privacy.places import everything_that_stays, only, the_database, without_seen_updates
from tests.privacy.script import participants_come
from tests.support.console import logs_put_back
from tests.support.databases import Postgres

GONE = (
    "가상남긴이름",
    "고칠canary02",
    "거둘canary03",
    "바꾼canary05",
    "깨진canary08",
    "동의전canary09",
    "방에서canary09",
)
"""Words that were said, and that no note says (any more); the name was left on purpose and is destroyed later."""
STAY = (
    "말씀canary01",
    "고친canary02",
    "보낸canary05",
    "canary06",
    "말씀canary07",
    "말씀canary10",
    "말씀canary11",
)


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path, postgres: Postgres | None) -> str:
    """An empty database; SQLite's in DATA_DIR, as it is in life."""
    (tmp_path / "data").mkdir()
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'data' / 'hyeonjang.db'}"
    if postgres is None:
        pytest.skip("no PostgreSQL: set TEST_POSTGRES_URL (.ci/run starts a server)")
    postgres.empty()
    return postgres.url


@pytest.mark.timeout(300)
async def test_nothing_that_stays_ties_a_note_to_its_author(where: str, tmp_path: Path) -> None:
    field, log = Field(where, tmp_path / "data"), io.StringIO()
    with logs_put_back(), contextlib.redirect_stderr(log):
        set_up_logs("json")
        async with field.stage.telegram(0):
            async with field.stage.bot() as bot:
                await field.gathers(bot)
                await participants_come(field)
                await the_search_finds_what_is_there(field)
                await a_quarter_of_an_hour_later(field)
                await nothing_is_left(field, log)
            if not field.stage.database.is_sqlite:  # test_author_later.py goes on, on both
                return
            set_up_logs("console")
            async with field.stage.bot(webhook=True):
                await authors_come_back(field)
                assert kinds_in(field, await the_database(field)) >= {"chat id", "secret"}
                await a_quarter_of_an_hour_later(field)
                await nothing_is_left(field, log)
    assert field.world.violations == []


async def the_search_finds_what_is_there(field: Field) -> None:
    """Each kind of canary that is ever written down, before the purge: else its absence later would prove nothing."""
    there = await the_database(field)
    assert kinds_in(field, there) == {
        "chat id",
        "name",
        "username",
        "message id",
        "moment",
        "secret",
        "press",
        "file id",
        "file's own id",
    }
    assert {one.kind for one in field.canaries()} - kinds_in(field, there) == {
        "receipt",
        "address",
        "browser",
    }
    assert len(found(field.update_ids(), there)) > len(field.guests)
    for words in GONE:
        if words != "고칠canary02":
            assert words.encode() in there["rows"], words


async def a_quarter_of_an_hour_later(field: Field) -> None:
    """And two rounds of the purge: the file is written anew once a minute at most."""
    for pause in (timedelta(minutes=15), timedelta(seconds=61)):
        await field.driver.advance_to(field.stage.clock.now() + pause)


async def nothing_is_left(field: Field, log: io.StringIO) -> None:
    places = await everything_that_stays(field, log.getvalue())
    left = [one for one in found(field.canaries(), places) if not is_told(*one)]
    assert left == []
    assert (
        found(field.update_ids(), only(places, "log", "sent", "disk out/notes", "disk out/audit", "digest"))
        == []
    )
    assert found(field.update_ids(), await without_seen_updates(field)) == []
    for words in GONE[1:]:
        canary = Canary("words", words, words)
        assert found([canary], places) == []
    for words in STAY:
        if words not in field.taken_back:
            assert words.encode() in places["rows"], words


def is_told(kind: str, whose: str, place: str) -> bool:
    """What docs/privacy.md says openly: that an update failed is on record, to the second, with nobody's name."""
    return kind == "moment" and whose == "breaks" and not place.startswith(("log", "sent", "digest"))


def kinds_in(field: Field, places: dict[str, bytes]) -> set[str]:
    return {kind for kind, _, _ in found(field.canaries(), places)}


async def authors_come_back(field: Field) -> None:
    """By buttons of messages that are a quarter of an hour old, and by the page's receipt."""
    await field.taps_old("words", "고치기", "글")
    await field.says(field.guests["words"], "다시고친canary01 버스가 두 대입니다.")
    await field.taps_old("edits", "거두기", "거두겠습니다")
    await field.taps_old("shows", "거두기", "거두겠습니다")
    field.taken_back |= {"말씀canary01", "고친canary02", "말씀canary10"}
    assert "아직" in (await field.receipt(0)).text, "was I heard? not yet"
    await field.takes_back(0)
    async with field.stage.database.open_unit(read_only=True) as unit:
        assert len(await unit.notes.withdrawn_ones()) == 4
