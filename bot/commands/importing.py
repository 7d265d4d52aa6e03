"""`import tour` and `import notes`: a file comes in, the lines say what became of it."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from bot.commands.desk import Desk, Failed, desk
from bot.commands.files import read_bytes, read_text
from bot.domain.access_log import SEVERAL, Why
from bot.domain.digest import Topic
from bot.domain.reading import read_notes, read_topics, read_tour
from bot.domain.tables.sheet import RefusedLine
from bot.gateways.spreadsheet import table_of
from bot.import_reports import notes_report, refused_lines, tour_report
from bot.rehearse import TOUR, read_sample
from bot.services.notes_import import import_notes
from bot.services.topics import weighed
from bot.services.unit import Unit
from bot.settings import Settings
from storage.repositories.audit import AuditEntry


async def import_tour(
    settings: Settings, file: Path, *, name: str, topics: Path | None, cancel_missing: bool, dry: bool
) -> list[str]:
    """Brings a schedule in; the lines say what was added, changed, cancelled, refused."""
    data = read_bytes(file)
    async with desk(settings) as at:
        table, now = read_tour(table_of(data), settings.timezone), at.clock.now()
        if not table.plans:
            raise Failed(_nothing_taken(at, table.refused))
        if cancel_missing:
            table.require_whole()
        async with at.database.open_unit() as unit:
            known = await unit.tours.named(name)
            text = read_text(topics) if topics else None if known else read_sample().topics
            if known and text is not None:
                await weighed(unit, known, read_topics(text), remove_used=False)
            applied = await at.services.schedule.bring_in(
                unit,
                table.plans,
                tour_name=name,
                topics=None if text is None else read_topics(text),
                cancel_missing=cancel_missing,
                dry=dry,
                now=now,
            )
            if dry:
                await _previewed(unit, now)
            await unit.commit()
        return tour_report(at.messages, applied, table.refused, now)


async def import_notes_file(settings: Settings, file: Path, *, dry: bool) -> list[str]:
    """Brings notes in; the lines say what was added, changed, refused.

    A large file takes seconds to read. Nobody waits for that: others are kept from writing only while its notes are
    compared and kept.
    """
    data = read_bytes(file)
    async with desk(settings) as at:
        now, source = at.clock.now(), table_of(data)
        topics = await _topics(at)
        if dry:
            async with at.database.open_unit() as unit:
                await _previewed(unit, now)
                await unit.commit()
        while True:
            table = read_notes(source, settings.timezone, topics)
            if not table.notes:
                raise Failed(_nothing_taken(at, table.refused))
            async with at.database.open_unit() as unit:
                tour = await at.services.schedule.some_tour(unit, TOUR, topics)
                if tour.topics == topics:
                    report = await import_notes(unit, table, now=now)
                    if not dry:
                        await unit.commit()
                    return notes_report(at.messages, report, now, dry=dry)
            topics = tour.topics  # somebody brought a tour in meanwhile: its topics count


async def _previewed(unit: Unit, now: datetime) -> None:
    await unit.audit.record(AuditEntry(now, None, "file_previewed", "console", {}, SEVERAL, Why.IMPORT))


async def _topics(at: Desk) -> tuple[Topic, ...]:
    """Those that a note may name: of the tour there is, or of the one that will be begun."""
    async with at.database.open_unit(read_only=True) as unit:
        tours = await unit.tours.all()
    return tours[0].topics if tours else tuple(read_topics(read_sample().topics))


def _nothing_taken(at: Desk, refused: Sequence[RefusedLine]) -> str:
    lines = refused_lines(at.messages, refused, at.clock.now())
    return "\n".join(["파일에서 반영할 수 있는 줄을 찾지 못했습니다.", *lines])
