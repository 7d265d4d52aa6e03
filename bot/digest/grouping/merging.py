"""Which matters of a day make one theme: average linkage over matters, on what their notes share.

Every view is a linear kernel, so sums over each matter's notes are enough: time and memory go with the notes, not
with their square.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.digest.grouping.views import Matrix, unit

_SENSE, _GIST, _WORDS, _MEETING = 1.0, 0.5, 1.0, 0.3
_OVERLAP, _SAME_TOPIC = 0.2, 0.05
_NEAR = 0.15
"""Matters at least so alike (mean kernel of two of their notes) become one theme."""
_LONELY = 0.05
"""A small matter whose nearest is less alike than this joins nobody."""
_SMALLEST, _SMALLEST_SHARE = 3, 0.015
"""Matters of fewer notes, or of a smaller share of the day's, are small."""
_NEVER = -9.0
_MOST_WORDS = 4_000
MOST_THEMES = 12
_FEWEST_MOST = 4


def merge(
    share: Matrix,
    sense: Matrix,
    gist: Matrix,
    words: Sequence[Sequence[str]],
    meeting: NDArray[np.int64],
    topic: NDArray[np.int64],
) -> NDArray[np.int64]:
    """For each matter of the library the theme it belongs to (the place of one of its matters), -1 for those of no note.

    `share` is what each note speaks of, `topic` a number for each matter's topic button (-1: none).
    """
    best = share.argmax(axis=1)
    present, label = np.unique(best, return_inverse=True)
    alike, size = _likeness(share, sense, gist, words, meeting, label, topic[present])
    owner = _linked(alike, size, len(best))
    theme = np.full(share.shape[1], -1, np.int64)
    theme[present] = present[owner]
    return theme


def _likeness(
    share: Matrix,
    sense: Matrix,
    gist: Matrix,
    words: Sequence[Sequence[str]],
    meeting: NDArray[np.int64],
    label: NDArray[np.int64],
    topic: NDArray[np.int64],
) -> tuple[Matrix, Matrix]:
    """Sums of the kernel over all pairs of notes of two matters, and how many notes each matter has."""
    count = int(label.max()) + 1
    several = int(meeting.max()) > 0
    parts = [
        (_SENSE, _sums(unit(sense - sense.mean(0)), label, count)),
        (_GIST, _sums(unit(gist - gist.mean(0)), label, count)),
        (_WORDS, _word_sums(words, label, count)),
    ]
    if several:
        parts.append(
            (_MEETING, _sums(np.eye(int(meeting.max()) + 1, dtype=np.float32), label, count, meeting))
        )
    weight = sum(one for one, _ in parts)
    alike = sum(one * sums @ sums.T for one, sums in parts) / weight
    overlap = _sums(np.sqrt(share), label, count)
    size = np.bincount(label, minlength=count).astype(np.float32)
    same = (topic[:, None] == topic[None, :]) & (topic[:, None] >= 0)
    return (alike + _OVERLAP * overlap @ overlap.T + _SAME_TOPIC * np.outer(size, size) * same).astype(
        np.float32
    ), size


def _sums(
    rows: Matrix, label: NDArray[np.int64], count: int, take: NDArray[np.int64] | None = None
) -> Matrix:
    """Sums of rows by label. `take`: which row each note has, where rows are not the notes' own."""
    total = np.zeros((count, rows.shape[1]), np.float32)
    np.add.at(total, label, rows if take is None else rows[take])
    return total


def _word_sums(words: Sequence[Sequence[str]], label: NDArray[np.int64], count: int) -> Matrix:
    """Sums of the notes' word vectors: nouns that two notes have at least, by how few have them."""
    seen = Counter(word for some in words for word in set(some) if not word.endswith("다"))
    common = sorted(seen.items(), key=lambda one: (-one[1], one[0]))[:_MOST_WORDS]
    place = {word: at for at, (word, times) in enumerate(common) if times > 1}
    total = np.zeros((count, len(place) + 1), np.float32)
    for theme, some in zip(label, words, strict=True):
        weights = {
            place[w]: float(np.log((1 + len(words)) / (1 + seen[w])) + 1) for w in set(some) if w in place
        }
        length = sum(weight * weight for weight in weights.values()) ** 0.5
        for at, weight in weights.items():
            total[theme, at] += weight / length
    return total


def _linked(alike: Matrix, size: Matrix, notes: int) -> NDArray[np.int64]:
    """For each matter the one that it ended with: first the smallest join their nearest, then the nearest pairs join.

    A small one that is like no other stays alone, for whoever asks for a theme's size to leave out.
    """
    alike, size = alike.copy(), size.copy()
    owner = np.arange(len(size))
    living, alone = np.ones(len(size), bool), np.zeros(len(size), bool)
    smallest = max(_SMALLEST, round(_SMALLEST_SHARE * notes))
    most = int(np.clip(1.2 * notes**0.5, _FEWEST_MOST, MOST_THEMES))
    while (open_ones := living & ~alone).sum() > 1:
        mean = alike / np.outer(size, size)
        mean[~open_ones] = _NEVER
        mean[:, ~open_ones] = _NEVER
        np.fill_diagonal(mean, _NEVER)
        small = np.flatnonzero(open_ones & (size < smallest))
        if len(small):
            gone = int(small[size[small].argmin()])
            into = int(mean[gone].argmax())
            if mean[into, gone] < _LONELY:
                alone[gone] = True
                continue
        else:
            into, gone = map(int, np.unravel_index(mean.argmax(), mean.shape))
            if mean[into, gone] < _NEAR and open_ones.sum() <= most:
                break
        alike[into] += alike[gone]
        alike[:, into] += alike[:, gone]
        size[into] += size[gone]
        living[gone] = False
        owner[owner == gone] = into
    return owner
