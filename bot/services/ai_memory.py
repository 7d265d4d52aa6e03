"""A language model's answers by what it was asked, so that a note that comes re-asks its own theme only.

In this process's memory and nowhere else: answers quote notes. What the newest making of a day's digest did not
use is forgotten with it.
"""

import hashlib
from collections.abc import Hashable
from typing import Any

from bot.digest.ports import Answer, Form, LanguageModel, ModelFailed, Request, Trouble

MOST_SUBJECTS = 60
"""Region-days whose answers are kept: a week of all regions."""

Answers = dict[str, Answer[Any]]


class Memory:
    """Answers by subject (a region's day)."""

    def __init__(self) -> None:
        self._answers: dict[Hashable, Answers] = {}

    def of(self, subject: Hashable) -> Answers:
        return self._answers.get(subject, {})

    def keep(self, subject: Hashable, answers: Answers) -> None:
        """These and no others: answers quote notes. The subject that was kept longest ago makes room."""
        self._answers.pop(subject, None)
        self._answers[subject] = answers
        while len(self._answers) > MOST_SUBJECTS:
            del self._answers[next(iter(self._answers))]


class Remembering:
    """A language model that does not ask what it was told before. `model` None: asks nobody at all.

    `used` holds the answers that were needed, known before or new.
    """

    def __init__(self, name: str, model: LanguageModel | None, known: Answers, *, abroad: bool) -> None:
        self._name = name
        self._model = model
        self._known = known
        self._abroad = abroad
        self.used: Answers = {}

    @property
    def name(self) -> str:
        return self._name

    @property
    def abroad(self) -> bool:
        return self._abroad

    def recall(self, request: Request, form: type[Form]) -> None:
        """An answer that is known is needed, whether or not anybody comes to ask for it."""
        key = _key(self._name, request, form)
        if key in self._known:
            self.used[key] = self._known[key]

    async def complete(self, request: Request, form: type[Form]) -> Answer[Form]:
        """Raises ModelFailed; OVERTAKEN when nobody may be asked and the answer is not known."""
        key = _key(self._name, request, form)
        answer: Answer[Form] | None = self._known.get(key)
        if answer is None:
            if self._model is None:
                raise ModelFailed(Trouble.OVERTAKEN)
            answer = await self._model.complete(request, form)
        self.used[key] = answer
        return answer


def _key(name: str, request: Request, form: type[Form]) -> str:
    told = "\0".join((name, form.__name__, request.rules, request.data, str(request.most_tokens)))
    return hashlib.sha256(told.encode()).hexdigest()
