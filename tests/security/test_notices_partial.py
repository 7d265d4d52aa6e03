"""Whose right ended for one of several regions hears no more of that one: what waits speaks of what is left, and no more."""

from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.delivery import DeliveryState, Draft, Need
from bot.domain.ids import ChatId, PersonId, Region
from bot.domain.meeting import MeetingPlan
from bot.domain.person import Action, Grant, Person, Role
from bot.domain.values import Phrase
from bot.services.change_notices import MORE, Altered, Heard, _notice, what_is_left
from bot.services.people import People
from bot.services.sending.choice import make_ready
from bot.services.wording import Wording
from storage.database import Database
from storage.drafts import draft_from_json, draft_to_json
from tests.support.chat import ADMIN, MESSAGES, STAFF, Said, grant
from tests.support.plans import at, plan, standing
from tests.support.tour_day import TourDay

HERE, THERE, ELSEWHERE = Region("전북"), Region("강원"), Region("동남권")
BOTH = (Grant(Role.STAFF, HERE), Grant(Role.STAFF, THERE))
A = plan("a", "09:40", "11:00", title="가상 전북 간담회")
C = plan("c", "10:00", "11:00", region="강원", title="가상 강원 간담회")
NOW = at("08:00")


def moved(of: MeetingPlan, region: Region | None = None) -> MeetingPlan:
    return replace(of, venue="가상 새 회의실", region=region or of.region)


async def told(database: Database, *changed: MeetingPlan, grants: tuple[Grant, ...] = BOTH) -> TourDay:
    """One notice waits for a staff member; administrators of each region are there."""
    day = TourDay(database)
    await grant(database, ADMIN, Grant(Role.ADMIN, THERE))
    await grant(database, STAFF, *grants)
    await day.begins(A, C)
    await day.brings_in(*(changed or (moved(A), moved(C))), now=NOW)
    return day


async def loses_one(database: Database) -> None:
    """The administrator of one region takes back what is held there."""
    async with database.open_unit() as unit:
        admin, staff = [await unit.people.by_chat(ChatId(one.id)) for one in (ADMIN, STAFF)]
        assert staff is not None
        await People().revoke(unit, admin, staff.id, now=NOW)
        await unit.commit()


async def waiting(day: TourDay) -> list[Said]:
    return [one for one in await day.planned(NOW) if one.key == "change.notice"]


async def leaves(database: Database) -> list[str]:
    """What the sender would send to them now."""
    async with database.open_unit() as unit:
        due = [one for one in await unit.deliveries.due(at("09:00"), [], 99) if one.chat == STAFF.id]
        ready = await make_ready(unit, due, Wording(MESSAGES, str.encode), now=at("09:00"))
        await unit.commit()
    return [one.worded.message.text for one in ready if one.delivery.draft.key == "change.notice"]


async def test_the_notice_that_waits_speaks_of_what_is_left(database: Database) -> None:
    day = await told(database)
    [before] = await waiting(day)
    assert A.title in before.text
    assert C.title in before.text
    await loses_one(database)
    [after] = await waiting(day)
    assert after.dedup == before.dedup, "one notice a change and person"
    assert A.title in after.text
    assert C.title not in str(after.draft)
    assert after.draft.needs == (Need(Action.SEE_SCHEDULE, HERE),)
    [sent] = await leaves(database)
    assert C.title not in sent


async def test_of_the_lost_region_alone_there_is_nothing_left(database: Database) -> None:
    day = await told(database, A, moved(C))
    await loses_one(database)
    assert await waiting(day) == []
    assert await leaves(database) == []


async def test_a_right_given_anew_wakes_no_line(database: Database) -> None:
    day = await told(database)
    await loses_one(database)
    await grant(database, STAFF, *BOTH)
    [notice] = await waiting(day)
    assert C.title not in notice.text
    [sent] = await leaves(database)
    assert C.title not in sent


async def test_a_meeting_that_went_over_is_still_told_in_the_region_that_it_left(database: Database) -> None:
    """As it is told to whoever never had the other one."""
    day = await told(database, moved(A, THERE), moved(C))
    await loses_one(database)
    [notice] = await waiting(day)
    assert A.title in notice.text
    assert C.title not in str(notice.draft)


@pytest.mark.parametrize("fate", ["not accepted", "unknown"])
async def test_a_notice_that_was_on_its_way_goes_once_more_without_it(database: Database, fate: str) -> None:
    """Nothing of it waited when the right ended: it is looked at again before it leaves again."""
    day = await told(database)
    [notice] = await waiting(day)
    async with database.open_unit() as unit:
        [ident] = [one.id for one in await unit.deliveries.due(NOW, [], 99) if one.dedup == notice.dedup]
        await unit.deliveries.claim([ident], NOW)
        await unit.commit()
    await loses_one(database)
    async with database.open_unit() as unit:
        if fate == "unknown":
            await unit.deliveries.unknown(ident, NOW, NOW)
        else:
            await unit.deliveries.again(ident, NOW)
        await unit.commit()
    [sent] = await leaves(database)
    assert A.title in sent
    assert C.title not in sent


async def test_whose_right_ended_unseen_gets_nothing_of_a_notice_that_was_on_its_way(
    database: Database,
) -> None:
    day = await told(database, A, moved(C))
    [notice] = await waiting(day)
    await grant(database, STAFF, BOTH[0])
    assert await leaves(database) == []
    assert await day.state(notice) is DeliveryState.EXPIRED


CHANGES = st.lists(
    st.sets(st.sampled_from([HERE, THERE, ELSEWHERE]), min_size=1), min_size=1, max_size=60
).filter(lambda regions: len(set().union(*regions)) > 1)


def notice_of(by: list[set[Region]]) -> Draft:
    """A change for each, with titles so long that more than thirty lines do not fit."""
    changes = []
    for place, regions in enumerate(by):
        one = plan(f"m{place}", title=f"가상 {place:02} " + "긴 " * 15)
        changes.append(Heard(Altered(standing(one), standing(moved(one))), regions))
    return _notice(changes)


def titles(draft: Draft) -> list[int]:
    lines = draft.values["lines"]
    assert isinstance(lines, tuple)
    return [int(str(line.values["title"])[3:5]) for line in lines if line.key != MORE]


def unsaid(draft: Draft) -> int:
    lines = draft.values["lines"]
    assert isinstance(lines, tuple)
    last: Phrase = lines[-1]
    count = last.values["count"] if last.key == MORE else 0
    assert isinstance(count, int)
    return count


@given(CHANGES, st.sets(st.sampled_from([HERE, THERE, ELSEWHERE])))
@example([{HERE}, {THERE}, {HERE, THERE}] * 20, {HERE})
@example([{THERE}] * 45 + [{HERE}] * 5, {HERE})
@settings(max_examples=100)
def test_what_is_left_is_what_they_still_may_know_said_or_counted(
    by: list[set[Region]], rights: set[Region]
) -> None:
    draft = draft_from_json(draft_to_json(notice_of(by)))
    person = Person(
        PersonId("p"), ChatId(1), "가상", "ko", frozenset(Grant(Role.STAFF, one) for one in rights)
    )
    theirs = [place for place, regions in enumerate(by) if regions & rights]
    assert draft.may_be_read_by(person) == (len(theirs) == len(by))
    left = what_is_left(draft, person)
    if left is None:
        assert theirs == []
        return
    assert left.may_be_read_by(person)
    assert titles(left) == [place for place in titles(draft) if place in theirs]
    assert len(titles(left)) + unsaid(left) == len(theirs)
    assert {need.region for need in left.needs} <= rights
    assert (left.key, left.expires, left.private) == (draft.key, draft.expires, False)
