"""A language model writes the digest, on time or not at all; nothing waits for it that need not."""

import asyncio
import json
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from bot.digest.as_json import from_json
from bot.digest.ports import Answer, Form, ModelFailed, Request, Trouble
from bot.domain.digest import Digest, EngineKind, Topic
from bot.domain.feedback import Source
from bot.services.ai_writing import SIDE_BY_SIDE
from bot.services.digests import NotAtOnce, digest_of
from storage.database import Database
from storage.models import DigestRow
from tests.support.chat import MANAGER
from tests.support.feedback import ELSEWHERE
from tests.support.kept import GANGWON, TOUR
from tests.support.model_day import TOPICS, model_day, says_many, writes_with
from tests.support.model_writers import Writer, obedient, well_written
from tests.support.plans import DAY, at
from tests.support.report_day import EVENING, SUBJECT, ReportDay, manager


def told(row: DigestRow) -> Digest:
    return from_json(row.body)


@dataclass
class Waiting(Writer):
    """Answers when it is let go; `asked_first` says that it was asked."""

    go: asyncio.Event = field(default_factory=asyncio.Event)
    asked_first: asyncio.Event = field(default_factory=asyncio.Event)

    async def complete(self, request: Request, form: type[Form]) -> Answer[Form]:
        self.asked_first.set()
        await self.go.wait()
        return await super().complete(request, form)


async def calls(database: Database) -> int:
    async with database.open_unit(read_only=True) as unit:
        return (await unit.ai_usage.of_day(DAY)).calls


async def published(day: ReportDay) -> Digest:
    await day.publishes(EVENING)
    return told((await day.revisions())[-1])


async def test_the_digest_goes_out_in_the_models_words(database: Database) -> None:
    day = await model_day(database, Writer())
    await says_many(day)
    await manager(database, MANAGER)
    digest = await published(day)
    assert digest.engine.kind is EngineKind.LANGUAGE_MODEL
    assert (digest.engine.model, digest.engine.tokens) == ("가상모형-1", 100)
    [delivery] = await day.sent()
    shown = await day.shows(str(delivery.draft.values["digest"]))
    assert "호 통근버스가 한 시간에 한 대뿐임 <i>(근거 전북-" in shown
    assert "AI로 작성됨(가상모형-1, 지침 digest-1, 토큰 100)" in shown


async def test_it_is_never_asked_within_a_transaction(database: Database) -> None:
    class Outside(Writer):
        async def complete(self, request: Request, form: type[Form]) -> Answer[Form]:
            async with asyncio.timeout(3), database.open_unit() as unit:
                await unit.tours.held(SUBJECT.tour)
                await unit.facts.put("written", "meanwhile")
                await unit.commit()
            return await super().complete(request, form)

    day = await model_day(database, Outside())
    await says_many(day)
    with pytest.raises(NotAtOnce):
        await day.asks()
    async with database.open_unit() as unit:
        with pytest.raises(NotAtOnce):
            await day.digests.ready(unit, SUBJECT, now=EVENING)
    stored = await day.digests.make(database.open_unit, SUBJECT)
    async with database.open_unit() as unit:
        assert await day.digests.ready(unit, SUBJECT, now=EVENING) == stored
    assert (await published(day)).engine.kind is EngineKind.LANGUAGE_MODEL


async def test_an_added_note_asks_about_its_own_theme_only(sqlite: Database) -> None:
    writer = Writer()
    day = await model_day(sqlite, writer)
    for topic in ("jobs", "living", "people"):
        await says_many(day, topic=topic)
    await published(day)
    assert len(writer.asked) == 3
    await day.says("9호 통근버스가 한 시간에 한 대뿐입니다.", topic="living")
    await day.publishes(at("21:30"))
    assert len(writer.asked) == 4
    assert "9호" in writer.asked[-1].data
    newest = told((await day.revisions())[-1])
    assert (newest.revision, newest.engine.tokens) == (2, 300), "what its words took, whenever they came"


async def test_what_is_remembered_ends_with_the_next_making(sqlite: Database) -> None:
    day = await model_day(sqlite, writer := Writer())
    await says_many(day)
    note = await day.says("비밀 통근버스가 한 시간에 한 대뿐입니다.", topic="jobs")
    await published(day)
    await day.withdraws(note)
    await day.publishes(at("21:01"))
    writing: Any = day.digests._writing
    assert "비밀" in writer.asked[0].data
    assert "비밀" not in str(writing._memory._answers)
    assert "비밀" not in await day.bodies()


