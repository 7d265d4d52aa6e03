"""/qr: a picture to put on the wall."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.ids import Region
from bot.domain.person import Grant, Role
from bot.services.codes import Codes
from handlers import qr
from storage.database import Database
from tests.support.chat import ADMIN, MANAGER, STAFF, STRANGER, TEAM, Chat, User, grant, talking
from tests.support.plans import at, plan
from tests.support.services import only
from tests.support.tour_day import TourDay

MINE = Grant(Role.STAFF, Region("전북"))
A = plan("a", "09:40", "11:00", title="입주기업 간담회 <1>")
B = plan("b", "13:00", "14:00", title="청년 간담")
C = plan("c", "10:00", "11:00", region="강원", title="강원 면담")


@pytest.fixture
async def day(sqlite: Database) -> TourDay:
    opened = TourDay(sqlite)
    await opened.begins(A, B, C)
    await grant(sqlite, STAFF, MINE)
    return opened


@pytest.fixture
async def chat(day: TourDay) -> AsyncIterator[Chat]:
    services = only(schedule=day.schedule, codes=Codes("hyeonjang_test_bot"))
    async with talking(day.database, services, qr.register, now=at("10:00")) as opened:
        yield opened


async def test_the_code_of_the_meeting_in_progress_is_a_picture_with_its_link(
    chat: Chat, day: TourDay
) -> None:
    [shown] = await chat.says(STAFF, "/qr")
    link = f"https://t.me/hyeonjang_test_bot?start=m_{(await day.meeting('a')).code}"
    assert shown.draft.picture == link
    assert link in shown.text
    assert "입주기업 간담회 &lt;1&gt;" in shown.text
    assert shown.labels == ["1.22.(목) 13:00 청년 간담"]


async def test_with_a_page_the_code_leads_there_and_both_doors_are_told(day: TourDay) -> None:
    services = only(schedule=day.schedule, codes=Codes("hyeonjang_test_bot", "https://field.example"))
    async with talking(day.database, services, qr.register, now=at("10:00")) as chat:
        [shown] = await chat.says(STAFF, "/qr")
    code = (await day.meeting("a")).code
    assert shown.key == "qr.both_doors"
    assert shown.draft.picture == f"https://field.example/m/{code}"
    assert f"https://field.example/m/{code}" in shown.text
    assert f"https://t.me/hyeonjang_test_bot?start=m_{code}" in shown.text


async def test_another_meetings_code_is_a_tap_away(chat: Chat, day: TourDay) -> None:
    [shown] = await chat.says(STAFF, "/qr")
    [other] = await chat.taps(STAFF, shown, "청년 간담")
    assert other.draft.picture == f"https://t.me/hyeonjang_test_bot?start=m_{(await day.meeting('b')).code}"
    assert other.draft.edits is None, "a picture is a message of its own"


async def test_when_nothing_comes_there_is_no_code(chat: Chat) -> None:
    chat.clock.advance_to(at("14:00"))
    [told] = await chat.says(STAFF, "/qr")
    assert told.key == "qr.none"


async def test_a_meeting_that_was_called_off_shows_no_code(chat: Chat, day: TourDay) -> None:
    [shown] = await chat.says(STAFF, "/qr")
    await day.brings_in(A, now=at("10:00"), cancel_missing=True)
    [told] = await chat.taps(STAFF, shown, "청년 간담")
    assert told.key == "late.gone"
    assert told.draft.picture is None


@pytest.mark.parametrize(("user", "role"), [(STRANGER, None), (MANAGER, Role.MANAGER)])
async def test_who_may_not_show_codes(chat: Chat, day: TourDay, user: User, role: Role | None) -> None:
    if role is not None:
        await grant(day.database, user, Grant(role, None))
    [told] = await chat.says(user, "/qr")
    assert told.key == "common.not_allowed"
    [told] = await chat.presses(user, f"qr:{(await day.meeting('a')).id}", 5)
    assert told.key == "common.not_allowed"


async def test_the_administrator_shows_codes_everywhere_and_staff_in_their_region(
    chat: Chat, day: TourDay
) -> None:
    await grant(day.database, ADMIN, Grant(Role.ADMIN, None))
    theirs = f"qr:{(await day.meeting('c')).id}"
    [shown] = await chat.presses(ADMIN, theirs, 5)
    assert shown.key == "qr.code"
    [refused] = await chat.presses(STAFF, theirs, 5)
    assert refused.key == "common.not_allowed"


@pytest.mark.parametrize("data", ["qr:", "qr:short", "qr:" + "a" * 23])
async def test_forged_buttons_are_refused(chat: Chat, data: str) -> None:
    [refused] = await chat.presses(STAFF, data, 5)
    assert refused.key == "common.button_unknown"


async def test_a_group_is_told_to_come_privately(chat: Chat) -> None:
    [told] = await chat.says(STAFF, "/qr", where=TEAM)
    assert told.key == "common.write_in_private"
