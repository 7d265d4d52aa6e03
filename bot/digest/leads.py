"""What stands under a theme's title: one sentence for each side, the first that it is quoted with."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.digest.clauses import MARK, reads_alone
from bot.digest.gaejo import report_form
from bot.digest.sentences import sentences
from bot.digest.sides import VOICES, Side, side_of
from bot.domain.digest import Finding, FindingKind, Theme

LONGEST_LEAD = 90
"""Characters: two lines on a phone and in the report form."""
_HARDLY_MORE = 4
"""Characters."""
_SAYS_MORE, _HARDLY = 2.0, 0.36
_TOLD = frozenset({FindingKind.FINDING, FindingKind.REQUEST})


@dataclass(frozen=True, slots=True)
class Lead:
    """`text` is the finding's, in the report's ending where that is safe; `verbatim`: it is the note's own, untouched.

    `side` is None where the theme's sentences are not told apart by sides.
    """

    side: Side | None
    text: str
    verbatim: bool
    finding: Finding


def _form(text: str) -> str | None:
    """Each sentence in the report's ending, or None where one of them is not to be converted."""
    forms = [report_form(sentence.text) for sentence in sentences(text)]
    return ". ".join(form for form in forms if form) if forms and all(forms) else None


def _lead(finding: Finding, side: Side | None) -> Lead:
    form = None if finding.in_own_words else _form(finding.text)
    return Lead(side, form or finding.text, form is None and not finding.in_own_words, finding)


def leads(theme: Theme) -> tuple[Lead, ...]:
    """One for each side that is quoted by name, when two or more are; else the first sentence and the first request.

    What the title says already is not said again where its side says more; longer sentences than two lines are left to
    the theme's own page.
    """
    told = [one for one in theme.findings if one.kind in _TOLD and len(one.text) <= LONGEST_LEAD]
    titled = {quote.note: quote.text for quote in theme.title_quotes}
    told.sort(key=lambda one: -_worth(one, titled))
    by_side: dict[Side, Finding] = {}
    for finding in told:
        side = side_of(finding)
        if side in VOICES:
            by_side.setdefault(side, finding)
    if len(by_side) > 1:
        return tuple(_lead(by_side[side], side) for side in VOICES if side in by_side)
    first = told[:1]
    other = [one for one in told if first and one.kind is not first[0].kind][:1]
    return tuple(_lead(one, None) for one in (*first, *other))


def _worth(finding: Finding, titled: Mapping[str, str]) -> float:
    """The sentence that the title shortens first, if it says more than the title. One that says no more only before those
    that are hardly understood alone, and last what held personal data. What a model wrote keeps its place among the others."""
    if MARK.search(finding.text):
        return 0.0
    clause = titled.get(finding.notes[0])
    if clause is not None:
        return _HARDLY if len(finding.text) <= len(clause) + _HARDLY_MORE else _SAYS_MORE
    found = sentences(finding.text)
    if finding.in_own_words or not found:
        return 1.0
    return min(1.0, reads_alone(found[0].text, LONGEST_LEAD))
