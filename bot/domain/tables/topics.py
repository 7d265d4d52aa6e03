"""The topic file of a tour: what participants may tap."""

import re
import tomllib

from bot.domain.digest import Topic
from bot.domain.errors import Refusal
from bot.domain.tables.text import folded, one_line, shown

MOST_TOPICS = 20
_TOPIC_KEY = re.compile(r"[a-z][a-z0-9_-]{0,15}")
_LONGEST_TOPIC = 30


class TopicsInvalid(Refusal):
    """A topic file that is not as it should be."""


def read_topics(text: str) -> tuple[Topic, ...]:
    """The topics of a TOML file of `[[topic]]` tables with `key` and `title`, in the order of their buttons.

    `is_rest = true` marks the one that says "none of these": it makes no theme. `title_en` is shown to participants
    who read English.

    A key travels in a button's 64 bytes: at most 16 small letters, digits, `-` and `_`. Raises TopicsInvalid.
    """
    try:
        entries = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError:
        raise TopicsInvalid("import.topics_unreadable") from None
    listed = entries.get("topic")
    if entries.keys() != {"topic"} or not isinstance(listed, list) or not 1 <= len(listed) <= MOST_TOPICS:
        raise TopicsInvalid("import.topics_shape", {"limit": MOST_TOPICS})
    topics = tuple(_topic(place, entry) for place, entry in enumerate(listed, start=1))
    names: set[str] = set()
    for topic in topics:
        called = {topic.key, *map(folded, filter(None, (topic.title, topic.title_en)))}
        if called & names:
            raise TopicsInvalid("import.topic_twice", {"title": topic.title})
        names |= called
    return topics


def _topic(place: int, entry: object) -> Topic:
    match entry:
        case {"key": str(key), "title": str(title), **others} if _TOPIC_KEY.fullmatch(key):
            is_rest, english = others.pop("is_rest", False), others.pop("title_en", None)
            if others or not isinstance(is_rest, bool) or not isinstance(english, str | None):
                raise TopicsInvalid("import.topic_entry", {"place": place})
            return Topic(key, _title(title), is_rest, "" if english is None else _title(english))
    raise TopicsInvalid("import.topic_entry", {"place": place})


def _title(written: str) -> str:
    title = one_line(written)
    if folded(title) and title.isprintable() and len(title) <= _LONGEST_TOPIC:
        return title
    raise TopicsInvalid("import.topic_title", {"title": shown(title), "limit": _LONGEST_TOPIC})
