"""The first stage: notes with words that may be shown, personal data and links taken out, in the order of their numbers."""

from dataclasses import dataclass

from bot.digest.links import without_links
from bot.digest.numbering import number_key
from bot.digest.redact import redact
from bot.digest.redaction.kinds import LINK_MARK
from bot.digest.suspect import is_suspect
from bot.domain.digest import DayInput, DayNote


@dataclass(frozen=True, slots=True)
class Prepared:
    """`words` are NFC, redacted, without links: all that any later stage may see of what was written."""

    note: DayNote
    words: str
    suspect: bool

    @property
    def number(self) -> str:
        return self.note.number

    @property
    def quotable_whole(self) -> bool:
        """Neither an order to the summariser nor a link anywhere in it."""
        return not self.suspect and LINK_MARK not in self.words


def prepare(day: DayInput) -> tuple[Prepared, ...]:
    prepared = []
    for note in sorted(day.notes, key=lambda note: number_key(note.number)):
        words = without_links(redact(note.words, day.known_names).text).strip()
        prepared.append(Prepared(note, words, is_suspect(words)))
    return tuple(prepared)
