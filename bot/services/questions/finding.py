"""Looking for the notes that answer a question: words first, then what stands, then meaning. Reads only, in a unit of its own."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.digest.grouping.reading import Reading, ReadingInvalid
from bot.digest.prepare import Prepared, names_of, prepare
from bot.digest.search.passages import Passage, passages
from bot.digest.search.ranking import (
    ENOUGH,
    ENOUGH_BESIDE_UNKNOWN,
    ENOUGH_PLAINLY,
    NEAR_THE_BEST,
    Tally,
    scores,
)
from bot.digest.search.scope import Scope, scope_of
from bot.digest.search.terms import Term, asked_for, asked_plainly
from bot.domain.digest import SHIELD_BELOW, DayInput
from bot.domain.ids import NoteId, Region
from bot.domain.person import Action, Person
from bot.services.digest_days import DigestDays
from bot.services.questions.editions import OpenDay, Place, open_days, standing
from bot.services.questions.meetings import Named, meeting_named
from bot.services.unit import OpenUnit, Unit
from storage.repositories.search import Match, Within

_LOOK_BACK = timedelta(days=3650)
_AHEAD = timedelta(days=7)
_MOST_FOR_A_WRITER = 40


@dataclass(frozen=True, slots=True)
class Searched:
    """What was searched. `notes` None: of fewer than five voices (bot.digest.shield); `more`: those of days of fewer than five
    voices come besides, uncounted, lest two answers tell their number by subtraction. `meeting`: that one alone; `wider`: a
    meeting was named, and not searched alone because too few spoke there."""

    regions: tuple[Region, ...] = ()
    first: date | None = None
    last: date | None = None
    notes: int | None = 0
    more: bool = False
    meeting: str | None = None
    wider: str | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """Words of a note that are shown, and the report's day that they are of."""

    passage: Passage
    day: OpenDay


@dataclass(frozen=True, slots=True)
class Found:
    """What answers a question. `relevant`: how many notes speak of it at least, in steps (of two answers a note apart the
    difference would tell that note), None when of fewer than five voices. `asked_nothing`: no word of the question can be looked for. `notes`: the best of
    the relevant ones, for who writes of them; `on_file`: the names that are redacted in them."""

    points: tuple[Point, ...] = ()
    searched: Searched = field(default_factory=Searched)
    relevant: int | None = 0
    asked_nothing: bool = False
    narrowed: bool = False
    notes: tuple[tuple[Prepared, OpenDay], ...] = ()
    on_file: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Look:
    """A question as it is looked for: `reading` None: in the notes' own words."""

    terms: tuple[Term, ...]
    reading: Reading | None
    open: Mapping[Place, OpenDay]
    searched: Searched
    only: Named | None


class Finding:
    """Finds answers in what the reports of `days` show; `version` is that of the readings that are kept ("": none are)."""

    def __init__(self, open_unit: OpenUnit, days: DigestDays, zone: ZoneInfo, version: str) -> None:
        self._open_unit = open_unit
        self._days = days
        self._zone = zone
        self._version = version

    async def find(self, person: Person, question: str, reading: Reading | None, *, now: datetime) -> Found:
        """What somebody may read about it. `reading`: the question as an analyst read it."""
        async with self._open_unit(read_only=True) as unit:
            look = await self._look(unit, person, question, reading, now)
            if not look.open:
                return Found(searched=look.searched)
            if not look.terms:
                return Found(searched=look.searched, asked_nothing=True)
            tally, total = await self._tally(unit, look)
            best = tally.best(total)
            notes = await self._standing(unit, look, [match for _, match in best])
            kept = await self._readings(unit, look, [match.note for _, match in best])
        return await asyncio.to_thread(_judged, look, tally, total, best, notes, kept)

    async def _look(
        self, unit: Unit, person: Person, question: str, reading: Reading | None, now: datetime
    ) -> _Look:
        today = now.astimezone(self._zone).date()
        opened = await open_days(unit, self._days, person, (today - _LOOK_BACK, today + _AHEAD), now=now)
        regions = {*await unit.meetings.regions(), *(region for region, _ in opened)}
        days = [day for _, day in opened] or [today]
        scope = scope_of(
            question,
            today=today,
            regions=regions,
            readable=[one for one in regions if person.may(Action.READ_DIGEST, one)],
            days=(min(days), max(days)),
        )
        within = {place: one for place, one in opened.items() if _lies_in(place, scope)}
        named = await meeting_named(unit, question, within)
        only = None if named is None or named.few else named
        if only is not None:
            within = {only.place: within[only.place]}
        said = scope.said | ({named.title} if named else set())
        as_read = reading is not None and bool(self._version)
        terms = asked_for(question, reading, said) if reading and as_read else asked_plainly(question, said)
        searched = _searched(within, scope, named)
        return _Look(terms, reading if as_read else None, within, searched, only)

    async def _tally(self, unit: Unit, look: _Look) -> tuple[Tally[Match], int]:
        tally: Tally[Match] = Tally(look.terms)
        days = [day for _, day in look.open]
        within = Within({region for region, _ in look.open}, min(days), max(days))
        patterns = [term.patterns for term in look.terms]
        found = unit.search.matching(patterns, within, as_written=look.reading is None)
        async with aclosing(found) as matches:
            async for match in matches:
                day = look.open.get((match.region, match.day))
                if day is not None and match.number in _of(day, look.only):
                    tally.add(match.mask, match)
        return tally, sum(len(_of(day, look.only)) for day in look.open.values())

    async def _standing(self, unit: Unit, look: _Look, matches: Sequence[Match]) -> dict[Place, DayInput]:
        by_place: dict[Place, list[NoteId]] = {}
        for match in matches:
            by_place.setdefault((match.region, match.day), []).append(match.note)
        return {
            place: await standing(unit, look.open[place], await unit.search.spoken(notes))
            for place, notes in by_place.items()
        }

    async def _readings(self, unit: Unit, look: _Look, notes: Collection[NoteId]) -> dict[NoteId, bytes]:
        return {} if look.reading is None else await unit.search.readings(self._version, notes)


