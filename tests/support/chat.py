"""A chat with the bot for tests: people say and press, the real chain settles, what was planned is read aloud.

    async with talking(sqlite, only(people=People(…)), invite.register) as chat:
        await grant(sqlite, ADMIN, Grant(Role.ADMIN, None))
        [card] = await chat.says(ADMIN, "/invite")
        [after] = await chat.taps(ADMIN, card, "실무자")
        assert "권역" in after.text

Nothing is sent and the deliveries stay planned. Every message is held against Telegram's rules when it is read. What a
handler raises, other than a Refusal, fails the test at once.
"""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.domain.delivery import Button, DeliveryKind, Draft
from bot.domain.errors import Refusal
from bot.domain.ids import ChatId, PersonId, new_id
from bot.domain.person import Grant, Person
from bot.domain.values import Value
from bot.gateways.clock import SteppedClock
from bot.services.bundle import Services
from bot.services.inbox import InboxService
from bot.services.ports import RawUpdate
from bot.services.saying import Replies
from bot.services.unit import Unit
from handlers.application import HandlerChain, Register
from prompts.messages import Messages
from storage.database import Database
from storage.drafts import draft_from_json
from storage.models import DeliveryRow
from tests.support import raw_updates
from tests.support.plans import at
from tests.support.raw_updates import ADMIN, BOT, MANAGER, STAFF, STRANGER, TEAM, YOUTH, Group, Json, User
from tests.support.telegram_rules import check_request

__all__ = [
    "ADMIN",
    "BOT",
    "MANAGER",
    "MESSAGES",
    "STAFF",
    "STRANGER",
    "TEAM",
    "YOUTH",
    "Chat",
    "Group",
    "Said",
    "User",
    "grant",
    "said",
    "talking",
]

MESSAGES = Messages(ZoneInfo("Asia/Seoul"))
_FIRST_MESSAGE_ID = 100_000


@dataclass(frozen=True, slots=True)
class Tap:
    """A button as it is shown."""

    label: str
    data: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Said:
    """One planned message as its reader would see it. `message_id` is the one it will have in its chat."""

    chat: ChatId
    kind: DeliveryKind
    dedup: str
    draft: Draft
    text: str
    buttons: tuple[tuple[Tap, ...], ...]
    message_id: int

    @property
    def key(self) -> str:
        return self.draft.key

    @property
    def labels(self) -> list[str]:
        return [tap.label for row in self.buttons for tap in row]

    def button(self, label: str) -> Tap:
        """The one button whose label holds `label`."""
        fitting = [tap for row in self.buttons for tap in row if label in tap.label]
        assert len(fitting) == 1, f"{len(fitting)} buttons with {label!r} among {self.labels}"
        return fitting[0]


async def said(database: Database, now: datetime, *, after: int = 0) -> list[Said]:
    """All deliveries planned after the `after`-th row, oldest first, in words."""
    async with database.open_unit(read_only=True) as unit:
        rows = await unit._session.scalars(
            select(DeliveryRow).where(DeliveryRow.seq > after).order_by(DeliveryRow.seq)
        )
        return [_read(row, now) for row in rows if row.chat_id is not None and row.draft is not None]


def _read(row: DeliveryRow, now: datetime) -> Said:
    assert row.chat_id is not None
    assert row.draft is not None
    draft = draft_from_json(row.draft)
    message = Said(
        chat=row.chat_id,
        kind=row.kind,
        dedup=row.dedup,
        draft=draft,
        text=_words(draft.key, draft.values, now, row.language),
        buttons=tuple(tuple(_tap(b, now, row.language) for b in buttons) for buttons in draft.keyboard),
        message_id=draft.edits or _FIRST_MESSAGE_ID + row.seq,
    )
    _hold_against_rules(message)
    return message


def _words(key: str, values: Mapping[str, Value], now: datetime, language: str) -> str:
    """A key without words (a digest's section is composed by the sender) stands for itself."""
    return MESSAGES.text(key, values, now=now, language=language) if key in MESSAGES.keys() else key  # noqa: SIM118


def _tap(button: Button, now: datetime, language: str) -> Tap:
    label = MESSAGES.plain(button.key, button.values, now=now, language=language)
    return Tap(label, button.data, button.url)


