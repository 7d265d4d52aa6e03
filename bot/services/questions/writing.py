"""An answer written by a language model, on time or not at all: outside any transaction, within the day's tokens.

What it wrote is remembered in this process only, until it is sent: it is made of notes' words, and no row holds it. Who sends
it elsewhere, or later, shows the notes' own words.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from bot.digest.model_theme import MAY_GO_ABROAD
from bot.digest.ports import LanguageModel, ModelFailed, Trouble
from bot.digest.search.model_answer import MOST_SENTENCES, VERSION, asked_of, write_answer
from bot.domain.digest import Finding
from bot.domain.ids import new_id
from bot.services.ai_budget import Budgeted
from bot.services.ai_patience import Patient
from bot.services.ai_writing import Limits
from bot.services.ports import Clock
from bot.services.questions.editions import OpenDay
from bot.services.questions.finding import Found
from bot.services.side_by_side import all_ended
from bot.services.unit import OpenUnit

log = structlog.get_logger(__name__)

WAITS = 30.0
"""Seconds that a person is kept waiting for sentences, at most: the notes' own words are there at once."""
_MOST_REMEMBERED = 64


@dataclass(frozen=True, slots=True)
class Text:
    """What a model wrote of one region's day, every sentence with its notes and their words."""

    findings: tuple[Finding, ...]
    model: str
    prompt_version: str = VERSION


class Texts:
    """Answers that were written and not sent yet, by a random id. Bounded; gone with the process."""

    def __init__(self) -> None:
        self._texts: dict[str, Text] = {}

    def keep(self, text: Text) -> str:
        ident = new_id()
        self._texts[ident] = text
        while len(self._texts) > _MOST_REMEMBERED:
            del self._texts[next(iter(self._texts))]
        return ident

    def get(self, ident: str) -> Text | None:
        return self._texts.get(ident)


@dataclass(frozen=True, slots=True)
class Written:
    """The ids of the texts by the digest of their day; or why there are none."""

    texts: dict[str, str]
    trouble: Trouble | None = None


class AnswerWriting:
    """Writes answers with `model`. `sleep` waits in real time, whatever the bot's clock."""

    def __init__(
        self,
        model: LanguageModel,
        open_unit: OpenUnit,
        clock: Clock,
        limits: Limits,
        sleep: Callable[[float], Awaitable[None]],
        texts: Texts,
    ) -> None:
        self._model = Budgeted(model, open_unit, clock, limits.zone, limits.tokens_a_day)
        self._seconds = min(limits.seconds, WAITS)
        self._sleep = sleep
        self._texts = texts

    @property
    def name(self) -> str:
        return self._model.name

    async def write(self, question: str, found: Found) -> Written:
        """Sentences for each day of the answer, two to four in all. All of it or none: a trouble of one is everybody's."""
        days = list({one.day.digest: one.day for one in found.points}.values())
        until = asyncio.get_running_loop().time() + self._seconds
        try:
            async with asyncio.timeout_at(until):
                each = max(2, MOST_SENTENCES // len(days))
                texts = await all_ended([self._write(question, found, day, each, until) for day in days])
        except TimeoutError:
            return Written({}, Trouble.TIMEOUT)
        except ModelFailed as failure:
            log.warning("answer falls back", trouble=failure.trouble.value)
            return Written({}, failure.trouble)
        except Exception as error:  # noqa: BLE001 (an error of ours: the notes' own words can still be read)
            log.error("answering is broken", failure=type(error).__name__)  # noqa: TRY400 (it may hold words)
            return Written({}, Trouble.BROKEN)
        return Written({day.digest: self._texts.keep(text) for day, text in zip(days, texts, strict=True)})

    async def _write(self, question: str, found: Found, day: OpenDay, most: int, until: float) -> Text:
        notes = [note for note, its_day in found.notes if its_day is day]
        asked = await asyncio.to_thread(
            asked_of, question, notes, found.on_file, abroad=self._model.abroad, most=most
        )
        if asked is None:
            kept_here = self._model.abroad and any(one.note.source not in MAY_GO_ABROAD for one in notes)
            raise ModelFailed(Trouble.NOT_ALLOWED if kept_here else Trouble.NO_THEME)
        findings = await write_answer(Patient(self._model, self._sleep, until), asked)
        return Text(findings, self._model.name)
