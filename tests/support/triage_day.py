"""A day whose unplaced notes staff sort: cards as they read when they leave, and what a digest makes of it."""

from bot.domain.digest import Digest
from bot.services.digests import digest_of
from bot.services.triage import Triage
from bot.services.triage_cards import CardWords
from tests.support.chat import MESSAGES, Said
from tests.support.plans import SEOUL
from tests.support.report_day import SUBJECT, ReportDay

PLAIN = tuple(f"가상 {n}번째 말씀입니다. 이야기로만 들려 드립니다." for n in ("첫", "둘", "셋", "넷", "다섯"))


def triage(day: ReportDay) -> Triage:
    return Triage(SEOUL, day.digests)


async def speak(day: ReportDay, *words: str) -> list[str]:
    """Notes of one voice each whose authors tap no topic; their ids."""
    return [await day.says(one, topic=None) for one in words or PLAIN]


async def reads(day: ReportDay, card: Said) -> str:
    """What a card says when it leaves now."""
    values, words = card.draft.values, CardWords(MESSAGES, day.view)
    async with day.database.open_unit() as unit:
        section = str(values["section"])
        composed = await words(unit, str(values["digest"]), section, "ko", day.clock.now())
    return composed.part(0)


async def shown(day: ReportDay) -> Digest:
    """The newest digest that is stored and has words."""
    async with day.database.open_unit(read_only=True) as unit:
        stored = await unit.digests.newest(SUBJECT.tour, SUBJECT.region, SUBJECT.day)
    assert stored is not None
    assert stored.readable
    return digest_of(stored)