def _hold_against_rules(message: Said) -> None:
    rows = [
        [
            {"text": tap.label, **({"callback_data": tap.data} if tap.data else {"url": tap.url})}
            for tap in row
        ]
        for row in message.buttons
    ]
    common: Json = {"chat_id": message.chat, "parse_mode": "HTML", "reply_markup": {"inline_keyboard": rows}}
    if message.draft.edits is not None:
        changed: Json = {"text": message.text, "message_id": message.draft.edits}
        check_request("editMessageText", {**common, **changed})
    elif message.draft.picture is not None:
        check_request("sendPhoto", {**common, "caption": message.text, "photo": b"a picture"})
    elif message.draft.document is not None:
        check_request("sendDocument", {**common, "caption": message.text, "document": b"a file"})
    else:
        check_request("sendMessage", {**common, "text": message.text})


async def grant(
    database: Database, user: User, *grants: Grant, wants_reminders: bool = False, language: str = "ko"
) -> Person:
    """Makes `user` somebody with these grants, as if they had been invited; repeated, it replaces them."""
    async with database.open_unit() as unit:
        known = await unit.people.by_chat(ChatId(user.id))
        person = Person(
            id=known.id if known else PersonId(new_id()),
            chat=ChatId(user.id),
            name=user.first_name,
            language=language,
            grants=frozenset(grants),
            wants_reminders=wants_reminders,
        )
        await unit.people.keep(person)
        await unit.commit()
    return person


class Chat:
    """Everybody's phones. `toast` is the words that the last button press was answered with, if any."""

    def __init__(self, database: Database, chain: HandlerChain, clock: SteppedClock) -> None:
        self.database = database
        self.clock = clock
        self.toast: str | None = None
        self._chain = chain
        self._inbox = InboxService(database.open_unit, clock)
        self._count = 0
        self._failure: Exception | None = None

    async def says(
        self, user: User, text: str, *, where: Group | None = None, reply_to: int | None = None
    ) -> list[Said]:
        """`user` writes `text`, privately or in a group; all that was planned in answer, whoever it is for."""
        return await self.gets(
            raw_updates.text_message(
                user, text, self._next(), self.clock.now(), where=where, reply_to=reply_to
            )
        )

    async def presses(
        self, user: User, data: str, message_id: int, *, where: Group | None = None
    ) -> list[Said]:
        """`user` presses a button with this data, whether or not it was ever shown."""
        press_id = f"press-{self._next()}"
        return await self.gets(
            raw_updates.press(user, data, message_id, press_id, self.clock.now(), where=where)
        )

    async def taps(self, user: User, message: Said, label: str, *, where: Group | None = None) -> list[Said]:
        """`user` presses the button of `message` whose label holds `label`."""
        data = message.button(label).data
        assert data is not None, "that button opens an address"
        return await self.presses(user, data, message.message_id, where=where)

    async def gets(self, body: Json) -> list[Said]:
        """An update comes in: any body of tests.support.raw_updates. All that was planned in answer."""
        update_id = 800_000_000 + self._next()
        payload = json.dumps({"update_id": update_id, **body}, ensure_ascii=False)
        before = await self._last_row()
        self.toast, self._failure = None, None
        assert await self._inbox.receive([RawUpdate(update_id, payload)]) == 1
        for waiting in await self._inbox.ready(frozenset(), 100):
            answer = await self._inbox.settle(waiting, self._handle)
            if answer is not None and answer.key is not None:
                self.toast = MESSAGES.plain(
                    answer.key, answer.values, now=self.clock.now(), language=answer.language
                )
        if self._failure is not None:
            raise self._failure
        return await said(self.database, self.clock.now(), after=before)

    async def _handle(
        self, unit: Unit, update: RawUpdate, replies: Replies, *, now: datetime
    ) -> tuple[str, Mapping[str, Value]] | None:
        try:
            return await self._chain(unit, update, replies, now=now)
        except Refusal:
            raise
        except Exception as error:
            self._failure = error
            raise

    def _next(self) -> int:
        self._count += 1
        return self._count

    async def _last_row(self) -> int:
        async with self.database.open_unit(read_only=True) as unit:
            last = await unit._session.scalar(
                select(DeliveryRow.seq).order_by(DeliveryRow.seq.desc()).limit(1)
            )
        return last or 0


@asynccontextmanager
async def talking(
    database: Database, services: Services, *registers: Register, now: datetime | None = None
) -> AsyncIterator[Chat]:
    """A chat with a bot that has these handlers; `now` is the noon of 22 January 2026 in Seoul unless told."""
    chain = HandlerChain(BOT, services, registers)
    await chain.start()
    try:
        yield Chat(database, chain, SteppedClock(now or at("12:00")))
    finally:
        await chain.stop()
