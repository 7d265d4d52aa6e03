"""Numbers of the day that citations show (전북-17), dealt at random so that they tell nothing of the order.

A note keeps its number for good; an imported note has its own already and is not dealt one.
"""

import re
import unicodedata
from collections.abc import Callable, Collection

from bot.domain.ids import NoteId, Region

_SMALLEST_RANGE = 9_999
"""The same for all days of up to 3,333 notes: where the range grows, longer numbers tell that their notes came later."""
_ROOM = 3
"""The range holds at least this many numbers for each note, so that a late note's number looks like any other."""


def number_key(number: str) -> tuple[tuple[int, str], ...]:
    """Sorts numbers as people count: 전북-9 before 전북-17."""
    parts = re.findall(r"\d+|\D+", number)
    return tuple((int(part), "") if part.isascii() and part.isdigit() else (-1, part) for part in parts)


def looks_dealt(region: Region, number: str) -> bool:
    """Whether a number has the form of those that are dealt in a region, however its letters and digits are written."""
    plain, prefix = (
        "".join(unicodedata.normalize("NFKC", one).casefold().split()) for one in (number, region)
    )
    return re.fullmatch(re.escape(prefix) + r"[-\u2010-\u2015\u2212]\d+", plain) is not None


def deal_numbers(
    region: Region,
    without: Collection[NoteId],
    taken: Collection[str],
    shuffle: Callable[[list[int]], None],
) -> dict[NoteId, str]:
    """A number for each note in `without`; none of `taken`, which holds all ever given that day (withdrawn ones too).

    `shuffle` is random.SystemRandom().shuffle in life; it alone decides who gets which number.
    """
    size = _SMALLEST_RANGE
    while size < _ROOM * (len(without) + len(taken)):
        size = size * 10 + 9
    used = frozenset(taken)
    free = [number for number in range(1, size + 1) if f"{region}-{number}" not in used]
    shuffle(free)
    return {note: f"{region}-{number}" for note, number in zip(sorted(without), free, strict=False)}
