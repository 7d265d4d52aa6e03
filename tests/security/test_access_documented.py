"""docs/security.md shows the readings as they are tried. `RERECORD=1 pytest tests/security/test_access_documented.py` writes it anew."""

import os
from pathlib import Path

from bot.domain.access_log import Why
from tests.security.access import CHAT, CLOCK, CONSOLE, SILENT, Reading

PAGE = Path(__file__).parents[2] / "docs" / "security.md"
BEGIN, END = "<!-- access -->\n", "<!-- /access -->"
PARTS = (("In the chat", CHAT), ("By the clock", CLOCK), ("At the console", CONSOLE))


def table(rows: tuple[Reading, ...]) -> str:
    head = "| what is read | how | line: who, action | whose | why |\n| --- | --- | --- | --- | --- |\n"
    return head + "".join(cells(row) for row in rows)


def cells(row: Reading) -> str:
    """One line of the page for each line of the log."""
    told = ""
    for place, line in enumerate(row.lines):
        actor, action, whose, why = line.split()
        what, how = (row.what, f"`{row.attempt}`") if place == 0 else ("", "")
        often = " ¹" if row.once else ""
        told += f"| {what} | {how} | {actor} `{action}`{often} | {whose.replace('_', ' ')} | {why} |\n"
    return told


def wanted_part() -> str:
    silent = "".join(f"| `{command}` | {why} |\n" for command, why in SILENT.items())
    tables = "\n".join(f"### {title}\n\n{table(rows)}" for title, rows in PARTS)
    return f"{tables}\nCommands that show nobody's words or data:\n\n| command | why not |\n| --- | --- |\n{silent}"


def test_the_page_shows_the_readings() -> None:
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    wanted = f"{before}{BEGIN}{wanted_part()}{END}{after}"
    if os.environ.get("RERECORD") == "1":
        PAGE.write_text(wanted, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == wanted


def test_every_purpose_is_explained() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert [why for why in Why if f"`{why.value}` " not in page] == []
