"""Lives of the bot beside one Telegram: begun with the right environment, waited for, asked to end."""

import os
import socket
import time
from pathlib import Path

from tests.faults.bot_process import Ended, Nursery, Running
from tests.faults.breaks import BREAK
from tests.faults.home import Home
from tests.faults.outcome import Aim
from tests.faults.telegram import TOKEN
from tests.faults.telegram_process import ROOT, TelegramProcess
from tests.faults.values import Deadly, Life

LOOKS = 0.01
"""Real seconds between two looks at whether something happened."""
PATIENCE = 8.0
"""Real seconds for which the bot waits for Telegram's answer (20 in life): on a busy machine a shorter time would run out by itself."""
_FOLLOWS_WITHIN = 120.0
_ENDS_WITHIN = 60.0


class Lives:
    """One after the other; never two at once."""

    def __init__(
        self, aim: Aim, home: Home, folder: Path, nursery: Nursery, telegram: TelegramProcess
    ) -> None:
        self._aim = aim
        self._home = home
        self._folder = folder
        self._nursery = nursery
        self._telegram = telegram
        self._port = _free_port() if aim.webhook else 0
        self.count = 0
        self.gathered = False
        """Whether tour, people and roles are there: before, nothing is broken on purpose."""

    def environment(self) -> dict[str, str]:
        """All that a life, or a command beside it, gets of settings."""
        environment = {
            "PATH": os.environ["PATH"],
            "ANALYSIS": "off",  # lives are short: each would load half a gigabyte to read a few notes
            "PYTHONPATH": str(ROOT),
            "LANG": "C.UTF-8",
            "TELEGRAM_API_URL": self._telegram.telegram,
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "CLOCK_URL": self._telegram.clock,
            "DATA_DIR": str(self._folder / "data"),
            "DATABASE_URL": self._home.url,
            "PORT": str(self._port),
            "LOG_FORMAT": "json" if self.count % 2 else "console",
            "HARNESS_PATIENCE": str(PATIENCE),
        }
        if self._aim.broken and self.gathered:
            environment[BREAK] = self._aim.broken
        if self._aim.webhook:
            environment["PUBLIC_URL"] = f"http://127.0.0.1:{self._port}"
        return environment

    def begin(
        self, deadly: Deadly | None, *, shift: float = 0.0, fresh: bool = False
    ) -> tuple[Life, Running]:
        """The next life. `shift`: seconds by which its machine's clock is wrong; `fresh`: a true new process."""
        self.count += 1
        log = self._folder / f"life-{self.count:05d}.log"
        life = Life(self.count, self.environment(), log, self._folder / "passed", deadly, shift)
        return life, self._nursery.begin_fresh(life) if fresh else self._nursery.begin(life)

    def until_following(self, running: Running) -> Ended | None:
        """None once the bot lives in Telegram's time; its end, when that came before."""
        patience = time.monotonic() + _FOLLOWS_WITHIN
        while time.monotonic() < patience:
            if (ended := running.wait(LOOKS)) is not None:
                return ended
            if self._telegram.order("state")["followers"]:
                return None
        raise RuntimeError("the bot does not come")

    def until_still(self, running: Running) -> None:
        """Until what Telegram was ordered to do is done."""
        while self._telegram.order("state")["going"]:
            if running.wait(LOOKS) is not None:
                return

    def terminate(self, running: Running) -> tuple[Ended | None, float | None]:
        """SIGTERM; how it ended, and after how many real seconds: None when it had ended before."""
        if (ended := running.wait(0.0)) is not None:
            return ended, None
        began = time.monotonic()
        running.terminate()
        ended = running.wait(_ENDS_WITHIN)
        if ended is None:
            running.kill()
            ended = running.wait(_ENDS_WITHIN)
        return ended, time.monotonic() - began


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
