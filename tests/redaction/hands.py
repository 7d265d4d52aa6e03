"""How digits come to be written: wide, spelled, mixed, with invisible characters between them."""

import random
import unicodedata
from typing import Final

SPELLED: Final = dict(zip("0123456789", "공일이삼사오육칠팔구", strict=True))
WIDE: Final = str.maketrans("0123456789-.() ", "０１２３４５６７８９－．（）　")
CIRCLED: Final = dict(zip("0123456789", "⓪①②③④⑤⑥⑦⑧⑨", strict=True))
INVISIBLE: Final = ("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u180e")


def spelled(digits: str, zero: str = "공") -> str:
    """공일공: each digit by its name; everything else stays."""
    return "".join(zero if each == "0" else SPELLED.get(each, each) for each in digits)


def wide(text: str) -> str:
    """As an input method in full-width mode writes it."""
    return text.translate(WIDE)


def circled(text: str) -> str:
    """⓪①⓪: ringed figures, as in decorated messages."""
    return "".join(CIRCLED.get(each, each) for each in text)


def sprinkled(text: str, draw: random.Random) -> str:
    """Invisible characters at two or three places, as copied from a web page."""
    places = set(draw.sample(range(1, len(text)), k=min(3, len(text) - 1)))
    return "".join((draw.choice(INVISIBLE) if at in places else "") + each for at, each in enumerate(text))


def decomposed(text: str) -> str:
    """NFD, as macOS writes file names and some keyboards everything."""
    return unicodedata.normalize("NFD", text)
