"""Text as a person sees it: without the characters that take no place on paper.

They join words for a recogniser or hide an order from one (zero width spaces, direction marks, tags), and
are of no use to a reader. Emoji joiners are among them: this form is for looking, never for quoting.
"""

import unicodedata


class _Visible(dict[int, str]):
    """A translation table that fills itself: format characters (Cf) vanish."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        self[code] = "" if unicodedata.category(character) == "Cf" else character
        return self[code]


_TABLE = _Visible()


def visible(text: str) -> str:
    """The NFC form of `text` without invisible characters."""
    normal = unicodedata.normalize("NFC", text)
    return normal if normal.isascii() else normal.translate(_TABLE)
