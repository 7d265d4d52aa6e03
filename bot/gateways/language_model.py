"""A language model behind any OpenAI-compatible endpoint: one attempt a call, every failure one of a few reasons.

openai is imported when it is first needed (it takes half a second). Nothing here asks again, and nothing is logged:
neither what was asked nor the key.
"""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from bot.digest.ports import Answer, Form, ModelFailed, Request, Trouble
from bot.domain.endpoint import Endpoint, Place
from bot.gateways.language_model_errors import trouble_of
from bot.gateways.openai_client import openai_client

if TYPE_CHECKING:
    from openai import AsyncOpenAI
    from openai.types.chat import ChatCompletion

_FENCES = ("```json", "```")


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds for one attempt: to connect, and until the whole answer is there (it is not streamed)."""

    connect: float = 5
    answer: float = 60


@dataclass(frozen=True, slots=True)
class Policy:
    """Where words may go. `trusted` are hosts as bot.domain.endpoint gives them; `external`: EXTERNAL_AI is on."""

    trusted: frozenset[str] = frozenset()
    external: bool = False

    def allows(self, endpoint: Endpoint) -> bool:
        return self.external or endpoint.place(self.trusted) is not Place.ABROAD


@dataclass(frozen=True, slots=True)
class _Manner:
    """How an endpoint wants to be asked: what one refuses (400, 422) is left out from then on."""

    schema: bool = True
    limit: str = "max_tokens"


class OpenAiModel:
    """The LanguageModel port. Words go where the operator said, or nowhere (bot.gateways.openai_client)."""

    def __init__(
        self,
        endpoint: Endpoint,
        model: str,
        key: str | None,
        policy: Policy,
        *,
        patience: Patience | None = None,
    ) -> None:
        self._endpoint = endpoint
        self._model = model
        self._key = key
        self._policy = policy
        self._patience = patience or Patience()
        self._manner = _Manner()
        self._made: AsyncOpenAI | None = None

    @property
    def name(self) -> str:
        return self._model

    @property
    def abroad(self) -> bool:
        return self._endpoint.place(self._policy.trusted) is Place.ABROAD

    async def complete(self, request: Request, form: type[Form]) -> Answer[Form]:
        """One attempt. Raises ModelFailed."""
        if not self._policy.allows(self._endpoint):
            raise ModelFailed(Trouble.NOT_ALLOWED)
        try:
            client = await self._client()
            async with asyncio.timeout(self._patience.connect + self._patience.answer):
                completion = await self._ask(client, request, form)
        except Exception as error:  # noqa: BLE001 (whatever it is, it is one of the reasons, and its words stay here)
            raise trouble_of(error, request) from None
        return _answer(completion, request, form)

    async def _ask(self, client: "AsyncOpenAI", request: Request, form: type[Form]) -> "ChatCompletion":
        """In the manner that this endpoint takes: with a schema or without, its limit by either of two names."""
        from openai import BadRequestError, UnprocessableEntityError

        while True:
            manner = self._manner
            try:
                return await client.chat.completions.create(
                    model=self._model,
                    messages=[
                        {"role": "system", "content": request.rules},
                        {"role": "user", "content": request.data},
                    ],
                    extra_body=_in_manner(manner, request, form),
                )
            except (BadRequestError, UnprocessableEntityError) as refusal:
                milder = _milder(manner, refusal)
                if milder is None:
                    self._manner = _Manner()
                    raise
                self._manner = milder

    async def _client(self) -> "AsyncOpenAI":
        if self._made is None:
            self._made = await asyncio.to_thread(self._make)
        return self._made

    def _make(self) -> "AsyncOpenAI":
        patience = self._patience
        return openai_client(self._endpoint, self._key, answer=patience.answer, connect=patience.connect)


def _in_manner(manner: _Manner, request: Request, form: type[Form]) -> dict[str, Any]:
    body: dict[str, Any] = {manner.limit: request.most_tokens}
    if manner.schema:
        schema = {"name": form.__name__, "schema": form.model_json_schema(), "strict": True}
        body["response_format"] = {"type": "json_schema", "json_schema": schema}
    return body


def _milder(manner: _Manner, refusal: Exception) -> _Manner | None:
    """The next manner to try. OpenAI's newer models want the limit as max_completion_tokens, and say so."""
    if manner.limit == "max_tokens" and "max_completion_tokens" in str(refusal):
        return _Manner(manner.schema, "max_completion_tokens")
    return _Manner(schema=False, limit=manner.limit) if manner.schema else None


def _answer(completion: "ChatCompletion", request: Request, form: type[Form]) -> Answer[Form]:
    """What came, in its form. Endpoints differ in everything, so nothing about it is taken for granted."""
    tokens, estimated = _tokens(completion, request)
    choices = getattr(completion, "choices", None)
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = getattr(choice, "message", None)
    content = getattr(message, "content", None)
    ending = getattr(choice, "finish_reason", None)
    if getattr(message, "refusal", None) or ending == "content_filter":
        raise ModelFailed(Trouble.REFUSED_CONTENT, tokens=tokens, estimated=estimated)
    if not isinstance(content, str) or ending == "length":
        raise ModelFailed(Trouble.MALFORMED, tokens=tokens, estimated=estimated)
    try:
        return Answer(form.model_validate_json(_unfenced(content)), tokens, estimated)
    except ValidationError:
        raise ModelFailed(Trouble.MALFORMED, tokens=tokens, estimated=estimated) from None


def _unfenced(content: str) -> str:
    """Without the fence that models put around JSON out of habit; anything else beside the JSON is malformed."""
    bare = content.strip()
    start, end = _FENCES
    if bare.startswith(end) and bare.endswith(end) and len(bare) > len(start) + len(end):
        return bare.removeprefix(start).removeprefix(end).removesuffix(end).strip()
    return bare


def _tokens(completion: "ChatCompletion", request: Request) -> tuple[int, bool]:
    """What it took, and whether that is our guess: not every endpoint says."""
    total = getattr(getattr(completion, "usage", None), "total_tokens", None)
    if isinstance(total, int) and total > 0:
        return total, False
    return request.tokens_at_most, True
