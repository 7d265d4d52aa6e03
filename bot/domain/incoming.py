"""Files that people send into the chat to be brought in: a schedule or notes. Looked at first, then applied or dropped."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.ids import ChatId, PersonId
from bot.domain.reading import TableKind

LIFE = timedelta(hours=1)
"""So long the bytes of a file wait for a decision; then they are destroyed."""
BIGGEST_FILE = 20_000_000
"""Bytes that a bot may fetch (core.telegram.org/bots/api#getfile)."""
MOST_LINES = 20_000
"""Of one file."""
MOST_OPEN = 5
"""Files of one person that may wait at a time."""


class IncomingState(StrEnum):
    RECEIVED = "received"  # named by Telegram, not fetched yet
    FETCHED = "fetched"  # its bytes are here, nobody has looked at them
    PREVIEWED = "previewed"  # shown what it would do; a person decides
    CONFIRMED = "confirmed"  # decided; to be applied
    APPLIED = "applied"
    DROPPED = "dropped"
    REFUSED = "refused"
    EXPIRED = "expired"


OPEN = (IncomingState.RECEIVED, IncomingState.FETCHED, IncomingState.PREVIEWED, IncomingState.CONFIRMED)
"""What holds bytes, or will."""
AT_WORK = (IncomingState.RECEIVED, IncomingState.FETCHED, IncomingState.CONFIRMED)
"""What the background work takes its next step with."""


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """One file, without its bytes.

    `file_id` is Telegram's. `preview` is the fingerprint of what was shown, `card` the message that showed it.
    `cancels`: what is missing from it is called off as well. `step` counts what was begun: a message's key.
    """

    id: str
    person: PersonId
    chat: ChatId
    file_id: str | None
    name: str | None
    size: int | None
    created_at: datetime
    next_try_at: datetime
    state: IncomingState = IncomingState.RECEIVED
    kind: TableKind | None = None
    preview: str | None = None
    card: int | None = None
    cancels: bool = False
    attempts: int = 0
    step: int = 0
