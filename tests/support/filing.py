"""Files sent into the chat, and the work on them, on one stepped clock: `[card] = await desk.brings(ADMIN, data)`."""

from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from sqlalchemy import select

from bot.domain.digest import Topic
from bot.domain.incoming import IncomingState
from bot.gateways.spreadsheet import table_of
from bot.services.files.applying import Applying
from bot.services.files.intake import FileIntake
from bot.services.files.said import Speaking
from bot.services.files.weighing import FirstTour, OpenTable, Weighing
from bot.services.files.work import FileWork
from bot.services.reminders import Reminders
from bot.services.schedule import Schedule
from handlers import files as files_handler
from storage.database import Database
from storage.models import IncomingFileRow
from tests.support import raw_updates
from tests.support.chat import MESSAGES, Chat, Said, User, said, talking
from tests.support.plans import SEOUL
from tests.support.services import only

FIRST = FirstTour("가상 첫 행보", (Topic("jobs", "일자리·임금"), Topic("other", "기타", is_rest=True)))


@dataclass
class FakeFiles:
    """The Files port: what was sent, by its id. The script's errors come first."""

    contents: dict[str, bytes] = field(default_factory=dict)
    script: deque[Exception] = field(default_factory=deque)
    asked: list[str] = field(default_factory=list)

    async def fetch_file(self, file_id: str, *, limit: int) -> bytes:
        self.asked.append(file_id)
        if self.script:
            raise self.script.popleft()
        return self.contents[file_id]


class FilingDesk:
    """Everybody's phones, and the work on what they send."""

    def __init__(self, chat: Chat, database: Database, schedule: Schedule) -> None:
        self.chat = chat
        self.database = database
        self.clock = chat.clock
        self.files = FakeFiles()
        self.schedule = schedule
        self.wakes = 0
        self.work = self.worker()

    def worker(self, open_table: OpenTable = table_of, *, blind: bool = False) -> FileWork:
        """The work of a process that was just started; `blind`: it can fetch nothing."""
        return FileWork(
            self.database.open_unit,
            None if blind else self.files,
            Weighing(open_table, self.schedule, SEOUL, FIRST),
            Applying(self.schedule, FIRST),
            Speaking(MESSAGES),
            self.clock,
            self._woken,
        )

    async def sends(
        self, user: User, content: bytes, name: str | None = "가상 일정.xlsx", *, size: int | None = None
    ) -> list[Said]:
        """A document arrives, a second later; what is said at once."""
        self.clock.advance_to(self.clock.now() + timedelta(seconds=1))
        file_id = f"file-{len(self.files.contents)}"
        self.files.contents[file_id] = content
        size = len(content) if size is None else size
        return await self.chat.gets(
            raw_updates.document_message(user, 700, self.clock.now(), file_id, name=name, size=size)
        )

    async def works(self, seconds: float = 0) -> list[Said]:
        """The clock moves and the tick comes; what is planned then."""
        self.clock.advance_to(self.clock.now() + timedelta(seconds=seconds))
        before = await self.chat._last_row()
        await self.work.run()
        return await said(self.database, self.clock.now(), after=before)

    async def brings(self, user: User, content: bytes, name: str | None = "가상 일정.xlsx") -> list[Said]:
        """Sent and looked at."""
        await self.sends(user, content, name)
        return await self.works()

    async def decides(self, user: User, card: Said, label: str) -> list[Said]:
        """A button, and the work that it asks for."""
        [data] = [tap.data for row in card.buttons for tap in row if tap.label == label]
        assert data is not None
        first = await self.chat.presses(user, data, card.message_id)
        return [*first, *await self.works()]

    async def rows(self) -> list[IncomingFileRow]:
        async with self.database.open_unit(read_only=True) as unit:
            found = await unit._session.scalars(
                select(IncomingFileRow).order_by(IncomingFileRow.created_at, IncomingFileRow.id)
            )
            return list(found)

    async def states(self) -> list[IncomingState]:
        return [row.state for row in await self.rows()]

    async def content(self) -> list[bytes | None]:
        async with self.database.open_unit(read_only=True) as unit:
            return [await unit.incoming.content(row.id) for row in await self.rows()]

    async def meetings(self) -> dict[str, bool]:
        """Every meeting's key, and whether it still stands."""
        async with self.database.open_unit(read_only=True) as unit:
            found = await unit.meetings.between(date(2026, 1, 1), date(2026, 12, 31))
        return {meeting.plan.key: not meeting.cancelled for meeting in found}

    def _woken(self) -> None:
        self.wakes += 1


@asynccontextmanager
async def filing(database: Database) -> AsyncIterator[FilingDesk]:
    schedule = Schedule(SEOUL, Reminders(SEOUL, time(20)))
    services = only(files=FileIntake(), schedule=schedule)
    async with talking(database, services, files_handler.register) as chat:
        yield FilingDesk(chat, database, schedule)
