"""Voices into words, by any OpenAI-compatible endpoint (POST /audio/transcriptions).

A voice goes to the host that the operator named and to no other (bot.gateways.openai_client). openai is imported when it is
first needed. Neither voices, words nor the key are logged.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from bot.domain.endpoint import Endpoint, Place
from bot.domain.transcript import Piece, believable, joined
from bot.gateways.language_model import Policy
from bot.gateways.openai_client import openai_client
from bot.services.ports import NotWrittenDown
from bot.services.updates import storable

if TYPE_CHECKING:
    from openai import AsyncOpenAI

ANSWER_WITHIN, CONNECT_WITHIN = 90.0, 5.0
ATTEMPTS = 3
ALTOGETHER = 240.0
"""Seconds for one voice with all attempts: the client's own limits are for one operation, and an endpoint may trickle."""
_ABOUT_THE_VOICE = (400, 413, 415, 422)


class OpenAiTranscriber:
    """The Transcriber port. `sleep` waits in real time, whatever the bot's clock: the endpoint lives there."""

    def __init__(
        self,
        endpoint: Endpoint,
        model: str,
        key: str | None,
        policy: Policy,
        sleep: Callable[[float], Awaitable[None]],
        *,
        pause: float = 1.0,
        altogether: float = ALTOGETHER,
    ) -> None:
        """`pause`: seconds to the second attempt, at most; the third waits longer."""
        self._endpoint = endpoint
        self._model = model
        self._key = key
        self._policy = policy
        self._sleep = sleep
        self._pause = pause
        self._altogether = altogether
        self._detailed = True
        self._made: AsyncOpenAI | None = None

    @property
    def ours(self) -> bool:
        return self._endpoint.place(self._policy.trusted) is not Place.ABROAD

    async def write_down(self, content: bytes, mime: str) -> str:
        if not self._policy.allows(self._endpoint):
            raise NotWrittenDown("not allowed", again=False)
        if self._made is None:
            self._made = await asyncio.to_thread(self._make)
        try:
            async with asyncio.timeout(self._altogether):
                body = await self._body(self._made, content, mime)
        except TimeoutError:
            raise NotWrittenDown("not within its time", again=True) from None
        return believable(_words_of(body))

    async def _body(self, client: "AsyncOpenAI", content: bytes, mime: str) -> str:
        """The body of the answer; newer models give no details, and are asked for none from then on."""
        from openai import (
            APIConnectionError,
            APIStatusError,
            InternalServerError,
            OpenAIError,
            RateLimitError,
        )

        asking = AsyncRetrying(
            retry=retry_if_exception_type((RateLimitError, InternalServerError, APIConnectionError)),
            wait=wait_random_exponential(multiplier=self._pause, max=20),
            stop=stop_after_attempt(ATTEMPTS),
            sleep=self._sleep,
            reraise=True,
        )
        while True:
            detailed = self._detailed
            try:
                return await asking(self._ask, client, content, mime, detailed)
            except (
                APIStatusError
            ) as error:  # of a key or a model's name that is wrong, an operator can put it right
                if detailed and error.status_code in _ABOUT_THE_VOICE:
                    self._detailed = False
                    continue
                self._detailed = True  # refused either way: it was not the details
                reason = f"{type(error).__name__} {error.status_code}"
                raise NotWrittenDown(reason, again=error.status_code not in _ABOUT_THE_VOICE) from None
            except (OpenAIError, ValueError) as error:
                raise NotWrittenDown(type(error).__name__, again=True) from None

    async def _ask(self, client: "AsyncOpenAI", content: bytes, mime: str, detailed: bool) -> str:
        answer = await client.audio.transcriptions.with_raw_response.create(
            file=("voice.ogg", content, mime),
            model=self._model,
            response_format="verbose_json" if detailed else "json",
            temperature=0,
        )
        return answer.text

    def _make(self) -> "AsyncOpenAI":
        return openai_client(self._endpoint, self._key, answer=ANSWER_WITHIN, connect=CONNECT_WITHIN)


def _words_of(body: str) -> str:
    """Raises NotWrittenDown for what is no transcript."""
    try:
        answer: object = storable(json.loads(body))
    except ValueError:
        raise NotWrittenDown("no JSON", again=True) from None
    match answer:
        case {"segments": [_, *_] as segments} if all(isinstance(one, dict) for one in segments):
            return joined(_piece(one) for one in segments)
        case {"text": str(text)}:
            return text.strip()
        case _:
            raise NotWrittenDown("no text", again=True)


def _piece(segment: dict[str, object]) -> Piece:
    return Piece(
        str(segment.get("text", "")),
        no_speech=_number(segment.get("no_speech_prob")),
        confidence=_number(segment.get("avg_logprob")),
        repetition=_number(segment.get("compression_ratio")),
    )


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
