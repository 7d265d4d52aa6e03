"""QR codes as pictures: for a wall, a slide, or the reply in a chat."""

import io

import segno

_SIDE = 600  # pixels: sharp on a phone's screen and on a page of A5
_BORDER = 4  # modules of white around it, which ISO/IEC 18004 asks for


def qr_png(text: str) -> bytes:
    """A PNG of about 600 × 600 pixels, error correction M or better (15 % may be hidden).

    Never a Micro QR code: many cameras do not read those. Raises ValueError when the text does not fit (2,331 bytes).
    """
    code = segno.make_qr(text, error="m")
    modules = code.symbol_size(border=_BORDER)[0]
    picture = io.BytesIO()
    code.save(picture, kind="png", scale=max(1, round(_SIDE / modules)), border=_BORDER)
    return picture.getvalue()
