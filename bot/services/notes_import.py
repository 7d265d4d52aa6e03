"""Notes from a file: each under its own number and with a voice of its own; the same file twice changes nothing."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from bot.digest.numbering import looks_dealt
from bot.domain.access_log import SEVERAL, Why, region_day
from bot.domain.feedback import Note, Source, Speaker, Voice, reissue_due
from bot.domain.ids import MeetingId, NoteId, PersonId, Region, VoiceId, new_id
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


@dataclass(frozen=True, slots=True)
class Added:
    """A line that no note bears yet."""

    line: ImportedNote
    meeting: MeetingId | None


@dataclass(frozen=True, slots=True)
class Changed:
    """A note of an earlier file that says something else now."""

    standing: SpokenNote
    note: Note
    speaker: Speaker


@dataclass(frozen=True, slots=True)
class Difference:
    """What a file says against what stands."""

    added: tuple[Added, ...]
    changed: tuple[Changed, ...]
    unchanged: int
    refused: tuple[RefusedLine, ...]

    @property
    def report(self) -> Report:
        return Report(len(self.added), len(self.changed), self.unchanged, list(self.refused))


async def import_notes(
    unit: Unit, table: NotesTable, *, now: datetime, actor: PersonId | None = None
) -> Report:
    """Keeps the notes of a file. A note whose meeting is not known belongs to its region and day.

    What is missing from the file stays. One that was taken back does not come back: its line is refused, as is every
    line under a number such as we deal ourselves. `actor` None: the console.
    """
    await before_notes_change(unit)
    difference = await compare_notes(unit, table)
    await keep_notes(unit, difference, now=now, actor=actor)
    return difference.report


async def compare_notes(unit: Unit, table: NotesTable) -> Difference:
    """What `import_notes` would do. Reads only; whoever goes on to keep it calls `before_notes_change` first.

    It depends on notes of files alone. Numbers of the form that we deal are refused in the same words whether a note bears
    them or not: a preview with all of them, looked at each minute, would tell which number came when.
    """
    added: list[Added] = []
    changed: list[Changed] = []
    refused = list(table.refused)
    unchanged = 0
    for (region, day), notes in _by_day(table.notes).items():
        meetings = {m.plan.key: m.id for m in await unit.meetings.of_day(region, day)}
        spoken = await unit.notes.of_day(region, day)
        known = {one.note.number: one for one in spoken if one.note.source is Source.IMPORT}
        for line in notes:
            meeting, standing = meetings.get(line.meeting_key or ""), known.get(line.number)
            if standing is None and looks_dealt(region, line.number):
                refused.append(RefusedLine(0, None, "import.number_ours", {"number": line.number}))
            elif standing is None:
                added.append(Added(line, meeting))
            elif standing.note.withdrawn:
                refused.append(RefusedLine(0, None, "import.number_taken", {"number": line.number}))
            elif (new := _filled(standing.note, line, meeting)) != standing.note or (
                standing.speaker is not line.speaker
            ):
                changed.append(Changed(standing, new, line.speaker))
            else:
                unchanged += 1
    return Difference(tuple(added), tuple(changed), unchanged, tuple(refused))


async def keep_notes(
    unit: Unit, difference: Difference, *, now: datetime, actor: PersonId | None = None
) -> None:
    """Does what was found. The digests of the days concerned are called to be made anew, once each."""
    new = [_added(one) for one in difference.added]
    await unit.voices.add([voice for voice, _ in new])
    await unit.notes.add([note for _, note in new])
    for one in difference.changed:
        if one.speaker is not one.standing.speaker or one.note.meeting != one.standing.note.meeting:
            voice = Voice(one.note.voice, one.note.meeting, one.speaker, one.standing.name)
            await unit.voices.keep(voice)
        await unit.notes.keep(one.note)
    days = {(note.region, note.day) for note in (*(n for _, n in new), *(c.note for c in difference.changed))}
    altered = {(one.note.region, one.note.day) for one in difference.changed}
    for region, day in sorted(days):
        await day_changed(unit, region, day, due=reissue_due(now), adds=(region, day) not in altered)
    report = difference.report
    if not report.changes_nothing:
        counts = {"added": report.added, "changed": report.changed, "refused": len(report.refused)}
        entry = AuditEntry(now, actor, "notes_imported", "file", counts, _whose(days), Why.IMPORT)
        await unit.audit.record(entry)


def _whose(days: Collection[tuple[Region, date]]) -> str:
    """The region's day, if it is one; otherwise of several."""
    return region_day(*next(iter(days))) if len(days) == 1 else SEVERAL


def _added(one: Added) -> tuple[Voice, Note]:
    line = one.line
    voice = Voice(VoiceId(new_id()), one.meeting, line.speaker)
    blank = Note(
        NoteId(new_id()), voice.id, one.meeting, line.region, line.day, Source.IMPORT, number=line.number
    )
    return voice, _filled(blank, line, one.meeting)


def _filled(note: Note, imported: ImportedNote, meeting: MeetingId | None) -> Note:
    """The note as the file has it."""
    return replace(note, meeting=meeting, rating=imported.rating, topic=imported.topic, words=imported.words)


def _by_day(notes: Iterable[ImportedNote]) -> dict[tuple[Region, date], list[ImportedNote]]:
    days: dict[tuple[Region, date], list[ImportedNote]] = {}
    for note in notes:
        days.setdefault((note.region, note.day), []).append(note)
    return days
