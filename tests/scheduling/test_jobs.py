"""The ticks' jobs: each asks the rows, and wakes the sender when it may have planned something."""

from collections.abc import Mapping
from datetime import time, timedelta

import pytest

from bot.domain.ids import ChatId
from bot.domain.person import Grant, Role
from bot.gateways.clock import SteppedClock
from bot.scheduling.jobs import SETTLING_FIRST, Jobs
from bot.services import reminders
from bot.services.digest_view import DigestView
from bot.services.digest_wishes import DigestWishes
from bot.services.digests import Digests
from bot.services.inbox import InboxService
from bot.services.interim_clock import InterimClock
from bot.services.menus import Menus
from bot.services.ports import NotSent, RawUpdate, SendError, Unreachable
from bot.services.publishing import Publishing
from bot.services.purge import Purge
from storage.database import Database
from tests.support.chat import MANAGER, MESSAGES, STAFF, YOUTH, grant, said
from tests.support.fake_messenger import FakeMessenger
from tests.support.kept import JEONBUK
from tests.support.plans import SEOUL, at, plan
from tests.support.services import only
from tests.support.tour_day import TourDay

NOON = at("12:00")


class MenuMessenger(FakeMessenger):
    """Remembers menus; `ends` are the errors of the next requests, None for a success."""

    def __init__(self, clock: SteppedClock) -> None:
        super().__init__(clock)
        self.menus: list[ChatId | None] = []
        self.ends: list[SendError | None] = []

    async def set_menu(
        self, chat: ChatId | None, commands: Mapping[str, str], *, language: str | None = None
    ) -> None:
        self.menus.append(chat)
        end = self.ends.pop(0) if self.ends else None
        if end is not None:
            raise end


class Office:
    """The jobs of one process that has just started."""

    def __init__(self, database: Database, clock: SteppedClock) -> None:
        self.database, self.clock = database, clock
        self.messenger = MenuMessenger(clock)
        self.woken = 0
        self.tour = TourDay(database)
        digests = Digests(SEOUL, time(21))
        self.jobs = Jobs(
            open_unit=database.open_unit,
            truncate_log=database.truncate_log,
            clock=clock,
            services=only(reminders=self.tour.reminders, menus=Menus(MESSAGES), digests=digests),
            publishing=Publishing(database.open_unit, digests, clock),
            interim=InterimClock(database.open_unit, digests, clock),
            wishes=DigestWishes(database.open_unit, digests, DigestView(MESSAGES), clock),
            purge=Purge(clock, SEOUL, 90),
            messenger=self.messenger,
            planned=self._planned,
            started=clock.monotonic(),
        )

    def _planned(self) -> None:
        self.woken += 1

    async def kinds(self) -> list[str]:
        return [one.kind.value for one in await said(self.database, self.clock.now())]

    async def passes(self, **time: float) -> None:
        self.clock.advance_to(self.clock.now() + timedelta(**time))


@pytest.fixture
def office(sqlite: Database) -> Office:
    return Office(sqlite, SteppedClock(NOON))


def test_the_table_names_each_job_once_and_none_is_slower_than_half_a_minute(office: Office) -> None:
    table = office.jobs.table()
    assert [tick.name for tick in table] == [
        "reminders",
        "digests",
        "interim",
        "wishes",
        "sending",
        "menus",
        "purge",
    ]
    assert all(1 <= tick.seconds <= 30 for tick in table)


async def test_what_commands_planned_is_looked_for(office: Office) -> None:
    await office.jobs.look()
    assert office.woken == 1


async def test_reminders_that_fell_due_are_planned_and_the_sender_is_woken(office: Office) -> None:
    await grant(office.database, STAFF, Grant(Role.STAFF, JEONBUK))
    await office.tour.brings_in(plan("a", "13:00", "14:00"), now=at("11:00"))
    await office.jobs.remind()
    assert await office.kinds() == ["reminder"]
    woken = office.woken
    assert woken >= 1
    await office.jobs.remind()
    assert await office.kinds() == ["reminder"]
    assert office.woken == woken, "nothing due: nobody is woken"


async def test_reminders_are_planned_until_none_is_due_however_little_a_transaction_may_hold(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminders, "MOST_PLANNED", 1)
    await grant(office.database, STAFF, Grant(Role.STAFF, JEONBUK))
    await office.tour.brings_in(*(plan(name, "13:00", "14:00") for name in "abc"), now=at("11:00"))
    await office.jobs.remind()
    assert await office.kinds() == ["reminder"] * 3


async def test_digests_whose_time_has_come_are_published(office: Office) -> None:
    await grant(office.database, MANAGER, Grant(Role.MANAGER, JEONBUK))
    await office.tour.brings_in(plan("a"), now=at("06:00"))
    await office.jobs.publish()
    assert office.woken == 0
    office.clock.advance_to(at("21:00"))
    await office.jobs.publish()
    assert await office.kinds() == ["digest"]
    assert office.woken == 1


async def test_menus_are_set_once_and_again_after_a_refusal_that_may_pass(office: Office) -> None:
    await grant(office.database, STAFF, Grant(Role.STAFF, JEONBUK))
    await grant(office.database, MANAGER, Grant(Role.MANAGER, JEONBUK))
    office.messenger.ends = [NotSent("x")]
    await office.jobs.set_menus()
    assert len(office.messenger.menus) == 1, "no way out: not tried for everybody"
    office.messenger.menus.clear()
    office.messenger.ends = [Unreachable("blocked")]
    await office.jobs.set_menus()
    assert sorted(office.messenger.menus, key=str) == [STAFF.id, MANAGER.id]
    office.messenger.menus.clear()
    await office.jobs.set_menus()
    assert office.messenger.menus == [], "who blocked us is not asked again"


async def old_update(office: Office, number: int = 1) -> None:
    """A participant's update that was received and acknowledged, and then the bot was away for an hour."""
    message = {"message_id": 1, "chat": {"id": YOUTH.id}, "from": {"id": YOUTH.id}, "text": "통근버스"}
    raw = RawUpdate(number, str({"update_id": number, "message": message}).replace("'", '"'))
    before = InboxService(office.database.open_unit, SteppedClock(NOON - timedelta(hours=1)))
    assert await before.receive([raw]) == 1


async def waiting(office: Office) -> int:
    async with office.database.open_unit(read_only=True) as unit:
        return await unit.inbox.waiting()


async def test_destruction_waits_for_words_that_were_acknowledged_before_the_start(office: Office) -> None:
    await old_update(office)
    await office.jobs.destroy()
    assert await waiting(office) == 1
    await office.passes(seconds=SETTLING_FIRST.total_seconds() - 1)
    await office.jobs.destroy()
    assert await waiting(office) == 1
    await office.passes(seconds=1)
    await office.jobs.destroy()
    assert await waiting(office) == 0, "what could not be settled for so long is not kept any longer"


async def test_destruction_waits_also_behind_an_update_that_is_tried_again(office: Office) -> None:
    await old_update(office, 1)
    await old_update(office, 2)
    async with office.database.open_unit() as unit:
        await unit.inbox.retry_later(1, NOON + timedelta(seconds=30), "X")
        await unit.commit()
    await office.jobs.destroy()
    assert await waiting(office) == 2


async def test_once_all_is_settled_destruction_begins_at_once(office: Office) -> None:
    await old_update(office)
    async with office.database.open_unit() as unit:
        assert await unit.inbox.settle(1)
        await unit.commit()
    await office.jobs.destroy()
    async with office.database.open_unit(read_only=True) as unit:
        assert not await unit.inbox.came_since(ChatId(YOUTH.id), NOON - timedelta(days=1))
