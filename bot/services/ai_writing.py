"""Digests written by a language model, on time: what it does not give within its time is not waited for.

Each theme is a request of its own, some side by side. Any of them failing means an extractive digest that says why; the
answers that did come are remembered for the next making.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from weakref import WeakValueDictionary
from zoneinfo import ZoneInfo

import structlog

from bot.digest.ledger import Unbalanced
from bot.digest.model_digest import digest_of_texts, extractive
from bot.digest.model_form import ThemeText
from bot.digest.model_theme import Task, Text, write_theme
from bot.digest.ports import LanguageModel, ModelFailed, Trouble
from bot.domain.digest import DayInput, Digest
from bot.domain.ids import Region
from bot.services.ai_budget import Budgeted
from bot.services.ai_in_time import broken, held, in_time, sound, together
from bot.services.ai_memory import MOST_SUBJECTS, Answers, Memory, Remembering
from bot.services.ai_patience import Patient
from bot.services.ai_planning import Plan, plan_of
from bot.services.ai_sorting import Sorted, sort_day
from bot.services.note_reading import Grounds
from bot.services.ports import Clock
from bot.services.unit import OpenUnit

log = structlog.get_logger(__name__)
T = TypeVar("T")

SIDE_BY_SIDE = 4
"""Requests of one digest at a time: small servers answer few at once, and the rest would count as slow."""


@dataclass(frozen=True, slots=True)
class Limits:
    """`seconds` a digest's writing may take altogether (AI_TIMEOUT); tokens of a day in `zone` (AI_BUDGET)."""

    seconds: float
    tokens_a_day: int
    zone: ZoneInfo


Subject = tuple[Region, date]


class GivenUp(Exception):
    """The bot is being stopped: whoever comes next makes the digest."""


