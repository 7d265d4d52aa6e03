"""What an import does, line by line: for the console (messages `import.…`) and for the chat (`files.…`)."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal

from bot.domain.ids import Region
from bot.domain.meeting import MeetingPlan
from bot.domain.schedule import Change, Comparison
from bot.domain.tables.sheet import RefusedLine
from bot.domain.values import Phrase
from bot.services.change_notices import Altered, lines_of
from bot.services.notes_import import Difference

Room = Literal["import", "files"]
"""Where it is read: at the console, or in the chat."""


def added_lines(found: Comparison, room: Room) -> list[Phrase]:
    return [_line(f"{room}.line_added", plan) for plan in found.added]


def changed_lines(changes: Iterable[Change], room: Room) -> list[Phrase]:
    """Old → new, as people are told; what nobody plans by is named by its meeting."""
    return [
        line
        for change in changes
        for line in lines_of(Altered(change.meeting, change.meeting.replanned(change.plan)))
        or (_line(f"{room}.line_other", change.plan),)
    ]


def cancelled_lines(found: Comparison, room: Room) -> list[Phrase]:
    return [_line(f"{room}.line_cancelled", meeting.plan) for meeting in found.cancelled]


def missing_lines(found: Comparison) -> list[Phrase]:
    """What would be called off, if somebody wanted it."""
    return [_line("files.line_missing", meeting.plan) for meeting in found.cancelled]


def refused_lines(refused: Sequence[RefusedLine], room: Room) -> list[Phrase]:
    """Everything that is wrong with them: a line may have several of these."""
    return [
        Phrase(f"{room}.line_refused", {"why": one.phrase}) for line in refused for one in (line, *line.also)
    ]


def day_lines(difference: Difference) -> list[Phrase]:
    """Counts by region and day; what notes say is shown to nobody here."""
    counts: dict[tuple[Region, date], list[int]] = {}
    for added in difference.added:
        counts.setdefault((added.line.region, added.line.day), [0, 0])[0] += 1
    for changed in difference.changed:
        counts.setdefault((changed.note.region, changed.note.day), [0, 0])[1] += 1
    return [
        Phrase("files.line_day", {"region": region, "day": day, "added": added, "changed": changed})
        for (region, day), (added, changed) in sorted(counts.items(), key=lambda one: (one[0][1], one[0][0]))
    ]


def _line(key: str, plan: MeetingPlan) -> Phrase:
    return Phrase(key, {"region": plan.region, "start": plan.start, "title": plan.title})
