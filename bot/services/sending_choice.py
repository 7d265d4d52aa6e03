"""The last look at deliveries before they go: is it still worth sending, what are its words, is it ours?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from bot.domain.delivery import POLICY, Delivery, DeliveryKind, DeliveryState, WhenUnknown
from bot.services.unit import Unit
from bot.services.wording import Worded, Wording

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
    """
    ready: list[Ready] = []
    for delivery in deliveries:
        if await _is_pointless(unit, delivery, now):
            await unit.deliveries.expired(delivery.id, now)
            log.debug("delivery expired", delivery=delivery.id, kind=delivery.kind)
            continue
        attempt = _next_attempt(delivery)
        try:
            ready.append(Ready(attempt, await wording.words(unit, attempt, now)))
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
    if delivery.attempts == 0 or POLICY[delivery.kind] is not WhenUnknown.RESEND_UNLESS_ACTED:
        return False
    attempted = await unit.deliveries.attempted_at(delivery.id)
    return attempted is not None and await unit.inbox.came_since(delivery.chat, attempted)