def _of(day: OpenDay, only: Named | None) -> Collection[str]:
    return day.notes.keys() if only is None else only.numbers


def _lies_in(place: Place, scope: Scope) -> bool:
    region, day = place
    return region in scope.regions and scope.first <= day <= scope.last


def _searched(within: Mapping[Place, OpenDay], scope: Scope, named: Named | None) -> Searched:
    if not within:
        return Searched(tuple(sorted(scope.regions)), scope.first, scope.last)
    days = [day for _, day in within]
    regions = tuple(sorted({region for region, _ in within}))
    if named is not None and not named.few:
        return Searched(regions, min(days), max(days), len(named.numbers), meeting=named.title)
    told = [one for one in within.values() if one.voices >= SHIELD_BELOW]
    count = sum(len(one.notes) for one in told) if told else None
    wider = named.title if named else None
    return Searched(regions, min(days), max(days), count, len(told) < len(within), wider=wider)


def _judged(
    look: _Look,
    tally: Tally[Match],
    total: int,
    best: Sequence[tuple[float, Match]],
    days: Mapping[Place, DayInput],
    kept: Mapping[NoteId, bytes],
) -> Found:
    """Which of the notes speak of it. Redaction and vectors of hundreds: not on the loop."""
    prepared: dict[NoteId, tuple[Prepared, OpenDay]] = {
        note.note.id: (note, look.open[place]) for place, day in days.items() for note in prepare(day)
    }
    seen = [(share, match) for share, match in best if match.note in prepared]
    shares = [share for share, _ in seen]
    if look.reading is None:
        judged, enough = shares, ENOUGH_PLAINLY
    else:
        judged = scores(shares, look.reading.sense, [_sense(kept.get(match.note)) for _, match in seen])
        enough = ENOUGH_BESIDE_UNKNOWN if tally.unknown() else ENOUGH
    ranked = sorted(
        zip(judged, (match.note for _, match in seen), strict=True), key=lambda one: (-one[0], one[1])
    )
    if not ranked or ranked[0][0] < enough:
        return Found(searched=look.searched, narrowed=look.only is not None)
    cut = max(enough, NEAR_THE_BEST * ranked[0][0])
    relevant = [prepared[note] for score, note in ranked if score >= cut]
    points = tuple(Point(passage, day) for passage, day in passages(relevant, look.terms))
    if not points:
        return Found(searched=look.searched, narrowed=look.only is not None)
    voices = {note.note.voice for note, _ in relevant}
    return Found(
        points,
        look.searched,
        relevant=_at_least(len(relevant)) if len(voices) >= SHIELD_BELOW else None,
        narrowed=look.only is not None,
        notes=tuple(relevant[:_MOST_FOR_A_WRITER]),
        on_file=frozenset(name for day in days.values() for name in names_of(day)),
    )


_STEPS = (5, 10, 20, 50, 100, 200, 500)


def _at_least(count: int) -> int:
    """The largest step that a count of five and more reaches."""
    return max(step for step in _STEPS if step <= count)


def _sense(data: bytes | None) -> bytes:
    if data is None:
        return b""
    try:
        return Reading.from_bytes(data).sense
    except ReadingInvalid:
        return b""
