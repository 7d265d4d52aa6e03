"""Words of a note as a reader sees them: they cannot pass for the report's own form, nor be tapped.

The report's form is signs at the start of a line (□ ○ ※ - ·), double quotation marks around what was said, and the
number of a note behind it. Telegram makes @names, #words, $SIGNS and /commands of any message tappable, unless their
sign is another one. Stored quotes and the JSON form keep every letter; only what is shown is changed here.
"""

import re
import unicodedata
from collections.abc import Iterable

_JOINER = "\u200d"
_LINE_ENDS = re.compile(r"\r\n|[\u2028\u2029]")
_BLANK = dict.fromkeys(map(ord, "\t\u115f\u1160\u3164\uffa0\u2800"), " ")
"""Letters without a shape (Hangul fillers, an empty Braille cell): a sign behind one would stand first all the same."""
_SIGN = "◎◦▪▫◾◽▶▷►▸❍❏❑❒☐☑☒⬜⬛◻◼⚪⚫※∎•∙‧·ㆍ・⦁"
_BLANK_SIGN = "□■○●◯◇◆*＊"
"""One is a sign, several are a name left out (○○기업)."""
_DASH = "-‐‑‒–—―−﹘﹣－ㅡ─━⁃˗➖"
_SPACE = r"[^\S\n]*"
_BULLETS = re.compile(
    rf"^(?:{_SPACE}(?:[{_SIGN}]|([{_BLANK_SIGN}])(?!\1)|[{_DASH}]+(?!\d)|[ㅇo](?=\s))[\ufe0e\ufe0f]?)+{_SPACE}",
    re.MULTILINE,
)
"""A dash before a digit is a minus. Officials type ㅇ or o for ○, too."""
_INNER_QUOTES = str.maketrans("“„‟〝❝”〞❞", "‘‘‘‘‘’’’")
"""Within double quotation marks stand single ones. The straight ones are not the form's and stay."""
_TAPPABLE = re.compile(r"(?<![0-9A-Za-z가-힣])(?:[@#](?=\S)|(?<!<)/(?=[A-Za-z0-9_])|\$(?=[A-Z]))")
"""Neither does Telegram take the end of a tag (</b>) for a command."""
_WIDE = str.maketrans("@#/$", "＠＃／＄")


class ShownWords:
    """`region` and `numbers` (of all notes of the day) tell what a number of a note looks like."""

    def __init__(self, region: str, numbers: Iterable[str] = ()) -> None:
        heads = {head for head, _, tail in (one.rpartition("-") for one in numbers) if tail.isdecimal()}
        heads = {head for head in heads if any(map(str.isalpha, head))} | {region}
        longest_first = sorted(map(re.escape, heads), key=lambda head: (-len(head), head))
        self._number = re.compile(
            rf"({'|'.join(longest_first)}){_SPACE}[{_DASH}]+{_SPACE}(?=\d)", re.IGNORECASE
        )

    def __call__(self, text: str, *, one_line: bool = False) -> str:
        """The words without control and format characters (emoji joiners stay), as one line if wanted."""
        kept = "".join(
            character
            for character in _LINE_ENDS.sub("\n", text).translate(_BLANK)
            if character in ("\n", _JOINER) or unicodedata.category(character) not in ("Cc", "Cf", "Cs")
        )
        kept = _BULLETS.sub("", kept.strip()) or kept
        kept = " ".join(kept.split()) if one_line else kept.strip()
        kept = self._number.sub(r"\1 ", kept.translate(_INNER_QUOTES))
        return _TAPPABLE.sub(lambda sign: sign.group().translate(_WIDE), kept)
