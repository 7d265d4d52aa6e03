"""Templates to fill in: the columns we read, with what belongs in them, and lines that show how it is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.languages import KOREAN
from bot.domain.reading import TableKind
from bot.domain.tables.columns import NOTE_COLUMNS, TOUR_COLUMNS
from bot.domain.tables.head import Column
from prompts.messages import Messages

_LINES = ("1", "2", "3")
_WIDE = {"title": 32, "venue": 32, "address": 32, "notes": 40, "text": 60, "host": 20, "topic": 20}
_ORDINARY = 14
_SHOWN_BY = " | "
"""Between the cells of an example line, and between choices, in the message file."""


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """`choices`: what may be picked; empty: anything. `width` in characters."""

    title: str
    note: str
    required: bool
    choices: tuple[str, ...]
    width: int


@dataclass(frozen=True, slots=True)
class Template:
    """A workbook to be: one sheet to fill in, one with examples, which is never read."""

    name: str
    sheet: str
    columns: tuple[TemplateColumn, ...]
    example_sheet: str
    remark: str
    examples: tuple[tuple[str, ...], ...]


def template_of(messages: Messages, kind: TableKind, language: str, now: datetime) -> Template:
    """In the reader's language; any of its headings is understood whatever the language."""

    def say(key: str) -> str:
        return messages.plain(key, now=now, language=language)

    picks = {"track": say("template.tracks"), "speaker": say("template.speakers")}
    korean = messages.language_for(language) == KOREAN

    def column(of: Column, note: str) -> TemplateColumn:
        title = of.titles[0] if korean else of.name
        choices = tuple(picks[of.name].split(_SHOWN_BY)) if of.name in picks else ()
        return TemplateColumn(title, note, of.required, choices, _WIDE.get(of.name, _ORDINARY))

    match kind:
        case TableKind.TOUR:
            columns = [column(one, say(f"template.tour_{one.name}")) for one in TOUR_COLUMNS]
            examples = [say(f"template.tour_example_{line}") for line in _LINES]
            name, sheet = say("template.tour_file"), say("template.tour_sheet")
        case TableKind.NOTES:
            columns = [column(one, say(f"template.notes_{one.name}")) for one in NOTE_COLUMNS]
            examples = [say(f"template.notes_example_{line}") for line in _LINES]
            name, sheet = say("template.notes_file"), say("template.notes_sheet")
    return Template(
        name,
        sheet,
        tuple(columns),
        say("template.example_sheet"),
        say("template.example_remark"),
        _cells(examples),
    )


def _cells(lines: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(cell.strip() for cell in line.split("|")) for line in lines)
