"""Who is forgotten is named nowhere: what others were told about them is gone from the file and its log as well."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.ids import Region
from bot.domain.person import Grant, Role
from bot.services.invitations import Invitations
from bot.services.privacy import Privacy
from bot.services.purge import Purge
from handlers import invite, people, privacy, start
from storage.database import Database
from tests.support.chat import ADMIN, BOT, Chat, Said, User, grant, talking
from tests.support.feedback import TEXTS, on_tour
from tests.support.plans import SEOUL
from tests.support.services import only
from tests.support.tour_day import TourDay

SOMEBODY = User(7_345_670_001, "Canary Invented")
NAME = SOMEBODY.first_name.encode()


@pytest.fixture
async def chat(sqlite: Database) -> AsyncIterator[Chat]:
    """An administrator who invites and sees lists, and everything that is said leaves."""
    await on_tour(sqlite)
    await grant(sqlite, ADMIN, Grant(Role.ADMIN, None))
    services = only(invitations=Invitations(BOT.username), privacy=Privacy(TEXTS))
    registers = (invite.register, start.register, people.register, privacy.register)
    async with talking(sqlite, services, *registers) as one:
        yield one


def occurrences(database: Database) -> int:
    """How often the name stands in the database as it lies on disk, its write-ahead log included."""
    name = database.url.database
    assert name is not None
    files = [Path(name + suffix) for suffix in ("", "-wal", "-shm")]
    return sum(file.read_bytes().count(NAME) for file in files if file.exists())


async def asked_about_them(chat: Chat) -> Said:
    """They took an invitation: what its maker is asked."""
    [roles] = await chat.says(ADMIN, "/invite")
    [regions] = await chat.taps(ADMIN, roles, "실무자")
    _, passed_on = await chat.taps(ADMIN, regions, "전북")
    found = re.search(r"start=(i_[\w-]{43})", passed_on.text)
    assert found is not None
    [card] = await chat.says(SOMEBODY, f"/start {found[1]}")
    told = await chat.taps(SOMEBODY, card, "수락")
    [asked] = [one for one in told if one.chat == ADMIN.id]
    assert SOMEBODY.first_name in asked.text
    return asked


async def purged(chat: Chat) -> None:
    """Everything that was said has left, and fifteen minutes have passed."""
    await TourDay(chat.database).sends(chat.clock.now())
    assert occurrences(chat.database) > 0, "the search finds what is there"
    chat.clock.advance_to(chat.clock.now() + timedelta(minutes=15))
    await Purge(chat.clock, SEOUL, 90).run(chat.database.open_unit, chat.database.truncate_log)


async def test_who_was_refused_is_named_nowhere(chat: Chat) -> None:
    asked = await asked_about_them(chat)
    await TourDay(chat.database).sends(chat.clock.now())
    await chat.taps(ADMIN, asked, "거절")
    await purged(chat)
    assert occurrences(chat.database) == 0


async def test_who_asked_to_be_forgotten_is_named_nowhere(chat: Chat) -> None:
    asked = await asked_about_them(chat)
    await chat.taps(ADMIN, asked, "승인")
    [listed] = await chat.says(ADMIN, "/people")
    await chat.taps(ADMIN, listed, SOMEBODY.first_name)
    [card] = await chat.says(SOMEBODY, "/privacy")
    [ask] = await chat.taps(SOMEBODY, card, "지우기")
    await chat.taps(SOMEBODY, ask, "모두 지우겠습니다")
    await purged(chat)
    assert occurrences(chat.database) == 0


async def test_whose_grants_were_ended_is_named_nowhere(chat: Chat) -> None:
    await grant(chat.database, SOMEBODY, Grant(Role.STAFF, Region("전북")))
    [listed] = await chat.says(ADMIN, "/people")
    [sure] = await chat.taps(ADMIN, listed, SOMEBODY.first_name)
    await chat.taps(ADMIN, sure, "권한 회수")
    await purged(chat)
    assert occurrences(chat.database) == 0
