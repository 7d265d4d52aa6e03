"""Codes on the wall: which meetings have one to show, and where it leads."""

from datetime import timedelta

from bot.domain.ids import Region
from bot.domain.person import Grant, Role
from bot.services.codes import MOST_CHOICES, Codes
from storage.database import Database
from tests.support.chat import ADMIN, MANAGER, STAFF, User, grant
from tests.support.plans import DAY, at, meeting, plan
from tests.support.tour_day import TourDay

CODES = Codes("hyeonjang_test_bot")


async def choices(database: Database, user: User, *grants: Grant, now: str = "12:00") -> list[str]:
    person = await grant(database, user, *grants)
    async with database.open_unit(read_only=True) as unit:
        return [m.plan.key for m in await CODES.choices(unit, person, now=at(now))]


def test_a_code_leads_to_the_bot_with_the_meetings_code() -> None:
    assert CODES.link(meeting("a")) == "https://t.me/hyeonjang_test_bot?start=m_codea"


def test_where_the_service_has_an_address_a_code_leads_to_its_page_and_telegram_is_the_other_door() -> None:
    codes = Codes("hyeonjang_test_bot", "https://field.example:8443")
    assert (codes.has_page, CODES.has_page) == (True, False)
    assert codes.link(meeting("a")) == "https://field.example:8443/m/codea"
    assert codes.telegram_link(meeting("a")) == CODES.link(meeting("a"))


async def test_the_meeting_in_progress_comes_first_then_what_follows(database: Database) -> None:
    day = TourDay(database)
    await day.begins(
        plan("over", "08:00", "09:00"),
        plan("now", "11:30", "12:30"),
        plan("next", "13:00", "14:00"),
        plan("elsewhere", "13:00", "14:00", region="강원"),
        plan("tomorrow", "08:00", "09:00", day=DAY + timedelta(days=1)),
    )
    mine = Grant(Role.STAFF, Region("전북"))
    assert await choices(database, STAFF, mine) == ["now", "next", "tomorrow"]
    assert await choices(database, ADMIN, Grant(Role.ADMIN, None)) == ["now", "elsewhere", "next", "tomorrow"]
    assert await choices(database, MANAGER, Grant(Role.MANAGER, None)) == [], "managers show no codes"


async def test_a_meeting_that_was_called_off_is_no_choice_and_there_are_not_too_many(
    database: Database,
) -> None:
    day = TourDay(database)
    many = [plan(f"m{i}", f"{13 + i}:00", f"{13 + i}:30") for i in range(8)]
    await day.begins(*many)
    await day.brings_in(*many[1:], now=at("12:00"), cancel_missing=True)
    shown = await choices(database, STAFF, Grant(Role.STAFF, None))
    assert shown == [f"m{i}" for i in range(1, 1 + MOST_CHOICES)]
