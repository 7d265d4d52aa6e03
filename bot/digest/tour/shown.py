"""What people may see of a tour's counts: sums of what its digests show, and of nothing else.

A true sum over regions would tell, less the regions that are shown, what a digest hides (a count of fewer than five
voices, or one that would tell such a count). So nothing hidden is ever added up: a sum that something is missing from is
said to be a lower bound. Whoever holds the digests of all region-days computes nothing more from the tour's report than
from them (docs/decisions/0032-tour-sums.md; tests/digest/tour/test_shown.py).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.digest.shield import Hidden, shown, shown_average, table
from bot.digest.shown_counts import ShownCounts
from bot.digest.tour.values import Account, Place, TourReport, TourTheme, account_of
from bot.domain.digest import SHIELD_BELOW, Digest
from bot.domain.feedback import Speaker
from bot.domain.ids import Region


@dataclass(frozen=True, slots=True)
class Sum:
    """`known`: what is shown of it together. `few` and `left_out`: how many of its parts are not, by why (shield.Hidden)."""

    known: int = 0
    few: int = 0
    left_out: int = 0
    parts: int = 0

    @property
    def is_whole(self) -> bool:
        return not self.few and not self.left_out


def _sum(parts: Iterable[int | Hidden]) -> Sum:
    found = list(parts)
    return Sum(
        known=sum(one for one in found if not isinstance(one, Hidden)),
        few=sum(one is Hidden.FEW for one in found),
        left_out=sum(one is Hidden.LEFT_OUT for one in found),
        parts=len(found),
    )


class ShownTour:
    """The counts of a tour's report by theme, region and who speaks, as its digests show them."""

    def __init__(self, report: TourReport) -> None:
        self._report = report
        self._days = tuple(ShownCounts(one) for one in report.days)

    def voices(self, theme: TourTheme, region: Region | None = None) -> Sum:
        """Of a theme in a region's days (None: in all)."""
        return _sum(self._voices(one) for one in self._report.of_region(theme, region))

    def notes(self, theme: TourTheme) -> Sum:
        return _sum(
            voices
            if isinstance(voices := self._voices(one), Hidden)
            else len(self._report.theme_at(one).notes)
            for one in theme.places
        )

    def speaker(self, theme: TourTheme, speaker: Speaker) -> Sum:
        tables = (self._days[one.day].cells(one.theme) for one in theme.places)
        return _sum(part for cells in tables for part in _cell(cells, speaker))

    def speakers(self) -> tuple[Speaker, ...]:
        """Those that some digest shows in some theme: whether others spoke is not told."""
        cells = (self._days[one.day].cells(one.theme) or {} for t in self._report.themes for one in t.places)
        seen = {speaker for each in cells for speaker in each}
        return tuple(one for one in Speaker if one in seen)

    def spoke(self, speaker: Speaker) -> Sum:
        """In all days together."""
        tables = (table(day.numbers.by_speaker) for day in self._report.days)
        return _sum(part for cells in tables for part in _cell(cells, speaker))

    def _voices(self, place: Place) -> int | Hidden:
        return self._days[place.day].theme_voices[place.theme]


def _cell(cells: Mapping[Speaker, int | None] | None, speaker: Speaker) -> list[int | Hidden]:
    """What a table says of a speaker: nothing where it does not name them. None: the table is hidden whole."""
    if cells is None:
        return [Hidden.LEFT_OUT]
    if speaker not in cells:
        return []
    count = cells[speaker]
    return [Hidden.FEW if count is None else count]


def day_voices(digest: Digest) -> int | Hidden:
    return Hidden.FEW if (count := shown(digest.numbers.voices)) is None else count


def day_notes(digest: Digest) -> int | Hidden:
    return Hidden.FEW if shown(digest.numbers.voices) is None else digest.numbers.notes


def sum_of(parts: Iterable[int | Hidden]) -> Sum:
    """Of what is shown day by day."""
    return _sum(parts)


def shown_account(digest: Digest) -> Account | None:
    """A day's ledger, where its voices are enough for it to be shown (bot.digest.shield)."""
    return account_of(digest) if digest.numbers.voices >= SHIELD_BELOW else None


def accounts(report: TourReport) -> tuple[Account, int]:
    """The ledgers that are shown, together, and of how many days they are."""
    told = [one for one in map(shown_account, report.days) if one is not None]
    return sum(told, Account()), len(told)


def average(report: TourReport) -> float | None:
    """The days' average ratings that are shown, weighted by the voices that rated."""
    told = [
        (value, day.numbers.rated_voices)
        for day in report.days
        if (value := shown_average(day.numbers.rating_average, day.numbers.rated_voices)) is not None
    ]
    rated = sum(voices for _, voices in told)
    return sum(value * voices for value, voices in told) / rated if rated else None
