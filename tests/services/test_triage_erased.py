"""What was taken back leaves the cards that were sent, whichever of them stands in the message."""

import pytest

from bot.domain.delivery import DeliveryKind
from bot.domain.ids import NoteId
from bot.domain.person import Grant, Person, Role
from bot.services.saying import Recipient, plan
from bot.services.triage import Turn
from bot.services.triage_cards import card
from storage.database import Database
from tests.support.chat import STAFF, grant
from tests.support.digest_office import Office
from tests.support.feedback import LUNCH
from tests.support.kept import JEONBUK
from tests.support.plans import at
from tests.support.report_day import EVENING, report_day
from tests.support.triage_day import PLAIN, speak, triage

EMPTIED = "내용을 지웠습니다"


async def begins(office: Office, person: Person) -> Turn:
    async with office.day.database.open_unit() as unit:
        turn = await triage(office.day).begin(unit, person, LUNCH.id, now=office.day.clock.now())
        await unit.commit()
    assert turn is not None
    return turn


async def sorts(office: Office, person: Person, note: NoteId) -> Turn:
    async with office.day.database.open_unit() as unit:
        turn = await triage(office.day).sort(unit, person, note, "jobs", now=office.day.clock.now())
        await unit.commit()
    assert turn is not None
    return turn


async def shows(office: Office, person: Person, turn: Turn, *, edits: int | None = None) -> None:
    now = office.day.clock.now()
    kind = DeliveryKind.REPLY if edits is None else DeliveryKind.EDIT
    async with office.day.database.open_unit() as unit:
        to = Recipient(person.chat, "ko", person.id)
        await plan(unit, kind, f"reply:{now.isoformat()}", to, card(turn, edits=edits), now=now)
        await unit.commit()
    await office.sends()


@pytest.mark.parametrize("sent", [False, True], ids=["interim", "sent"])
async def test_a_card_is_emptied_with_the_digest_that_it_quotes(database: Database, *, sent: bool) -> None:
    office = Office(await report_day(database))
    person = await grant(database, STAFF, Grant(Role.STAFF, JEONBUK))
    notes = await speak(office.day)
    if sent:
        await office.day.publishes(EVENING)
    else:
        await office.day.half_hour(at("12:00"))
    first = await begins(office, person)
    assert first.card is not None
    await shows(office, person, first)
    second = await sorts(office, person, first.card.note)
    assert second.card is not None
    await shows(office, person, second, edits=1)
    [stands] = office.stands(STAFF.id)
    words = dict(zip(notes, PLAIN, strict=True))
    assert words[second.card.note] in stands
    assert "미분류 의견 4건" in stands
    await office.day.withdraws(second.card.note)
    await office.day.publishing.publish_due()
    await office.sends()
    [stands] = office.stands(STAFF.id)
    assert EMPTIED in stands
    assert not any(one in stands for one in PLAIN)


async def test_a_card_that_waited_too_long_says_that_its_note_changed(database: Database) -> None:
    office = Office(await report_day(database))
    person = await grant(database, STAFF, Grant(Role.STAFF, JEONBUK))
    await speak(office.day)
    await office.day.half_hour(at("12:00"))
    first = await begins(office, person)
    assert first.card is not None
    await office.day.withdraws(first.card.note)
    await shows(office, person, first)
    assert not any(one in "".join(office.stands(STAFF.id)) for one in PLAIN)


async def test_who_lost_the_role_gets_no_card_any_more(database: Database) -> None:
    office = Office(await report_day(database))
    person = await grant(database, STAFF, Grant(Role.STAFF, JEONBUK))
    await speak(office.day)
    await office.day.half_hour(at("12:00"))
    first = await begins(office, person)
    await grant(database, STAFF, Grant(Role.MANAGER, JEONBUK))
    await shows(office, person, first)
    assert office.stands(STAFF.id) == []
