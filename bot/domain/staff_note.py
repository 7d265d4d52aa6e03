"""Staff notes as they are handed about: what a note can be marked as, where it is filed, and what is refused."""

from dataclasses import dataclass

from bot.domain.digest import Topic
from bot.domain.errors import Refusal
from bot.domain.feedback import Note, NoteKind
from bot.domain.media import Medium
from bot.domain.meeting import Meeting

MARKS = (NoteKind.OBSERVATION, NoteKind.REQUEST, NoteKind.PROMISE, NoteKind.HEARSAY)
"""What staff can say a note is, in the order of the buttons."""


class NoMeeting(Refusal):
    """No meeting of the person's regions has begun lately: there is nothing that the words could be about."""

    def __init__(self) -> None:
        super().__init__("notes.no_meeting")


class WordsGone(Refusal):
    """The words that waited for a meeting were destroyed after fifteen minutes."""

    def __init__(self) -> None:
        super().__init__("notes.words_gone")


class WordsWait(Refusal):
    """Words wait for their meeting: nothing else is asked before they are filed, or they would be lost."""

    def __init__(self) -> None:
        super().__init__("notes.words_wait")


class NoteWithdrawn(Refusal):
    """The note was taken back: nothing of it is left to change."""

    def __init__(self) -> None:
        super().__init__("notes.already_withdrawn")


@dataclass(frozen=True, slots=True)
class Filed:
    """A note and the meeting it is filed under."""

    note: Note
    meeting: Meeting
    topics: tuple[Topic, ...]
    media: tuple[Medium, ...] = ()
    joined: bool = False
    """The file that came belongs to a card that was shown already."""

    def topic_title(self) -> str | None:
        return next((topic.title for topic in self.topics if topic.key == self.note.topic), None)


@dataclass(frozen=True, slots=True)
class Choice:
    """The words wait until one of these meetings is chosen, at most fifteen minutes."""

    meetings: tuple[Meeting, ...]
