"""The code on the wall, read back pixel by pixel."""

import struct
import zlib

import pytest
import segno

from bot.gateways.qr import qr_png

LINK = "https://t.me/hyeonjang_test_bot?start=m_k7m2pqx9ab"


def size_of(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def pixels_of(png: bytes) -> list[list[int]]:
    """A one-bit grey PNG: rows of 0 (black) and 1 (white)."""
    width, _ = size_of(png)
    assert png[24:26] == b"\x01\x00"
    data, position = b"", 8
    while position < len(png):
        length, kind = struct.unpack(">I4s", png[position : position + 8])
        if kind == b"IDAT":
            data += png[position + 8 : position + 8 + length]
        position += 12 + length
    raw, stride = zlib.decompress(data), (width + 7) // 8 + 1
    rows, above = list[bytes](), bytes(stride - 1)
    for start in range(0, len(raw), stride):
        assert raw[start] in {0, 2}  # as it is, or the difference to the row above
        line = raw[start + 1 : start + stride]
        above = bytes((x + y) % 256 for x, y in zip(line, above, strict=True)) if raw[start] else line
        rows.append(above)
    return [[row[x // 8] >> (7 - x % 8) & 1 for x in range(width)] for row in rows]


@pytest.mark.parametrize("text", ["a", LINK, LINK + "x" * 400])
def test_a_code_is_about_600_pixels_wide_whatever_it_says(text: str) -> None:
    width, height = size_of(qr_png(text))
    assert width == height
    assert 540 <= width <= 660


def test_the_picture_shows_the_code_with_four_white_modules_around_it() -> None:
    rows = pixels_of(qr_png(LINK))
    code = segno.make_qr(LINK, error="m")
    scale = len(rows) // int(code.symbol_size(border=4)[0])
    modules = [[row[x] for x in range(scale // 2, len(row), scale)] for row in rows[scale // 2 :: scale]]
    expected = [[0 if dark else 1 for dark in row] for row in code.matrix_iter(border=4)]
    assert modules == expected
    assert all(modules[n][m] == 1 for n in range(4) for m in range(len(modules)))
    assert code.error in {"M", "Q", "H"}


def test_a_short_text_never_becomes_a_micro_code() -> None:
    rows = pixels_of(qr_png("1"))
    corner = round(4.5 * len(rows) / (21 + 8))
    finders = [rows[corner][corner], rows[corner][-corner], rows[-corner][corner]]
    assert finders == [0, 0, 0], "three corners are marked; a Micro QR code has one"


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError):
        qr_png("가" * 2000)
