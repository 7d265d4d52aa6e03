"""docs/security.md shows the matrix as it is. `RERECORD=1 pytest tests/security/test_documented.py` writes it anew."""

import os
from pathlib import Path

from tests.security import matrix
from tests.security.matrix import BUTTONS, COMMANDS, MESSAGES, WHO, Row

PAGE = Path(__file__).parents[2] / "docs" / "security.md"
BEGIN, END = "<!-- matrix -->\n", "<!-- /matrix -->"
TITLES = (("Commands", COMMANDS), ("Messages", MESSAGES), ("Buttons", BUTTONS))


def legend() -> str:
    """The meanings, as the matrix itself gives them."""
    doc = matrix.__doc__ or ""
    return doc[doc.index("| cell |") :].strip()


def table(rows: tuple[Row, ...]) -> str:
    head = f"| what | attempts | {' | '.join(WHO)} |\n|{' --- |' * (len(WHO) + 2)}\n"
    return head + "".join(line(row) for row in rows)


def line(row: Row) -> str:
    attempts = " ".join(f"`{attempt}`" for attempt in row.attempts)
    cells = " | ".join(row.cells[who] for who in WHO)
    return f"| {row.what} | {attempts} | {cells} |\n"


def shown() -> str:
    return f"{legend()}\n\n" + "\n".join(f"### {title}\n\n{table(rows)}" for title, rows in TITLES)


def test_the_page_shows_the_matrix() -> None:
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    wanted = f"{before}{BEGIN}{shown()}{END}{after}"
    if os.environ.get("RERECORD") == "1":
        PAGE.write_text(wanted, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == wanted
