"""The access log (접속기록): lines of a chain, each sealed over the one before, and what a look along them finds.

개인정보의 안전성 확보조치 기준 제8조 asks for who, whose, when and why, kept unchanged. A chain shows that a line was
changed, taken out, put in or moved, to whoever trusts its last seal. Whoever can write the database can also seal
everything anew, and is only found out by a seal that was noted elsewhere (docs/security.md).
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from bot.domain.ids import PersonId, Region

Details = Mapping[str, str | int | bool | None]
EVERYBODY = "all"
"""Whose: not of one region, day or person."""
SEVERAL = "several"
"""Whose: of more than one region's day."""
MOST_WHOSE = 120
"""Characters that a line keeps of it."""
AUDIT_LIFE = timedelta(days=730)
"""Two years: a system that handles sensitive data keeps its access records so long (안전성 확보조치 기준 8조)."""
LOG_DESTROYED = "log_destroyed"
"""The act by which retention says, in the chain itself, up to where it destroyed lines: `until`, and when the newest was."""
SHORTEST_NOTED = 16
"""Characters of a seal that must be noted to be recognised: 64 bits."""


class Why(StrEnum):
    """What a line was for: a code, never free text. An older line has none."""

    DUTY = "duty"  # reading for one's own region's work
    PUBLISHING = "publishing"  # sending digests to whom they are meant for
    ACCOUNTS = "accounts"  # giving and ending rights
    IMPORT = "import"
    EXPORT = "export"
    OPERATION = "operation"  # running the service, at the console
    BACKUP = "backup"  # keeping, restoring, moving all data
    RETENTION = "retention"
    RIGHTS = "rights"  # what people asked for about their own data


@dataclass(frozen=True, slots=True)
class Head:
    """A place in the chain: the number of a line and its seal. Written `12:3f2a…`, or `12:3f2a…:2026-01-22` with its day (UTC)."""

    seq: int
    seal: str
    day: date | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return f"{self.seq}:{self.seal}" + (f":{self.day}" if self.day else "")

    @classmethod
    def parse(cls, text: str) -> "Head":
        """What somebody noted; a seal may be cut off after SHORTEST_NOTED characters. Raises ValueError."""
        number, _, rest = text.strip().partition(":")
        seal, dated, day = rest.partition(":")
        seal = seal.strip().lower()
        if not (number.isascii() and number.isdigit() and len(number) <= 18):
            raise ValueError("no number")
        if not SHORTEST_NOTED <= len(seal) <= 64 or set(seal) - set("0123456789abcdef"):
            raise ValueError("no seal")
        return cls(int(number), seal, date.fromisoformat(day.strip()) if dated else None)

    def is_over(self, now: datetime) -> bool:
        """Whether retention may have destroyed this line by now: only its noted day can tell."""
        return self.day is not None and self.day <= (now - AUDIT_LIFE).astimezone(UTC).date()


BEGINNING = Head(0, "0" * 64)
"""Before the first line."""


