"""Publishing: at its time, to the region's managers, once a revision; late notes and withdrawals make the next."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.digest.ledger import Unbalanced
from bot.digest.pipeline import make_digest
from bot.domain.digest import DayInput, Digest
from bot.domain.feedback import Source
from bot.domain.person import Grant, Role
from bot.services import digest_making
from bot.services.publishing import UNBALANCED_RESTS
from storage.database import Database
from storage.models import AuditRow
from tests.support.chat import ADMIN, MANAGER, STAFF, STRANGER, YOUTH, grant
from tests.support.feedback import DINNER, ELSEWHERE, LUNCH
from tests.support.kept import GANGWON, JEONBUK
from tests.support.plans import at
from tests.support.report_day import EVENING, SUBJECT, manager, report_day

SECOND = timedelta(seconds=1)


async def test_a_digest_goes_at_its_time_to_the_regions_managers_only(database: Database) -> None:
    day = await report_day(database)
    await day.says()
    await manager(database, MANAGER)
    await manager(database, STRANGER, None)
    await manager(database, YOUTH, GANGWON)
    await grant(database, STAFF, Grant(Role.STAFF, JEONBUK))
    await grant(database, ADMIN, Grant(Role.ADMIN, None))
    assert await day.publishes(EVENING - SECOND) == 0
    assert await day.sent() == []
    assert await day.publishes(EVENING) == 1
    assert await day.receivers() == sorted([MANAGER.id, STRANGER.id])
    assert await day.publishes(EVENING + SECOND) == 0
    assert len(await day.sent()) == 2
    [digest] = await day.revisions()
    assert digest.published_at == EVENING


async def test_publishing_twice_and_in_two_processes_at_once_delivers_once(database: Database) -> None:
    day = await report_day(database)
    await day.says()
    await manager(database, MANAGER)
    await manager(database, STRANGER)
    day.clock.jump_to(EVENING)
    await asyncio.gather(day.publishing.publish_due(), day.other.publish_due(), day.other.publish(SUBJECT))
    await day.publishing.publish(SUBJECT)
    assert await day.receivers() == sorted([MANAGER.id, STRANGER.id])
    assert [row.revision for row in await day.revisions()] == [1]
    async with database.open_unit(read_only=True) as unit:
        entries = list(await unit._session.scalars(select(AuditRow.action)))
    assert entries == ["digest_published"]


async def test_late_notes_make_one_revision_at_the_next_half_hour_for_the_same_managers(
    database: Database,
) -> None:
    day = await report_day(database)
    await day.says()
    await manager(database, MANAGER)
    await day.publishes(EVENING)
    await day.arrives()
    for minute in ("21:02", "21:17"):
        day.clock.jump_to(at(minute))
        await day.says(f"늦게 낸 의견입니다 {minute}")
    assert await day.publishes(at("21:29")) == 0
    assert await day.publishes(at("21:30")) == 1
    assert await day.publishes(at("21:31")) == 0
    assert [one.key for one in await day.sent()] == ["errata.told", "digest.section"]
    assert await day.receivers() == [MANAGER.id, MANAGER.id]
    assert [row.body["ledger"]["received"] for row in await day.revisions() if row.body] == [3]


async def test_a_withdrawal_makes_a_revision_at_once(sqlite: Database) -> None:
    day = await report_day(sqlite)
    note = await day.says("거둘 의견입니다.")
    await manager(sqlite, MANAGER)
    await day.publishes(EVENING)
    await day.arrives()
    day.clock.jump_to(at("21:02"))
    await day.withdraws(note)
    assert await day.publishes(at("21:02")) == 1
    assert "거둘 의견입니다." not in await day.bodies()
    assert [one.key for one in await day.sent()] == ["errata.told", "digest.section"]


async def test_a_change_that_was_undone_before_the_half_hour_is_no_news(sqlite: Database) -> None:
    day = await report_day(sqlite)
    note = await day.says("처음 말입니다.")
    await manager(sqlite, MANAGER)
    await day.publishes(EVENING)
    await day.corrects(note, "바꾼 말입니다.")
    await day.corrects(note, "처음 말입니다.")
    await day.publishes(at("21:30"))
    assert len(await day.sent()) == 1
    assert await day.publishes(at("22:00")) == 0, "the call was answered"


async def test_a_note_that_comes_while_the_digest_is_computed_is_in_it_or_calls_the_next(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = await report_day(sqlite)
    await day.says()
    loop, came = asyncio.get_running_loop(), False

    def slow(input_: DayInput) -> Digest:
        nonlocal came
        if not came:
            came = True
            asyncio.run_coroutine_threadsafe(day.says("그사이 온 의견입니다."), loop).result()
        return make_digest(input_)

    monkeypatch.setattr(digest_making, "make_digest", slow)
    await day.publishes(EVENING)
    await day.publishes(at("21:30"))
    newest = (await day.revisions())[-1]
    assert newest.published_at is not None
    assert newest.body["ledger"]["received"] == 2


async def test_words_withdrawn_between_making_and_publishing_are_not_published(sqlite: Database) -> None:
    day = await report_day(sqlite)
    note = await day.says("거둘 의견입니다.")
    make = day.digests.make

    class Interrupted(type(day.digests)):  # type: ignore[misc]  # the real one, with somebody acting in between
        async def make(self, *_: object, **_how: object) -> object:
            stored = await make(day.database.open_unit, SUBJECT)
            await day.withdraws(note)
            return stored

    day.publishing._digests.__class__ = Interrupted
    await day.publishes(EVENING)
    [published] = await day.revisions()
    assert published.published_at == EVENING
    assert published.body["ledger"]["withdrawn"] == 1
    assert "거둘 의견입니다." not in await day.bodies()


@pytest.mark.parametrize(("days", "published"), [(1, 1), (3, 1), (4, 0)])
async def test_after_downtime_a_digest_still_goes_out_for_three_days(
    sqlite: Database, days: int, published: int
) -> None:
    day = await report_day(sqlite)
    await day.says()
    await manager(sqlite, MANAGER)
    assert await day.publishes(EVENING + timedelta(days=days)) == published
    assert len(await day.sent()) == published


async def test_who_lost_the_role_gets_nothing_any_more(sqlite: Database) -> None:
    day = await report_day(sqlite)
    await day.says()
    gone = await manager(sqlite, MANAGER)
    await manager(sqlite, STRANGER)
    await day.publishes(EVENING)
    await day.arrives()
    async with sqlite.open_unit() as unit:
        await unit.people.end_grants(gone.id, gone.grants)
        await unit.commit()
    await day.says("늦게 낸 의견입니다.")
    await day.publishes(at("21:30"))
    assert await day.receivers() == [STRANGER.id, STRANGER.id], "an erratum and the digest"


async def test_whom_no_message_reaches_is_left_out(sqlite: Database) -> None:
    day = await report_day(sqlite)
    person = await manager(sqlite, MANAGER)
    async with sqlite.open_unit() as unit:
        await unit.people.keep(replace(person, reachable=False))
        await unit.commit()
    await day.publishes(EVENING)
    assert await day.sent() == []


async def test_a_day_without_notes_is_published_and_says_so(sqlite: Database) -> None:
    day = await report_day(sqlite)
    await manager(sqlite, MANAGER)
    await day.publishes(EVENING)
    [sent] = await day.sent()
    assert "이날 접수된 의견이 없음" in await day.shows(str(sent.draft.values["digest"]))


async def test_a_day_of_imported_notes_alone_is_published(sqlite: Database) -> None:
    day = await report_day(sqlite, LUNCH, DINNER)
    await day.says(region=GANGWON, about=None, source=Source.IMPORT, number="GW-1")
    await manager(sqlite, MANAGER, GANGWON)
    assert await day.publishes(EVENING) == 2
    assert await day.receivers() == [MANAGER.id]


def break_digests(monkeypatch: pytest.MonkeyPatch, region: str, error: Exception) -> list[str]:
    """Digests of one region fail; all regions that were tried."""
    tried: list[str] = []

    def broken(day: DayInput) -> Digest:
        tried.append(day.region)
        if day.region == region:
            raise error
        return make_digest(day)

    monkeypatch.setattr(digest_making, "make_digest", broken)
    return tried


@pytest.mark.parametrize("error", [Unbalanced("a note is in no class"), RuntimeError("통근버스")])
async def test_a_digest_that_fails_is_never_sent_and_does_not_stand_in_the_others_way(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    day = await report_day(sqlite, LUNCH, DINNER, ELSEWHERE)
    await day.says()
    await day.says(region=GANGWON, about=ELSEWHERE)
    await manager(sqlite, MANAGER)
    await manager(sqlite, STRANGER, GANGWON)
    tried = break_digests(monkeypatch, "강원", error)
    assert await day.publishes(EVENING) == 1
    assert sorted(tried) == ["강원", "전북"]
    assert await day.receivers() == [MANAGER.id]
    assert [row.region for row in await day.revisions()] == ["전북"]
    assert day.alerts == (["digest_failed"] if isinstance(error, Unbalanced) else [])


async def test_a_digest_that_does_not_balance_is_tried_again_but_not_every_second(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = await report_day(sqlite)
    await day.says()
    await manager(sqlite, MANAGER)
    with monkeypatch.context() as broken:
        tried = break_digests(broken, "전북", Unbalanced("lost"))
        await day.publishes(EVENING)
        await day.publishes(EVENING + SECOND)
        assert tried == ["전북"]
        await day.publishes(EVENING + UNBALANCED_RESTS)
        assert tried == ["전북", "전북"]
    assert await day.publishes(EVENING + 2 * UNBALANCED_RESTS) == 1
    assert await day.receivers() == [MANAGER.id]
