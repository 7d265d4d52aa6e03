"""Digests written by a language model, on time: what it does not give within its time is not waited for.

Each theme is a request of its own, some side by side. Any of them failing means an extractive digest that says why; the
answers that did come are remembered for the next making.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from weakref import WeakValueDictionary
from zoneinfo import ZoneInfo

import structlog

from bot.digest.ledger import Unbalanced
from bot.digest.model_digest import digest_of_texts, extractive, tasks
from bot.digest.model_form import ThemeText
from bot.digest.model_theme import Task, Text, write_theme
from bot.digest.pipeline import Outline, outline
from bot.digest.ports import LanguageModel, ModelFailed, Trouble
from bot.domain.digest import DayInput, Digest
from bot.domain.ids import Region
from bot.services.ai_budget import Budgeted
from bot.services.ai_memory import MOST_SUBJECTS, Answers, Memory, Remembering
from bot.services.ai_patience import Patient
from bot.services.note_reading import Grounds
from bot.services.ports import Clock
from bot.services.unit import OpenUnit

log = structlog.get_logger(__name__)

SIDE_BY_SIDE = 4
"""Requests of one digest at a time: small servers answer few at once, and the rest would count as slow."""


@dataclass(frozen=True, slots=True)
class Limits:
    """`seconds` a digest's writing may take altogether (AI_TIMEOUT); tokens of a day in `zone` (AI_BUDGET)."""

    seconds: float
    tokens_a_day: int
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class _Plan:
    """A day before the model sees it. `withheld`: why it does not see all that it might write about."""

    made: Outline
    tasks: tuple[Task, ...]
    withheld: Trouble | None


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
        self._asking: set[asyncio.Task[dict[int, Text]]] = set()
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
        plan = await asyncio.to_thread(self._plan, day, grounds)
        asked = Budgeted(self._model, open_unit, self._clock, self._limits.zone, self._limits.tokens_a_day)
        lock = self._writing.setdefault(subject, asyncio.Lock())
        used: Answers = {}
        try:
            async with _held(lock, until):
                model = self._remembering(Patient(asked, self._sleep, until), self._memory.of(subject))
                used = model.used
                for task in plan.tasks:
                    model.recall(task.request, ThemeText)
                try:
                    texts = await self._unless_given_up(_texts(model, plan.tasks, until))
                finally:
                    self._memory.keep(subject, used)
            digest = await self._compose(plan, texts, plan.withheld)
        except ModelFailed as failure:
            self._remember_trouble(subject, failure.trouble)
            log.warning("digest falls back", day=day.day.isoformat(), trouble=failure.trouble.value)
            spent = failure.tokens + sum(answer.tokens for answer in used.values())
            return await asyncio.to_thread(extractive, plan.made, failure.trouble, tokens=spent)
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

    async def _unless_given_up(self, texts: Coroutine[None, None, dict[int, Text]]) -> dict[int, Text]:
        asking = asyncio.create_task(texts)
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
        plan = await asyncio.to_thread(self._plan, day, grounds)
        subject = (day.region, day.day)
        model = self._remembering(None, self._memory.of(subject))
        texts: dict[int, Text] = {}
        for task in plan.tasks:
            try:
                texts[task.place] = await _written(model, task)
            except ModelFailed:
                continue
        missing = self._troubles.get(subject, Trouble.OVERTAKEN) if len(texts) < len(plan.tasks) else None
        try:
            return await self._compose(plan, texts, missing or plan.withheld)
        except ModelFailed as failure:
            return await asyncio.to_thread(extractive, plan.made, failure.trouble)

    async def _compose(self, plan: _Plan, texts: dict[int, Text], missing: Trouble | None) -> Digest:
        """Raises Unbalanced; BROKEN for an error of ours."""
        try:
            return await asyncio.to_thread(
                digest_of_texts, plan.made, texts, self._model.name, missing=missing
            )
        except Unbalanced:
            raise
        except Exception as error:  # noqa: BLE001 (whatever it is: people's own words can still be read)
            raise _broken(error) from None

    def _remembering(self, model: LanguageModel | None, known: Answers) -> Remembering:
        return Remembering(self._model.name, model, known, abroad=self._model.abroad)

    def _plan(self, day: DayInput, grounds: Grounds | None) -> _Plan:
        made = outline(day) if grounds is None else outline(day, grounds.proposals(day))
        all_of_them = tasks(made, abroad=False)
        if not self._model.abroad:
            return _Plan(made, all_of_them, None)
        allowed = tasks(made, abroad=True)
        withheld = _offered(allowed) < _offered(all_of_them)
        return _Plan(made, allowed, Trouble.NOT_ALLOWED if withheld else None)


async def _texts(model: LanguageModel, wanted: tuple[Task, ...], until: float) -> dict[int, Text]:
    """By place of the theme. Raises the first ModelFailed; the requests beside it are given up."""
    places = asyncio.Semaphore(SIDE_BY_SIDE)

    async def write(task: Task) -> Text:
        async with places:
            return await _written(model, task)

    try:
        async with asyncio.timeout_at(until):
            return await _side_by_side({task.place: write(task) for task in wanted})
    except TimeoutError:
        raise ModelFailed(Trouble.TIMEOUT) from None


async def _written(model: LanguageModel, task: Task) -> Text:
    """Raises ModelFailed: an error of ours is a trouble like any other, and the digest goes out without the model."""
    try:
        return await write_theme(model, task)
    except ModelFailed:
        raise
    except Exception as error:  # noqa: BLE001 (see above)
        raise _broken(error) from None


def _broken(error: Exception) -> ModelFailed:
    """By its type: its words may be people's."""
    log.error("writing is broken", failure=type(error).__name__)
    return ModelFailed(Trouble.BROKEN)


@asynccontextmanager
async def _held(lock: asyncio.Lock, until: float) -> AsyncIterator[None]:
    """Raises ModelFailed when somebody else has it until the time is over."""
    try:
        async with asyncio.timeout_at(until):
            await lock.acquire()
    except TimeoutError:
        raise ModelFailed(Trouble.TIMEOUT) from None
    try:
        yield
    finally:
        lock.release()


def _offered(wanted: Iterable[Task]) -> int:
    return sum(len(task.offered) for task in wanted)


async def _side_by_side(work: Mapping[int, Coroutine[None, None, Text]]) -> dict[int, Text]:
    """All of it, or the first ModelFailed."""
    failed: ModelFailed | None = None
    try:
        async with asyncio.TaskGroup() as group:
            doing = {place: group.create_task(one) for place, one in work.items()}
    except* ModelFailed as failures:
        failed = next(error for error in failures.exceptions if isinstance(error, ModelFailed))
    if failed is not None:
        raise failed
    return {place: done.result() for place, done in doing.items()}
