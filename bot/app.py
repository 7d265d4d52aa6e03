"""The composition root: builds everything once, starts it, stops it. The only place that knows all rooms."""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime

import structlog
from aiohttp import web

from bot.building import build_core, build_metrics, build_pages, build_sender, build_ticks
from bot.domain.markup import without_markup
from bot.intake.dispatcher import Dispatcher
from bot.intake.door import Door
from bot.intake.webhook_watch import LOOK_EVERY, WebhookAddress
from bot.outside import Outside
from bot.scheduling.ticks import Tick, Ticks
from bot.services.agenda import Agenda
from bot.services.alerts import Alarm
from bot.services.inbox import Answer, InboxService
from bot.services.intake_troubles import Trouble, Troubles
from bot.services.ports import BotIdentity, SendError
from bot.settings import Settings
from bot.web.health import probes
from bot.web.manners import words_of
from bot.web.site import build_site
from bot.web.webhook import webhook
from handlers.application import HandlerChain
from handlers.registry import REGISTERS
from storage.database import Database

log = structlog.get_logger(__name__)

STOPPING_TAKES = 20.0
"""Seconds that what is in flight gets to finish when the bot is stopped."""


class Bot:
    """The running bot. `async with` starts and stops it.

    `pulse`: real ticks by APScheduler; without it a driver calls `run_ticks` (stepped clock). `brought_to`: updates
    are brought there by a webhook; without it they are polled. `say` hears what the operator should read at once.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        outside: Outside,
        identity: BotIdentity,
        *,
        pulse: bool = True,
        brought_to: WebhookAddress | None = None,
        say: Callable[[str], None] = lambda _words: None,
    ) -> None:
        self._clock = outside.clock
        self._messenger = outside.messenger
        self._pulse = pulse
        self._say = say
        self._core = core = build_core(
            settings, database, outside, identity, wake=self._wake, alert=self._alert
        )
        self.messages, self.services, self.activity = core.messages, core.services, core.activity
        self._alarm = Alarm(database.open_unit, self._clock, self.activity, self._wake)
        self._sender = build_sender(core)
        self._inbox = InboxService(database.open_unit, self._clock, self._alert)
        self._chain = HandlerChain(identity, self.services, REGISTERS)
        self._dispatcher = Dispatcher(
            self._inbox,
            self._chain,
            self._clock,
            self.activity,
            settled=self._wake,
            answer=self._answer,
        )
        self._troubles = Troubles(database.open_unit, self._clock, self._in_trouble)
        self._door = Door(
            self._inbox,
            self._clock,
            self.activity,
            self._troubles,
            self._dispatcher.wake,
            updates=outside.updates,
            webhooks=outside.webhooks,
            brought_to=brought_to,
        )
        table = (*build_ticks(core), Tick("webhook", LOOK_EVERY, self._door.look))
        self._ticks = Ticks(table, self.activity, self._clock)
        self._agenda = Agenda(database.open_unit, self.services.digests)
        self._tasks: list[asyncio.Task[None]] = []

    def site(self) -> web.Application:
        """Everything that the bot answers over HTTP, to be served while it runs."""
        parts = [probes(self.answers), build_metrics(self._core), *build_pages(self._core)]
        if (at := self._door.brought_to) is not None:
            parts.append(webhook(at.secret, self._door.take, self._inbox.set_aside))
        return build_site(*parts, words=words_of(self.messages, self._clock.now()))

    async def take_up(self) -> None:
        """Has updates brought by the webhook; to be called once the site is served. Nothing to do when polling.

        Raises SendError when the messenger is not reached.
        """
        await self._door.take_up()

    async def __aenter__(self) -> "Bot":
        await self._sender.recover()
        await self._troubles.begin()
        await self._chain.start()
        await self._set_default_menu()
        loops = (self._door.run(), self._dispatcher.run(), self._sender.run())
        self._tasks = [asyncio.create_task(loop) for loop in loops]
        if self._pulse:
            self._ticks.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Takes nothing new, lets what is in flight finish, then stops."""
        self.services.digests.give_up()
        await self._ticks.stop()
        if self._core.reading_work is not None:
            await self._core.reading_work.stop()
        door, dispatcher, sender = self._tasks
        await self._door.shut(door)
        dispatcher.cancel()
        await asyncio.gather(dispatcher, return_exceptions=True)
        await self._alarm.told()
        self._sender.stop()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STOPPING_TAKES):
                await asyncio.gather(sender, return_exceptions=True)
        await self._alarm.told()
        await self._chain.stop()

    async def ended(self) -> None:
        """Waits until one of the loops ends by itself, which none should: the process is of no use any more."""
        done, _ = await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            log.error("a loop ended", exc_info=None if task.cancelled() else task.exception())

    def _wake(self) -> None:
        """There may be something to send."""
        self._sender.wake()

    def _alert(self, event: str) -> None:
        """Something needs a person."""
        self._alarm.ring(event)

    def _in_trouble(self, trouble: Trouble) -> None:
        """Said at the console, in Korean like all of it, and to administrators."""
        self._say(without_markup(self.messages.text(f"alert.{trouble}", now=self._clock.now())))
        self._alarm.ring(trouble)

    async def _set_default_menu(self) -> None:
        """What everybody sees who has no menu of their own: best effort, set anew at each start."""
        with contextlib.suppress(SendError):
            for language, menu in self.services.menus.defaults(now=self._clock.now()):
                await self._messenger.set_menu(None, menu, language=language)

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
