"""The matters that notes may speak of, as the tour's topic file lists them or, where it lists none, as ours does."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from bot.domain.digest import Matter, Topic
from bot.domain.reading import read_topics

_SHIPPED = "rehearsal/sample/topics.toml"
"""Data of the package, read as such: an operator's example and the library of a tour without one."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A matter and the topic button that it belongs to (None: a rest topic's, or of another tour's file)."""

    title: str
    topic: str | None
    keywords: tuple[str, ...]
    examples: tuple[str, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """What is read of it: its keywords as one text, then its examples."""
        return (", ".join(self.keywords), *self.examples)


@dataclass(frozen=True, slots=True)
class Library:
    subjects: tuple[Subject, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(text for subject in self.subjects for text in subject.texts)


@cache
def shipped_topics() -> tuple[Topic, ...]:
    return read_topics(files("bot").joinpath(_SHIPPED).read_text(encoding="utf-8"))


def library_of(topics: Iterable[Topic]) -> Library:
    """The library of a tour. Of ours, a matter keeps its topic only where the tour has a topic of that key and title."""
    own = tuple(topics)
    if any(topic.matters for topic in own):
        return Library(tuple(_subject(topic, matter) for topic in own for matter in topic.matters))
    known = {(topic.key, topic.title) for topic in own}
    return Library(
        tuple(
            _subject(topic, matter, of_this_tour=(topic.key, topic.title) in known)
            for topic in shipped_topics()
            for matter in topic.matters
        )
    )


def _subject(topic: Topic, matter: Matter, *, of_this_tour: bool = True) -> Subject:
    key = topic.key if of_this_tour and not topic.is_rest else None
    return Subject(matter.title or topic.title, key, matter.keywords, matter.examples)
