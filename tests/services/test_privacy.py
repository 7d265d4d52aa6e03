"""What /privacy finds, gives out and destroys, on both databases."""

import pytest
from sqlalchemy import text

from bot.domain.delivery import DeliveryKind, Draft
from bot.domain.ids import ChatId, Region, SecretHash
from bot.domain.invitation import Invitation, InvitationState
from bot.domain.person import Grant, Role
from bot.gateways.clock import SteppedClock
from bot.services.privacy import FORGOTTEN, Privacy, StillNeeded
from bot.services.purge import Purge
from bot.services.saying import Recipient, plan
from bot.services.staff_notes import StaffNotes
from storage.database import Database
from storage.repositories.subscriptions import Subscription
from tests.support.chat import ADMIN, STAFF, STRANGER, grant
from tests.support.feedback import DINNER, TEXTS, on_tour
from tests.support.plans import SEOUL, at

PRIVACY = Privacy(TEXTS)
CHAT = ChatId(STAFF.id)
NOON = at("12:00")
JEONBUK = Grant(Role.STAFF, Region("전북"))


async def test_forgetting_somebody_leaves_their_notes_and_nothing_of_them(database: Database) -> None:
    await on_tour(database)
    person = await grant(database, STAFF, JEONBUK)
    async with database.open_unit() as unit:
        await StaffNotes(SEOUL).write(unit, person, "남는 메모", now=NOON)
        await unit.subscriptions.keep(Subscription("s", DINNER.id, CHAT, "ko"))
        await unit.invitations.keep(
            Invitation(
                SecretHash("a" * 64),
                JEONBUK,
                None,
                at("20:00"),
                state=InvitationState.GRANTED,
                claimed_chat=CHAT,
                claimed_name=STAFF.first_name,
                claimed_language="ko",
            )
        )
        to = Recipient(CHAT, "ko", person.id)
        await plan(unit, DeliveryKind.REMINDER, "reminder:1", to, Draft("common.sorry"), now=NOON)
        held = await PRIVACY.held(unit, CHAT)
        assert (held.person, held.staff_notes, held.subscriptions) == (person, 1, 1)
        assert [note.words for note in await PRIVACY.export(unit, person)] == ["남는 메모"]
        await PRIVACY.forget(unit, CHAT, now=NOON)
        await unit.commit()
    async with database.open_unit() as unit:
        held = await PRIVACY.held(unit, CHAT)
        assert (held.person, held.staff_notes, held.subscriptions, held.dialogue) == (None, 0, 0, False)
        [spoken] = await unit.notes.of_day(Region("전북"), DINNER.day)
        assert spoken.note.words == "남는 메모"
        tied = await unit._session.execute(text("SELECT count(*) FROM voices WHERE person_id IS NOT NULL"))
        assert tied.scalar_one() == 0
        assert (await unit._session.execute(text("SELECT count(*) FROM invitations"))).scalar_one() == 0
        [entry] = await unit.audit.since(NOON, FORGOTTEN)
        assert entry.actor == person.id


async def test_what_was_sent_to_a_forgotten_person_goes_with_the_next_purge(database: Database) -> None:
    await on_tour(database)
    person = await grant(database, STAFF, JEONBUK)
    async with database.open_unit() as unit:
        to = Recipient(CHAT, "ko", person.id)
        await plan(unit, DeliveryKind.REMINDER, "reminder:1", to, Draft("common.sorry"), now=NOON)
        [due] = await unit.deliveries.due(NOON, frozenset(), 5)
        await unit.deliveries.claim([due.id], NOON)
        await unit.deliveries.sent(due.id, 1, NOON)
        await PRIVACY.forget(unit, CHAT, now=NOON)
        await unit.commit()
    await Purge(SteppedClock(at("12:15")), SEOUL, 90).run(database.open_unit, database.truncate_log)
    async with database.open_unit(read_only=True) as unit:
        left = await unit._session.execute(text("SELECT count(*) FROM deliveries WHERE chat_id IS NOT NULL"))
        assert left.scalar_one() == 0


@pytest.mark.parametrize(
    ("others", "goes"),
    [
        ([], False),
        ([Grant(Role.ADMIN, Region("전북"))], False),
        ([Grant(Role.STAFF, None)], False),
        ([Grant(Role.ADMIN, None)], True),
    ],
)
async def test_an_administrator_goes_only_when_somebody_else_covers_all_of_it(
    database: Database, others: list[Grant], goes: bool
) -> None:
    await grant(database, ADMIN, Grant(Role.ADMIN, None))
    if others:
        await grant(database, STRANGER, *others)
    async with database.open_unit() as unit:
        if goes:
            await PRIVACY.forget(unit, ChatId(ADMIN.id), now=NOON)
            assert await unit.people.by_chat(ChatId(ADMIN.id)) is None
        else:
            with pytest.raises(StillNeeded):
                await PRIVACY.forget(unit, ChatId(ADMIN.id), now=NOON)
