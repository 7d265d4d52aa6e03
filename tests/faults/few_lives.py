"""A few lives, for the tests of the harness itself: `python -m tests.faults.few_lives KIND FOLDER` prints what was found as JSON.

A process of its own, because lives are forked from one without threads.
"""

import json
import os
import sys
import time
from collections import Counter
from pathlib import Path

from tests.faults.bot_process import Ended, Nursery, Running
from tests.faults.databases import Home, home_of
from tests.faults.ledger import Entry, read_ledger
from tests.faults.points import KNOWN_POINTS, SELDOM_POINTS
from tests.faults.stage import Setting
from tests.faults.telegram import TOKEN
from tests.faults.telegram_process import TelegramProcess
from tests.faults.values import Deadly, Life

START = "2026-01-21T18:00:00+09:00"
_WITHIN = 60.0


class Few:
    """A Telegram, a database, and lives that are begun and ended one after the other."""

    def __init__(self, home: Home, folder: Path, telegram: TelegramProcess) -> None:
        self.home = home
        self.telegram = telegram
        self._folder = folder
        self._nursery = Nursery()
        self._lives = 0

    def begin(self, deadly: Deadly | None = None, *, fresh: bool = False, shift: float = 0.0) -> Running:
        self._lives += 1
        environment = {
            "PATH": os.environ["PATH"],
            "TELEGRAM_API_URL": self.telegram.telegram,
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "CLOCK_URL": self.telegram.clock,
            "DATA_DIR": str(self._folder / "data"),
            "DATABASE_URL": self.home.url,
            "PORT": "0",
            "HARNESS_PATIENCE": "1.5",
        }
        log, passed = self._folder / "log", self._folder / "passed"
        life = Life(self._lives, environment, log, passed, deadly, shift)
        return self._nursery.begin_fresh(life) if fresh else self._nursery.begin(life)

    def follows(self, running: Running) -> None:
        """Waits until it lives in the harness's time."""
        patience = time.monotonic() + _WITHIN
        while not self.telegram.order("state")["followers"]:
            if running.wait(0.01) is not None or time.monotonic() > patience:
                raise RuntimeError("the bot does not come")

    def goes(self, seconds: int, acts: int) -> None:
        """Time goes on, and people act, until it is over or nobody follows."""
        self.telegram.order("go", seconds=seconds, chunk=1, acts=acts, sends=1000)
        while self.telegram.order("state")["going"]:
            time.sleep(0.01)

    def dies_at(self, point: str, *, fresh: bool = False) -> list[object]:
        running = self.begin(Deadly(point), fresh=fresh)
        if not point.startswith(("migration:", "start:")):
            self.follows(running)
            self.goes(20, 5)
        return told(running.wait(_WITHIN))

    def halts(self) -> None:
        self.telegram.order("halt")


def told(ended: Ended | None) -> list[object]:
    return [] if ended is None else [ended.ending, ended.code, ended.at_point]


def live(few: Few) -> dict[str, object]:
    """In this order."""
    found: dict[str, object] = {"in migration": few.dies_at("migration:0003:ddl")}
    found["nothing yet"] = len(few.home.seen().seen_updates)
    found["anew"] = few.dies_at("start:migrated", fresh=True)
    running = few.begin()
    few.follows(running)
    few.goes(3, 2)
    found["alive"] = [len(few.home.seen().deliveries) > 0, list(few.home.sound())]
    running.terminate()
    found["asked to stop"] = told(running.wait(_WITHIN))
    few.halts()
    running = few.begin(shift=45.0)
    few.follows(running)
    few.goes(2, 2)
    running.kill()
    found["killed"] = told(running.wait(_WITHIN))
    few.halts()
    found["sending"] = few.dies_at("http:sendMessage:answered")
    few.halts()
    states = Counter(row.state for row in few.home.seen().deliveries)
    found["left sending"] = states["sending"]
    found["sound"] = list(few.home.sound())
    return found


def main(kind: str, folder: Path) -> dict[str, object]:
    home = home_of(kind, folder)
    setting = Setting(str(folder / "ledger.jsonl"), START, seed=1, staff=42, guests=20)
    try:
        with TelegramProcess(setting, folder / "telegram.log") as telegram:
            found = live(Few(home, folder, telegram))
        rows = {row.id for row in home.seen().deliveries}
    finally:
        home.destroy()
    passed = set((folder / "passed").read_text(encoding="utf-8").split())
    calls = [line for line in read_ledger(folder / "ledger.jsonl") if line.entry is Entry.CALL]
    sent = [line.text("delivery") for line in calls if line.text("method") == "sendMessage"]
    log = (folder / "log").read_text(encoding="utf-8")
    return found | {
        "passed": sorted(passed),
        "unknown points": sorted(passed - {*KNOWN_POINTS, *SELDOM_POINTS}),
        "sent": len(sent),
        "tagged": sum(delivery in rows for delivery in sent),
        "log": ["실행 중입니다" in log, TOKEN in log],
    }


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], Path(sys.argv[2]))))
