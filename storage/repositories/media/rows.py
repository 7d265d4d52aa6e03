"""What the parts of the repository share: rows as values, and what is read of a medium without its content."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.media import MediaJob, MediaKind, MediaState
from storage.models import MediaJobRow, MediumRow

MEDIUM = select(MediumRow.id, MediumRow.note_id, MediumRow.kind, MediumRow.state)


@dataclass(frozen=True, slots=True)
class Content:
    """The bytes of a medium, as they are kept."""

    data: bytes
    mime: str


class Part:
    """A part of the repository."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session


def free(now: datetime) -> ColumnElement[bool]:
    """Jobs that nobody holds (any more)."""
    return or_(MediaJobRow.leased_until.is_(None), MediaJobRow.leased_until <= now)


def to_job(row: MediaJobRow, kind: MediaKind, state: MediaState) -> MediaJob:
    return MediaJob(
        medium=row.medium_id,
        kind=kind,
        state=state,
        file_id=row.file_id,
        chat=row.chat_id,
        language=row.language,
        private=row.private,
        words_were=row.words_were,
        gives_up_at=row.gives_up_at,
        asked_at=row.asked_at,
        secret=row.secret,
        attempts=row.attempts,
        leased_until=row.leased_until,
    )
