"""`python -m tests.faults`: kills the bot until enough is proved, and says what was wrong. Exit 1 if anything was."""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict, fields
from pathlib import Path

from tests.faults.bot_process import Nursery
from tests.faults.breaks import BREAKS
from tests.faults.databases import Home, PostgresHome, SqliteHome
from tests.faults.lane import Lane
from tests.faults.outcome import Aim, Outcome
from tests.faults.report import points, table
from tests.faults.telegram_process import ROOT
from tests.faults.values import Death, Ending

LANES = {
    "sqlite-polling": ("sqlite", False),
    "postgresql-webhook": ("postgresql", True),
    "sqlite-webhook": ("sqlite", True),
    "postgresql-polling": ("postgresql", False),
}
"""Database, and whether updates are brought by a webhook."""
_USUAL = "sqlite-polling,postgresql-webhook"


def main() -> int:
    """Runs the lanes, two at a time."""
    wishes = _wishes()
    if wishes.lane is not None:
        print(json.dumps(_plain(_run_lane(json.loads(wishes.lane), Path(wishes.folder)))))
        return 0
    folder = Path(wishes.folder or tempfile.mkdtemp(prefix="faults-"))
    outcomes = _run_all(wishes, folder)
    page = table(outcomes)
    print(page)
    if wishes.out:
        Path(wishes.out).write_text(page, encoding="utf-8")
    wrong = sum(len(outcome.wrong) for outcome in outcomes)
    few = len(points(outcomes)) < wishes.points
    if few:
        print(f"died at {len(points(outcomes))} named points, {wishes.points} are asked for")
    if not wrong and not wishes.keep:
        shutil.rmtree(folder, ignore_errors=True)
    print(
        f"{sum(outcome.kills for outcome in outcomes)} killed, {wrong} wrong"
        + (f": {folder}" if wrong else "")
    )
    return 1 if wrong or few else 0


def _wishes() -> argparse.Namespace:
    reader = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    reader.add_argument("--kills", type=int, default=60)
    reader.add_argument("--sends", type=int, default=3000)
    reader.add_argument("--points", type=int, default=40, help="named points at which somebody has to die")
    reader.add_argument("--seed", type=int, default=1)
    reader.add_argument("--lanes", default=_USUAL, help=f"some of {', '.join(LANES)}, or all")
    reader.add_argument("--harsh", action="store_true", help="locks and hangs of many real seconds too")
    reader.add_argument(
        "--broken", default="", choices=["", *BREAKS], help="break this promise, to see it found"
    )
    reader.add_argument("--out", help="a file for the report")
    reader.add_argument("--folder", help="where everything is written; kept when something was wrong")
    reader.add_argument("--keep", action="store_true")
    reader.add_argument("--lane", help=argparse.SUPPRESS)
    return reader.parse_args()


def _run_all(wishes: argparse.Namespace, folder: Path) -> list[Outcome]:
    """Each lane in a process of its own: lives are forked, and a lane's process must hold no thread and no loop."""
    waiting = []
    names = list(LANES) if wishes.lanes == "all" else wishes.lanes.split(",")
    for name in names:
        database, webhook = LANES[name]
        aim = Aim(
            name=name,
            seed=wishes.seed * 100 + list(LANES).index(name),
            kills=-(-wishes.kills // len(names)),
            sends=-(-wishes.sends // len(names)),
            webhook=webhook,
            gentle=not wishes.harsh,
            broken=wishes.broken,
        )
        waiting.append((database, aim))
    running: list[tuple[Aim, str, subprocess.Popen[str]]] = []
    outcomes: list[Outcome] = []
    while waiting or running:
        while waiting and len(running) < 2:
            database, aim = waiting.pop(0)
            running.append((aim, database, _start(database, aim, folder)))
        for one in list(running):
            aim, database, process = one
            if process.poll() is not None:
                running.remove(one)
                outcomes.append(_outcome(aim, database, process))
        time.sleep(0.1)
    return sorted(outcomes, key=lambda outcome: outcome.name)


def _start(database: str, aim: Aim, folder: Path) -> "subprocess.Popen[str]":
    own = folder / aim.name
    own.mkdir(parents=True)
    given = json.dumps({"database": database, "aim": asdict(aim)})
    with (own / "outcome.json").open("w") as out, (own / "lane.log").open("w") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.faults", "--lane", given, "--folder", str(own)],
            cwd=ROOT,
            stdout=out,
            stderr=log,
            text=True,
        )


def _outcome(aim: Aim, database: str, process: "subprocess.Popen[str]") -> Outcome:
    folder = Path(str(process.args[-1]) if isinstance(process.args, list) else "")
    if process.returncode:
        log = (folder / "lane.log").read_text(encoding="utf-8", errors="replace")
        return Outcome(aim.name, database, wrong=[f"the harness broke: {log[-600:]}"])
    given = json.loads((folder / "outcome.json").read_text(encoding="utf-8").splitlines()[-1])
    deaths = [
        Death(**(one | {"ending": Ending(one["ending"]), "sending": frozenset(one["sending"])}))
        for one in given.pop("deaths")
    ]
    return Outcome(
        **(
            given
            | {"deaths": deaths, "trials": Counter(given["trials"]), "figures": Counter(given["figures"])}
        )
    )


def _plain(outcome: Outcome) -> dict[str, object]:
    """As JSON takes it; `asdict` makes nonsense of a Counter."""
    deaths = [asdict(death) | {"sending": sorted(death.sending)} for death in outcome.deaths]
    return {field.name: getattr(outcome, field.name) for field in fields(outcome)} | {
        "deaths": deaths,
        "trials": dict(outcome.trials),
        "figures": dict(outcome.figures),
    }


def _run_lane(given: dict[str, object], folder: Path) -> Outcome:
    aim = Aim(**given["aim"])  # type: ignore[arg-type]
    home: Home = SqliteHome(folder) if given["database"] == "sqlite" else PostgresHome(folder)
    try:
        return Lane(aim, home, folder, Nursery()).run()
    finally:
        home.destroy()


if __name__ == "__main__":
    sys.exit(main())
