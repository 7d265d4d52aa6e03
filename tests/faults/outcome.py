"""What a lane is to reach, and what it went through."""

from collections import Counter
from dataclasses import dataclass, field

from tests.faults.judge import LABEL, Case, sends
from tests.faults.ledger import Entry
from tests.faults.memory import is_over
from tests.faults.values import Death, Ending


@dataclass(frozen=True, slots=True)
class Aim:
    """What a lane is to reach. `gentle`: no lock that takes many real seconds. `checks`: lives between two looks at the whole."""

    name: str
    seed: int
    kills: int
    sends: int
    webhook: bool
    gentle: bool = True
    checks: int = 40
    broken: str = ""
    """What is broken on purpose (tests/faults/breaks.py)."""


@dataclass(slots=True)
class Outcome:
    """What a lane went through, and what was wrong."""

    name: str
    database: str
    deaths: list[Death] = field(default_factory=list)
    trials: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    figures: Counter[str] = field(default_factory=Counter)
    real_seconds: float = 0.0

    @property
    def kills(self) -> int:
        """Lives that SIGKILL ended."""
        return sum(death.ending in (Ending.AT_POINT, Ending.AT_RANDOM) for death in self.deaths)


def figures_of(case: Case) -> Counter[str]:
    """How much of everything there was."""
    figures: Counter[str] = Counter()
    for line in case.lines:
        match line.entry:
            case Entry.CALL:
                figures["other calls accepted"] += not line.text("method").startswith("send")
                figures["came again, labelled"] += line.text("text").startswith(LABEL)
            case Entry.FAULT:
                figures[f"struck: {line.text('what')}"] += 1
            case Entry.ASKED:
                figures["updates made"] += 1
                figures["… of them brought again"] += line.text("says") == "again"
            case Entry.EVENT if line.text("what") in ("note left", "too fast"):
                figures[line.text("what")] += 1
    figures["messages accepted"] = sum(1 for _ in sends(case.lines))
    figures["deliveries"] = len(case.rows)
    figures["given up as unknown"] = sum(
        row.state == "unknown" and is_over(row) for row in case.rows.values()
    )
    figures["updates kept"] = len(case.last.seen_updates)
    figures["hours of the clock"] = int(case.lines[-1].seconds // 3600) if case.lines else 0
    return figures
