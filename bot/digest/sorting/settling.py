"""A model's themes and the offline proposal made into one: where each knows, where they agree, and where neither counts."""

from collections import Counter
from collections.abc import Mapping, Sequence
from math import comb

from bot.digest.grouping.proposals import Proposals, Proposed
from bot.digest.grouping.propose import MOST_THEMES
from bot.digest.sorting.answers import FEWEST_NOTES, FEWEST_VOICES, Found
from bot.digest.sorting.case import Case

ENOUGH_EVIDENCE = 12
"""Notes that both placed, in two themes of the offline proposal at least: from there on their agreement says something."""
LEAST_AGREEMENT = 0.2
"""Adjusted Rand index of the two over these notes; a model that is further off is not followed (docs/digest.md)."""
_MOST_OF = 0.5


def agreement(groups: Sequence[Sequence[str]], case: Case, offline: Proposals) -> float | None:
    """How far a model groups notes as the offline proposal does, chance taken out; None where too few say."""
    ours, theirs = _by_note(offline.themes), _placed(groups, case)
    pairs = [(ours[number], theirs[number]) for number in ours if number in theirs]
    if len(pairs) < ENOUGH_EVIDENCE or len({one for one, _ in pairs}) < 2:
        return None
    return _adjusted_rand(pairs)


def _adjusted_rand(pairs: Sequence[tuple[int, int]]) -> float:
    """Hubert and Arabie 1985: 1 for the same groups, about 0 for groups that have nothing to do with each other."""

    def together(counts: Mapping[object, int]) -> int:
        return sum(comb(count, 2) for count in counts.values())

    both = together(Counter(pairs))
    rows, columns = together(Counter(one for one, _ in pairs)), together(Counter(other for _, other in pairs))
    expected = rows * columns / comb(len(pairs), 2)
    most = (rows + columns) / 2
    return 1.0 if most == expected else (both - expected) / (most - expected)


def settled(found: Sequence[Found], case: Case, offline: Proposals) -> Proposals:
    """One proposal. A note stands

    - in the model's theme, where the model alone placed it (twice: `confirmed`), or where it agrees with the offline proposal: most of what
      that theme and the model both placed is in the same theme of the model's;
    - in no theme, where they disagree: one of them is wrong, and a wrong theme is worse than none;
    - where the offline proposal alone placed it, with the others of its offline theme.
    """
    ours, theirs = _by_note(offline.themes), _placed([one.texts for one in found], case)
    standing = _counterparts(ours, theirs)
    numbers: dict[int, list[str]] = {}
    left: dict[int, list[str]] = {}
    for number in sorted({*ours, *theirs}):
        if number not in ours:
            numbers.setdefault(theirs[number], []).append(number)
        elif number not in theirs:
            if ours[number] in standing:
                numbers.setdefault(standing[ours[number]], []).append(number)
            else:
                left.setdefault(ours[number], []).append(number)
        elif standing.get(ours[number]) == theirs[number]:
            numbers.setdefault(theirs[number], []).append(number)
    themes = [
        Proposed(one.title, one.topic, tuple(numbers[place]))
        for place, one in enumerate(found)
        if place in numbers
    ]
    themes += [
        Proposed(one.title, one.topic, tuple(left[place]))
        for place, one in enumerate(offline.themes)
        if place in left
    ]
    kept = _few(_joined(themes), case)
    by_model = frozenset(n for theme in kept for n in theme.notes if n in theirs)
    return Proposals(kept, offline.aside, by_model)


def _by_note(themes: Sequence[Proposed]) -> dict[str, int]:
    return {number: place for place, theme in enumerate(themes) for number in theme.notes}


def _placed(groups: Sequence[Sequence[str]], case: Case) -> dict[str, int]:
    return {note.number: place for place, texts in enumerate(groups) for note in case.of(texts)}


def alone(case: Case, offline: Proposals) -> frozenset[str]:
    """The texts of which the offline proposal knows nothing."""
    ours = _by_note(offline.themes)
    return frozenset(text for text, notes in case.notes.items() if not any(n.number in ours for n in notes))


def _counterparts(ours: Mapping[str, int], theirs: Mapping[str, int]) -> dict[int, int]:
    """For an offline theme the model's theme that has most of it, and most of what both placed of it, where there is one."""
    size = Counter(ours.values())
    counted: dict[int, Counter[int]] = {}
    for number in ours:
        if number in theirs:
            counted.setdefault(ours[number], Counter())[theirs[number]] += 1
    found = {}
    for place, counts in counted.items():
        theme, times = max(counts.items(), key=lambda one: (one[1], -one[0]))
        if times > _MOST_OF * counts.total() and times >= _MOST_OF * size[place]:
            found[place] = theme
    return found


def _joined(themes: Sequence[Proposed]) -> list[Proposed]:
    """Those of one button's topic as one."""
    joined: dict[object, Proposed] = {}
    for place, one in enumerate(themes):
        key = one.topic or place
        before = joined.get(key)
        notes = one.notes if before is None else (*before.notes, *one.notes)
        joined[key] = Proposed(one.title, one.topic, notes)
    return list(joined.values())


def _few(themes: Sequence[Proposed], case: Case) -> tuple[Proposed, ...]:
    """Those that join a button's theme, and the largest of the others, as many as a digest has room for."""

    def enough(one: Proposed) -> bool:
        voices = {case.voices[number] for number in one.notes}
        return len(one.notes) >= FEWEST_NOTES and len(voices) >= FEWEST_VOICES

    own = sorted(
        (one for one in themes if one.topic not in case.tapped and enough(one)),
        key=lambda one: (-len(one.notes), one.title),
    )[: max(0, MOST_THEMES - len(case.tapped))]
    return (*(one for one in themes if one.topic in case.tapped), *own)
