"""What a life's database is to the harness, and how its rows are read without the product."""

import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Protocol, Self

from tests.faults.forking import Child
from tests.faults.plan import Trial
from tests.faults.values import ReminderSeen, RowSeen, Seen, UpdateSeen

Query = Callable[[str], Sequence[Sequence[Any]]]

_DELIVERIES = (
    "SELECT id, dedup, kind, state, attempts, resend, private, chat_id, message_id,"
    " planned_at, due_at, expires_at, settled_at, failure FROM deliveries ORDER BY seq"
)
_MOMENTS_FROM, _MOMENTS_TO = 9, 13
_INBOX = "SELECT update_id, state, attempts FROM inbox ORDER BY seq"
_SEEN_UPDATES = "SELECT update_id FROM seen_updates"
_NOTES = "SELECT words FROM notes ORDER BY id"
_AUDIT = "SELECT action, count(*) FROM audit GROUP BY action"
_REMINDERS = (
    "SELECT subject, region, meeting_id, lead_minutes, due, pointless, state FROM reminders ORDER BY subject"
)
_PEOPLE = "SELECT chat_id, id FROM people"


class Hold:
    """A lock that another process holds on a database, until `end` or the end of its time."""

    def __init__(self, child: Child) -> None:
        self._child = child
        while not child.said and not child.wait(0.01):
            pass
        self.got = child.said == b"held"
        """Whether the lock was had at all."""

    def end(self) -> None:
        """Lets go of it at once; the transaction is taken back. Can be repeated."""
        self._child.kill(signal.SIGKILL)
        self._child.wait(10.0)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.end()


class Home(Protocol):
    """A database for lives of the bot. New it is empty: the first life migrates it. Everything blocks, nothing leaves a thread."""

    kind: str
    """sqlite or postgresql."""
    cannot: frozenset[Trial]
    """Trials that do not exist here."""
    fullness: str | None
    """How the disk is made full: "tmpfs", "max_page_count"; None when it is not."""

    @property
    def url(self) -> str:
        """The life's DATABASE_URL."""
        ...

    def seen(self) -> Seen:
        """Rows as of now; nothing is changed by looking, whether the bot lives or not. Empty before the first migration."""
        ...

    def reminders(self) -> Sequence[ReminderSeen]: ...

    def people(self) -> Mapping[int, str]:
        """Ids of people by their chat."""
        ...

    def sound(self) -> Sequence[str]:
        """What is broken: files, indexes, references. Empty when nothing is."""
        ...

    def hold(self, seconds: float, *, exclusive: bool = False) -> Hold:
        """Another process locks the bot out for so many real seconds, or less (`Hold.end`)."""
        ...

    def fill(self) -> None:
        """No page more fits on its disk."""
        ...

    def free(self) -> None:
        """There is room again."""
        ...

    def stop(self, mode: str = "immediate") -> None:
        """Stops the server: "immediate" is a crash. Nothing for a file."""
        ...

    def start(self) -> None:
        """Starts it again, if it does not run."""
        ...

    def destroy(self) -> None:
        """Ends it, for good."""
        ...


@dataclass(frozen=True, slots=True)
class Rows:
    """One consistent look at a database. `ask` gives the rows of a query; moments may be text, as SQLite has them."""

    ask: Query

    def seen(self) -> Seen:
        return Seen(
            deliveries=tuple(_delivery(row) for row in self.ask(_DELIVERIES)),
            inbox=tuple(UpdateSeen(*row) for row in self.ask(_INBOX)),
            seen_updates=frozenset(ident for (ident,) in self.ask(_SEEN_UPDATES)),
            notes=tuple(words for (words,) in self.ask(_NOTES)),
            audit={str(action): int(count) for action, count in self.ask(_AUDIT)},
        )

    def reminders(self) -> tuple[ReminderSeen, ...]:
        return tuple(
            ReminderSeen(subject, region, meeting, lead, _sure(due), _sure(pointless), state)
            for subject, region, meeting, lead, due, pointless, state in self.ask(_REMINDERS)
        )

    def people(self) -> dict[int, str]:
        return {int(chat): str(ident) for chat, ident in self.ask(_PEOPLE)}


NOTHING = Seen((), (), frozenset(), ())


def _delivery(row: Sequence[Any]) -> RowSeen:
    ident, dedup, kind, state, attempts, resend, private, chat, message = row[:_MOMENTS_FROM]
    planned, due, expires, settled = (_moment(value) for value in row[_MOMENTS_FROM:_MOMENTS_TO])
    return RowSeen(
        ident,
        dedup,
        kind,
        state,
        attempts,
        bool(resend),
        bool(private),
        chat,
        message,
        planned,
        due,
        expires,
        settled,
        row[_MOMENTS_TO],
    )


def _moment(value: object) -> datetime | None:
    if value is None:
        return None
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _sure(value: object) -> datetime:
    moment = _moment(value)
    if moment is None:
        raise ValueError("no moment")
    return moment
