"""The form of a model's answer about one theme. Anything else in it, or anything missing, is a malformed answer."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Evidence(_Strict):
    """A note, by the name that the request gave it, and words of it letter for letter."""

    note: str
    quote: str


class Sentence(_Strict):
    kind: Literal["finding", "request"]
    text: str
    evidence: list[Evidence]


class ThemeText(_Strict):
    """What a model wrote about a theme. Promises, hearsay and minority views are not its to write."""

    findings: list[Sentence]
