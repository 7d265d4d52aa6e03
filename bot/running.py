"""Running until told to stop: the bot on Telegram, or the rehearsal. One at a time on a DATA_DIR."""

import asyncio
import contextlib
import errno
import fcntl
import signal
from collections.abc import Coroutine, Iterator
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from bot.app import Bot, Outside, system_clock, telegram_outside, until_reached, who_am_i
from bot.commands import NO_TELEGRAM, TELEGRAM_REFUSES, Failed, database_of
from bot.gateways.telegram import TelegramMessenger, TelegramUpdates
from bot.rehearse import rehearse
from bot.services.ports import BotIdentity, Clock, SendError, TokenRefused
from bot.settings import Settings
from bot.web.health import NotListening, health_app, serve_health
from storage.database import InUse

T = TypeVar("T")
_CANNOT_LISTEN = "{host}:{port}에서 접속을 받을 수 없습니다. 다른 프로그램이 쓰고 있지 않은지 확인하거나 HOST와 PORT를 바꾸어 주십시오."
_NOT_OURS = (errno.EADDRINUSE, errno.EADDRNOTAVAIL, errno.EACCES)


@contextlib.contextmanager
def alone(data_dir: Path, name: str = "run.lock") -> Iterator[None]:
    """Holds a lock file in DATA_DIR while the bot runs: two on one SQLite file would answer everybody twice."""
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / name).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Failed(
                f"이미 실행 중입니다({data_dir}). 먼저 실행한 것을 끝낸 뒤 다시 실행해 주십시오."
            ) from None
        yield


async def run(settings: Settings) -> None:
    """The bot on Telegram, until it is told to stop (SIGINT, SIGTERM). Raises Failed."""
    clock, stop = system_clock(), _told_to_stop()
    with alone(settings.data_dir):
        database = database_of(settings)
        messenger, updates = telegram_outside(settings, clock)
        try:
            await database.migrate()
            async with messenger, updates:
                identity = await _unless(stop, _reached(messenger, updates, clock))
                if identity is not None:
                    outside = Outside(clock, messenger, updates)
                    async with database.sending_alone():
                        await _run_bot(settings, Bot(settings, database, outside, identity), identity, stop)
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


async def _reached(messenger: TelegramMessenger, updates: TelegramUpdates, clock: Clock) -> BotIdentity:
    """Who the bot is, once Telegram answers; a webhook that stands in the way of polling is removed."""
    identity = await who_am_i(messenger, clock)
    await until_reached(updates.drop_webhook, clock)
    return identity


async def _run_bot(settings: Settings, bot: Bot, identity: BotIdentity, stop: asyncio.Event) -> None:
    try:
        async with serve_health(health_app(bot.answers), settings.host, settings.port) as port, bot:
            print(
                f"@{identity.username} 실행 중입니다. 상태 확인: http://{settings.host}:{port}/healthz",
                flush=True,
            )
            await _unless(stop, bot.ended())
    except NotListening:
        raise Failed(_CANNOT_LISTEN.format(host=settings.host, port=settings.port)) from None
    if not stop.is_set():
        raise Failed("봇이 예기치 않게 멈추었습니다. 기록을 확인하고 다시 실행해 주십시오.")


async def run_rehearsal(settings: Settings, start: datetime) -> None:
    """The rehearsal from `start` on, until it is told to stop. Raises Failed."""
    stop = _told_to_stop()
    with alone(settings.data_dir, "rehearsal.lock"):
        try:
            await _unless(stop, rehearse(settings, start))
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
