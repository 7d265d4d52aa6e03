"""A chat in which voice and pictures are taken, from participants and from staff."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.domain.ids import Region
from bot.domain.person import Grant, Role
from handlers import feedback, media, notes, privacy, words
from storage.database import Database
from tests.support.chat import STAFF, Chat, Said, grant, said, talking
from tests.support.feedback import on_tour, services
from tests.support.media import FakeTranscriber, Workshop

WORDS = "통근버스가 한 시간에 한 대뿐입니다."
REGISTERS = (feedback.register, notes.register, privacy.register, media.register, words.register)


@asynccontextmanager
async def media_chat(database: Database) -> AsyncIterator[Chat]:
    """On the tour, with one of its staff."""
    await on_tour(database)
    async with talking(database, services(), *REGISTERS) as one:
        await grant(database, STAFF, Grant(Role.STAFF, Region("전북")))
        yield one


def shop_behind(chat: Chat) -> Workshop:
    """The work in the background, with a model that hears WORDS."""
    return Workshop(chat.database, chat.clock, FakeTranscriber(WORDS))


async def newest(chat: Chat) -> Said:
    return (await said(chat.database, chat.clock.now()))[-1]
