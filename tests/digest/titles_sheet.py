"""The sheet on which people rate titles and leads: first without the notes, then with them.

    .venv/bin/python -m tests.digest.titles_sheet            # title, lead: is it understood alone?
    .venv/bin/python -m tests.digest.titles_sheet --notes    # the same rows, with every note of the theme: is it true?

CSV on standard output. Rows come from the corpora beside the tests, their labels and the sample's topics standing in
for what participants tap; rows that repeat a title are left out. At most 80, taken in turn from each set.
"""

import argparse
import csv
import sys
from collections.abc import Iterator
from itertools import zip_longest

from bot.digest.leads import leads
from bot.digest.pipeline import make_digest
from bot.digest.prepare import prepare
from bot.digest.titles import SIDE_NAMES
from bot.domain.digest import DayInput, FindingKind, Theme
from tests.support.corpus import corpus_day, labelled_day

SETS = ("jeonbuk_2026-01-22", "southeast_2026-01-23", "edge_cases")
PLAIN = ("plain_gangwon_2026-02-04", "plain_chungcheong_2026-02-06")
INDIRECT = ("indirect_daegyeong_2026-02-05", "indirect_daily_life")
MOST = 80


def _days() -> Iterator[tuple[str, DayInput]]:
    for name in (*SETS, *PLAIN, *INDIRECT):
        yield f"{name}, label", labelled_day(name)
    for name in SETS:
        yield f"{name}, topic", corpus_day(name)
        yield f"{name}, a third without", corpus_day(name, every_nth_without_topic=3)


def rows() -> Iterator[tuple[Theme, dict[str, str]]]:
    """Themes with their set's redacted words, each title once."""
    made = []
    for _, day in _days():
        words = {note.number: note.words for note in prepare(day)}
        made.append([(theme, words) for theme in make_digest(day).themes])
    seen: set[str] = set()
    for turn in zip_longest(*made):
        for row in turn:
            if row is not None and row[0].title not in seen and len(seen) < MOST:
                seen.add(row[0].title)
                yield row


def said(theme: Theme) -> str:
    """What stands under a title in the summary, as a reader sees it, one a line."""
    lines = []
    for lead in leads(theme):
        side = f"[{SIDE_NAMES.get(lead.side, lead.side.value)}] " if lead.side else ""
        lines.append(f"- {side}“{lead.text}”" if lead.verbatim else f"- {side}{lead.text}")
    if any(finding.kind is FindingKind.MINORITY for finding in theme.findings):
        lines.append("- 소수의견 있음")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description="Titles and leads to rate")
    parser.add_argument("--notes", action="store_true", help="with the notes behind each")
    with_notes = parser.parse_args().notes
    sheet = csv.writer(sys.stdout)
    asked = ["true to the notes? (1 or 0)"] if with_notes else ["understood alone? (1 or 0)"]
    sheet.writerow(["row", "title", "leads", *(["notes"] if with_notes else []), *asked, "remark"])
    for place, (theme, words) in enumerate(rows(), start=1):
        notes = ["\n".join(f"{number}: {words[number]}" for number in theme.notes)] if with_notes else []
        sheet.writerow([place, theme.title, said(theme), *notes, "", ""])


if __name__ == "__main__":
    main()
