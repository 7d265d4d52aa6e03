"""What the harness's parts tell each other."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path


class Ending(StrEnum):
    """How a life of the bot came to its end."""

    AT_POINT = "killed at a point"
    AT_RANDOM = "killed at random"
    TERMINATED = "SIGTERM"
    BY_ITSELF = "by itself"


@dataclass(frozen=True, slots=True)
class Deadly:
    """Die by SIGKILL at the `passing`-th time (from 1) that this process comes through `point`."""

    point: str
    passing: int = 1


@dataclass(frozen=True, slots=True)
class Life:
    """One process of the bot: what it is given. `environment` is all that it gets of settings.

    `deadly` None: it dies by a signal from outside. `log` takes both its output streams; `passed` gets a line for each named point it comes through.
    """

    number: int
    environment: Mapping[str, str]
    log: Path
    passed: Path
    deadly: Deadly | None = None
    clock_shift: float = 0.0
    """Seconds by which the machine's wall clock is wrong in this life."""


@dataclass(frozen=True, slots=True)
class RowSeen:
    """A delivery as an outside reader finds it in the database."""

    id: str
    dedup: str
    kind: str
    state: str
    attempts: int
    resend: bool
    private: bool
    chat: int | None
    message_id: int | None
    planned_at: datetime | None
    due_at: datetime | None
    expires_at: datetime | None
    settled_at: datetime | None
    failure: str | None


@dataclass(frozen=True, slots=True)
class UpdateSeen:
    """An update in the inbox as an outside reader finds it."""

    update_id: int
    state: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Seen:
    """The database between two lives. `seen_updates`: every id that ever came (a week's memory)."""

    deliveries: tuple[RowSeen, ...]
    inbox: tuple[UpdateSeen, ...]
    seen_updates: frozenset[int]
    notes: tuple[str, ...]
    audit: Mapping[str, int] = field(default_factory=dict)
    """How often each action is in the audit."""


@dataclass(frozen=True, slots=True)
class ReminderSeen:
    """A reminder as an outside reader finds it."""

    subject: str
    region: str
    meeting: str | None
    lead_minutes: int | None
    due: datetime
    pointless: datetime
    state: str


@dataclass(frozen=True, slots=True)
class Death:
    """The end of a life: how, where, and which deliveries were on their way in the rows it left."""

    life: int
    ending: Ending
    point: str | None
    sending: frozenset[str]
    code: int | None = None
    seconds: float = 0.0
    """Real seconds from SIGTERM to the end, for those that were asked to stop."""
