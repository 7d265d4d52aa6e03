"""What the parts of the repository share: conditions, and rows as values."""

from sqlalchemy import and_
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.delivery import Delivery, DeliveryState
from storage.drafts import draft_from_json
from storage.models import DeliveryRow

OPEN = (DeliveryState.PLANNED, DeliveryState.SENDING)
WAITS = DeliveryRow.due_at.is_not(None)
"""Planned, or of unknown fate with its resend to come: nothing else has a due time (constraints of the table)."""
RESEND_WAITS = and_(DeliveryRow.state == DeliveryState.UNKNOWN, WAITS)
"""An unknown fate without a due time is final."""
HAS_WORDS = DeliveryRow.draft.is_not(None)
"""Its end is not known yet: it waits, or is being sent."""
AFTER_ALL = "\U0010ffff"
"""Sorts behind every character of a key."""


class Part:
    """A part of the repository."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session


def to_delivery(row: DeliveryRow) -> Delivery:
    """Raises LookupError for one that has ended: its words are gone."""
    if row.chat_id is None or row.draft is None or row.planned_at is None:
        raise LookupError("a delivery that has ended cannot be read")
    return Delivery(
        id=row.id,
        dedup=row.dedup,
        kind=row.kind,
        state=row.state,
        chat=row.chat_id,
        person=row.person_id,
        language=row.language,
        draft=draft_from_json(row.draft),
        planned_at=row.planned_at,
        due_at=row.due_at or row.planned_at,
        attempts=row.attempts,
        resend=row.resend,
    )
