"""What happens to voice and pictures behind people's backs: fetched, made anew, written down, each step committed.

A job is claimed for LEASE; whoever lost the claim writes nothing, so that two processes, or one that was killed and started
again, never do a step twice. Nothing is fetched, decoded or transcribed within a transaction.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.domain.feedback import Note, reissue_due
from bot.domain.ids import hash_of
from bot.domain.media import LARGEST_FILE, LONGEST_TRANSCRIPT, MediaJob, MediaKind, MediaState
from bot.services.media_news import tell
from bot.services.media_tools import MediaTools
from bot.services.ports import (
    Clock,
    FileGone,
    Files,
    FileTooLarge,
    NotWrittenDown,
    SendError,
    SlowDown,
    Unreadable,
)
from bot.services.revisions import alone_with_notes, note_changed
from bot.services.side_by_side import all_ended
from bot.services.unit import OpenUnit, Unit
from storage.repositories.media import Content

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=10)
"""Longer than a step may take with all its time-outs; a job that was left by a crash rests for so long."""
WRITTEN_DOWN_WITHIN = timedelta(days=1)
"""Then a voice is kept as it is."""
WORTH_AN_ALERT = timedelta(minutes=10)
"""A voice that waits for its words so long needs an administrator: a key, a model's name, a server that is down."""
HANDS = 3
"""How many jobs are under way in one process."""
MOST_CRASHES = 3
"""A file that ends the process so often (a decoder's fault) is let alone."""
_FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=30)
_ORPHANS = 50


