"""Somebody who asks with /ask, the clock's edge that answers, and the words as they would leave.

async with asking(database) as desk:
    await desk.published("통근버스를 늘려 주십시오.", …)
    assert "늘려" in await desk.reads("통근버스")
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.digest.ports import LanguageModel
from bot.domain.feedback import Speaker
from bot.domain.person import Grant, Role
from bot.services.ai_writing import Limits
from bot.services.note_reading import NoteReading
from bot.services.questions.answering import QuestionWork
from bot.services.questions.finding import Finding
from bot.services.questions.view import AnswerView
from bot.services.questions.writing import AnswerWriting, Texts
from handlers import ask as ask_handlers
from storage.database import Database
from tests.support.chat import MANAGER, MESSAGES, Chat, Said, User, grant, said, talking
from tests.support.feedback import DINNER, ELSEWHERE, LUNCH
from tests.support.kept import JEONBUK
from tests.support.plans import SEOUL
from tests.support.report_day import EVENING, ReportDay, report_day
from tests.support.services import only
from tests.support.tour_day import TourDay

BUS = (
    "통근버스 첫차가 교대시간과 맞지 않습니다.",
    "산단 통근버스를 늘려 주시기 바랍니다.",
    "우리 동네를 통근버스 노선에 넣어 주십시오.",
    "야간조가 끝나면 통근버스가 없어 걸어갑니다.",
    "앱에서 통근버스 시간표를 볼 수 있으면 좋겠습니다.",
    "통근버스 요금이 올라 부담이 큽니다.",
)
OTHER = ("기숙사 온수가 아침마다 끊깁니다.", "수소충전소 고장이 잦습니다.")


@dataclass
class Desk:
    """`work` answers; `analyst` and `model` stand behind it when they are set by `behind`."""

    chat: Chat
    day: ReportDay
    work: QuestionWork
    texts: Texts = field(default_factory=Texts)

    @property
    def database(self) -> Database:
        return self.day.database

    def behind(self, reading: NoteReading | None = None, model: LanguageModel | None = None) -> None:
        """Who reads and who writes from now on."""
        unit, clock = self.database.open_unit, self.day.clock
        finding = Finding(unit, self.day.digests, SEOUL, "" if reading is None else reading.version)
        writing = None
        if model is not None:
            limits = Limits(5.0, 100_000, SEOUL)
            writing = AnswerWriting(model, unit, clock, limits, lambda _: asyncio.sleep(0), self.texts)
        self.work = QuestionWork(unit, finding, clock, lambda: None, reading, writing)

    async def published(self, *words: str, speaker: Speaker = Speaker.YOUTH) -> list[str]:
        """Notes of a day whose report was sent; their ids."""
        notes = [await self.day.says(one, speaker=speaker) for one in words]
        await self.day.publishes(EVENING)
        self.chat.clock.jump_to(self.day.clock.now())
        return notes

    async def says(self, words: str, user: User = MANAGER) -> list[str]:
        """What is said at once."""
        self.chat.clock.jump_to(self.day.clock.now())
        return [one.key for one in await self.chat.says(user, f"/ask {words}".strip())]

    async def answers(self) -> list[Said]:
        """What the clock's edge says."""
        before = len(await said(self.database, self.day.clock.now()))
        await self.work.answer()
        return (await said(self.database, self.day.clock.now()))[before:]

    async def asks(self, words: str, user: User = MANAGER) -> list[Said]:
        assert await self.says(words, user) == ["ask.looking"]
        return await self.answers()

    async def reads(self, words: str, user: User = MANAGER) -> str:
        """The answer as one text, as it would leave now."""
        return "\n".join([await self.shown(one) for one in await self.asks(words, user)])

    async def shown(self, one: Said) -> str:
        if one.key != "digest.section":
            return one.text
        view = AnswerView(self.day.view, self.day.digests, MESSAGES, self.texts)
        digest, section = str(one.draft.values["digest"]), str(one.draft.values["section"])
        async with self.database.open_unit() as unit:
            composed = await view(unit, digest, section, "ko", self.day.clock.now())
        return composed.part(one.draft.values["part"])


@asynccontextmanager
async def asking(database: Database) -> AsyncIterator[Desk]:
    """A manager of 전북 in front of an empty day."""
    day = await report_day(database, LUNCH, DINNER, ELSEWHERE)
    services = only(schedule=TourDay(database).schedule)
    async with talking(database, services, ask_handlers.register) as chat:
        await grant(database, MANAGER, Grant(Role.MANAGER, JEONBUK))
        finding = Finding(database.open_unit, day.digests, SEOUL, "")
        yield Desk(chat, day, QuestionWork(database.open_unit, finding, day.clock, lambda: None))
