"""What is rehearsed: the sample that ships with the product, or files of one's own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from importlib import resources
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.domain.digest import Topic
from bot.domain.errors import Refusal
from bot.domain.ids import Region
from bot.domain.meeting import MeetingPlan
from bot.domain.reading import ImportedNote, read_notes, read_topics, read_tour
from bot.domain.tables.grid import Source
from bot.domain.tables.sheet import RefusedLine
from bot.domain.values import Value
from bot.rehearsal import sample
from bot.rehearsal.wire import Json

TOUR = "5극3특 현장 행보"
SAMPLE_STARTS = datetime(2026, 1, 21, 18, 0)  # noqa: DTZ001 (local: the settings say where)
SAMPLE_REGION = Region("전북")
STARTS_AT = time(18, 0)
"""A tour of one's own is rehearsed from the evening before its first day, so that the briefing comes too."""
MOST_LINES = 20

OpenTable = Callable[[bytes], Source]
Say = Callable[[str, Mapping[str, Value]], str]


class SourcesRefused(Exception):
    """A file cannot be rehearsed; the text says why."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The public sample: the tour's meetings and topics, and the notes of 22 January."""

    tour: str
    topics: str
    notes: str


@dataclass(frozen=True, slots=True)
class Sources:
    """The tour and the notes to rehearse. `tour_from` and `notes_from` say where they come from, for people.

    `remarks`: lines that were not understood, in words. `own_notes`: they were brought to be played.
    """

    tour_name: str
    plans: tuple[MeetingPlan, ...]
    topics: tuple[Topic, ...]
    notes: tuple[ImportedNote, ...]
    tour_from: str
    notes_from: str
    play: str
    own_notes: bool = False
    own_tour: bool = False
    remarks: tuple[str, ...] = ()

    @property
    def region(self) -> Region | None:
        """Whose staff and manager are on the page; None: of every region."""
        regions = {plan.region for plan in self.plans}
        if not self.own_tour:
            return SAMPLE_REGION
        return regions.pop() if len(regions) == 1 else None

    def starts(self, zone: ZoneInfo) -> datetime:
        """When the rehearsal begins unless somebody says otherwise."""
        if not self.own_tour:
            return SAMPLE_STARTS.replace(tzinfo=zone)
        first = min(plan.day for plan in self.plans)
        return datetime.combine(first - timedelta(days=1), STARTS_AT, zone)

    def json(self) -> Json:
        """What the page says about them."""
        return {"tour": self.tour_from, "notes": self.notes_from, "play": self.play}


def read_sample() -> Sample:
    """The sample that ships with the product (invented; see its README)."""
    folder = resources.files(sample)

    def text(name: str) -> str:
        return (folder / name).read_text(encoding="utf-8")

    return Sample(text("tour.csv"), text("topics.toml"), text("notes-jeonbuk-2026-01-22.csv"))


def sample_sources(zone: ZoneInfo) -> Sources:
    """The sample, read."""
    source = read_sample()
    topics = read_topics(source.topics)
    return Sources(
        tour_name=TOUR,
        plans=read_tour(source.tour, zone).plans,
        topics=topics,
        notes=read_notes(source.notes, zone, topics).notes,
        tour_from=f"표본({TOUR})",
        notes_from="표본(전북 1.22.)",
        play="1월 22일 의견 재생",
    )


def read_sources(
    tour: Path | None,
    notes: Path | None,
    zone: ZoneInfo,
    *,
    topics: Path | None = None,
    open_table: OpenTable,
    say: Say,
) -> Sources:
    """The sample, with files of one's own in its place. Raises SourcesRefused."""
    found = sample_sources(zone)
    remarks: list[str] = []
    if topics is not None:
        own = _own_topics(topics, say)
        keys = {topic.key for topic in own}
        played = [replace(one, topic=one.topic if one.topic in keys else None) for one in found.notes]
        found = replace(found, topics=own, notes=tuple(played))
    if tour is not None:
        plans = read_tour(_opened(tour, open_table, say), zone)
        _require(plans.plans, "일정", tour, plans.refused, say)
        remarks += _remarks("일정", tour, plans.refused, say)
        found = Sources(
            tour_name=tour.stem,
            plans=plans.plans,
            topics=found.topics,
            notes=(),
            tour_from=tour.name,
            notes_from="없음",
            play="재생할 의견 파일 없음",
            own_tour=True,
        )
    if notes is None:
        return replace(found, remarks=tuple(remarks))
    table = read_notes(_opened(notes, open_table, say), zone, found.topics)
    _require(table.notes, "의견", notes, table.refused, say)
    remarks += _remarks("의견", notes, table.refused, say)
    playable, left_out = _playable(table.notes, {plan.key for plan in found.plans})
    if not playable:
        raise SourcesRefused(
            f"의견 파일에서 재생할 수 있는 의견을 찾지 못했습니다: {notes}\n"
            "재생하려면 의견마다 시각(time)과 이 일정에 있는 일정 번호(meeting_key)가 있어야 합니다."
        )
    if left_out:
        remarks.append(
            f"시각이 없거나 일정을 찾지 못하여 재생하지 않는 의견이 {left_out}건 있습니다: {notes}"
        )
    return replace(
        found,
        notes=playable,
        notes_from=notes.name,
        play=f"의견 {len(playable)}건 재생",
        own_notes=True,
        remarks=tuple(remarks),
    )


def _own_topics(file: Path, say: Say) -> tuple[Topic, ...]:
    try:
        return read_topics(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        raise SourcesRefused(f"파일을 읽지 못했습니다: {file}") from None
    except Refusal as refusal:
        raise SourcesRefused(f"파일을 읽지 못했습니다: {file}\n{say(refusal.key, refusal.values)}") from None


def _playable(notes: Sequence[ImportedNote], keys: set[str]) -> tuple[tuple[ImportedNote, ...], int]:
    playable = tuple(note for note in notes if note.at is not None and note.meeting_key in keys)
    return playable, len(notes) - len(playable)


def _opened(file: Path, open_table: OpenTable, say: Say) -> Source:
    try:
        return open_table(file.read_bytes())
    except OSError:
        raise SourcesRefused(f"파일을 읽지 못했습니다: {file}") from None
    except Refusal as refusal:
        raise SourcesRefused(f"파일을 읽지 못했습니다: {file}\n{say(refusal.key, refusal.values)}") from None


def _require(
    found: Sequence[object], what: str, file: Path, refused: Sequence[RefusedLine], say: Say
) -> None:
    if not found:
        lines = [f"{what} 파일에서 쓸 수 있는 줄을 찾지 못했습니다: {file}", *_lines(refused, say)]
        raise SourcesRefused("\n".join(lines))


def _remarks(what: str, file: Path, refused: Sequence[RefusedLine], say: Say) -> list[str]:
    if not refused:
        return []
    return [
        f"{what} 파일에서 {len(refused)}줄을 읽지 못하여 뺐습니다: {file}",
        *_lines(refused, say),
    ]


def _lines(refused: Sequence[RefusedLine], say: Say) -> list[str]:
    shown = [say("import.line_refused", {"why": line.phrase}) for line in refused[:MOST_LINES]]
    return [*shown, f"… 그 밖에 {len(refused) - MOST_LINES}줄"] if len(refused) > MOST_LINES else shown
