"""What staff write down in the field: plain words find their meeting, and buttons say what they are.

Staff write under their own name (`voices.person_id`), one voice a person and meeting; what a note said before a
change is kept as a revision, until the note is taken back.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.errors import ButtonUnknown
from bot.domain.feedback import Note, NoteKind, Source, Speaker, Voice
from bot.domain.ids import MeetingId, NoteId, VoiceId, new_id
from bot.domain.media import MOST_OF_A_NOTE, Sent, TooMany, WriteInstead
from bot.domain.meeting import Meeting
from bot.domain.person import Action, Person
from bot.domain.schedule import meeting_for_note, of_today
from bot.domain.staff_note import MARKS, Choice, Filed, NoMeeting, NoteWithdrawn, WordsGone, WordsWait
from bot.services.media_jobs import Author, order
from bot.services.revisions import before_notes_change, note_changed
from bot.services.staff_meetings import begun, meeting_of, recent
from bot.services.staff_waiting import NEW_WORDS, NEXT_WORDS, WORDS_WAIT, ask, asked
from bot.services.unit import Unit


class StaffNotes:
    """Every method asks anew whether the person may file notes in the meeting's region (NotAllowed)."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    async def write(
        self, unit: Unit, person: Person, words: str, *, now: datetime, sent: Sent | None = None
    ) -> Filed | Choice:
        """Plain words: the answer to a question of ours, or a new note at the meeting in progress or just ended.

        `sent` is the file that the words came with, be they empty; another one of an album joins the first.
        Raises NotAllowed, NoMeeting, WordsTooLong, TooLarge, TooLong, TooMany, WriteInstead.
        """
        person.require_somewhere(Action.FILE_NOTE)
        open_question = await asked(unit, person, now)
        step, files = open_question.step, (() if sent is None else (sent,))
        if sent is not None:
            sent.require_fit()
            if step == NEW_WORDS:
                raise WriteInstead
            first = sent.album and await unit.media.note_of_album(person.id, sent.album)
            if first:
                return await self._join(unit, person, NoteId(first), sent, now)
        if step == WORDS_WAIT:  # two messages in a row: they wait together, none takes the other's place
            words = f"{open_question.subject}\n{words}".strip()
            return await self._let_wait(unit, person, words, (*open_question.files, *files), now)
        if step is not None:
            await unit.dialogues.drop(person.chat)
        subject = open_question.subject
        if step == NEW_WORDS:
            return await self._change(unit, person, NoteId(subject), lambda note: note.saying(words), now=now)
        if step == NEXT_WORDS:
            return await self._file(unit, person, MeetingId(subject), words, files, now)
        meeting = meeting_for_note(await recent(unit, person, self._zone, now), now)
        if meeting is not None:
            return await self._file(unit, person, meeting.id, words, files, now)
        return await self._let_wait(unit, person, words, files, now)

    async def choose(self, unit: Unit, person: Person, meeting: MeetingId, *, now: datetime) -> Filed:
        """The meeting of what waits. Raises WordsGone."""
        waiting = await asked(unit, person, now)
        if waiting.step != WORDS_WAIT:
            raise WordsGone
        await unit.dialogues.drop(person.chat)
        return await self._file(unit, person, meeting, waiting.subject, waiting.files, now)

    async def offer(self, unit: Unit, person: Person, *, now: datetime) -> tuple[Meeting, ...]:
        """Today's meetings of the person's regions, to choose one for the next words."""
        person.require_somewhere(Action.FILE_NOTE)
        today = of_today(await recent(unit, person, self._zone, now), now, self._zone)
        return tuple(meeting for meeting in today if not meeting.cancelled)

    async def aim(self, unit: Unit, person: Person, meeting: MeetingId, *, now: datetime) -> Filed | Meeting:
        """The next words go to this meeting, within fifteen minutes; words that wait already are filed there."""
        if (await asked(unit, person, now)).step == WORDS_WAIT:
            return await self.choose(unit, person, meeting, now=now)
        aimed = await meeting_of(unit, person, meeting)
        await ask(unit, person, NEXT_WORDS, aimed.id, now)
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
        if (await asked(unit, person, now)).step == WORDS_WAIT:
            raise WordsWait
        await ask(unit, person, NEW_WORDS, filed.note.id, now)
        return filed

    async def keep_as_is(self, unit: Unit, person: Person, note: NoteId, *, now: datetime) -> Filed:
        """The question in hand about this note is dropped."""
        question = await asked(unit, person, now)
        if question.step == NEW_WORDS and question.subject == note:
            await unit.dialogues.drop(person.chat)
        return await self._filed(unit, person, note)

    async def elsewhere(
        self, unit: Unit, person: Person, note: NoteId, *, now: datetime
    ) -> tuple[Meeting, ...]:
        """The meetings that a note could belong to instead."""
        filed = await self._filed(unit, person, note)
        _require_standing(filed.note)
        choices = begun(await recent(unit, person, self._zone, now), now)
        return tuple(meeting for meeting in choices if meeting.id != filed.meeting.id)

    async def move(self, unit: Unit, person: Person, note: NoteId, key: MeetingId, *, now: datetime) -> Filed:
        """Files the note under another meeting: with another voice, and maybe on another day or in another region."""
        await before_notes_change(unit)
        filed = await self._filed(unit, person, note)
        _require_standing(filed.note)
        meeting = await meeting_of(unit, person, key)
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
        return replace(filed, note=gone, media=())

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

    async def _file(
        self, unit: Unit, person: Person, key: MeetingId, words: str, files: Sequence[Sent], now: datetime
    ) -> Filed:
        await before_notes_change(unit)
        meeting = await meeting_of(unit, person, key)
        note = _blank(meeting, await self._voice(unit, person, meeting)).saying(words)
        await unit.notes.keep(note)
        await order(unit, note, files, Author(person.chat, person.language), now=now)
        await note_changed(unit, note, now=now)
        return await self._filed(unit, person, note.id)

    async def _join(self, unit: Unit, person: Person, note: NoteId, sent: Sent, now: datetime) -> Filed:
        """Another file of an album; its words, if it has any, stand behind those of the first."""
        await before_notes_change(unit)
        filed = await self._filed(unit, person, note)
        _require_standing(filed.note)
        if len(filed.media) >= MOST_OF_A_NOTE:
            raise TooMany
        if sent.words:
            words = f"{filed.note.words}\n{sent.words}"
            filed = await self._change(unit, person, note, lambda one: one.saying(words), now=now)
        await order(unit, filed.note, [sent], Author(person.chat, person.language), now=now)
        return replace(await self._filed(unit, person, note), joined=True)

    async def _voice(self, unit: Unit, person: Person, meeting: Meeting) -> VoiceId:
        known = await unit.voices.of_staff(person.id, meeting.id)
        if known is not None:
            return known.id
        voice = Voice(VoiceId(new_id()), meeting.id, Speaker.STAFF)
        await unit.voices.keep(voice, person=person.id)
        return voice.id

    async def _filed(self, unit: Unit, person: Person, note: NoteId) -> Filed:
        person.require_somewhere(Action.FILE_NOTE)
        own = await unit.notes.of_person(person.id, note)
        if own is None or own.meeting is None:
            raise ButtonUnknown
        meeting = await meeting_of(unit, person, own.meeting)
        topics = (await unit.tours.by_id(meeting.tour)).topics
        return Filed(own, meeting, topics, await unit.media.of_note(note))

    async def _let_wait(
        self, unit: Unit, person: Person, words: str, files: Sequence[Sent], now: datetime
    ) -> Choice:
        choices = begun(await recent(unit, person, self._zone, now), now)
        if not choices:
            raise NoMeeting
        _blank(choices[0], VoiceId("")).saying(words)  # too long is said now, not after choosing
        if len(files) > MOST_OF_A_NOTE:
            raise TooMany
        await ask(unit, person, WORDS_WAIT, words, now, files)
        return Choice(choices)


def _blank(meeting: Meeting, voice: VoiceId) -> Note:
    return Note(NoteId(new_id()), voice, meeting.id, meeting.region, meeting.day, Source.STAFF)


def _require_standing(note: Note) -> None:
    if note.withdrawn:
        raise NoteWithdrawn
