"""The benchmark runs, in its smallest size, and says what it measured. What it measures is nobody's to pass or fail."""

from pathlib import Path

from tests.bench.__main__ import measured
from tests.bench.measure import Pair, compared, table
from tests.bench.notes import texts
from tests.bench.pairs import SMALLEST, Bench


async def test_every_pair_runs_in_its_smallest_size(template: Path, tmp_path: Path) -> None:
    ratios = await measured(Bench(SMALLEST, template, tmp_path), 1)
    assert len(ratios) == 6
    shown = table(ratios)
    for one in ratios:
        assert 0 < one.least <= one.ratio <= one.most
        assert one.name in shown


async def test_the_ratio_is_of_turns_that_are_neighbours() -> None:
    order: list[str] = []

    async def ours() -> None:
        order.append("ours")

    async def plain() -> None:
        order.append("plain")

    ratio = await compared(Pair("one thing", "another", ours, plain), 2)
    assert order == ["plain", "ours", "ours", "plain", "plain", "ours"]
    assert "one thing" in table([ratio])


def test_notes_are_many_and_few_are_alike() -> None:
    made = list(texts(2000))
    assert len(made) == 2000
    assert len(set(made)) > 1700
    assert made == list(texts(2000))
    assert made != list(texts(2000, seed=2))
