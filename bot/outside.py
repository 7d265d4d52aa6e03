"""The outside world as the bot gets it: Telegram and the clock; tests and the rehearsal bring their own."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

import structlog
from tenacity import AsyncRetrying, retry_if_exception_type, wait_exponential

from bot.digest.ports import Analyst, LanguageModel
from bot.gateways.analysis.process import KoreanAnalyst
from bot.gateways.clock import SystemClock
from bot.gateways.language_model import OpenAiModel, Patience, Policy
from bot.gateways.remote_clock import RemoteClock, glance
from bot.gateways.telegram import TelegramMessenger, TelegramUpdates
from bot.gateways.telegram_files import TelegramFiles
from bot.gateways.transcription import OpenAiTranscriber
from bot.services.ports import (
    BotIdentity,
    Clock,
    FateUnknown,
    Files,
    Messenger,
    NotSent,
    SlowDown,
    Transcriber,
    Updates,
    Webhooks,
)
from bot.settings import Settings

log = structlog.get_logger(__name__)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Outside:
    """The outside world. What is None is not there, and the bot does without it."""

    clock: Clock
    messenger: Messenger
    updates: Updates
    webhooks: Webhooks | None = None
    files: Files | None = None
    language_model: LanguageModel | None = None
    transcriber: Transcriber | None = None
    analyst: Analyst | None = None


def telegram_outside(settings: Settings, clock: Clock) -> tuple[TelegramMessenger, TelegramUpdates]:
    """Telegram, or whatever stands at TELEGRAM_API_URL. Open both before use, and close them."""
    if settings.telegram_bot_token is None:
        raise ValueError("no token")
    token = settings.telegram_bot_token.get_secret_value()
    return (
        TelegramMessenger(token, settings.telegram_api_url),
        TelegramUpdates(token, settings.telegram_api_url),
    )


def language_model(settings: Settings) -> LanguageModel | None:
    """The model of the settings, if one is named. It is not asked anything yet."""
    if settings.openai_model is None:
        return None
    key = settings.openai_api_key.get_secret_value() if settings.openai_api_key else None
    policy = Policy(settings.ai_hosts, external=settings.external_ai == "on")
    patience = Patience(answer=settings.ai_timeout)
    return OpenAiModel(settings.ai_endpoint, settings.openai_model, key, policy, patience=patience)


@asynccontextmanager
async def analyst(settings: Settings) -> AsyncIterator[Analyst | None]:
    """Who reads Korean, unless ANALYSIS is off. Its process begins with the first question, and is gone after the block."""
    if settings.analysis == "off":
        yield None
        return
    async with KoreanAnalyst() as reader:
        yield reader


def transcriber(settings: Settings) -> Transcriber | None:
    """What writes voices down, if a model for it is named; at the language model's address, and under its rules."""
    if settings.openai_transcribe_model is None:
        return None
    key = settings.openai_api_key.get_secret_value() if settings.openai_api_key else None
    policy = Policy(settings.ai_hosts, external=settings.external_ai == "on")
    return OpenAiTranscriber(
        settings.ai_endpoint, settings.openai_transcribe_model, key, policy, system_clock().sleep
    )


def telegram_files(settings: Settings) -> TelegramFiles:
    """What people send, from the same place. Open before use, and close."""
    if settings.telegram_bot_token is None:
        raise ValueError("no token")
    return TelegramFiles(settings.telegram_bot_token.get_secret_value(), settings.telegram_api_url)


@asynccontextmanager
async def whole_outside(settings: Settings, clock: Clock) -> AsyncIterator[Outside]:
    """Everything of the settings, open while the block runs. Nobody is asked anything yet."""
    messenger, updates = telegram_outside(settings, clock)
    async with messenger, updates, telegram_files(settings) as files, analyst(settings) as reader:
        yield Outside(
            clock,
            messenger,
            updates,
            webhooks=updates,
            files=files,
            language_model=language_model(settings),
            transcriber=transcriber(settings),
            analyst=reader,
        )


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


@asynccontextmanager
async def clock_of(settings: Settings) -> AsyncIterator[Clock]:
    """The time that the bot lives in: the machine's, or a rehearsal's (CLOCK_URL). Raises ClockGone."""
    if settings.clock_url is None:
        yield system_clock()
        return
    async with RemoteClock(settings.clock_url) as clock:
        yield clock


async def time_now(settings: Settings) -> Clock:
    """The same time, for a command that is soon done. Raises ClockGone."""
    return system_clock() if settings.clock_url is None else await glance(settings.clock_url)
