"""What ends with a right, in the transaction that ends it: nothing that hung on it outlives it.

Rights are checked again whenever something takes effect; this is so that nothing waits for such a moment either, and that
a right given anew wakes nothing old. A participant's dialogue hangs on no right and is left alone.
"""

from datetime import datetime

from bot.domain.delivery import notice_key
from bot.domain.ids import PersonId
from bot.domain.incoming import IncomingState
from bot.domain.person import Action, Person
from bot.services.change_notices import what_is_left
from bot.services.files.intake import may_send
from bot.services.revisions import day_changed
from bot.services.staff_waiting import WORDS_WAIT
from bot.services.unit import Unit


async def end_what_hung_on_it(unit: Unit, person: Person, *, now: datetime) -> None:
    """`person` has only the grants that are left: open questions, files, wishes, invitations, messages end."""
    await _questions(unit, person)
    await _files(unit, person, now)
    for region in await unit.digests.wished_by(person.id):
        if not person.may(Action.READ_DIGEST, region):
            await unit.digests.drop_wishes(person.id, region)
    await _invitations(unit, person, now)
    await _messages(unit, person, now)


async def _questions(unit: Unit, person: Person) -> None:
    """What staff were asked. Words that wait for their meeting stay for whoever may still file them somewhere."""
    dialogue = await unit.dialogues.of(person.chat)
    if dialogue is None or dialogue.private:
        return
    if dialogue.step != WORDS_WAIT or not person.may_somewhere(Action.FILE_NOTE):
        await unit.dialogues.drop(person.chat)


async def _files(unit: Unit, person: Person, now: datetime) -> None:
    """Those of somebody who may still send some are looked at anew: a preview names regions, which may not be theirs now."""
    if not may_send(person):
        await unit.incoming.end_of(person.id, IncomingState.DROPPED)
    for file in await unit.incoming.look_again(person.id, now):
        await unit.deliveries.withdraw_unsent([notice_key("file", f"{file}:")], now)


async def _invitations(unit: Unit, person: Person, now: datetime) -> None:
    """Those that nobody took, and those that wait for this person's word, with the name of whoever took them.

    What somebody without any grant took opens nothing again, be it confirmed or not.
    """
    if not person.grants:
        await unit.invitations.forget_claims_of(person.chat)
    for invitation in await unit.invitations.undecided_of(person.id):
        if not person.may(Action.INVITE, invitation.grant.region):
            await unit.deliveries.withdraw_unsent([notice_key("claim", invitation.id)], now)
            await unit.invitations.drop(invitation.id)


async def _messages(unit: Unit, person: Person, now: datetime) -> None:
    """Digests, reminders and notices of changes that wait: only what is still theirs to read, of a notice the lines that are."""
    if not person.grants:
        await unit.deliveries.withdraw_of(person.id)
    for delivery in await unit.deliveries.waiting_of(person.id):
        if delivery.draft.may_be_read_by(person):
            continue
        if (left := what_is_left(delivery.draft, person)) is not None:
            await unit.deliveries.say_instead(delivery.id, left)
        else:
            await unit.deliveries.expired(delivery.id, now)


async def remove_person(unit: Unit, person: PersonId, *, now: datetime) -> None:
    """Destroys who somebody is, and what is recorded of their voice: a digest that counted it is called again.

    In a transaction that began with `before_notes_change`.
    """
    for region, day in await unit.people.remove(person):
        await day_changed(unit, region, day, due=now)
