"""What the use cases need from the outside world. Small, and owned here; each has a twin without network."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.ids import ChatId


class Clock(Protocol):
    """The only source of time. Real, stepped (tests, rehearsal) or remote."""

    def now(self) -> datetime:
        """The moment, aware, UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds from some start, never backwards: for limits and leases."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait at least so long on this clock; rounded up to a millisecond."""
        ...


@dataclass(frozen=True, slots=True)
class RenderedButton:
    label: str
    data: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message ready for the wire. `text` is Telegram HTML. `picture` is a PNG sent with the text as caption.

    `edits`: change this message of the chat instead of sending a new one.
    """

    chat: ChatId
    text: str
    keyboard: tuple[tuple[RenderedButton, ...], ...] = ()
    picture: bytes | None = None
    edits: int | None = None
    silent: bool = False


class SendError(Exception):
    """Why a message was not accepted. The classes below say what may be done about it."""


class NotSent(SendError):
    """It surely never left (no connection, no free connection in time): safe to try again."""


class SlowDown(SendError):
    """Refused for now (429): try again after `after`, for the chat it concerns."""

    def __init__(self, after: timedelta) -> None:
        super().__init__("slow down")
        self.after = after


class Unreachable(SendError):
    """The person blocked the bot or is gone (403): final, and true for every later message."""


class Rejected(SendError):
    """The messenger will never take this message (400, 404, 413): final."""


class ChatMoved(SendError):
    """The group became a supergroup: the same message goes to `to`."""

    def __init__(self, to: ChatId) -> None:
        super().__init__("chat moved")
        self.to = to


class TokenRefused(SendError):
    """The bot's token is not valid any more (401): nothing can be sent at all."""


class FateUnknown(SendError):
    """The request left, and no clear answer came (time-out, reset, 5xx): it may have arrived."""


@dataclass(frozen=True, slots=True)
class BotIdentity:
    """Who the bot is for the messenger."""

    id: int
    username: str
    first_name: str


class Messenger(Protocol):
    """The way out. Every method raises a SendError."""

    async def send(self, message: Outgoing) -> int:
        """Hand over one message; its message id in the chat. An edit that changes nothing is a success."""
        ...

    async def answer_press(self, press_id: str, text: str | None, *, alert: bool) -> None:
        """Answer a button press; best effort, no state depends on it."""
        ...

    async def identity(self) -> BotIdentity:
        """getMe: also the probe that tells whether sending is possible again."""
        ...

    async def set_menu(self, chat: ChatId | None, commands: Mapping[str, str]) -> None:
        """The command menu of one chat (None: of all that have none of their own): command → description."""
        ...


@dataclass(frozen=True, slots=True)
class RawUpdate:
    """An update as the messenger gave it: its id and its JSON text."""

    update_id: int
    payload: str


class Updates(Protocol):
    """The way in, for long polling."""

    async def fetch(self, offset: int, wait: timedelta) -> list[RawUpdate]:
        """Updates from `offset` on, waiting up to `wait` for one; asking with an offset confirms all below it. Raises SendError."""
        ...
