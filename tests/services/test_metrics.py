"""What monitoring is told, and that none of it follows a note."""

from datetime import datetime, timedelta

from bot.domain.delivery import DeliveryKind, DeliveryState, Draft
from bot.domain.digest import EngineKind
from bot.domain.ids import ChatId
from bot.services.clock_leap import RETENTION_DAY
from bot.services.metrics import COUNTED_EVERY, STEP, Metric, Metrics
from bot.services.saying import Recipient, plan
from bot.services.sending.results import STOPPED
from storage.database import Database
from storage.repositories.audit import AuditEntry
from storage.repositories.digests import StoredDigest
from storage.repositories.inbox import Received
from tests.support.kept import JEONBUK, NOON, TOUR, tour_with
from tests.support.plans import DAY, SEOUL, at

HOUR = timedelta(hours=1)


async def measured(
    database: Database, metrics: Metrics | None = None, now: datetime = NOON
) -> dict[str, Metric]:
    """By a process that has just started, unless it is a certain one."""
    async with database.open_unit(read_only=True) as unit:
        told = await (metrics or Metrics(SEOUL)).measure(unit, now=now)
    return {one.name.removeprefix("hyeonjang_"): one for one in told}


def value(found: dict[str, Metric], name: str) -> float:
    return found[name].values[""]


async def test_a_new_database_is_told_whole_with_nothing_in_it(database: Database) -> None:
    found = await measured(database)
    assert found["deliveries_today"].values == {state.value: 0 for state in DeliveryState}
    assert found["digests_today"].values == {kind.value: 0 for kind in EngineKind}
    assert value(found, "database_bytes") >= 1 << 20
    told = ("deliveries_today", "digests_today", "database_bytes")
    assert {value(found, name) for name in found if name not in told} == {0}


async def test_what_waits_and_since_when_is_told_once_it_waits_for_long(database: Database) -> None:
    async with database.open_unit() as unit:
        for number, seconds in enumerate((3, 95, 64)):
            received = [Received(number, ChatId(7), "{}")]
            await unit.inbox.receive(received, NOON.date(), NOON - timedelta(seconds=seconds))
        await plan(
            unit,
            DeliveryKind.REMINDER,
            "due",
            Recipient(ChatId(5), "ko"),
            Draft("settings.always"),
            now=NOON - timedelta(seconds=128),
        )
        await unit.audit.record(AuditEntry(NOON, None, "update_parked", "x", {}))
        await unit.facts.put(STOPPED, NOON.isoformat())
        await unit.facts.put(RETENTION_DAY, DAY.isoformat())
        await unit.commit()
    found = await measured(database)
    assert value(found, "updates_waiting") == 2
    assert value(found, "updates_oldest_waiting_seconds") == 90
    assert value(found, "updates_parked_today") == 1
    assert value(found, "deliveries_longest_due_seconds") == 120
    assert found["deliveries_today"].values["planned"] == 1
    assert value(found, "sending_stopped") == 1
    assert value(found, "retention_day_seconds") == at("00:00").timestamp()


async def test_digests_are_told_by_their_engine(database: Database) -> None:
    async with database.open_unit() as unit:
        await tour_with(unit)
        for number, (kind, when) in enumerate(
            [
                ("extractive", NOON),
                ("language_model", NOON),
                ("extractive", None),
                ("extractive", NOON - 24 * HOUR),
            ],
            1,
        ):
            body = {"engine": {"kind": kind}}
            await unit.digests.keep(
                StoredDigest(f"d{number}", TOUR.id, JEONBUK, DAY, number, f"{number:064}", body, when)
            )
        await unit.commit()
    assert (await measured(database))["digests_today"].values == {"extractive": 1, "language_model": 1}


async def test_nothing_moves_when_a_participant_writes(database: Database) -> None:
    """Their update, its settling, and the reply: whoever scrapes every second sees the same figures."""
    before = await measured(database)
    async with database.open_unit() as unit:
        await unit.inbox.receive([Received(1, ChatId(7), "{}")], NOON.date(), NOON)
        await unit.commit()
    kept = await measured(database)
    async with database.open_unit() as unit:
        await unit.inbox.settle(1)
        reply = Draft("settings.always", private=True)
        await plan(unit, DeliveryKind.REPLY, "reply:1:0", Recipient(ChatId(7), "ko"), reply, now=NOON)
        await unit.commit()
    replied = await measured(database)
    async with database.open_unit() as unit:
        [delivery] = await unit.deliveries.due(NOON, [], 10)
        await unit.deliveries.claim([delivery.id], NOON)
        await unit.deliveries.sent(delivery.id, 4, NOON)
        await unit.commit()
    after = await measured(database)
    for found in (before, kept, replied, after):
        assert found.pop("database_bytes").values[""] % (1 << 20) == 0, "in steps of thousands of notes"
    assert before == kept == replied == after


async def test_how_many_updates_came_is_told_in_steps(database: Database) -> None:
    async with database.open_unit() as unit:
        for number in range(2 * STEP + 7):
            await unit.inbox.receive([Received(number, ChatId(number), "{}")], NOON.date(), NOON)
        await unit.commit()
    assert value(await measured(database), "updates_kept_today") == 2 * STEP


async def test_no_look_sees_one_update_or_a_requests_notice(database: Database) -> None:
    """Somebody has written until the next update makes the step, and then looks every second."""

    async def come(first: int, count: int, now: datetime) -> None:
        async with database.open_unit() as unit:
            many = [Received(first + number, ChatId(7), "{}") for number in range(count)]
            await unit.inbox.receive(many, now.date(), now)
            notice, to = Draft("settings.always"), Recipient(ChatId(5), "ko")
            await plan(unit, DeliveryKind.NOTICE, f"notice:request:{first}", to, notice, now=now)
            await unit.commit()

    metrics, last = Metrics(SEOUL), NOON + COUNTED_EVERY - timedelta.resolution
    await come(0, STEP - 1, NOON - HOUR)
    before = await measured(database, metrics)
    await come(STEP, 1, NOON + timedelta(seconds=1))
    looks = [await measured(database, metrics, now) for now in (NOON + timedelta(seconds=2), last)]
    later = await measured(database, metrics, NOON + COUNTED_EVERY)
    for name, then, now in (("updates_kept_today", 0, STEP), ("deliveries_today", 1, 2)):
        assert {sum(look[name].values.values()) for look in (before, *looks)} == {then}
        assert sum(later[name].values.values()) == now


async def test_a_clock_that_was_set_back_stops_no_figure(database: Database) -> None:
    metrics = Metrics(SEOUL)
    await measured(database, metrics, NOON + 24 * HOUR)
    async with database.open_unit() as unit:
        await unit.inbox.receive([Received(n, ChatId(7), "{}") for n in range(STEP)], NOON.date(), NOON)
        await unit.commit()
    assert value(await measured(database, metrics), "updates_kept_today") == STEP
