"""`python -m tests.bench [--repeats 7] [--smallest] [--only WORD] [--json FILE]`: ratios, and how far they wander.

Each pair is timed turn by turn in this run, so a slow machine is slow for both. Nothing passes or fails.
"""

import argparse
import asyncio
import json
import logging
import tempfile
from dataclasses import asdict
from pathlib import Path

import structlog

from tests.bench.measure import Ratio, compared, table
from tests.bench.pairs import SMALLEST, Bench, Sizes
from tests.support.databases import sqlite_template


async def measured(bench: Bench, repeats: int, only: str = "") -> list[Ratio]:
    """All pairs whose name or counterpart holds `only`."""
    found = []
    async with bench.pairs() as makers:
        for make in makers:
            if only in make.__name__:
                found.append(await compared(await make(), repeats))
    return found


def main() -> None:
    reader = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    reader.add_argument("--repeats", type=int, default=7)
    reader.add_argument("--smallest", action="store_true", help="only whether everything runs")
    reader.add_argument("--only", default="", help="digest, redaction, intake, round, look or number")
    reader.add_argument("--json", type=Path, help="a file for the figures")
    wishes = reader.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        template = sqlite_template(folder / "template.db")
        bench = Bench(SMALLEST if wishes.smallest else Sizes(), template, folder)
        ratios = asyncio.run(measured(bench, wishes.repeats, wishes.only))
    print(table(ratios))
    if wishes.json:
        wishes.json.write_text(json.dumps([asdict(one) for one in ratios], indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
