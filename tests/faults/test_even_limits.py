"""Telegram's limits as the harness measures them: by when messages left, however slow the machine is."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.gateways.clock import SteppedClock
from tests.faults.chaos import SENT_AT
from tests.faults.even_limits import EvenLimits
from tests.faults.judge import _limits
from tests.faults.ledger import Entry, Ledger, read_ledger

START = datetime(2026, 1, 22, tzinfo=UTC)


@pytest.mark.parametrize(("left_after", "too_fast"), [(1.05, False), (0.9, True)])
def test_a_request_that_was_long_on_its_way_is_not_haste(
    tmp_path: Path, left_after: float, too_fast: bool
) -> None:
    clock = SteppedClock(START)
    limits = EvenLimits(clock, Ledger(tmp_path / "ledger", clock.now, clock.monotonic))
    arrived = START + timedelta(seconds=0.8)
    clock.advance_to(arrived)
    SENT_AT.set(START)
    limits.record(7, arrived)
    later = START + timedelta(seconds=left_after)
    clock.advance_to(later)
    SENT_AT.set(later)
    assert (limits.broken_by(7, later) is not None) == too_fast


@pytest.mark.parametrize(("delay", "broken"), [(800, False), (0, True)])
def test_the_judge_counts_from_when_messages_left(tmp_path: Path, delay: int, broken: bool) -> None:
    clock = SteppedClock(START)
    ledger = Ledger(tmp_path / "ledger", clock.now, clock.monotonic)
    for at, was_late in ((1.0, delay), (1.3, 0)):
        clock.advance_to(START + timedelta(seconds=at))
        ledger.write(Entry.CALL, method="sendMessage", chat=7, delay=was_late)
    assert bool(list(_limits(list(read_ledger(tmp_path / "ledger"))))) == broken
