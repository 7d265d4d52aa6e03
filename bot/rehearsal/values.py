"""What the rehearsal's Telegram is made of: frozen values, times in aware UTC."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class ChatKind(StrEnum):
    """The kinds of chat, as the Bot API spells them."""

    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"


class Standing(StrEnum):
    """How the bot stands in a chat."""

    NEVER = "never"
    MEMBER = "member"
    BLOCKED = "blocked"
    KICKED = "kicked"
    DEACTIVATED = "deactivated"


@dataclass(frozen=True, slots=True)
class User:
    """Somebody with Telegram. Ids exceed 32 bits, as new accounts' do."""

    id: int
    first_name: str
    language_code: str = "ko"
    is_bot: bool = False
    username: str | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """A marked stretch of a text; offset and length count UTF-16 units."""

    type: str
    offset: int
    length: int
    url: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Button:
    """One inline button: either carries data back to the bot or opens an address."""

    text: str
    data: str | None = None
    url: str | None = None


Keyboard = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that somebody sent; `data` is never printed."""

    id: str
    unique_id: str
    path: str
    name: str
    mime: str
    data: bytes = field(repr=False)


class Media(StrEnum):
    """What a message carries besides text, by the Bot API's field names."""

    PHOTO = "photo"
    DOCUMENT = "document"
    VOICE = "voice"
    AUDIO = "audio"
    VIDEO = "video"
    VIDEO_NOTE = "video_note"


@dataclass(frozen=True, slots=True)
class PhotoSize:
    """A photo at one size, in pixels; each size is a file of its own."""

    file: StoredFile
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in a message: a photo's is its largest size. `duration` in whole seconds."""

    media: Media
    file: StoredFile
    width: int = 0
    height: int = 0
    duration: int = 0
    smaller: tuple[PhotoSize, ...] = ()


@dataclass(frozen=True, slots=True)
class Service:
    """A service message's own fields, as they go over the wire (new_chat_members, migrate_to_chat_id …)."""

    fields: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `text` is the caption where there is an attachment; `id` is unique in its chat only."""

    id: int
    chat: int
    sender: int
    date: datetime
    from_bot: bool
    text: str = ""
    entities: tuple[Entity, ...] = ()
    keyboard: Keyboard = ()
    attachment: Attachment | None = None
    edited: datetime | None = None
    silent: bool = False
    reply_to: int | None = None
    service: Service | None = None

    @property
    def buttons(self) -> tuple[Button, ...]:
        """Every button, row by row."""
        return tuple(button for row in self.keyboard for button in row)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bot answered to a button press; an alert must be dismissed, other text fades."""

    text: str
    alert: bool


@dataclass(frozen=True, slots=True)
class Press:
    """A press of an inline button, known by the id of its callback query."""

    id: str
    user: int
    chat: int
    message_id: int
    data: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Command:
    """One line of a command menu."""

    command: str
    description: str


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One accepted call that changed something, at the injected clock's time."""

    method: str
    chat: int | None
    at: datetime
    text: str = ""
    silent: bool = False
    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where updates are pushed, instead of being fetched."""

    url: str
    secret: str = field(default="", repr=False)
    max_connections: int = 40


@dataclass(frozen=True, slots=True)
class Mishap:
    """Why an update could not be pushed, as getWebhookInfo tells it."""

    at: datetime
    words: str


class Limit(StrEnum):
    """Telegram's published sending limits (core.telegram.org/bots/faq, "My bot is hitting limits")."""

    OVERALL = "30 a second"
    CHAT = "1 a second in a private chat"
    GROUP = "20 a minute in a group"


@dataclass(frozen=True, slots=True)
class Violation:
    """A message that was sent faster than a limit allows; `retry_after` in whole seconds."""

    limit: Limit
    chat: int
    at: datetime
    retry_after: int
