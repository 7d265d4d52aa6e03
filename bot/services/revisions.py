"""A note changed: a published digest of its day is called to be issued again, a draft of it is forgotten."""

from datetime import date, datetime

from bot.domain.feedback import Note, Voice, half_hour_from, reissue_due
from bot.domain.ids import Region
from bot.services.digest_subject import EDITION
from bot.services.held_drafts import held_back
from bot.services.interim import after_change, after_voice
from bot.services.unit import Unit


async def before_notes_change(unit: Unit) -> None:
    """To be called before the first note or voice is read to be changed.

    The tour comes before its notes, for whoever changes notes as for whoever makes a digest of them: in the other order
    each would hold what the other waits for (PostgreSQL ends one of two such transactions).
    """
    await unit.tours.share()


async def alone_with_notes(unit: Unit) -> None:
    """As `before_notes_change`, and no other note is changed until the transaction ends.

    For a transcript: whether the author wrote something meanwhile must still hold when the words are kept.
    """
    await unit.tours.hold()


async def note_changed(unit: Unit, note: Note, *, now: datetime) -> None:
    """Says that `note`, as it is now, came or changed. Withdrawals call at once, the rest at the next half hour."""
    due = now if note.withdrawn else reissue_due(now)
    await day_changed(unit, note.region, note.day, due=due, note=note)


async def voice_changed(unit: Unit, voice: Voice, region: Region, day: date, *, due: datetime) -> None:
    """Says that who speaks, or the name left, became another for all notes of a voice.

    An interim digest that shows none of them stays: who reads it learns nothing of a voice that they never saw.
    """
    notes = frozenset(note.number for note in await unit.notes.of_voice(voice.id) if note.number is not None)
    await day_changed(unit, region, day, due=due, voice=notes)


async def day_changed(
    unit: Unit,
    region: Region,
    day: date,
    *,
    due: datetime,
    note: Note | None = None,
    voice: frozenset[str] | None = None,
    adds: bool = False,
) -> None:
    """Calls the published digests of a region's day for `due`, which is never a note's time.

    A draft that nobody was sent may hold words that were just withdrawn: it is emptied at once, unless it is known to
    show none of what changed (`note`; `voice`: the numbers of a voice's notes; `adds`: nothing that was there did). Nobody is to read, by asking again, what
    somebody just did: staff's own notes too, as a draft that is made anew tells of all. To be called in the transaction
    that changes the notes, which began with `before_notes_change`: no digest of them is made until it ends.
    """
    for tour in await unit.tours.all():
        draft = await unit.digests.newest(tour.id, region, day)
        unsent = draft is not None and draft.published_at is None and draft.body
        if draft is not None and await held_back(unit, draft, note=note, voice=voice, adds=adds):
            continue  # nobody was ever sent a digest of this day: there is none to be called
        if draft is not None and unsent and not (adds and EDITION in draft.body):
            until = half_hour_from(due)
            left = (
                after_change(draft, note, until=until)
                if voice is None
                else after_voice(draft, voice, until=until)
            )
            if left != draft:
                await unit.digests.keep(left)
        if await unit.digests.newest_published(tour.id, region, day) is not None:
            await unit.digests.call_revision(tour.id, region, day, due)
