"""Promises broken on purpose, to prove that the judge sees it: what finds nothing must be able to find something."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from types import ModuleType
from typing import Any

import structlog

from bot.domain.delivery import Delivery, DeliveryState
from bot.domain.limits import Limits
from bot.domain.person import Role
from bot.services import change_notices, reminders
from bot.services.audience import Listener
from bot.services.inbox import InboxService
from bot.services.ports import RawUpdate, SendError
from bot.services.saying import Recipient
from bot.services.sending import choice, sender
from bot.services.sending.choice import Ready
from bot.services.sending.courier import Courier
from bot.services.unit import Unit

BREAK = "HARNESS_BREAK"
"""In a life's environment: the name of what is to be broken."""
_EVERY = 40


def _resend_in_silence() -> None:
    """What was on its way at a crash is simply planned again."""

    async def again(unit: Unit, delivery: Delivery, *, now: Any) -> DeliveryState:
        await unit.deliveries.again(delivery.id, now)
        return DeliveryState.PLANNED

    _put(sender, "unsure", again)


def _forget_the_label() -> None:
    """A resend looks like a first message."""
    next_attempt = choice._next_attempt
    _put(choice, "_next_attempt", lambda delivery: replace(next_attempt(delivery), resend=False))


def _acknowledge_unkept() -> None:
    """Some updates are acknowledged and were never kept."""
    receive = InboxService.receive

    async def careless(self: InboxService, updates: list[RawUpdate]) -> int:
        kept = [update for update in updates if update.update_id % _EVERY]
        return await receive(self, kept) if kept else 0

    _put(InboxService, "receive", careless)


def _forget_the_limits() -> None:
    """A new process sends as if nobody had sent a moment ago."""
    _put(Limits, "restart", lambda self, monotonic: None)


def _claim_too_much() -> None:
    """Some messages are said to be sent and never left."""
    hand_over = Courier.hand_over
    count = iter(range(1, 10**9))

    async def boasting(self: Courier, ready: Ready) -> int | SendError:
        return 1 if next(count) % _EVERY == 0 else await hand_over(self, ready)

    _put(Courier, "hand_over", boasting)


def _chat_in_the_log() -> None:
    """The log holds what people wrote."""
    receive = InboxService.receive

    async def talkative(self: InboxService, updates: list[RawUpdate]) -> int:
        structlog.get_logger(__name__).info("updates", payloads=[update.payload for update in updates])
        return await receive(self, updates)

    _put(InboxService, "receive", talkative)


def _tell_everybody() -> None:
    """A region's schedule is told to the staff of all."""

    async def everybody(unit: Unit, _region: object) -> Sequence[Listener]:
        regions = await unit.meetings.regions()
        people = [one for region in regions for one in await unit.people.reachable_with(Role.STAFF, region)]
        return [Listener(p.id, Recipient(p.chat, p.language, p.id)) for p in people]

    _put(reminders, "schedule_listeners", everybody)
    _put(change_notices, "schedule_listeners", everybody)


def _put(owner: ModuleType | type, name: str, instead: Callable[..., Any]) -> None:
    setattr(owner, name, instead)


BREAKS: dict[str, Callable[[], None]] = {
    "a resend in silence": _resend_in_silence,
    "a resend without its label": _forget_the_label,
    "an update acknowledged and not kept": _acknowledge_unkept,
    "limits forgotten at a restart": _forget_the_limits,
    "a message said to be sent": _claim_too_much,
    "words in the log": _chat_in_the_log,
    "a schedule told to everybody": _tell_everybody,
}
"""By name, as the report says them."""
