"""/next and /today, said by real people to a real Application."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.ids import Region
from bot.domain.person import Grant, Role
from handlers import schedule
from storage.database import Database
from tests.support.chat import ADMIN, MANAGER, STAFF, STRANGER, TEAM, Chat, grant, talking
from tests.support.plans import DAY, at, plan
from tests.support.services import only
from tests.support.tour_day import TourDay

MINE = Grant(Role.STAFF, Region("전북"))
BREAKFAST = replace(
    plan("a", "07:30", "09:00", title="전북 지방정부 조찬 면담", venue="전주 가상호텔"),
    address="전북 전주시 가상로 1 일원",
    host="가상 국장",
    remarks="명찰 <패용> & 신분증",
)
LUNCH = plan("b", "12:00", "13:30", title="청년 오찬 간담")
ELSEWHERE = plan("c", "10:00", "11:00", region="강원", title="강원 기업 면담")


@pytest.fixture
async def day(sqlite: Database) -> TourDay:
    return TourDay(sqlite)


@pytest.fixture
async def chat(day: TourDay) -> AsyncIterator[Chat]:
    async with talking(
        day.database, only(schedule=day.schedule), schedule.register, now=at("06:40")
    ) as opened:
        yield opened


async def test_next_tells_what_comes_when_where_and_who_hosts(chat: Chat, day: TourDay) -> None:
    await day.begins(LUNCH, BREAKFAST, ELSEWHERE)
    await grant(day.database, STAFF, MINE)
    [told] = await chat.says(STAFF, "/next")
    assert told.text == (
        "<b>다음 일정</b> · 50분 뒤 시작\n\n"
        "□ 전북 지방정부 조찬 면담\n"
        "○ 일시: 1.22.(목) 07:30~09:00\n"
        "○ 장소: 전주 가상호텔\n"
        "○ 주소: 전북 전주시 가상로 1 일원\n"
        "○ 주관: 가상 국장\n"
        "※ 명찰 &lt;패용&gt; &amp; 신분증"
    )
    assert told.labels == ["네이버지도", "카카오맵"]
    where = "%EC%A0%84%EB%B6%81%20%EC%A0%84%EC%A3%BC%EC%8B%9C%20%EA%B0%80%EC%83%81%EB%A1%9C%201%20"
    assert (told.button("네이버지도").url or "").startswith(f"https://map.naver.com/p/search/{where}")
    assert (told.button("카카오맵").url or "").startswith(f"https://map.kakao.com/link/search/{where}")


async def test_next_tells_of_the_one_in_progress_until_it_is_over(chat: Chat, day: TourDay) -> None:
    await day.begins(BREAKFAST, LUNCH)
    await grant(day.database, STAFF, MINE)
    chat.clock.advance_to(at("08:40"))
    [told] = await chat.says(STAFF, "/next")
    assert "진행 중인 일정" in told.text
    assert "20분 뒤 종료 예정" in told.text
    chat.clock.advance_to(at("09:00"))
    [told] = await chat.says(STAFF, "/next")
    assert LUNCH.title in told.text
    chat.clock.advance_to(at("13:30"))
    [told] = await chat.says(STAFF, "/next")
    assert told.key == "schedule.next_none"


async def test_a_meeting_without_a_place_has_no_map(chat: Chat, day: TourDay) -> None:
    await day.begins(replace(LUNCH, venue=""))
    await grant(day.database, STAFF, MINE)
    [told] = await chat.says(STAFF, "/next")
    assert told.labels == []


async def test_today_lists_the_regions_day_with_what_was_called_off(chat: Chat, day: TourDay) -> None:
    await day.begins(LUNCH, BREAKFAST, ELSEWHERE)
    await day.brings_in(LUNCH, now=at("06:00"), cancel_missing=True)
    await grant(day.database, STAFF, MINE)
    [told] = await chat.says(STAFF, "/today")
    assert told.text == (
        "<b>오늘 일정</b> · 1.22.(목) 총 1건\n\n"
        "○ <s>07:30~09:00 전북 지방정부 조찬 면담</s> (취소)\n   - 전주 가상호텔\n"
        "○ 12:00~13:30 청년 오찬 간담\n   - 군산 회의실"
    )


async def test_today_of_several_regions_has_a_heading_each(chat: Chat, day: TourDay) -> None:
    await day.begins(BREAKFAST, LUNCH, ELSEWHERE)
    await grant(day.database, ADMIN, Grant(Role.ADMIN, None))
    [told] = await chat.says(ADMIN, "/today")
    assert told.text.count("□") == 2
    assert told.text.index("□ 전북") < told.text.index(LUNCH.title) < told.text.index("□ 강원")


async def test_a_day_without_meetings_says_what_comes(chat: Chat, day: TourDay) -> None:
    await day.begins(plan("z", "09:00", "10:00", day=DAY + timedelta(days=2), title="모레 면담"))
    await grant(day.database, MANAGER, Grant(Role.MANAGER, None))
    [told] = await chat.says(MANAGER, "/today")
    assert "1.24.(토) 09:00" in told.text
    assert "모레 면담" in told.text
    await grant(day.database, MANAGER, Grant(Role.MANAGER, Region("강원")))
    [told] = await chat.says(MANAGER, "/today")
    assert told.key == "schedule.today_none"
    assert "모레" not in told.text


@pytest.mark.parametrize("command", ["/next", "/today"])
async def test_whoever_has_no_role_learns_nothing(chat: Chat, day: TourDay, command: str) -> None:
    """A minister's itinerary is sensitive; a role that was lost counts at once."""
    await day.begins(BREAKFAST)
    [told] = await chat.says(STRANGER, command)
    assert told.key == "common.not_allowed"
    await grant(day.database, STAFF, MINE)
    [told] = await chat.says(STAFF, command)
    assert told.key != "common.not_allowed"
    await grant(day.database, STAFF)
    [told] = await chat.says(STAFF, command)
    assert told.key == "common.not_allowed"


async def test_a_group_is_told_the_schedule_when_somebody_with_the_right_asks(
    chat: Chat, day: TourDay
) -> None:
    await day.begins(BREAKFAST)
    await grant(day.database, STAFF, MINE)
    [told] = await chat.says(STAFF, "/next", where=TEAM)
    assert (told.chat, told.key) == (TEAM.id, "schedule.next_coming")
    [told] = await chat.says(STRANGER, "/next", where=TEAM)
    assert told.key == "common.not_allowed"


async def test_a_very_full_day_still_fits_a_message(chat: Chat, day: TourDay) -> None:
    full = [plan(f"m{i:02}", "12:00", "23:00", title="가" * 100, venue="나" * 100) for i in range(40)]
    await day.begins(*full)
    await grant(day.database, STAFF, MINE)
    [told] = await chat.says(STAFF, "/today")
    assert "그 밖에 28건이 더 있습니다" in told.text
