"""The last look at deliveries before they go: is it still worth sending, what are its words, is it ours?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from bot.domain.delivery import Delivery, DeliveryKind, DeliveryState
from bot.services.change_notices import what_is_left
from bot.services.sending.results import has_acted
from bot.services.unit import Unit
from bot.services.wording import Sections, Worded, Wording

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Ready:
    """A claimed delivery with its words: once its claim is committed, the request may leave."""

    delivery: Delivery
    worded: Worded


async def make_ready(
    unit: Unit, deliveries: Sequence[Delivery], wording: Wording, *, now: datetime
) -> list[Ready]:
    """Claims what is worth sending and words it; the rest ends `expired`, or `failed` when it has no words.

    Whatever goes wrong with the words of one delivery is that delivery's end alone: it must never block the others.
    A section of a digest that goes to many is composed once.
    """
    ready: list[Ready] = []
    sections: Sections = {}
    for planned in deliveries:
        delivery = await _as_still_theirs(unit, planned)
        if await _is_pointless(unit, delivery, now):
            await unit.deliveries.expired(delivery.id, now)
            log.debug("delivery expired", delivery=delivery.id, kind=delivery.kind)
            continue
        attempt = _next_attempt(delivery)
        try:
            ready.append(Ready(attempt, await wording.words(unit, attempt, now, sections)))
        except Exception as error:  # noqa: BLE001 (see above)
            failure = type(error).__name__
            await unit.deliveries.failed(delivery.id, f"words: {failure}", now)
            log.error(  # noqa: TRY400 (a trace could hold the words)
                "delivery has no words", delivery=delivery.id, message=delivery.draft.key, failure=failure
            )
    claimed = await unit.deliveries.claim([one.delivery.id for one in ready], now)
    return [one for one in ready if one.delivery.id in claimed]


def _next_attempt(delivery: Delivery) -> Delivery:
    """The delivery as the claim will store it."""
    may_have_arrived = delivery.attempts > 0
    return replace(
        delivery,
        state=DeliveryState.SENDING,
        attempts=delivery.attempts + 1,
        resend=may_have_arrived and delivery.kind is not DeliveryKind.EDIT,
    )


async def _is_pointless(unit: Unit, delivery: Delivery, now: datetime) -> bool:
    if delivery.draft.expires is not None and delivery.draft.expires <= now:
        return True
    if await unit.deliveries.newer_edit(delivery):
        return True
    if not await _is_still_due_to(unit, delivery):
        return True
    return delivery.attempts > 0 and await has_acted(unit, delivery)


async def _as_still_theirs(unit: Unit, delivery: Delivery) -> Delivery:
    """A notice of several regions without those that were taken from its reader while it was planned or being sent."""
    if not delivery.draft.line_needs or delivery.person is None:
        return delivery
    person = await unit.people.by_id(delivery.person)
    if person is None or delivery.draft.may_be_read_by(person):
        return delivery
    left = what_is_left(delivery.draft, person)
    if left is None:
        return delivery
    await unit.deliveries.say_instead(delivery.id, left)
    return replace(delivery, draft=left)


async def _is_still_due_to(unit: Unit, delivery: Delivery) -> bool:
    """Whether its reader still may have it: roles end, and people delete what we hold, while messages wait."""
    if delivery.draft.needs:
        person = None if delivery.person is None else await unit.people.by_id(delivery.person)
        return person is not None and delivery.draft.may_be_read_by(person)
    if delivery.kind is DeliveryKind.REMINDER and delivery.draft.private:
        return await unit.subscriptions.count_of(delivery.chat) > 0
    if delivery.person is not None and not delivery.draft.private:  # on its way when its reader was forgotten
        return await unit.people.by_id(delivery.person) is not None
    return True
