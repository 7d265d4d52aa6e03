"""A tour: its name, time zone and topics. The meetings are in bot.domain.meeting."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.digest import Topic
from bot.domain.ids import TourId
from bot.domain.languages import ENGLISH


def told_in(language: str, topics: Sequence[Topic]) -> tuple[Topic, ...]:
    """The topics as participants read them in `language`; one without an English title keeps its own."""
    if language != ENGLISH:
        return tuple(topics)
    return tuple(replace(topic, title=topic.title_en or topic.title) for topic in topics)


@dataclass(frozen=True, slots=True)
class Tour:
    """A programme of meetings. `topics` are what participants choose from, in this order."""

    id: TourId
    name: str
    topics: tuple[Topic, ...]
    revision: int = 0
    """Counts the changes of its schedule: part of the key of a change notice."""

    def told_in(self, language: str) -> "Tour":
        """The tour as participants read it in `language`: its topics. Its name stays as it is."""
        return replace(self, topics=told_in(language, self.topics))

    def topic_title(self, key: str) -> str | None:
        return next((topic.title for topic in self.topics if topic.key == key), None)
