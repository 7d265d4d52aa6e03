"""Where the order of notes could be read: columns, places on disk, exports, digests, a backup."""

import json
import re
from collections.abc import Sequence
from datetime import time
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import select, text

from bot import commands
from bot.gateways.clock import SteppedClock
from bot.services.digest_view import DigestView
from bot.services.digests import Digests, RegionDay
from bot.services.exports import Exports
from bot.services.publishing import Publishing
from bot.settings import read_settings
from storage.database import Database
from storage.models import Base
from tests.support.chat import MESSAGES
from tests.support.feedback import TOUR
from tests.support.kept import JEONBUK
from tests.support.plans import DAY, SEOUL, at

PAGE = 4096
"""Bytes of a page of SQLite's."""
SUBJECT = RegionDay(TOUR.id, JEONBUK, DAY)

Sequences = dict[str, Sequence[object]]
"""By where they were read: a value for each note, in the order in which the notes came."""


async def everything_told(database: Database, words: Sequence[str], folder: Path) -> Sequences:
    """Every column of every row that hangs on a note, where it lies, and the lists that leave the house."""
    ids, told = await columns(database, words)
    told |= await where_they_lie(database, ids)
    exports, view = Exports(SEOUL), DigestView(MESSAGES)
    async with database.open_unit(read_only=True) as unit:
        table = await exports.notes(unit, region=None, day=None, raw=True)
        numbers = await unit.notes.numbers_of(JEONBUK, DAY)
    shown = [numbers[one] for one in ids]  # type: ignore[index]
    lines = [str(row[0]) for row in table.rows]
    told["lines of the export"] = [lines.index(number or one) for number, one in zip(shown, ids, strict=True)]
    if not database.is_sqlite:  # what follows is the same code over the same values
        return told
    clock = SteppedClock(at("21:00"))
    digests = Digests(SEOUL, time(21))
    stored = await Publishing(database.open_unit, digests, clock).publish(SUBJECT)
    body = json.dumps(stored.body, ensure_ascii=False)
    text_ = view.whole_text(stored, now=clock.now())
    told["digest's json"] = _places(body, [f'"{number}"' for number in shown])
    told["digest's chat"] = _places(text_, [f"{number}" for number in shown])
    told["digest's quotes"] = _places(body, words)
    return told | await in_the_backup(database, ids, folder)


async def columns(database: Database, words: Sequence[str]) -> tuple[list[str], Sequences]:
    """The notes' ids in the order in which they came, and every value that hangs on them, by table and column."""
    tables = {name: Base.metadata.tables[name] for name in ("notes", "voices", "consents")}
    async with database.snapshot() as connection:
        rows = {
            name: (await connection.execute(select(table))).mappings().all() for name, table in tables.items()
        }
    notes = {row["words"]: row for row in rows["notes"]}
    came = [notes[one] for one in words]
    told: Sequences = {f"notes.{name}": [row[name] for row in came] for name in came[0] if name != "words"}
    voices = {row["id"]: row for row in rows["voices"]}
    told |= {f"voices.{name}": [voices[row["voice_id"]][name] for row in came] for name in rows["voices"][0]}
    agreed = {row["voice_id"]: row for row in rows["consents"]}
    told |= {
        f"consents.{name}": [agreed[row["voice_id"]][name] for row in came] for name in rows["consents"][0]
    }
    order = [row["words"] for row in rows["notes"]]
    told["order without order"] = [order.index(one) for one in words]
    return [row["id"] for row in came], {name: _plain(values) for name, values in told.items()}


async def where_they_lie(database: Database, ids: Sequence[str]) -> Sequences:
    """SQLite: where in the file. PostgreSQL: which page and place, and the transaction that wrote the row."""
    if database.is_sqlite:
        return in_a_file(Path(str(database.url.database)), ids)
    async with database.snapshot() as connection:
        rows = (
            await connection.execute(text("SELECT id, ctid::text AS place, xmin::text AS wrote FROM notes"))
        ).all()
    places = {row.id: tuple(int(part) for part in row.place.strip("()").split(",")) for row in rows}
    return {
        "place on disk": [places[one] for one in ids],
        "xmin": [int(row.wrote) for one in ids for row in rows if row.id == one],
    }


async def in_the_backup(database: Database, ids: Sequence[str], folder: Path) -> Sequences:
    url = SecretStr(database.url.render_as_string(hide_password=False))
    settings = read_settings(None).model_copy(update={"database_url": url, "data_dir": folder})
    await commands.backup(settings, folder / "kept.db", None, clock=SteppedClock(at("21:00")))
    return {f"backup, {name}": values for name, values in in_a_file(folder / "kept.db", ids).items()}


def in_a_file(file: Path, ids: Sequence[str]) -> Sequences:
    """Where notes lie in a file of SQLite's, and where in their page: cells lie in it as they were written."""
    data = file.read_bytes()
    places = [[m.start() for m in re.finditer(re.escape(one.encode()), data)] for one in ids]
    return {
        "first place on disk": [place[0] for place in places],
        "last place on disk": [place[-1] for place in places],
        "first place in its page": [place[0] % PAGE for place in places],
        "last place in its page": [place[-1] % PAGE for place in places],
    }


def _places(text_: str, needles: Sequence[str]) -> list[object]:
    """Where each stands first; those that do not stand there share a rank."""
    return [place if (place := text_.find(one)) >= 0 else None for one in needles]


def _plain(values: Sequence[object]) -> list[object]:
    return [None if value is None else str(value) for value in values]
