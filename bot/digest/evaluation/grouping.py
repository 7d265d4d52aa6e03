"""How a digest sorted its notes, against what people say that they speak of."""

from collections.abc import Mapping

from bot.digest.evaluation.labelled import LabelledDay
from bot.digest.evaluation.measures import agreement, pure, recalled
from bot.digest.evaluation.reader import Json
from bot.digest.evaluation.values import Figure, Value

_NOWHERE = -1
"""The cluster of notes that are in no theme."""
_JUNK = "\0"
"""The label of notes that speak of no theme: in a theme they make it impure."""


def figures(one: LabelledDay, digest: Json) -> dict[Figure, Value]:
    """Without labels only what was placed, of all notes that were not set aside."""
    place = _places(digest)
    aside = {number for some in digest["ledger"]["set_aside"] for number in some["note_ids"]}
    worded = [note.number for note in one.day.notes if note.words.strip()]
    found = {Figure.THEMES: Value(len(digest["themes"]))}
    if not one.has_themes:
        real = [number for number in worded if number not in aside]
        return found | {Figure.PLACED: Value(sum(number in place for number in real), len(real))}
    good = [number for number in worded if one.label(number).is_good and one.label(number).has_theme]
    found[Figure.PLACED] = Value(sum(number in place for number in good), len(good))
    found |= _agreeing(one, place, worded, good)
    if one.has_kinds:
        junk = [number for number in worded if not one.label(number).is_good]
        found[Figure.GOOD_LOST] = Value(sum(number in aside for number in worded if number not in junk))
        found[Figure.JUNK_KEPT] = Value(sum(number not in aside for number in junk), len(junk))
        found[Figure.JUNK_THEMED] = Value(sum(number in place for number in junk), len(junk))
    return found


def _places(digest: Json) -> dict[str, int]:
    """The theme of each note that is in one. What was merged is where it was merged into."""
    place = {number: at for at, theme in enumerate(digest["themes"]) for number in theme["note_ids"]}
    for merged in digest["ledger"]["merged"]:
        if merged["into"] in place:
            place |= dict.fromkeys(merged["note_ids"], place[merged["into"]])
    return place


def _agreeing(
    one: LabelledDay, place: Mapping[str, int], worded: list[str], good: list[str]
) -> dict[Figure, Value]:
    def theme(number: str) -> str:
        labels = one.label(number)
        return (labels.theme or "").strip() if labels.has_theme else _JUNK

    shown = [number for number in worded if number in place]
    right = pure([theme(n) if theme(n) != _JUNK else f"{_JUNK}{n}" for n in shown], [place[n] for n in shown])
    kept, wanted = recalled(
        [theme(n) if n in set(good) else f"{_JUNK}{n}" for n in worded],
        [place.get(n, _NOWHERE) for n in worded],
        but=_NOWHERE,
    )
    found = {Figure.PURITY: Value(right, len(shown)), Figure.RECALL: Value(kept, wanted)}
    both = agreement([theme(n) for n in good], [place.get(n, _NOWHERE) for n in good])
    if both is not None:
        found |= {Figure.NMI: Value(both[0]), Figure.AMI: Value(both[1])}
    return found
