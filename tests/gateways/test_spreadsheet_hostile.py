"""Files that are not what they seem: refused in words, fast, and without taking the memory they ask for."""

import contextlib
import io
import struct
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from bot.domain.reading import read_tour
from bot.domain.tables.text import FileRefused
from bot.gateways.spreadsheet import parts as parts_module
from bot.gateways.spreadsheet import scan as scan_module
from bot.gateways.spreadsheet import table_of
from tests.support.plans import SEOUL
from tests.support.workbooks import TOUR_HEAD, changed, meeting_line, tour_book, with_parts, workbook, zipped

GOOD = tour_book(meeting_line())
SHEET = "xl/worksheets/sheet1.xml"
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)


def why(data: bytes) -> str:
    with pytest.raises(FileRefused) as refused:
        table_of(data)
    return refused.value.key.removeprefix("import.")


def ends_well(data: bytes) -> None:
    """In lines or in a refusal of the file; anything else fails the test."""
    with contextlib.suppress(FileRefused):
        table = read_tour(table_of(data), SEOUL)
        assert table.plans or table.refused


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (OLE + "Workbook".encode("utf-16-le"), "is_old_workbook"),
        (OLE + "EncryptedPackage".encode("utf-16-le") + "Workbook".encode("utf-16-le"), "is_protected"),
        (OLE + "HwpSummaryInformation".encode("utf-16-le"), "is_other"),
        (b"%PDF-1.7\n", "is_other"),
        (b"\x89PNG\r\n\x1a\n", "is_other"),
        (b"\xff\xd8\xff\xe0", "is_other"),
        (b"key,region\0,date", "is_other"),
        (b"PK\x05\x06" + bytes(18), "is_other"),
        (b"<html><table><tr><td>key</td></tr></table></html>", "is_markup"),
        (b"\xef\xbb\xbf  <?xml version='1.0'?><Workbook/>", "is_markup"),
        (b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", "is_calendar"),
        (zipped({"mimetype": b"x", "Index/Document.iwa": b""}), "is_numbers"),
        (zipped({"word/document.xml": b"<w/>", "[Content_Types].xml": b"<t/>"}), "is_other"),
        (zipped({"[Content_Types].xml": b"<t/>", "xl/workbook.bin": b""}), "is_binary_workbook"),
        (with_parts(GOOD, lambda parts: parts.update({"xl/vbaProject.bin": b"macro"})), "is_macro"),
        (b"PK\x03\x04junk", "workbook_broken"),
        (GOOD[: len(GOOD) // 2], "workbook_broken"),
        (with_parts(GOOD, lambda parts: parts.update({SHEET: b"<worksheet"})), "workbook_broken"),
        (with_parts(GOOD, lambda parts: parts.update({"xl/styles.xml": b"\xff\xfe"})), "workbook_broken"),
        (
            with_parts(GOOD, lambda parts: parts.update({"xl/_rels/workbook.xml.rels": b""})),
            "workbook_broken",
        ),
        (b"x" * 20_000_001, "file_too_large"),
    ],
)
def test_what_is_no_table_is_called_by_its_name(data: bytes, key: str) -> None:
    assert why(data) == key


def test_an_open_document_says_so_itself() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<x/>")
    assert why(data.getvalue()) == "is_open_document"


def test_an_entry_with_a_password_is_protected() -> None:
    broken = bytearray(GOOD)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := broken.find(mark, at + 1)) >= 0:
            broken[at + offset] |= 1
    assert why(bytes(broken)) == "is_protected"


@pytest.fixture
def memory() -> Iterator[Callable[[], int]]:
    """Bytes that Python took at most since the beginning."""
    tracemalloc.start()
    yield lambda: tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()


def test_a_bomb_is_refused_by_its_directory(memory: Callable[[], int]) -> None:
    bomb = with_parts(GOOD, lambda parts: parts.update({SHEET: bytes(parts_module.MOST_UNPACKED + 1)}))
    assert len(bomb) < 1_000_000
    base = memory()
    tracemalloc.reset_peak()
    assert why(bomb) == "workbook_too_large"
    assert memory() - base < 20_000_000


def test_a_directory_that_lies_is_found_out_while_unpacking() -> None:
    """It says that a part is small; nothing reads on past that, and the rest does not fit its checksum."""
    real = with_parts(GOOD, lambda parts: parts.update({SHEET: b"<a>" + bytes(5_000_000)}))
    lying = bytearray(real)
    at = -1
    while (at := lying.find(b"PK\x01\x02", at + 1)) >= 0:
        name_size = struct.unpack_from("<H", lying, at + 28)[0]
        if lying[at + 46 : at + 46 + name_size] == SHEET.encode():
            struct.pack_into("<I", lying, at + 24, 100)
    assert why(bytes(lying)) == "workbook_broken"


