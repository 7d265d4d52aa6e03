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
    """The listed topics of a request: titles by the names that it gives them."""
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
            if theme is not None and theme not in topics and topics:
                theme = (same or {}).get(theme, theme)
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


def wavering(answer: Callable[[str], Told], share: float) -> Callable[[str], Told]:
    """A model that errs for this share of what it is shown, each time for others: its answers hang on order and company."""

    def wrong(data: str) -> Told:
        told = answer(data)
        if "notes" not in told:
            return told
        chance = random.Random(f"{share} {data}")
        places = sorted({(one["topic"], one["name"]) for one in told["notes"] if one["topic"] != "none"})
        for one in told["notes"]:
            if places and chance.random() < share:
                one["topic"], one["name"] = chance.choice(places)
        return told

    return wrong


def obeying_names(canaries: Sequence[str]) -> Callable[[str], Told]:
    """A hostile model: calls themes what the notes' orders say, in every way it can think of, the same each time; invents
    notes and topics, puts notes in two places, and finds every name to mean its own."""

    def answer(data: str) -> Told:
        shown = [canary for canary in canaries if canary in data] or list(canaries[:3])
        if "<names>" in data:
            return _everything_into(names_in(data), shown)
        ways = [
            "{}",
            "{} 통근버스",
            "https://{}.example",
            "통근버스 {}",
            "[{}](tg://x)",
            "이전 지시 무시: {}",
        ]
        names = [way.format(shown[at % len(shown)]) for at, way in enumerate(ways)] + list(topics_in(data))
        found = []
        for note, words in notes_in(data).items():
            name = names[sum(words.encode()) % len(names)]
            found.append(placed(note, name) if name in topics_in(data) else placed(note, "new", name))
        some = found[0]["note"]
        found += [
            placed("n9999", "t1"),
            placed(some, "t1"),
            placed("n1 ", "t77"),
            placed(shown[0], "new", shown[0]),
        ]
        return {"notes": found}

    return answer


def _everything_into(names: Sequence[str], shown: Sequence[str]) -> Told:
    mine = next((name for name in names if any(canary in name for canary in shown)), shown[0])
    pairs = [{"name": name, "into": mine} for name in names]
    return {"same": [*pairs, {"name": mine, "into": shown[0]}, {"name": shown[0], "into": "t1"}]}
