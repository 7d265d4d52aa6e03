"""Which digests there are, for whom: days that are due, days that may be read, buttons of older revisions."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.errors import NotAllowed
from bot.domain.feedback import NoteKind, Source, Speaker
from bot.domain.person import Grant, Role
from bot.services.digests import NoSuchDay, digest_of
from storage.database import Database
from tests.support.chat import ADMIN, MANAGER, STAFF, grant
from tests.support.feedback import DINNER, LUNCH
from tests.support.kept import GANGWON, JEONBUK, TOUR
from tests.support.plans import DAY, at, meeting
from tests.support.report_day import EVENING, report_day


async def test_a_day_that_only_imported_notes_speak_of_has_a_digest(sqlite: Database) -> None:
    day = await report_day(sqlite)
    await day.says(region=GANGWON, about=None, source=Source.IMPORT, number="GW-1")
    async with sqlite.open_unit() as unit:
        subject = await day.digests.subject(unit, GANGWON, DAY)
        assert (subject.tour, subject.region) == (TOUR.id, GANGWON)
        digest = digest_of(await day.digests.current(unit, subject))
        assert digest.ledger.received == 1
        assert digest.numbers.meetings == 0
        due = await day.digests.unpublished(unit, now=EVENING)
        assert [(one.region, one.day) for one in due] == [("강원", DAY), ("전북", DAY)]


async def test_a_day_that_nobody_knows_is_refused(sqlite: Database) -> None:
    day = await report_day(sqlite)
    async with sqlite.open_unit(read_only=True) as unit:
        with pytest.raises(NoSuchDay):
            await day.digests.subject(unit, GANGWON, DAY)
        with pytest.raises(NoSuchDay):
            await day.digests.subject(unit, JEONBUK, DAY + timedelta(days=1))


async def test_a_day_without_notes_has_a_digest_that_says_so(sqlite: Database) -> None:
    day = await report_day(sqlite)
    stored = await day.asks()
    assert digest_of(stored).ledger.received == 0
    assert "이날 접수된 의견이 없음" in day.view.whole_text(stored, now=EVENING)


async def test_days_are_due_at_their_local_time_and_for_three_days_after(sqlite: Database) -> None:
    gone = replace(meeting("gone", day=DAY, region="강원"), cancelled=True)
    day = await report_day(sqlite, LUNCH, DINNER, gone)
    async with sqlite.open_unit(read_only=True) as unit:

        async def due(now: str, after: int = 0) -> list[str]:
            moment = at(now) + timedelta(days=after)
            return [one.region for one in await day.digests.unpublished(unit, now=moment)]

        assert await due("20:59") == []
        assert await due("21:00") == ["전북"]
        assert await due("23:59", after=3) == ["전북"]
        assert await due("00:00", after=4) == []


async def test_an_old_buttons_id_leads_to_the_newest_revision(sqlite: Database) -> None:
    day = await report_day(sqlite)
    await day.says()
    reader = await grant(sqlite, MANAGER, Grant(Role.MANAGER, JEONBUK))
    await day.publishes(EVENING)
    [first] = await day.revisions()
    await day.says("늦게 낸 의견입니다.")
    await day.publishes(at("21:30"))
    async with sqlite.open_unit() as unit:
        opened = await day.digests.open_for(unit, reader, first.id, now=at("21:30"))
        assert opened.revision == 2
        assert "늦게 낸 의견입니다." in str(opened.body)


async def test_a_button_on_a_draft_whose_notes_changed_leads_to_one_made_anew(sqlite: Database) -> None:
    day = await report_day(sqlite)
    await day.says()
    reader = await grant(sqlite, STAFF, Grant(Role.STAFF, JEONBUK))
    draft = await day.asks()
    for n in range(4):
        await day.says(f"그사이 들어온 의견 {n}입니다.")
    await day.half_hour(at("12:00"))
    async with sqlite.open_unit() as unit:
        opened = await day.digests.open_for(unit, reader, draft.id, now=at("12:00"))
        assert digest_of(opened).ledger.received == 5


async def test_only_who_may_read_a_region_opens_its_digest(sqlite: Database) -> None:
    day = await report_day(sqlite)
    stored = await day.asks()
    refused = [Grant(Role.MANAGER, GANGWON), Grant(Role.STAFF, GANGWON), Grant(Role.ADMIN, None)]
    everywhere = await grant(sqlite, MANAGER, Grant(Role.MANAGER, None))
    async with sqlite.open_unit() as unit:
        assert (await day.digests.open_for(unit, everywhere, stored.id, now=EVENING)).id == stored.id
        with pytest.raises(NotAllowed):
            await day.digests.open_for(unit, everywhere, "never-was-a-digest-000", now=EVENING)
        with pytest.raises(NotAllowed):
            await day.digests.of_meeting(unit, replace(everywhere, grants=frozenset()), LUNCH.id)
    for wrong in refused:
        reader = await grant(sqlite, ADMIN, wrong)
        async with sqlite.open_unit() as unit:
            with pytest.raises(NotAllowed):
                await day.digests.open_for(unit, reader, stored.id, now=EVENING)
            with pytest.raises(NotAllowed):
                await day.digests.of_meeting(unit, reader, LUNCH.id)


async def test_the_last_weeks_days_are_offered_once_each_newest_first(sqlite: Database) -> None:
    old = meeting("old", day=DAY - timedelta(days=8))
    before = meeting("before", day=DAY - timedelta(days=1))
    elsewhere = meeting("else", "08:00", "09:00", region="강원")
    day = await report_day(sqlite, LUNCH, DINNER, old, before, elsewhere)
    everywhere = await grant(sqlite, MANAGER, Grant(Role.MANAGER, None))
    here = await grant(sqlite, STAFF, Grant(Role.STAFF, JEONBUK))
    async with sqlite.open_unit(read_only=True) as unit:
        seen = await day.digests.days_for(unit, everywhere, now=EVENING)
        assert [one.plan.key for one in seen] == ["lunch", "else", "before"]
        assert [one.plan.key for one in await day.digests.days_for(unit, here, now=EVENING)] == [
            "lunch",
            "before",
        ]


async def test_a_promise_of_staff_is_in_the_digest_as_a_promise(sqlite: Database) -> None:
    day = await report_day(sqlite)
    await day.says(
        "도에서 셔틀을 늘리기로 약속했습니다.",
        speaker=Speaker.STAFF,
        source=Source.STAFF,
        kind=NoteKind.PROMISE,
        rating=None,
    )
    assert "promise" in str((await day.asks()).body)
