"""What a digest is made of: citation numbers are dealt, rows become the values that the pipeline takes in."""

import random
from datetime import date

from bot.digest.numbering import deal_numbers
from bot.domain.digest import DayNote
from bot.domain.ids import MeetingId, NoteId, Region
from bot.services.fingerprints import still_holds
from bot.services.unit import Unit
from storage.repositories.digests import StoredDigest
from storage.repositories.notes import SpokenNote

_CHANCE = random.SystemRandom()


async def deal(unit: Unit, region: Region, day: date) -> dict[NoteId, str]:
    """The citation numbers of a day's notes; those without one are dealt theirs (a write, with the tour held)."""
    numbers = await unit.notes.numbers_of(region, day)
    taken = {number for number in numbers.values() if number is not None}
    without = [note for note, number in numbers.items() if number is None]
    dealt = deal_numbers(region, without, taken, _CHANCE.shuffle)
    await unit.notes.deal(dealt)
    return {note: dealt.get(note) or number or "" for note, number in numbers.items()}


def next_revision(stored: StoredDigest | None, fingerprint: str) -> int:
    """The revision that a digest of these notes is: an unpublished draft is made over, what went out is not."""
    if stored is None:
        return 1
    if stored.published_at is None or still_holds(stored, fingerprint):
        return stored.revision
    return stored.revision + 1


def day_note(spoken: SpokenNote, number: str, meetings: dict[MeetingId, str]) -> DayNote:
    """`meetings`: the keys of the day's meetings."""
    note = spoken.note
    return DayNote(
        id=note.id,
        number=number,
        voice=note.voice,
        speaker=spoken.speaker,
        kind=note.kind,
        meeting=meetings.get(note.meeting) if note.meeting is not None else None,
        rating=note.rating,
        topic=note.topic,
        words=note.words,
        own_names=frozenset({spoken.name} if spoken.name else ()),
    )
