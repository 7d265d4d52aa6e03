"""/ask: answers from what reports show, in the notes' own words; who may ask; what is said when there is nothing."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bot.domain.person import Grant, Role
from bot.services.questions.answering import QuestionWork
from bot.services.questions.finding import Finding
from handlers import ask as ask_handlers
from storage.database import Database
from tests.support.chat import MANAGER, Chat, Said, grant, said, talking
from tests.support.feedback import DINNER, LUNCH
from tests.support.kept import JEONBUK
from tests.support.plans import SEOUL
from tests.support.report_day import EVENING, ReportDay, report_day
from tests.support.services import only
from tests.support.tour_day import TourDay

BUS = (
    "통근버스 첫차가 교대시간과 맞지 않습니다.",
    "산단 통근버스를 늘려 주시기 바랍니다.",
    "통근버스 노선에 우리 동네를 넣어 주십시오.",
    "야간조가 끝나면 통근버스가 없어 걸어갑니다.",
    "통근버스 시간표를 앱에서 볼 수 있으면 좋겠습니다.",
    "통근버스 요금이 올라 부담이 큽니다.",
)
OTHER = ("기숙사 온수가 아침마다 끊깁니다.", "수소충전소 고장이 잦습니다.")


@dataclass
class Desk:
    """Somebody who asks, and the clock's edge that answers."""

    chat: Chat
    day: ReportDay
    work: QuestionWork

    async def asks(self, words: str, user: object = MANAGER) -> list[Said]:
        """Everything that is said in answer, as it would leave now."""
        before = len(await said(self.day.database, self.day.clock.now()))
        await self.chat.says(user, f"/ask {words}")  # type: ignore[arg-type]
        await self.work.answer()
        return (await said(self.day.database, self.day.clock.now()))[before:]

    async def reads(self, words: str) -> str:
        """The same as one text, sections composed."""
        told = []
        for one in await self.asks(words):
            values = one.draft.values
            if one.key == "digest.section":
                told.append(await self.shows(str(values["digest"]), str(values["section"])))
            else:
                told.append(one.text)
        return "\n".join(told)

    async def shows(self, digest: str, section: str) -> str:
        from bot.services.questions.view import AnswerView
        from tests.support.chat import MESSAGES

        view = AnswerView(self.day.view, self.day.digests, MESSAGES)
        async with self.day.database.open_unit() as unit:
            composed = await view(unit, digest, section, "ko", self.day.clock.now())
        return composed.parts[0] if composed.parts else composed.instead


@pytest.fixture
async def desk(database: Database) -> AsyncIterator[Desk]:
    day = await report_day(database, LUNCH, DINNER)
    services = only(schedule=TourDay(database).schedule)
    async with talking(database, services, ask_handlers.register) as chat:
        await grant(database, MANAGER, Grant(Role.MANAGER, JEONBUK))
        finding = Finding(database.open_unit, day.digests, SEOUL, "")
        yield Desk(chat, day, QuestionWork(database.open_unit, finding, day.clock, lambda: None))


async def published(desk: Desk) -> None:
    for words in (*BUS, *OTHER):
        await desk.day.says(words)
    await desk.day.publishes(EVENING)
    desk.chat.clock.jump_to(EVENING)


async def test_an_answer_is_the_notes_own_words_with_their_numbers(desk: Desk) -> None:
    await published(desk)
    told = await desk.reads("통근버스에 대해 어떤 의견이 있습니까?")
    assert "관련된 의견 6건 가운데 5건" in told
    assert "수소충전소" not in told
    assert sum(words in told for words in BUS) == 5
    numbers = await desk.day.numbers()
    assert sum(f"{number})" in told for number in numbers.values()) == 5
