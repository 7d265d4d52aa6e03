"""What people do with files in the chat: send one, decide about it, ask for a template."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.access_log import Why
from bot.domain.delivery import Draft
from bot.domain.errors import NotAllowed, Refusal
from bot.domain.ids import new_id
from bot.domain.incoming import BIGGEST_FILE, MOST_OPEN, IncomingFile, IncomingState
from bot.domain.person import Action, Person
from bot.domain.tables.text import FileRefused, one_line, shown
from bot.services.files.said import name_of
from bot.services.unit import Unit
from storage.repositories.audit import AuditEntry

LONGEST_NAME = 60
"""Characters of a file's name that are shown: it was chosen by somebody else, and may be anything."""


class TooManyFiles(Refusal):
    """Several files wait for the person's decision already."""

    def __init__(self) -> None:
        super().__init__("files.too_many", {"limit": MOST_OPEN})


class Decided(Refusal):
    """The file of this button is not waiting for a decision (any more)."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A document as the messenger tells of it. Name, size and all are claims of whoever sent it."""

    file_id: str
    name: str | None
    size: int | None


def may_send(person: Person) -> bool:
    return person.may_somewhere(Action.IMPORT_TOUR) or person.may_somewhere(Action.IMPORT_NOTES)


class FileIntake:
    """Takes files in, and decisions about them; the work itself is done by bot.services.files.work."""

    async def receive(self, unit: Unit, person: Person, sent: Sent, *, now: datetime) -> IncomingFile:
        """Remembers a file to be fetched. Raises NotAllowed, FileRefused (too large), TooManyFiles."""
        if not may_send(person):
            raise NotAllowed
        if sent.size is not None and sent.size > BIGGEST_FILE:
            raise FileRefused("import.file_too_large", {"limit": BIGGEST_FILE // 1_000_000})
        if await unit.incoming.open_of(person.id) >= MOST_OPEN:
            raise TooManyFiles
        name = shown(one_line(sent.name or ""), LONGEST_NAME) or None
        file = IncomingFile(
            new_id(), person.id, person.chat, sent.file_id, name, sent.size, created_at=now, next_try_at=now
        )
        await unit.incoming.keep(file)
        return file

    async def confirm(
        self, unit: Unit, person: Person, ident: str, step: int, *, cancels: bool, card: int, now: datetime
    ) -> IncomingFile:
        """Lets the file be applied, as it was shown at `step`. Raises NotAllowed, Decided."""
        file = await self._waiting(unit, person, ident, step)
        confirmed = replace(
            file,
            state=IncomingState.CONFIRMED,
            cancels=cancels,
            card=card,
            attempts=0,
            next_try_at=now,
        )
        await unit.incoming.keep(confirmed)
        return confirmed

    async def drop(self, unit: Unit, person: Person, ident: str, step: int, *, now: datetime) -> None:
        """Destroys the file. Raises NotAllowed, Decided."""
        file = await self._waiting(unit, person, ident, step)
        await unit.incoming.end(file.id, IncomingState.DROPPED)
        entry = AuditEntry(now, person.id, "file_dropped", file.id, {"kind": file.kind}, file.id, Why.IMPORT)
        await unit.audit.record(entry)

    async def _waiting(self, unit: Unit, person: Person, ident: str, step: int) -> IncomingFile:
        file = await unit.incoming.by_id(ident)
        if file is None or file.person != person.id or not may_send(person):
            raise NotAllowed
        match file.state:
            case IncomingState.PREVIEWED if file.step == step:
                return file
            case (
                IncomingState.APPLIED | IncomingState.DROPPED | IncomingState.EXPIRED | IncomingState.REFUSED
            ):
                raise Decided(f"files.already_{file.state.value}")
            case _:
                raise Decided("files.being_applied")


def received(file: IncomingFile) -> Draft:
    return Draft("files.received", {"name": name_of(file)})


def working(file: IncomingFile) -> Draft:
    return Draft("files.working", {"name": name_of(file)}, edits=file.card)
