"""Who is sent what when a digest is published: the digest, and before it an erratum to whoever had an earlier one."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.delivery import DeliveryKind, Draft, Need, digest_key, erratum_key
from bot.domain.digest import Digest
from bot.domain.errata import Changes
from bot.domain.ids import PersonId
from bot.domain.person import Action, Role
from bot.services.digest_view import section_keyboard
from bot.services.errata import changes_in, erratum
from bot.services.saying import Planned, Recipient, plan_all
from bot.services.unit import Unit
from storage.repositories.digests import StoredDigest

TOGETHER = timedelta(minutes=10)
"""Errata of a day come no oftener: withdrawals one after the other are told, and the digest sent, once.

Their words are out of what is stored, and of the messages that were sent, at once all the same (erasing.py).
"""


async def send_first(unit: Unit, stored: StoredDigest, digest: Digest, *, now: datetime) -> int:
    """The day's first digest to the region's managers. To how many."""
    managers = await unit.people.reachable_with(Role.MANAGER, stored.region)
    draft = _digest(stored, digest)
    messages = [
        Planned(_key(stored, one.id), Recipient(one.chat, one.language, one.id), draft) for one in managers
    ]
    await plan_all(unit, DeliveryKind.DIGEST, messages, now=now)
    return len(messages)


async def send_again(
    unit: Unit, stored: StoredDigest, digest: Digest, changes: Changes | None, *, now: datetime
) -> int:
    """A revision to the region's managers, in place of what they were not sent yet. To how many.

    What an erratum would have told that did not leave, or may not have arrived, is told with this one.
    """
    digests, errata = _prefix("digest", stored), _prefix("erratum", stored)
    untold = {one.person: one.draft for one in await unit.deliveries.waiting_under(errata)}
    await unit.deliveries.withdraw_unsent([digests, errata], now)
    arrived = await unit.deliveries.arrived_of(digests)
    had = {key.rsplit(":", 1)[1] for key, may_have in arrived.items() if may_have}
    last = await unit.deliveries.last_attempt_under(errata)
    messages = []
    managers = await unit.people.reachable_with(Role.MANAGER, stored.region)
    for one in managers:
        to = Recipient(one.chat, one.language, one.id)
        draft = _digest(stored, digest)
        if one.id in had:
            told = _both(untold.get(one.id), changes)
            key = erratum_key(stored.tour, stored.region, stored.day, stored.revision, one.id)
            messages.append(Planned(key, to, replace(erratum(stored, digest, told), needs=draft.needs)))
            draft = replace(draft, silent=True)
        messages.append(Planned(_key(stored, one.id), to, draft))
    due = now if last is None else max(now, last + TOGETHER)
    await plan_all(unit, DeliveryKind.DIGEST, messages, now=now, due=due)
    return len(managers)


def _both(untold: Draft | None, changes: Changes | None) -> Changes | None:
    if untold is None:
        return changes
    before = changes_in(untold)
    return None if before is None or changes is None else before.then(changes)


def _digest(stored: StoredDigest, digest: Digest) -> Draft:
    return Draft(
        key="digest.section",
        values={"digest": stored.id, "section": "sum", "part": 0},
        keyboard=section_keyboard(stored.id, digest),
        needs=(Need(Action.READ_DIGEST, stored.region),),
    )


def _key(stored: StoredDigest, person: PersonId) -> str:
    return digest_key(stored.tour, stored.region, stored.day, stored.revision, person)


def _prefix(kind: str, stored: StoredDigest) -> str:
    """How the keys of a region's day begin (bot.domain.delivery: digest_key, erratum_key)."""
    return f"{kind}:{stored.tour}:{stored.region}:{stored.day.isoformat()}:"
