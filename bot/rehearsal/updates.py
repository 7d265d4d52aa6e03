"""The queue behind getUpdates (core.telegram.org/bots/api#getupdates)."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.rehearsal.errors import ApiError, conflict

MAX_BATCH = 100
MAX_WAIT = 50
KEPT = timedelta(hours=24)
QUIET = timedelta(days=7)
QUIET_JUMP = 51_234_567
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(frozen=True, slots=True)
class _Queued:
    id: int
    at: datetime
    body: Mapping[str, object]

    def json(self) -> dict[str, object]:
        return {"update_id": self.id, **self.body}


class UpdateQueue:
    """Updates until the bot confirms them by an offset, for 24 hours at most.

    Ids rise by one and jump after a quiet week. One poller at a time: a newer one ends the older with 409.
    """

    def __init__(self, now: Callable[[], datetime], *, first_id: int) -> None:
        self._now = now
        self._next_id = first_id
        self._last_at: datetime | None = None
        self._queue: list[_Queued] = []
        self._poller: asyncio.Future[None] | None = None
        self._allowed: frozenset[str] | None = None
        self.webhook_url = ""
        self.on_change: Callable[[], None] = lambda: None

    @property
    def pending(self) -> int:
        """How many updates the bot has not confirmed yet."""
        return len(self._queue)

    @property
    def polled(self) -> bool:
        """Whether a long poll is under way."""
        return self._poller is not None

    @property
    def allowed(self) -> frozenset[str] | None:
        """The kinds that the bot asked for; None stands for Telegram's default."""
        return self._allowed

    def allow(self, kinds: Collection[str]) -> None:
        """Deliver only these kinds from now on; an empty list means Telegram's default."""
        self._allowed = frozenset(kinds) or None

    def put(self, kind: str, body: object) -> None:
        """Queue an update, unless its kind is not wanted."""
        if kind in NOT_BY_DEFAULT if self._allowed is None else kind not in self._allowed:
            return
        now = self._now()
        if self._last_at is not None and now - self._last_at >= QUIET:
            self._next_id += QUIET_JUMP
        self._last_at = now
        self._queue.append(_Queued(self._next_id, now, {kind: body}))
        self._next_id += 1
        self._wake(None)

    def clear(self) -> None:
        """Forget everything that waits (drop_pending_updates)."""
        self._queue.clear()
        self.on_change()

    def end_poll(self, why: ApiError | None = None) -> None:
        """End a poll that is under way: with a refusal, or empty-handed when the server closes."""
        self._wake(why)

    async def poll(self, *, offset: int, limit: int, seconds: float) -> list[dict[str, object]]:
        """The next updates, waiting up to `seconds` of real time for the first. Raises ApiError 409."""
        if self.webhook_url:
            raise conflict(
                "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            )
        self._wake(
            conflict(
                "terminated by other getUpdates request; make sure that only one bot instance is running"
            )
        )
        self._confirm(offset)
        size = limit if 0 < limit <= MAX_BATCH else MAX_BATCH
        if not self._queue and seconds > 0:
            await self._wait(min(seconds, MAX_WAIT))
        return [update.json() for update in self._queue[:size]]

    def _confirm(self, offset: int) -> None:
        oldest = self._now() - KEPT
        before = len(self._queue)
        kept = [update for update in self._queue if update.at > oldest]
        self._queue = kept[offset:] if offset < 0 else [update for update in kept if update.id >= offset]
        if len(self._queue) != before:
            self.on_change()

    async def _wait(self, seconds: float) -> None:
        poller: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._poller = poller
        self.on_change()
        try:
            async with asyncio.timeout(seconds):
                await poller
        except TimeoutError:
            return
        finally:
            if self._poller is poller:
                self._poller = None

    def _wake(self, why: ApiError | None) -> None:
        if self._poller is None or self._poller.done():
            return
        if why is None:
            self._poller.set_result(None)
        else:
            self._poller.set_exception(why)
