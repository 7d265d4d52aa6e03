"""The work on files that were sent, one committed step at a time: fetch, look at, apply. Safe to be killed anywhere.

Nothing of the network and no reading of a file happens within a transaction.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import structlog

from bot.domain.access_log import Why
from bot.domain.delivery import DeliveryKind, Draft, notice_key
from bot.domain.errors import NotAllowed, Refusal
from bot.domain.incoming import BIGGEST_FILE, IncomingFile, IncomingState
from bot.domain.person import Person
from bot.domain.reading import NotesTable, TableKind, TourTable
from bot.domain.tables.text import FileRefused
from bot.domain.values import Phrase
from bot.services.files.applying import Applying
from bot.services.files.intake import may_send
from bot.services.files.said import Speaking, refusal
from bot.services.files.weighing import Table, Weighing
from bot.services.ports import Clock, FileGone, Files, FileTooLarge, SendError, SlowDown
from bot.services.saying import Recipient, plan
from bot.services.unit import OpenUnit, Unit
from storage.repositories.audit import AuditEntry

log = structlog.get_logger(__name__)

PAUSES = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10))
"""Five attempts at a step; the file lives an hour."""
LEASE = timedelta(minutes=5)
"""How long a step may take before another process takes the file over; a download ends after two."""
REPORT = "import_report"
"""The kind of document that a long preview is."""


class FileWork:
    """Takes the steps that are due. `files` None: nothing can be fetched here."""

    def __init__(
        self,
        open_unit: OpenUnit,
        files: Files | None,
        weighing: Weighing,
        applying: Applying,
        speaking: Speaking,
        clock: Clock,
        planned: Callable[[], None],
    ) -> None:
        """`planned` is called when a step was taken: something is said after most."""
        self._open_unit = open_unit
        self._files = files
        self._weighing = weighing
        self._applying = applying
        self._speaking = speaking
        self._clock = clock
        self._planned = planned
        self._begun = False

    async def run(self) -> None:
        """A tick's job."""
        if await self.take():
            self._planned()

    async def take(self) -> int:
        """Every step that is due, until none is. How many were taken."""
        await self._take_over()
        steps = 0
        while True:
            async with self._open_unit(read_only=True) as unit:
                due = await unit.incoming.due(self._clock.now(), 1)
            if not due:
                return steps
            await self._step(due[0])
            steps += 1

    async def _take_over(self) -> None:
        """What a killed process had begun is gone on with at once: one process works on files (`run` is alone)."""
        if self._begun:
            return
        async with self._open_unit() as unit:
            await unit.incoming.let_go(self._clock.now())
            await unit.commit()
        self._begun = True

    async def _step(self, ident: str) -> None:
        now = self._clock.now()
        async with self._open_unit() as unit:
            file = await unit.incoming.claim(ident, now, now + LEASE)
            await unit.commit()
        if file is None:
            return
        try:
            await self._work_on(file)
        except Refusal as why:
            await self._refuse(file, Phrase(why.key, why.values))
        except SendError as error:
            await self._later(file, error, "files.unreachable")
        except Exception as error:  # noqa: BLE001 (counted and tried again; one file must not stand in the others' way)
            await self._later(file, error, "files.failed")

    async def _work_on(self, file: IncomingFile) -> None:
        if file.attempts > 1 + len(PAUSES):
            raise FileRefused("files.failed")
        match file.state:
            case IncomingState.RECEIVED:
                await self._fetch(file)
            case IncomingState.FETCHED:
                await self._preview(file)
            case IncomingState.CONFIRMED:
                await self._apply(file)

    async def _fetch(self, file: IncomingFile) -> None:
        if self._files is None or file.file_id is None:
            raise FileRefused("files.unreachable")
        try:
            content = await self._files.fetch_file(file.file_id, limit=BIGGEST_FILE)
        except FileGone:
            raise FileRefused("files.gone") from None
        except FileTooLarge:
            raise FileRefused("import.file_too_large", {"limit": BIGGEST_FILE // 1_000_000}) from None
        async with self._open_unit() as unit:
            if await self._still(unit, file):
                await unit.incoming.put_content(file.id, content)
                await unit.incoming.keep(self._next(file, IncomingState.FETCHED))
                await unit.commit()

    async def _preview(self, file: IncomingFile) -> None:
        person, table = await self._read(file)
        now = self._clock.now()
        async with self._open_unit(read_only=True) as unit:
            weighed = await self._weighing.weigh(unit, table, person, now=now)
        next_one = self._next(file, IncomingState.PREVIEWED)
        shown = self._speaking.preview(next_one, table, weighed, person.language, now)
        async with self._open_unit() as unit:
            if not await self._still(unit, file):
                return
            known = await unit.people.by_id(file.person)
            if (
                known is None or known.grants != person.grants
            ):  # weighed for what they may not bring in any more
                await unit.incoming.keep(replace(file, attempts=0, next_try_at=now))
                await unit.commit()
                return
            if weighed.changes_nothing:
                await unit.incoming.end(file.id, IncomingState.DROPPED)
            else:
                kind = TableKind.TOUR if isinstance(table, TourTable) else TableKind.NOTES
                await unit.incoming.keep(replace(next_one, kind=kind, preview=weighed.fingerprint))
                await unit.incoming.put_report(file.id, shown.report)
            await self._say(unit, next_one, person, shown.draft, "preview")
            if shown.report is not None:
                needs = shown.draft.needs
                report = Draft(
                    "files.report_sent", document=f"{REPORT}:{file.id}", needs=needs, needs_all=True
                )
                await self._say(unit, replace(next_one, card=None), person, report, "report")
            details = {"rows": len(table.notes if isinstance(table, NotesTable) else table.plans)}
            entry = AuditEntry(now, person.id, "file_previewed", file.id, details, file.id, Why.IMPORT)
            await unit.audit.record(entry)
            await unit.commit()

    async def _apply(self, file: IncomingFile) -> None:
        """As it was shown, or not at all: what would be done now is compared with what was shown then.

        Rights count as they are in the transaction that applies: reading takes a second, in which one may be ended.
        """
        _, table = await self._read(file)
        now = self._clock.now()
        async with self._open_unit() as unit:
            await self._applying.before(unit, table)
            if not await self._still(unit, file):
                return
            person = await unit.people.by_id(file.person)
            if person is None or not may_send(person):
                raise NotAllowed
            weighed = await self._weighing.weigh(unit, table, person, now=now)
            if weighed.fingerprint != file.preview:
                await unit.incoming.keep(self._next(file, IncomingState.FETCHED))
                await unit.commit()
                return
            await self._applying.apply(unit, file, weighed, person, now=now)
            await unit.incoming.end(file.id, IncomingState.APPLIED)
            done = self._speaking.applied(weighed, cancelled=file.cancels, language=person.language, now=now)
            await self._say(unit, file, person, done, "done")
            await unit.commit()

    async def _read(self, file: IncomingFile) -> tuple[Person, Table]:
        """Raises NotAllowed, FileRefused, KindUnknown."""
        async with self._open_unit(read_only=True) as unit:
            person = await unit.people.by_id(file.person)
            content = await unit.incoming.content(file.id)
            topics = await self._weighing.topics(unit)
        if person is None or content is None or not may_send(person):
            raise NotAllowed
        return person, await asyncio.to_thread(self._weighing.read, content, topics)

    async def _still(self, unit: Unit, file: IncomingFile) -> bool:
        """Whether nobody has gone on with the file since it was claimed; locks it."""
        now_there = await unit.incoming.by_id(file.id)
        return now_there is not None and (now_there.state, now_there.attempts) == (file.state, file.attempts)

    def _next(self, file: IncomingFile, state: IncomingState) -> IncomingFile:
        return replace(
            file, state=state, attempts=0, step=file.step + 1, next_try_at=self._clock.now(), cancels=False
        )

    async def _refuse(self, file: IncomingFile, why: Phrase) -> None:
        async with self._open_unit() as unit:
            person = await unit.people.by_id(file.person)
            if person is None or not await self._still(unit, file):
                return
            await unit.incoming.end(file.id, IncomingState.REFUSED)
            await self._say(unit, file, person, refusal(file, why), "refused")
            await unit.commit()

    async def _later(self, file: IncomingFile, error: Exception, at_last: str) -> None:
        """Tries again after a while, or gives up in words."""
        log.warning("file step failed", state=file.state.value, failure=type(error).__name__)
        if file.attempts > len(PAUSES):
            await self._refuse(file, Phrase(at_last))
            return
        pause = error.after if isinstance(error, SlowDown) else PAUSES[file.attempts - 1]
        async with self._open_unit() as unit:
            if await self._still(unit, file):
                await unit.incoming.keep(replace(file, next_try_at=self._clock.now() + pause))
                await unit.commit()

    async def _say(self, unit: Unit, file: IncomingFile, person: Person, draft: Draft, what: str) -> None:
        """In the message of an earlier preview when there is one."""
        kind = DeliveryKind.REPLY if file.card is None else DeliveryKind.EDIT
        key = notice_key("file", f"{file.id}:{file.step}:{what}")
        to = Recipient(file.chat, person.language, person.id)
        await plan(unit, kind, key, to, replace(draft, edits=file.card), now=self._clock.now())
