"""The command line in this process: a DATA_DIR with a migrated database, and no settings but a test's own.

The fixture `console` of tests/bot/conftest.py gives one.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import structlog
from typer.testing import CliRunner, Result

from bot.__main__ import app

TRACEBACK = "Traceback (most recent call last)"


@dataclass(frozen=True, slots=True)
class Console:
    """Where somebody types commands."""

    folder: Path

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def runs(self, *words: str, exits: int = 0) -> Result:
        """Runs a command; its exit code is as told, and no trace is shown whatever happens."""
        with logs_put_back():
            result = CliRunner().invoke(app, list(words))
        assert TRACEBACK not in result.output
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        assert result.exit_code == exits, result.output
        return result

    def file(self, name: str, text: str | bytes) -> str:
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)


@contextmanager
def logs_put_back() -> Iterator[None]:
    """What the block does to logging is undone: it would write into a closed file, or hide others' warnings."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    levels = {name: logging.getLogger(name).level for name in logging.root.manager.loggerDict}
    try:
        yield
    finally:
        structlog.reset_defaults()
        root.handlers[:] = handlers
        root.setLevel(level)
        for name, was in levels.items():
            logging.getLogger(name).setLevel(was)
