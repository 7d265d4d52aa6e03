"""Files on their way to a note, over real services: who sends them, and what came of it."""

import asyncio
from collections.abc import Callable

from bot.domain.feedback import Note
from bot.domain.ids import ChatId, Secret
from bot.domain.media import MediaKind, Sent
from bot.domain.person import Grant, Role
from bot.gateways.clock import SteppedClock
from bot.services.media_intake import MediaIntake
from bot.services.staff_notes import StaffNotes
from storage.database import Database
from tests.support.chat import STAFF, grant, said
from tests.support.feedback import (
    FEEDBACK,
    GUEST,
    LUNCH,
    NOON,
    notes_of,
    on_tour,
    speaking,
)
from tests.support.media import FakeTranscriber, Workshop
from tests.support.plans import SEOUL

VOICE = Sent(MediaKind.VOICE, "voice-file", seconds=7)
PHOTO = Sent(MediaKind.PHOTO, "photo-file")
WORDS = "통근버스가 한 시간에 한 대뿐입니다."


async def guest_sends(database: Database, sent: Sent = VOICE, chat: ChatId = GUEST) -> Secret:
    secret = await speaking(database, chat)
    async with database.open_unit() as unit:
        assert await MediaIntake(FEEDBACK, written_down=True).take(unit, chat, sent, "ko", now=NOON)
        await unit.commit()
    return secret


async def staff_sends(database: Database, sent: Sent = VOICE) -> None:
    person = await grant(database, STAFF, Grant(Role.STAFF, LUNCH.region))
    async with database.open_unit() as unit:
        await StaffNotes(SEOUL).write(unit, person, "", now=NOON, sent=sent)
        await unit.commit()


async def shop_of(database: Database, transcriber: FakeTranscriber | None = None) -> Workshop:
    await on_tour(database)
    return Workshop(database, SteppedClock(NOON), transcriber)


async def the_note(database: Database) -> Note:
    [spoken] = await notes_of(database)
    return spoken.note


async def news(shop: Workshop) -> list[str]:
    return [one.key for one in await said(shop.database, shop.clock.now())]


class Interrupted:
    """A transcriber during whose answer something happens."""

    def __init__(self, inner: FakeTranscriber, meanwhile: Callable[[], object]) -> None:
        self._inner, self._meanwhile, self.ours = inner, meanwhile, True

    async def write_down(self, content: bytes, mime: str) -> str:
        coming = self._meanwhile()
        assert asyncio.iscoroutine(coming)
        await coming
        return await self._inner.write_down(content, mime)
