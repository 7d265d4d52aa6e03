"""The requests themselves, and how they ended as a value: nothing escapes, whatever breaks."""

import asyncio

import structlog

from bot.services.ports import FateUnknown, Messenger, Outgoing, Rejected, SendError
from bot.services.sending.choice import Ready
from bot.services.wording import Wording

log = structlog.get_logger(__name__)

DRAWN_AT_ONCE = 2
"""Documents: as many as are written side by side (bot.gateways.documents)."""


class Courier:
    """Draws and hands over; asks whether anybody is there."""

    def __init__(self, messenger: Messenger, wording: Wording) -> None:
        self._messenger = messenger
        self._wording = wording
        self._threads = asyncio.Semaphore(DRAWN_AT_ONCE)

    async def hand_over(self, ready: Ready) -> int | SendError:
        """The message's id in its chat, or why there is none."""
        try:
            message = await self._drawn(ready)
        except Exception as error:  # noqa: BLE001 (whatever cannot be drawn: nothing has left)
            return Rejected(f"attachment: {type(error).__name__}")
        try:
            return await self._messenger.send(message)
        except SendError as error:
            return error
        except Exception as error:  # noqa: BLE001 (an error of ours after the request left: it may have arrived)
            return _broken(error)

    async def _drawn(self, ready: Ready) -> Outgoing:
        """A document may take its time: in a thread, and few at once, so that whoever else needs one finds one."""
        if ready.worded.document is None:
            return self._wording.drawn(ready.worded)
        async with self._threads:
            return await asyncio.to_thread(self._wording.drawn, ready.worded)

    async def ask(self) -> SendError | None:
        """None when the messenger answers."""
        try:
            await self._messenger.identity()
        except SendError as error:
            return error
        except Exception as error:  # noqa: BLE001 (an error of ours is no answer either)
            return _broken(error)
        return None


def _broken(error: Exception) -> FateUnknown:
    """An error that the messenger should have judged. Logged by its type: its text may hold the token."""
    log.error("messenger is broken", failure=type(error).__name__)
    return FateUnknown(type(error).__name__)
