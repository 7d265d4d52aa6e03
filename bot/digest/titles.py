"""Titles that say the point: what a theme is called, and one clause or two that most of it speaks of, in its notes' words.

A title is made of `label` and `title_quotes` alone, so that it can be made again and checked: each quote is a clause of a
cited note, letter for letter; its ending alone may be the report's (bot.digest.gaejo), otherwise it stands in quotation
marks. Behind each stands whose it is: no side's view is shown as if it were everybody's.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from bot.digest.gaejo import report_form
from bot.digest.sides import SIDE_OF, Side
from bot.domain.digest import Quote, Theme

LONGEST_CLAUSE = 46
LONGEST_POINTS = 76
"""Of two together."""
_WHOLE_NAME = 3
"""A part of a theme's name of so many characters tells it."""
_FEW = 3
"""In a theme of so few voices one point is no more than one among others."""
SIDE_NAMES = {Side.PEOPLE: "청년·근로자", Side.COMPANIES: "기업", Side.OFFICES: "지방정부·기관"}
"""In a title, which is stored: the words of the form elsewhere are messages."""
_LEADING = re.compile(
    r"^(?:(?:그리고|그런데|근데|그래서|하지만|다만|또|또한|그러나|솔직히|진짜|정말|제발|특히|일단|아무튼|사실|무엇보다|부디|꼭|좀)[\s,]+)+"
)
_PARTS = re.compile(r"[·/,\s&()]+")
_OTHERS, _BETWEEN = " 등", " / "


def without_lead(clause: str) -> str:
    """A clause without the words that only join it to the one before, and without its full stop."""
    return _LEADING.sub("", clause.strip()).strip().rstrip(".!~ ")


def worded(clause: str) -> str:
    """A clause as a title says it."""
    return report_form(clause) or f"‘{clause}’"


def title_of(label: str, quotes: Sequence[Quote], voices: int) -> str:
    """The title that a theme's name and one point or two make; the name where there is none.

    The name stands before them unless the only point says it. Whose point it is stands beside it wherever that may be
    said: one side's view never passes for everybody's.
    """
    if not quotes:
        return label
    points = _BETWEEN.join(_point(quote) for quote in quotes) + (_OTHERS if voices > _FEW else "")
    alone = len(quotes) == 1 and tells(label, quotes[0].text)
    return points if alone or not label else f"{label}: {points}"


def _point(quote: Quote) -> str:
    side = _side(quote)
    return f"{worded(quote.text)}({side})" if side else worded(quote.text)


def _side(quote: Quote) -> str:
    return SIDE_NAMES.get(SIDE_OF[quote.speaker], "") if quote.speaker else ""


def tells(label: str, clause: str) -> bool:
    """Whether a clause says its theme's name, or a part of it that is long enough to tell."""
    said = "".join(clause.split())
    return any(len(part) >= _WHOLE_NAME and part in said for part in _PARTS.split(label))


def settled(theme: Theme, words: Mapping[str, str]) -> Theme:
    """The theme with a title that rests on nothing but what its findings cite. `words` are the notes' redacted words."""
    cited: Collection[str] = {number for finding in theme.findings for number in finding.notes}
    kept = tuple(
        quote
        for quote in theme.title_quotes
        if quote.note in cited and unicodedata.normalize("NFC", quote.text) in words.get(quote.note, "")
    )
    if len(kept) < len(theme.title_quotes):
        kept = ()
    category = theme.category or theme.title
    return replace(
        theme,
        title=title_of(theme.label or category, kept, theme.voices) if kept else category,
        category=category,
        title_quotes=kept,
    )