class MediaWork:
    """`planned` is called when somebody may have to be told something; `alert` tells administrators about an event."""

    def __init__(
        self,
        open_unit: OpenUnit,
        clock: Clock,
        tools: MediaTools,
        planned: Callable[[], None],
        alert: Callable[[str], None],
    ) -> None:
        self._open_unit = open_unit
        self._clock = clock
        self._tools = tools
        self._planned = planned
        self._alert = alert

    async def run(self) -> None:
        """Everything that is due. Safe to run in several processes at once."""
        async with self._open_unit(read_only=True) as unit:
            due = await unit.media.next_try()
            left = await unit.media.orphans(1)
        if left:
            await self._end_orphans()
        if self._tools.files is not None and due is not None and due <= self._clock.now():
            hands = [self._hand(self._tools.files) for _ in range(HANDS)]
            await all_ended(hands)

    async def _hand(self, files: Files) -> None:
        while (job := await self._claim()) is not None:
            try:
                await self._take_up(job, files)
            except (
                asyncio.CancelledError
            ):  # told to stop: the next process need not wait for the claim to end
                await self._put_off(job, timedelta())
                raise
            except Exception as error:  # noqa: BLE001 (whatever it was: the job is tried again, and others go on)
                log.error("media job failed", kind=job.kind, state=job.state, failure=type(error).__name__)  # noqa: TRY400 (no words of people in logs)
                await self._put_off(job, timedelta(), orderly=False)

    async def _claim(self) -> MediaJob | None:
        now = self._clock.now()
        async with self._open_unit() as unit:
            job = await unit.media.claim(now, now + LEASE)
            await unit.commit()
        return job

    async def _take_up(self, job: MediaJob, files: Files) -> None:
        if job.attempts > MOST_CRASHES or job.gives_up_at <= self._clock.now():
            await self._give_up(job)
        elif job.state is MediaState.FETCHED:
            await self._write_down(job)
        elif job.state is MediaState.AWAITED and job.file_id is not None:
            await self._fetch(job, job.file_id, files)
        else:
            await self._give_up(job)

    async def _fetch(self, job: MediaJob, file_id: str, files: Files) -> None:
        try:
            data = await files.fetch_file(file_id, limit=LARGEST_FILE)
        except (FileGone, FileTooLarge) as error:
            log.info("media not to be had", kind=job.kind, failure=type(error).__name__)
            await self._give_up(job)
        except SlowDown as slow:
            await self._put_off(job, slow.after)
        except SendError:
            await self._put_off(job, timedelta())
        else:
            await self._make_anew(job, data)

    async def _make_anew(self, job: MediaJob, data: bytes) -> None:
        try:
            if job.kind is MediaKind.PHOTO:
                picture = await asyncio.to_thread(self._tools.develop, data)
                await self._end(job, MediaState.KEPT, Content(picture.content, picture.mime))
                return
            sound = await asyncio.to_thread(self._tools.listen, data)
        except Unreadable:
            log.info("media not readable", kind=job.kind)
            await self._give_up(job)
            return
        content = Content(sound.content, sound.mime)
        if not sound.speech:
            await self._end(job, MediaState.SILENT, None if job.private else content)
        elif not self._tools.writes_down(private=job.private):
            await self._end(job, MediaState.KEPT, content)
        elif await self._fetched(job, content):
            await self._write_down(job)

    async def _fetched(self, job: MediaJob, content: Content) -> bool:
        """Keeps the voice; False when the job is ours no more."""
        async with self._open_unit() as unit:
            if await unit.media.held(job) is None:
                return False
            await unit.media.fetched(job, content, self._clock.now() + WRITTEN_DOWN_WITHIN)
            await unit.commit()
        return True

    async def _write_down(self, job: MediaJob) -> None:
        async with self._open_unit(read_only=True) as unit:
            content = await unit.media.content(job.medium)
        transcriber = self._tools.transcriber
        if content is None or transcriber is None or not self._tools.writes_down(private=job.private):
            await self._end(job, MediaState.KEPT, content)
            return
        try:
            words = await transcriber.write_down(content.data, content.mime)
        except NotWrittenDown as failure:
            log.warning("voice not written down", again=failure.again, reason=str(failure))
            if failure.again:
                if self._clock.now() - job.asked_at > WORTH_AN_ALERT or job.chat is None:
                    self._alert("voices_wait")
                await self._put_off(job, timedelta())
            else:
                await self._end(job, MediaState.KEPT, content)
            return
        await self._end(job, MediaState.TRANSCRIBED if words else MediaState.KEPT, content, words)

    async def _give_up(self, job: MediaJob) -> None:
        """What is here is kept as it is; what is not here will not come."""
        async with self._open_unit(read_only=True) as unit:
            content = await unit.media.content(job.medium)
        await self._end(job, MediaState.LOST if content is None else MediaState.KEPT, content)

    async def _end(self, job: MediaJob, state: MediaState, content: Content | None, words: str = "") -> None:
        """The last step: what is kept, what the note says now, and who is told, in one transaction."""
        now = self._clock.now()
        async with self._open_unit() as unit:
            await alone_with_notes(unit)
            held = await unit.media.held(job)
            owner = None if held is None else await unit.media.owner_of(job.medium)
            note = None if owner is None else await unit.notes.by_id(owner)
            if held is None or note is None:
                return
            if state is MediaState.TRANSCRIBED:
                note, state = await _with_transcript(unit, held, note, words, now=now)
            elif state is not MediaState.KEPT:
                await note_changed(unit, note, now=now)
            destroyed = state is MediaState.TRANSCRIBED and held.private
            await unit.media.finish(job.medium, state, None if destroyed else content)
            expected = self._tools.writes_down(private=held.private)
            told = await tell(unit, held, state, note, expected=expected, now=now)
            await unit.commit()
        if told:
            self._planned()

    async def _put_off(self, job: MediaJob, least: timedelta, *, orderly: bool = True) -> None:
        """Pauses grow with the time that it takes; those of somebody unknown end together with everybody's."""
        now = self._clock.now()
        if job.private and job.chat is None:
            at = reissue_due(now)
        else:
            at = now + max(least, _FIRST_PAUSE, min((now - job.asked_at) / 2, LONGEST_PAUSE))
            at = min(at, max(job.gives_up_at, now + _FIRST_PAUSE))  # an end that is said, in time
        async with self._open_unit() as unit:
            await unit.media.put_off(job, at, orderly=orderly)
            await unit.commit()

    async def _end_orphans(self) -> None:
        """Media whose job was destroyed before it was done: nobody is left who could be told."""
        async with self._open_unit() as unit:
            await alone_with_notes(unit)
            for medium in await unit.media.orphans(_ORPHANS):
                content = await unit.media.content(medium.id)
                state = MediaState.LOST if content is None else MediaState.KEPT
                await unit.media.finish(medium.id, state, content)
                note = await unit.notes.by_id(medium.note)
                if note is not None:
                    await note_changed(unit, note, now=self._clock.now())
            await unit.commit()


async def _with_transcript(
    unit: Unit, job: MediaJob, note: Note, words: str, *, now: datetime
) -> tuple[Note, MediaState]:
    """The note with the words, unless its author wrote something else meanwhile: that stands.

    Longer than anybody can have spoken, they are not believed, and the voice is kept.
    """
    heard = note.hearing(words)
    if len(heard.words) > LONGEST_TRANSCRIPT:
        return note, MediaState.KEPT
    if hash_of(note.words) != job.words_were:
        return note, MediaState.TRANSCRIBED
    await unit.notes.keep(heard)
    await unit.media.words_are(note.id, job.words_were, hash_of(heard.words))
    await note_changed(unit, heard, now=now)
    return heard, MediaState.TRANSCRIBED
