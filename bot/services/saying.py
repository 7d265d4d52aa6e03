"""Planning what is said: drafts become deliveries in the business transaction."""

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


async def plan(
    unit: Unit, kind: DeliveryKind, dedup: str, to: Recipient, draft: Draft, *, now: datetime
) -> bool:
    """Plans one delivery under its stable key; False when that key was planned before."""
    return await unit.deliveries.plan(
        Delivery(
            id=DeliveryId(new_id()),
            dedup=dedup,
            kind=kind,
            state=DeliveryState.PLANNED,
            chat=to.chat,
            person=to.person,
            language=to.language,
            draft=draft,
            planned_at=now,
            due_at=now,
        )
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

    async def say(self, draft: Draft) -> None:
        """Plans a reply, or an edit when the draft changes a message. Private in a participant's dialogue."""
        kind = DeliveryKind.REPLY if draft.edits is None else DeliveryKind.EDIT
        draft = replace(draft, private=draft.private or self._private)
        await plan(self._unit, kind, reply_key(self._update_id, self._count), self._to, draft, now=self._now)
        self._count += 1
