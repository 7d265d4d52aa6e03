"""Everything that stays: the database's files or rows, the log, a backup, exports, digests, what readers hold, DATA_DIR."""

import contextlib
import io
import shutil
import sqlite3
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import aiohttp
from pydantic import SecretStr
from sqlalchemy import select

from bot import commands
from bot.commands.composing import digest
from bot.commands.exporting import export_audit, export_notes
from bot.gateways.clock import SteppedClock
from bot.settings import Settings
from storage.database import Database
from storage.models import Base
from tests.privacy.field import JEONBUK, Field

DAY = date(2026, 1, 22)


async def everything_that_stays(field: Field, log: str) -> dict[str, bytes]:
    """By name of the place. Makes a backup, exports and digests as an operator would, now."""
    settings, database = settings_of(field), field.stage.database
    folder = settings.data_dir
    places = {"log": log.encode(), "rows": await rows_in(database)}
    out = folder / "out"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    clock = SteppedClock(field.stage.clock.now())
    await commands.backup(settings, out / "backup.db", None, clock=clock)
    await export_notes(settings, None, None, raw=True, out=out / "notes.csv")
    await export_notes(settings, JEONBUK, DAY, raw=False, out=out / "notes.xlsx")
    await export_audit(settings, None, out=out / "audit.csv")
    for form in ("json", "text", "html"):
        made = await digest(settings, JEONBUK, DAY, form=form, publish=False)
        places[f"digest {form}"] = made.encode() if isinstance(made, str) else made
    places |= {f"disk {file.relative_to(folder)}": _opened(file) for file in _files(folder)}
    places["names on disk"] = "\n".join(str(file) for file in folder.rglob("*")).encode()
    return places | what_readers_hold(field) | await probes(field)


def settings_of(field: Field) -> Settings:
    url = field.stage.database.url.render_as_string(hide_password=False)
    return field.settings.model_copy(update={"database_url": SecretStr(url)})


async def rows_in(database: Database, *, but: tuple[str, ...] = ()) -> bytes:
    """Every value of every table, as text and as the driver gives it."""
    lines = []
    async with database.snapshot() as connection:
        for table in Base.metadata.sorted_tables:
            if table.name not in but:
                for row in await connection.execute(select(table)):
                    lines += [value if isinstance(value, bytes) else str(value).encode() for value in row]
    return b"\n".join(lines)


def what_readers_hold(field: Field) -> dict[str, bytes]:
    """What the local Telegram was sent for staff, managers, administrators and the group, files among it."""
    held: dict[str, bytes] = {}
    for chat in (field.staff, field.manager, field.admin, *(c for c in field.world.chats if c < 0)):
        for one in field.world.messages(chat):
            if one.from_bot:
                data = b"" if one.attachment is None else one.attachment.file.data
                held[f"sent {chat}"] = (
                    held.get(f"sent {chat}", b"") + one.text.encode() + repr(one.keyboard).encode() + data
                )
    return held


async def probes(field: Field) -> dict[str, bytes]:
    """What the bot tells whoever asks over HTTP."""
    told = {}
    async with aiohttp.ClientSession() as session:
        for path in ("/healthz", "/readyz", "/metrics"):
            async with session.get(f"http://127.0.0.1:{field.stage._site}{path}") as answer:
                told[path] = repr(answer.headers).encode() + await answer.read()
    return told


async def the_database(field: Field) -> dict[str, bytes]:
    """Its rows, and on SQLite its files."""
    folder = field.settings.data_dir
    files = {f"disk {file.name}": file.read_bytes() for file in folder.glob("hyeonjang.db*")}
    return {"rows": await rows_in(field.stage.database), **files}


async def without_seen_updates(field: Field) -> dict[str, bytes]:
    """The database when the set of update ids, which is a week's and knows no chat, is taken out of it."""
    rows = {"rows": await rows_in(field.stage.database, but=("seen_updates",))}
    if not field.stage.database.is_sqlite:
        return rows
    copy = field.settings.data_dir / "out" / "copy.db"
    async with field.stage.database.outside_transactions() as connection:
        await connection.exec_driver_sql("VACUUM INTO ?", (str(copy),))
    with contextlib.closing(sqlite3.connect(copy, isolation_level=None)) as opened:
        opened.execute("DELETE FROM seen_updates")
        opened.execute("VACUUM")
    content = copy.read_bytes()
    copy.unlink()
    return rows | {"copy": content}


def _files(folder: Path) -> list[Path]:
    return [file for file in sorted(folder.rglob("*")) if file.is_file()]


def _opened(file: Path) -> bytes:
    """A file's bytes, and those that a workbook packs."""
    data = file.read_bytes()
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return data + b"".join(packed.read(name) for name in packed.namelist())


def only(places: Mapping[str, bytes], *names: str) -> dict[str, bytes]:
    """Those whose name begins with one of `names`."""
    return {place: content for place, content in places.items() if place.startswith(names)}
