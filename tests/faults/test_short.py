"""The short form of the harness, a lane each: together at least 60 kills over at least 3,000 messages (the long form: docs/reliability.md)."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.databases import PostgresHome
from tests.faults.telegram_process import ROOT

KILLS, SENDS = 45, 1500
_WITHIN = 900
"""Real seconds: two or three minutes on two idle cores."""


@pytest.mark.timeout(_WITHIN)
@pytest.mark.parametrize("lane", ["sqlite-polling", "postgresql-webhook"])
def test_nothing_is_lost_and_nothing_comes_twice_unlabelled(lane: str, tmp_path: Path) -> None:
    if lane.startswith("postgresql") and (why := PostgresHome.available()) is not None:
        pytest.skip(why)
    aims = ["--kills", str(KILLS), "--sends", str(SENDS), "--lanes", lane, "--points", "30", "--seed", "7"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults", *aims, "--folder", str(tmp_path / "faults")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=_WITHIN - 30,
    )
    assert done.returncode == 0, done.stdout + done.stderr
