"""The forms of a model's answers about what notes speak of. Anything else in them, or missing, is a malformed answer."""

from pydantic import BaseModel, ConfigDict


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Placement(_Strict):
    """A note by the name that the request gave it; `topic` a listed one, NEW with a `name`, or NONE."""

    note: str
    topic: str
    name: str


class Placements(_Strict):
    notes: list[Placement]


class Same(_Strict):
    """`name` means what `into` means: another name of the list, or a listed topic."""

    name: str
    into: str


class SameNames(_Strict):
    same: list[Same]
