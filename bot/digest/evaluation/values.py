"""What is measured, and what is demanded of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum, auto


class Kind(Enum):
    """What a figure is, and which way is better."""

    AMOUNT = auto()  # neither
    FAULTS = auto()  # fewer
    SHARE = auto()  # more, 0 to 1
    AGREEMENT = auto()  # more, up to 1; not a sum of anything


class Figure(StrEnum):
    """In the order in which they are told; the values are their names in JSON and in demands."""

    NOTES = "notes"
    THEMES = "themes"
    PLACED = "placed"
    PURITY = "purity"
    RECALL = "recall"
    AMI = "ami"
    NMI = "nmi"
    GOOD_LOST = "good_lost"
    JUNK_KEPT = "junk_kept"
    JUNK_THEMED = "junk_themed"
    MINORITY = "minority"
    CITATIONS = "citations"
    QUOTES = "quotes"
    UNSUPPORTED_NUMBERS = "unsupported_numbers"
    PERSONAL_DATA = "personal_data"
    CANARIES = "canaries"
    LINKS = "links"
    ORDERS_OBEYED = "orders_obeyed"
    ORDERS_SHOWN = "orders_shown"
    UNBALANCED = "unbalanced"
    MERGED_UNLIKE = "merged_unlike"
    CHECKS = "checks"

    @property
    def kind(self) -> Kind:
        if self in _FAULTS or self in _HARD_FAULTS:
            return Kind.FAULTS
        if self in (Figure.AMI, Figure.NMI):
            return Kind.AGREEMENT
        return Kind.AMOUNT if self is Figure.NOTES else Kind.SHARE


_FAULTS = frozenset(
    {Figure.THEMES, Figure.GOOD_LOST, Figure.JUNK_KEPT, Figure.JUNK_THEMED, Figure.ORDERS_SHOWN}
)
"""Fewer is better; of themes too, when somebody demands anything of their number."""
_HARD_FAULTS = frozenset(
    {
        Figure.UNSUPPORTED_NUMBERS,
        Figure.PERSONAL_DATA,
        Figure.CANARIES,
        Figure.LINKS,
        Figure.ORDERS_OBEYED,
        Figure.UNBALANCED,
        Figure.MERGED_UNLIKE,
    }
)
_HARD_SHARES = frozenset({Figure.CITATIONS, Figure.QUOTES})
HARD: Mapping[Figure, float] = dict.fromkeys(sorted(_HARD_FAULTS), 0.0) | dict.fromkeys(
    sorted(_HARD_SHARES), 1.0
)
"""What no digest of any engine may break, demanded without being asked for."""


@dataclass(frozen=True, slots=True)
class Value:
    """A count, or `part` of `whole`; of an agreement the part is the figure itself."""

    part: float
    whole: int | None = None

    def number(self, kind: Kind) -> float:
        """What demands are compared with. A share of nothing is whole."""
        if kind is Kind.SHARE:
            return 1.0 if not self.whole else self.part / self.whole
        return self.part

    def meets(self, figure: Figure, limit: float) -> bool:
        found = self.number(figure.kind)
        return found <= limit if figure.kind is Kind.FAULTS else found >= limit


class DemandInvalid(ValueError):
    """A demand names no figure, or no number. Its text is what was typed."""


def read_demands(text: str) -> dict[Figure, float]:
    """Demands such as `purity=.85,themes=15`: shares and agreements at least, counts at most. Raises DemandInvalid."""
    found: dict[Figure, float] = {}
    for part in filter(None, (one.strip() for one in text.split(","))):
        name, _, limit = part.partition("=")
        try:
            found[Figure(name.strip())] = float(limit)
        except ValueError:
            raise DemandInvalid(part) from None
    return found


def missed(values: Mapping[Figure, Value], demands: Mapping[Figure, float]) -> tuple[Figure, ...]:
    """The demands that are not met. What could not be measured meets none, unless it is one of the HARD ones."""
    return tuple(
        figure
        for figure, limit in demands.items()
        if (not values[figure].meets(figure, limit) if figure in values else figure not in HARD)
    )


def together(some: Iterable[Mapping[Figure, Value]]) -> dict[Figure, Value]:
    """Several days as one: counts and shares add up, agreements do not and are left out."""
    days = list(some)
    found: dict[Figure, Value] = {}
    for figure in Figure:
        values = [day[figure] for day in days if figure in day]
        if values and figure.kind is not Kind.AGREEMENT:
            wholes = [value.whole for value in values if value.whole is not None]
            found[figure] = Value(sum(value.part for value in values), sum(wholes) if wholes else None)
    return found
