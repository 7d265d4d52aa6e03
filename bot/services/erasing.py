"""Words that were taken back leave the messages that were sent with them: these are edited to say nothing any more.

A message is emptied once, with a button that leads to the digest as it is now; its reader gets the new revision besides.
Whoever lost the right to read it is not asked for it: nothing of a digest stands in what they get.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

import structlog

from bot.domain.delivery import Button, DeliveryKind, Draft, erased_key
from bot.domain.values import Value
from bot.services.digest_days import LOOK_BACK
from bot.services.digest_subject import section_data, tour_data
from bot.services.errata import sent_in
from bot.services.ports import Clock
from bot.services.saying import Planned, Recipient, plan_all
from bot.services.unit import OpenUnit, Unit
from storage.repositories.deliveries.shown import ShownMessage, outlived
from storage.repositories.digests import StoredDigest

log = structlog.get_logger(__name__)

IN_FLIGHT = timedelta(minutes=1)
"""A message that was worded before the new revision may leave so much later (several processes, PostgreSQL)."""
LOOKS_FOR = timedelta(minutes=10)
"""So long after a revision one looks for messages that were on their way when it was made."""
OVERDUE = timedelta(minutes=3)
"""A revision that was to be made so long ago is not being made: its words leave the messages all the same."""
_JUST_BEFORE = timedelta(microseconds=1)

_Due = tuple[StoredDigest, list[str], datetime | None]


async def erase(
    unit: Unit,
    newest: StoredDigest,
    digests: Collection[str],
    *,
    now: datetime,
    until: datetime | None = None,
) -> int:
    """Empties what was sent of these digests (ids) by `until`. How many messages. Repeated, it does nothing."""
    shown = await unit.deliveries.showing(digests, until)
    if until is None:
        await unit.deliveries.outlive(digests)
    edits = [
        Planned(erased_key(one.delivery), Recipient(one.chat, one.language), _emptied(newest, one))
        for one in shown
    ]
    await plan_all(unit, DeliveryKind.EDIT, edits, now=now)
    await unit.deliveries.shows_nothing([one.delivery for one in shown])
    return len(shown)


def _emptied(newest: StoredDigest, shown: ShownMessage) -> Draft:
    """What stands in its place: of a day's digest, or of the tour's report, which quotes it."""
    if shown.shows == newest.tour:
        button = Button("errata.open", data=tour_data(newest.tour, "sum"))
        return Draft("tour.emptied", keyboard=((button,),), edits=shown.message)
    button = Button("errata.open", data=section_data(newest.id, "sum"))
    values: dict[str, Value] = {"region": newest.region, "day": newest.day}
    return Draft("errata.emptied", values, keyboard=((button,),), edits=shown.message)


async def erase_earlier(unit: Unit, newest: StoredDigest, *, now: datetime) -> int:
    """Empties what was sent before words were last taken away from this day's digest. `newest` is published."""
    due = await _superseded(unit, newest)
    return sum([await erase(unit, newest, digests, now=now, until=until) for _, digests, until in due])


class Erasing:
    """The clock's look: at messages that were on their way, and at drafts that somebody had read when they were emptied.

    Safe to run twice and after a kill: rows say which messages still show what.
    """

    def __init__(self, open_unit: OpenUnit, clock: Clock) -> None:
        self._open_unit = open_unit
        self._clock = clock
        self._looks_for = LOOK_BACK  # what an earlier process left

    async def look(self) -> int:
        """How many messages are to be emptied."""
        now = self._clock.now()
        async with self._open_unit(read_only=True) as unit:
            due = await self._due(unit, now - self._looks_for)
        self._looks_for = LOOKS_FOR
        count = 0
        for newest, digests, until in due:
            async with self._open_unit() as unit:
                count += await erase(unit, newest, digests, now=now, until=until)
                await unit.commit()
        if count:
            log.info("messages emptied", count=count)
        return count

    async def _due(self, unit: Unit, since: datetime) -> list[_Due]:
        found: list[_Due] = [(draft, [draft.id], None) for draft in await unit.digests.emptied()]
        for key in await unit.digests.due_revisions(self._clock.now() - OVERDUE):
            if (last := await unit.digests.newest_published(*key)) is not None:
                found.append((last, [*await unit.digests.ids_before(*key, last.revision), last.id], None))
                if (due := await unit.digests.called(*key)) is not None:  # from then on it shows no such day
                    found.append((last, [last.tour], due + IN_FLIGHT))
        for newest in await unit.digests.reissued_since(since):
            found.extend(await _superseded(unit, newest))
        for ident in await unit.deliveries.outlived():
            if (gone := await unit.digests.by_id(ident)) is not None:
                found.append((gone, [outlived(ident)], None))
        return [one for one in found if await _any_to_empty(unit, one)]


async def _any_to_empty(unit: Unit, due: _Due) -> bool:
    _, digests, until = due
    if await unit.deliveries.showing(digests, until):
        return True
    return until is None and await unit.deliveries.on_their_way(digests)


async def _superseded(unit: Unit, newest: StoredDigest) -> list[_Due]:
    """What earlier revisions showed, and the drafts of this one, which may have lost words and been made again."""
    sent = sent_in(newest)
    if sent is None or sent.erased is None:
        return []
    revision, at = sent.erased
    ids = await unit.digests.ids_before(newest.tour, newest.region, newest.day, revision)
    drafts = [(newest, [newest.id], at - _JUST_BEFORE)] if revision == newest.revision else []
    # the tour's report may show any of its days
    return [(newest, [*ids, newest.tour], at + IN_FLIGHT), *drafts]
