"""How long a question takes over many notes: `python -m tests.support.question_bench [NOTES …]`. DATABASE_URL names another
database than a SQLite file of its own; it must be empty and migrated.

Notes are the labelled ones said over and over, 5,000 a region's day, with readings as they are kept; reports as small as
their ledgers allow. What is timed is finding and choosing, without the analyst's and a model's time.
"""

import asyncio
import os
import resource
import sys
import tempfile
import time as clock
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from bot.digest.as_json import to_json
from bot.digest.prepare import Prepared, prepare
from bot.digest.search.terms import found_by
from bot.domain.digest import Checks, DayInput, Digest, Engine, Ledger, Numbers
from bot.domain.feedback import NoteKind, Source, Speaker
from bot.domain.ids import ChatId, PersonId, Region, VoiceId, new_id
from bot.domain.person import Grant, Person, Role
from bot.services.digest_input import day_note
from bot.services.digests import Digests
from bot.services.errata import SENT, note_hashes
from bot.services.questions.finding import Finding
from storage.database import Database
from storage.models import DigestRow, NoteReadingRow, NoteRow, NoteTermsRow, VoiceRow
from storage.repositories.notes import SpokenNote
from tests.support import kept
from tests.support.corpus import corpus_day
from tests.support.reading_corpora import DEVELOPMENT, PLAIN, of_everything

ZONE = ZoneInfo("Asia/Seoul")
A_DAY = 5_000
FIRST = date(2026, 1, 22)
QUESTIONS = (
    "통근버스에 대해 뭐라고 하나요?",
    "산업용 전기요금이 너무 비싸다는 말",
    "공항 소음 피해 보상",
    "지하철 요금 할인",
)
REGIONS = tuple(map(Region, ("전북", "동남권", "강원", "대경권", "중부권", "서남권", "제주")))


async def fill(database: Database, count: int) -> None:
    said = [note for name in (*DEVELOPMENT, *PLAIN) for note in prepare(corpus_day(name))]
    async with database.open_unit() as unit:
        await kept.tour_with(unit)
        await unit.commit()
    for start in range(0, count, A_DAY):
        place = start // A_DAY
        region, day = REGIONS[place % len(REGIONS)], FIRST + timedelta(days=place // len(REGIONS))
        await _day(database, said, region, day, min(A_DAY, count - start))


async def _day(database: Database, said: list[Prepared], region: Region, day: date, count: int) -> None:
    voices, notes, readings, terms, told = [], [], [], [], []
    for at in range(count):
        note, ident = said[at % len(said)], new_id()
        reading, number = of_everything()(note.words), f"{region}-{at + 1}"
        voices.append({"id": ident, "meeting_id": None, "speaker": Speaker.YOUTH, "name": None})
        row = {
            "id": ident, "voice_id": ident, "meeting_id": None, "region": region, "day": day,
            "source": Source.IMPORT, "kind": NoteKind.REMARK, "rating": 4, "topic": None, "words": note.words,
            "number": number, "withdrawn": False, "secret": None, "heard": False,
        }  # fmt: skip
        notes.append(row)
        readings.append({"note_id": ident, "version": reading.version, "data": reading.to_bytes()})
        terms.append({"note_id": ident, "terms": found_by(reading, note.words)})
        spoken = SpokenNote(kept.note(VoiceId(ident), ident=ident, words=note.words, region=region, day=day, about=None,
                                      source=Source.IMPORT, number=number, topic=None), Speaker.YOUTH, None)  # fmt: skip
        told.append(day_note(spoken, number, {}))
    async with database.open_unit() as unit:
        for table, rows in (
            (VoiceRow, voices),
            (NoteRow, notes),
            (NoteReadingRow, readings),
            (NoteTermsRow, terms),
        ):
            await unit._session.execute(insert(table), rows)
        await unit._session.execute(
            insert(DigestRow),
            [_report(region, day, note_hashes(DayInput(region, day, 1, tuple(told), (), ())))],
        )
        await unit.commit()


def _report(region: Region, day: date, told: dict[str, str]) -> dict[str, object]:
    count = len(told)
    ledger = Ledger(count, (), tuple(told), (), (), (), 0)
    numbers = Numbers(0, count, count, {Speaker.YOUTH: count}, 4.0, {4: count}, count)
    digest = Digest(region, day, 1, Engine(), ledger, numbers, (), (), (), Checks(0, 0, 0))
    body = to_json(digest) | {SENT: {"notes": told, "late": [], "erased": None}}
    return {"id": new_id(), "tour_id": kept.TOUR.id, "region": region, "day": day, "revision": 1, "fingerprint": "f" * 64,
            "body": body, "published_at": datetime.combine(day, time(21), ZONE)}  # fmt: skip


async def measure(url: str, count: int) -> None:
    of_everything()
    database = Database(url)
    await database.migrate()
    await fill(database, count)
    now = datetime.combine(FIRST + timedelta(days=30), time(12), ZONE)
    reader = Person(PersonId("reader"), ChatId(1), "가상", "ko", frozenset({Grant(Role.MANAGER, None)}))
    version = of_everything()(next(iter(corpus_day(DEVELOPMENT[0]).notes)).words).version
    finding = Finding(database.open_unit, Digests(ZONE, time(21)), ZONE, version)
    for words in QUESTIONS:
        for reading in (of_everything()(words), None):
            began = clock.monotonic()
            found = await finding.find(reader, words, reading, now=now)
            took = clock.monotonic() - began
            how = "read" if reading else "as written"
            sys.stdout.write(
                f"{count:>7} {how:>10} {took:6.2f} s  {len(found.points)} of {found.relevant}, {found.searched.notes} searched: {words}\n"
            )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sys.stdout.write(f"peak {peak} MB\n")
    await database.close()


def main() -> None:
    for count in map(int, sys.argv[1:] or ("10000", "100000")):
        with tempfile.TemporaryDirectory() as folder:
            url = os.environ.get("DATABASE_URL") or f"sqlite+aiosqlite:///{Path(folder) / 'bench.db'}"
            asyncio.run(measure(url, count))


if __name__ == "__main__":
    main()