class ModelWriting:
    """Writes digests with `model`. `sleep` waits in real time, whatever the bot's clock: the endpoint lives there."""

    def __init__(
        self, model: LanguageModel, clock: Clock, limits: Limits, sleep: Callable[[float], Awaitable[None]]
    ) -> None:
        self._model = model
        self._clock = clock
        self._limits = limits
        self._sleep = sleep
        self._memory = Memory()
        self._troubles: dict[Subject, Trouble] = {}
        self._writing: WeakValueDictionary[Subject, asyncio.Lock] = WeakValueDictionary()
        self._asking: set[asyncio.Task[Any]] = set()
        self._given_up = False

    def until(self) -> float:
        """The loop's time until which a writing that begins now may take, whatever rounds it takes."""
        return asyncio.get_running_loop().time() + self._limits.seconds

    async def write(
        self, open_unit: OpenUnit, day: DayInput, until: float, grounds: Grounds | None = None
    ) -> Digest:
        """The digest, by the model or marked with why not. To be called outside transactions.

        Raises bot.digest.ledger.Unbalanced, GivenUp. Who asks for a day that is being written waits, and finds the answers.
        """
        subject = (day.region, day.day)
        plan = await asyncio.to_thread(plan_of, day, grounds, abroad=self._model.abroad)
        asked = Budgeted(self._model, open_unit, self._clock, self._limits.zone, self._limits.tokens_a_day)
        lock = self._writing.setdefault(subject, asyncio.Lock())
        used: Answers = {}
        try:
            async with held(lock, until):
                known, half = self._memory.of(subject), _half_until(until)
                sorter = self._remembering(Patient(asked, self._sleep, half), known)
                model = self._remembering(Patient(asked, self._sleep, until), known)
                try:
                    plan = await self._sorted(sorter, plan, half)
                    for task in plan.tasks:
                        model.recall(task.request, ThemeText)
                    texts = await self._unless_given_up(_texts(model, plan.tasks, until))
                finally:
                    used = sorter.used | model.used
                    self._memory.keep(subject, used)
            digest = await self._compose(plan, texts, plan.withheld)
        except ModelFailed as failure:
            self._remember_trouble(subject, failure.trouble)
            log.warning("digest falls back", day=day.day.isoformat(), trouble=failure.trouble.value)
            spent = failure.tokens + sum(answer.tokens for answer in used.values())
            return await asyncio.to_thread(extractive, plan.unsorted, failure.trouble, tokens=spent)
        self._troubles.pop(subject, None)
        return digest

    def _remember_trouble(self, subject: Subject, trouble: Trouble) -> None:
        self._troubles.pop(subject, None)
        self._troubles[subject] = trouble
        while len(self._troubles) > MOST_SUBJECTS:
            del self._troubles[next(iter(self._troubles))]

    def give_up(self) -> None:
        """Waits for no answer any more: a hanging endpoint must not keep the bot from stopping."""
        self._given_up = True
        for asking in self._asking:
            asking.cancel()

    async def _sorted(self, sorter: Remembering, plan: Plan, until: float) -> Plan:
        """The plan with what the model says of notes that nobody filed; whatever becomes of that, a plan. Raises GivenUp."""
        lost = 0
        try:
            places = asyncio.Semaphore(SIDE_BY_SIDE)
            told = await self._unless_given_up(
                in_time(sort_day(sorter, plan.case, plan.offline, places), until)
            )
        except ModelFailed as failure:
            log.warning("sorting falls back", trouble=failure.trouble.value)
            told, lost = Sorted(plan.offline, failure.trouble), failure.tokens
        spent = lost + sum(answer.tokens for answer in sorter.used.values())
        return await asyncio.to_thread(plan.sorted, told, spent, abroad=self._model.abroad)

    async def _unless_given_up(self, work: Coroutine[Any, Any, T]) -> T:
        asking = asyncio.create_task(work)
        self._asking.add(asking)
        if self._given_up:
            asking.cancel()
        try:
            await asyncio.wait({asking})
        finally:
            self._asking.discard(asking)
            asking.cancel()
        if asking.cancelled():
            raise GivenUp
        return asking.result()

    async def at_hand(self, day: DayInput, grounds: Grounds | None = None) -> Digest:
        """As `write`, asking nobody: themes whose notes changed since are extractive. Quick, without network.

        For a day whose notes keep coming, also within a transaction.
        """
        plan = await asyncio.to_thread(plan_of, day, grounds, abroad=self._model.abroad)
        subject = (day.region, day.day)
        model = self._remembering(None, self._memory.of(subject))
        plan = await self._sorted(model, plan, self.until())
        texts: dict[int, Text] = {}
        for task in plan.tasks:
            try:
                texts[task.place] = await sound(write_theme(model, task))
            except ModelFailed:
                continue
        missing = self._troubles.get(subject, Trouble.OVERTAKEN) if len(texts) < len(plan.tasks) else None
        try:
            return await self._compose(plan, texts, missing or plan.withheld)
        except ModelFailed as failure:
            return await asyncio.to_thread(extractive, plan.unsorted, failure.trouble)

    async def _compose(self, plan: Plan, texts: dict[int, Text], missing: Trouble | None) -> Digest:
        """Raises Unbalanced; BROKEN for an error of ours."""
        try:
            return await asyncio.to_thread(
                digest_of_texts,
                plan.made,
                texts,
                self._model.name,
                missing=missing,
                unsorted=plan.unsorted,
                spent=plan.spent,
            )
        except Unbalanced:
            raise
        except Exception as error:  # noqa: BLE001 (whatever it is: people's own words can still be read)
            raise broken(error) from None

    def _remembering(self, model: LanguageModel | None, known: Answers) -> Remembering:
        return Remembering(self._model.name, model, known, abroad=self._model.abroad)


async def _texts(model: LanguageModel, wanted: tuple[Task, ...], until: float) -> dict[int, Text]:
    """By place of the theme. Raises the first ModelFailed; the requests beside it are given up."""
    places = asyncio.Semaphore(SIDE_BY_SIDE)

    async def write(task: Task) -> Text:
        async with places:
            return await sound(write_theme(model, task))

    texts = await in_time(together([write(task) for task in wanted]), until)
    return {task.place: text for task, text in zip(wanted, texts, strict=True)}


def _half_until(until: float) -> float:
    """Sorting has half of the time: a model that is slow in it still writes."""
    now = asyncio.get_running_loop().time()
    return now + (until - now) / 2
