"""Pictures that people sent, made anew: upright, of modest size, with nothing that a camera or a phone wrote into them.

A photo tells where it was taken, by whose phone and when (EXIF, XMP, a preview with the same in it). What is kept is drawn
again from its pixels, so that nothing else can come along. Runs in a thread, one picture at a time: two kB of a
picture may unpack to hundreds of MB. The decoders are Pillow's.
"""

import io
from threading import Lock

from PIL import Image, ImageOps

from bot.services.ports import Picture, Unreadable

LONGEST_EDGE = 2000
MOST_PIXELS = 50_000_000
"""Of a JPEG, which is decoded smaller: twice what good phones take; about 150 MB while it is decoded."""
MOST_PIXELS_UNPACKED = 25_000_000
"""Of a PNG or WebP, which is decoded whole: four times the largest screen; about 250 MB."""
FARTHEST_EDGE = 20_000
"""Longer than any panorama; a strip one pixel wide takes twice the memory of a square with as many."""
QUALITY = 85
_FORMATS = ("JPEG", "PNG", "WEBP")
_one_at_a_time = Lock()


def develop(content: bytes) -> Picture:
    """The picture as a JPEG. Raises Unreadable for anything that is no JPEG, PNG or WebP, is damaged or too large."""
    try:
        with _one_at_a_time:
            pixels = _pixels_of(content)
    except Unreadable:
        raise
    except Exception as error:  # noqa: BLE001 (decoders raise whatever they stumble over)
        raise Unreadable(type(error).__name__) from None
    made = io.BytesIO()
    pixels.save(made, "JPEG", quality=QUALITY, optimize=True)
    return Picture(made.getvalue(), "image/jpeg")


def _pixels_of(content: bytes) -> Image.Image:
    with Image.open(io.BytesIO(content), formats=_FORMATS) as opened:
        most = MOST_PIXELS if opened.format == "JPEG" else MOST_PIXELS_UNPACKED
        if opened.width * opened.height > most or max(opened.size) > FARTHEST_EDGE:
            raise Unreadable("too many pixels")
        opened.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))  # a JPEG is decoded smaller, which saves its memory
        upright = ImageOps.exif_transpose(opened)
        upright.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
        flat = _without_transparency(upright)
        return Image.frombytes("RGB", flat.size, flat.tobytes())


def _without_transparency(picture: Image.Image) -> Image.Image:
    """On white: a screenshot's transparent parts would turn black."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    white = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(white, picture.convert("RGBA")).convert("RGB")
