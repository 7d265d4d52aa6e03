"""docs/security.md tells how many hostile inputs there are. `RERECORD=1 pytest tests/hostile/test_documented.py` writes it anew.

The counts are of what the runners take, class by class, in both forms; nothing is fed here.
"""

import os
from pathlib import Path

from bot.services.exports import AUDIT_HEAD, NOTES_HEAD
from tests.hostile import (
    test_bodies,
    test_buttons,
    test_echoes,
    test_files,
    test_page,
    test_shapes,
    test_words,
)
from tests.hostile.corpus import words
from tests.hostile.places import PLACES
from tests.hostile.sent_files import files
from tests.hostile.test_digests import days
from tests.hostile.test_tables import texts

PAGE = Path(__file__).parents[2] / "docs" / "security.md"
BEGIN, END = "<!-- hostile -->\n", "<!-- /hostile -->"
CI_AT_LEAST = 5_000
CLASSES = {
    "naughty": "the Big List of Naughty Strings",
    "unicode": "Unicode torture: jamo, fillers, zero widths, bidi, tags, surrogates, floods",
    "markup": "markup, templates, quoting",
    "formula": "formulas behind every prefix",
    "length": "lengths at Telegram's limits and ours, one less and one more",
}


def rows() -> list[tuple[str, int, int]]:
    """What is fed, short and long."""
    cells, noted = len(texts()) * 2, sum(map(len, days()))
    return [
        (
            "words in updates: 15 places, both doors",
            len(test_words.chosen(long=False)),
            len(test_words.chosen(long=True)),
        ),
        (
            f"titles, names and notes that the bot shows again, each {len(test_echoes.ASKED)} times",
            len(test_echoes.shown_again(long=False)),
            len(test_echoes.shown_again(long=True)),
        ),
        ("update shapes walked out of PTB's types, sound, both doors", test_shapes.SHORT, test_shapes.WHOLE),
        ("the same, broken", test_shapes.SHORT, test_shapes.WHOLE),
        (
            "buttons' data, changed",
            len(test_buttons.mutated(long=False)),
            len(test_buttons.mutated(long=True)),
        ),
        (
            "raw bodies at the webhook",
            len(test_bodies.bodies(long=False)),
            len(test_bodies.bodies(long=True)),
        ),
        (
            "forms of the page, each with an address",
            2 * len(test_page.forms(long=False)),
            2 * len(test_page.forms(long=True)),
        ),
        (
            "tables read as schedule and as notes",
            2 * len(files(long=False)),
            2 * len(files(long=True)),
        ),
        ("tables sent into the chat", test_files.SENT_SHORT, test_files.SENT_LONG),
        (
            f"texts in every column of an export ({len(NOTES_HEAD)} and {len(AUDIT_HEAD)}), CSV and XLSX",
            cells,
            cells,
        ),
        ("notes, titles and topics of digests", noted, noted),
    ]


def shown() -> str:
    found = rows()
    lines = "".join(f"| {what} | {short:,} | {long:,} |\n" for what, short, long in found)
    total = f"| **all** | **{sum(row[1] for row in found):,}** | **{sum(row[2] for row in found):,}** |\n"
    corpus = words(test_words.TORTURE)
    kinds = "".join(
        f"| {what} | {sum(kind == one for one, _ in corpus):,} |\n" for kind, what in CLASSES.items()
    )
    head = "| inputs | `make test` | `make hostile` |\n| --- | --- | --- |\n"
    return f"{head}{lines}{total}\n| words of the corpus | |\n| --- | --- |\n{kinds}"


def test_the_page_tells_what_is_fed() -> None:
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    wanted = f"{before}{BEGIN}{shown()}{END}{after}"
    if os.environ.get("RERECORD") == "1":
        PAGE.write_text(wanted, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == wanted


def test_the_short_form_is_no_formality() -> None:
    assert sum(short for _, short, _ in rows()) >= CI_AT_LEAST
    assert {kind for kind, _ in words(test_words.TORTURE)} == CLASSES.keys()
    assert {one.place for one in test_words.chosen(long=False)} == set(PLACES)
