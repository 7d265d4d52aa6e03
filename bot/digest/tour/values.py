"""The tour so far, or closed: one frozen value that every form (chat, JSON, page, documents) is made from.

It holds the digests that it is made of, as they are now, and points into them: every number and word of it is some
digest's, by region, day, edition and number of a note. It is made when somebody asks and kept nowhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain.digest import Digest, Finding, Theme
from bot.domain.ids import Region


class WhyMissing(StrEnum):
    """Why a region-day of the tour is not in its report."""

    TO_COME = "to_come"  # its digest is not due yet
    NOT_SENT = "not_sent"  # its time is over, and no digest went out
    IN_REVISION = "in_revision"  # notes changed: its digest is being issued anew


@dataclass(frozen=True, slots=True)
class Missing:
    """A region-day that the report is made without; printed, never left out in silence."""

    region: Region
    day: date
    why: WhyMissing


@dataclass(frozen=True, slots=True)
class Place:
    """Where a theme stands: the `theme`-th of the `day`-th digest."""

    day: int
    theme: int


@dataclass(frozen=True, slots=True)
class TourTheme:
    """Themes of several digests that are one: by their topic's key, without one by their name (bot.digest.tour.collect).

    `is_new`: first seen on the last day of a tour that has others.
    """

    name: str
    topic: str
    places: tuple[Place, ...]
    regions: tuple[Region, ...]
    is_new: bool

    @property
    def recurs(self) -> bool:
        """Whether it came up in two regions or more."""
        return len(self.regions) > 1


@dataclass(frozen=True, slots=True)
class Told:
    """A finding of the `day`-th digest; `theme` is the name of the tour's theme that it stands in or is about."""

    day: int
    finding: Finding
    theme: str | None


@dataclass(frozen=True, slots=True)
class Account:
    """A ledger in numbers: of a day, or of several together."""

    received: int = 0
    cited: int = 0
    covered: int = 0
    unplaced: int = 0
    merged: int = 0
    set_aside: int = 0
    withdrawn: int = 0

    @property
    def balances(self) -> bool:
        classes = self.cited + self.covered + self.unplaced + self.merged + self.set_aside + self.withdrawn
        return self.received == classes

    def __add__(self, other: "Account") -> "Account":
        return Account(
            self.received + other.received,
            self.cited + other.cited,
            self.covered + other.covered,
            self.unplaced + other.unplaced,
            self.merged + other.merged,
            self.set_aside + other.set_aside,
            self.withdrawn + other.withdrawn,
        )


@dataclass(frozen=True, slots=True)
class TourReport:
    """`days` are in the order of the tour, `themes` strongest first. `closing`: nothing is to come any more.

    `only` are the regions that its reader may see of a tour that has others; None: it is all of the tour.
    """

    name: str
    closing: bool
    days: tuple[Digest, ...]
    missing: tuple[Missing, ...]
    themes: tuple[TourTheme, ...]
    requests: tuple[Told, ...]
    promises: tuple[Told, ...]
    hearsay: tuple[Told, ...]
    minority: tuple[Told, ...]
    only: tuple[Region, ...] | None = None

    @property
    def regions(self) -> tuple[Region, ...]:
        """Those with a digest, in the order in which they were visited."""
        return tuple(dict.fromkeys(one.region for one in self.days))

    def theme_at(self, place: Place) -> Theme:
        return self.days[place.day].themes[place.theme]

    def of_region(self, theme: TourTheme, region: Region | None) -> Iterator[Place]:
        """Where the theme stands in this region's digests; None: in all."""
        return (one for one in theme.places if region is None or self.days[one.day].region == region)


def account_of(digest: Digest) -> Account:
    ledger = digest.ledger
    return Account(
        received=ledger.received,
        cited=len(ledger.cited),
        covered=len(ledger.covered),
        unplaced=len(ledger.unplaced),
        merged=sum(len(one.notes) for one in ledger.merged),
        set_aside=sum(len(one.notes) for one in ledger.set_aside),
        withdrawn=ledger.withdrawn,
    )
