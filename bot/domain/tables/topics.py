"""The topic file of a tour: what participants may tap."""

import re
import tomllib

from bot.domain.digest import Matter, Topic
from bot.domain.errors import Refusal
from bot.domain.tables.text import folded, one_line, shown

MOST_TOPICS = 20
_TOPIC_KEY = re.compile(r"[a-z][a-z0-9_-]{0,15}")
_LONGEST_TOPIC = 30
MOST_MATTERS, MOST_KEYWORDS, MOST_EXAMPLES = 24, 200, 60
"""Of a topic its matters, and of each of them what it may list."""
_LONGEST_KEYWORD, _LONGEST_EXAMPLE = 30, 200


class TopicsInvalid(Refusal):
    """A topic file that is not as it should be."""


def read_topics(text: str) -> tuple[Topic, ...]:
    """The topics of a TOML file of `[[topic]]` tables with `key` and `title`, in the order of their buttons.

    `is_rest = true` marks the one that says "none of these": it makes no theme. `title_en` is shown to participants
    who read English. `keywords` and `examples` (lists of words and of sentences) tell what a topic speaks of, for
    notes whose author tapped nothing; `[[topic.matter]]` with `title`, `keywords` and `examples` is a finer matter
    within it.

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
            own, finer = _own_matter(place, others), others.pop("matter", [])
            if others or not isinstance(is_rest, bool) or not isinstance(english, str | None):
                raise TopicsInvalid("import.topic_entry", {"place": place})
            if not isinstance(finer, list) or len(finer) > MOST_MATTERS:
                raise TopicsInvalid("import.topic_entry", {"place": place})
            matters = (*own, *(_matter(place, one) for one in finer))
            return Topic(key, _title(title), is_rest, "" if english is None else _title(english), matters)
    raise TopicsInvalid("import.topic_entry", {"place": place})


def _own_matter(place: int, others: dict[object, object]) -> tuple[Matter, ...]:
    """What the topic itself lists, taken out of `others`."""
    keywords = _listed(place, others.pop("keywords", []), MOST_KEYWORDS, _LONGEST_KEYWORD)
    examples = _listed(place, others.pop("examples", []), MOST_EXAMPLES, _LONGEST_EXAMPLE)
    return (Matter("", keywords, examples),) if keywords or examples else ()


def _matter(place: int, entry: object) -> Matter:
    match entry:
        case {"title": str(title), **others} if others and others.keys() <= {"keywords", "examples"}:
            (own,) = _own_matter(place, dict(others)) or (Matter(""),)
            return Matter(_title(title), own.keywords, own.examples)
    raise TopicsInvalid("import.topic_entry", {"place": place})


def _listed(place: int, listed: object, most: int, longest: int) -> tuple[str, ...]:
    """A list of one-line texts without repetitions, in their order."""
    if not isinstance(listed, list) or len(listed) > most or not all(isinstance(one, str) for one in listed):
        raise TopicsInvalid("import.topic_entry", {"place": place})
    texts = tuple(dict.fromkeys(map(one_line, listed)))
    if all(folded(text) and text.isprintable() and len(text) <= longest for text in texts):
        return texts
    raise TopicsInvalid("import.topic_entry", {"place": place})


def _title(written: str) -> str:
    title = one_line(written)
    if folded(title) and title.isprintable() and len(title) <= _LONGEST_TOPIC:
        return title
    raise TopicsInvalid("import.topic_title", {"title": shown(title), "limit": _LONGEST_TOPIC})
