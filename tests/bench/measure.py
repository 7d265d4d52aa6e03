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
    """Medians in seconds; `least` and `most` are the ratios of single turns, each of two that are neighbours in time.

    `processor`: the same ratio of processor time, steadier where other work runs beside, blind to waiting for the disk.
    """

    name: str
    against: str
    ours: float
    plain: float
    ratio: float
    least: float
    most: float
    processor: float


async def _timed(way: Way) -> tuple[float, float]:
    """By the clock, and of the processor."""
    began, used = time.perf_counter(), time.process_time()
    await way()
    return time.perf_counter() - began, time.process_time() - used


async def compared(pair: Pair, repeats: int) -> Ratio:
    """`repeats` turns of each after one that does not count; who goes first changes, so that no one is always warm."""
    await pair.plain()
    await pair.ours()
    ours: list[tuple[float, float]] = []
    plain: list[tuple[float, float]] = []
    for turn in range(repeats):
        turns = [(pair.ours, ours), (pair.plain, plain)]
        for way, into in reversed(turns) if turn % 2 else turns:
            into.append(await _timed(way))
    each = [mine[0] / theirs[0] for mine, theirs in zip(ours, plain, strict=True)]
    used = [mine[1] / max(theirs[1], 1e-9) for mine, theirs in zip(ours, plain, strict=True)]
    clocks = median(one[0] for one in ours), median(one[0] for one in plain)
    return Ratio(pair.name, pair.against, *clocks, median(each), min(each), max(each), median(used))


def table(ratios: list[Ratio]) -> str:
    """A line for each pair; times in milliseconds, the ratio with the least and the most that a turn showed."""
    lines = [
        f"{'what':<44} {'against':<40} {'ours ms':>9} {'plain ms':>9} {'ratio':>8}  {'from - to':<17} {'cpu ratio':>9}"
    ]
    lines += [
        f"{one.name:<44} {one.against:<40} {one.ours * 1000:9.1f} {one.plain * 1000:9.1f} {one.ratio:8.2f}  {f'{one.least:.2f} - {one.most:.2f}':<17} {one.processor:9.2f}"
        for one in ratios
    ]
    return "\n".join(lines)
