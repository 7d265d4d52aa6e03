"""Two ways to do a thing, timed turn by turn in one run: the ratio of their medians, and how far it wanders."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from statistics import median

Way = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Pair:
    """What the product does (`ours`) and what it is held against (`plain`), each ready to be done again and again."""

    name: str
    against: str
    ours: Way
    plain: Way


@dataclass(frozen=True, slots=True)
class Ratio:
    """Medians in seconds; `least` and `most` are the ratios of single turns, 0 and 1 of them being neighbours in time."""

    name: str
    against: str
    ours: float
    plain: float
    ratio: float
    least: float
    most: float


async def _timed(way: Way) -> float:
    began = time.perf_counter()
    await way()
    return time.perf_counter() - began


async def compared(pair: Pair, repeats: int) -> Ratio:
    """`repeats` turns of each after one that does not count; who goes first changes, so that no one is always warm."""
    await pair.plain()
    await pair.ours()
    ours, plain = [], []
    for turn in range(repeats):
        if turn % 2:
            plain.append(await _timed(pair.plain))
            ours.append(await _timed(pair.ours))
        else:
            ours.append(await _timed(pair.ours))
            plain.append(await _timed(pair.plain))
    each = [mine / theirs for mine, theirs in zip(ours, plain, strict=True)]
    return Ratio(pair.name, pair.against, median(ours), median(plain), median(each), min(each), max(each))


def table(ratios: list[Ratio]) -> str:
    """A line for each pair; times in milliseconds, the ratio with the least and the most that a turn showed."""
    lines = [f"{'what':<44} {'against':<40} {'ours ms':>9} {'plain ms':>9} {'ratio':>8}   from - to"]
    lines += [
        f"{one.name:<44} {one.against:<40} {one.ours * 1000:9.1f} {one.plain * 1000:9.1f} {one.ratio:8.2f}   {one.least:.2f} - {one.most:.2f}"
        for one in ratios
    ]
    return "\n".join(lines)
