"""Notes from a file: each under its own number and with a voice of its own; the same file twice changes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from bot.domain.feedback import Note, Source, Voice, reissue_due
from bot.domain.ids import MeetingId, NoteId, Region, VoiceId, new_id
from bot.domain.reading import ImportedNote, NotesTable
from bot.domain.tables.sheet import RefusedLine
from bot.services.revisions import before_notes_change, day_changed
from bot.services.unit import Unit
from storage.repositories.audit import AuditEntry
from storage.repositories.notes import SpokenNote


@dataclass(slots=True)
class Report:
    """What an import did with each line. `refused` are the lines that were not taken, with their reasons."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[RefusedLine] = field(default_factory=list)

    @property
    def changes_nothing(self) -> bool:
        return not (self.added or self.changed)


async def import_notes(unit: Unit, table: NotesTable, *, now: datetime) -> Report:
    """Keeps the notes of a file. A note whose meeting is not known belongs to its region and day.

    What is missing from the file stays. A note of ours that bears the number already, and one that was taken back, are
    not overwritten: such lines are refused.
    """
    await before_notes_change(unit)
    report = Report(refused=list(table.refused))
    for (region, day), notes in _by_day(table.notes).items():
        before = (report.added, report.changed)
        await _import_day(unit, region, day, notes, report)
        if (report.added, report.changed) != before:
            await day_changed(unit, region, day, due=reissue_due(now))
    if not report.changes_nothing:
        counts = {"added": report.added, "changed": report.changed, "refused": len(report.refused)}
        await unit.audit.record(AuditEntry(now, None, "notes_imported", "file", counts))
    return report


async def _import_day(
    unit: Unit, region: Region, day: date, notes: list[ImportedNote], report: Report
) -> None:
    meetings = {m.plan.key: m.id for m in await unit.meetings.of_day(region, day)}
    known = {one.note.number: one for one in await unit.notes.of_day(region, day) if one.note.number}
    for imported in notes:
        meeting = meetings.get(imported.meeting_key or "")
        standing = known.get(imported.number)
        if standing is None:
            await _add(unit, imported, meeting)
            report.added += 1
        elif standing.note.source is not Source.IMPORT or standing.note.withdrawn:
            values = {"number": imported.number}
            report.refused.append(RefusedLine(0, None, "import.number_taken", values))
        elif await _change(unit, standing, imported, meeting):
            report.changed += 1
        else:
            report.unchanged += 1


async def _add(unit: Unit, imported: ImportedNote, meeting: MeetingId | None) -> None:
    voice = Voice(VoiceId(new_id()), meeting, imported.speaker)
    await unit.voices.keep(voice)
    blank = Note(
        NoteId(new_id()),
        voice.id,
        meeting,
        imported.region,
        imported.day,
        Source.IMPORT,
        number=imported.number,
    )
    await unit.notes.keep(_filled(blank, imported, meeting))


async def _change(
    unit: Unit, standing: SpokenNote, imported: ImportedNote, meeting: MeetingId | None
) -> bool:
    """Whether the file says something else than what stands."""
    new = _filled(standing.note, imported, meeting)
    same_speaker = standing.speaker is imported.speaker
    if new == standing.note and same_speaker:
        return False
    if not same_speaker or new.meeting != standing.note.meeting:
        await unit.voices.keep(Voice(new.voice, meeting, imported.speaker, standing.name))
    await unit.notes.keep(new)
    return True


def _filled(note: Note, imported: ImportedNote, meeting: MeetingId | None) -> Note:
    """The note as the file has it."""
    return replace(note, meeting=meeting, rating=imported.rating, topic=imported.topic, words=imported.words)


def _by_day(notes: Iterable[ImportedNote]) -> dict[tuple[Region, date], list[ImportedNote]]:
    days: dict[tuple[Region, date], list[ImportedNote]] = {}
    for note in notes:
        days.setdefault((note.region, note.day), []).append(note)
    return days
