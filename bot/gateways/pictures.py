"""Pictures that people sent, made anew: upright, of modest size, with nothing that a camera or a phone wrote into them.

A photo tells where it was taken, by whose phone and when (EXIF, XMP, a preview with the same in it). What is kept is drawn
again from its pixels, so that nothing else can come along. Runs in a thread; the decoders are Pillow's.
"""

import io

from PIL import Image, ImageOps

from bot.services.ports import Picture, Unreadable

LONGEST_EDGE = 2000
MOST_PIXELS = 50_000_000
"""Twice what good phones take; about 150 MB while it is decoded."""
QUALITY = 85
_FORMATS = ("JPEG", "PNG", "WEBP")


def develop(content: bytes) -> Picture:
    """The picture as a JPEG. Raises Unreadable for anything that is no JPEG, PNG or WebP, is damaged or too large."""
    try:
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
        if opened.width * opened.height > MOST_PIXELS:
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
