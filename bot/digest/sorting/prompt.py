"""What a language model is asked about the notes that nobody filed: rules as in prompts/llm, everything else as data."""

from collections.abc import Mapping, Sequence
from functools import cache

from bot.digest.model_prompt import framed_line
from bot.digest.ports import Request
from bot.digest.visible import visible
from bot.domain.digest import Topic
from prompts.llm import Prompt, load_prompt

VERSION = "sort-1"
MOST_TOKENS = 2500
"""Of one answer: forty notes with names take about 1,600."""
MOST_NAMES = 60
NEW, NONE = "new", "none"
_LONGEST_ABOUT = 160
_KEYWORDS = 5


@cache
def sort_prompt() -> Prompt:
    """Read once; raises PromptError when the file does not fit."""
    return load_prompt(
        VERSION,
        {
            "rules": frozenset(),
            "data": frozenset({"topics", "notes"}),
            "split": frozenset({"title", "notes"}),
            "same_rules": frozenset(),
            "same": frozenset({"topics", "names"}),
        },
    )


def local_topics(topics: Sequence[Topic]) -> dict[str, Topic]:
    """The topics that notes may be placed in, by the name that the model knows them by."""
    return {f"t{at}": topic for at, topic in enumerate((t for t in topics if not t.is_rest), start=1)}


def _about(topic: Topic) -> str:
    """What a topic speaks of, as short as it helps: its matters, then the first words of each."""
    titles = [matter.title for matter in topic.matters if matter.title]
    words = [word for matter in topic.matters for word in matter.keywords[:_KEYWORDS]]
    return ", ".join(dict.fromkeys((*titles, *words)))[:_LONGEST_ABOUT]


def _topics(topics: Mapping[str, Topic], *, about: bool) -> str:
    return "\n".join(
        framed_line(
            {"topic": name, "title": topic.title}
            | ({"about": _about(topic)} if about and topic.matters else {})
        )
        for name, topic in topics.items()
    )


def _notes(offered: Mapping[str, str]) -> str:
    return "\n".join(framed_line({"note": name, "words": visible(words)}) for name, words in offered.items())


def ask_topics(topics: Mapping[str, Topic], offered: Mapping[str, str]) -> Request:
    """What each note speaks of. `offered`: words by the name that the model knows them by."""
    prompt = sort_prompt()
    values = {"topics": _topics(topics, about=True), "notes": _notes(offered)}
    return Request(prompt.filled("rules"), prompt.filled("data", values), MOST_TOKENS)


def ask_parts(title: str, offered: Mapping[str, str]) -> Request:
    """Into which smaller themes the notes of a large one fall."""
    prompt = sort_prompt()
    values = {"title": framed_line({"title": title}), "notes": _notes(offered)}
    return Request(prompt.filled("rules"), prompt.filled("split", values), MOST_TOKENS)


def ask_same(topics: Mapping[str, Topic], names: Sequence[str]) -> Request:
    """Which names mean the same."""
    prompt = sort_prompt()
    values = {
        "topics": _topics(topics, about=False),
        "names": "\n".join(framed_line({"name": visible(name)}) for name in names[:MOST_NAMES]),
    }
    return Request(prompt.filled("same_rules"), prompt.filled("same", values), MOST_TOKENS)
