"""What of a tour's report somebody asked for: a section or a file, of all regions or of some.

It travels in a delivery's values and is read again when the message leaves; the rights it needs are asked again then.
"""

from dataclasses import dataclass
from typing import Self

from bot.domain.delivery import Need
from bot.domain.ids import Region, TourId
from bot.domain.person import Action

_MARK = "tour"
_BETWEEN = "\n"


@dataclass(frozen=True, slots=True)
class Scope:
    """`regions` None: whoever asked may read those of the whole tour, also what is added to it."""

    tour: TourId
    regions: tuple[Region, ...] | None

    def to_value(self, what: str) -> str:
        """`what` (a section, a form) with the regions, as one text."""
        return _BETWEEN.join((_MARK, what, *(self.regions or ())))

    @classmethod
    def read(cls, tour: str, value: str) -> tuple[Self, str] | None:
        """The inverse of `to_value`; None for what is no part of a tour's report."""
        mark, _, rest = value.partition(_BETWEEN)
        if mark != _MARK:
            return None
        what, *regions = rest.split(_BETWEEN)
        return cls(TourId(tour), tuple(map(Region, regions)) or None), what

    def needs(self, regions: tuple[Region, ...]) -> tuple[Need, ...]:
        """The rights that all of must still be there when it leaves; `regions` are those of its days."""
        return tuple(Need(Action.READ_TOUR, region) for region in self.regions or regions)
