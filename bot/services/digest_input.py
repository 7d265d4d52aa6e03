"""What a digest is made of: citation numbers are dealt, rows become the values that the pipeline takes in."""

import asyncio
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from bot.digest.numbering import deal_numbers
from bot.domain.approval import Editing
from bot.domain.digest import DayInput, DayMeeting, DayNote
from bot.domain.ids import MeetingId, NoteId, Region
from bot.domain.media import Medium, why_without_words
from bot.domain.meeting import Meeting, in_order
from bot.services.digest_subject import EDITING, Prepared, RegionDay
from bot.services.fingerprints import fingerprint_of, still_holds
from bot.services.unit import Unit
from storage.repositories.digests import StoredDigest
from storage.repositories.notes import SpokenNote
from storage.repositories.triage import Sorted

FEW = 300
"""Notes of which a value is made on the event loop, in some milliseconds."""
_CHANCE = random.SystemRandom()


async def read_day(unit: Unit, subject: RegionDay) -> Prepared:
    """Reads what a digest is made of, dealing citation numbers to notes that have none (a write).

    Until the transaction ends nobody else does so for this tour, and its notes stay as they are.
    """
    tour = await unit.tours.held(subject.tour)
    meetings = in_order(await unit.meetings.of_day(subject.region, subject.day))
    spoken = await unit.notes.of_day(subject.region, subject.day)
    media = await unit.media.of_day(subject.region, subject.day)
    numbers = await deal(unit, subject.region, subject.day)
    read = await unit.readings.versions_of_day(subject.region, subject.day)
    sorted_as = await unit.triage.of_day(subject.region, subject.day)
    stored = await unit.digests.newest(subject.tour, subject.region, subject.day)
    names = await unit.people.names()
    editing = await editing_of(unit, stored)

    def told() -> tuple[DayInput, str]:
        day = DayInput(
            subject.region,
            subject.day,
            1,
            notes=_standing(spoken, numbers, meetings, media, read, sorted_as),
            meetings=_places(meetings),
            topics=tour.topics,
            withdrawn=sum(one.note.withdrawn for one in spoken),
            known_names=names,
        )
        day = replace(day, editing=editing.only_of({note.number for note in day.notes}))
        return day, fingerprint_of(day)

    day, fingerprint = told() if len(spoken) <= FEW else await asyncio.to_thread(told)
    day = replace(day, revision=next_revision(stored, fingerprint))
    gone = frozenset(numbers[one.note.id] for one in spoken if one.note.withdrawn)
    starts = tuple(meeting.start for meeting in meetings if not meeting.cancelled)
    return Prepared(subject, day, fingerprint, stored, gone, starts)


def _standing(
    spoken: Sequence[SpokenNote],
    numbers: Mapping[NoteId, str],
    meetings: Sequence[Meeting],
    media: Mapping[NoteId, Sequence[Medium]],
    read: Mapping[NoteId, str],
    sorted_as: Mapping[NoteId, Sorted],
) -> tuple[DayNote, ...]:
    """The notes that were not withdrawn."""
    keys = {meeting.id: meeting.plan.key for meeting in meetings}
    return tuple(
        replace(
            day_note(one, numbers[one.note.id], keys, media.get(one.note.id, ())),
            read_by=read.get(one.note.id, ""),
            sorted_as=sorted_as[one.note.id].topic if one.note.id in sorted_as else None,
        )
        for one in spoken
        if not one.note.withdrawn
    )


def _places(meetings: Sequence[Meeting]) -> tuple[DayMeeting, ...]:
    standing = [meeting for meeting in meetings if not meeting.cancelled]
    return tuple(DayMeeting(one.plan.key, one.title, order) for order, one in enumerate(standing))


async def editing_of(unit: Unit, newest: StoredDigest | None) -> Editing:
    """What was decided about the sentences of a day: about its draft, or of what was sent."""
    if newest is None:
        return Editing()
    if newest.published_at is None and (waiting := await unit.approvals.of(newest.id)) is not None:
        return waiting.editing
    sent = newest
    if newest.published_at is None:
        sent = await unit.digests.newest_published(newest.tour, newest.region, newest.day) or newest
    return Editing.from_json(sent.body.get(EDITING))


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


def day_note(
    spoken: SpokenNote,
    number: str,
    meetings: dict[MeetingId, str],
    media: Iterable[Medium] = (),
) -> DayNote:
    """`meetings`: the keys of the day's meetings; `media`: what the note holds besides words."""
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
        unworded=why_without_words(media),
        heard=note.heard,
        own_names=frozenset({spoken.name} if spoken.name else ()),
        source=note.source,
    )
