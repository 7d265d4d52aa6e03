"""The first stage: notes with words that may be shown, personal data and links taken out, in the order of their numbers."""

from dataclasses import dataclass

from bot.digest.links import without_links
from bot.digest.numbering import number_key
from bot.digest.redact import redact
from bot.digest.redaction.kinds import LINK_MARK
from bot.digest.redaction.known import names_on_file, parts_of
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


def _titles(day: DayInput) -> tuple[str, ...]:
    """What the day's own words are taken from: none of them is a name."""
    return (day.region, *(topic.title for topic in day.topics), *(one.title for one in day.meetings))


def _own_names(note: DayNote, titles: tuple[str, ...]) -> frozenset[str]:
    return frozenset(part for name in note.own_names for part in parts_of(name, titles))


def names_of(day: DayInput) -> frozenset[str]:
    """The names on file that are redacted in whatever is said of this day."""
    return names_on_file(day.known_names, _titles(day))


def prepare(day: DayInput) -> tuple[Prepared, ...]:
    titles, on_file = _titles(day), names_of(day)
    prepared = []
    for note in sorted(day.notes, key=lambda note: number_key(note.number)):
        words = without_links(redact(note.words, on_file, _own_names(note, titles)).text).strip()
        prepared.append(Prepared(note, words, is_suspect(words)))
    return tuple(prepared)
