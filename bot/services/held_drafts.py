"""What a change of notes does to a draft that waits for its approval."""

from dataclasses import replace

from bot.domain.feedback import Note
from bot.services.unit import Unit
from storage.repositories.digests import StoredDigest

EMPTIED = ""
"""In place of a shown draft's fingerprint: its words were taken back."""


async def held_back(
    unit: Unit, draft: StoredDigest, *, note: Note | None, voice: frozenset[str] | None, adds: bool
) -> bool:
    """Whether a draft waits; then this is all that becomes of it. It is emptied at once, unless it never said any of it.

    What came since it was made is in the next one: at the deputy's turn, or with the first revision of what is sent.
    An approval of the words that are gone is void, and so is what was decided about sentences of a note that changed.
    """
    waiting = None if draft.published_at is not None else await unit.approvals.of(draft.id)
    if waiting is None:
        return False
    is_new = (note is not None and note.number is None) or (voice is not None and not voice) or adds
    if is_new:
        return True
    changed = voice if voice is not None else None if note is None else {note.number}
    numbers = {number for one in (*waiting.editing.dropped, *waiting.editing.again) for number in one.notes}
    left = frozenset[str]() if changed is None else numbers - set(changed)
    await unit.approvals.keep(
        replace(
            waiting,
            turn=waiting.turn + 1,
            shown=EMPTIED,
            approved_by=None,
            approved_at=None,
            editing=waiting.editing.only_of(left),
        )
    )
    await unit.digests.keep(replace(draft, body={}, fingerprint=""))
    return True
