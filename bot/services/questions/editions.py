"""Which notes a question may be answered from: those that reports tell of which the asker may read now, and no other.

Of a day that was sent: the notes of what was sent, until its next revision is due. Of a day to come: the notes of the
interim edition that stands (decision 23), never one that came since. None that a report sets aside, of which an editor left
a sentence out, or that was withdrawn; none that says something else by now. So whoever asks, however narrowly, reads what a report might have quoted, and sees
no note come or go before readers of reports do.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain.approval import Editing
from bot.domain.digest import SHIELD_BELOW, DayInput, DayMeeting, Digest, FindingKind
from bot.domain.feedback import Speaker
from bot.domain.ids import Region
from bot.domain.person import Action, Person
from bot.services.digest_days import DigestDays
from bot.services.digest_input import day_note
from bot.services.digest_subject import EDITING, EDITION
from bot.services.digests import digest_of
from bot.services.errata import note_hashes, sent_in
from bot.services.fingerprints import hash_of_note
from bot.services.interim import edition_of
from bot.services.note_reading import topics_of
from bot.services.unit import Unit
from storage.repositories.digests import StoredDigest
from storage.repositories.notes import SpokenNote

Place = tuple[Region, date]


@dataclass(frozen=True, slots=True)
class OpenDay:
    """A region's day that somebody may read: its digest's id, and its notes by number with a hash of all that each says.

    `named`: the groups that are large enough to be named that day; `unnamed`: notes whose speaker is not told; `sent`: it is
    the day's report, not an interim one.
    """

    digest: str
    region: Region
    day: date
    notes: Mapping[str, str]
    voices: int
    named: frozenset[Speaker]
    unnamed: frozenset[str]
    sent: bool = True

    @property
    def place(self) -> Place:
        return self.region, self.day

    def speaker_of(self, number: str, speaker: Speaker) -> Speaker | None:
        """Who speaks, where a report would say it (bot.digest.write)."""
        return speaker if speaker in self.named and number not in self.unnamed else None


async def open_days(
    unit: Unit, days: DigestDays, person: Person, span: tuple[date, date], *, now: datetime
) -> dict[Place, OpenDay]:
    """The days of `span` whose reports somebody may read now."""
    found: dict[Place, OpenDay] = {}
    for ident, region in await unit.digests.with_words(*span):
        if person.may(Action.READ_DIGEST, region):
            stored = await unit.digests.by_id(ident)
            opened = None if stored is None else await open_day(unit, days, stored, now=now)
            if opened is not None:
                found[opened.place] = opened
    return found


async def open_day(unit: Unit, days: DigestDays, stored: StoredDigest, *, now: datetime) -> OpenDay | None:
    """What this revision shows readers now; None where it is not what they are shown."""
    if not stored.readable:
        return None
    told = await _told(unit, days, stored, now)
    digest = digest_of(stored)
    left_out = Editing.from_json(stored.body.get(EDITING)).dropped
    shown = _shown(digest) - {number for one in left_out for number in one.notes}
    notes = {number: hash_ for number, hash_ in told.items() if number in shown}
    return _opened(stored, digest, notes) if notes else None


async def _told(unit: Unit, days: DigestDays, stored: StoredDigest, now: datetime) -> dict[str, str]:
    """The notes by which it was made, with a hash of each; none where readers are shown something else."""
    key = (stored.tour, stored.region, stored.day)
    if stored.published_at is not None:
        called, sent = await unit.digests.called(*key), sent_in(stored)
        return {} if sent is None or (called is not None and now >= called) else dict(sent.notes)
    stands = EDITION in stored.body and now < days.due_at(stored.day)
    if not stands or await unit.digests.newest_published(*key) is not None:
        return {}
    return {number: one[0] for number, one in edition_of(stored).shown.items() if one[0]}


def _opened(stored: StoredDigest, digest: Digest, notes: Mapping[str, str]) -> OpenDay:
    counted = digest.numbers.by_speaker
    return OpenDay(
        digest=stored.id,
        region=stored.region,
        day=stored.day,
        notes=notes,
        voices=digest.numbers.voices,
        named=frozenset(one for one, voices in counted.items() if voices >= SHIELD_BELOW) | {Speaker.STAFF},
        unnamed=_unnamed(digest),
        sent=stored.published_at is not None,
    )


def _shown(digest: Digest) -> frozenset[str]:
    """The notes that it tells of: those that it sets aside are none of them."""
    ledger = digest.ledger
    merged = (number for one in ledger.merged for number in one.notes)
    return frozenset((*ledger.cited, *ledger.covered, *ledger.unplaced, *merged))


def _unnamed(digest: Digest) -> frozenset[str]:
    """Minority views, and words that several said alike: no speaker stands beside them in a report either."""
    findings = (*digest.minority, *(one for theme in digest.themes for one in theme.findings))
    apart = {number for one in findings if one.kind is FindingKind.MINORITY for number in one.notes}
    alike = {number for one in digest.ledger.merged for number in (one.into, *one.notes)}
    return frozenset(apart | alike)


async def standing(unit: Unit, day: OpenDay, spoken: Collection[SpokenNote]) -> DayInput:
    """Those of the notes that still say what the report tells, as the digest's pipeline takes them in."""
    meetings = await unit.meetings.of_day(day.region, day.day)
    media = await unit.media.of_day(day.region, day.day)
    keys = {meeting.id: meeting.plan.key for meeting in meetings}
    notes = [
        day_note(one, one.note.number or "", keys, media.get(one.note.id, ()))
        for one in spoken
        if one.note.number in day.notes
    ]
    told = DayInput(
        region=day.region,
        day=day.day,
        revision=1,
        notes=tuple(notes),
        meetings=tuple(
            DayMeeting(one.plan.key, one.title, order)
            for order, one in enumerate(one for one in meetings if not one.cancelled)
        ),
        topics=await topics_of(unit, day.region, day.day),
        known_names=await unit.people.names(),
    )
    hashes = note_hashes(told) if day.sent else {note.number: hash_of_note(note) for note in notes}
    return replace(told, notes=tuple(note for note in notes if hashes[note.number] == day.notes[note.number]))
