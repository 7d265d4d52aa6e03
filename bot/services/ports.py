"""What the use cases need from the outside world. Small, and owned here; each has a twin without network."""

from collections.abc import Callable, Mapping
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
class Document:
    """A file for the wire: `name` as people see it (with its ending), and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message ready for the wire. `text` is Telegram HTML. `picture` is a PNG sent with the text as caption,
    `document` a file sent so.

    `edits`: change this message of the chat instead of sending a new one.
    """

    chat: ChatId
    text: str
    keyboard: tuple[tuple[RenderedButton, ...], ...] = ()
    picture: bytes | None = None
    document: Document | None = None
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


class SecondPoller(SendError):
    """409: somebody else polls with the same token, and each takes updates from the other."""


class WebhookInTheWay(SendError):
    """409: a webhook is set, so that polling gets nothing until it is removed."""


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

    async def set_menu(
        self, chat: ChatId | None, commands: Mapping[str, str], *, language: str | None = None
    ) -> None:
        """The command menu of one chat (None: of all that have none of their own): command → description.

        `language`: only for clients in that language. Without commands the menu is taken away: the next wider shows.
        """
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


@dataclass(frozen=True, slots=True)
class WebhookState:
    """The webhook as the messenger tells it. `url` is empty when none is set. `pending`: updates that wait there.

    `failed_at`: seconds on the messenger's own clock, to be compared with nothing but another of them.
    `failure`: why the last one failed, for the log.
    """

    url: str
    pending: int
    failed_at: int | None = None
    failure: str = ""


class Webhooks(Protocol):
    """The way in, for updates that the messenger brings itself. Every method raises a SendError."""

    async def set_webhook(self, url: str, secret: str) -> None:
        """Have updates brought to `url`, each with `secret` in its header; what waits is kept."""
        ...

    async def drop_webhook(self) -> None:
        """Have no more updates brought; what waits is kept, for polling."""
        ...

    async def webhook(self) -> WebhookState:
        """How it stands."""
        ...


class Unreadable(Exception):
    """No picture and no sound that we take: damaged, of another kind, or made to do harm. Final."""


@dataclass(frozen=True, slots=True)
class Sound:
    """A voice as it is kept (OGG/Opus, mono, nothing but sound), how long it is, and whether somebody speaks in it."""

    content: bytes
    mime: str
    seconds: float
    speech: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is kept: upright, of modest size, with nothing that a camera or a phone wrote into it."""

    content: bytes
    mime: str


Listen = Callable[[bytes], Sound]
"""Decodes a voice and makes it anew; takes seconds of a processor. Raises Unreadable."""
Develop = Callable[[bytes], Picture]
"""Decodes a picture and makes it anew; takes up to a second of a processor. Raises Unreadable."""


class NotWrittenDown(Exception):
    """A voice could not be turned into words. `again`: it may be later."""

    def __init__(self, reason: str, *, again: bool) -> None:
        super().__init__(reason)
        self.again = again


class Transcriber(Protocol):
    """Turns a voice into words, never within a transaction."""

    @property
    def ours(self) -> bool:
        """Whether voices stay with us: on this machine, or on a host that the operator named as theirs."""
        ...

    async def write_down(self, content: bytes, mime: str) -> str:
        """The words, as they were said; empty when what came back is not to be believed. Raises NotWrittenDown."""
        ...


class FileGone(Exception):
    """The messenger does not have this file any more, or never had it: final."""


class FileTooLarge(Exception):
    """The file is larger than was asked for, or than a bot may fetch (Telegram: 20 MB): final."""


class Files(Protocol):
    """Files that people sent, fetched by their id in background work, never within a transaction."""

    async def fetch_file(self, file_id: str, *, limit: int) -> bytes:
        """The file's bytes, at most `limit`. Raises FileGone, FileTooLarge, SendError."""
        ...
