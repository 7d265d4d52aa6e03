"""Recounts a digest's ledger from its JSON form and says what is wrong with it."""

import re
from collections import Counter
from collections.abc import Collection
from difflib import SequenceMatcher

from bot.digest.evaluation.labelled import LabelledDay
from bot.digest.evaluation.reader import Json, sayings, squeezed

_ALIKE = 0.9
_REPEATED = re.compile(r"([^\d])\1{2,}")
"""ㅋㅋㅋㅋ and ㅋㅋㅋ are the same words."""
_SIGHS = re.compile(r"[ㄱ-ㅣᄀ-ᇿ]+")
"""ㅠㅠ adds no words."""


def imbalance(digest: Json, received: Collection[str], withdrawn: int = 0) -> tuple[str, ...]:
    """What does not balance, in short English names; empty: every note received is in exactly one class."""
    ledger = digest["ledger"]
    merged = [number for one in ledger["merged"] for number in one["note_ids"]]
    aside = [number for one in ledger["set_aside"] for number in one["note_ids"]]
    standing = [*ledger["cited"], *ledger["covered"], *ledger["unplaced"]]
    classes = Counter([*standing, *merged, *aside])
    themed = Counter(number for theme in digest["themes"] for number in theme["note_ids"])
    shown = Counter(number for one in digest["unplaced"] for number in one["note_ids"])
    cited = {number for said in sayings(digest) for number in said.notes}
    wrong = {
        "note in two classes": any(times > 1 for times in classes.values()),
        "note lost": bool(set(received) - classes.keys()),
        "note invented": bool(classes.keys() - set(received)),
        "sum": ledger["received"] != classes.total() + ledger["withdrawn"],
        "withdrawn": ledger["withdrawn"] != withdrawn,
        "merged into nothing": any(one["into"] not in standing for one in ledger["merged"]),
        "cited differs from text": cited != set(ledger["cited"]),
        "covered is in no theme": bool(set(ledger["covered"]) - themed.keys()),
        "note in two themes": any(times > 1 for times in themed.values()),
        "set aside is shown": bool(set(aside) & (themed.keys() | shown.keys() | cited)),
        "unplaced is not shown": shown.keys() != set(ledger["unplaced"]) or shown.total() != len(shown),
        "unplaced is in a theme": bool(set(ledger["unplaced"]) & themed.keys()),
        "notes": digest["numbers"]["notes"] != len(received),
    }
    return tuple(what for what, broken in wrong.items() if broken)


def unlike_merged(digest: Json, one: LabelledDay) -> tuple[str, ...]:
    """Merged notes whose words are not near-identical: other digits, or less than nine tenths of the letters in common."""
    words = {
        note.number: _REPEATED.sub(r"\1", _SIGHS.sub("", squeezed(note.words))) for note in one.day.notes
    }
    return tuple(
        number
        for merged in digest["ledger"]["merged"]
        for number in merged["note_ids"]
        if not _near(words.get(number, ""), words.get(merged["into"], ""))
    )


def _near(some: str, other: str) -> bool:
    if "".join(filter(str.isdigit, some)) != "".join(filter(str.isdigit, other)):
        return False
    return some == other or SequenceMatcher(None, some, other, autojunk=False).ratio() >= _ALIKE
