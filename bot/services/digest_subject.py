"""What a digest is about, and why one cannot be had right now."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.digest.ports import Trouble
from bot.domain.digest import DayInput
from bot.domain.errors import Refusal
from bot.domain.ids import Region, TourId
from bot.services.fingerprints import still_holds
from storage.repositories.digests import StoredDigest

PASSING = frozenset(Trouble) - {Trouble.NOT_ALLOWED, Trouble.NO_THEME, Trouble.TOO_MANY_DROPPED}
"""Why a language model did not write, where the next time may be different."""


EDITION = "interim"
"""In a stored draft's body: what it may show readers before the day's digest is sent (interim.py)."""


EDITING = "editing"
"""In a published digest's body: what was decided about its sentences. Hashes, which go with it (bot.domain.approval)."""


class NoSuchDay(Refusal):
    """There is no meeting of that region on that day."""

    def __init__(self) -> None:
        super().__init__("digest.no_such_day")


class Overtaken(Refusal):
    """Notes kept coming while the digest of a large day was computed: to be tried again later."""

    def __init__(self) -> None:
        super().__init__("digest.overtaken")


def is_withheld(stored: StoredDigest) -> bool:
    """Of a service that wants approvals: whether this is the draft of a day's first digest, and no interim edition."""
    return stored.published_at is None and stored.revision == 1 and EDITION not in stored.body


@dataclass(frozen=True, slots=True)
class RegionDay:
    """A region's day of a tour: what a digest is about."""

    tour: TourId
    region: Region
    day: date


class AwaitsApproval(Refusal):
    """The day's digest was made, or is about to be, and is not shown before it is approved or its time is over."""

    def __init__(self, subject: RegionDay) -> None:
        super().__init__("approval.awaits", {"region": subject.region, "day": subject.day})
        self.subject = subject


def section_data(digest_id: str, section: str) -> str:
    """The callback data of the button to a digest's section."""
    return f"dg:{digest_id}:{section}"


def tour_data(tour: TourId, section: str) -> str:
    """The callback data of the button to a section of the tour's report."""
    return f"tr:{tour}:{section}"


@dataclass(frozen=True, slots=True)
class Prepared:
    """The input of a digest, and whether the newest stored one was made from the same notes.

    `gone` are the numbers of withdrawn notes, `starts` when the day's meetings begin. `edition` is kept with what is
    made for readers of an interim digest; `holds`: they go on seeing what is stored, whatever came (interim.py).
    """

    subject: RegionDay
    input: DayInput
    fingerprint: str
    stored: StoredDigest | None
    gone: frozenset[str] = frozenset()
    starts: tuple[datetime, ...] = ()
    edition: dict[str, Any] | None = None
    holds: bool = False

    @property
    def unchanged(self) -> bool:
        return self.stored is not None and (self.holds or still_holds(self.stored, self.fingerprint))

    @property
    def fell_back(self) -> bool:
        """Whether what is stored is a draft that a language model should have written and, for a time, could not."""
        if self.stored is None or self.stored.published_at is not None or not self.stored.readable:
            return False
        return self.stored.body["engine"]["fallback_reason"] in PASSING


class NotAtOnce(Exception):
    """The digest has to be made anew, and that takes too long within a transaction: too many notes, or a language model."""

    def __init__(self, subject: RegionDay) -> None:
        super().__init__("not at once")
        self.subject = subject
