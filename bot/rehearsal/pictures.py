"""Photos as Telegram keeps them: the largest size, and smaller ones beside it, each a file of its own.

Nothing here can scale a picture, so the smaller ones are plain grey: a bot that takes the wrong one shows it.
"""

import struct
import zlib

UNKNOWN = (800, 600)
SIDES = (90, 320, 800)
"""The longer sides of the smaller sizes, in pixels."""

_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_GREY = b"\xb4"


def measures(data: bytes) -> tuple[int, int]:
    """Width and height of a PNG or JPEG; of anything else 800 × 600."""
    if data.startswith(b"\x89PNG") and len(data) >= 24:
        width, height = struct.unpack(">II", data[16:24])
        return (width, height) if width and height else UNKNOWN
    if data.startswith(b"\xff\xd8"):
        return _jpeg_measures(data)
    return UNKNOWN


def smaller_sizes(width: int, height: int) -> list[tuple[int, int]]:
    """The sizes that Telegram keeps besides the largest, from small to large."""
    longest = max(width, height)
    return [
        (max(1, width * side // longest), max(1, height * side // longest))
        for side in SIDES
        if side < longest
    ]


def grey_png(width: int, height: int) -> bytes:
    """A grey PNG of this size."""
    rows = (b"\x00" + _GREY * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(kind, body)
        for kind, body in ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    )


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _jpeg_measures(data: bytes) -> tuple[int, int]:
    """From the first frame header (ITU T.81, B.2.2)."""
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return (width, height) if width and height else UNKNOWN
        at += 2 + int.from_bytes(data[at + 2 : at + 4])
    return UNKNOWN
