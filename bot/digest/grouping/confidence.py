"""How sure it is that a note belongs to its theme, and from where on it is shown there.

Fitted (logistic regression) on seven labelled sets of notes, on each of them with a third, six tenths and most of the
keywords taken away, and on days mixed of two sets, so that it knows days whose subjects the library hardly lists. Direct
words decide: notes that tell a story or a situation name little, and no vector told their themes apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.digest.grouping.lexicon import Hit
from bot.digest.grouping.views import Matrix

_MOST_HITS = 3
_FOR, _AGAINST, _MARGIN, _CENTRE, _PLAIN, _BASE = 0.328, -0.076, 0.236, 5.612, 1.553, -0.3
_FOUND_PLAIN = 2
"""So many keywords of one matter make a note plainly worded."""
_PLAIN_SHARES = (0.2, 0.35, 0.55)
_CUTS = (1.0, 0.85, 0.62)
"""How sure a note must be, by the share of plainly worded notes in its day; below the first share nobody is."""


@dataclass(frozen=True, slots=True, eq=False)
class Themes:
    """`of_matter`: for each matter of the library its theme, -1 for none; `of_note`: each note's; `count` themes."""

    of_matter: NDArray[np.int64]
    of_note: NDArray[np.int64]
    count: int


def plainness(hits: Sequence[Sequence[Hit]]) -> float:
    """The share of notes in which two keywords of one matter stand."""
    plain = 0
    for found in hits:
        matters = [matter for hit in found for matter in hit.matters]
        plain += any(matters.count(one) >= _FOUND_PLAIN for one in set(matters))
    return plain / len(hits) if hits else 0.0


def sure(
    themes: Themes, hits: Sequence[Sequence[Hit]], sense: Matrix, gist: Matrix, plain: float
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """For each note how sure its theme is (0 to 1), and whether that is enough. `sense` and `gist`: rows of length 1."""
    backing = np.zeros((len(hits), themes.count))
    found_for, found_against = np.zeros(len(hits)), np.zeros(len(hits))
    for row, found in enumerate(hits):
        own = themes.of_note[row]
        for hit in found:
            of = themes.of_matter[list(hit.matters)]
            if (of == own).any():
                found_for[row] += 1
            else:
                found_against[row] += 1
            np.add.at(backing[row], of[of >= 0], hit.weight)
    logit = (
        _FOR * np.minimum(found_for, _MOST_HITS)
        + _AGAINST * np.minimum(found_against, _MOST_HITS)
        + _MARGIN * np.clip(_margin(backing, themes.of_note), -3, 3)
        + _CENTRE * (_margin(_nearness(sense, themes) + 0.5 * _nearness(gist, themes), themes.of_note))
        + _PLAIN * plain
        + _BASE
    )
    chance = 1 / (1 + np.exp(-logit))
    cut = float(np.interp(plain, _PLAIN_SHARES, _CUTS))
    return chance, (chance >= cut) & (found_for > 0) & (plain >= _PLAIN_SHARES[0])


def _margin(score: NDArray[np.float64], own: NDArray[np.int64]) -> NDArray[np.float64]:
    """What a note's own theme has before the best of the others."""
    rows = np.arange(len(own))
    others = score.copy()
    others[rows, own] = -np.inf
    best = others.max(axis=1) if score.shape[1] > 1 else np.zeros(len(own))
    margin: NDArray[np.float64] = score[rows, own] - best
    return margin


def _nearness(vectors: Matrix, themes: Themes) -> NDArray[np.float64]:
    """Mean likeness of each note to the notes of each theme, itself left out, after the day's mean is taken away."""
    centred = vectors - vectors.mean(axis=0)
    centred = centred / np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-9)
    totals = np.zeros((themes.count, vectors.shape[1]))
    np.add.at(totals, themes.of_note, centred)
    size = np.bincount(themes.of_note, minlength=themes.count)
    near = centred @ (totals / np.maximum(size, 1)[:, None]).T
    rows = np.arange(len(vectors))
    own = (centred * totals[themes.of_note]).sum(axis=1) - (centred * centred).sum(axis=1)
    near[rows, themes.of_note] = own / np.maximum(size[themes.of_note] - 1, 1)
    return np.asarray(near, np.float64)
