"""The Telegram's own book: append-only, on the disk before the answer leaves. The judge believes nothing else about what was said."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path


class Entry(StrEnum):
    """What a line is about."""

    CALL = "call"
    """A call of the bot took effect: method, chat, message, text, silent, delivery."""
    FAULT = "fault"
    """A call was struck: what, method, chat, delivery."""
    ASKED = "asked"
    """An update was made: update, chat, says, copies (how often it may come)."""
    TAKEN = "taken"
    """Updates were acknowledged by the bot (offset or 2xx)."""
    FORGOTTEN = "forgotten"
    """Updates that nobody took for a day: Telegram keeps them no longer."""
    EVENT = "event"
    """Something happened in the world: what, and whom it concerns."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `at` is the wall clock of the harness (UTC), `seconds` its monotonic time."""

    entry: Entry
    at: datetime
    seconds: float
    fields: Mapping[str, object]

    def text(self, name: str) -> str:
        value = self.fields.get(name)
        return value if isinstance(value, str) else ""

    def number(self, name: str) -> int | None:
        value = self.fields.get(name)
        return value if isinstance(value, int) else None


class Ledger:
    """Writes lines. `durable` ones are synced before `write` returns."""

    def __init__(self, path: Path, now: Callable[[], datetime], monotonic: Callable[[], float]) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._now = now
        self._monotonic = monotonic

    def write(self, entry: Entry, *, durable: bool = False, **fields: object) -> None:
        line = {"entry": entry, "at": self._now().isoformat(), "seconds": self._monotonic(), **fields}
        os.write(self._file, json.dumps(line, ensure_ascii=False).encode() + b"\n")
        if durable:
            os.fdatasync(self._file)


def read_ledger(path: Path) -> Iterator[Line]:
    """Every whole line, in order."""
    with path.open(encoding="utf-8") as file:
        for raw in file:
            fields = json.loads(raw)
            yield Line(
                Entry(fields.pop("entry")),
                datetime.fromisoformat(fields.pop("at")),
                float(fields.pop("seconds")),
                fields,
            )
