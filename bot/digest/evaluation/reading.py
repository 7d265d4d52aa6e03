"""Reads labelled notes: the columns of a notes file, and beside them what a person says about each note.

Columns beyond those of `import notes`, all optional: `theme`, `kind`, `pii` and `canary` (lists as JSON or with `|`).
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from bot.digest.evaluation.labelled import LabelledDay, Labels, labelled_days
from bot.domain.digest import Topic
from bot.domain.reading import read_notes
from bot.domain.tables.columns import NOTE_COLUMNS, NOTE_SHEETS
from bot.domain.tables.grid import Source
from bot.domain.tables.head import Column
from bot.domain.tables.sheet import RefusedLine, Row, read_sheet

_LABELS = (
    Column("theme", ("정답주제", "주제표시")),
    Column("kind", ("종류",)),
    Column("pii", ("개인정보",)),
    Column("canary", ("카나리아",)),
)
_ANNOTATIONS = (
    Column("note_id", ("의견번호", "번호"), required=True),
    Column("tag", ("표시",), required=True),
    Column("file", ("파일",)),
)


@dataclass(frozen=True, slots=True)
class LabelledFile:
    """What a file holds, and the lines of it that were not understood."""

    days: tuple[LabelledDay, ...]
    refused: tuple[RefusedLine, ...]


def read_labelled(
    name: str,
    source: Source,
    zone: ZoneInfo,
    topics: Sequence[Topic],
    tags: Mapping[str, frozenset[str]],
) -> LabelledFile:
    """The days of a labelled file called `name`; `tags` by note number, as `read_annotations` gives them."""
    table = read_notes(source, zone, topics)
    rows = read_sheet(source, (*NOTE_COLUMNS, *_LABELS), NOTE_SHEETS).rows
    labels = {row.cells.get("note_id", "").strip(): _labels(row) for row in rows}
    tagged = {number: replace(one, tags=tags.get(number, frozenset())) for number, one in labels.items()}
    return LabelledFile(labelled_days(name, table.notes, tagged, topics), table.refused)


def read_annotations(source: Source, file: str) -> dict[str, frozenset[str]]:
    """The tags of the notes of `file`; a line that names no file speaks of any."""
    found: dict[str, set[str]] = {}
    for row in read_sheet(source, _ANNOTATIONS).rows:
        if row.cells.get("file", "").strip() in ("", file):
            found.setdefault(row.cells["note_id"].strip(), set()).add(row.cells["tag"].strip())
    return {number: frozenset(tags) for number, tags in found.items()}


def _labels(row: Row) -> Labels:
    def said(name: str) -> str | None:
        return row.cells[name].strip() if name in row.titles else None

    return Labels(said("theme"), said("kind"), _list(said("pii")), _list(said("canary")))


def _list(cell: str | None) -> tuple[str, ...]:
    """A JSON list of texts, or texts with `|` between them."""
    if not cell:
        return ()
    try:
        read = json.loads(cell)
    except ValueError:
        read = None
    parts: Iterable[object] = read if isinstance(read, list) else cell.split("|")
    return tuple(text for part in parts if (text := str(part).strip()))
