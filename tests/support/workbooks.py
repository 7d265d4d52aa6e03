"""Workbooks as people make them, written with openpyxl: `workbook([HEAD, [...]])` has one sheet."""

import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from openpyxl import Workbook, load_workbook

Rows = Iterable[Sequence[Any]]

TOUR_HEAD = [
    "key",
    "round",
    "region",
    "date",
    "start",
    "end",
    "track",
    "title",
    "venue",
    "address",
    "host",
    "notes",
]
NOTES_HEAD = ["note_id", "region", "date", "time", "meeting_key", "track", "speaker", "rating", "text"]


def workbook(
    rows: Rows, *, sheet: str = "Sheet", others: dict[str, Rows] | None = None, hidden: Iterable[str] = ()
) -> bytes:
    """`others`: further sheets, behind the first; `hidden`: the names of those that are."""
    book = Workbook()
    first = book.worksheets[0]
    first.title = sheet
    for name, lines in {sheet: rows, **(others or {})}.items():
        page = first if name == sheet else book.create_sheet(name)
        for line in lines:
            page.append(list(line))
        page.sheet_state = "hidden" if name in hidden else "visible"
    return saved(book)


def saved(book: Workbook) -> bytes:
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def changed(data: bytes, change: Callable[[Workbook], None]) -> bytes:
    """The workbook after somebody opened it and did `change`."""
    book = load_workbook(io.BytesIO(data))
    change(book)
    return saved(book)


def with_parts(data: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """The same archive with its parts changed by hand."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    return zipped(parts)


def zipped(parts: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return data.getvalue()


def meeting_line(**changes: Any) -> list[Any]:
    """A good line of a tour, as a list of cells."""
    cells: dict[str, Any] = {
        "key": "a-1",
        "round": 1,
        "region": "전북",
        "date": "2026-01-22",
        "start": "09:40",
        "end": "11:00",
        "track": "company",
        "title": "가상 산단 간담회",
        "venue": "대회의실",
        "address": "가상시",
        "host": "가상시청",
        "notes": "안전화",
    }
    return list({**cells, **changes}.values())


def tour_book(*lines: Sequence[Any], **more: Any) -> bytes:
    return workbook([TOUR_HEAD, *lines], **more)


def note_line(number: str = "k-1", **changes: Any) -> list[Any]:
    cells: dict[str, Any] = {
        "note_id": number,
        "region": "전북",
        "date": "2026-01-22",
        "time": "10:00",
        "meeting_key": "a-1",
        "track": "company",
        "speaker": "company",
        "rating": 4,
        "text": "가상의 의견: 설비가 낡았습니다.",
    }
    return list({**cells, **changes}.values())


def notes_book(*lines: Sequence[Any], **more: Any) -> bytes:
    return workbook([NOTES_HEAD, *lines], **more)
