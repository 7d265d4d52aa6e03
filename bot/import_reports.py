"""What an import did, line by line, for the console."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.markup import without_markup
from bot.domain.tables.sheet import RefusedLine
from bot.domain.values import Phrase, Value
from bot.services.files import lines as told
from bot.services.notes_import import Report
from bot.services.schedule import Applied
from prompts.messages import Messages

MOST_LINES = 50
"""Lines of one kind that are printed; the rest is counted."""


def tour_report(
    messages: Messages, applied: Applied, refused: Sequence[RefusedLine], now: datetime
) -> list[str]:
    """Counts first, then what was added, changed, cancelled and refused."""
    found = applied.comparison
    head = Phrase(
        "import.tour_dry" if applied.dry else "import.tour_done",
        {
            "tour": applied.tour.name,
            "added": len(found.added),
            "changed": len(found.changed),
            "cancelled": len(found.cancelled),
            "unchanged": len(found.unchanged),
            "refused": len(refused),
        },
    )
    return [
        _say(messages, head, now),
        *_some(messages, told.added_lines(found, "import"), now),
        *_some(messages, told.changed_lines(found.changed, "import"), now),
        *_some(messages, told.cancelled_lines(found, "import"), now),
        *refused_lines(messages, refused, now),
    ]


def refused_lines(messages: Messages, refused: Sequence[RefusedLine], now: datetime) -> list[str]:
    """Where and why, a line each."""
    return _some(messages, told.refused_lines(refused, "import"), now)


def notes_report(messages: Messages, report: Report, now: datetime, *, dry: bool) -> list[str]:
    """Counts first, then what was refused."""
    counts: dict[str, Value] = {
        "added": report.added,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "refused": len(report.refused),
    }
    head = Phrase("import.notes_dry" if dry else "import.notes_done", counts)
    return [_say(messages, head, now), *refused_lines(messages, report.refused, now)]


def _say(messages: Messages, phrase: Phrase, now: datetime) -> str:
    return without_markup(messages.text(phrase.key, phrase.values, now=now))


def _some(messages: Messages, phrases: Sequence[Phrase], now: datetime) -> list[str]:
    lines = [_say(messages, phrase, now) for phrase in phrases[:MOST_LINES]]
    if len(phrases) > MOST_LINES:
        lines.append(messages.plain("import.and_more", {"count": len(phrases) - MOST_LINES}, now=now))
    return lines
