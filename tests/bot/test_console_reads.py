"""What the console reads is in the access log, a line as the table says; and every command is in the table."""

import shutil
import sqlite3
from collections.abc import Mapping
from pathlib import Path

import pytest
import typer

from bot.__main__ import app
from bot.domain.request import RequestKind
from tests.bot.test_commands import notes, shipped
from tests.security.access import CONSOLE, SILENT, Reading, fits
from tests.support.console import Console


def commands_of(group: object, path: tuple[str, ...] = ()) -> set[str]:
    below: Mapping[str, object] | None = getattr(group, "commands", None)
    if below is None:
        return {" ".join(path)}
    return {name for key, one in below.items() for name in commands_of(one, (*path, key))}


def lines(console: Console) -> list[str]:
    with sqlite3.connect(console.data / "hyeonjang.db") as connection:
        rows = connection.execute("SELECT actor, action, whose, why FROM audit ORDER BY seq").fetchall()
    connection.close()
    return [
        f"{actor or 'console'} {action} {whose.replace(' ', '_')} {why}" for actor, action, whose, why in rows
    ]


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the first test leaves what the others begin with."""
    return tmp_path_factory.mktemp("once") / "filled"


@pytest.fixture
def filled(console: Console, once: Path, monkeypatch: pytest.MonkeyPatch) -> Console:
    """The sample tour, a note, a backup; and another file of notes to be brought in."""
    monkeypatch.setenv("RETENTION_DAYS", "3650")  # or the day's notes are over
    if not once.exists():
        shutil.copytree(_fill(console).folder, once)
    shutil.copytree(once, console.folder, dirs_exist_ok=True)
    return console


def _fill(console: Console) -> Console:
    console.runs("import", "tour", shipped("tour.csv"))
    line = "x-1,전북,2026-01-22,,,company,company,4,통근버스가 부족합니다."
    console.runs("import", "notes", console.file("first.csv", notes(line)))
    console.file("in.csv", notes(line.replace("x-1", "x-2")))
    console.file("tour.csv", Path(shipped("tour.csv")).read_bytes())
    console.runs("backup", "--out", str(console.folder / "kept.db"))
    return console


@pytest.mark.parametrize("reading", CONSOLE, ids=lambda one: one.attempt)
def test_what_is_read_at_the_console(filled: Console, reading: Reading) -> None:
    before = lines(filled)
    number = ""
    if "{number}" in reading.attempt:
        kind = RequestKind.DELETION if "take-out" in reading.attempt else RequestKind.ACCESS
        filled.runs("requests", "add", "--kind", kind.value)
        (number,) = [one.split()[2] for one in lines(filled)[len(before) :]]
        before = lines(filled)
    if "--tour" in reading.attempt:  # it is made of what was sent
        filled.runs("digest", "--region", "전북", "--date", "2026-01-22", "--publish")
        before = lines(filled)
    words = reading.attempt.replace("there.db", f"{filled.folder}/there.db").format(number=number)
    said = filled.runs(*words.split()).output
    found = lines(filled)[len(before) :]
    assert fits(reading.lines, found, {"number": number}), found
    assert "통근버스" not in str(found), said


def test_every_command_is_in_the_table_or_shows_nobody() -> None:
    group = typer.main.get_command(app)
    told = {
        name
        for name in commands_of(group)
        if any(f"{one.attempt} ".startswith(f"{name} ") for one in CONSOLE)
    }
    assert commands_of(group) == told | set(SILENT)
