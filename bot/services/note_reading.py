"""Notes are read by the analyst at intake, and what it read is kept with them: a digest of ten thousand need not wait for it.

Nothing is read within a transaction. What is kept is of the words that stand: whoever changes or destroys them destroys it
(storage.repositories). There is no claim and no time in it, which would tell when somebody wrote: two processes that
read the same note keep the same.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import structlog

from bot.digest.grouping.library import Library, library_of
from bot.digest.grouping.proposals import Proposals
from bot.digest.grouping.propose import propose
from bot.digest.grouping.reading import Reading, ReadingInvalid
from bot.digest.grouping.views import TopicViews, topic_views
from bot.digest.ports import AnalysisFailed, Analyst
from bot.digest.prepare import prepare
from bot.digest.search.terms import found_by
from bot.domain.digest import DayInput, DayMeeting, DayNote, Topic
from bot.domain.ids import NoteId, Region
from bot.services.digest_input import day_note
from bot.services.unit import OpenUnit, Unit
from storage.repositories.notes import SpokenNote
from storage.repositories.readings import Kept, Place

log = structlog.get_logger(__name__)

AT_ONCE = 256
"""Notes between two commits: a second of the analyst's."""
WITHIN = 60.0
"""Seconds that a digest waits for notes that were not read yet: 10,000 to 20,000 of them on a processor of its own."""
RESTS = 300.0
"""Seconds after a wait that was for nothing."""
_MOST_LIBRARIES = 4


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a proposal rests on: what was read in the notes, and the topics' side of the comparison."""

    readings: Mapping[NoteId, Reading]
    views: TopicViews

    def proposals(self, day: DayInput) -> Proposals:
        """Which notes speak of the same matter. Seconds for ten thousand: not on the loop."""
        return propose(day, prepare(day), self.readings, self.views)


class NoteReading:
    """Reads with `analyst`, and remembers what it read in the tours' topics. A digest waits `within` seconds for it."""

    def __init__(self, analyst: Analyst, *, within: float = WITHIN) -> None:
        self._analyst = analyst
        self._within = within
        self._no_waiting_before = float("-inf")
        self._behind: Place | None = None
        self._views: dict[Library, TopicViews] = {}

    @property
    def version(self) -> str:
        return self._analyst.version

    async def read_question(self, words: str) -> Reading:
        """What a question asks for. Raises AnalysisFailed."""
        (reading,) = await self._analyst.read([words])
        return reading

    async def read_some(self, open_unit: OpenUnit) -> int:
        """Reads some notes that were not, of the newest days first; how many it took up. Raises AnalysisFailed.

        It goes on where it stopped, and begins anew when nothing is left behind that: what came meanwhile stands anywhere.
        """
        async with open_unit(read_only=True) as unit:
            spoken = await unit.readings.unread(self.version, AT_ONCE, behind=self._behind)
            if not spoken and self._behind is not None:
                spoken = await unit.readings.unread(self.version, AT_ONCE)
            days = await _days_of(unit, spoken)
        self._behind = None
        await self._read(open_unit, spoken, days)
        self._behind = _place(spoken)
        return len(spoken)

    async def read_day(self, open_unit: OpenUnit, region: Region, day: date) -> None:
        """Reads what was not read yet of a region's day, and its topics, as far as that can be done in time.

        Where it could not, no digest waits again for a while: it would be late by as much each time it is made anew.
        """
        loop = asyncio.get_running_loop()
        if loop.time() < self._no_waiting_before:
            return
        try:
            async with asyncio.timeout(self._within):
                behind, more = await self._read_some_of(open_unit, region, day, None)
                while more:
                    behind, more = await self._read_some_of(open_unit, region, day, behind)
        except (AnalysisFailed, TimeoutError) as failure:
            self._no_waiting_before = loop.time() + RESTS
            log.warning("digest without some readings", day=day.isoformat(), failure=type(failure).__name__)

    async def _read_some_of(
        self, open_unit: OpenUnit, region: Region, day: date, behind: Place | None
    ) -> tuple[Place | None, bool]:
        """Where it came to, and whether there may be more."""
        async with open_unit(read_only=True) as unit:
            spoken = await unit.readings.unread_of_day(self.version, region, day, AT_ONCE, behind=behind)
            days = await _days_of(unit, spoken)
            topics = await topics_of(unit, region, day)
            read = await unit.readings.any_of_day(region, day)
        if spoken or read:
            await self.learn(topics)
        await self._read(open_unit, spoken, days)
        return _place(spoken), len(spoken) == AT_ONCE

    async def learn(self, topics: Sequence[Topic]) -> TopicViews:
        """The topics' side, read when it is not known. Raises AnalysisFailed."""
        library = library_of(topics)
        if library not in self._views:
            readings = await self._analyst.read(library.texts)
            self._views[library] = await asyncio.to_thread(topic_views, library, readings)
            while len(self._views) > _MOST_LIBRARIES:
                del self._views[next(iter(self._views))]
        return self._views[library]

    def knows(self, day: DayInput) -> bool:
        """Whether a digest of this day needs nobody to be asked: nothing of it was read, or its topics are known."""
        return self._views.get(library_of(day.topics)) is not None or not self._read_ones(day)

    async def grounds(self, unit: Unit, day: DayInput) -> Grounds | None:
        """What a digest of `day` rests on besides its notes; asks nobody. None: nothing is known.

        Of the notes that `day` says were read: what was read since belongs to the next making.
        """
        views, wanted = self._views.get(library_of(day.topics)), self._read_ones(day)
        if views is None or not wanted:
            return None
        readings: dict[NoteId, Reading] = {}
        async for kept in unit.readings.of_day(self.version, day.region, day.day):
            readings |= await asyncio.to_thread(_opened, {note: kept[note] for note in kept.keys() & wanted})
        return Grounds(readings, views) if readings else None

    def _read_ones(self, day: DayInput) -> frozenset[NoteId]:
        return frozenset(note.id for note in day.notes if note.read_by == self.version)

    async def _read(
        self, open_unit: OpenUnit, spoken: Sequence[SpokenNote], days: Sequence[DayInput]
    ) -> None:
        """Redacted words go to the analyst; nothing else does."""
        if not spoken:
            return
        words = await asyncio.to_thread(_redacted, days)
        readings = dict(zip(words, await self._analyst.read(list(words.values())), strict=True))
        kept = {
            one.note.id: Kept(
                one.note.words,
                one.name,
                readings[one.note.id].to_bytes(),
                found_by(readings[one.note.id], words[one.note.id]),
            )
            for one in spoken
            if one.note.id in readings
        }
        async with open_unit() as unit:
            await unit.readings.keep(self.version, kept)
            await unit.commit()


