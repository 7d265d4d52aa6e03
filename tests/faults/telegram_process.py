"""The harness's hand on the Telegram process: starts it, orders it about, ends it."""

import http.client
import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.faults.stage import Setting

ROOT = Path(__file__).parents[2]
_ANSWERS_WITHIN = 240.0


class TelegramProcess:
    """Runs while the block does. `clock` and `telegram` are addresses for a bot's environment."""

    def __init__(self, setting: Setting, log: Path) -> None:
        self._setting = setting
        self._log = log

    def __enter__(self) -> Self:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.telegram"],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asdict(self._setting)) + "\n")
        self._process.stdin.flush()
        addresses = json.loads(self._process.stdout.readline())
        self.clock: str = addresses["clock"]
        self.telegram: str = addresses["telegram"]
        self._http = http.client.HTTPConnection(self.clock.removeprefix("http://"), timeout=_ANSWERS_WITHIN)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._http.close()
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def order(self, order: str, **given: object) -> dict[str, Any]:
        """Raises OSError, or RuntimeError when the order failed."""
        self._http.request("POST", f"/harness/{order}", json.dumps(given))
        answer = self._http.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{order}: {answer.status}")
        result: dict[str, Any] = json.loads(body)
        return result
