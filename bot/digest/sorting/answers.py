"""What is left of a model's answers after the checks: which texts it puts where. What does not pass is not read."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from bot.digest.prepare import Prepared
from bot.digest.sorting.case import Batch, Case
from bot.digest.sorting.form import Placements, SameNames
from bot.digest.sorting.names import grounded, same_name, tidy, well_formed
from bot.digest.sorting.prompt import NEW, NONE
from bot.domain.digest import Topic

FEWEST_NOTES, FEWEST_VOICES = 3, 2
"""Of a theme that no button of the day holds: fewer make none."""


LARGE = 30
"""Notes of a topic that nobody tapped, from which on the model is asked for its parts."""
_FEWEST_PARTS = 2
LEAST_CONFIRMED = 0.5
_MANY, _NEARLY_ALL = 20, 0.8


@dataclass(frozen=True, slots=True)
class Found:
    """Notes that a model puts together: in the topic of a button (`topic`), or in a theme of its own."""

    title: str
    topic: str | None
    texts: tuple[str, ...]


@dataclass(slots=True)
class Heard:
    """Texts by where they were put: `topics` by the model's name for a listed one, `names` by the name that it gave, in its
    first spelling. Of the texts `asked` about, `answered` got an answer that can be read, be it that nothing is known."""

    topics: dict[str, list[str]] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)
    called: dict[str, list[str]] = field(default_factory=dict)
    """Of names that were joined: all that a theme was called, the one to keep first."""
    asked: int = 0
    answered: int = 0

    def hear(self, case: Case, batch: Batch, answer: Placements) -> None:
        """Invented notes, a note twice, unknown topics and names that can be none are not read."""
        self.asked += len(batch.offered)
        times = Counter(one.note for one in answer.notes)
        spelt = {same_name(name): name for name in self.names}
        titled = {same_name(topic.title): local for local, topic in batch.topics.items()}
        for one in answer.notes:
            text = batch.offered.get(one.note)
            if text is None or times[one.note] > 1:
                continue
            name = tidy(one.name)
            topic = titled.get(same_name(name), "") if one.topic == NEW else one.topic
            if topic in batch.topics:
                self.topics.setdefault(topic, []).append(text)
            elif one.topic == NEW and well_formed(name, case.on_file):
                self.names.setdefault(spelt.setdefault(same_name(name), name), []).append(text)
            elif one.topic != NONE:
                continue
            self.answered += 1

    def listed(self) -> list[str]:
        """The names to be compared, the commonest first."""
        return sorted(self.names, key=lambda name: (-len(self.names[name]), name))

    def join(self, topics: Collection[str], answer: SameNames) -> None:
        """Names that mean the same become one, or one of `topics`. Only names that were given, each joined once; none is made up."""
        times = Counter(one.name for one in answer.same)
        into = {
            one.name: one.into
            for one in answer.same
            if one.name in self.names
            and times[one.name] == 1
            and (one.into in self.names or one.into in topics)
        }
        for name in self.listed():
            end = _end(name, into)
            if end == name:
                continue
            texts = self.names.pop(name)
            if end in topics:
                self.topics.setdefault(end, []).extend(texts)
            else:
                self.names.setdefault(end, []).extend(texts)
                self.called.setdefault(end, [end]).append(name)

    def groups(self) -> list[list[str]]:
        return [*self.topics.values(), *self.names.values()]

    def again(self, topics: Mapping[str, Topic]) -> list[Found]:
        """What a second reading put where; there is nothing to be named any more."""
        return [
            Found(topics[local].title, topics[local].key or None, tuple(texts))
            for local, texts in self.topics.items()
        ]

    def found(self, case: Case) -> list[Found]:
        """The themes that stand: topics, and names that their notes bear out, each with notes and voices enough."""
        topics = [
            Found(case.topics[local].title, case.topics[local].key, tuple(texts))
            for local, texts in self.topics.items()
            if case.topics[local].key in case.tapped or _enough(case.of(texts))
        ]
        named = []
        for first, texts in self.names.items():
            notes = case.of(texts)
            name = next((n for n in self.called.get(first, [first]) if grounded(n, notes, case.known)), None)
            if name is not None and _enough(notes):
                named.append(Found(name, None, tuple(texts)))
        return topics + named


def confirmed(
    found: Sequence[Found], again: Sequence[Found], case: Case, doubtful: AbstractSet[str]
) -> list[Found]:
    """The themes, of the `doubtful` texts only with those that a second reading put there again; none of them where that was
    said again of too few: who answers at random is right now and then."""
    where = {text: one.topic or one.title for one in again for text in one.texts}
    same = {text for one in found for text in one.texts if where.get(text) == (one.topic or one.title)}
    placed = {text for one in found for text in one.texts} & doubtful
    if len(same & placed) < LEAST_CONFIRMED * len(placed):
        same = set()
    kept = [
        replace(one, texts=tuple(t for t in one.texts if t in same or t not in doubtful)) for one in found
    ]
    return [one for one in kept if one.topic or grounded(one.title, case.of(one.texts), case.known)]


def one_for_all(groups: Sequence[Sequence[str]]) -> bool:
    """Whether a model puts nearly everything together: that says nothing, and an order in a note may be behind it."""
    sizes = [len(group) for group in groups]
    return sum(sizes) >= _MANY and max(sizes) > _NEARLY_ALL * sum(sizes)


def split(whole: Found, parts: Sequence[Found]) -> list[Found]:
    """A large topic in its parts, of which there are two at least, and what is in none of them."""
    if len(parts) < _FEWEST_PARTS:
        return [whole]
    gone = {text for part in parts for text in part.texts}
    rest = tuple(text for text in whole.texts if text not in gone)
    return [*parts, *([Found(whole.title, whole.topic, rest)] if rest else [])]


def _end(name: str, into: dict[str, str]) -> str:
    """Where a chain of joined names ends; of a ring the first by its spelling."""
    seen = [name]
    while (after := into.get(seen[-1])) is not None:
        if after in seen:
            return min(seen[seen.index(after) :])
        seen.append(after)
    return seen[-1]


def _enough(notes: Sequence[Prepared]) -> bool:
    return len(notes) >= FEWEST_NOTES and len({note.note.voice for note in notes}) >= FEWEST_VOICES
