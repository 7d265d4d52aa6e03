"""What the messenger said about a delivery, written down. The policy for unknown fates is here."""

from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from bot.domain.delivery import (
    ERASED,
    POLICY,
    RESEND_AFTER,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Draft,
    WhenUnknown,
    notice_key,
)
from bot.domain.ids import ChatId
from bot.services.ports import (
    ChatMoved,
    FateUnknown,
    NotSent,
    Rejected,
    SendError,
    SlowDown,
    TokenRefused,
    Unreachable,
)
from bot.services.saying import Recipient, plan
from bot.services.unit import Unit
from storage.repositories.audit import AuditEntry

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
            return await unsure(unit, delivery, now=now)
        case Unreachable():
            await unit.people.mark_reachable(delivery.chat, reachable=False)
            await unit.subscriptions.drop(delivery.chat)
    await unit.deliveries.failed(delivery.id, f"{type(end.result).__name__}: {end.result}", now)
    if isinstance(end.result, Rejected) and delivery.dedup.startswith(ERASED):
        await _not_erased(unit, delivery, end.result, now)
    return DeliveryState.FAILED


async def _not_erased(unit: Unit, delivery: Delivery, why: Rejected, now: datetime) -> None:
    """Words that had to go stand in somebody's chat for good: they are asked to delete the message, unless they did.

    Telegram: "message to edit not found", "message can't be edited".
    """
    if "not found" in str(why):
        return
    known = delivery.draft.values
    told = Draft("tour.not_erased")
    if "region" in known:
        told = Draft("errata.not_erased", {name: known[name] for name in ("region", "day")})
    to = Recipient(delivery.chat, delivery.language)
    await plan(unit, DeliveryKind.NOTICE, notice_key("not-erased", delivery.id), to, told, now=now)


def note(delivery: Delivery, state: DeliveryState, result: int | SendError | None) -> None:
    """One line for the log, without words, names or chats. No result: a process ended in the middle."""
    fields = {"delivery": delivery.id, "kind": delivery.kind.value, "attempt": delivery.attempts}
    if state is DeliveryState.SENT:
        log.debug("delivery sent", **fields)
        return
    failure = "crash" if result is None else type(result).__name__
    log.warning("delivery not sent", state=state.value, failure=failure, **fields)


async def unsure(unit: Unit, delivery: Delivery, *, now: datetime) -> DeliveryState:
    """The request may have arrived: one resend as its kind asks for, after a second time never again."""
    if not delivery.is_last_attempt:
        if await has_acted(unit, delivery):
            await unit.deliveries.expired(delivery.id, now)
            return DeliveryState.EXPIRED
        repeat = POLICY[delivery.kind] is WhenUnknown.REPEAT
        await unit.deliveries.unknown(delivery.id, now, now if repeat else now + RESEND_AFTER)
        return DeliveryState.UNKNOWN
    await unit.deliveries.unknown(delivery.id, now, None)
    # The act outlives the delivery, and its time must not tie a participant's dialogue to anything.
    subject = "private" if delivery.draft.private else delivery.id
    await unit.audit.record(AuditEntry(now, None, FATE_UNKNOWN, subject, {"kind": delivery.kind.value}))
    return DeliveryState.UNKNOWN


async def has_acted(unit: Unit, delivery: Delivery) -> bool:
    """Whether the reader of a reply, which may have arrived, has gone on since: then it is not repeated.

    Asks the raw updates, which live for minutes. What comes later is not forgotten: an update that is settled ends the
    replies that wait for their resend (deliveries.expire_resends_of).
    """
    if POLICY[delivery.kind] is not WhenUnknown.RESEND_UNLESS_ACTED:
        return False
    attempted = await unit.deliveries.attempted_at(delivery.id)
    return attempted is not None and await unit.inbox.came_since(delivery.chat, attempted)


async def _follow(unit: Unit, old: ChatId, new: ChatId) -> None:
    await unit.deliveries.moved_chat(old, new)
    person = await unit.people.by_chat(old)
    if person is not None and await unit.people.by_chat(new) is None:
        await unit.people.keep(replace(person, chat=new))
