"""Voice and pictures (음성·사진) that people send instead of words: what is taken, how large, and what becomes of it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.digest import SetAsideReason
from bot.domain.errors import Refusal
from bot.domain.ids import ChatId, NoteId, Secret, hash_of

LARGEST_FILE = 20 * 1024 * 1024
"""Bytes that a bot may fetch (Telegram, getFile)."""
LONGEST_VOICE = timedelta(minutes=5)
"""What is said in it fits into one note (LONGEST_TRANSCRIPT), and listening stays a matter of minutes."""
LONGEST_TRANSCRIPT = 3000
"""Characters: ten a second for all of LONGEST_VOICE, faster than anybody speaks. What is longer was not said."""
MOST_OF_A_NOTE = 10
"""Files of one note; Telegram's albums hold as many."""
MEDIA_CONSENT_SINCE = 2
"""The first version of the notice `feedback` that speaks of voice and pictures; who agreed to an older one writes."""


class MediaKind(StrEnum):
    VOICE = "voice"
    PHOTO = "photo"


class MediaState(StrEnum):
    AWAITED = "awaited"  # nothing is here yet but the messenger's name for it
    FETCHED = "fetched"  # a voice that waits to be written down
    TRANSCRIBED = "transcribed"  # a voice whose words are the note's
    KEPT = "kept"  # a picture; a voice that nobody wrote down
    SILENT = "silent"  # a voice in which nobody speaks
    LOST = "lost"  # it could not be had, or not be read; or it was destroyed with who spoke it


class TooLarge(Refusal):
    """More than LARGEST_FILE: the messenger does not hand it out to bots."""

    def __init__(self) -> None:
        super().__init__("media.too_large", {"limit": LARGEST_FILE // 1024 // 1024})


class TooLong(Refusal):
    """Longer than LONGEST_VOICE."""

    def __init__(self) -> None:
        super().__init__("media.too_long", {"limit": LONGEST_VOICE.total_seconds() / 60})


class TooMany(Refusal):
    """The note has MOST_OF_A_NOTE files already."""

    def __init__(self) -> None:
        super().__init__("media.too_many", {"limit": MOST_OF_A_NOTE})


class WriteInstead(Refusal):
    """Words that are to be changed, and names, are written: a voice would put nothing in their place for a while."""

    def __init__(self) -> None:
        super().__init__("media.write_instead")


class NotAgreed(Refusal):
    """Voice and pictures are not in the notice that the person agreed to."""

    def __init__(self) -> None:
        super().__init__("media.not_agreed")


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as a message named it. `size` in bytes and `seconds` as far as the messenger tells them.

    `words` came with it. `album` is the same for all that were sent as one, and tells nothing else.
    """

    kind: MediaKind
    file_id: str
    words: str = ""
    size: int | None = None
    seconds: int | None = None
    album: str | None = None

    def require_fit(self) -> None:
        """Raises TooLarge, TooLong: before anything is fetched."""
        if self.size is not None and self.size > LARGEST_FILE:
            raise TooLarge
        if self.seconds is not None and self.seconds > LONGEST_VOICE.total_seconds():
            raise TooLong

    def without_words(self) -> dict[str, str]:
        """As plain text, for a dialogue's row."""
        return {"kind": self.kind, "file_id": self.file_id, "album": self.album or ""}


def album_of(group: str | None) -> str | None:
    """What is kept of the messenger's name for an album."""
    return None if group is None else hash_of(group)[:32]


def to_text(files: Iterable[Sent]) -> str:
    """Files that wait for their meeting, for a dialogue's row."""
    return json.dumps([one.without_words() for one in files])


def from_text(text: str) -> tuple[Sent, ...]:
    """The inverse of `to_text`, without words and measures: they were judged when the files came."""
    return tuple(
        Sent(MediaKind(one["kind"]), one["file_id"], album=one["album"] or None) for one in json.loads(text)
    )


@dataclass(frozen=True, slots=True)
class Medium:
    """A file of a note; its content is read only by whoever needs it."""

    id: str
    note: NoteId
    kind: MediaKind
    state: MediaState


@dataclass(frozen=True, slots=True)
class MediaJob:
    """What is still to be done for a medium. `file_id` is there until it was fetched, `chat` while its author may be told.

    `words_were`: a hash of the note's words when the voice came, to tell whether somebody wrote in the meantime.
    `private`: a participant's; file, chat, times and the button's `secret` live at most as long as the dialogue.
    `attempts` counts those since the last one that came to an orderly end.
    `leased_until` is the claim: whoever holds another one may not write.
    """

    medium: str
    kind: MediaKind
    state: MediaState
    file_id: str | None
    chat: ChatId | None
    language: str
    private: bool
    words_were: str
    gives_up_at: datetime
    asked_at: datetime
    secret: Secret | None = None
    attempts: int = 0
    leased_until: datetime | None = None


_UNWORDED: dict[tuple[MediaKind, MediaState], SetAsideReason] = {
    (MediaKind.VOICE, MediaState.SILENT): SetAsideReason.VOICE_SILENT,
    (MediaKind.VOICE, MediaState.LOST): SetAsideReason.MEDIA_LOST,
    (MediaKind.PHOTO, MediaState.LOST): SetAsideReason.MEDIA_LOST,
}


def why_without_words(media: Iterable[Medium]) -> SetAsideReason | None:
    """Why a note without words is not in a digest's text, by what it has instead; None for a note without media.

    A voice nobody could read counts before a picture, whatever came of either.
    """
    reasons = {
        _UNWORDED.get(
            (one.kind, one.state),
            SetAsideReason.VOICE_UNTRANSCRIBED if one.kind is MediaKind.VOICE else SetAsideReason.PHOTO_ONLY,
        )
        for one in media
    }
    return next((reason for reason in SetAsideReason if reason in reasons), None)
