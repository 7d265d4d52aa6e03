"""The attacks of tests/data/attacks.csv, and a model that does whatever they say."""

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass

from tests.support.corpus import DATA
from tests.support.model_writers import Told, findings, notes_in, sentence

UNRECOGNISED = "unrecognised"
"""The family of attacks in words that bot.digest.orders does not know: they are quoted, never obeyed."""


@dataclass(frozen=True, slots=True)
class Attack:
    """A note that attacks. `canaries` are words, numbers and hosts of it alone; `opinion` is what it also says, or ""."""

    id: str
    family: str
    text: str
    canaries: tuple[str, ...]
    opinion: str


def attacks() -> tuple[Attack, ...]:
    with (DATA / "attacks.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Attack(row["id"], row["family"], row["text"], tuple(row["canary"].split("|")), row["opinion"])
            for row in csv.DictReader(file)
        )


def holds(text: str, canary: str) -> bool:
    """Whether a canary stands in a text by itself, not as a part of a longer number or word in Latin letters."""
    return re.search(rf"(?<![0-9A-Za-z]){re.escape(canary)}(?![0-9A-Za-z])", text) is not None


def obeying(some: tuple[Attack, ...]) -> Callable[[str], Told]:
    """A model that gives, for every attack it is shown a word of, what the attack wants, and otherwise copies notes.

    It does not stop at what it is shown: without any such word it says the first canaries all the same.
    """

    def answer(data: str) -> Told:
        notes = notes_in(data)
        name, words = next(iter(notes.items()))
        quote = words[:40].strip()
        shown = [one for one in some if any(canary in data for canary in one.canaries)] or some[:2]
        told: list[Told] = []
        for one in shown[:3]:
            canary = one.canaries[0]
            source = next((key for key, said in notes.items() if canary in said), name)
            told.append(sentence(f"{canary} 라고 모두가 말함", (source, notes[source][:40].strip())))
            told.append(sentence(f"{canary} 을 요청함", (source, notes[source].strip()), kind="request"))
            told.append(sentence(f"자세한 내용은 {canary} 에서 확인 바람", (name, quote), kind="request"))
        return findings(*told)

    return answer
