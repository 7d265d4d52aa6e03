"""What the messenger said about a delivery, written down. The policy for unknown fates is here."""

from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from bot.domain.delivery import POLICY, RESEND_AFTER, Delivery, DeliveryState, WhenUnknown
from bot.domain.ids import ChatId
from bot.services.ports import (
    ChatMoved,
    FateUnknown,
    NotSent,
    SendError,
    SlowDown,
    TokenRefused,
    Unreachable,
)
from bot.services.unit import Unit
from storage.repositories.audit import AuditEntry
from storage.repositories.deliveries import MOST_ATTEMPTS

log = structlog.get_logger(__name__)

STOPPED = "sending_stopped"
"""The fact (and act) that says since when nothing can be sent; empty when sending is possible."""
RESUMED = "sending_resumed"
FATE_UNKNOWN = "delivery_unknown"
"""The act that records a delivery whose fate will never be known."""


@dataclass(frozen=True, slots=True)
class End:
    """How one request ended: the id of the message, or why there is none."""

    delivery: Delivery
    at: datetime
    result: int | SendError


async def record(unit: Unit, end: End) -> DeliveryState:
    """Writes an end down; the state that the delivery is in now."""
    delivery, now = end.delivery, end.at
    match end.result:
        case int(message_id):
            await unit.deliveries.sent(delivery.id, message_id, now)
            return DeliveryState.SENT
        case SlowDown(after=after):
            await unit.deliveries.again(delivery.id, now + after)
            return DeliveryState.PLANNED
        case NotSent() | TokenRefused():
            await unit.deliveries.again(delivery.id, now)
            return DeliveryState.PLANNED
        case ChatMoved(to=to) if to != delivery.chat:
            await _follow(unit, delivery.chat, to)
            await unit.deliveries.again(delivery.id, now)
            return DeliveryState.PLANNED
        case FateUnknown():
            await unsure(unit, delivery, now=now)
            return DeliveryState.UNKNOWN
        case Unreachable():
            await unit.people.mark_reachable(delivery.chat, reachable=False)
    await unit.deliveries.failed(delivery.id, f"{type(end.result).__name__}: {end.result}", now)
    return DeliveryState.FAILED


def note(delivery: Delivery, state: DeliveryState, result: int | SendError | None) -> None:
    """One line for the log, without words, names or chats. No result: a process ended in the middle."""
    fields = {"delivery": delivery.id, "kind": delivery.kind.value, "attempt": delivery.attempts}
    if state is DeliveryState.SENT:
        log.debug("delivery sent", **fields)
        return
    failure = "crash" if result is None else type(result).__name__
    log.warning("delivery not sent", state=state.value, failure=failure, **fields)


def is_final(delivery: Delivery) -> bool:
    """Whether an unknown fate of this attempt stays unknown: it was the resend already."""
    return delivery.attempts >= MOST_ATTEMPTS


async def unsure(unit: Unit, delivery: Delivery, *, now: datetime) -> None:
    """The request may have arrived: one resend as its kind asks for, after a second time never again."""
    if not is_final(delivery):
        repeat = POLICY[delivery.kind] is WhenUnknown.REPEAT
        await unit.deliveries.unknown(delivery.id, now, now if repeat else now + RESEND_AFTER)
        return
    await unit.deliveries.unknown(delivery.id, now, None)
    # The act outlives the delivery, and its time must not tie a participant's dialogue to anything.
    subject = "private" if delivery.draft.private else delivery.id
    await unit.audit.record(AuditEntry(now, None, FATE_UNKNOWN, subject, {"kind": delivery.kind.value}))


async def _follow(unit: Unit, old: ChatId, new: ChatId) -> None:
    await unit.deliveries.moved_chat(old, new)
    person = await unit.people.by_chat(old)
    if person is not None and await unit.people.by_chat(new) is None:
        await unit.people.keep(replace(person, chat=new))
