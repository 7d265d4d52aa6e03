"""Digests opened in the chat: what `Digests` gives, and a line in the access log for it.

The only way by which handlers come to a digest; `tests/security/test_access_log.py` holds them to it.
"""

from datetime import datetime

from bot.domain.access_log import Why, region_day
from bot.domain.person import Person
from bot.services.access_log import reads
from bot.services.approval.approvers import may_see_draft
from bot.services.digest_subject import AwaitsApproval
from bot.services.digest_view import FILE, FORMS
from bot.services.digests import Digests, RegionDay
from bot.services.unit import Unit
from storage.repositories.audit import AuditEntry
from storage.repositories.digests import StoredDigest

OPENED, FILE_TAKEN = "digest_opened", "digest_file_taken"


async def ready_for(
    digests: Digests, unit: Unit, person: Person, subject: RegionDay, *, now: datetime
) -> StoredDigest:
    """`Digests.ready`, read by somebody who may; its draft for whoever is asked to approve it. Raises what it raises."""
    try:
        stored = await digests.ready(unit, subject, now=now)
    except AwaitsApproval:
        stored = await _draft_for(unit, person, subject)
    await note_opened(unit, person, stored, now=now)
    return stored


async def opened_by(
    digests: Digests, unit: Unit, person: Person, digest_id: str, section: str, *, now: datetime
) -> StoredDigest:
    """`Digests.open_for`, a section read or the file taken. Every file is a line. Raises what it raises.

    Whoever is asked to approve a draft reads its sections, and takes no file of it.
    """
    try:
        stored = await digests.open_for(unit, person, digest_id, now=now)
    except AwaitsApproval as awaits:
        stored = await _draft_for(unit, person, awaits.subject)
    if section == FILE:  # asks for the form; shows nothing
        return stored
    if section not in FORMS:
        await note_opened(unit, person, stored, now=now)
        return stored
    details = {"revision": stored.revision}
    whose = region_day(stored.region, stored.day)
    await unit.audit.record(AuditEntry(now, person.id, FILE_TAKEN, stored.id, details, whose, Why.DUTY))
    return stored


async def _draft_for(unit: Unit, person: Person, subject: RegionDay) -> StoredDigest:
    """Raises AwaitsApproval for everybody else, and while it is made anew."""
    draft = await unit.digests.newest(subject.tour, subject.region, subject.day)
    if draft is None or not draft.readable or not await may_see_draft(unit, person, draft):
        raise AwaitsApproval(subject)
    return draft


async def note_opened(unit: Unit, person: Person, stored: StoredDigest, *, now: datetime) -> None:
    """That somebody reads a digest: one line an hour, however many sections unfold."""
    await reads(unit, person, OPENED, stored.id, region_day(stored.region, stored.day), Why.DUTY, now=now)
