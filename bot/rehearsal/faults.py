"""Faults on order: the next matching request is refused, dropped, or held.

They stand for what happens on a real network: a 5xx now and then, a connection that breaks before or
after Telegram took the message, an answer that comes late.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class FaultKind(StrEnum):
    """What happens to the request."""

    REPLY = "reply"
    DROP = "drop"
    HOLD = "hold"


@dataclass(slots=True)
class Fault:
    """One fault. `accepted`: the call takes effect first, and then the fault strikes.

    A held request waits for `release()`, without any real time passing; `arrived` is set when it came.
    """

    kind: FaultKind
    method: str | None = None
    chat: int | None = None
    accepted: bool = False
    times: int = 1
    status: int = 500
    body: Mapping[str, object] = field(default_factory=dict)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    def matches(self, method: str, chat: int | None) -> bool:
        """Whether it strikes this request; method names are not case-sensitive, as at Telegram."""
        return (self.method is None or self.method.lower() == method.lower()) and self.chat in (None, chat)

    def release(self) -> None:
        """Let a held request go on."""
        self.released.set()


class Faults:
    """The faults still to come, in the order in which they were asked for."""

    def __init__(self) -> None:
        self._queue: list[Fault] = []
        self._held: list[Fault] = []

    @property
    def pending(self) -> int:
        """How many requests will still be struck."""
        return sum(fault.times for fault in self._queue)

    def reply(
        self,
        status: int,
        description: str = "",
        *,
        method: str | None = None,
        chat: int | None = None,
        retry_after: int | None = None,
        accepted: bool = False,
        times: int = 1,
    ) -> Fault:
        """Answer with `status`; with `accepted`, although the message was taken."""
        body: dict[str, object] = {
            "ok": False,
            "error_code": status,
            "description": description or f"Fault {status}",
        }
        if retry_after is not None:
            body["parameters"] = {"retry_after": retry_after}
        return self._add(
            Fault(FaultKind.REPLY, method, chat, accepted=accepted, times=times, status=status, body=body)
        )

    def drop(
        self, *, method: str | None = None, chat: int | None = None, accepted: bool = False, times: int = 1
    ) -> Fault:
        """Close the connection without a reply: before the call takes effect, or after it (`accepted`)."""
        return self._add(Fault(FaultKind.DROP, method, chat, accepted=accepted, times=times))

    def hold(self, *, method: str | None = None, chat: int | None = None, accepted: bool = False) -> Fault:
        """Keep the request waiting until `release()`; its call takes effect before (`accepted`) or after."""
        held = self._add(Fault(FaultKind.HOLD, method, chat, accepted=accepted))
        self._held.append(held)
        return held

    def release_all(self) -> None:
        """Let every held request go on (the server closes)."""
        for fault in self._held:
            fault.release()
        self._held.clear()

    def clear(self) -> None:
        """Forget what has not struck yet."""
        self._queue.clear()

    def take(self, method: str, chat: int | None) -> Fault | None:
        """The fault that strikes this request, if any; used up by it."""
        for fault in self._queue:
            if fault.matches(method, chat):
                fault.times -= 1
                if fault.times <= 0:
                    self._queue.remove(fault)
                return fault
        return None

    def _add(self, fault: Fault) -> Fault:
        self._queue.append(fault)
        return fault
