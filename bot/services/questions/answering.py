"""Answers questions that wait: outside any transaction, one after the other for each person, whoever may still read by then."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

import structlog

from bot.digest.grouping.legible import legible
from bot.digest.grouping.reading import Reading
from bot.digest.links import without_links
from bot.digest.ports import AnalysisFailed
from bot.digest.redact import redact
from bot.domain.access_log import Why, region_day
from bot.domain.delivery import DeliveryKind, Draft, Need, answer_key
from bot.domain.person import Action, Person
from bot.domain.question import QUESTION_LIFE
from bot.domain.values import Phrase, Value
from bot.services.note_reading import NoteReading
from bot.services.ports import Clock
from bot.services.questions.editions import OpenDay
from bot.services.questions.finding import Finding, Found, Point, Searched
from bot.services.questions.view import draft_of
from bot.services.questions.writing import AnswerWriting, Written
from bot.services.saying import Recipient, plan
from bot.services.side_by_side import all_ended
from bot.services.unit import OpenUnit, Unit
from storage.repositories.audit import AuditEntry
from storage.repositories.questions import Question

log = structlog.get_logger(__name__)

ANSWERED = "notes_answered"
"""In the access log: that words of a region's day were shown in answer to a question."""
AT_ONCE, MOST = 4, 100
"""Questions that are answered side by side, and that are looked at to find those."""
_UNDERSTANDS_WITHIN = 5.0
"""Seconds that the analyst gets for a question: three to begin. After that it is looked for as it is written."""


class QuestionWork:
    """The tick's side. Safe to run in several processes: a question is answered by whoever takes it."""

    def __init__(
        self,
        open_unit: OpenUnit,
        finding: Finding,
        clock: Clock,
        planned: Callable[[], None],
        reading: NoteReading | None = None,
        writing: AnswerWriting | None = None,
    ) -> None:
        self._open_unit = open_unit
        self._finding = finding
        self._clock = clock
        self._planned = planned
        self._writing = writing
        self._reading = reading
        self._looking: set[str] = set()

    async def run(self) -> None:
        """All that wait. Stopped, it leaves a question to whoever comes next."""
        if await self.answer():
            self._planned()

    async def answer(self) -> int:
        """How many questions were answered. One that fails is said to have failed, and does not stand in the others' way."""
        async with self._open_unit(read_only=True) as unit:
            waiting = [one for one in await unit.questions.waiting(MOST) if one.id not in self._looking]
        waiting = waiting[:AT_ONCE]
        self._looking |= {one.id for one in waiting}
        try:
            return sum(await all_ended(map(self._try, waiting)))
        finally:
            self._looking -= {one.id for one in waiting}

    async def _try(self, question: Question) -> int:
        if self._clock.now() - question.asked_at >= QUESTION_LIFE:
            return await self._say(question, [Draft("ask.too_late")], ())
        try:
            found = await self._found(question)
            written = await self._written(question, found)
        except Exception as error:  # noqa: BLE001 (whatever it was: the person hears that there is no answer)
            log.warning("question not answered", failure=type(error).__name__)
            return await self._say(question, [Draft("ask.failed")], ())
        if found is None:
            return await self._say(question, [], ())
        return await self._say(question, drafts_of(found, written), found.points)

    async def _found(self, question: Question) -> Found | None:
        async with self._open_unit(read_only=True) as unit:
            person = await unit.people.by_id(question.person)
        if person is None or not person.may_somewhere(Action.READ_DIGEST):
            return None
        words = plain(question.words)
        reading = await self._understood(words)
        return await self._finding.find(person, words, reading, now=self._clock.now())

    async def _written(self, question: Question, found: Found | None) -> Written | None:
        """None where nobody writes: the answer is the notes' own words, and nothing is said about it."""
        if self._writing is None or found is None or not found.points:
            return None
        return await self._writing.write(plain(question.words), found)

    async def _understood(self, words: str) -> Reading | None:
        if self._reading is None:
            return None
        try:
            async with asyncio.timeout(_UNDERSTANDS_WITHIN):
                reading = await self._reading.read_question(words)
        except (AnalysisFailed, TimeoutError) as failure:
            log.warning("question not read", failure=type(failure).__name__)
            return None
        return None if reading.is_blank and not reading.words else reading

    async def _say(self, question: Question, drafts: Sequence[Draft], points: Sequence[Point]) -> int:
        """The question is gone with its answer. Who lost the right meanwhile gets nothing (Draft.needs)."""
        now = self._clock.now()
        async with self._open_unit() as unit:
            if not await unit.questions.take(question.id):
                return 0
            person = await unit.people.by_id(question.person)
            if person is not None and person.may_somewhere(Action.READ_DIGEST):
                said = [draft for draft in drafts if draft.may_be_read_by(person)]
                for ordinal, draft in enumerate(said):
                    await _plan(unit, question, person, ordinal, draft, now)
                for day in _days(points):
                    if person.may(Action.READ_DIGEST, day.region):
                        whose = region_day(day.region, day.day)
                        line = AuditEntry(now, person.id, ANSWERED, question.id, {}, whose, Why.DUTY)
                        await unit.audit.record(line)
            await unit.commit()
        return 1


