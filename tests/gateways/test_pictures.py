"""Pictures made anew: nothing of where, when and by what they were taken; hostile ones are refused, quickly."""

import io
import struct
import zlib
from random import Random

import pytest
from PIL import Image

from bot.gateways.pictures import LONGEST_EDGE, develop
from bot.services.ports import Unreadable
from tests.support.media import PHONE, photo

HIDDEN = (b"Exif", b"GPS", PHONE.encode(), b"canary", b"xmpmeta", b"ICC_PROFILE", b"http://ns.adobe.com")


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_nothing_that_a_phone_wrote_into_it_is_left(kind: str) -> None:
    taken = photo(kind=kind)
    assert PHONE.encode() in taken, "the search finds what is there"
    kept = develop(taken)
    assert kept.mime == "image/jpeg"
    assert [one for one in HIDDEN if one in kept.content] == []
    made = opened(kept.content)
    assert dict(made.getexif()) == {}
    assert set(made.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert made.size == (640, 480)


def test_it_stands_upright_without_being_told_how_to_turn_it() -> None:
    made = opened(develop(photo((640, 480), orientation=6)).content)
    assert made.size == (480, 640)
    red, white = made.convert("RGB").getpixel((240, 20)), made.convert("RGB").getpixel((240, 620))
    assert isinstance(red, tuple)
    assert isinstance(white, tuple)
    assert red[1] < 60
    assert white[1] > 200


def test_large_ones_are_made_smaller() -> None:
    made = opened(develop(photo((4000, 3000))).content)
    assert max(made.size) == LONGEST_EDGE
    assert made.size == (2000, 1500)


def test_what_was_transparent_is_white() -> None:
    made = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(made, "PNG")
    assert opened(develop(made.getvalue()).content).convert("L").getextrema() == (255, 255)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few kilobytes that unfolds into gigabytes."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 100_000, 9)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def _text_bomb() -> bytes:
    """A text chunk in a PNG that unfolds to a hundred megabytes."""
    whole = io.BytesIO()
    Image.new("RGB", (8, 8)).save(whole, "PNG")
    text = b"c\0\0" + zlib.compress(b"\0" * 100_000_000, 9)
    return whole.getvalue()[:33] + _chunk(b"zTXt", text) + whole.getvalue()[33:]


def _as(kind: str) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (8, 8)).save(made, kind)
    return made.getvalue()


HOSTILE = {
    "nothing": b"",
    "text": b"GIF89a or not",
    "bomb": bomb(50_000, 50_000),
    "just too many pixels": bomb(10_000, 5_001),
    "text bomb": _text_bomb(),
    "truncated": photo((800, 600))[:4000],
    "only a header": photo()[:20],
    "gif": _as("GIF"),
    "tiff": _as("TIFF"),
    "bmp": _as("BMP"),
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_picture_or_does_harm_is_refused(name: str) -> None:
    with pytest.raises(Unreadable):
        develop(HOSTILE[name])


@pytest.mark.parametrize(
    ("kind", "size"), [("PNG", (5_001, 5_000)), ("WEBP", (5_001, 5_000)), ("PNG", (1, 20_001))]
)
def test_what_unpacks_to_far_more_than_it_weighs_is_refused_although_it_is_sound(
    kind: str, size: tuple[int, int]
) -> None:
    """Two kB of WebP held a gigabyte while it was decoded, and three are decoded at a time."""
    made = io.BytesIO()
    Image.new("L", size).save(made, kind)
    with pytest.raises(Unreadable, match="too many pixels"):
        develop(made.getvalue())


def test_what_hangs_behind_a_picture_is_not_kept() -> None:
    """A polyglot: a picture for one reader, a page or an archive for another."""
    page = b"<html><script>canary()</script></html>PK\x03\x04"
    assert b"canary" not in develop(_as("JPEG") + page).content


def test_damage_of_any_kind_ends_in_a_picture_or_a_refusal() -> None:
    chance = Random(7)
    whole = photo((160, 120))
    for _ in range(120):
        damaged = bytearray(whole)
        for _ in range(chance.randint(1, 30)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            kept = develop(bytes(damaged))
        except Unreadable:
            continue
        assert dict(opened(kept.content).getexif()) == {}
