"""Words that a request waits for: the asker's, or the administrator's answer. A dialogue row, for fifteen minutes."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.dialogue import Step, alive
from bot.domain.errors import Refusal
from bot.domain.ids import ChatId
from bot.domain.request import Answer
from bot.services.unit import Unit
from storage.repositories.dialogues import Dialogue

WORDS, ANSWER = "request:words", "request:answer"
_OURS = frozenset({WORDS, ANSWER})
_OVER = f"feedback.{Step.DONE}"
"""A finished note leads to its dialogue by its buttons: nothing is lost when another takes its place."""


class Busy(Refusal):
    """Another dialogue is under way in this chat; what was said in it would be lost."""

    def __init__(self) -> None:
        super().__init__("requests.busy")


@dataclass(frozen=True, slots=True)
class Awaited:
    """Whose words these are: of the asker of a request, or with `answer` of whoever answers it."""

    request: str
    answer: Answer | None = None


async def is_free(unit: Unit, chat: ChatId, now: datetime) -> bool:
    """Whether words can be asked for here without taking the place of something under way."""
    there = await unit.dialogues.of(chat)
    return there is None or not alive(there.last_step_at, now) or there.step in {*_OURS, _OVER}


async def ask(unit: Unit, chat: ChatId, awaited: Awaited, *, now: datetime) -> None:
    """Raises Busy."""
    if not await is_free(unit, chat, now):
        raise Busy
    step = WORDS if awaited.answer is None else ANSWER
    state = {"request": awaited.request, "answer": awaited.answer or ""}
    # The asker's words are personal; an answer hangs on a right, and ends with it (bot.services.leaving).
    await unit.dialogues.keep(Dialogue(chat, step, state, private=step == WORDS, last_step_at=now))


async def awaited(unit: Unit, chat: ChatId, now: datetime) -> Awaited | None:
    """What plain words of this chat are the answer to."""
    there = await unit.dialogues.of(chat)
    if there is None or there.step not in _OURS or not alive(there.last_step_at, now):
        return None
    answer = there.state["answer"]
    return Awaited(there.state["request"], Answer(answer) if answer else None)


async def stop(unit: Unit, chat: ChatId) -> None:
    """No words (any more)."""
    there = await unit.dialogues.of(chat)
    if there is not None and there.step in _OURS:
        await unit.dialogues.drop(chat)


def is_of_a_request(dialogue: Dialogue | None) -> bool:
    return dialogue is not None and dialogue.step in _OURS
