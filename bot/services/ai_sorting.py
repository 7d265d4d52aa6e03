"""Asks a language model what the notes speak of that nobody filed. Whatever it does, the offline proposal is there.

Batches go some side by side, within half of the time that a digest's writing has. A batch whose answer has no form stays
with the offline proposal; any other trouble, and the whole day does.
"""

import asyncio
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import structlog

from bot.digest.grouping.proposals import Proposals
from bot.digest.ports import ModelFailed, Trouble
from bot.digest.sorting.answers import LARGE, Found, Heard, confirmed, one_for_all, split
from bot.digest.sorting.case import Batch, Case
from bot.digest.sorting.form import Placements, SameNames
from bot.digest.sorting.prompt import ask_same
from bot.digest.sorting.settling import LEAST_AGREEMENT, agreement, alone, settled
from bot.domain.digest import Topic
from bot.services.ai_in_time import together
from bot.services.ai_memory import Remembering

log = structlog.get_logger(__name__)

LEAST_ANSWERED = 0.5
"""The share of texts whose answer can be read; below it nothing of the model's is taken."""
_OF_ONE_BATCH = frozenset({Trouble.MALFORMED, Trouble.REFUSED_CONTENT, Trouble.OVERTAKEN})


@dataclass(frozen=True, slots=True)
class Sorted:
    """What themes are made of. `trouble`: why it is, or is in part, the offline proposal where the model was asked."""

    proposals: Proposals
    trouble: Trouble | None = None


async def sort_day(model: Remembering, case: Case, offline: Proposals, places: asyncio.Semaphore) -> Sorted:
    """Raises ModelFailed for a trouble that concerns more than one batch, and the tasks beside it are given up."""
    if not case.notes:
        return Sorted(offline, Trouble.NOT_ALLOWED if case.withheld else None)
    sorting = _Sorting(model, case, places)
    heard = Heard()
    await sorting.hear(heard, case.first())
    if heard.answered < LEAST_ANSWERED * max(heard.asked, 1):
        return Sorted(offline, sorting.trouble or Trouble.TOO_MANY_DROPPED)
    await sorting.join(heard, case.topics)
    agreed = agreement(heard.groups(), case, offline)
    log.info("notes sorted", asked=heard.asked, answered=heard.answered, agreement=agreed)
    if agreed is not None and agreed < LEAST_AGREEMENT:
        return Sorted(offline, Trouble.TOO_MANY_DROPPED)
    found = [part for one in heard.found(case) for part in await sorting.parts(one)]
    if len(found) < 2 and one_for_all(heard.groups()):
        return Sorted(offline, Trouble.TOO_MANY_DROPPED)
    found = await sorting.confirm(found, alone(case, offline))
    return Sorted(
        await asyncio.to_thread(settled, found, case, offline),
        sorting.trouble or (Trouble.NOT_ALLOWED if case.withheld else None),
    )


class _Sorting:
    """One day's asking. `trouble` is the first of a batch that the offline proposal keeps."""

    def __init__(self, model: Remembering, case: Case, places: asyncio.Semaphore) -> None:
        self._model = model
        self._case = case
        self._places = places
        self.trouble: Trouble | None = None

    async def hear(self, heard: Heard, batches: Sequence[Batch]) -> None:
        """Answers are taken in in the order of the batches, whenever they come."""
        for batch in batches:
            self._model.recall(batch.request, Placements)
        answers = await together([self._answer(batch) for batch in batches])
        for batch, answer in zip(batches, answers, strict=True):
            if answer is not None:
                heard.hear(self._case, batch, answer)

    async def _answer(self, batch: Batch) -> Placements | None:
        try:
            async with self._places:
                return (await self._model.complete(batch.request, Placements)).value
        except ModelFailed as failure:
            self._bear(failure)
            return None

    async def join(self, heard: Heard, topics: Mapping[str, Topic]) -> None:
        """Names that mean the same become one, or one of these topics."""
        names = heard.listed()
        if len(names) < 2:
            return
        request = ask_same(topics, names)
        try:
            answer = await self._model.complete(request, SameNames)
        except ModelFailed as failure:
            self._bear(failure)
            return
        heard.join(topics, answer.value)

    async def parts(self, one: Found) -> list[Found]:
        """A large topic that nobody tapped, in the parts that the model finds in it."""
        if one.topic is None or one.topic in self._case.tapped or len(self._case.of(one.texts)) < LARGE:
            return [one]
        heard = Heard()
        batches = self._case.parts(one.texts, one.title)
        await self.hear(heard, batches)
        if len(batches) > 1:
            await self.join(heard, {})
        return split(one, heard.found(self._case))

    async def confirm(self, found: Sequence[Found], doubtful: AbstractSet[str]) -> list[Found]:
        """Where the model alone places notes it is asked once more: only what it says twice stands."""
        texts = [text for one in found for text in one.texts if text in doubtful]
        if not texts:
            return list(found)
        names = sorted(one.title for one in found if one.topic is None)
        again, batches = Heard(), self._case.again(texts, names)
        await self.hear(again, batches)
        return confirmed(found, again.again(batches[0].topics), self._case, doubtful)

    def _bear(self, failure: ModelFailed) -> None:
        """Raises the failure when it is not one batch's own."""
        if failure.trouble not in _OF_ONE_BATCH:
            raise failure
        self.trouble = self.trouble or failure.trouble
