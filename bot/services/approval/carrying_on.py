"""What a digest that is sent keeps of its approval: the stamp, and the decisions that later revisions go by."""

from dataclasses import replace
from typing import Any

from bot.domain.approval import Approval
from bot.domain.digest import DayInput
from bot.services.digest_input import editing_of
from bot.services.digest_subject import EDITING
from bot.services.errata import unchanged_since
from bot.services.unit import Unit
from storage.repositories.digests import StoredDigest

APPROVAL = "approval"
"""In a digest's JSON form: what the stamp says (bot.digest.as_json)."""


async def approval_told(
    unit: Unit, stored: StoredDigest, before: StoredDigest | None, day: DayInput, approval: Approval | None
) -> dict[str, Any]:
    """For the body of what goes out: `approval` for a day's first digest; a revision tells of the one before it.

    A revision is never approved itself: withdrawn words must not wait for anybody.
    """
    made = stored.body.get(APPROVAL)
    if approval is None and before is not None and (kept := before.body.get(APPROVAL)) is not None:
        approval = Approval.from_json(kept)
    if approval is None:
        return {}
    changed = Approval.from_json(made) if made else Approval(approval.state)
    approval = replace(approval, dropped=changed.dropped, again=changed.again, left_out=changed.left_out)
    editing = await editing_of(unit, stored)
    notes = {note.number for note in day.notes} if before is None else unchanged_since(before, day)
    left = editing.only_of(notes)
    return {APPROVAL: approval.to_json()} | ({} if left.is_empty else {EDITING: left.to_json()})
