"""What staff write down in the field: plain words find their meeting, and buttons say what they are.

Staff write under their own name (`voices.person_id`), one voice a person and meeting; what a note said before a
change is kept as a revision, until the note is taken back.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.dialogue import alive
from bot.domain.errors import ButtonUnknown, NotAllowed
from bot.domain.feedback import Note, NoteKind, Source, Speaker, Voice
from bot.domain.ids import MeetingId, NoteId, Region, VoiceId, new_id
from bot.domain.meeting import Meeting
from bot.domain.person import Action, Person
from bot.domain.schedule import meeting_for_note, of_today
from bot.domain.staff_note import MARKS, Choice, Filed, NoMeeting, NoteWithdrawn, WordsGone, WordsWait
from bot.services.revisions import before_notes_change, note_changed
from bot.services.unit import Unit
from storage.repositories.dialogues import Dialogue

MOST_CHOICES = 10
LOOKS_BACK = timedelta(days=2)
"""How far back a meeting may lie to be offered: notes are often put down the next morning."""
_WORDS_WAIT, _NEXT_WORDS, _NEW_WORDS = "notes.choose", "notes.at", "notes.change"


class StaffNotes:
    """Every method asks anew whether the person may file notes in the meeting's region (NotAllowed)."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    async def write(self, unit: Unit, person: Person, words: str, *, now: datetime) -> Filed | Choice:
        """Plain words: the answer to a question of ours, or a new note at the meeting in progress or just ended.

        Raises NotAllowed, NoMeeting, WordsTooLong.
        """
        person.require_somewhere(Action.FILE_NOTE)
        step, subject = await self._asked(unit, person, now)
        if step == _WORDS_WAIT:  # two messages in a row: they wait together, none takes the other's place
            return await self._let_wait(unit, person, f"{subject}\n{words}", now)
        if step is not None:
            await unit.dialogues.drop(person.chat)
        if step == _NEW_WORDS:
            return await self._change(unit, person, NoteId(subject), lambda note: note.saying(words), now=now)
        if step == _NEXT_WORDS:
            return await self._file(unit, person, MeetingId(subject), words, now)
        meeting = meeting_for_note(await self._meetings(unit, person, now), now)
        if meeting is not None:
            return await self._file(unit, person, meeting.id, words, now)
        return await self._let_wait(unit, person, words, now)

    async def choose(self, unit: Unit, person: Person, meeting: MeetingId, *, now: datetime) -> Filed:
        """The meeting of the words that wait. Raises WordsGone."""
        step, words = await self._asked(unit, person, now)
        if step != _WORDS_WAIT:
            raise WordsGone
        await unit.dialogues.drop(person.chat)
        return await self._file(unit, person, meeting, words, now)

    async def offer(self, unit: Unit, person: Person, *, now: datetime) -> tuple[Meeting, ...]:
        """Today's meetings of the person's regions, to choose one for the next words."""
        person.require_somewhere(Action.FILE_NOTE)
        today = of_today(await self._meetings(unit, person, now), now, self._zone)
        return tuple(meeting for meeting in today if not meeting.cancelled)

    async def aim(self, unit: Unit, person: Person, meeting: MeetingId, *, now: datetime) -> Filed | Meeting:
        """The next words go to this meeting, within fifteen minutes; words that wait already are filed there."""
        step, _ = await self._asked(unit, person, now)
        if step == _WORDS_WAIT:
            return await self.choose(unit, person, meeting, now=now)
        aimed = await self._meeting(unit, person, meeting)
        await self._ask(unit, person, _NEXT_WORDS, aimed.id, now)
        return aimed

    async def show(self, unit: Unit, person: Person, note: NoteId) -> Filed:
        """A note of one's own. Raises ButtonUnknown for any other."""
        return await self._filed(unit, person, note)

    async def mark(self, unit: Unit, person: Person, note: NoteId, kind: NoteKind, *, now: datetime) -> Filed:
        """Says what the note is, or something else than before."""
        if kind not in MARKS:
            raise ButtonUnknown
        return await self._change(unit, person, note, lambda one: one.marked(kind), now=now)

    async def set_topic(
        self, unit: Unit, person: Person, note: NoteId, topic: str | None, *, now: datetime
    ) -> Filed:
        """Files the note under a topic of the tour, or under none."""
        filed = await self._filed(unit, person, note)
        if topic is not None and topic not in {one.key for one in filed.topics}:
            raise ButtonUnknown
        return await self._change(unit, person, note, lambda one: one.on_topic(topic), now=now)

    async def ask_words(self, unit: Unit, person: Person, note: NoteId, *, now: datetime) -> Filed:
        """The next words take the place of this note's. Raises WordsWait."""
        filed = await self._filed(unit, person, note)
        _require_standing(filed.note)
        step, _ = await self._asked(unit, person, now)
        if step == _WORDS_WAIT:
            raise WordsWait
        await self._ask(unit, person, _NEW_WORDS, filed.note.id, now)
        return filed

    async def keep_as_is(self, unit: Unit, person: Person, note: NoteId, *, now: datetime) -> Filed:
        """The question in hand about this note is dropped."""
        step, subject = await self._asked(unit, person, now)
        if step == _NEW_WORDS and subject == note:
            await unit.dialogues.drop(person.chat)
        return await self._filed(unit, person, note)

    async def elsewhere(
        self, unit: Unit, person: Person, note: NoteId, *, now: datetime
    ) -> tuple[Meeting, ...]:
        """The meetings that a note could belong to instead."""
        filed = await self._filed(unit, person, note)
        _require_standing(filed.note)
        choices = self._begun(await self._meetings(unit, person, now), now)
        return tuple(meeting for meeting in choices if meeting.id != filed.meeting.id)

    async def move(self, unit: Unit, person: Person, note: NoteId, key: MeetingId, *, now: datetime) -> Filed:
        """Files the note under another meeting: with another voice, and maybe on another day or in another region."""
        await before_notes_change(unit)
        filed = await self._filed(unit, person, note)
        _require_standing(filed.note)
        meeting = await self._meeting(unit, person, key)
        voice = await self._voice(unit, person, meeting)
        old = filed.note
        same_day = (old.region, old.day) == (meeting.region, meeting.day)
        moved = replace(
            old,
            voice=voice,
            meeting=meeting.id,
            region=meeting.region,
            day=meeting.day,
            number=old.number if same_day else None,
        )
        await unit.notes.keep(moved)
        if voice != old.voice:
            await unit.voices.remove_if_silent(old.voice)
        for changed in (old, moved):
            await note_changed(unit, changed, now=now)
        return await self._filed(unit, person, note)

    async def withdraw(self, unit: Unit, person: Person, note: NoteId, *, now: datetime) -> Filed:
        """Takes the note back; what it said, now and before, is destroyed. Repeated, it changes nothing."""
        await before_notes_change(unit)
        filed = await self._filed(unit, person, note)
        if filed.note.withdrawn:
            return filed
        gone = filed.note.taken_back()
        await unit.notes.keep(gone)
        await unit.notes.forget_revisions(note)
        await note_changed(unit, gone, now=now)
        return replace(filed, note=gone)

    async def _change(
        self, unit: Unit, person: Person, note: NoteId, change: Callable[[Note], Note], *, now: datetime
    ) -> Filed:
        await before_notes_change(unit)
        filed = await self._filed(unit, person, note)
        old = filed.note
        _require_standing(old)
        changed = change(old)
        if changed != old:
            if (changed.words, changed.kind) != (old.words, old.kind):
                await unit.notes.record_revision(new_id(), note, old.words, old.kind, now)
            await unit.notes.keep(changed)
            await note_changed(unit, changed, now=now)
        return replace(filed, note=changed)

    async def _file(self, unit: Unit, person: Person, key: MeetingId, words: str, now: datetime) -> Filed:
        await before_notes_change(unit)
        meeting = await self._meeting(unit, person, key)
        note = _blank(meeting, await self._voice(unit, person, meeting)).saying(words)
        await unit.notes.keep(note)
        await note_changed(unit, note, now=now)
        return Filed(note, meeting, (await unit.tours.by_id(meeting.tour)).topics)

    async def _voice(self, unit: Unit, person: Person, meeting: Meeting) -> VoiceId:
        known = await unit.voices.of_staff(person.id, meeting.id)
        if known is not None:
            return known.id
        voice = Voice(VoiceId(new_id()), meeting.id, Speaker.STAFF)
        await unit.voices.keep(voice, person=person.id)
        return voice.id

    async def _filed(self, unit: Unit, person: Person, note: NoteId) -> Filed:
        own = await unit.notes.of_person(person.id, note)
        if own is None or own.meeting is None:
            raise ButtonUnknown
        meeting = await self._meeting(unit, person, own.meeting)
        return Filed(own, meeting, (await unit.tours.by_id(meeting.tour)).topics)

    async def _meeting(self, unit: Unit, person: Person, key: MeetingId) -> Meeting:
        meeting = await unit.meetings.by_id(key)
        if meeting is None:
            raise NotAllowed
        person.require(Action.FILE_NOTE, meeting.region)
        return meeting

    async def _meetings(self, unit: Unit, person: Person, now: datetime) -> list[Meeting]:
        """The meetings of the person's regions from two days ago until today."""
        regions: set[Region] = set(person.regions_for(Action.FILE_NOTE, await unit.meetings.regions()))
        today: date = now.astimezone(self._zone).date()
        between = await unit.meetings.between(today - LOOKS_BACK, today)
        return [meeting for meeting in between if meeting.region in regions]

    def _begun(self, meetings: Sequence[Meeting], now: datetime) -> tuple[Meeting, ...]:
        """Newest first: what words could be about."""
        begun = [meeting for meeting in meetings if not meeting.cancelled and meeting.start <= now]
        return tuple(reversed(begun))[:MOST_CHOICES]

    async def _let_wait(self, unit: Unit, person: Person, words: str, now: datetime) -> Choice:
        choices = self._begun(await self._meetings(unit, person, now), now)
        if not choices:
            raise NoMeeting
        _blank(choices[0], VoiceId("")).saying(words)  # too long is said now, not after choosing
        await self._ask(unit, person, _WORDS_WAIT, words, now)
        return Choice(choices)

    async def _asked(self, unit: Unit, person: Person, now: datetime) -> tuple[str | None, str]:
        """What we asked of this person less than fifteen minutes ago, and about what."""
        dialogue = await unit.dialogues.of(person.chat)
        asks = (_WORDS_WAIT, _NEXT_WORDS, _NEW_WORDS)
        if dialogue is None or dialogue.step not in asks or not alive(dialogue.last_step_at, now):
            return None, ""
        return dialogue.step, dialogue.state["subject"]

    async def _ask(self, unit: Unit, person: Person, step: str, subject: str, now: datetime) -> None:
        row = Dialogue(person.chat, step, {"subject": subject}, private=False, last_step_at=now)
        await unit.dialogues.keep(row)


def _blank(meeting: Meeting, voice: VoiceId) -> Note:
    return Note(NoteId(new_id()), voice, meeting.id, meeting.region, meeting.day, Source.STAFF)


def _require_standing(note: Note) -> None:
    if note.withdrawn:
        raise NoteWithdrawn
