"""The services bundle for a test of one subject: what it does not name must not be needed."""

from dataclasses import fields
from datetime import time
from typing import Any, NoReturn

from bot.services.bundle import Services
from bot.services.people import People
from bot.services.reminders import Reminders
from bot.services.requests import Answering, Asking
from bot.services.schedule import Schedule
from tests.support.plans import SEOUL


class _Absent:
    """Stands where a service would be; fails as soon as somebody asks it for anything."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, asked: str) -> NoReturn:
        raise AssertionError(f"this test was built without services.{self._name} ({asked})")


def only(**built: object) -> Services:
    """A bundle with these services and nothing else: `only(schedule=…, codes=…)`.

    Who speaks and which regions there are is asked by most handlers, so `people` and `schedule` are always there; and
    plain words go to a request first, so `asking` and `answering` are.
    """
    built.setdefault("people", People())
    built.setdefault("schedule", Schedule(SEOUL, Reminders(SEOUL, time(20))))
    built.setdefault("asking", Asking(SEOUL))
    built.setdefault("answering", Answering(SEOUL))
    parts: dict[str, Any] = {
        field.name: built.pop(field.name, _Absent(field.name)) for field in fields(Services)
    }
    assert not built, f"no such service: {sorted(built)}"
    return Services(**parts)
