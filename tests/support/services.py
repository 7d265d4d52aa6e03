"""The services bundle for a test of one subject: what it does not name must not be needed."""

from dataclasses import fields
from typing import Any, NoReturn

from bot.services.bundle import Services


class _Absent:
    """Stands where a service would be; fails as soon as somebody asks it for anything."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, asked: str) -> NoReturn:
        raise AssertionError(f"this test was built without services.{self._name} ({asked})")


def only(**built: object) -> Services:
    """A bundle with these services and nothing else: `only(schedule=…, codes=…)`."""
    parts: dict[str, Any] = {
        field.name: built.pop(field.name, _Absent(field.name)) for field in fields(Services)
    }
    assert not built, f"no such service: {sorted(built)}"
    return Services(**parts)
