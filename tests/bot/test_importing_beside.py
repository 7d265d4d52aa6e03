"""`import notes` beside a running bot: reading a file keeps nobody from writing, and what changed meanwhile counts."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from zoneinfo import ZoneInfo

import pytest

from bot.commands import importing
from bot.domain.digest import Topic
from bot.domain.reading import NotesTable, read_notes
from bot.domain.tables.grid import Source
from tests.bot.test_commands import notes
from tests.support.console import Console

TOPICS = '[{"key": "new", "title": "새 주제", "title_en": "", "is_rest": false}]'


def while_reading(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], None]) -> list[tuple[Topic, ...]]:
    """`happens` whenever the file has been read; the topics that it was read with."""
    read_with = []

    def reading(source: Source, zone: ZoneInfo, topics: tuple[Topic, ...]) -> NotesTable:
        read_with.append(topics)
        table = read_notes(source, zone, topics)
        happens()
        return table

    monkeypatch.setattr(importing, "read_notes", reading)
    return read_with


def write(console: Console, sql: str, *values: str) -> None:
    """Writes at once, or fails: it waits for nobody (time-out 0)."""
    with closing(sqlite3.connect(console.data / "hyeonjang.db", timeout=0)) as other, other:
        other.execute("BEGIN IMMEDIATE")
        other.execute(sql, values)


def test_others_write_while_a_file_is_read(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    fact = "INSERT OR REPLACE INTO facts (name, value) VALUES ('가상', '그사이')"
    read_with = while_reading(monkeypatch, lambda: write(console, fact))
    path = console.file("notes.csv", notes("k-1,전북,2026-01-22,,,,youth,4,가상 의견"))
    assert "추가 1" in console.runs("import", "notes", path).stdout
    assert len(read_with) == 1
    with closing(sqlite3.connect(console.data / "hyeonjang.db")) as looking:
        assert looking.execute("SELECT value FROM facts WHERE name = '가상'").fetchone() == ("그사이",)


def test_a_tour_that_comes_meanwhile_has_the_file_read_with_its_topics(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    tour = "INSERT OR IGNORE INTO tours (id, name, topics, revision) VALUES ('t', '가상 행보', ?, 0)"
    read_with = while_reading(monkeypatch, lambda: write(console, tour, TOPICS))
    path = console.file("notes.csv", notes("k-1,전북,2026-01-22,,,,youth,4,가상 의견"))
    assert "추가 1" in console.runs("import", "notes", path).stdout
    assert [topics[0].title for topics in read_with][1:] == ["새 주제"]
    assert read_with[0] != read_with[1]
    with closing(sqlite3.connect(console.data / "hyeonjang.db")) as looking:
        assert looking.execute("SELECT count(*) FROM tours").fetchone() == (1,)
        assert looking.execute("SELECT count(*) FROM notes").fetchone() == (1,)
