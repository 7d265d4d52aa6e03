"""Text as files bring it: encodings of Korean offices, characters that nobody sees."""

import codecs
import re
import unicodedata
from collections.abc import Mapping

from bot.domain.errors import Refusal
from bot.domain.values import Value


class FileRefused(Refusal):
    """A file that cannot be read; `line` is where, 0 the file as a whole."""

    def __init__(self, key: str, values: Mapping[str, Value] | None = None, *, line: int = 0) -> None:
        super().__init__(key, values)
        self.line = line


_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ZIP_MARK = b"PK\x03\x04"
_JOINER = "\u200d"  # holds emoji of several parts together
_LINE_END = re.compile(r"\r\n?")


def text_of(data: bytes | str) -> str:
    """The text of a file without its byte order mark.

    UTF-8, UTF-16 with its mark (Excel's "Unicode text"), or CP949 (Excel's plain CSV in Korea). A UTF-8 file with
    a few damaged bytes is refused rather than read as CP949: most of its letters would come out as other letters.
    Raises FileRefused.
    """
    if isinstance(data, str):
        return data.removeprefix("\ufeff")
    if data.startswith(_ZIP_MARK):
        raise FileRefused("import.is_other")
    try:
        if data.startswith(_UTF16_MARKS):
            return data.decode("utf-16")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if not data.startswith(_UTF16_MARKS) and _is_damaged_utf8(data):
            line = data.count(b"\n", 0, error.start) + 1
            raise FileRefused("import.letters_damaged", line=line) from None
    try:
        return data.decode("cp949")
    except UnicodeDecodeError:
        raise FileRefused("import.letters_unknown") from None


def _is_damaged_utf8(data: bytes) -> bool:
    """Whether most letters beyond ASCII are sound UTF-8. In CP949 Korean next to none are."""
    letters = [letter for letter in data.decode("utf-8", errors="replace") if letter > "\x7f"]
    broken = letters.count("\ufffd")
    return broken * 2 < len(letters)


def printable(text: str) -> str:
    """The text fit to be shown on a terminal: nothing in it steers the terminal."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)


def shown(cell: str, limit: int = 30) -> str:
    """A cell as a refusal quotes it: cut, so that a whole pasted page does not fill the screen."""
    line = printable(" ".join(cell.split()))
    return line if len(line) <= limit else line[: limit - 1] + "…"


def has_controls(text: str) -> bool:
    """Control characters other than white space, or half a surrogate pair: a file that is damaged."""
    return any(unicodedata.category(letter) in {"Cc", "Cs"} and not letter.isspace() for letter in text)


def one_line(text: str) -> str:
    """NFC, white space in its simplest form, invisible characters (marks of direction, zero width) gone."""
    composed = unicodedata.normalize("NFC", text)
    seen = "".join(c for c in composed if c == _JOINER or unicodedata.category(c) != "Cf")
    return " ".join(seen.split())


def spoken(text: str) -> str:
    """What somebody said, as they said it: only NFC, simple line ends, and no control characters.

    Invisible characters stay: whether a note says anything is for the digest to judge, over the original.
    """
    composed = _LINE_END.sub("\n", unicodedata.normalize("NFC", text))
    kept = (c for c in composed if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"})
    return "".join(kept).strip()


def folded(text: str) -> str:
    """Letters and digits only, without case and width: `청년·근로자` and `청년 근로자` are the same choice."""
    wide = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in wide if c.isalpha() or c.isdecimal())
