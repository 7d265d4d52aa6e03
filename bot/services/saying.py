"""Planning what is said: drafts become deliveries in the business transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.delivery import Delivery, DeliveryKind, DeliveryState, Draft, reply_key
from bot.domain.ids import ChatId, DeliveryId, PersonId, new_id
from bot.services.unit import Unit


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where a message goes. `person` is None for a participant or a group."""

    chat: ChatId
    language: str
    person: PersonId | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """One of many messages: its stable key, where it goes, what it says."""

    dedup: str
    to: Recipient
    draft: Draft


async def plan(
    unit: Unit,
    kind: DeliveryKind,
    dedup: str,
    to: Recipient,
    draft: Draft,
    *,
    now: datetime,
    due: datetime | None = None,
) -> bool:
    """Plans one delivery under its stable key, to be sent at `due`, or now; False when that key was planned before."""
    planned = _delivery(kind, Planned(dedup, to, draft), now)
    return await unit.deliveries.plan(replace(planned, due_at=due or now))


async def plan_all(
    unit: Unit, kind: DeliveryKind, messages: Sequence[Planned], *, now: datetime, due: datetime | None = None
) -> None:
    """Plans many at once, to be sent at `due`, or now; keys that were planned before are left alone.

    For whatever goes to all who are concerned: a statement for each of 10,000 would hold up everybody's replies for
    seconds.
    """
    planned = [_delivery(kind, one, now) for one in messages]
    await unit.deliveries.plan_all([replace(one, due_at=due or now) for one in planned])


def _delivery(kind: DeliveryKind, message: Planned, now: datetime) -> Delivery:
    return Delivery(
        id=DeliveryId(new_id()),
        dedup=message.dedup,
        kind=kind,
        state=DeliveryState.PLANNED,
        chat=message.to.chat,
        person=message.to.person,
        language=message.to.language,
        draft=message.draft,
        planned_at=now,
        due_at=now,
    )


class Replies:
    """What one update is answered with: numbered, so that a repeated attempt plans the same keys."""

    def __init__(self, unit: Unit, update_id: int, to: Recipient, *, now: datetime, private: bool) -> None:
        self._unit = unit
        self._update_id = update_id
        self._to = to
        self._now = now
        self._private = private
        self._count = 0

    @property
    def language(self) -> str:
        """What they are written in."""
        return self._to.language

    def speak(self, language: str) -> None:
        """From now on in this language: the person has just chosen it."""
        self._to = replace(self._to, language=language)

    async def say(self, draft: Draft) -> None:
        """Plans a reply, or an edit when the draft changes a message. Private in a participant's dialogue."""
        kind = DeliveryKind.REPLY if draft.edits is None else DeliveryKind.EDIT
        draft = replace(draft, private=draft.private or self._private)
        await plan(self._unit, kind, reply_key(self._update_id, self._count), self._to, draft, now=self._now)
        self._count += 1
