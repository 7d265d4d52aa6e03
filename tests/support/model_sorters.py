"""Models that stand in for one that sorts notes: a good one, one that errs, one that knows nothing, one that obeys notes.

They see a request's data, and what a good one understands of a note is told it by a table of words: as somebody who read them.
"""

import json
import random
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tests.support.model_writers import notes_in

Told = dict[str, Any]
_LINE = re.compile(r'^\{"(?:topic|name)": .*\}$', re.MULTILINE)


def topics_in(data: str) -> dict[str, str]:
    """The listed topics of a request: title by the name it gives them."""
    block = data.partition("<topics>\n")[2].partition("\n</topics>")[0]
    found = [json.loads(line) for line in _LINE.findall(block)]
    return {one["topic"]: one["title"] for one in found}


def names_in(data: str) -> list[str]:
    block = data.partition("<names>\n")[2].partition("\n</names>")[0]
    return [json.loads(line)["name"] for line in _LINE.findall(block)]


def placed(note: str, topic: str, name: str = "") -> Told:
    return {"note": note, "topic": topic, "name": name}


def sorter(
    meaning: Callable[[str], str | None], *, same: Mapping[str, str] | None = None
) -> Callable[[str], Told]:
    """A good model: what a note means (None: it cannot tell) is a listed topic's title or a theme of its own.

    `same`: names that it finds to mean another name or a topic's title.
    """

    def answer(data: str) -> Told:
        topics = {title: local for local, title in topics_in(data).items()}
        if "<names>" in data:
            names = names_in(data)
            pairs = [(name, (same or {}).get(name, "")) for name in names]
            return {
                "same": [
                    {"name": n, "into": topics.get(into, into)}
                    for n, into in pairs
                    if into in {*names, *topics}
                ]
            }
        found = []
        for note, words in notes_in(data).items():
            theme = meaning(words)
            if theme is None:
                found.append(placed(note, "none"))
            elif theme in topics:
                found.append(placed(note, topics[theme]))
            else:
                found.append(placed(note, "new", theme))
        return {"notes": found}

    return answer


def erring(
    meaning: Callable[[str], str | None], themes: Sequence[str], share: float, seed: int = 1
) -> Callable[[str], str | None]:
    """A meaning that is another theme for this share of the texts, the same ones each time."""

    def wrong(words: str) -> str | None:
        chance = random.Random(f"{seed} {words}")
        return chance.choice(themes) if chance.random() < share else meaning(words)

    return wrong
