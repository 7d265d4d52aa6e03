"""How well each note fits each matter, by four views, and what the day and its meetings make likely."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.digest.grouping.lexicon import Hit
from bot.digest.grouping.reading import GIST_SIZE, SENSE_SIZE, Reading, unpacked
from bot.digest.grouping.views import Matrix, TopicViews, unit

_SENSE_WEIGHT, _NEAREST_WEIGHT, _GIST_WEIGHT, _KEYWORD_WEIGHT = 0.35, 0.35, 0.8, 1.5
_MOST_KEYWORDS = 3.0
_GIST_SHARED = 0.7
"""How much of the mean of the matters' gists is taken from a note's: notes share less of it than matters do."""
_AT_ONCE = 4_096
"""Notes compared at once: bounds what a large day takes in memory."""
_ROUNDS = 15
_MEETING_PSEUDO_NOTES = 2.0
_FLOOR = 1e-4


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """Rows are notes, columns the matters of the library. `logits` weighs the other three together; `sense` and `gist`
    are standardised within each note, `keywords` counts (weighted) what was found."""

    logits: Matrix
    sense: Matrix
    gist: Matrix
    keywords: Matrix


def scores(views: TopicViews, readings: Sequence[Reading], hits: Sequence[Sequence[Hit]]) -> Scores:
    blocks = [
        _block(views, readings[at : at + _AT_ONCE], hits[at : at + _AT_ONCE])
        for at in range(0, len(readings), _AT_ONCE)
    ]
    return Scores(*(np.concatenate([getattr(one, name) for one in blocks]) for name in Scores.__slots__))


def _block(views: TopicViews, readings: Sequence[Reading], hits: Sequence[Sequence[Hit]]) -> Scores:
    sense = unit(unit(unpacked([one.sense for one in readings], SENSE_SIZE)) - views.sense_mean)
    gist = unit(unpacked([one.gist for one in readings], GIST_SIZE))
    whole = _standard(sense @ views.sense.T)
    nearest = _standard(_two_nearest(sense @ views.examples.T, views))
    word = _standard(unit(gist - _GIST_SHARED * views.gist_mean) @ views.gist.T)
    keywords = np.zeros((len(readings), len(views.library.subjects)), np.float32)
    for row, found in enumerate(hits):
        for hit in found:
            keywords[row, list(hit.matters)] += hit.weight
    logits = (
        _SENSE_WEIGHT * whole
        + _NEAREST_WEIGHT * nearest
        + _GIST_WEIGHT * word
        + _KEYWORD_WEIGHT * np.minimum(keywords, _MOST_KEYWORDS)
    )
    return Scores(
        np.asarray(logits, np.float32), np.asarray((whole + nearest) / 2, np.float32), word, keywords
    )


def _two_nearest(likeness: Matrix, views: TopicViews) -> Matrix:
    """Of each matter the mean likeness of its two nearest examples (of fewer, what there is)."""
    columns = []
    for place in range(len(views.library.subjects)):
        own = likeness[:, views.owner == place]
        columns.append(np.sort(own, axis=1)[:, -2:].mean(1) if own.shape[1] else np.zeros(len(likeness)))
    return np.asarray(np.stack(columns, axis=1), np.float32)


def _standard(rows: Matrix) -> Matrix:
    spread = rows.std(axis=1, keepdims=True)
    return np.asarray((rows - rows.mean(axis=1, keepdims=True)) / (spread + 1e-6), np.float32)


def posterior(logits: Matrix, meeting: NDArray[np.int64]) -> Matrix:
    """What each note speaks of, given what the day and the note's meeting speak of (expectation maximisation).

    p ~ exp(logit) x share of the matter in the day x (its share in the meeting / in the day); `meeting` numbers the
    meetings from 0. A meeting counts as if two notes more had the day's shares.
    """
    base = logits - logits.max(axis=1, keepdims=True)
    share = _normal(np.exp(base))
    member = np.zeros((int(meeting.max()) + 1, len(meeting)), np.float32)
    member[meeting, np.arange(len(meeting))] = 1.0
    for _ in range(_ROUNDS):
        day = share.mean(axis=0) + _FLOOR
        day /= day.sum()
        local = (member @ share + _MEETING_PSEUDO_NOTES * day) / (
            member.sum(axis=1, keepdims=True) + _MEETING_PSEUDO_NOTES
        ) + _FLOOR
        weighed = base + np.log(local)[meeting]
        share = _normal(np.exp(weighed - weighed.max(axis=1, keepdims=True)))
    return share


def _normal(rows: Matrix) -> Matrix:
    return np.asarray(rows / rows.sum(axis=1, keepdims=True), np.float32)