def _redacted(days: Sequence[DayInput]) -> dict[NoteId, str]:
    return {note.note.id: note.words for day in days for note in prepare(day)}


def _opened(kept: Mapping[NoteId, bytes]) -> dict[NoteId, Reading]:
    """One that cannot be understood is no reading: its note stands without."""
    found: dict[NoteId, Reading] = {}
    for note, data in kept.items():
        try:
            found[note] = Reading.from_bytes(data)
        except ReadingInvalid:
            log.warning("reading not understood")
    return found


def _place(spoken: Sequence[SpokenNote]) -> Place | None:
    if not spoken:
        return None
    last = spoken[-1].note
    return last.day, last.region, last.id


async def topics_of(unit: Unit, region: Region, day: date) -> tuple[Topic, ...]:
    """Of the tour whose digest a region's day is (Digests.subject)."""
    meetings, tours = await unit.meetings.of_day(region, day), await unit.tours.all()
    standing = [meeting for meeting in meetings if not meeting.cancelled] or meetings
    if standing:
        return (await unit.tours.by_id(standing[0].tour)).topics
    return tours[0].topics if tours else ()


async def _days_of(unit: Unit, spoken: Sequence[SpokenNote]) -> list[DayInput]:
    """What redaction needs of them, by region and day. A note's id stands in for its number, which it may not have yet."""
    names = await unit.people.names() if spoken else frozenset()
    places: dict[tuple[Region, date], list[DayNote]] = {}
    for one in spoken:
        places.setdefault((one.note.region, one.note.day), []).append(day_note(one, one.note.id, {}))
    days: list[DayInput] = []
    for place, notes in places.items():
        meetings = await unit.meetings.of_day(*place)
        told = tuple(DayMeeting(m.plan.key, m.title, order) for order, m in enumerate(meetings))
        topics = await topics_of(unit, *place)
        days.append(DayInput(*place, 0, tuple(notes), told, topics, known_names=names))
    return days
