"""`export notes`, `export audit`: tables to take away, as XLSX or CSV by the file's ending."""

from datetime import date
from pathlib import Path

from bot.commands.auditing import head_line, head_of
from bot.commands.desk import Failed, desk
from bot.commands.files import write_private
from bot.domain.ids import Region
from bot.gateways.tables import csv_of, xlsx_of
from bot.services.exports import Table
from bot.settings import Settings

_WRITERS = {".csv": csv_of, ".xlsx": xlsx_of}


async def export_notes(
    settings: Settings, region: str | None, day: date | None, *, raw: bool, out: Path
) -> str:
    """Saves the notes and gives the line that says so; they are redacted unless `raw`. Raises Failed."""
    _require_ending(out)
    where = Region(region) if region else None
    async with desk(settings) as at:
        exports, open_unit = at.services.exports, at.database.open_unit
        async with open_unit(read_only=True) as unit:
            table = await exports.notes(unit, region=where, day=day, raw=raw)
        async with open_unit() as unit:
            await exports.record(unit, table, region=where, day=day, raw=raw, now=at.clock.now())
            await unit.commit()  # first: a file that is on no record is worse than a record without a file
    said = _save(table, out)
    return f"{said} 개인정보를 가리지 않은 원문입니다. 쓰신 뒤에는 파기해 주십시오." if raw else said


async def export_audit(settings: Settings, day: date | None, *, out: Path) -> str:
    """Saves the audit and gives the line that says so. Raises Failed."""
    _require_ending(out)
    async with desk(settings) as at:
        exports, open_unit = at.services.exports, at.database.open_unit
        async with open_unit(read_only=True) as unit:
            table = await exports.audit(unit, day=day)
        async with open_unit() as unit:
            await exports.record(unit, table, day=day, now=at.clock.now())
            await unit.commit()
        head = await head_of(at.database)
    return f"{_save(table, out)}\n{head_line(head)}"


def _require_ending(out: Path) -> None:
    if out.suffix.lower() not in _WRITERS:
        raise Failed("파일 이름은 .xlsx 또는 .csv로 끝나야 합니다.")


def _save(table: Table, out: Path) -> str:
    write_private(_WRITERS[out.suffix.lower()](table), out)
    return f"{len(table.rows)}줄을 저장했습니다: {out}"
