"""Where many authors tapped a topic, their notes teach what each button stands for that day: what is left joins them."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.digest.grouping.library import Library
from bot.digest.grouping.views import Matrix

_ENOUGH_NOTES, _ENOUGH_SHARE = 10, 0.3
_OF_LIBRARY = 0.5
"""A matter's topic in the library counts as so many notes that were tapped so."""
_NEAR = 8.0
"""How much likeness to a topic's tapped notes counts against what matters a note speaks of."""
_PLAIN_SHARES, _CUTS = (0.2, 0.5), (0.65, 0.45)
"""How sure a note must be, by the share of plainly worded notes in its day (bot.digest.grouping.confidence)."""
_LEAST = 1e-3


def enough_tapped(topic: Sequence[str | None]) -> bool:
    tapped = [one for one in topic if one is not None]
    return len(tapped) >= _ENOUGH_NOTES and len(tapped) >= _ENOUGH_SHARE * len(topic) and len(set(tapped)) > 1


def joined(
    topic: Sequence[str | None], share: Matrix, sense: Matrix, gist: Matrix, library: Library, plain: float
) -> list[str | None]:
    """For each note without a topic the one whose notes it joins, None where that is not sure; None for tapped ones."""
    counted = Counter(one for one in topic if one is not None)
    keys = sorted(counted)
    tapped = np.array([keys.index(one) if one is not None else -1 for one in topic])
    member = np.zeros((len(keys), len(topic)), np.float32)
    taught = np.flatnonzero(tapped >= 0)
    member[tapped[taught], taught] = 1.0
    by_matter = member @ share + _LEAST
    for place, subject in enumerate(library.subjects):
        if subject.topic in keys:
            by_matter[keys.index(subject.topic), place] += _OF_LIBRARY
    spoken = share @ (by_matter / by_matter.sum(axis=0)).T + _LEAST
    near = _nearness(sense, member) + 0.5 * _nearness(gist, member)
    score = np.log(spoken) + _NEAR * near
    chance = np.exp(score - score.max(axis=1, keepdims=True))
    chance /= chance.sum(axis=1, keepdims=True)
    best = chance.argmax(axis=1)
    certain = chance[np.arange(len(topic)), best] >= float(np.interp(plain, _PLAIN_SHARES, _CUTS))
    return [keys[best[row]] if certain[row] and topic[row] is None else None for row in range(len(topic))]


def _nearness(vectors: Matrix, member: Matrix) -> NDArray[np.float64]:
    centred = vectors - vectors.mean(axis=0)
    centred = centred / np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-9)
    middle = member @ centred / np.maximum(member.sum(axis=1, keepdims=True), 1)
    middle = middle / np.maximum(np.linalg.norm(middle, axis=1, keepdims=True), 1e-9)
    return np.asarray(centred @ middle.T, np.float64)