def test_more_entries_than_a_workbook_has_are_refused() -> None:
    assert why(zipped({f"{n}.xml": b"" for n in range(2_001)})) == "workbook_too_large"


def test_a_cell_far_away_does_not_make_a_table_as_large() -> None:
    """The reader would build 17 billion cells."""

    def far(parts: dict[str, bytes]) -> None:
        parts[SHEET] = parts[SHEET].replace(
            b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
        )

    assert why(with_parts(GOOD, far)) == "too_many_lines"


def test_empty_cells_far_away_do_no_harm() -> None:
    def far(parts: dict[str, bytes]) -> None:
        parts[SHEET] = parts[SHEET].replace(
            b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'
        )

    assert len(read_tour(table_of(with_parts(GOOD, far)), SEOUL).plans) == 1


def test_too_many_columns_and_lines_are_counted() -> None:
    wide = workbook([[*TOUR_HEAD, *range(60)], meeting_line()])
    assert why(wide) == "too_many_columns"
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(1, 20_002))

    def long(parts: dict[str, bytes]) -> None:
        parts[SHEET] = b"<worksheet><sheetData>" + rows + b"</sheetData></worksheet>"

    assert why(with_parts(GOOD, long)) == "too_many_lines"


def test_a_sheet_that_is_too_large_does_not_spoil_the_others() -> None:
    wide = [list(range(61))]
    data = workbook(wide, sheet="원자료", others={"일정": [TOUR_HEAD, meeting_line()]})
    assert [plan.key for plan in read_tour(table_of(data), SEOUL).plans] == ["a-1"]


def test_one_long_text_in_every_cell_is_counted_as_often_as_it_is_shown() -> None:
    rows = b"".join(b"<row>" + b'<c t="s"><v>0</v></c>' * 50 + b"</row>" for _ in range(100))

    def repeat(parts: dict[str, bytes]) -> None:
        parts["xl/sharedStrings.xml"] = b"<sst><si><t>" + b"x" * 30_000 + b"</t></si></sst>"
        parts[SHEET] = b"<worksheet><sheetData>" + rows + b"</sheetData></worksheet>"

    assert why(with_parts(GOOD, repeat)) == "workbook_too_large"


LONG = "<si><t>" + "a" * 200_000 + "</t></si>"


@pytest.mark.parametrize(
    ("shared", "cell"),
    [
        (LONG, '<c r="A{n}" t="s"><v>x0</v></c>'),
        (LONG, '<c r="A{n}" t="s"><v>+0</v></c>'),
        (LONG, '<c r="A{n}" t="s"><v>0&#49;</v></c>'),
        (LONG, '<c r="A{n}" t="s"><v>0<!-- -->9</v></c>'),
        (LONG, '<c r="A{n}" t="s"><v>0<x/>9</v></c>'),
        (LONG, '<c r="A{n}" t="s"><c t="n"/><v>0</v></c>'),
        (LONG, '<si><c r="A{n}" t="s"><v>0</v></c></si>'),
        (LONG, '<c r="A{n}" t="s"><v>0</v></c><decoy><si/><si/></decoy>'),
        (LONG.replace("</si>", "<si/><t/></si>"), '<c r="A{n}" t="s"><v>0</v></c>'),
        (LONG.replace("</t>", "<t></t></t>"), '<c r="A{n}" t="s"><v>0</v></c>'),
        ("", '<c r="A{n}00000"><row r="1"/><v>1</v></c>'),
    ],
)
def test_what_two_readers_may_read_differently_is_not_read(
    shared: str, cell: str, memory: Callable[[], int]
) -> None:
    """A few kB that would have asked for gigabytes: the measure and the reader must see the same cells."""
    name = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rows = "".join(f'<row r="{n}">{cell.replace("{n}", str(n))}</row>' for n in range(1, 151))
    sheet = f'<worksheet xmlns="{name}"><sheetData>{rows}</sheetData></worksheet>'
    relation = (
        b'<Relationship Id="rId99" Target="sharedStrings.xml" Type="http://schemas.openxmlformats.org/'
        b'officeDocument/2006/relationships/sharedStrings"/></Relationships>'
    )

    def spoil(parts: dict[str, bytes]) -> None:
        parts[SHEET] = sheet.encode()
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{name}">{shared}</sst>'.encode()
        links = "xl/_rels/workbook.xml.rels"
        if b"sharedStrings" not in parts[links]:
            parts[links] = parts[links].replace(b"</Relationships>", relation)

    assert why(with_parts(workbook([["x"]]), spoil)).startswith("workbook_")
    assert memory() < 20_000_000