@dataclass(frozen=True, slots=True)
class Chain:
    """What is known of it besides its lines: where those end that were destroyed in their time, and its last line."""

    cut: Head = BEGINNING
    last: Head = BEGINNING


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it is kept. `actor` None is the console or the clock; `whose` a region's day, an id, or EVERYBODY."""

    seq: int
    at: datetime
    actor: PersonId | None
    action: str
    subject: str
    whose: str
    why: str
    details: Details
    previous: str = ""
    seal: str = ""

    def sealed_over(self, previous: str) -> str:
        """The seal of this line behind one with the seal `previous` (SHA-256, hexadecimal)."""
        fields = [
            self.seq,
            self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            self.actor,
            self.action,
            self.subject,
            self.whose,
            self.why,
            dict(self.details),
        ]
        plain = json.dumps(fields, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(f"{previous}\n{plain}".encode("ascii")).hexdigest()


class Unreadable(Exception):
    """A value of line `seq` is none that the service ever writes."""

    def __init__(self, seq: int) -> None:
        super().__init__(seq)
        self.seq = seq


class Fault(StrEnum):
    """What is wrong with a chain at a line."""

    CHANGED = "changed"
    """The line, or its order, is not what was sealed."""
    MISSING = "missing"
    """Lines are gone before this number."""
    CUT_OFF = "cut_off"
    """Lines are gone at the end: from this number on."""
    ADDED = "added"
    """A line stands behind the last one that was written, or among those that were destroyed."""
    NOT_AS_NOTED = "not_as_noted"
    """This line has another seal than somebody noted: everything up to it may have been written anew."""
    NOTED_GONE = "noted_gone"
    """The line that somebody noted is said to be destroyed in its time, and its noted day does not bear that out."""
    CUT_UNTOLD = "cut_untold"
    """Lines up to this one are gone, and no line of the chain says that they were two years old when they went."""
    GONE = "gone"
    """A chain had been begun and is not there, or was begun a second time."""


@dataclass(frozen=True, slots=True)
class Broken:
    """The first line that is not in order."""

    seq: int
    fault: Fault


@dataclass(frozen=True, slots=True)
class Verdict:
    """`lines` that were looked at, of a chain; `broken` None: in order. `destroyed` lines were over in their time."""

    chain: Chain
    lines: int
    broken: Broken | None

    @property
    def destroyed(self) -> int:
        return self.chain.cut.seq


class Follow:
    """Goes along a chain line by line, remembering only the last seal. `noted`: what somebody wrote down once.

    `told`: a line says that the lines that are destroyed were over in their time.
    """

    def __init__(self, chain: Chain, noted: Head | None = None) -> None:
        self._chain = chain
        self._noted = noted
        self.at = chain.cut
        self.told = chain.cut.seq == 0
        self.broken = _noted_wrong(chain.cut, noted)

    def step(self, line: Line) -> Broken | None:
        """The next line, by number. What is wrong with it, once something is."""
        self.broken = (
            self.broken or self._fault_of(line) or _noted_wrong(Head(line.seq, line.seal), self._noted)
        )
        if self.broken is None:
            self.at = Head(line.seq, line.seal)
            self.told = self.told or _tells(line, self._chain.cut.seq)
        return self.broken

    def unreadable(self, seq: int) -> None:
        """A line that was never written like this."""
        self.broken = self.broken or Broken(seq, Fault.CHANGED)

    def end(self) -> Broken | None:
        """After the last line. What is noted of a line that was destroyed in its time cannot be compared any more."""
        if self.broken is None and self.at != self._chain.last:
            fault = Fault.CUT_OFF if self.at.seq < self._chain.last.seq else Fault.CHANGED
            self.broken = Broken(min(self.at.seq + 1, self._chain.last.seq), fault)
        if self.broken is None and self._noted is not None and self._noted.seq > self.at.seq:
            self.broken = Broken(self.at.seq + 1, Fault.CUT_OFF)
        return self.broken

    def _fault_of(self, line: Line) -> Broken | None:
        if line.seq > self._chain.last.seq:
            if self.at.seq < self._chain.last.seq:
                return Broken(self.at.seq + 1, Fault.MISSING)
            whole = self.at == self._chain.last
            return Broken(line.seq, Fault.ADDED) if whole else Broken(self.at.seq, Fault.CHANGED)
        if line.seq > self.at.seq + 1:
            return Broken(self.at.seq + 1, Fault.MISSING)
        if line.seq <= self.at.seq or line.previous != self.at.seal or not _is_sealed(line, self.at.seal):
            return Broken(line.seq, Fault.CHANGED)
        return None


def _is_sealed(line: Line, previous: str) -> bool:
    """False for what cannot be sealed at all (values nested without end)."""
    try:
        return line.seal == line.sealed_over(previous)
    except (TypeError, ValueError, OverflowError, RecursionError):
        return False


def _tells(line: Line, cut: int) -> bool:
    """Whether the line says that retention destroyed what was before `cut`, and that all of it was over then."""
    newest = line.details.get("newest")
    if line.action != LOG_DESTROYED or line.details.get("until") != cut or not isinstance(newest, str):
        return False
    try:
        return datetime.fromisoformat(newest) + AUDIT_LIFE <= line.at
    except (TypeError, ValueError, OverflowError):
        return False


def _noted_wrong(here: Head, noted: Head | None) -> Broken | None:
    if noted is None or noted.seq != here.seq or here.seal.startswith(noted.seal):
        return None
    return Broken(here.seq, Fault.NOT_AS_NOTED)


def region_day(region: Region | None, day: date | None) -> str:
    """Whose: what people of a region said on a day; without either, of all of them."""
    parts = [*([region] if region else []), *([day.isoformat()] if day else [])]
    return " ".join(parts) or EVERYBODY
