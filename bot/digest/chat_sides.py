"""Voices side by side in chat: a theme's leads in the summary, and each side's own words on the theme's page."""

from collections.abc import Sequence

from bot.digest.bands import Seen, bands
from bot.digest.bodies import bodies_in
from bot.digest.chat_page import Page
from bot.digest.leads import Lead, leads
from bot.digest.shield import Hidden
from bot.digest.sides import SIDE_OF, VOICES, Side, side_of, voices_by_side
from bot.domain.digest import Finding, FindingKind
from bot.domain.values import Value

TOLD = (FindingKind.FINDING, FindingKind.REQUEST)


def theme_heading(page: Page, place: int) -> None:
    """The theme's title, which says the point, with the notes that it shortens; its topic's name beside it where the
    title does not begin with it."""
    theme = page.digest.themes[place]
    values: dict[str, Value] = {
        "title": page.shown_words(theme.title, one_line=True),
        "voices": page.theme_count(place),
    }
    if not theme.title_quotes:
        page.line("theme_line", values, indent=1, leads=True)
        return
    values["notes"] = ", ".join(page.number(quote.note) for quote in theme.title_quotes)
    if theme.title.startswith(theme.category):
        page.line("voices.theme_line", values, indent=1, leads=True)
    else:
        page.line("voices.theme_line_of", values | {"category": theme.category}, indent=1, leads=True)


def theme_point(page: Page, place: int) -> None:
    """The title on the theme's own page, whose heading is the topic's name."""
    theme = page.digest.themes[place]
    if theme.category and theme.title != theme.category:
        page.line("voices.point", {"title": page.shown_words(theme.title, one_line=True)}, leads=True)


def theme_leads(page: Page, place: int) -> bool:
    """One line for each side. False when there is none to show."""
    found = leads(page.digest.themes[place])
    for one in found:
        _lead(page, one)
    return bool(found)


def _lead(page: Page, lead: Lead) -> None:
    if lead.finding.in_own_words:
        page.finding(lead.finding, indent=2, asked=lead.finding.kind is FindingKind.REQUEST)
        return
    values: dict[str, Value] = {
        "text": page.shown_words(lead.text, one_line=True),
        "note": page.number(lead.finding.notes[0]),
    }
    speaker, name = lead.finding.quotes[0].speaker, "voices.lead"
    if lead.side is not None:
        name, values["side"] = "voices.lead_side", _side(page, lead.side)
    elif speaker is not None:
        name, values["speaker"] = "voices.lead_by", page.speaker(speaker)
    page.line(f"{name}_quoted" if lead.verbatim else name, values, indent=2)


def _side(page: Page, side: Side) -> str:
    return page.words(f"voices.side_{side.value}")


def by_sides(findings: Sequence[Finding]) -> dict[Side | None, list[Finding]]:
    """Findings by the side they are of; those of no side that may be named come last, under None."""
    sides: dict[Side | None, list[Finding]] = {side: [] for side in (*Side, None)}
    for finding in findings:
        sides[side_of(finding)].append(finding)
    return {side: found for side, found in sides.items() if found}


def side_by_side(page: Page, place: int) -> bool:
    """What two or more sides said and asked, each under its name. False when fewer may be named."""
    told = [finding for finding in page.digest.themes[place].findings if finding.kind in TOLD]
    sides = by_sides(told)
    if len([side for side in sides if side in VOICES]) < 2:
        return False
    page.gap()
    page.line("voices.by_side", leads=True)
    page.line("voices.by_side_note", leads=True)
    for side, findings in sides.items():
        _side_line(page, place, side)
        for finding in findings:
            page.finding(finding, indent=2, context=True, asked=finding.kind is FindingKind.REQUEST)
    return True


def _side_line(page: Page, place: int, side: Side | None) -> None:
    if side is None:
        page.line("voices.side_unnamed", indent=1, leads=True)
        return
    values: dict[str, Value] = {"side": _side(page, side)}
    voices = _voices(page, place, side)
    if voices is None:
        page.line("voices.side_line", values, indent=1, leads=True)
    else:
        page.line("voices.side_line_counted", values | {"voices": voices}, indent=1, leads=True)


def _voices(page: Page, place: int, side: Side) -> str | None:
    """A side's voices: where the theme's table shows each of its cells, their sum; else in a step of five, or not at all."""
    seen = _seen(page, place)
    if seen.total is None:
        return None
    if seen.cells is not None:
        return str(seen.cells[side]) if side in seen.cells else None
    themes = {at: _seen(page, at) for at in range(len(page.digest.themes))}
    told = bands(themes, voices_by_side(page.digest.numbers.by_speaker)).get(place, {})
    return "~".join(map(str, told[side])) if side in told else None


def _seen(page: Page, place: int) -> Seen:
    """What people see of a theme's voices by side: a side is shown where the table shows each of its cells."""
    voices = voices_by_side(page.digest.themes[place].by_speaker)
    total = None if isinstance(page.theme_voices[place], Hidden) else sum(voices.values())
    cells = page.theme_cells(place)
    if cells is None:
        return Seen(voices, total, None)
    hidden = {SIDE_OF[speaker] for speaker, count in cells.items() if count is None}
    return Seen(voices, total, {side: count for side, count in voices.items() if side not in hidden})


def named_bodies(page: Page, finding: Finding, *, indent: int) -> None:
    """The offices that a request itself names: who should answer is nobody's guess."""
    found = bodies_in(" ".join(quote.text for quote in finding.quotes))
    if found:
        page.line("voices.bodies", {"bodies": ", ".join(found)}, indent=indent)