def test_one_part_that_is_called_a_sheet_many_times_is_counted_as_often() -> None:
    far = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1"><v>1</v></c></row><row r="30000"><c r="BH30000"><v>1</v></c></row>'
        b"</sheetData></worksheet>"
    )

    def spoil(parts: dict[str, bytes]) -> None:
        parts[SHEET] = far
        book = parts["xl/workbook.xml"]
        sheet = book[book.index(b"<sheet ") : book.index(b"</sheets>")]
        named = [sheet.replace(b'name="Sheet"', f'name="S{n}"'.encode()) for n in range(20)]
        parts["xl/workbook.xml"] = book.replace(sheet, b"".join(named))

    assert why(with_parts(workbook([["x"]]), spoil)) == "workbook_too_large"


def test_one_long_text_merged_over_many_lines_is_not_spread() -> None:
    def merge(book: Workbook) -> None:
        book.active.merge_cells("A2:A3000")  # type: ignore[union-attr]

    assert why(changed(workbook([["x"], ["a" * 30_000], *([["", n] for n in range(3000)])]), merge)) == (
        "workbook_broken"
    )


@pytest.mark.parametrize("sign", [b"\n", b"\r", b"a,", b";", b"\t"])
def test_a_text_of_nothing_but_lines_or_delimiters_is_refused_before_it_is_read(sign: bytes) -> None:
    assert why(sign * 500_000) == "too_many_lines"


def test_entities_are_not_expanded() -> None:
    laughs = (
        b'<!DOCTYPE s [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
        b"<sst><si><t>&c;</t></si></sst>"
    )
    assert (
        why(with_parts(GOOD, lambda parts: parts.update({"xl/sharedStrings.xml": laughs})))
        == "workbook_broken"
    )
    outside = b'<!DOCTYPE s SYSTEM "file:///etc/hostname"><sst/>'
    assert why(with_parts(GOOD, lambda parts: parts.update({"xl/styles.xml": outside}))) == "workbook_broken"


def test_merged_cells_without_end_are_refused() -> None:
    merged = b"<mergeCells>" + b'<mergeCell ref="A1:A1048576"/>' * 200 + b"</mergeCells></worksheet>"

    def merge(parts: dict[str, bytes]) -> None:
        tail = b'<row r="39999"><c r="A39999"><v>1</v></c></row></sheetData>'
        parts[SHEET] = parts[SHEET].replace(b"</sheetData>", tail).replace(b"</worksheet>", merged)

    assert why(with_parts(GOOD, merge)) == "workbook_broken"


@pytest.mark.parametrize(
    "xml",
    [
        b"<row>" + b"<c/>" * 100_001 + b"</row></sheetData>",
        b"</sheetData><mergeCells>" + b'<mergeCell ref="A1:B2"/>' * 20_002 + b"</mergeCells>",
    ],
    ids=["elements", "merged"],
)
def test_a_sheet_of_nothing_is_given_up(xml: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan_module, "MOST_ELEMENTS", 100_000)

    def fill(parts: dict[str, bytes]) -> None:
        parts[SHEET] = b"<worksheet><sheetData>" + xml + b"</worksheet>"

    assert why(with_parts(GOOD, fill)) == "workbook_too_large"


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=8))
def test_damage_anywhere_ends_in_lines_or_in_words(place: int, damage: bytes) -> None:
    data = GOOD[:place] + damage + GOOD[place + len(damage) :]
    ends_well(data)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_damage_inside_the_parts_ends_in_lines_or_in_words(data: st.DataObject) -> None:
    """The archive is sound, its XML is not: this is what reaches the reader of workbooks."""
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    name = data.draw(st.sampled_from([n for n in content if n.startswith("xl/")]))
    place = data.draw(st.integers(0, len(content[name]) - 1))
    damage = data.draw(
        st.sampled_from([b"", b"<", b">", b"0", b"-1", b"99999999999999999999", b'"', b"r:id", b"&#0;"])
    )
    content[name] = content[name][:place] + damage + content[name][place + 1 :]
    ends_well(zipped(content))
