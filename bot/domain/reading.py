"""Reading what people bring: a tour's schedule, notes, topics. Pure: bytes in, values and refusals out.

Line numbers are an editor's; the head is line 1. Each refused line carries the first thing that is wrong with it.
"""

import re
import tomllib
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.domain.digest import Topic
from bot.domain.errors import Refusal
from bot.domain.feedback import LONGEST_NOTE, Speaker
from bot.domain.ids import Region
from bot.domain.meeting import MeetingPlan, Track
from bot.domain.tables import cells
from bot.domain.tables.sheet import Column, LineRefused, RefusedLine, Row, read_sheet
from bot.domain.tables.text import folded, one_line, shown

T = TypeVar("T")

LONGEST_KEY = 40
LONGEST_REGION = 20
LONGEST_TITLE = 100
LONGEST_REMARKS = 500
MOST_TOPICS = 20
"""Characters and counts that still read well on a phone: a day of meetings is one Telegram message (4096)."""

_TOUR_COLUMNS = (
    Column("key", ("일정번호", "키", "일정키", "번호"), required=True),
    Column("round", ("회차", "차수")),
    Column("region", ("권역", "지역"), required=True),
    Column("date", ("날짜", "일자"), required=True),
    Column("start", ("시작", "시작시각", "시작시간"), required=True),
    Column("end", ("종료", "종료시각", "종료시간", "끝"), required=True),
    Column("track", ("분야", "구분"), required=True),
    Column("title", ("일정명", "제목", "일정", "행사명"), required=True),
    Column("venue", ("장소",), required=True),
    Column("address", ("주소", "소재지")),
    Column("host", ("주관", "주최", "주관기관")),
    Column("notes", ("비고", "참고")),
)
_NOTE_COLUMNS = (
    Column("note_id", ("의견번호", "번호"), required=True),
    Column("region", ("권역", "지역"), required=True),
    Column("date", ("날짜", "일자"), required=True),
    Column("time", ("시각", "시간")),
    Column("meeting_key", ("일정번호", "일정키", "키")),
    Column("track", ("분야", "구분")),
    Column("speaker", ("말한이", "발언자", "작성자")),
    Column("rating", ("평점", "만족도", "점수")),
    Column("text", ("의견", "의견내용", "내용"), required=True),
    Column("topic", ("주제",)),
)
_TRACKS = {
    folded(name): track
    for track, names in {
        Track.GOVERNMENT: ("government", "지방정부", "지방정부 면담", "지자체"),
        Track.COMPANY: ("company", "기업", "지역기업", "산업현장", "지역기업·산업현장", "기업·산업현장"),
        Track.YOUTH: ("youth", "청년·근로자", "청년", "근로자"),
        Track.INSTITUTION: ("institution", "혁신기관", "지역 혁신기관", "기관"),
    }.items()
    for name in names
}
_SPEAKERS = {
    folded(name): speaker
    for speaker, names in {
        Speaker.YOUTH: ("youth", "청년"),
        Speaker.WORKER: ("worker", "근로자", "노동자"),
        Speaker.COMPANY: ("company", "기업", "기업인"),
        Speaker.GOVERNMENT: ("government", "지방정부", "지자체", "공무원"),
        Speaker.INSTITUTION: ("institution", "혁신기관", "기관", "대학"),
        Speaker.STAFF: ("staff", "실무자", "수행 실무자", "직원"),
        Speaker.OTHER: ("other", "기타", "그 밖", "주민", "알 수 없음", ""),
    }.items()
    for name in names
}
_TOPIC_KEY = re.compile(r"[a-z][a-z0-9_-]{0,15}")
_LONGEST_TOPIC = 30


class CancelNeedsWholeFile(Refusal):
    """What is missing from a file can only be called off when every line of it was understood."""

    def __init__(self, refused: int) -> None:
        super().__init__("import.cancel_needs_whole_file", {"count": refused})


@dataclass(frozen=True, slots=True)
class TourTable:
    """What a tour file says."""

    plans: tuple[MeetingPlan, ...]
    refused: tuple[RefusedLine, ...]

    def require_whole(self) -> None:
        """Raises CancelNeedsWholeFile: a mistyped time must not call its meeting off."""
        if self.refused:
            raise CancelNeedsWholeFile(len(self.refused))


@dataclass(frozen=True, slots=True)
class ImportedNote:
    """A note as a file brings it. `number` is its `note_id`; `topic` a key of the tour's topics.

    `at` (UTC) is for playing the notes back only: a kept note has a day and no time.
    """

    number: str
    region: Region
    day: date
    at: datetime | None
    meeting_key: str | None
    track: Track | None
    speaker: Speaker
    rating: int | None
    topic: str | None
    words: str


@dataclass(frozen=True, slots=True)
class NotesTable:
    """What a notes file says."""

    notes: tuple[ImportedNote, ...]
    refused: tuple[RefusedLine, ...]


def read_tour(data: bytes | str, zone: ZoneInfo) -> TourTable:
    """The meetings of a tour file; days and times are meant in `zone`. A key that comes twice counts the first time."""
    sheet = read_sheet(data, _TOUR_COLUMNS)
    plans, refused = _each(
        sheet.rows, lambda row: _plan(row, zone), lambda plan: plan.key, reason="import.key_twice"
    )
    return TourTable(plans, _by_line([*sheet.refused, *refused]))


