"""What a check found: a line with a mark, and what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """GOOD: nothing to do. BAD: must be mended (exit 1). NOTE: worth knowing, not in use, or advice."""

    GOOD = "✓"
    BAD = "✗"
    NOTE = "–"


_STATES = {Mark.GOOD: "ok", Mark.BAD: "bad", Mark.NOTE: "note"}


@dataclass(frozen=True, slots=True)
class Finding:
    """`check` names it for machines, `title` for people. No secrets in any of them."""

    check: str
    mark: Mark
    title: str
    text: str
    todo: str = ""

    @property
    def line(self) -> str:
        return f"{self.mark} {self.title}: {self.text}" + (f" → {self.todo}" if self.todo else "")

    @property
    def for_machines(self) -> Mapping[str, str]:
        return {"check": self.check, "state": _STATES[self.mark], "text": self.text, "todo": self.todo}


def good(check: str, title: str, text: str) -> Finding:
    return Finding(check, Mark.GOOD, title, text)


def bad(check: str, title: str, text: str, todo: str) -> Finding:
    return Finding(check, Mark.BAD, title, text, todo)


def note(check: str, title: str, text: str, todo: str = "") -> Finding:
    return Finding(check, Mark.NOTE, title, text, todo)
