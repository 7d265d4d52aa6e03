"""What was seen of each delivery and update over all lives: the database forgets in time, the judge must not."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from tests.faults.values import RowSeen, Seen

GONE = "gone"
"""The state of a delivery whose row went before anything of it was seen leaving."""


class Memory:
    """`rows`: each delivery as it was last seen whole, with its newest state; `updates`: every id that was ever kept."""

    def __init__(self) -> None:
        self.rows: dict[str, RowSeen] = {}
        self.updates: set[int] = set()
        self._open: set[str] = set()

    def look(self, seen: Seen) -> None:
        """To be called after each life."""
        self.updates |= seen.seen_updates
        there = {row.id: row for row in seen.deliveries}
        for row in seen.deliveries:
            known = self.rows.get(row.id)
            if row.chat is None and known is not None:  # destroyed: its state is all that is left
                row = replace(known, state=row.state, due_at=row.due_at)
            self.rows[row.id] = row
        for ident in self._open - there.keys():
            untried = (
                self.rows[ident].attempts == 0
            )  # taken back for a schedule that changed: its key is free again
            self.rows[ident] = replace(self.rows[ident], state=GONE if untried else "expired", due_at=None)
        self._open = {ident for ident, row in self.rows.items() if ident in there and not is_over(row)}

    def overdue(self, before: datetime) -> Iterator[str]:
        """Deliveries that were due before a moment, ten quiet minutes ago, and have not come to an end."""
        for ident in self._open:
            row = self.rows[ident]
            if row.due_at is None or row.due_at <= before:
                yield f"{ident}: {row.kind} still {row.state} ten minutes after {row.due_at}"


def is_over(row: RowSeen) -> bool:
    """Whether nothing more will be done about it."""
    return row.state in ("sent", "failed", "expired", GONE) or (row.state == "unknown" and row.due_at is None)
