"""Lives begin, pass points, and end as they should: forked and anew, on both databases, on a real Telegram process."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.faults.bot_process import ROOT
from tests.faults.databases import available_kinds
from tests.faults.point_names import REVISIONS, STOP_POINTS

KINDS = available_kinds()
EVERY_LIFE = {
    "start:locked",
    "start:running",
    *STOP_POINTS,
    *(f"migration:{revision}:{when}" for revision in REVISIONS for when in ("before", "ddl", "after")),
    "commit:inbox.receive:after",
    "commit:inbox.settle:before",
    "commit:sending.claim:after",
    "commit:sending.record:before",
    "commit:purge.sweep:after",
    "commit:purge.retention:before",
    "http:getUpdates:answered",
    "http:sendMessage:before",
    "tick:reminders:after",
    "purge:anonymous:statement",
}
OF_SQLITE = {"purge:vacuum:before", "purge:checkpoint:after"}


def run(module: str, kind: str, folder: Path) -> dict[str, Any]:
    """In a process without threads; its error output is shown when it fails."""
    done = subprocess.run(
        [sys.executable, "-m", module, kind, str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=110,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_lives_pass_points_and_end(kind: str, tmp_path: Path) -> None:
    found = run("tests.faults.few_lives", kind, tmp_path)
    assert found["in migration"] == ["killed at a point", -9, "migration:0003:ddl"]
    assert found["nothing yet"] == 0
    assert found["anew"] == ["killed at a point", -9, "start:migrated"]
    assert found["alive"] == [True, []]
    assert found["asked to stop"] == ["SIGTERM", 0, None]
    assert found["killed"] == ["killed at random", -9, None]
    assert found["sending"] == ["killed at a point", -9, "http:sendMessage:answered"]
    assert found["left sending"] > 0
    assert found["sound"] == []
    assert found["unknown points"] == []
    passed = set(found["passed"])
    assert passed >= EVERY_LIFE
    assert (passed >= OF_SQLITE) == (kind == "sqlite")
    assert found["tagged"] == found["sent"] > 0
    assert found["log"] == [True, False]
