"""Running until told to stop: the bot on Telegram, or the rehearsal. One at a time on a DATA_DIR."""

import asyncio
import errno
import signal
from collections.abc import Coroutine, Sequence
from typing import TypeVar
from urllib.parse import urlsplit

from bot.app import Bot
from bot.commands import NO_TELEGRAM, TELEGRAM_REFUSES, Failed, database_of
from bot.commands.alone import alone as alone
from bot.commands.desk import NO_CLOCK
from bot.commands.first_steps import first_steps
from bot.commands.leftovers import clear_leftovers
from bot.commands.opening import say
from bot.commands.upgrading import bring_up, upgrading_alone
from bot.gateways.remote_clock import ClockGone, RemoteClock
from bot.intake.webhook_watch import WebhookAddress
from bot.outside import Outside, clock_of, until_reached, who_am_i, whole_outside
from bot.rehearsal.sources import SourcesRefused
from bot.rehearse import Wishes, rehearse, serve_telegram
from bot.services.ports import BotIdentity, Clock, SendError, TokenRefused
from bot.services.webhook_secret import webhook_secret
from bot.settings import Settings
from bot.web import webhook
from bot.web.site import NotListening, serve_site
from storage.database import Database, InUse

T = TypeVar("T")
_CANNOT_LISTEN = "{host}:{port}에서 접속을 받을 수 없습니다. 다른 프로그램이 쓰고 있지 않은지 확인하거나 HOST와 PORT를 바꾸어 주십시오."
_WEBHOOK_DROPPED = "남아 있던 웹훅({host})을 해제했습니다. 텔레그램에서 기다리던 메시지 {pending}건은 이어서 받습니다. 웹훅으로 받으려면 PUBLIC_URL을 설정해 주십시오."
_NOT_OURS = (errno.EADDRINUSE, errno.EADDRNOTAVAIL, errno.EACCES)


async def run(settings: Settings, *, keeps: bool = True) -> None:
    """The bot on Telegram, until it is told to stop (SIGINT, SIGTERM). Raises Failed.

    `keeps`: a database of an older version is backed up before it is brought up.
    """
    stop = _told_to_stop()
    try:
        async with upgrading_alone(settings.data_dir):
            pass  # a command that brings the database up is waited for
        with alone(settings.data_dir):
            async with clock_of(settings) as clock:
                await _run(settings, clock, stop, keeps=keeps)
    except ClockGone:
        raise Failed(NO_CLOCK) from None


async def _run(settings: Settings, clock: Clock, stop: asyncio.Event, *, keeps: bool) -> None:
    database = database_of(settings)
    try:
        clear_leftovers(settings, database)
        await bring_up(settings, database, clock, runs=True, keeps=keeps)
        async with database.sending_alone(), whole_outside(settings, clock) as outside:
            brought_to = await _brought_to(settings, database)
            identity = await _unless(stop, _reached(outside, polls=brought_to is None))
            if identity is not None:
                bot = Bot(
                    settings,
                    database,
                    outside,
                    identity,
                    pulse=not isinstance(clock, RemoteClock),
                    brought_to=brought_to,
                    say=say,
                )
                steps = await first_steps(settings, database, clock.now())
                await _run_bot(settings, bot, identity, stop, clock, steps)
    except InUse:
        raise Failed(
            "다른 곳에서 같은 데이터베이스로 이미 실행 중입니다. 그쪽을 끝낸 뒤 다시 실행해 주십시오."
        ) from None
    except TokenRefused:
        raise Failed(TELEGRAM_REFUSES) from None
    except SendError:
        raise Failed(NO_TELEGRAM) from None
    finally:
        await database.close()


async def _brought_to(settings: Settings, database: Database) -> WebhookAddress | None:
    """Where Telegram is to bring updates; None when they are polled."""
    if settings.public_url is None:
        return None
    given = None if settings.webhook_secret is None else settings.webhook_secret.get_secret_value()
    secret = await webhook_secret(database.open_unit, given)
    return WebhookAddress(settings.public_url + webhook.PATH, secret)


async def _reached(outside: Outside, *, polls: bool) -> BotIdentity:
    """Who the bot is, once Telegram answers; a webhook that stands in the way of polling is removed."""
    identity = await who_am_i(outside.messenger, outside.clock)
    if polls and outside.webhooks is not None:
        left = await until_reached(outside.webhooks.webhook, outside.clock)
        await until_reached(outside.webhooks.drop_webhook, outside.clock)
        if left.url:
            say(_WEBHOOK_DROPPED.format(host=urlsplit(left.url).hostname, pending=left.pending))
    return identity


async def _lives(bot: Bot, clock: Clock) -> None:
    """Until a loop of the bot ends by itself, or the rehearsal in whose time it lives. Raises ClockGone."""
    if not isinstance(clock, RemoteClock):
        await bot.ended()
        return
    clock.on_stage(bot)
    ended, gone = asyncio.create_task(bot.ended()), asyncio.create_task(clock.gone())
    try:
        await asyncio.wait({ended, gone}, return_when=asyncio.FIRST_COMPLETED)
        if gone.done():
            raise ClockGone
    finally:
        clock.on_stage(None)
        for task in (ended, gone):
            task.cancel()
        await asyncio.gather(ended, gone, return_exceptions=True)


async def _run_bot(
    settings: Settings,
    bot: Bot,
    identity: BotIdentity,
    stop: asyncio.Event,
    clock: Clock,
    steps: Sequence[str],
) -> None:
    try:
        site = serve_site(bot.site(), settings.host, settings.port, proxies=settings.proxies)
        async with site as port, bot:
            print(
                f"@{identity.username} 실행 중입니다. 상태 확인: http://{settings.host}:{port}/healthz",
                *steps,
                sep="\n",
                flush=True,
            )
            await _unless(stop, until_reached(bot.take_up, clock))
            await _unless(stop, _lives(bot, clock))
    except NotListening:
        raise Failed(_CANNOT_LISTEN.format(host=settings.host, port=settings.port)) from None
    if not stop.is_set():
        raise Failed("봇이 예기치 않게 멈추었습니다. 기록을 확인하고 다시 실행해 주십시오.")


async def run_rehearsal(settings: Settings, wishes: Wishes, *, telegram_only: bool = False) -> None:
    """The rehearsal, or only its Telegram and clock, until it is told to stop. Raises Failed."""
    stop = _told_to_stop()
    with alone(settings.data_dir, "rehearsal.lock"):
        try:
            await _unless(stop, (serve_telegram if telegram_only else rehearse)(settings, wishes))
        except SourcesRefused as refused:
            raise Failed(str(refused)) from None
        except OSError as error:
            if error.errno not in _NOT_OURS:
                raise
            raise Failed(_CANNOT_LISTEN.format(host="127.0.0.1", port=settings.port)) from None


def _told_to_stop() -> asyncio.Event:
    """Set by SIGINT or SIGTERM."""
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    return stop


async def _unless(stop: asyncio.Event, work: Coroutine[object, object, T]) -> T | None:
    """What `work` gives; None when it was told to stop before, and then it is cancelled."""
    working, stopping = asyncio.create_task(work), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        return await working if working.done() else None
    finally:
        for task in (working, stopping):
            task.cancel()
        await asyncio.gather(working, stopping, return_exceptions=True)
