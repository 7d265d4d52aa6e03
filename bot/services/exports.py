"""Tables to take away: notes without personal data, and the audit. What was taken is audited in its turn."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.digest.numbering import number_key
from bot.digest.redact import redact
from bot.digest.redaction.known import names_on_file, parts_of
from bot.domain.access_log import Line, Why, region_day
from bot.domain.digest import Topic
from bot.domain.errors import Refusal
from bot.domain.ids import MeetingId, Region
from bot.domain.meeting import Meeting
from bot.services.unit import Unit
from storage.repositories.audit import AuditEntry
from storage.repositories.notes import SpokenNote

NOTES_HEAD = (
    "note_id",
    "region",
    "date",
    "meeting_key",
    "meeting",
    "track",
    "speaker",
    "kind",
    "rating",
    "topic",
    "text",
    "source",
    "withdrawn",
)
"""The columns of a notes file (contract), and what only we know. There is no time: notes have none (anonymity)."""
AUDIT_HEAD = (
    "번호",
    "일시",
    "행위자",
    "행위",
    "대상",
    "정보주체",
    "목적",
    "내용",
    "앞 줄의 봉인",
    "봉인",
)
"""The columns of the access log: its reader is a Korean auditor. docs/security.md says what the codes mean."""
CONSOLE = "콘솔·자동"
"""Stands for an actor that is no person: the console or the clock."""

Cell = str | int | None


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet to be written: its title, its head, its lines. Texts are texts, whatever they begin with."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


class NothingToExport(Refusal):
    """Nothing is kept that was asked for."""

    def __init__(self) -> None:
        super().__init__("export.nothing")


@dataclass(frozen=True, slots=True)
class _Around:
    """What a note's line needs besides the note."""

    meetings: dict[MeetingId, Meeting]
    topics: dict[str, str]
    on_file: frozenset[str]
    titles: tuple[str, ...]


class Exports:
    """`zone` is where people live: days are its days, times are shown in it."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    async def notes(self, unit: Unit, *, region: Region | None, day: date | None, raw: bool) -> Table:
        """Notes of a region, a day, both or all, in the order of their numbers; those without one by random id.

        Words are redacted as in a digest unless `raw`: reads only, and takes its time. Raises NothingToExport.
        """
        first, last = (day, day) if day else (date.min, date.max)
        days = sorted(await unit.notes.days_between(first, last), key=lambda one: (one[1], one[0]))
        names = await unit.people.names()
        rows: list[tuple[Cell, ...]] = []
        for where, when in days:
            if region in (None, where):
                rows += await self._day(unit, where, when, names, raw=raw)
        if not rows:
            raise NothingToExport
        return Table("notes", NOTES_HEAD, tuple(rows))

    async def audit(self, unit: Unit, *, day: date | None) -> Table:
        """Who did what, oldest first; of one local day if wanted. Reads only. Raises NothingToExport."""
        start = None if day is None else datetime(day.year, day.month, day.day, tzinfo=self._zone)
        rows = [
            self._act(one)
            async for one in unit.audit.lines(since=start)
            if day in (None, one.at.astimezone(self._zone).date())
        ]
        if not rows:
            raise NothingToExport
        return Table("audit", AUDIT_HEAD, tuple(rows))

    async def _day(
        self, unit: Unit, region: Region, day: date, names: Collection[str], *, raw: bool
    ) -> list[tuple[Cell, ...]]:
        meetings = {meeting.id: meeting for meeting in await unit.meetings.of_day(region, day)}
        tours = [await unit.tours.by_id(tour) for tour in {meeting.tour for meeting in meetings.values()}]
        topics: tuple[Topic, ...] = tuple(topic for tour in tours for topic in tour.topics)
        titles = (region, *(one.title for one in topics), *(one.title for one in meetings.values()))
        around = _Around(
            meetings, {one.key: one.title for one in topics}, names_on_file(names, titles), titles
        )
        notes = sorted(await unit.notes.of_day(region, day), key=_place)
        return [_line(one, around, raw=raw) for one in notes]

    def _act(self, line: Line) -> tuple[Cell, ...]:
        details = " ".join(
            f"{name}={value}" for name, value in sorted(line.details.items()) if value is not None
        )
        at = line.at.astimezone(self._zone).isoformat(sep=" ", timespec="seconds")
        what = (line.action, line.subject, line.whose, line.why, details)
        return (line.seq, at, line.actor or CONSOLE, *what, line.previous, line.seal)

    async def record(
        self,
        unit: Unit,
        table: Table,
        *,
        region: Region | None = None,
        day: date | None,
        raw: bool = False,
        now: datetime,
    ) -> None:
        """That a table was taken away, in a transaction of its own: to be committed before the file is written."""
        details = {"day": day.isoformat() if day else None, "rows": len(table.rows), "raw": raw}
        action = f"{table.title}_exported"
        whose = region_day(region, day)
        await unit.audit.record(AuditEntry(now, None, action, region or "all", details, whose, Why.EXPORT))


def _place(spoken: SpokenNote) -> tuple[bool, object]:
    number = spoken.note.number
    return (number is None, number_key(number) if number else spoken.note.id)


def _line(spoken: SpokenNote, around: _Around, *, raw: bool) -> tuple[Cell, ...]:
    note = spoken.note
    meeting = around.meetings.get(note.meeting) if note.meeting else None
    own = frozenset(parts_of(spoken.name, around.titles)) if spoken.name else frozenset[str]()
    return (
        note.number or note.id,
        note.region,
        note.day.isoformat(),
        meeting.plan.key if meeting else "",
        meeting.title if meeting else "",
        meeting.plan.track.value if meeting else "",
        spoken.speaker.value,
        note.kind.value,
        note.rating,
        around.topics.get(note.topic, note.topic) if note.topic else "",
        note.words if raw else redact(note.words, around.on_file, own).text,
        note.source.value,
        "yes" if note.withdrawn else "",
    )
