"""Asking a language model again where that may help, for as long as there is time."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import structlog
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception,
    stop_after_attempt,
    wait_exponential_jitter,
)

from bot.digest.ports import Answer, Form, LanguageModel, ModelFailed, Request, Trouble

log = structlog.get_logger(__name__)

MOST_ATTEMPTS = 4
MOST_MALFORMED = 2
"""A model that does not keep to the form is asked once more: each answer costs."""
_AGAIN = frozenset({Trouble.RATE_LIMITED, Trouble.UNREACHABLE})
_BACKOFF = wait_exponential_jitter(multiplier=0.5, max=8)


@dataclass(slots=True)
class _Spent:
    tokens: int = 0
    estimated: bool = False
    malformed: int = 0


class Patient:
    """A language model that is asked again after a limit (429), a lost connection, a server's error, a broken form.

    A limit's Retry-After is kept to; one that ends after `until` (the loop's time) is not waited for.
    """

    def __init__(self, model: LanguageModel, sleep: Callable[[float], Awaitable[None]], until: float) -> None:
        self._model = model
        self._sleep = sleep
        self._until = until

    @property
    def name(self) -> str:
        return self._model.name

    @property
    def abroad(self) -> bool:
        return self._model.abroad

    async def complete(self, request: Request, form: type[Form]) -> Answer[Form]:
        """Raises ModelFailed. Tokens of attempts that failed are counted with the answer."""
        spent = _Spent()

        def worth_it(error: BaseException) -> bool:
            if not isinstance(error, ModelFailed):
                return False
            spent.tokens += error.tokens
            spent.estimated = spent.estimated or error.estimated
            spent.malformed += error.trouble is Trouble.MALFORMED
            log.warning("language model failed", trouble=error.trouble.value)
            broken = error.trouble is Trouble.MALFORMED and spent.malformed < MOST_MALFORMED
            return (broken or error.trouble in _AGAIN) and self._in_time(error)

        asking = AsyncRetrying(
            retry=retry_if_exception(worth_it),
            stop=stop_after_attempt(MOST_ATTEMPTS),
            wait=_wait,
            sleep=self._sleep,
            reraise=True,
        )
        try:
            answer: Answer[Form] = await asking(self._model.complete, request, form)
        except ModelFailed as failure:
            raise ModelFailed(failure.trouble, tokens=spent.tokens, estimated=spent.estimated) from None
        return replace(
            answer, tokens=answer.tokens + spent.tokens, estimated=answer.estimated or spent.estimated
        )

    def _in_time(self, failure: ModelFailed) -> bool:
        return asyncio.get_running_loop().time() + (failure.wait or 0) < self._until


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, ModelFailed) and error.wait is not None:
        return error.wait
    if isinstance(error, ModelFailed) and error.trouble is Trouble.MALFORMED:
        return 0
    return _BACKOFF(state)
