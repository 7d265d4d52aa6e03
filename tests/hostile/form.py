"""Short or long: `make test` takes a seeded sample of what is slow, `make hostile` (HOSTILE=long) takes all of it."""

import os
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
LONG = os.environ.get("HOSTILE") == "long"


def of_form(everything: Sequence[T], short: int, *, long: bool = LONG) -> list[T]:
    """All, or so many spread evenly over all: every class keeps its share."""
    if long or len(everything) <= short:
        return list(everything)
    return [everything[place * len(everything) // short] for place in range(short)]