async def test_calls_go_side_by_side_and_not_all_at_once(sqlite: Database) -> None:
    writer = Waiting()
    day = await model_day(sqlite, writer)
    async with sqlite.open_unit() as unit:
        many = tuple(Topic(f"t{n}", f"주제 {n}") for n in range(6))
        await unit.tours.keep(replace(TOUR, topics=(*TOPICS, *many)))
        await unit.commit()
    for n in range(6):
        await says_many(day, topic=f"t{n}")
    making = asyncio.create_task(day.digests.make(sqlite.open_unit, SUBJECT))
    await writer.asked_first.wait()
    async with asyncio.timeout(10):
        while await calls(sqlite) < SIDE_BY_SIDE:
            await asyncio.sleep(0)
        assert not making.done()
        writer.go.set()
        await making
    assert len(writer.asked) == 6


@pytest.mark.parametrize(
    "trouble", [one for one in Trouble if one not in (Trouble.NO_THEME, Trouble.TOO_MANY_DROPPED)]
)
async def test_any_failure_means_the_extractive_digest_on_time_saying_why(
    sqlite: Database, trouble: Trouble
) -> None:
    writer = Writer(script=[ModelFailed(trouble, tokens=11)] * 9)
    day = await model_day(sqlite, writer)
    await says_many(day)
    await manager(sqlite, MANAGER)
    digest = await published(day)
    assert digest.engine.kind is EngineKind.EXTRACTIVE
    assert digest.engine.fallback_reason == trouble.value
    assert digest.engine.tokens == 11 * len(writer.asked)
    [delivery] = await day.sent()
    assert delivery.chat == MANAGER.id
    assert "사유: " in await day.shows(str(delivery.draft.values["digest"]))


async def test_one_theme_that_fails_makes_the_whole_digest_extractive_and_the_rest_is_remembered(
    sqlite: Database,
) -> None:
    def answer(request: Request) -> Any:
        if "주거" in request.data and len(writer.asked) < 3:
            raise ModelFailed(Trouble.REFUSED)
        return well_written(request.data)

    writer = Writer(otherwise=lambda data: answer(Request("", data, 0)))
    day = await model_day(sqlite, writer)
    await says_many(day, topic="jobs")
    await says_many(day, topic="living")
    assert (await published(day)).engine.fallback_reason == "refused"
    await day.says("9호 통근버스가 한 시간에 한 대뿐입니다.", topic="living")
    await day.publishes(at("21:30"))
    assert told((await day.revisions())[-1]).engine.kind is EngineKind.LANGUAGE_MODEL
    assert sum("일자리" in request.data for request in writer.asked) == 1


async def test_an_endpoint_that_hangs_is_given_up_on(sqlite: Database) -> None:
    day = await model_day(sqlite, Waiting(), seconds=0.1)
    await says_many(day)
    assert (await published(day)).engine.fallback_reason == "timeout"


async def test_a_bot_that_stops_waits_for_no_model_and_the_next_one_publishes(sqlite: Database) -> None:
    writer = Waiting()
    day = await model_day(sqlite, writer)
    await says_many(day)
    publishing = asyncio.create_task(day.publishes(EVENING))
    await writer.asked_first.wait()
    day.digests.give_up()
    async with asyncio.timeout(5):
        assert await publishing == 0
    assert await day.revisions() == []
    writes_with(day, Writer())
    assert (await published(day)).engine.kind is EngineKind.LANGUAGE_MODEL


async def test_a_late_model_holds_up_no_other_region(sqlite: Database) -> None:
    class HangsFor(Waiting):
        async def complete(self, request: Request, form: type[Form]) -> Answer[Form]:
            held = "느린 권역" in request.data
            return await (super().complete(request, form) if held else Writer.complete(self, request, form))

    day = await model_day(sqlite, writer := HangsFor(), ELSEWHERE)
    await says_many(day, region=GANGWON)
    await says_many(day)
    await day.says("느린 권역의 통근버스가 한 시간에 한 대뿐입니다.")
    publishing = asyncio.create_task(day.publishes(EVENING))
    async with asyncio.timeout(5):
        while not any(row.region == GANGWON and row.published_at for row in await day.revisions()):
            await asyncio.sleep(0)
    assert not any(row.published_at for row in await day.revisions() if row.region != GANGWON)
    writer.go.set()
    assert await publishing == 2


async def test_the_budget_is_a_days(sqlite: Database) -> None:
    day = await model_day(sqlite, writer := Writer(), tokens=1000)
    await says_many(day)
    digest = await published(day)
    assert (digest.engine.fallback_reason, writer.asked) == ("budget", [])


