"""What a message's variables may be: a closed set, so that they survive a row and render the same tomorrow."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Phrase:
    """A message inside a message: one line of a list, rendered when the whole is."""

    key: str
    values: "Mapping[str, Value]" = field(default_factory=dict)


Value = str | int | float | bool | datetime | date | Phrase | tuple[Phrase, ...] | None


def to_plain(value: Value) -> Any:
    """The JSON form of a value. Times become aware UTC ISO text in a marked object.

    Raises ValueError for a time without a zone: it would mean something else elsewhere.
    """
    match value:
        case datetime():
            if value.tzinfo is None:
                raise ValueError("a time without a zone cannot be kept")
            return {"time": value.astimezone(UTC).isoformat()}
        case date():
            return {"date": value.isoformat()}
        case Phrase():
            return {"phrase": value.key, "values": {name: to_plain(v) for name, v in value.values.items()}}
        case tuple():
            return [to_plain(phrase) for phrase in value]
        case _:
            return value


def from_plain(plain: Any) -> Value:
    """The inverse of `to_plain`."""
    match plain:
        case {"time": text}:
            return datetime.fromisoformat(text)
        case {"date": text}:
            return date.fromisoformat(text)
        case {"phrase": key, "values": values}:
            return Phrase(key, {name: from_plain(value) for name, value in values.items()})
        case list():
            return tuple(phrase for phrase in map(from_plain, plain) if isinstance(phrase, Phrase))
        case str() | int() | float() | bool() | None:
            return plain
    raise ValueError("not the plain form of a value")
