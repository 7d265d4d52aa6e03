"""A pair of updates that changed places is never torn apart by a batch: the offset would confirm one that nobody saw."""

from datetime import UTC, datetime
from pathlib import Path

from tests.faults.booked_queue import BookedQueue
from tests.faults.ledger import Ledger, read_ledger

NOW = datetime(2026, 1, 22, 0, 0, tzinfo=UTC)


async def test_a_swapped_pair_comes_in_one_batch(tmp_path: Path) -> None:
    book = tmp_path / "ledger.jsonl"
    queue = BookedQueue(lambda: NOW, Ledger(book, lambda: NOW, lambda: 0.0))
    for number in range(4):
        queue.put("message", {"text": f"말 {number}", "chat": {"id": 7}})
        if number == 2:
            queue.swap_last()
    first, offset = [], 0
    while batch := await queue.poll(offset=offset, limit=2, seconds=0):
        first += [int(str(one["update_id"])) for one in batch]
        offset = max(first) + 1
    assert len(first) == len(set(first)) == 4
    taken = [line.fields["updates"] for line in read_ledger(book) if line.entry == "taken"]
    assert sorted(one for batch in taken if isinstance(batch, list) for one in batch) == sorted(first)