def plain(words: str) -> str:
    """A question without personal data, links, and orders to a summariser: none of it is looked for, or put to a model."""
    return legible(without_links(redact(words, frozenset()).text)).strip()


async def _plan(
    unit: Unit, question: Question, person: Person, ordinal: int, draft: Draft, now: datetime
) -> None:
    to = Recipient(person.chat, person.language, person.id)
    await plan(unit, DeliveryKind.REPLY, answer_key(question.id, ordinal), to, draft, now=now)


def drafts_of(found: Found, written: Written | None = None) -> list[Draft]:
    """What is said: what was searched and how much was found, then each region's day with its words."""
    scope = _scope(found.searched)
    needs = tuple(Need(Action.READ_DIGEST, region) for region in found.searched.regions)  # it tells of each
    if found.asked_nothing:
        return [Draft("ask.no_words")]
    if not found.searched.notes and found.searched.notes is not None:
        return [Draft("ask.nothing_to_search", {"scope": scope})]
    if not found.points:
        return [Draft("ask.nothing", {"scope": scope}, needs=needs, needs_all=True)]
    how = Phrase("ask.verbatim") if written is None else _how(written)
    values: dict[str, Value] = {"shown": len(found.points), "scope": scope, "how": how}
    key = "ask.found_few"  # what is shown can be counted; how many more there are is not told
    if found.relevant is not None:
        key, values["count"] = "ask.found", _count(found.relevant, more=True)
    head = Draft(key, values, needs=needs, needs_all=True)
    days = _days(found.points)
    texts = {} if written is None else written.texts
    return [head, *(_of_day(found, day, texts.get(day.digest, "")) for day in days)]


def _of_day(found: Found, day: OpenDay, text: str) -> Draft:
    points = [one for one in found.points if one.day is day]
    return draft_of(day, points, narrowed=found.narrowed, text=text)


def _how(written: Written) -> Phrase:
    """Who wrote it: a model, or nobody and why."""
    if written.trouble is None:
        return Phrase("ask.by_model")
    return Phrase("ask.fell_back", {"reason": Phrase(f"ai.reason_{written.trouble.value}")})


def _days(points: Sequence[Point]) -> list[OpenDay]:
    """In the order of their best points."""
    return list({one.day.place: one.day for one in points}.values())


def _scope(searched: Searched) -> tuple[Phrase, ...]:
    if searched.first is None or searched.last is None:
        return (Phrase("ask.scope_none"),)
    regions, notes = ", ".join(searched.regions), _count(searched.notes, more=searched.more)
    values: dict[str, Value] = {"regions": regions, "first": searched.first, "notes": notes}
    if searched.meeting is not None:
        return (Phrase("ask.scope_meeting", values | {"meeting": searched.meeting}),)
    one_day = searched.first == searched.last
    scope = (
        Phrase("ask.scope_day", values)
        if one_day
        else Phrase("ask.scope_days", values | {"last": searched.last})
    )
    return (scope, *((Phrase("ask.wider", {"meeting": searched.wider}),) if searched.wider else ()))


def _count(count: int | None, *, more: bool) -> Phrase:
    """`more`: at least so many."""
    if count is None:
        return Phrase("ask.few")
    return Phrase("ask.many" if more else "ask.count", {"count": count})
