"""Digests of large days that somebody asked for: made outside any transaction, then sent to whoever waits."""

from datetime import datetime, timedelta

import structlog

from bot.domain.delivery import DeliveryKind, Draft, wish_key
from bot.domain.errors import Refusal
from bot.domain.person import Action, Person
from bot.services.ai_writing import GivenUp
from bot.services.digest_reading import note_opened
from bot.services.digest_view import SUMMARY, DigestView
from bot.services.digests import Digests, Overtaken, RegionDay
from bot.services.ports import Clock
from bot.services.saying import Recipient, plan
from bot.services.side_by_side import all_ended
from bot.services.unit import OpenUnit, Unit
from storage.repositories.digests import StoredDigest

log = structlog.get_logger(__name__)

OVERTAKEN_RESTS = timedelta(seconds=10)
"""How long a day is left alone whose notes kept coming: wishes are looked at every second."""

_NOT_MADE = Draft("digest.not_made")


class DigestWishes:
    """Answers what `Digests.wish` left, for whoever may read it by then. Safe to run twice: a wish is taken once."""

    def __init__(self, open_unit: OpenUnit, digests: Digests, view: DigestView, clock: Clock) -> None:
        self._open_unit = open_unit
        self._digests = digests
        self._view = view
        self._clock = clock
        self._resting: dict[RegionDay, datetime] = {}

    async def answer(self) -> int:
        """How many wishes were answered. A day whose digest cannot be made does not stand in the others' way."""
        now = self._clock.now()
        async with self._open_unit(read_only=True) as unit:
            wished = [RegionDay(*subject) for subject in await unit.digests.wished()]
        self._resting = {  # one that ends later than it can was begun by a clock that was ahead
            subject: until for subject, until in self._resting.items() if now < until <= now + OVERTAKEN_RESTS
        }
        subjects = dict.fromkeys(subject for subject in wished if subject not in self._resting)
        return sum(await all_ended(map(self._try, subjects)))

    async def _try(self, subject: RegionDay) -> int:
        """A digest that fails is said to have failed; one that was overtaken by notes is tried again a little later."""
        try:
            await self._digests.make(self._open_unit, subject, readers_at=self._clock.now())
        except GivenUp:
            return 0
        except Overtaken:
            log.info("digest overtaken", day=subject.day.isoformat())
            self._resting[subject] = self._clock.now() + OVERTAKEN_RESTS
            return 0
        except Refusal as refusal:
            return await self._answer(subject, instead=Draft(refusal.key, refusal.values))
        except Exception:
            log.exception("digest not made", day=subject.day.isoformat())
            return await self._answer(subject, instead=_NOT_MADE)
        return await self._answer(subject)

    async def _answer(self, subject: RegionDay, *, instead: Draft | None = None) -> int:
        """When a note came meanwhile and emptied what was made, the wishes stay and it is made again."""
        async with self._open_unit() as unit:
            stored = None if instead else await unit.digests.newest(subject.tour, subject.region, subject.day)
            if not instead and (stored is None or not stored.readable or self._digests.withholds(stored)):
                return 0
            wishes = await unit.digests.take_wishes(subject.tour, subject.region, subject.day)
            for ident, asked_at in wishes:
                person = await unit.people.by_id(ident)
                if person is not None and person.may(Action.READ_DIGEST, subject.region):
                    drafts = self._drafts(stored, person.language) if stored else [instead or _NOT_MADE]
                    await self._say(unit, subject, person, asked_at, drafts)
                    if stored:
                        await note_opened(unit, person, stored, now=self._clock.now())
            await unit.commit()
        return len(wishes)

    async def _say(
        self, unit: Unit, subject: RegionDay, person: Person, asked_at: datetime, drafts: list[Draft]
    ) -> None:
        now, to = self._clock.now(), Recipient(person.chat, person.language, person.id)
        for ordinal, draft in enumerate(drafts):
            key = wish_key(subject.tour, subject.region, subject.day, person.id, asked_at, ordinal)
            await plan(unit, DeliveryKind.REPLY, key, to, draft, now=now)

    def _drafts(self, stored: StoredDigest, language: str) -> list[Draft]:
        now = self._clock.now()
        remark = self._view.remark(stored, self._digests.due_at(stored.day), now=now)
        summary = self._view.drafts(stored, SUMMARY, language=language, now=now)
        return [*([remark] if remark else []), *summary]
