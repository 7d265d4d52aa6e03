"""How a file that somebody sent becomes part of a note: kept as awaited, with an order to fetch it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.feedback import Note, reissue_due
from bot.domain.ids import ChatId, Secret, hash_of, new_id
from bot.domain.media import MediaJob, MediaState, Medium, Sent
from bot.services.unit import Unit

FETCHED_WITHIN = timedelta(hours=6)
"""Staff's: reception on the road may be bad for so long on our side too."""
PARTICIPANTS_FETCHED_WITHIN = timedelta(minutes=12)
"""Leaves three minutes to say that it was not had, before whoever sent it is forgotten."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who sent a file, as long as they may be told of it. `secret` is the note's, for a participant's buttons."""

    chat: ChatId
    language: str
    secret: Secret | None = None

    @property
    def private(self) -> bool:
        return self.secret is not None


async def forget(
    unit: Unit, chats: Collection[ChatId], before: datetime, *, now: datetime, everything: bool = False
) -> None:
    """Destroys what ties media that came up to `before` to these chats (`everything`: sent as staff, too).

    What is left of a participant's job has the times that everybody's has: the half hour at which all are tried next, and
    midnights (UTC).
    """
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    times = (midnight, reissue_due(now), midnight + timedelta(days=2))
    await unit.media.let_go(chats, before, times=times, everything=everything)


async def order(unit: Unit, note: Note, files: Iterable[Sent], author: Author, *, now: datetime) -> None:
    """Awaits these files for a note that is kept already. Nothing is fetched here."""
    within = PARTICIPANTS_FETCHED_WITHIN if author.private else FETCHED_WITHIN
    for sent in files:
        medium = Medium(new_id(), note.id, sent.kind, MediaState.AWAITED)
        job = MediaJob(
            medium=medium.id,
            kind=sent.kind,
            state=MediaState.AWAITED,
            file_id=sent.file_id,
            chat=author.chat,
            language=author.language,
            private=author.private,
            words_were=hash_of(note.words),
            gives_up_at=now + within,
            asked_at=now,
            secret=author.secret,
        )
        await unit.media.add(medium, job, None if author.private else sent.album)
