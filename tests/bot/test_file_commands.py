"""Workbooks at the console: the same reports as for CSV, twice changes nothing; templates come and go back in."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from bot.gateways.spreadsheet import table_of
from tests.support.console import Console
from tests.support.workbooks import (
    changed,
    meeting_line,
    note_line,
    notes_book,
    tour_book,
    with_parts,
    workbook,
)


def test_a_tour_as_a_workbook_is_imported_once(console: Console) -> None:
    file = console.file("tour.xlsx", tour_book(meeting_line(), meeting_line(key="b", start="오후")))
    first = console.runs("import", "tour", file).stdout.splitlines()
    assert "추가 1, 변경 0, 취소 0, 그대로 0, 거절 1" in first[0]
    assert "  거절  3행 ‘start’ 칸: ‘오후’에서 시각을 읽지 못했습니다. 07:30과 같이 적어 주십시오." in first
    assert "추가 0, 변경 0, 취소 0, 그대로 1, 거절 1" in console.runs("import", "tour", file).stdout


def test_notes_as_a_workbook_are_imported_once(console: Console) -> None:
    file = console.file("notes.xlsx", notes_book(note_line(), note_line("k-2", rating=2.0)))
    assert "추가 2, 변경 0, 그대로 0, 거절 0" in console.runs("import", "notes", file).stdout
    assert "추가 0, 변경 0, 그대로 2, 거절 0" in console.runs("import", "notes", file).stdout


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDF-1.7", "표 파일이 아닙니다"),
        (b"BEGIN:VCALENDAR\r\n", "달력 파일(.ics)에는 권역과 분야가 없어"),
        (
            with_parts(tour_book(), lambda parts: parts.update({"xl/vbaProject.bin": b""})),
            "매크로가 들어 있는",
        ),
        (workbook([["key"]]), "필요한 열이 없습니다"),
    ],
)
@pytest.mark.parametrize("kind", ["tour", "notes"])
def test_other_files_are_refused_in_words(console: Console, kind: str, data: bytes, words: str) -> None:
    said = console.runs("import", kind, console.file("it.xlsx", data), exits=1)
    assert words in said.stderr
    assert said.stdout == ""


def test_a_template_is_filled_in_and_imported(console: Console) -> None:
    out = console.folder / "양식.xlsx"
    assert console.runs("template", "tour", "--out", str(out)).stdout == ""
    empty = console.runs("import", "tour", str(out), exits=1)
    assert "열 제목만 있고 내용이 없습니다" in empty.stderr

    def fill(book: Workbook) -> None:
        book.worksheets[0].append(meeting_line(track="청년·근로자"))

    filled = console.file("filled.xlsx", changed(out.read_bytes(), fill))
    assert "추가 1" in console.runs("import", "tour", filled).stdout


def test_a_template_that_cannot_be_saved_says_so(console: Console) -> None:
    said = console.runs("template", "notes", "--out", "notes.csv", exits=1)
    assert ".xlsx로 끝나야 합니다" in said.stderr
    said = console.runs("template", "notes", "--out", str(Path("no-such-folder") / "n.xlsx"), exits=1)
    assert "파일을 저장하지 못했습니다" in said.stderr
    console.runs("template", "nonsense", "--out", "n.xlsx", exits=2)
    notes = console.folder / "n.xlsx"
    console.runs("template", "notes", "--out", str(notes))
    assert table_of(notes.read_bytes())
