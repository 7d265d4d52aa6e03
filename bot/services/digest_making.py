"""How a digest's value is computed of a day: with what was read in its notes, and by a language model where there is one."""

import asyncio

from bot.digest.pipeline import make_digest
from bot.domain.digest import DayInput, Digest
from bot.services.ai_writing import ModelWriting
from bot.services.digest_subject import RegionDay
from bot.services.note_reading import Grounds, NoteReading
from bot.services.unit import OpenUnit, Unit


class DigestMaking:
    """`writing` None: digests are extractive. `reading` None: nothing is proposed, notes without a topic stay without."""

    def __init__(self, writing: ModelWriting | None = None, reading: NoteReading | None = None) -> None:
        self.writing = writing
        self._reading = reading

    async def read(self, open_unit: OpenUnit, subject: RegionDay) -> None:
        """Has read what was not yet, as far as that can be done in time; to be called before a day is prepared."""
        if self._reading is not None:
            await self._reading.read_day(open_unit, subject.region, subject.day)

    def asks_nobody(self, day: DayInput, *, hurried: bool) -> bool:
        """Whether `at_hand` gives what `compute` would."""
        known = self._reading is None or self._reading.knows(day)
        return hurried or (known and self.writing is None)

    async def compute(self, open_unit: OpenUnit, day: DayInput, until: float | None) -> Digest:
        """Outside transactions. `until`: None, or over: a model is not asked any more, what it gave before must do."""
        grounds = None
        if self._reading is not None:
            async with open_unit(read_only=True) as unit:
                grounds = await self._reading.grounds(unit, day)
        if self.writing is None:
            return await asyncio.to_thread(_extractive, day, grounds)
        if until is None or asyncio.get_running_loop().time() >= until:
            return await self.writing.at_hand(day, grounds)
        return await self.writing.write(open_unit, day, until, grounds)

    async def at_hand(self, unit: Unit, day: DayInput) -> Digest:
        """Within a transaction: of what is known already."""
        grounds = await self._grounds(unit, day)
        if self.writing is None:
            return await asyncio.to_thread(_extractive, day, grounds)
        return await self.writing.at_hand(day, grounds)

    async def _grounds(self, unit: Unit, day: DayInput) -> Grounds | None:
        return None if self._reading is None else await self._reading.grounds(unit, day)


def _extractive(day: DayInput, grounds: Grounds | None) -> Digest:
    return make_digest(day) if grounds is None else make_digest(day, proposals=grounds.proposals(day))
