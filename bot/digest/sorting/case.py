"""A day's notes that nobody filed, as a language model is asked about them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.digest.group import STAFF_KINDS
from bot.digest.grouping.proposals import Proposals
from bot.digest.meaning import is_meaningless
from bot.digest.model_theme import MAY_GO_ABROAD
from bot.digest.ports import Request
from bot.digest.prepare import Prepared, names_of
from bot.digest.redaction.kinds import LINK_MARK
from bot.digest.sorting.batches import batches
from bot.digest.sorting.names import vocabulary
from bot.digest.sorting.prompt import ask_parts, ask_topics, local_topics
from bot.digest.units import clean_spans
from bot.domain.digest import DayInput, Topic
from bot.domain.ids import VoiceId

MOST_BATCHES = 12
"""Of one reading of a day, some 300 notes: what is beyond is proposed offline. More would leave the writing no tokens."""
LONGEST_SHOWN = 600
"""Characters of a note that are shown: what it speaks of stands in its beginning."""


@dataclass(frozen=True, slots=True)
class Batch:
    """One request. `offered`: texts, `topics`: what they may be placed in, both by the names that the model knows them by."""

    offered: Mapping[str, str]
    topics: Mapping[str, Topic]
    request: Request


@dataclass(frozen=True, slots=True)
class Case:
    """`notes` by the text that is shown of them: whoever wrote the same words is sorted with them. `topics` by the name
    that the model knows them by; `tapped` are the keys of those that some note of the day has by a button; `voices` by the
    number of a note; `withheld`: some notes may not go where the model stands."""

    notes: Mapping[str, tuple[Prepared, ...]]
    topics: Mapping[str, Topic]
    tapped: frozenset[str]
    on_file: frozenset[str]
    known: tuple[str, ...]
    voices: Mapping[str, VoiceId]
    withheld: bool

    def first(self) -> tuple[Batch, ...]:
        """Every text is asked about once."""
        return self._asked(tuple(self.notes), self.topics)

    def again(self, texts: Sequence[str], names: Sequence[str]) -> tuple[Batch, ...]:
        """Texts once more, in another order and company; the themes that were named are on the list now."""
        known = (*self.topics.values(), *(Topic("", name) for name in names))
        return self._asked(texts, local_topics(known), turn="again")

    def parts(self, texts: Sequence[str], title: str) -> tuple[Batch, ...]:
        """Into what the texts of a large topic fall."""
        return self._asked(texts, {}, title=title)

    def _asked(
        self, texts: Sequence[str], topics: Mapping[str, Topic], turn: str = "", title: str | None = None
    ) -> tuple[Batch, ...]:
        made = []
        for some in batches(texts, turn)[:MOST_BATCHES]:
            offered = {f"n{at}": text for at, text in enumerate(some, start=1)}
            request = ask_topics(topics, offered) if title is None else ask_parts(title, offered)
            made.append(Batch(offered, topics, request))
        return tuple(made)

    def of(self, texts: Sequence[str]) -> list[Prepared]:
        return [note for text in texts for note in self.notes[text]]


def case_of(day: DayInput, notes: Sequence[Prepared], offline: Proposals, *, abroad: bool) -> Case:
    """What is asked about a day: notes that no button filed and staff did not mark, that say something and may be shown."""
    buttons = frozenset(topic.key for topic in day.topics if not topic.is_rest)
    aside = {number for _, numbers in offline.aside for number in numbers}
    shown: dict[str, tuple[Prepared, ...]] = {}
    withheld = False
    for note in notes:
        text = _text(note)
        if (
            note.note.filed_under(buttons) is not None
            or note.note.kind in STAFF_KINDS
            or note.number in aside
            or not text
        ):
            continue
        if abroad and note.note.source not in MAY_GO_ABROAD:
            withheld = True
            continue
        shown[text] = (*shown.get(text, ()), note)
    tapped = frozenset(note.note.filed_under(buttons) for note in notes if note.words)
    return Case(
        shown,
        local_topics(day.topics),
        frozenset(key for key in tapped if key),
        names_of(day),
        vocabulary(day.topics),
        {note.number: note.note.voice for note in notes},
        withheld,
    )


def _text(note: Prepared) -> str:
    """What the model is shown of a note: nothing of an order to a summariser, and "" where nothing else is left."""
    if not note.words or is_meaningless(note.words):
        return ""
    text = "\n".join(clean_spans(note))[:LONGEST_SHOWN].strip()
    return text if text.replace(LINK_MARK, "").strip() else ""
