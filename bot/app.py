"""The composition root: builds everything once, starts it, stops it. The only place that knows all rooms."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import structlog
from tenacity import AsyncRetrying, retry_if_exception_type, wait_exponential

from bot.domain.limits import Limits
from bot.gateways.clock import SystemClock
from bot.gateways.qr import qr_png
from bot.gateways.telegram import TelegramMessenger, TelegramUpdates
from bot.intake.dispatcher import Dispatcher
from bot.intake.poller import Poller
from bot.scheduling.jobs import Jobs
from bot.scheduling.ticks import Ticks
from bot.services.activity import Activity
from bot.services.agenda import Agenda
from bot.services.alerts import alert_admins
from bot.services.bundle import Services
from bot.services.codes import Codes
from bot.services.consent import ConsentTexts
from bot.services.digest_view import DigestView
from bot.services.digest_wishes import DigestWishes
from bot.services.digests import Digests
from bot.services.feedback import Feedback
from bot.services.inbox import Answer, InboxService
from bot.services.invitations import Invitations
from bot.services.joining import Joining
from bot.services.menus import Menus
from bot.services.own_notes import OwnNotes
from bot.services.people import People
from bot.services.ports import (
    BotIdentity,
    Clock,
    FateUnknown,
    Messenger,
    NotSent,
    SendError,
    SlowDown,
    Updates,
)
from bot.services.privacy import Privacy
from bot.services.publishing import Publishing
from bot.services.purge import Purge
from bot.services.reminders import Reminders
from bot.services.schedule import Schedule
from bot.services.sending import Sender
from bot.services.staff_notes import StaffNotes
from bot.services.status import Status
from bot.services.wording import Wording
from bot.settings import Settings
from handlers.application import HandlerChain
from handlers.registry import REGISTERS
from prompts.consent import Notices
from prompts.messages import Messages
from storage.database import Database

log = structlog.get_logger(__name__)
T = TypeVar("T")

STOPPING_TAKES = 20.0
"""Seconds that what is in flight gets to finish when the bot is stopped."""


@dataclass(frozen=True, slots=True)
class Outside:
    """The outside world; tests and the rehearsal bring their own."""

    clock: Clock
    messenger: Messenger
    updates: Updates


def telegram_outside(settings: Settings, clock: Clock) -> tuple[TelegramMessenger, TelegramUpdates]:
    """Telegram, or whatever stands at TELEGRAM_API_URL. Open both before use, and close them."""
    if settings.telegram_bot_token is None:
        raise ValueError("no token")
    token = settings.telegram_bot_token.get_secret_value()
    return (
        TelegramMessenger(token, settings.telegram_api_url),
        TelegramUpdates(token, settings.telegram_api_url),
    )


def build_services(settings: Settings, messages: Messages, username: str) -> Services:
    """All use cases, from plain values. `username` is the bot's, for links."""
    zone = settings.timezone
    reminders = Reminders(zone, settings.briefing_time)
    texts = ConsentTexts(Notices(), zone, settings.retention_days)
    return Services(
        schedule=Schedule(zone, reminders),
        codes=Codes(username),
        invitations=Invitations(username),
        people=People(),
        status=Status(zone),
        joining=Joining(texts),
        feedback=Feedback(zone),
        own_notes=OwnNotes(),
        staff_notes=StaffNotes(zone),
        privacy=Privacy(texts),
        menus=Menus(messages),
        reminders=reminders,
        digests=Digests(zone, settings.digest_time),
        digest_view=DigestView(messages),
    )


