"""Titles that say the point: a theme's name and the clause that most of it speaks of, in the note's own words.

A title is made of `title_quotes` alone, so that it can be made again and checked: each is a clause of a cited note,
letter for letter; its ending alone may be the report's (bot.digest.gaejo), otherwise it stands in quotation marks. Where
two sides are large, each side's own point stands in the title: neither is shown as if it were everybody's.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from bot.digest.gaejo import report_form
from bot.digest.sides import SIDE_OF, Side
from bot.domain.digest import Quote, Theme

LONGEST_TITLE = 46
"""With whose point it is."""
LONGEST_CLAUSE = 36
LONGEST_POINT = 28
"""Of one side, in a title of two."""
_FEW = 3
"""In a theme of so few voices one point is no more than one among others."""
SIDE_NAMES = {Side.PEOPLE: "청년·근로자", Side.COMPANIES: "기업", Side.OFFICES: "지방정부·기관"}
"""In a title, which is stored: the words of the form elsewhere are messages."""
_LEADING = re.compile(
    r"^(?:(?:그리고|그런데|근데|그래서|하지만|다만|또|또한|그러나|솔직히|진짜|정말|제발|특히|일단|아무튼|사실|무엇보다|부디|꼭|좀)[\s,]+)+"
)
_PARTS = re.compile(r"[·/,\s&()]+")
_OTHERS = " 등"


def without_lead(clause: str) -> str:
    """A clause without the words that only join it to the one before, and without its full stop."""
    return _LEADING.sub("", clause.strip()).strip().rstrip(".!~ ")


def worded(clause: str) -> str:
    """A clause as a title says it."""
    return report_form(clause) or f"‘{clause}’"


def title_of(category: str, quotes: Sequence[Quote], voices: int) -> str:
    """The title that a category and one point, or the points of two sides, make; the category where there is none.

    Whose point it is stands behind it wherever that may be said: one side's view never passes for everybody's.
    """
    if not quotes:
        return category
    if len(quotes) > 1:
        points = [f"{_side(quote)} ‘{report_form(quote.text) or quote.text}’" for quote in quotes]
        return f"{category}: {', '.join(point.strip() for point in points)}"
    (quote,) = quotes
    side = f"({_side(quote)})" if _side(quote) else ""
    point = worded(quote.text) + side + (_OTHERS if voices > _FEW else "")
    named = f"{category}: {point}"
    return point if names(category, quote.text) or len(named) > LONGEST_TITLE or not category else named


def _side(quote: Quote) -> str:
    return SIDE_NAMES.get(SIDE_OF[quote.speaker], "") if quote.speaker else ""


def names(category: str, clause: str) -> bool:
    """Whether a clause says a word of its theme's name."""
    said = "".join(clause.split())
    return any(len(part) > 1 and part in said for part in _PARTS.split(category))


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
        title=title_of(category, kept, theme.voices),
        category=category,
        title_quotes=kept,
    )
