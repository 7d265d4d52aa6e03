"""What people ask about their own data, from their chat (개인정보 보호법 35, 36, 37조; 38조 4항: by an easy way)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.domain.errors import ButtonUnknown, Refusal
from bot.domain.ids import ChatId
from bot.domain.request import MOST_A_DAY, Request, RequestKind, RequestState, asked
from bot.services.requests import waiting
from bot.services.requests.records import RECEIVED, TAKEN_BACK, day_began, record, skeleton
from bot.services.requests.telling import admin_key, tell_admins
from bot.services.requests.waiting import Awaited
from bot.services.unit import Unit


class TooManyRequests(Refusal):
    """MOST_A_DAY of this chat today."""

    def __init__(self) -> None:
        super().__init__("requests.too_many")


@dataclass(frozen=True, slots=True)
class Filed:
    """`before`: it was there already. `asks_words`: the next words of this chat go with it."""

    request: Request
    before: bool
    asks_words: bool


class Asking:
    """`zone` tells the day of receipt. A request of another chat is answered like none (ButtonUnknown)."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    def today(self, now: datetime) -> date:
        return now.astimezone(self._zone).date()

    async def file(
        self, unit: Unit, chat: ChatId, kind: RequestKind, language: str, *, now: datetime
    ) -> Filed:
        """Received with this tap. One of a kind waits at a time: pressed again, it is the same one.

        Raises TooManyRequests.
        """
        today = self.today(now)
        free = await waiting.is_free(unit, chat, now)
        there = await unit.requests.open_of(chat, kind)
        if there is None:
            if await unit.requests.filed_on(chat, today) >= MOST_A_DAY:
                raise TooManyRequests
            there = asked(kind, today, today, chat=chat, language=language)
            await unit.requests.keep(there)
            await record_receipt(unit, there, zone=self._zone, now=now)
            before = False
        else:
            before = True
        if free:
            await waiting.ask(unit, chat, Awaited(there.id), now=now)
        return Filed(there, before, free)

    async def own(self, unit: Unit, chat: ChatId) -> Sequence[Request]:
        return await unit.requests.of_chat(chat)

    async def show(self, unit: Unit, chat: ChatId, ident: str) -> Request:
        """Raises ButtonUnknown."""
        found = await unit.requests.by_id(ident)
        if found is None or found.chat != chat or found.state is RequestState.WITHDRAWN:
            raise ButtonUnknown
        return found

    async def standing(self, unit: Unit, chat: ChatId, ident: str) -> Request:
        """`show` for what is about to change it. Raises ButtonUnknown, RequestClosed."""
        request = await self.show(unit, chat, ident)
        request.require_open()
        return request

    async def ask_words(self, unit: Unit, chat: ChatId, ident: str, *, now: datetime) -> Filed:
        """The next words of this chat go with the request. Raises ButtonUnknown, RequestClosed, Busy."""
        request = await self.standing(unit, chat, ident)
        await waiting.ask(unit, chat, Awaited(request.id), now=now)
        return Filed(request, before=False, asks_words=True)

    async def no_words(self, unit: Unit, chat: ChatId, ident: str) -> Request:
        """Raises ButtonUnknown."""
        request = await self.show(unit, chat, ident)
        await waiting.stop(unit, chat)
        return request

    async def take_words(self, unit: Unit, chat: ChatId, words: str, *, now: datetime) -> Request | None:
        """Plain words, when a request of this chat waits for them. Raises RequestTooLong, and waits on.

        One that was closed meanwhile comes back as it is: the words are kept nowhere.
        """
        awaited = await waiting.awaited(unit, chat, now)
        if awaited is None or awaited.answer is not None:
            return None
        request = await unit.requests.by_id(awaited.request)
        if request is None or request.chat != chat:
            return None
        if request.is_open:
            request = request.saying(words)
            await unit.requests.keep(request)
        await waiting.stop(unit, chat)
        return request

    async def withdraw(self, unit: Unit, chat: ChatId, ident: str, *, now: datetime) -> Request:
        """What was said is destroyed at once, the rest with the day's retention. Raises ButtonUnknown, RequestClosed.

        Administrators hear of it: they may be at work on it.
        """
        request = await self.show(unit, chat, ident)
        gone = request.taken_back(self.today(now))
        await unit.requests.keep(gone)
        await waiting.stop(unit, chat)
        await unit.deliveries.withdraw_unsent([admin_key(request)], now)
        await tell_admins(unit, gone, "withdrawn", {}, now, by_asker=True)
        await record(unit, TAKEN_BACK, gone, now=day_began(now, self._zone))
        return gone

    async def lift(self, unit: Unit, chat: ChatId) -> None:
        """Whoever had everything stopped gets it again. Raises ButtonUnknown for somebody not on file."""
        if not await unit.people.pause(chat, paused=False):
            raise ButtonUnknown


async def record_receipt(unit: Unit, request: Request, *, zone: ZoneInfo, now: datetime) -> None:
    """Administrators are told, and it is on record that it was asked: no name, no chat, no word of it, no time."""
    await tell_admins(unit, request, "new", {"due": request.due_on}, now, by_asker=request.chat is not None)
    await record(unit, RECEIVED, request, skeleton(request), now=day_began(now, zone))
