"""The queue behind getUpdates and the webhook (core.telegram.org/bots/api#getting-updates)."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.rehearsal.errors import ApiError, conflict
from bot.rehearsal.values import Mishap, Webhook

MAX_BATCH = 100
MAX_WAIT = 50
KEPT = timedelta(hours=24)
QUIET = timedelta(days=7)
QUIET_JUMP = 51_234_567
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(frozen=True, slots=True)
class Queued:
    """An update that waits. `chat`: whose updates it stays in order with."""

    id: int
    at: datetime
    chat: int
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
        self._queue: list[Queued] = []
        self._poller: asyncio.Future[None] | None = None
        self._allowed: frozenset[str] | None = None
        self.webhook: Webhook | None = None
        self.mishap: Mishap | None = None
        self.turned_away = False
        """Whether the last poll ended in a refusal or a broken line: the bot will not come again before the clock moves."""
        self.resting: set[int] = set()
        """Chats whose next push waits for the clock, because the last one failed."""
        self.on_change: Callable[[], None] = lambda: None

    @property
    def pending(self) -> int:
        """How many updates the bot has not confirmed yet."""
        return len(self._queue)

    @property
    def moving(self) -> int:
        """How many of them can reach the bot without the clock moving on."""
        if self.webhook is None:
            return 0 if self.turned_away else len(self._queue)
        return sum(update.chat not in self.resting for update in self._queue)

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
        self._queue.append(Queued(self._next_id, now, _chat_of(body), {kind: body}))
        self._next_id += 1
        self._wake(None)
        self.on_change()

    def clear(self) -> None:
        """Forget everything that waits (drop_pending_updates)."""
        self._queue.clear()
        self.on_change()

    def end_poll(self, why: ApiError | None = None) -> None:
        """End a poll that is under way: with a refusal, or empty-handed when the server closes."""
        self._wake(why)

    async def poll(self, *, offset: int, limit: int, seconds: float) -> list[dict[str, object]]:
        """The next updates, waiting up to `seconds` of real time for the first. Raises ApiError 409."""
        if self.webhook is not None:
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

    def chats(self) -> list[int]:
        """Whose updates wait, in the order of their first one."""
        return list(dict.fromkeys(update.chat for update in self._queue))

    def first_of(self, chat: int) -> Queued | None:
        """The oldest update of a chat that is not too old to be told."""
        self._keep([update for update in self._queue if update.at > self._now() - KEPT])
        return next((update for update in self._queue if update.chat == chat), None)

    def settle(self, update: Queued) -> None:
        """The bot took a pushed update."""
        self._keep([one for one in self._queue if one.id != update.id])

    def _confirm(self, offset: int) -> None:
        oldest = self._now() - KEPT
        kept = [update for update in self._queue if update.at > oldest]
        self._keep(kept[offset:] if offset < 0 else [update for update in kept if update.id >= offset])

    def _keep(self, kept: list[Queued]) -> None:
        changed, self._queue = len(kept) != len(self._queue), kept
        if changed:
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


def _chat_of(body: object) -> int:
    """The chat that an update belongs to: order is kept within it."""
    match body:
        case (
            {"chat": {"id": int(chat)}}
            | {"message": {"chat": {"id": int(chat)}}}
            | {"from": {"id": int(chat)}}
        ):
            return chat
        case _:
            return 0
