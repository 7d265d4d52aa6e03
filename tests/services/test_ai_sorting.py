"""A language model says what notes speak of that nobody filed; its themes reach the reader, or the offline proposal does."""

import asyncio
from typing import Any

import pytest

from bot.digest.as_json import from_json
from bot.digest.ports import Answer, Form, ModelFailed, Request, Trouble
from bot.digest.sorting.form import Placements
from bot.domain.digest import Digest, EngineKind, PlacedBy
from bot.domain.feedback import Source
from bot.services import ai_sorting
from bot.services.ai_writing import SIDE_BY_SIDE
from storage.database import Database
from tests.support.chat import MANAGER
from tests.support.model_day import model_day, says_many
from tests.support.model_sorters import sorter
from tests.support.model_writers import Writer
from tests.support.plans import DAY, at
from tests.support.report_day import EVENING, SUBJECT, ReportDay, manager


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


async def says_at_length(day: ReportDay) -> None:
    """Notes that take several batches."""
    for n in range(16):
        await day.says(f"{n + 2}동 기숙사 난방이 밤마다 끊깁니다. " * 20, topic=None)
        await day.says(f"{n + 2}호 통근버스가 한 시간에 한 대뿐입니다. " * 20, topic=None)


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
    assert digest.placed_by == PlacedBy(author=3, model=8, proposal=0)
    assert len(digest.ledger.unplaced) == 1
    [delivery] = await day.sent()
    shown = await day.shows(str(delivery.draft.values["digest"]))
    assert "※ 주제: 참여자 3, 모델 8, 자동 0" in shown
    assert "기숙사 난방" in shown


async def test_an_added_note_is_asked_about_with_its_own_batch_only(sqlite: Database) -> None:
    day = await model_day(sqlite, writer := Writer(sorts=sorter(meaning)))
    await says_at_length(day)
    await published(day)
    before = len(writer.sorted)
    assert before >= 6
    await day.says("99동 기숙사 난방이 밤마다 끊깁니다.", topic=None)
    await day.publishes(at("21:30"))
    anew = writer.sorted[before:]
    assert 2 <= len(anew) <= 4, "its batch in each of the two readings, or the halves of one that grew"
    assert any("99동" in request.data for request in anew)
    newest = from_json((await day.revisions())[-1].body)
    assert newest.placed_by == PlacedBy(author=0, model=33, proposal=0)
    assert newest.engine.tokens > 0


async def test_what_is_remembered_of_a_withdrawn_note_ends_with_the_next_making(sqlite: Database) -> None:
    day = await model_day(sqlite, writer := Writer(sorts=sorter(meaning)))
    await says_untapped(day)
    note = await day.says("비밀 기숙사 난방이 밤마다 끊깁니다.", topic=None)
    await published(day)
    assert "비밀" in "".join(request.data for request in writer.sorted)
    await day.withdraws(note)
    await day.publishes(at("21:01"))
    writing: Any = day.digests._writing
    assert "비밀" not in str(writing._memory._answers)
    assert "비밀" not in await day.bodies()


async def test_it_is_counted_and_capped(sqlite: Database) -> None:
    day = await model_day(sqlite, writer := Writer(sorts=sorter(meaning)))
    await says_many(day)
    await says_untapped(day)
    digest = await published(day)
    async with sqlite.open_unit(read_only=True) as unit:
        usage = await unit.ai_usage.of_day(DAY)
    asked = len(writer.asked) + len(writer.sorted)
    assert (usage.calls, usage.used) == (asked, 100 * asked)
    assert digest.engine.tokens == 100 * asked
    poor = await model_day(sqlite, none := Writer(sorts=sorter(meaning)), tokens=100)
    await says_untapped(poor)
    assert none.asked == none.sorted == []


class Failing(Writer):
    """Fails in sorting and writes well."""

    def __init__(self, *failures: ModelFailed) -> None:
        super().__init__(sorts=sorter(meaning))
        self.failures = list(failures)

    async def complete(self, request: Request, form: type[Form]) -> Answer[Form]:
        if form is Placements and self.failures:
            raise self.failures.pop(0)
        return await super().complete(request, form)