def read_notes(data: bytes | str, zone: ZoneInfo, topics: Sequence[Topic] = ()) -> NotesTable:
    """The notes of a file. `topics` are the tour's: a note may name one by its key or its title.

    A note's number is its own within its region's day.
    """
    named: dict[str, str | None] = {folded(topic.title): topic.key for topic in topics}
    named |= {folded(topic.key): topic.key for topic in topics} | {"": None}
    sheet = read_sheet(data, _NOTE_COLUMNS)
    notes, refused = _each(
        sheet.rows,
        lambda row: _note(row, zone, named),
        lambda note: (note.region, note.day, note.number),
        reason="import.note_twice",
    )
    return NotesTable(notes, _by_line([*sheet.refused, *refused]))


def _each(
    rows: Iterable[Row], read: Callable[[Row], T], identity: Callable[[T], Hashable], *, reason: str
) -> tuple[tuple[T, ...], list[RefusedLine]]:
    """Reads row after row; what has the identity of an earlier one is refused for `reason`."""
    taken: dict[Hashable, tuple[int, T]] = {}
    refused: list[RefusedLine] = []
    for row in rows:
        try:
            value = read(row)
        except LineRefused as refusal:
            refused.append(refusal.refused)
            continue
        first, _ = taken.setdefault(identity(value), (row.line, value))
        if first != row.line:
            refused.append(row.refusal(reason, {"first": first}).refused)
    return tuple(value for _, value in taken.values()), refused


def _by_line(refused: list[RefusedLine]) -> tuple[RefusedLine, ...]:
    return tuple(sorted(refused, key=lambda line: line.line))


def _plan(row: Row, zone: ZoneInfo) -> MeetingPlan:
    day = row.read("date", cells.day)
    begins = row.read("start", cells.start)
    start, end = row.read("end", lambda cell: cells.span(day, begins, cells.clock(cell), zone))
    return MeetingPlan(
        key=row.read("key", cells.line(LONGEST_KEY)),
        round=row.read("round", cells.round_number),
        region=Region(row.read("region", cells.line(LONGEST_REGION))),
        day=day,
        start=start,
        end=end,
        track=row.read("track", cells.choice(_TRACKS, "track_unknown")),
        title=row.read("title", cells.line(LONGEST_TITLE)),
        venue=row.read("venue", cells.line(LONGEST_TITLE, empty="import.venue_empty")),
        address=row.read("address", cells.line(LONGEST_TITLE, empty=None)),
        host=row.read("host", cells.line(LONGEST_TITLE, empty=None)),
        remarks=row.read("notes", cells.line(LONGEST_REMARKS, empty=None)),
    )


def _note(row: Row, zone: ZoneInfo, topics: dict[str, str | None]) -> ImportedNote:
    tracks: dict[str, Track | None] = {**_TRACKS, "": None}
    day = row.read("date", cells.day)
    at = row.read("time", _start_or_none)
    note = ImportedNote(
        number=row.read("note_id", cells.line(LONGEST_KEY)),
        region=Region(row.read("region", cells.line(LONGEST_REGION))),
        day=day,
        at=None if at is None else cells.moment(day, at, zone),
        meeting_key=row.read("meeting_key", cells.line(LONGEST_KEY, empty=None)) or None,
        track=row.read("track", cells.choice(tracks, "track_unknown")),
        speaker=row.read("speaker", cells.choice(_SPEAKERS, "speaker_unknown")),
        rating=row.read("rating", cells.rating),
        topic=row.read("topic", cells.choice(topics, "topic_unknown")),
        words=row.read("text", cells.words(LONGEST_NOTE)),
    )
    if note.rating is None and not note.words:
        raise row.refusal("import.note_says_nothing")
    return note


def _start_or_none(cell: str) -> time | None:
    return cells.start(cell) if cell.strip() else None


class TopicsInvalid(Refusal):
    """A topic file that is not as it should be."""


def read_topics(text: str) -> tuple[Topic, ...]:
    """The topics of a TOML file of `[[topic]]` tables with `key` and `title`, in the order of their buttons.

    `is_rest = true` marks the one that says "none of these": it makes no theme.

    A key travels in a button's 64 bytes: at most 16 small letters, digits, `-` and `_`. Raises TopicsInvalid.
    """
    try:
        entries = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError:
        raise TopicsInvalid("import.topics_unreadable") from None
    listed = entries.get("topic")
    if entries.keys() != {"topic"} or not isinstance(listed, list) or not 1 <= len(listed) <= MOST_TOPICS:
        raise TopicsInvalid("import.topics_shape", {"limit": MOST_TOPICS})
    topics = tuple(_topic(place, entry) for place, entry in enumerate(listed, start=1))
    names: set[str] = set()
    for topic in topics:
        if topic.key in names or folded(topic.title) in names:
            raise TopicsInvalid("import.topic_twice", {"title": topic.title})
        names |= {topic.key, folded(topic.title)}
    return topics


def _topic(place: int, entry: object) -> Topic:
    match entry:
        case {"key": str(key), "title": str(title), **others} if _TOPIC_KEY.fullmatch(key):
            is_rest = others.pop("is_rest", False)
            if others or not isinstance(is_rest, bool):
                raise TopicsInvalid("import.topic_entry", {"place": place})
            title = one_line(title)
            if folded(title) and title.isprintable() and len(title) <= _LONGEST_TOPIC:
                return Topic(key, title, is_rest)
            raise TopicsInvalid("import.topic_title", {"title": shown(title), "limit": _LONGEST_TOPIC})
    raise TopicsInvalid("import.topic_entry", {"place": place})
