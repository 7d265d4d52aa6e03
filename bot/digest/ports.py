"""What the digest needs from outside: somebody who writes sentences. Owned here; bot.gateways has the real one.

A language model is asked for one thing at a time, in a form that is given, and holds no tools: whatever it
answers is judged by code before anybody reads it (bot.digest.model_check).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from pydantic import BaseModel

from bot.digest.grouping.reading import Reading

Form = TypeVar("Form", bound=BaseModel)


class Trouble(StrEnum):
    """Why a digest, or a part of it, was not written by the model. In its JSON form; people read `ai.reason_…`."""

    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"  # the endpoint does not take the request: key, model's name, size
    RATE_LIMITED = "rate_limited"
    MALFORMED = "malformed"  # an answer that is not in the form, cut off, or empty
    REFUSED_CONTENT = "refused_content"  # the model, or a filter before it, will not write about this
    BUDGET = "budget"
    NOT_ALLOWED = "not_allowed"  # the words may not go where the model stands
    TOO_MANY_DROPPED = "too_many_dropped"  # most of what it wrote did not pass the checks
    NO_THEME = "no_theme"  # nothing to write: no notes that share a topic
    OVERTAKEN = "overtaken"  # notes kept coming while it wrote
    BROKEN = "broken"  # an error of ours, in asking or in judging


class ModelFailed(Exception):
    """There is no answer. `tokens` were spent all the same; `wait`: seconds after which to ask again (429)."""

    def __init__(
        self, trouble: Trouble, *, tokens: int = 0, estimated: bool = False, wait: float | None = None
    ) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble
        self.tokens = tokens
        self.estimated = estimated
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Request:
    """What the model is asked: the rules, and the data that they are about. `most_tokens` bounds the answer."""

    rules: str
    data: str
    most_tokens: int

    @property
    def tokens_at_most(self) -> int:
        """An upper guess of what asking costs. A syllable of Hangul is three bytes and at most about two tokens."""
        return (len(self.rules.encode()) + len(self.data.encode())) * 2 // 3 + self.most_tokens


@dataclass(frozen=True, slots=True)
class Answer(Generic[Form]):
    """An answer in its form. `estimated`: the endpoint did not say how many tokens it took."""

    value: Form
    tokens: int
    estimated: bool = False


class LanguageModel(Protocol):
    """Somebody who writes. `name` is what a digest is stamped with."""

    @property
    def name(self) -> str: ...

    @property
    def abroad(self) -> bool:
        """Whether its words leave the operator's hands: then only notes that may do so are put before it."""
        ...

    async def complete(self, request: Request, form: type[Form]) -> Answer[Form]:
        """One answer in `form`. Raises ModelFailed, and nothing else."""
        ...


class AnalysisFailed(Exception):
    """There are no readings: the analyst is missing, died, or took too long. The digest goes out without proposals."""


class Analyst(Protocol):
    """Somebody who reads Korean: words, phrases and meaning of redacted texts (bot.digest.grouping.reading).

    Its library of topics is read the same way: `bot.digest.grouping.views` makes the topics' vectors of readings.
    """

    @property
    def version(self) -> str:
        """What its readings are of; readings of another version are of no use and are read again."""
        ...

    async def read(self, texts: Sequence[str]) -> tuple[Reading, ...]:
        """A reading for each text, in their order. Raises AnalysisFailed, and nothing else."""
        ...