@pytest.mark.parametrize(
    "trouble",
    [one for one in Trouble if one not in (Trouble.NO_THEME, Trouble.TOO_MANY_DROPPED, Trouble.NOT_ALLOWED)],
)
async def test_any_failure_of_sorting_leaves_the_day_as_it_is_without_it_and_is_said(
    sqlite: Database, trouble: Trouble
) -> None:
    day = await model_day(sqlite, Failing(*[ModelFailed(trouble, tokens=7)] * 9))
    await says_many(day)
    await says_untapped(day)
    await manager(sqlite, MANAGER)
    digest = await published(day)
    assert digest.engine.kind is EngineKind.LANGUAGE_MODEL
    assert digest.engine.fallback_reason == trouble.value
    assert [theme.category for theme in digest.themes] == ["일자리·임금"]
    assert len(digest.ledger.unplaced) == 9
    [delivery] = await day.sent()
    shown = await day.shows(str(delivery.draft.values["digest"]))
    assert "일부는 발췌(사유: " in shown
    assert "※ 주제:" not in shown


async def test_a_model_that_hangs_in_sorting_may_still_write(sqlite: Database) -> None:
    class Hangs(Writer):
        async def complete(self, request: Request, form: type[Form]) -> Answer[Form]:
            if form is Placements:
                await asyncio.Event().wait()
            return await super().complete(request, form)

    day = await model_day(sqlite, Hangs(), seconds=1)
    await says_many(day)
    await says_untapped(day)
    digest = await published(day)
    assert (digest.engine.kind, digest.engine.fallback_reason) == (EngineKind.LANGUAGE_MODEL, "timeout")


async def test_an_error_of_ours_in_sorting_is_a_reason_too(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> None:
        raise ValueError("invented")

    monkeypatch.setattr(ai_sorting, "settled", breaks)
    day = await model_day(sqlite, Writer(sorts=sorter(meaning)))
    await says_many(day)
    await says_untapped(day)
    assert (await published(day)).engine.fallback_reason == "broken"


async def test_a_digest_that_the_model_could_not_write_is_as_without_it(sqlite: Database) -> None:
    day = await model_day(sqlite, Writer(sorts=sorter(meaning), otherwise=lambda _: {"findings": []}))
    await says_many(day)
    await says_untapped(day)
    digest = await published(day)
    assert (digest.engine.kind, digest.engine.fallback_reason) == (EngineKind.EXTRACTIVE, "too_many_dropped")
    assert [theme.category for theme in digest.themes] == ["일자리·임금"]
    assert digest.placed_by == PlacedBy(author=3, model=0, proposal=0)


async def test_participants_untapped_words_do_not_go_abroad(sqlite: Database) -> None:
    day = await model_day(sqlite, writer := Writer(sorts=sorter(meaning), abroad=True))
    for n in range(4):
        await day.says(f"{n + 2}동 기숙사 난방이 밤마다 끊깁니다.", topic=None)
        words = f"파일 {n}호 통근버스가 한 시간에 한 대뿐입니다."
        await day.says(words, topic=None, source=Source.IMPORT, number=f"F-{n}")
    digest = await published(day)
    shown = "".join(request.data for request in writer.sorted)
    assert "파일 2호" in shown
    assert "기숙사" not in shown
    assert digest.engine.fallback_reason == "not_allowed"
    assert {theme.category: len(theme.notes) for theme in digest.themes} == {"주거·교통": 4}


async def test_calls_go_side_by_side_outside_of_transactions(sqlite: Database) -> None:
    class Counting(Writer):
        busy = most = 0

        async def complete(self, request: Request, form: type[Form]) -> Answer[Form]:
            self.busy += 1
            self.most = max(self.most, self.busy)
            async with asyncio.timeout(3), sqlite.open_unit() as unit:
                await unit.tours.held(SUBJECT.tour)
                await unit.commit()
            self.busy -= 1
            return await super().complete(request, form)

    day = await model_day(sqlite, writer := Counting(sorts=sorter(meaning)))
    await says_at_length(day)
    await day.digests.make(sqlite.open_unit, SUBJECT)
    assert 1 < writer.most <= SIDE_BY_SIDE
