"""`python -m tests.bench.large [--notes 10000] [--topics 0.0]`: a day's whole way, from intake to files, on SQLite.

Rows are written in bulk; then the child reads them as at intake, the digest is made, shown in the chat and as files.
Prints a line for each stretch: time, processor, peak memory, the event loop's longest stall. Nothing passes or fails.
"""

import argparse
import asyncio
import logging
import tempfile
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Final

import structlog

from bot.digest.as_report import report
from bot.digest.grouping.library import shipped_topics
from bot.digest.report import FileForm
from bot.gateways.analysis.process import KoreanAnalyst
from bot.gateways.documents.writing import WrittenApart
from bot.services.digest_view import DigestView
from bot.services.digests import Digests, RegionDay, digest_of
from bot.services.note_reading import NoteReading
from storage.database import Database
from storage.repositories.readings import Kept
from tests.bench import notes as made
from tests.bench.watch import Cost, watched
from tests.support.chat import MESSAGES
from tests.support.databases import sqlite_template
from tests.support.kept import TOUR
from tests.support.plans import DAY, SEOUL, meeting

_TOGETHER: Final = 1000
_NOW: Final = datetime(2026, 1, 22, 12, 0, tzinfo=UTC)
SUBJECT: Final = RegionDay(TOUR.id, made.REGION, DAY)


class _Told(list[Cost]):
    """Says each as it comes: a large day takes its time."""

    def append(self, cost: Cost) -> None:
        super().append(cost)
        print(cost.line(), flush=True)


async def fill(database: Database, count: int, topics: float) -> None:
    """A tour of six meetings, and the notes."""
    async with database.open_unit() as unit:
        await unit.tours.keep(replace(TOUR, topics=shipped_topics()))
        for at in range(made.MEETINGS):
            await unit.meetings.keep(meeting(f"m{at}"))
        await unit.commit()
    voices, notes = await asyncio.to_thread(made.kept, count, DAY, topics=topics)
    for start in range(0, count, _TOGETHER):
        async with database.open_unit() as unit:
            await unit.voices.add(voices[start : start + _TOGETHER])
            await unit.notes.add(notes[start : start + _TOGETHER])
            await unit.commit()


async def borrow(database: Database, lender: Database, version: str) -> None:
    """Gives each note some reading of another measured day: what a digest costs does not depend on whose it is."""
    async with lender.open_unit(read_only=True) as unit:
        pages = unit.readings.of_day(version, made.REGION, DAY)
        lent = [data async for page in pages for data in page.values()]
    async with database.open_unit() as unit:
        spoken = await unit.notes.of_day(made.REGION, DAY)
        for start in range(0, len(spoken), _TOGETHER):
            some = enumerate(spoken[start : start + _TOGETHER], start)
            kept = {one.note.id: Kept(one.note.words, one.name, lent[at % len(lent)]) for at, one in some}
            await unit.readings.keep(version, kept)
        await unit.commit()


async def journey(
    database: Database, count: int, topics: float, lender: Database | None = None
) -> list[Cost]:
    """What each stretch cost. Without a `count` the notes are there already; a `lender` spares the child most of its work."""
    costs: list[Cost] = _Told()
    if count:
        async with watched("rows written") as cost:
            await fill(database, count, topics)
        costs.append(cost)
    async with KoreanAnalyst() as analyst:
        reading = NoteReading(analyst)
        if lender is not None:
            await borrow(database, lender, analyst.version)
        async with watched("notes read by the child", lambda: analyst.pid) as cost:
            while await reading.read_some(database.open_unit):
                pass
        costs.append(cost)
        async with watched("a look that finds nothing", lambda: analyst.pid) as cost:
            await reading.read_some(database.open_unit)
        costs.append(cost)
        digests = Digests(SEOUL, time(21), reading=reading)
        async with watched("digest made", lambda: analyst.pid) as cost:
            stored = await digests.make(database.open_unit, SUBJECT)
        costs.append(cost)
        async with watched("digest found unchanged") as cost:
            await digests.make(database.open_unit, SUBJECT)
        costs.append(cost)
        late = made.kept(1, DAY, seed=99, first="late")
        async with database.open_unit() as unit:
            await unit.voices.add(late[0])
            await unit.notes.add(late[1])
            await unit.commit()
        async with watched("made again after one late note", lambda: analyst.pid) as cost:
            stored = await digests.make(database.open_unit, SUBJECT)
        costs.append(cost)
    async with watched("whole text for the chat") as cost:
        await asyncio.to_thread(DigestView(MESSAGES).whole_text, stored, now=_NOW)
    costs.append(cost)
    digest = digest_of(stored)
    ledger = digest.ledger
    print(
        f"{ledger.received} received, {len(digest.themes)} themes, {len(ledger.cited)} cited, {len(ledger.covered)} covered, "
        f"{len(ledger.unplaced)} unplaced, {len(ledger.merged)} merges"
    )
    value = report(digest, MESSAGES, _NOW)
    for form in FileForm:
        async with watched(f"file {form.value}") as cost:
            await asyncio.to_thread(WrittenApart(), value, form)
        costs.append(cost)
    return costs


def main() -> None:
    reader = argparse.ArgumentParser(prog="python -m tests.bench.large", description=__doc__)
    reader.add_argument("--notes", type=int, default=10_000)
    reader.add_argument("--topics", type=float, default=0.0, help="share of notes that chose a topic")
    reader.add_argument(
        "--database", type=Path, help="a file to be kept; where there is one, its notes are measured"
    )
    reader.add_argument(
        "--borrow", type=Path, help="the file of a measured day whose readings are used: spares an hour"
    )
    wishes = reader.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory(prefix="large-") as folder:
        file = wishes.database or Path(folder) / "large.db"
        count = 0 if file.exists() else wishes.notes
        sqlite_template(file)
        asyncio.run(_run(file, count, wishes.topics, wishes.borrow))


async def _run(file: Path, count: int, topics: float, borrowed: Path | None) -> list[Cost]:
    async with AsyncExitStack() as opened:
        database, *lenders = [
            Database(f"sqlite+aiosqlite:///{one}") for one in (file, borrowed) if one is not None
        ]
        for one in (database, *lenders):
            opened.push_async_callback(one.close)
        return await journey(database, count, topics, *lenders)


if __name__ == "__main__":
    main()
