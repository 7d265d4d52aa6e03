"""A day in 전북 whose digest a stand-in for a language model writes."""

from dataclasses import replace
from datetime import time

from bot.digest.ports import LanguageModel
from bot.domain.digest import Topic
from bot.domain.ids import Region
from bot.domain.meeting import Meeting
from bot.services.ai_writing import Limits, ModelWriting
from bot.services.digests import Digests
from storage.database import Database
from tests.support.feedback import DINNER, ELSEWHERE, LUNCH
from tests.support.kept import JEONBUK, TOUR
from tests.support.plans import SEOUL
from tests.support.report_day import ReportDay, report_day

TOPICS = (
    Topic("jobs", "일자리·임금"),
    Topic("living", "주거·교통"),
    Topic("people", "인력·교육"),
    Topic("other", "기타", is_rest=True),
)


async def no_sleep(_: float) -> None:
    """Waits for a limit are not waited for."""


async def model_day(
    database: Database,
    model: LanguageModel,
    *elsewhere: Meeting,
    seconds: float = 20,
    tokens: int = 1_000_000,
) -> ReportDay:
    """The tour has topics enough for several themes."""
    day = await report_day(database, LUNCH, DINNER, *elsewhere)
    async with database.open_unit() as unit:
        await unit.tours.keep(replace(TOUR, topics=TOPICS))
        await unit.commit()
    writes_with(day, model, seconds=seconds, tokens=tokens)
    return day


def writes_with(
    day: ReportDay, model: LanguageModel, *, seconds: float = 20, tokens: int = 1_000_000
) -> None:
    """From now on, with nothing remembered."""
    writing = ModelWriting(model, day.clock, Limits(seconds, tokens, SEOUL), no_sleep)
    day.digests = Digests(SEOUL, time(21), writing)
    day.publishing, day.other = day._process(), day._process()


async def says_many(day: ReportDay, count: int = 3, *, topic: str = "jobs", region: Region = JEONBUK) -> None:
    """Notes of one topic that a careful writer can write about."""
    about = LUNCH if region == JEONBUK else ELSEWHERE
    for place in range(count):
        words = f"{place + 2}호 통근버스가 한 시간에 한 대뿐입니다."
        await day.says(words, topic=topic, region=region, about=about)
