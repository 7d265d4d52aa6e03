"""People who ask about their data in a chat with everything in it, and administrators who answer."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from bot.domain.ids import ChatId, Region
from bot.domain.person import Grant, Role
from bot.domain.request import Request
from handlers import feedback, notes, own_requests, privacy, requests, words
from storage.database import Database
from tests.support.chat import ADMIN, STAFF, YOUTH, Chat, Said, User, grant, talking
from tests.support.feedback import on_tour, services

SECOND = User(7_300_000_011, "가상둘째관리자")
WHO = {"access": "열람", "correction": "정정", "deletion": "삭제", "suspension": "처리정지"}


@asynccontextmanager
async def office(database: Database) -> AsyncIterator[Chat]:
    """A tour, an administrator of all regions, a staff member; participants come as they like."""
    await on_tour(database)
    await grant(database, ADMIN, Grant(Role.ADMIN, None))
    await grant(database, STAFF, Grant(Role.STAFF, Region("전북")))
    registers = (
        feedback.register,
        notes.register,
        privacy.register,
        own_requests.register,
        requests.register,
        words.register,
    )
    async with talking(database, services(), *registers) as chat:
        yield chat


async def asks(chat: Chat, who: User = YOUTH, kind: str = "열람") -> tuple[Said, list[Said]]:
    """From /privacy to the receipt; the receipt, and what others were told."""
    [card] = await chat.says(who, "/privacy")
    [kinds] = await chat.taps(who, card, "요구")
    planned = await chat.taps(who, kinds, kind)
    [receipt] = [one for one in planned if one.chat == who.id]
    return receipt, [one for one in planned if one.chat != who.id]


async def on_file(database: Database, who: User = YOUTH) -> Sequence[Request]:
    async with database.open_unit(read_only=True) as unit:
        return await unit.requests.of_chat(ChatId(who.id))


async def only_one(database: Database, who: User = YOUTH) -> Request:
    [request] = await on_file(database, who)
    return request


async def opened(chat: Chat, who: User = ADMIN) -> Said:
    """The only request that waits, as an administrator reads it."""
    [waiting] = await chat.says(who, "/requests")
    [card] = await chat.presses(who, waiting.buttons[0][0].data or "", waiting.message_id)
    return card


def to(planned: list[Said], who: User) -> list[Said]:
    return [one for one in planned if one.chat == who.id]
