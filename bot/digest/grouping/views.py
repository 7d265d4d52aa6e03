"""The topics' side of the comparison: vectors and keywords of a library's matters, made of readings of its texts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.digest.grouping.lexicon import Lexicon
from bot.digest.grouping.library import Library
from bot.digest.grouping.reading import GIST_SIZE, SENSE_SIZE, Reading, unpacked

Matrix = NDArray[np.float32]


def unit(rows: Matrix) -> Matrix:
    """Each row at length 1 (zeros stay)."""
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-9), np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class TopicViews:
    """A library read. `owner` tells of each example which matter it stands for; means are of all examples or matters."""

    library: Library
    version: str
    examples: Matrix
    owner: NDArray[np.int64]
    sense_mean: Matrix
    sense: Matrix
    gist_mean: Matrix
    gist: Matrix
    lexicon: Lexicon


def topic_views(library: Library, readings: Sequence[Reading]) -> TopicViews:
    """The views of a library; `readings` are those of `library.texts`, in their order."""
    if len(readings) != len(library.texts):
        raise ValueError("not the readings of this library")
    owner = np.array([place for place, one in enumerate(library.subjects) for _ in one.texts], np.int64)
    is_example = np.array([at > 0 for one in library.subjects for at in range(len(one.texts))], bool)
    senses = unit(unpacked([one.sense for one in readings], SENSE_SIZE))
    gists = unpacked([one.gist for one in readings], GIST_SIZE)
    count = len(library.subjects)
    examples, owners = senses[is_example], owner[is_example]
    sense_mean = examples.mean(0) if len(examples) else np.zeros(SENSE_SIZE, np.float32)
    centred = unit(examples - sense_mean)
    gist = unit(_sums(gists, owner, count))
    gist_mean = gist.mean(0)
    return TopicViews(
        library=library,
        version=readings[0].version if readings else "",
        examples=centred,
        owner=owners,
        sense_mean=sense_mean,
        sense=unit(_sums(centred, owners, count)),
        gist_mean=gist_mean,
        gist=unit(gist - gist_mean),
        lexicon=Lexicon(library),
    )


def _sums(rows: Matrix, owner: NDArray[np.int64], count: int) -> Matrix:
    total = np.zeros((count, rows.shape[1]), np.float32)
    np.add.at(total, owner, rows)
    return total