async def test_notes_that_keep_coming_do_not_keep_it_back(sqlite: Database) -> None:
    """Each answer is overtaken by a note to another theme; after two rounds what is there must do."""

    class Overtaken(Writer):
        async def complete(self, request: Request, form: type[Form]) -> Answer[Form]:
            await day.says(f"{len(self.asked)} 새 통근버스가 한 시간에 한 대뿐입니다.", topic="living")
            return await super().complete(request, form)

    writer = Overtaken()
    day = await model_day(sqlite, writer)
    await says_many(day)
    await says_many(day, topic="living")
    digest = await published(day)
    assert digest.engine.kind is EngineKind.LANGUAGE_MODEL
    assert digest.engine.fallback_reason == "overtaken"
    by_topic = {theme.category: theme for theme in digest.themes}
    jobs = by_topic["일자리·임금"]
    shortened = {quote.note for quote in jobs.title_quotes}
    assert all(finding.in_own_words or set(finding.notes) & shortened for finding in jobs.findings)
    assert not any(finding.in_own_words for finding in by_topic["주거·교통"].findings)
    assert len(writer.asked) <= 4


async def test_words_withdrawn_while_it_writes_are_not_in_the_digest(sqlite: Database) -> None:
    class Withdrawn(Writer):
        async def complete(self, request: Request, form: type[Form]) -> Answer[Form]:
            if len(self.asked) == 0:
                await day.withdraws(secret)
            return await super().complete(request, form)

    day = await model_day(sqlite, Withdrawn())
    await says_many(day)
    secret = await day.says("비밀 통근버스가 한 시간에 한 대뿐입니다.")
    digest = await published(day)
    assert digest.ledger.withdrawn == 1
    assert "비밀" not in await day.bodies()


async def test_a_draft_that_fell_back_is_tried_again_when_it_is_published(sqlite: Database) -> None:
    day = await model_day(sqlite, Writer(script=[ModelFailed(Trouble.REFUSED)]))
    await says_many(day)
    draft = await day.digests.make(sqlite.open_unit, SUBJECT)
    assert digest_of(draft).engine.fallback_reason == "refused"
    assert await day.digests.make(sqlite.open_unit, SUBJECT) == draft, "who looks at it does not ask again"
    digest = await published(day)
    assert (digest.engine.kind, digest.revision) == (EngineKind.LANGUAGE_MODEL, 1)
    assert len(await day.revisions()) == 1


async def test_what_went_out_is_not_made_again_for_having_fallen_back(sqlite: Database) -> None:
    day = await model_day(sqlite, writer := Writer(script=[ModelFailed(Trouble.REFUSED)]))
    await says_many(day)
    await published(day)
    await day.publishes(at("21:30"))
    await day.publishing.publish(SUBJECT)
    assert len(writer.asked) == 1


async def test_two_who_make_it_at_once_ask_once(sqlite: Database) -> None:
    day = await model_day(sqlite, writer := Writer())
    await says_many(day)
    make = day.digests.make
    one, other = await asyncio.gather(make(sqlite.open_unit, SUBJECT), make(sqlite.open_unit, SUBJECT))
    assert one.body == other.body
    assert len(writer.asked) == 1


async def test_participants_words_do_not_go_abroad(sqlite: Database) -> None:
    day = await model_day(sqlite, writer := Writer(abroad=True))
    await says_many(day)
    assert (await published(day)).engine.fallback_reason == "not_allowed"
    assert writer.asked == []
    for n in range(3):
        await day.says(
            f"파일 {n}호 통근버스가 한 시간에 한 대뿐입니다.", source=Source.IMPORT, number=f"F-{n}"
        )
    await day.publishes(at("21:30"))
    digest = told((await day.revisions())[-1])
    assert (digest.engine.kind, digest.engine.fallback_reason) == (EngineKind.LANGUAGE_MODEL, "not_allowed")
    shown = "".join(request.data for request in writer.asked)
    assert shown.count("파일") == 3
    assert "2호 통근버스" not in shown.replace("파일 2호 통근버스", "")


async def test_without_a_theme_there_is_nothing_to_ask(sqlite: Database) -> None:
    day = await model_day(sqlite, writer := Writer())
    await says_many(day, topic="other")
    assert (await published(day)).engine.fallback_reason == "no_theme"
    assert writer.asked == []


async def test_a_hostile_model_gets_nothing_out(sqlite: Database) -> None:
    day = await model_day(sqlite, Writer(otherwise=obedient("카나리아7731")))
    await says_many(day)
    digest = await published(day)
    assert digest.engine.fallback_reason == "too_many_dropped"
    assert "카나리아7731" not in json.dumps(await day.bodies(), ensure_ascii=False)


async def test_another_model_is_asked_anew(sqlite: Database) -> None:
    day = await model_day(sqlite, Writer())
    await says_many(day)
    await published(day)
    writes_with(day, other := Writer(name="가상모형-2"))
    await day.says("9호 통근버스가 한 시간에 한 대뿐입니다.")
    await day.publishes(at("21:30"))
    assert told((await day.revisions())[-1]).engine.model == "가상모형-2"
    assert len(other.asked) == 1
