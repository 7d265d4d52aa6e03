"""The evening's nudge: once a day, silent, never at night, only where notes wait, and only to whom it concerns."""

from datetime import datetime, time, timedelta

import pytest

from bot.domain.ids import ChatId, NoteId
from bot.domain.person import Grant, Role
from bot.services.digests import Digests
from bot.services.triage_nudge import TriageNudge, next_nudge
from storage.database import Database
from tests.support.chat import ADMIN, MANAGER, STAFF, STRANGER, Said, grant, said
from tests.support.feedback import DINNER, ELSEWHERE, LUNCH
from tests.support.kept import GANGWON, JEONBUK
from tests.support.plans import DAY, SEOUL, at
from tests.support.report_day import ReportDay, report_day
from tests.support.triage_day import speak, triage

ASKED_AT = at("20:20")


@pytest.fixture
async def day(database: Database) -> ReportDay:
    day = await report_day(database, LUNCH, DINNER, ELSEWHERE)
    await grant(database, STAFF, Grant(Role.STAFF, JEONBUK))
    await grant(database, STRANGER, Grant(Role.STAFF, GANGWON))
    await grant(database, MANAGER, Grant(Role.MANAGER, JEONBUK))
    await grant(database, ADMIN, Grant(Role.ADMIN, None))
    return day


async def look(day: ReportDay, now: datetime = ASKED_AT, digests: Digests | None = None) -> list[Said]:
    """The tick at `now`; all that was planned so far."""
    day.clock.jump_to(now)
    nudge = TriageNudge(day.database.open_unit, digests or day.digests, day.clock, SEOUL, lambda: None)
    await nudge.run()
    return [one for one in await said(day.database, now) if one.key == "triage.evening"]


async def test_staff_of_the_region_are_told_once_and_in_silence(day: ReportDay) -> None:
    await speak(day)
    await day.half_hour(at("20:00"))
    [told] = await look(day)
    assert told.chat == STAFF.id
    assert "<b>5건</b>" in told.text
    assert "분류하지 않으셔도 보고는 1.22.(목) 21:00에 나가며" in told.text
    assert told.draft.silent
    assert told.draft.expires == at("21:00")
    assert told.labels == ["미분류 5건 분류하기"]
    assert len(await look(day, at("20:30"))) == 1, "once a day"


async def test_one_message_for_all_regions_of_somebody(day: ReportDay) -> None:
    await grant(day.database, STAFF, Grant(Role.STAFF, None))
    await speak(day)
    for n in range(6):
        await day.says(f"가상 강원 {n}번째 이야기", region=GANGWON, about=ELSEWHERE, topic=None)
    await day.half_hour(at("20:00"))
    async with day.database.open_unit() as unit:
        subject = await day.digests.subject(unit, GANGWON, DAY)
        await day.digests.take_in(unit, subject, now=at("20:00"))
        await unit.commit()
    told = {int(one.chat): one.text for one in await look(day)}
    assert told.keys() == {STAFF.id, STRANGER.id}
    assert "<b>11건</b>" in told[STAFF.id]
    assert "<b>6건</b>" in told[STRANGER.id]


async def test_nothing_is_said_where_nothing_waits(day: ReportDay) -> None:
    assert await look(day) == []
    for n in range(6):
        await day.says(f"{n}번째 통근버스 의견")
    await day.half_hour(at("20:00"))
    assert await look(day) == []


async def test_what_staff_sorted_is_not_counted(day: ReportDay) -> None:
    notes = await speak(day)
    await day.half_hour(at("20:00"))
    async with day.database.open_unit() as unit:
        person = await grant(day.database, STAFF, Grant(Role.STAFF, JEONBUK))
        for note in notes:
            await triage(day).sort(unit, person, NoteId(note), "jobs", now=at("20:05"))
        await unit.commit()
    assert await look(day) == []


@pytest.mark.parametrize("when", ["20:19", "20:40", "21:00", "21:30"])
async def test_not_before_its_time_and_not_when_it_is_too_late(day: ReportDay, when: str) -> None:
    await speak(day)
    await day.half_hour(at("20:00"))
    assert await look(day, at(when)) == []


async def test_never_at_night(day: ReportDay) -> None:
    """A digest that is sent at half past ten in the evening, or at six in the morning, has no nudge."""
    await speak(day)
    await day.half_hour(at("20:00"))
    for due, when in ((time(22, 50), "22:15"), (time(6), "05:25")):
        assert await look(day, at(when), Digests(SEOUL, due)) == []
    assert len(await look(day, at("21:55"), Digests(SEOUL, time(22, 30)))) == 1


async def test_who_had_everything_stopped_hears_nothing(day: ReportDay) -> None:
    await speak(day)
    await day.half_hour(at("20:00"))
    async with day.database.open_unit() as unit:
        await unit.people.pause(ChatId(STAFF.id), paused=True)
        await unit.commit()
    assert await look(day) == []


async def test_a_stepped_clock_stops_there(day: ReportDay) -> None:
    async with day.database.open_unit(read_only=True) as unit:
        assert await next_nudge(unit, day.digests, at("12:00")) == ASKED_AT
        assert await next_nudge(unit, day.digests, ASKED_AT) is None
        assert await next_nudge(unit, day.digests, at("12:00") + timedelta(days=3)) is None
