"""A language model says what notes speak of that nobody filed; its themes reach the reader, or the offline proposal does."""

from bot.digest.as_json import from_json
from bot.domain.digest import Digest, EngineKind, PlacedBy
from storage.database import Database
from tests.support.chat import MANAGER
from tests.support.model_day import model_day, says_many
from tests.support.model_sorters import sorter
from tests.support.model_writers import Writer
from tests.support.report_day import EVENING, ReportDay, manager


def meaning(words: str) -> str | None:
    """What somebody understands who reads these tests' notes."""
    for sign, theme in (("통근버스", "주거·교통"), ("기숙사", "기숙사 난방")):
        if sign in words:
            return theme
    return None


async def published(day: ReportDay) -> Digest:
    await day.publishes(EVENING)
    return from_json((await day.revisions())[-1].body)


async def says_untapped(day: ReportDay) -> None:
    for n in range(4):
        await day.says(f"{n + 2}동 기숙사 난방이 밤마다 끊깁니다.", topic=None)
        await day.says(f"{n + 2}호 통근버스가 한 시간에 한 대뿐입니다.", topic=None)
    await day.says("무슨 말인지 알기 어려운 이야기입니다.", topic=None)


async def test_the_models_themes_reach_the_digest_and_its_stamp(database: Database) -> None:
    day = await model_day(database, Writer(sorts=sorter(meaning)))
    await says_many(day, topic="jobs")
    await says_untapped(day)
    await manager(database, MANAGER)
    digest = await published(day)
    assert digest.engine.kind is EngineKind.LANGUAGE_MODEL
    assert digest.engine.fallback_reason is None
    assert digest.engine.prompt_version == "digest-1+sort-1"
    assert {theme.category: len(theme.notes) for theme in digest.themes} == {
        "일자리·임금": 3,
        "주거·교통": 4,
        "기숙사 난방": 4,
    }
    assert digest.placed_by == PlacedBy(participant=3, model=8, proposal=0)
    assert len(digest.ledger.unplaced) == 1
    [delivery] = await day.sent()
    shown = await day.shows(str(delivery.draft.values["digest"]))
    assert "※ 주제: 참여자 3, 모델 8, 자동 0" in shown
    assert "기숙사 난방" in shown