class Bot:
    """The running bot. `async with` starts and stops it.

    `pulse`: real ticks by APScheduler; without it a driver calls `run_ticks` (stepped clock).
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        outside: Outside,
        identity: BotIdentity,
        *,
        pulse: bool = True,
    ) -> None:
        self._clock = outside.clock
        self._database = database
        self._pulse = pulse
        self.messages = Messages(settings.timezone)
        self.activity = Activity()
        self.services = build_services(settings, self.messages, identity.username)
        self._messenger = outside.messenger
        wording = Wording(self.messages, qr_png, self.services.digest_view)
        self._sender = Sender(
            database.open_unit,
            outside.messenger,
            wording,
            self._clock,
            Limits(),
            self.activity,
            alert=self._alert,
        )
        self._inbox = InboxService(database.open_unit, self._clock, self._alert)
        self._alerting: set[asyncio.Task[None]] = set()
        self._chain = HandlerChain(identity, self.services, REGISTERS)
        self._dispatcher = Dispatcher(
            self._inbox,
            self._chain,
            self._clock,
            self.activity,
            settled=self._sender.wake,
            answer=self._answer,
        )
        self._poller = Poller(outside.updates, self._inbox, self._clock, self._dispatcher.wake)
        jobs = Jobs(
            open_unit=database.open_unit,
            truncate_log=database.truncate_log,
            clock=self._clock,
            services=self.services,
            publishing=Publishing(database.open_unit, self.services.digests, self._clock, alert=self._alert),
            wishes=DigestWishes(
                database.open_unit, self.services.digests, self.services.digest_view, self._clock
            ),
            purge=Purge(self._clock, settings.timezone, settings.retention_days),
            messenger=outside.messenger,
            planned=self._sender.wake,
            started=self._clock.monotonic(),
        )
        self._ticks = Ticks(jobs.table(), self.activity, self._clock)
        self._agenda = Agenda(database.open_unit, self.services.digests)
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> "Bot":
        await self._sender.recover()
        await self._chain.start()
        await self._set_default_menu()
        loops = (self._poller.run(), self._dispatcher.run(), self._sender.run())
        self._tasks = [asyncio.create_task(loop) for loop in loops]
        if self._pulse:
            self._ticks.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Takes nothing new, lets what is in flight finish, then stops."""
        await self._ticks.stop()
        poller, dispatcher, sender = self._tasks
        for task in (poller, dispatcher):
            task.cancel()
        await asyncio.gather(poller, dispatcher, return_exceptions=True)
        await self._alerts_planned()
        self._sender.stop()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STOPPING_TAKES):
                await asyncio.gather(sender, return_exceptions=True)
        await self._alerts_planned()
        await self._chain.stop()

    async def ended(self) -> None:
        """Waits until one of the loops ends by itself, which none should: the process is of no use any more."""
        done, _ = await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            log.error("a loop ended", exc_info=None if task.cancelled() else task.exception())

    async def _alerts_planned(self) -> None:
        while self._alerting:
            await asyncio.gather(*self._alerting, return_exceptions=True)

    def _alert(self, event: str) -> None:
        """Something needs a person: administrators are told, in a transaction of its own."""
        task = asyncio.create_task(self._tell_admins(event))
        self._alerting.add(task)
        task.add_done_callback(self._alerting.discard)

    async def _tell_admins(self, event: str) -> None:
        async with self.activity.working():
            try:
                async with self._database.open_unit() as unit:
                    await alert_admins(unit, event, now=self._clock.now())
                    await unit.commit()
            except Exception as error:  # noqa: BLE001 (the log has the event already; the database may be the trouble)
                log.warning("alert not planned", alert=event, failure=type(error).__name__)
        self._sender.wake()

    async def _set_default_menu(self) -> None:
        """What everybody sees who has no menu of their own: best effort, set anew at each start."""
        with contextlib.suppress(SendError):
            menu = self.services.menus.menu_for(None, now=self._clock.now())
            await self._messenger.set_menu(None, menu)

    async def answers(self) -> bool:
        """Whether the loops run and the database answers."""
        if not self._tasks or any(task.done() for task in self._tasks):
            return False
        try:
            await self._inbox.next_try()
        except Exception as error:  # noqa: BLE001 (whatever it is: not ready)
            log.warning("not ready", failure=type(error).__name__)
            return False
        return True

    async def run_ticks(self) -> None:
        """Every tick whose interval has passed (a stepped clock's driver)."""
        await self._ticks.run_due()

    @property
    def moving(self) -> bool:
        """Whether somebody is at work this moment."""
        return self.activity.busy

    async def busy(self) -> bool:
        """Whether something is under way or can go on without the clock moving."""
        now = self._clock.now()
        if self.activity.busy:
            return True
        waiting = None if self._dispatcher.resting else await self._inbox.next_try()
        return (waiting is not None and waiting <= now) or await self._sender.open_work(now)

    async def next_moment(self, now: datetime) -> datetime | None:
        return await self._agenda.next_moment(now)

    async def next_event(self, now: datetime) -> tuple[datetime, str] | None:
        return await self._agenda.next_event(now)

    async def _answer(self, answer: Answer) -> None:
        """The toast of a button press: best effort, no state depends on it."""
        text = None
        if answer.key is not None:
            now = self._clock.now()
            text = self.messages.plain(answer.key, answer.values, now=now, language=answer.language)
        with contextlib.suppress(SendError):
            await self._messenger.answer_press(answer.press, text, alert=False)


async def who_am_i(messenger: Messenger, clock: Clock) -> BotIdentity:
    """Asks until the messenger can be reached; a refused token is final and raised."""
    return await until_reached(messenger.identity, clock)


async def until_reached(ask: Callable[[], Awaitable[T]], clock: Clock) -> T:
    """What `ask` gives once the messenger answers. Raises the SendErrors that trying again does not cure."""
    asking = AsyncRetrying(
        retry=retry_if_exception_type((NotSent, FateUnknown, SlowDown)),
        wait=wait_exponential(multiplier=1, max=30),
        sleep=clock.sleep,
        before_sleep=lambda state: log.warning("messenger not reached", attempt=state.attempt_number),
        reraise=True,
    )
    return await asking(ask)


def system_clock() -> Clock:
    return SystemClock()
