"""Reading a notes file: the contract's columns, the labelled corpora, and what people said kept as they said it."""

import csv
from datetime import date
from pathlib import Path

import pytest

from bot.domain.digest import Topic
from bot.domain.feedback import LONGEST_NOTE, Speaker
from bot.domain.meeting import Track
from bot.domain.reading import ImportedNote, read_notes, read_topics
from tests.support.plans import DAY, SEOUL, at

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "bot" / "rehearsal" / "sample"
CORPORA = ROOT / "tests" / "data"
TOPICS = (Topic("jobs", "일자리·임금"), Topic("tech", "기술·제조AX"))
HEAD = "note_id,region,date,time,meeting_key,track,speaker,rating,text,topic"
CELLS = {
    "note_id": "jb-1",
    "region": "전북",
    "date": "2026-01-22",
    "time": "07:41",
    "meeting_key": "jb-0122-1",
    "track": "government",
    "speaker": "youth",
    "rating": "4",
    "text": "셔틀을 늘려 주세요",
    "topic": "",
}


def line(**changes: str) -> str:
    return ",".join({**CELLS, **changes}.values())


def file(*lines: str) -> str:
    return "\n".join([HEAD, *lines])


def one(**changes: str) -> ImportedNote:
    table = read_notes(file(line(**changes)), SEOUL, TOPICS)
    assert table.refused == ()
    (note,) = table.notes
    return note


def test_a_note_is_read() -> None:
    assert one() == ImportedNote(
        number="jb-1",
        region=one().region,
        day=DAY,
        at=at("07:41"),
        meeting_key="jb-0122-1",
        track=Track.GOVERNMENT,
        speaker=Speaker.YOUTH,
        rating=4,
        topic=None,
        words="셔틀을 늘려 주세요",
    )
    assert one().region == "전북"


def test_only_what_a_note_cannot_do_without_is_required() -> None:
    table = read_notes("번호,권역,일자,의견\n7,강원,2026.2.4.,좋았습니다", SEOUL)
    (note,) = table.notes
    assert (note.number, note.day, note.words) == ("7", date(2026, 2, 4), "좋았습니다")
    assert (note.at, note.meeting_key, note.track, note.rating, note.topic) == (None, None, None, None, None)
    assert note.speaker is Speaker.OTHER


def test_the_sample_notes_are_the_whole_day_and_follow_the_buttons() -> None:
    topics = read_topics((SAMPLE / "topics.toml").read_text(encoding="utf-8"))
    table = read_notes((SAMPLE / "notes-jeonbuk-2026-01-22.csv").read_bytes(), SEOUL, topics)
    assert table.refused == ()
    assert len(table.notes) == 130
    assert {(n.region, n.day) for n in table.notes} == {("전북", DAY)}
    assert all(n.at is not None and n.meeting_key is not None for n in table.notes)
    assert sum(n.topic is None for n in table.notes) >= 43
    assert {n.topic for n in table.notes} <= {None, *(t.key for t in topics)}


@pytest.mark.parametrize("name", ["jeonbuk_2026-01-22.csv", "southeast_2026-01-23.csv", "edge_cases.csv"])
def test_labelled_corpora_are_read_without_their_labels(name: str) -> None:
    data = (CORPORA / name).read_bytes()
    table = read_notes(data, SEOUL)
    rows = list(csv.DictReader(data.decode().splitlines(keepends=True)))
    said = {row["note_id"]: row["text"] for row in rows}
    # A note of nothing but white space, without a rating, is the only thing that may be refused.
    assert {r.reason for r in table.refused} <= {"import.note_says_nothing"}
    assert len(table.notes) + len(table.refused) == len(rows)
    assert all(note.words == said[note.number].strip() for note in table.notes)


@pytest.mark.parametrize(
    ("written", "speaker"),
    [
        ("청년", Speaker.YOUTH),
        ("근로자", Speaker.WORKER),
        ("기업", Speaker.COMPANY),
        ("지방정부", Speaker.GOVERNMENT),
        ("혁신기관", Speaker.INSTITUTION),
        ("실무자", Speaker.STAFF),
        ("그 밖", Speaker.OTHER),
        ("Worker", Speaker.WORKER),
        ("", Speaker.OTHER),
    ],
)
def test_speakers_are_read(written: str, speaker: Speaker) -> None:
    assert one(speaker=written).speaker is speaker


@pytest.mark.parametrize(
    ("written", "rating"), [("", None), ("1", 1), ("5", 5), ("4.0", 4), ("3점", 3), ("５", 5)]
)
def test_ratings_are_read(written: str, rating: int | None) -> None:
    assert one(rating=written).rating == rating


@pytest.mark.parametrize(
    ("written", "topic"),
    [("jobs", "jobs"), ("일자리·임금", "jobs"), ("일자리 임금", "jobs"), ("기술·제조ax", "tech"), ("", None)],
)
def test_a_topic_is_named_by_key_or_title(written: str, topic: str | None) -> None:
    assert one(topic=written).topic == topic


@pytest.mark.parametrize(
    ("changes", "column", "reason"),
    [
        ({"note_id": ""}, "note_id", "cell_empty"),
        ({"region": ""}, "region", "cell_empty"),
        ({"date": "어제"}, "date", "date_unreadable"),
        ({"time": "점심"}, "time", "time_unreadable"),
        ({"track": "주민"}, "track", "track_unknown"),
        ({"speaker": "장관"}, "speaker", "speaker_unknown"),
        ({"rating": "0"}, "rating", "rating_unreadable"),
        ({"rating": "6"}, "rating", "rating_unreadable"),
        ({"rating": "3.5"}, "rating", "rating_unreadable"),
        ({"topic": "축구"}, "topic", "topic_unknown"),
        ({"text": "가" * (LONGEST_NOTE + 1)}, "text", "cell_too_long"),
        ({"text": " ", "rating": ""}, None, "note_says_nothing"),
        ({"text": "가\0나"}, None, "control_characters"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_its_place(
    changes: dict[str, str], column: str | None, reason: str
) -> None:
    table = read_notes(
        file(line(), line(**{"note_id": "jb-2", **changes}), line(note_id="jb-3")), SEOUL, TOPICS
    )
    assert [(r.line, r.column, r.reason) for r in table.refused] == [(3, column, f"import.{reason}")]
    assert [n.number for n in table.notes] == ["jb-1", "jb-3"]


def test_a_rating_alone_is_a_note() -> None:
    assert one(text="").words == ""


def test_the_longest_note_is_still_taken() -> None:
    assert len(one(text="가" * LONGEST_NOTE).words) == LONGEST_NOTE


def test_words_stay_as_they_were_said() -> None:
    words = "=1+1\n둘째 줄\t\u200b👩\u200d🔧 끝"
    assert one(text=f'" {words}\x07 "').words == words
    assert one(text='"첫\r\n둘"').words == "첫\n둘"


def test_a_number_is_its_own_within_its_regions_day() -> None:
    table = read_notes(file(line(), line(region="강원"), line(date="2026-01-23"), line(text="다시")), SEOUL)
    assert len(table.notes) == 3
    (refusal,) = table.refused
    assert (refusal.line, refusal.reason, refusal.values) == (5, "import.note_twice", {"first": 2})
