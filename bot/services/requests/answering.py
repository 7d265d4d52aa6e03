"""What administrators do with requests: see them, answer them, write down those that came by letter or phone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.domain.errors import NotAllowed, Refusal
from bot.domain.person import Action, Person
from bot.domain.request import Answer, CannotPostpone, Request, RequestKind, RequestState, asked
from bot.services.requests import waiting
from bot.services.requests.asking import record_receipt
from bot.services.requests.records import ANSWERED, READ, record, skeleton
from bot.services.requests.telling import admin_key, answerers, tell_asker
from bot.services.requests.waiting import Awaited
from bot.services.unit import Unit


class RequestUnknown(Refusal):
    """No request has this number or button (any more)."""

    def __init__(self) -> None:
        super().__init__("requests.unknown")


class ReceivedInFuture(Refusal):
    """A letter that is dated tomorrow."""

    def __init__(self) -> None:
        super().__init__("requests.received_in_future")


@dataclass(frozen=True, slots=True)
class Opened:
    """A request as whoever answers sees it. `person` is the asker, where the chat is of somebody with a role."""

    request: Request
    person: Person | None
    may_postpone: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """`answer` None: it was closed already, nothing was changed."""

    request: Request
    answer: Answer | None


class Answering:
    """Every method asks anew whether the person answers requests (NotAllowed); `None` is the console."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    def today(self, now: datetime) -> date:
        return now.astimezone(self._zone).date()

    async def waiting(self, unit: Unit, person: Person | None) -> Sequence[Request]:
        """The most urgent first."""
        await _require(unit, person)
        return await unit.requests.waiting()

    async def all(self, unit: Unit) -> Sequence[Request]:
        """For the console: what is on file, closed ones too."""
        return await unit.requests.all()

    async def open(self, unit: Unit, person: Person, ident: str, *, now: datetime) -> Opened:
        """Reading what somebody asked is on record. Raises RequestUnknown, RequestClosed for one that was taken back."""
        await _require(unit, person)
        request = await _found(unit, ident)
        if request.state is RequestState.WITHDRAWN:
            request.require_open()
        await waiting.stop(unit, person.chat)
        return await self._opened(unit, request, person, now)

    async def read(self, unit: Unit, number: str, *, now: datetime) -> Opened:
        """The same at the console. Raises RequestUnknown."""
        return await self._opened(unit, await self.numbered(unit, number), None, now)

    async def numbered(self, unit: Unit, number: str) -> Request:
        """Raises RequestUnknown."""
        found = await unit.requests.by_number(number.strip().upper())
        if found is None:
            raise RequestUnknown
        return found

    async def ask_words(
        self, unit: Unit, person: Person, ident: str, answer: Answer, *, now: datetime
    ) -> Request:
        """The next words of this person are the answer. Raises RequestUnknown, RequestClosed, CannotPostpone, Busy."""
        await _require(unit, person)
        request = await _found(unit, ident)
        request.require_open()
        if answer is Answer.POSTPONED and not request.may_be_postponed(self.today(now)):
            raise CannotPostpone
        await waiting.ask(unit, person.chat, Awaited(request.id, answer), now=now)
        return request

    async def stop(self, unit: Unit, person: Person, ident: str) -> Request:
        """No answer now. Raises RequestUnknown."""
        await _require(unit, person)
        await waiting.stop(unit, person.chat)
        return await _found(unit, ident)

    async def take_words(self, unit: Unit, person: Person, words: str, *, now: datetime) -> Outcome | None:
        """Plain words, when they are the answer to a request. Raises RequestTooLong, ReasonNeeded, WordsNeeded, CannotPostpone."""
        awaited = await waiting.awaited(unit, person.chat, now)
        if awaited is None or awaited.answer is None:
            return None
        await _require(unit, person)
        outcome = await self.answer(unit, person, awaited.request, awaited.answer, words, now=now)
        await waiting.stop(unit, person.chat)
        return outcome

    async def answer(
        self, unit: Unit, person: Person | None, ident: str, answer: Answer, words: str, *, now: datetime
    ) -> Outcome:
        """Closes the request or puts it off, and tells the asker. The first answer counts.

        A stop of use that is done takes effect here: nothing more is sent to that chat of itself.
        Raises RequestUnknown, RequestTooLong, ReasonNeeded, WordsNeeded, CannotPostpone.
        """
        await _require(unit, person)
        request = await _found(unit, ident)
        if person is not None:
            await waiting.stop(unit, person.chat)
        if not request.is_open:
            return Outcome(request, None)
        changed = request.answered(answer, words, self.today(now))
        await unit.requests.keep(changed)
        await unit.deliveries.withdraw_unsent([admin_key(request)], now)
        paused = answer is Answer.DONE and await _take_effect(unit, changed)
        await tell_asker(unit, changed, answer, paused=paused, now=now)
        by = None if person is None else person.id
        await record(unit, ANSWERED, changed, {**skeleton(changed), "answer": answer.value}, by=by, now=now)
        return Outcome(changed, answer)

    async def write_down(
        self, unit: Unit, kind: RequestKind, received_on: date, words: str, *, now: datetime
    ) -> Request:
        """One that came by letter or phone: its ten days run from when it came. Raises ReceivedInFuture, RequestTooLong."""
        today = self.today(now)
        if received_on > today:
            raise ReceivedInFuture
        request = asked(kind, received_on, today, chat=None, language="ko", words=words)
        await unit.requests.keep(request)
        await record_receipt(unit, request, zone=self._zone, now=now)
        return request

    async def _opened(self, unit: Unit, request: Request, reader: Person | None, now: datetime) -> Opened:
        by = None if reader is None else reader.id
        await record(unit, READ, request, by=by, now=now)
        person = None if request.chat is None else await unit.people.by_chat(request.chat)
        return Opened(request, person, request.may_be_postponed(self.today(now)))


async def _require(unit: Unit, person: Person | None) -> None:
    if person is None:
        return
    person.require_somewhere(Action.ANSWER_REQUESTS)
    if person.id not in {one.id for one in await answerers(unit)}:
        raise NotAllowed


async def _found(unit: Unit, ident: str) -> Request:
    found = await unit.requests.by_id(ident)
    if found is None:
        raise RequestUnknown
    return found


async def _take_effect(unit: Unit, request: Request) -> bool:
    """처리정지: no reminders, changes and digests for somebody with a role, no reminder for a participant.

    Whether somebody with a role was concerned.
    """
    if request.kind is not RequestKind.SUSPENSION or request.chat is None:
        return False
    await unit.subscriptions.drop(request.chat)
    person = await unit.people.by_chat(request.chat)
    if person is None:
        return False
    await unit.people.pause(request.chat, paused=True)
    await unit.deliveries.withdraw_of(person.id)
    return True
