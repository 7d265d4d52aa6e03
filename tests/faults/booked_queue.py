"""The update queue with a book: what was asked and what was taken; it can also bring an update twice."""

from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime

from bot.rehearsal.ground import FIRST_UPDATE_ID
from bot.rehearsal.updates import KEPT, Queued, UpdateQueue
from tests.faults.ledger import Entry, Ledger

_REMEMBERED = 500


class BookedQueue(UpdateQueue):
    """Telegram's queue. What the bot acknowledges is written down before it is forgotten."""

    def __init__(self, now: Callable[[], datetime], ledger: Ledger) -> None:
        super().__init__(now, first_id=FIRST_UPDATE_ID)
        self._ledger = ledger
        self._past: deque[Queued] = deque(maxlen=_REMEMBERED)
        self._offered = 0
        self.says = ""
        """What the next update will say, for the book."""

    def put(self, kind: str, body: object) -> None:
        before = self._next_id
        super().put(kind, body)
        if self._next_id == before:
            return
        update = self._queue[-1]
        self._past.append(update)
        self._ledger.write(
            Entry.ASKED, update=update.id, chat=update.chat, kind=kind, says=self.says or _says(body)
        )
        self.says = ""

    @property
    def moving(self) -> int:
        """What was handed over and is not confirmed is in the bot's hands: if it could not be kept, only time helps."""
        if self.webhook is None and self._queue and self._queue[0].id <= self._offered:
            return 0
        return super().moving

    async def poll(self, *, offset: int, limit: int, seconds: float) -> list[dict[str, object]]:
        given = await super().poll(offset=offset, limit=limit, seconds=seconds)
        while given and any(update.id < _id(given[-1]) for update in self._queue[len(given) :]):
            given.pop()  # an offset confirms all below it: a pair that changed places comes in one batch
        self._offered = max((update.id for update in self._queue[: len(given)]), default=self._offered)
        return given

    def repeat(self, update: Queued) -> None:
        """Brings an update once more, whether it was taken or not."""
        self._queue.append(update)
        self._ledger.write(Entry.ASKED, update=update.id, chat=update.chat, kind="again", says="again")
        self._wake(None)
        self.on_change()

    def swap_last(self) -> None:
        """The two newest change places, whole: ids are not ordered, and the second comes first."""
        if len(self._queue) >= 2:
            self._queue[-2:] = reversed(self._queue[-2:])

    @property
    def past(self) -> list[Queued]:
        return list(self._past)

    def _keep(self, kept: list[Queued]) -> None:
        left = {update.id for update in kept}
        gone = [update for update in self._queue if update.id not in left]
        super()._keep(kept)
        for entry, old in ((Entry.TAKEN, False), (Entry.FORGOTTEN, True)):
            if updates := sorted({one.id for one in gone if (one.at <= self._now() - KEPT) is old}):
                self._ledger.write(entry, durable=True, updates=updates)


def _id(update: Mapping[str, object]) -> int:
    ident = update["update_id"]
    assert isinstance(ident, int)
    return ident


def _says(body: object) -> str:
    match body:
        case {"text": str(text)}:
            return text
        case {"data": str(data)}:
            return f"press {data}"
        case _:
            return ""
