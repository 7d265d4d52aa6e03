"""What goes wrong around a life, begun and ended from the harness's one thread."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from tests.faults.databases import Home
from tests.faults.plan import Fate, Trial
from tests.faults.telegram_process import ROOT, TelegramProcess


class Trouble(Protocol):
    """Something that is wrong now."""

    def look(self) -> None:
        """Puts it right when its time is over; to be called often."""
        ...

    def end(self) -> None:
        """Puts it right, if it is not."""
        ...


@dataclass(slots=True)
class Passing:
    """Wrong until `until` (real, monotonic), or the end of the life."""

    until: float
    mend: Callable[[], object]
    over: bool = False

    def look(self) -> None:
        if time.monotonic() >= self.until:
            self.end()

    def end(self) -> None:
        if not self.over:
            self.over = True
            self.mend()


def begin_trouble(
    fate: Fate, home: Home, telegram: TelegramProcess, bring_in: Callable[[], object]
) -> Trouble:
    """Whatever a life's trial is, from now on. `bring_in` imports a changed schedule beside the bot."""
    until = time.monotonic() + fate.trial_seconds
    mend: Callable[[], object] = _nothing
    match fate.trial:
        case Trial.LOCK:
            return Passing(until, home.hold(fate.trial_seconds).end)
        case Trial.FULL:
            home.fill()
            mend = home.free
        case Trial.STOP:
            home.stop()
            mend = home.start
        case Trial.CUT:
            telegram.order("happen", what="cut")
            mend = lambda: telegram.order("happen", what="mend")  # noqa: E731
        case Trial.REVOKED:
            telegram.order("happen", what="revoke")
        case Trial.LEAVE:
            telegram.order("happen", what="leave")
        case Trial.MIGRATE:
            telegram.order("happen", what="migrate")
        case Trial.IMPORT:
            bring_in()
    return Passing(until, mend)


def import_beside(tour: Path, environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    """The schedule changes by a file, at the console, beside the bot that runs and may be killed meanwhile."""
    return subprocess.Popen(
        [sys.executable, "-m", "bot", "import", "tour", str(tour)],
        cwd=tour.parent,
        env=dict(environment),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def prepare_beside(given: object, environment: Mapping[str, str]) -> dict[str, Any]:
    """tests.faults.prepare in a process of its own; what it tells. Raises RuntimeError."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.prepare"],
        cwd=ROOT,
        env=dict(environment),
        input=json.dumps(given),
        capture_output=True,
        text=True,
        timeout=240,
    )
    if done.returncode:
        raise RuntimeError(f"no preparation: {done.stderr[-2000:]}")
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def _nothing() -> None:
    """Nothing to put right."""
