"""Templates: what somebody gets to fill in, and that what they fill in comes back as it was meant."""

import io
from datetime import date

import pytest
from openpyxl import Workbook, load_workbook

from bot.domain.reading import TableKind, kind_of, read_notes, read_tour
from bot.gateways.spreadsheet import table_of
from bot.gateways.spreadsheet.template import workbook_of
from bot.services.files.templates import Template, template_of
from tests.support.chat import MESSAGES
from tests.support.plans import SEOUL, at
from tests.support.workbooks import changed

KINDS = [(kind, language) for kind in TableKind for language in ("ko", "en")]


def made(kind: TableKind, language: str = "ko") -> Template:
    return template_of(MESSAGES, kind, language, at("12:00"))


@pytest.mark.parametrize(("kind", "language"), KINDS)
def test_an_empty_template_holds_no_line_and_its_examples_are_not_read(
    kind: TableKind, language: str
) -> None:
    source = table_of(workbook_of(made(kind, language)))
    assert kind_of(source) is kind
    table = read_tour(source, SEOUL) if kind is TableKind.TOUR else read_notes(source, SEOUL)
    assert [line.reason for line in table.refused] == ["import.no_lines"]


@pytest.mark.parametrize(("kind", "language"), KINDS)
def test_its_examples_are_as_they_should_be_but_for_their_mark(kind: TableKind, language: str) -> None:
    """Copied to the first sheet without the mark, every line is taken; with it, none is."""
    template = made(kind, language)

    def copy(mark: bool) -> bytes:
        def fill(book: Workbook) -> None:
            for cells in template.examples:
                number, *others = cells
                book.worksheets[0].append([number if mark else number.replace("예시", "가"), *others])

        return changed(workbook_of(template), fill)

    def read(data: bytes) -> tuple[int, list[str]]:
        source = table_of(data)
        if kind is TableKind.TOUR:
            tour = read_tour(source, SEOUL)
            return len(tour.plans), [line.reason for line in tour.refused]
        notes = read_notes(source, SEOUL)
        return len(notes.notes), [line.reason for line in notes.refused]

    assert read(copy(mark=False)) == (3, [])
    assert read(copy(mark=True)) == (0, ["import.example_line"] * 3)


def test_whatever_is_picked_from_a_list_is_understood() -> None:
    tour, notes = made(TableKind.TOUR), made(TableKind.NOTES)

    def fill(book: Workbook) -> None:
        for n, track in enumerate(tour.columns[6].choices):
            book.worksheets[0].append(
                [
                    f"가-{n}",
                    None,
                    "전북",
                    date(2026, 1, 22),
                    f"{9 + n}:00",
                    f"{9 + n}:30",
                    track,
                    "가상",
                    "미정",
                ]
            )

    plans = read_tour(table_of(changed(workbook_of(tour), fill)), SEOUL).plans
    assert [plan.track.value for plan in plans] == ["government", "company", "youth", "institution"]

    def speak(book: Workbook) -> None:
        for n, speaker in enumerate(notes.columns[6].choices):
            book.worksheets[0].append([f"가-{n}", "전북", "2026-01-22", None, None, None, speaker, 3, "가상"])

    spoken = read_notes(table_of(changed(workbook_of(notes), speak)), SEOUL).notes
    assert len({note.speaker for note in spoken}) == len(notes.columns[6].choices) == 7


def test_excel_offers_the_choices_and_keeps_texts_as_they_are() -> None:
    book = load_workbook(io.BytesIO(workbook_of(made(TableKind.TOUR))))
    sheet = book["일정"]
    assert book.sheetnames == ["일정", "작성 예시"]
    assert [cell.value for cell in sheet[1]][:4] == ["일정번호*", "회차", "권역*", "날짜*"]
    [rule] = sheet.data_validations.dataValidation
    assert rule.formula1 == '"지방정부,기업,청년·근로자,혁신기관"'
    assert str(rule.sqref) == "G2:G2000"
    assert sheet.column_dimensions["D"].number_format == "@"
    assert "2026-01-22" in sheet["D1"].comment.text
    assert "읽지 않습니다" in book["작성 예시"]["A1"].value


@pytest.mark.parametrize(("kind", "language"), KINDS)
def test_nothing_of_it_is_left_without_words(kind: TableKind, language: str) -> None:
    template = made(kind, language)
    assert all(column.title and column.note for column in template.columns)
    assert all(len(line) == len(template.columns) for line in template.examples)
    assert template.name.endswith(".xlsx")
