"""A tour: its name, time zone and topics. The meetings are in bot.domain.meeting."""

from dataclasses import dataclass

from bot.domain.digest import Topic
from bot.domain.ids import TourId


@dataclass(frozen=True, slots=True)
class Tour:
    """A programme of meetings. `topics` are what participants choose from, in this order."""

    id: TourId
    name: str
    topics: tuple[Topic, ...]
    revision: int = 0
    """Counts the changes of its schedule: part of the key of a change notice."""

    def topic_title(self, key: str) -> str | None:
        return next((topic.title for topic in self.topics if topic.key == key), None)
