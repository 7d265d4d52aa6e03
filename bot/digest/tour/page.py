"""A page of the tour's report: lines of its own, and the lines of its digests, whose notes it names by region and edition."""

from collections.abc import Iterable
from datetime import datetime

from bot.digest.chat_page import INDENT, Page
from bot.digest.chat_parts import Block
from bot.digest.edition import edition
from bot.digest.tour.shown import ShownTour, Sum
from bot.digest.tour.values import TourReport, TourTheme
from bot.domain.digest import Digest
from bot.domain.values import Value
from prompts.messages import Messages


class DayLines(Page):
    """Lines of one of the tour's digests, put among the tour's. `dated`: its region has several days."""

    def __init__(
        self, digest: Digest, messages: Messages, now: datetime, language: str, *, dated: bool
    ) -> None:
        super().__init__(digest, messages, now, language)
        self._dated = dated

    @property
    def edition(self) -> str:
        return edition(self.digest, self.words)

    def cited(self, note: str) -> str:
        """전북 제2판 3번; with the day where the region has several."""
        number = self.short(note)
        values: dict[str, Value] = {
            "region": self.digest.region,
            "edition": self.edition,
            "number": number,
        }
        plain = number == note  # an imported note's own number is no number of the day
        if not self._dated:
            return self.words("tour.cited_as" if plain else "tour.cited", values)
        return self.words("tour.cited_on_as" if plain else "tour.cited_on", values | {"day": self.digest.day})

    def short(self, note: str) -> str:
        """The number of a note where its region's day is told already: 3 of 전북-3; an imported note's as it is."""
        number = note.removeprefix(f"{self.digest.region}-")
        return number if number.isdecimal() else note


class TourPage:
    """Collects blocks of one page. `day(n)` writes lines of the n-th digest among them."""

    def __init__(self, report: TourReport, messages: Messages, now: datetime, language: str) -> None:
        self.report = report
        self.counts = ShownTour(report)
        self.blocks: list[Block] = []
        self._messages = messages
        self._now = now
        self._language = language
        regions = [one.region for one in report.days]
        self._days = tuple(
            DayLines(one, messages, now, language, dated=regions.count(one.region) > 1) for one in report.days
        )
        for one in self._days:
            one.blocks = self.blocks

    @property
    def has_written(self) -> bool:
        """Whether a sentence stands on it that a language model wrote."""
        return any(one.has_written for one in self._days)

    def day(self, place: int) -> DayLines:
        return self._days[place]

    def words(self, key: str, values: dict[str, Value] | None = None) -> str:
        return self._messages.plain(key, values or {}, now=self._now, language=self._language)

    def line(
        self, name: str, values: dict[str, Value] | None = None, *, indent: int = 0, leads: bool = False
    ) -> None:
        """A line of tour.toml, or of another file by its whole key."""
        key = name if "." in name else f"tour.{name}"
        text = self._messages.text(key, values or {}, now=self._now, language=self._language)
        self.blocks.append(Block(INDENT * indent + text, leads))

    def gap(self) -> None:
        self.blocks.append(Block("", leads=True))

    def name(self) -> str:
        key = "tour.name_final" if self.report.closing else "tour.name_so_far"
        return self.words(key, {"name": self.report.name})

    def theme(self, theme: TourTheme) -> str:
        """A theme's name as a reader sees it: a tour's file may hold anything."""
        return self._days[theme.places[0].day].shown_words(theme.name, one_line=True)

    def sum(self, found: Sum) -> str:
        """A number; at least that; or why there is none."""
        if found.is_whole:
            return str(found.known) if found.parts else self.words("tour.none")
        if found.known:
            return self.words("tour.at_least", {"count": found.known})
        return self.words("digest.few" if found.few and found.parts == 1 else "digest.left_out")

    def region_days(self, days: Iterable[tuple[str, Value]]) -> str:
        """제주 1.28.(수), 강원 1.29.(목)."""
        return ", ".join(
            self.words("tour.region_day", {"region": region, "day": day}) for region, day in days
        )
