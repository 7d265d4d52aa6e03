"""Whose right to bring files in ended for one of several regions: nothing more is told about that one, and the rest goes on."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.delivery import Delivery, Need
from bot.domain.ids import ChatId, Region
from bot.domain.incoming import IncomingState
from bot.domain.person import Action, Grant, Role
from bot.services.people import People
from storage.database import Database
from tests.support.chat import ADMIN, STAFF, Said, grant
from tests.support.filing import FilingDesk, filing
from tests.support.workbooks import meeting_line, note_line, notes_book, tour_book

HERE, THERE = Region("전북"), Region("강원")
BOTH = (Grant(Role.STAFF, HERE), Grant(Role.STAFF, THERE))
TOUR = tour_book(
    meeting_line(date="2026-01-23", title="가상 전북 간담회"),
    meeting_line(key="g-1", region="강원", date="2026-01-23", title="가상 강원 간담회"),
)
LONG = tour_book(
    meeting_line(date="2026-01-23", title="가상 전북 간담회"),
    *(
        meeting_line(
            key=f"g-{n}", region="강원", date=f"2026-02-{n:02}", title=f"가상 강원 {n}번째 " + "긴 " * 40
        )
        for n in range(1, 28)
    ),
)


@pytest.fixture
async def desk(database: Database) -> AsyncIterator[FilingDesk]:
    async with filing(database) as desk:
        await grant(database, ADMIN, Grant(Role.ADMIN, THERE))
        await grant(database, STAFF, *BOTH)
        yield desk


async def loses_one(desk: FilingDesk) -> None:
    """The administrator of one region takes back what is held there."""
    async with desk.database.open_unit() as unit:
        admin = await unit.people.by_chat(ChatId(ADMIN.id))
        staff = await unit.people.by_chat(ChatId(STAFF.id))
        assert staff is not None
        await People().revoke(unit, admin, staff.id, now=desk.clock.now())
        await unit.commit()


async def waiting(desk: FilingDesk) -> list[Delivery]:
    """What waits for them of what was found in the file."""
    async with desk.database.open_unit(read_only=True) as unit:
        staff = await unit.people.by_chat(ChatId(STAFF.id))
        assert staff is not None
        found = await unit.deliveries.waiting_of(staff.id)
    return [one for one in found if one.draft.key.startswith("files.") and one.draft.needs]


async def test_a_preview_needs_every_region_that_it_names(desk: FilingDesk) -> None:
    [card] = await desk.brings(STAFF, TOUR)
    assert card.draft.needs == tuple(Need(Action.IMPORT_TOUR, one) for one in (THERE, HERE))
    assert card.draft.needs_all
    [card] = await desk.brings(STAFF, notes_book(note_line(region="강원")), "의견.xlsx")
    assert card.draft.needs == (Need(Action.IMPORT_NOTES, THERE),)


@pytest.mark.parametrize("content", [TOUR, LONG], ids=["short", "with a report"])
async def test_a_preview_that_waits_is_not_sent_and_another_comes(desk: FilingDesk, content: bytes) -> None:
    shown = await desk.brings(STAFF, content)
    assert "가상 강원" in shown[0].text
    await loses_one(desk)
    assert await waiting(desk) == []
    assert await desk.states() == [IncomingState.FETCHED]
    [card] = await desk.works()
    assert card.key == "files.preview_tour"
    assert "가상 전북 간담회" in card.text
    assert "가상 강원" not in card.text
    assert [one.draft.needs for one in await waiting(desk)] == [(Need(Action.IMPORT_TOUR, HERE),)]
    async with desk.database.open_unit(read_only=True) as unit:
        assert await unit.incoming.report((await desk.rows())[0].id) is None
    await desk.decides(STAFF, card, "반영")
    assert await desk.meetings() == {"a-1": True}


async def test_the_buttons_of_the_earlier_preview_decide_nothing(desk: FilingDesk) -> None:
    [card] = await desk.brings(STAFF, TOUR)
    await loses_one(desk)
    await desk.works()
    [told] = await desk.chat.taps(STAFF, card, "반영")
    assert told.key == "files.being_applied"
    assert await desk.works() == []
    assert await desk.meetings() == {}


async def test_what_was_done_is_not_told_about_a_region_that_is_theirs_no_more(desk: FilingDesk) -> None:
    [card] = await desk.brings(STAFF, TOUR)
    done: list[Said] = await desk.decides(STAFF, card, "반영")
    assert done[-1].key == "files.applied_tour"
    await loses_one(desk)
    assert "files.applied_tour" not in [one.draft.key for one in await waiting(desk)]


async def test_a_right_that_ends_while_the_file_is_looked_at_has_it_looked_at_again(desk: FilingDesk) -> None:
    """Between reading the file and keeping its preview; nobody's region slips in."""
    weigh = desk.work._weighing.weigh

    async def weigh_and_lose(*given: object, **named: object) -> object:
        weighed = await weigh(*given, **named)  # type: ignore[arg-type]
        desk.work._weighing.weigh = weigh  # type: ignore[method-assign]
        await loses_one(desk)
        return weighed

    await desk.sends(STAFF, TOUR)
    desk.work._weighing.weigh = weigh_and_lose  # type: ignore[method-assign,assignment]
    previews = [one for one in await desk.works() if one.key == "files.preview_tour"]
    assert ["가상 강원" in one.text for one in previews] == [False]
