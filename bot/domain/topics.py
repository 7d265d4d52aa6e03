"""What a new topic file does to a tour's topics: added, changed, removed; and what it must not do."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.digest import Topic
from bot.domain.errors import Refusal


class KeyChanged(Refusal):
    """A topic came under another key: its notes would be left behind."""

    def __init__(self, title: str, old: str, new: str) -> None:
        super().__init__("topics.key_changed", {"title": title, "old": old, "new": new})


class TopicsInUse(Refusal):
    """Topics that notes chose are not in the file, and nobody said that they may go."""

    def __init__(self, titles: Sequence[str], notes: int) -> None:
        super().__init__("topics.in_use", {"titles": ", ".join(titles), "count": notes})


@dataclass(frozen=True, slots=True)
class TopicChanges:
    """`changed` are pairs, before and after. `moved`: the same topics stand in another order."""

    added: tuple[Topic, ...]
    changed: tuple[tuple[Topic, Topic], ...]
    removed: tuple[Topic, ...]
    moved: bool

    @property
    def anything(self) -> bool:
        return bool(self.added or self.changed or self.removed or self.moved)


def compare_topics(before: Sequence[Topic], after: Sequence[Topic]) -> TopicChanges:
    """By key. Raises KeyChanged for a title that went from one key to another."""
    old, new = {topic.key: topic for topic in before}, {topic.key: topic for topic in after}
    removed = tuple(topic for topic in before if topic.key not in new)
    added = tuple(topic for topic in after if topic.key not in old)
    titles = {topic.title: topic.key for topic in removed}
    for topic in added:
        if topic.title in titles:
            raise KeyChanged(topic.title, titles[topic.title], topic.key)
    stay = [topic.key for topic in before if topic.key in new]
    return TopicChanges(
        added=added,
        changed=tuple((old[key], new[key]) for key in stay if old[key] != new[key]),
        removed=removed,
        moved=stay != [topic.key for topic in after if topic.key in old],
    )
