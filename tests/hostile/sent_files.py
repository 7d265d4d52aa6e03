"""Tables as people should not send them: the corpus in every column, encodings, line ends, damage, other kinds. Seeded."""

import random
from collections.abc import Iterator, Sequence
from functools import partial

from tests.hostile.corpus import SEED, words
from tests.hostile.form import LONG, of_form
from tests.hostile.test_words import TORTURE
from tests.support.workbooks import (
    NOTES_HEAD,
    TOUR_HEAD,
    meeting_line,
    note_line,
    notes_book,
    tour_book,
    with_parts,
)

SHORT = 500
_ENCODINGS = (
    "utf-8",
    "utf-8-sig",
    "cp949",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "euc_jp",
    "latin-1",
    "utf-7",
    "iso2022_kr",
)
_COLUMNS = (
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
)
_VALUES = (
    *(
        "",
        " ",
        "-1",
        "0",
        "99999999999",
        "1e308",
        "NaN",
        "2026-02-30",
        "0000-00-00",
        "10000-01-01",
        "46044",
        "-46044",
        "24:00",
        "25:61",
    ),
    *(
        "09:40~11:00",
        "오전 9시",
        "TRUE",
        "#REF!",
        "#DIV/0!",
        "=1+1",
        "1900-02-29",
        "26.1.22",
        "2026년 1월 22일",
        "Ⅰ",
        "٣",
        "９",
        "null",
    ),
)


def files(*, long: bool = LONG) -> list[bytes]:
    """Bytes as they are sent."""
    return of_form(list(_all()), SHORT, long=long)


def _all() -> Iterator[bytes]:
    texts = [text for _, text in words(TORTURE)]
    yield from _as_csv(texts)
    yield from _encoded()
    yield from _lines()
    yield from _with_values()
    yield from _damaged()
    yield from _renamed()


def _as_csv(texts: list[str]) -> Iterator[bytes]:
    """The corpus in each column of both tables, and as the file itself."""
    for turn, text in enumerate(texts):
        line = meeting_line(**{_COLUMNS[turn % len(_COLUMNS)]: text})
        cells = note_line(**{NOTES_HEAD[turn % len(NOTES_HEAD)]: text})
        for head, one in ((TOUR_HEAD, line), (NOTES_HEAD, cells)) if turn % 2 else ((NOTES_HEAD, cells),):
            yield _csv([head, one]).encode("utf-8", "surrogatepass")
        if turn % 4 == 0:
            yield text.encode("utf-8", "surrogatepass")


def _csv(rows: Sequence[Sequence[object]], end: str = "\r\n", delimiter: str = ",") -> str:
    return (
        end.join(delimiter.join('"' + str(cell).replace('"', '""') + '"' for cell in row) for row in rows)
        + end
    )


def _encoded() -> Iterator[bytes]:
    for encoding in _ENCODINGS:
        for delimiter in ",;\t|":
            yield _csv([TOUR_HEAD, meeting_line()], delimiter=delimiter).encode(encoding, "replace")


def _lines() -> Iterator[bytes]:
    good = [TOUR_HEAD, meeting_line(), meeting_line(key="a-2")]
    for end in (
        "\n",
        "\r",
        "\r\n",
        "\n\r",
        "\r\r\n",
        "\u2028",
        "\x85",
        "\x0b",
        "\n\n\n",
        "\x00\n",
        "\n,,,,,\n",
    ):
        yield _csv(good, end=end).encode()
    yield _csv(good).replace('"', "").encode()
    yield _csv(good).encode()[:-9]
    yield _csv([TOUR_HEAD, meeting_line(title="가" * 1_000_000)]).encode()
    yield _csv([[*TOUR_HEAD, *TOUR_HEAD], [*meeting_line(), *meeting_line()]]).encode()
    yield b'"' * 9_999
    yield (",".join(TOUR_HEAD) + "\n" + '"a' * 2_000).encode()


def _with_values() -> Iterator[bytes]:
    """Numbers, days and times as people and programs write them, in cells and in lines."""
    for value in _VALUES:
        for column in _COLUMNS:
            yield _csv([TOUR_HEAD, meeting_line(**{column: value})]).encode()
    for number in (-1, 0, 1.5, 46_044.4027, -46_044, 1e15, 2_958_466, True, None):
        yield tour_book(meeting_line(date=number, start=number))
        yield notes_book(note_line(rating=number, date=number))


def _damaged() -> Iterator[bytes]:
    """A sound workbook with a few bytes changed, in the archive and in its parts."""
    dice, good = random.Random(SEED), tour_book(meeting_line())
    for _ in range(60):
        broken = bytearray(good)
        for _ in range(dice.randint(1, 6)):
            broken[dice.randrange(len(broken))] = dice.randrange(256)
        yield bytes(broken)

        def spoil(parts: dict[str, bytes]) -> None:
            name = dice.choice(sorted(parts))
            place = dice.randrange(len(parts[name]))
            parts[name] = (
                parts[name][:place]
                + dice.choice((b"<", b">", b"&x;", b"\x00", b"]]>", b""))
                + parts[name][place + 1 :]
            )

        yield with_parts(good, spoil)


def _renamed() -> Iterator[bytes]:
    yield from (
        b"",
        b"\x00" * 99,
        b"%PDF-1.7",
        b"\x89PNG\r\n\x1a\n",
        b"{\\rtf1 x}",
        b"<?xml version='1.0'?><x/>",
        b"PK\x05\x06" + bytes(18),
    )
    link = b'<externalReferences><externalReference r:id="rId1"/></externalReferences>'
    yield with_parts(
        tour_book(meeting_line()),
        lambda parts: parts.update(
            {"xl/workbook.xml": parts["xl/workbook.xml"].replace(b"<sheets>", link + b"<sheets>")}
        ),
    )
    xxe = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    for name in (
        "xl/workbook.xml",
        "xl/worksheets/sheet1.xml",
        "xl/sharedStrings.xml",
        "[Content_Types].xml",
        "_rels/.rels",
    ):
        yield with_parts(tour_book(meeting_line()), partial(_put, name, xxe))


def _put(name: str, before: bytes, parts: dict[str, bytes]) -> None:
    parts[name] = before + parts.get(name, b"<x>&e;</x>")
