"""Deliveries (발송): every outgoing message as a row with a stable key, its states, and what to do when unsure.

Telegram has no idempotency key: a message whose request left us without an answer may or may not have
arrived. Such a delivery is *unknown* and is never silently planned again; what happens to it depends on its kind.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum

from bot.domain.ids import ChatId, DeliveryId, MeetingId, PersonId, Region, TourId
from bot.domain.person import Action, Person
from bot.domain.values import Value

RESEND_AFTER = timedelta(minutes=1)
"""How long an unknown delivery rests before its one labelled resend."""
MOST_ATTEMPTS = 2
"""Requests that may have reached Telegram: the first and, after an unknown fate, one resend."""


COMPOSED = "digest.section"
"""The one draft key that names no message: its words are composed from a stored digest."""


class DeliveryKind(StrEnum):
    REPLY = "reply"
    EDIT = "edit"
    REMINDER = "reminder"
    CHANGE = "change"
    DIGEST = "digest"
    NOTICE = "notice"  # an alert or a word about somebody's own affairs (an invitation to confirm)


class DeliveryState(StrEnum):
    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


class Priority(IntEnum):
    """People before broadcasts: lower goes first."""

    REPLY = 0
    URGENT = 1
    BULK = 2


class WhenUnknown(StrEnum):
    """What becomes of a delivery whose fate is not known (design, table of kinds)."""

    RESEND_LABELLED = "resend_labelled"
    RESEND_UNLESS_ACTED = "resend_unless_acted"
    REPEAT = "repeat"


POLICY: dict[DeliveryKind, WhenUnknown] = {
    DeliveryKind.REPLY: WhenUnknown.RESEND_UNLESS_ACTED,
    DeliveryKind.EDIT: WhenUnknown.REPEAT,
    DeliveryKind.REMINDER: WhenUnknown.RESEND_LABELLED,
    DeliveryKind.CHANGE: WhenUnknown.RESEND_LABELLED,
    DeliveryKind.DIGEST: WhenUnknown.RESEND_LABELLED,
    DeliveryKind.NOTICE: WhenUnknown.RESEND_LABELLED,
}
PRIORITY: dict[DeliveryKind, Priority] = {
    DeliveryKind.REPLY: Priority.REPLY,
    DeliveryKind.EDIT: Priority.REPLY,
    DeliveryKind.REMINDER: Priority.URGENT,
    DeliveryKind.CHANGE: Priority.URGENT,
    DeliveryKind.DIGEST: Priority.BULK,
    DeliveryKind.NOTICE: Priority.URGENT,
}


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button: `data` comes back when tapped (1–64 bytes, Telegram), or `url` opens.

    The label is the message `key` with `values`; both are rendered when the message is sent.
    """

    key: str
    values: Mapping[str, Value] = field(default_factory=dict)
    data: str | None = None
    url: str | None = None

    def __post_init__(self) -> None:
        if (self.data is None) == (self.url is None):
            raise ValueError("a button has either data or an address")
        if self.data is not None and not 1 <= len(self.data.encode()) <= 64:
            raise ValueError("a button's data is 1 to 64 bytes (Telegram)")


Keyboard = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Need:
    """A right that somebody must have in a region to be sent something."""

    action: Action
    region: Region

    def is_met_by(self, person: Person) -> bool:
        return person.may(self.action, self.region)


@dataclass(frozen=True, slots=True)
class Draft:
    """A message to be: what a service plans. Rendered when it is claimed, so its words are never stale.

    `key` names words in prompts/messages; `digest.section` is composed from a stored digest instead.
    `picture` is the text of a QR code to send with the words as its caption; `document` names a file to send so, as
    `kind:argument` (made when the message leaves, bot.services.wording). `edits` is the message of this chat
    to be changed instead of sending a new one. `expires`: after it, the message is pointless and is not sent.
    `needs`: what the person must still be allowed when it leaves, at least one of them (with `needs_all` every one, for what
    names several regions at once): a role that ended in the meantime gets nothing more. `private`: belongs to a participant's dialogue; destroyed fifteen minutes after their last step.
    """

    key: str
    values: Mapping[str, Value] = field(default_factory=dict)
    keyboard: Keyboard = ()
    picture: str | None = None
    document: str | None = None
    edits: int | None = None
    expires: datetime | None = None
    private: bool = False
    silent: bool = False
    needs: tuple[Need, ...] = ()
    needs_all: bool = False
    line_needs: tuple[tuple[Need, ...], ...] = ()
    """Where its lines hang on different rights: for each line, those of which one must be left. See change_notices."""

    @property
    def shows(self) -> str | None:
        """The id of the stored digest whose words it shows as a message, or of the tour whose report it shows."""
        return str(self.values["digest"]) if self.key == COMPOSED and "digest" in self.values else None

    def may_be_read_by(self, person: Person) -> bool:
        """Whether somebody has, at this moment, the rights that it needs as it stands: every line of it."""
        enough = all if self.needs_all else any
        if self.needs and not enough(need.is_met_by(person) for need in self.needs):
            return False
        return all(any(need.is_met_by(person) for need in line) for line in self.line_needs)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A planned or past message. `attempts` counts requests that may have reached Telegram."""

    id: DeliveryId
    dedup: str
    kind: DeliveryKind
    state: DeliveryState
    chat: ChatId
    person: PersonId | None
    language: str
    draft: Draft
    planned_at: datetime
    due_at: datetime
    attempts: int = 0
    resend: bool = False

    @property
    def is_last_attempt(self) -> bool:
        """Whether an unknown fate of this attempt stays unknown: it is the resend already."""
        return self.attempts >= MOST_ATTEMPTS


def reply_key(update_id: int, ordinal: int) -> str:
    """The `ordinal`-th thing said in answer to an update."""
    return f"reply:{update_id}:{ordinal}"


def reminder_key(meeting: MeetingId, lead_minutes: int, recipient: str) -> str:
    """Without a time: a moved meeting reminds once. `recipient` is a person's or a subscription's id."""
    return f"reminder:{meeting}:{lead_minutes}:{recipient}"


def briefing_key(tour: TourId, region: Region, day: date, person: PersonId) -> str:
    return f"briefing:{tour}:{region}:{day.isoformat()}:{person}"


def change_key(tour: TourId, revision: int, recipient: str) -> str:
    """One notice a person and change of the schedule, however many meetings it moved."""
    return f"change:{tour}:{revision}:{recipient}"


def digest_key(tour: TourId, region: Region, day: date, revision: int, person: PersonId) -> str:
    return f"digest:{tour}:{region}:{day.isoformat()}:{revision}:{person}"


def digest_day(key: str) -> date | None:
    """Of which day a digest is that goes under this key; None for other keys."""
    parts = key.split(":")
    return date.fromisoformat(parts[-3]) if parts[0] == "digest" else None


def erratum_key(tour: TourId, region: Region, day: date, revision: int, person: PersonId) -> str:
    """What a revision changed, told to somebody who had an earlier one."""
    return f"erratum:{tour}:{region}:{day.isoformat()}:{revision}:{person}"


def approval_key(digest: str, round_: int, person: PersonId, what: str) -> str:
    """What somebody who approves a draft is sent when it is shown the `round_`-th time: its `text`, or the `card`."""
    return f"approval:{digest}:{round_}:{person}:{what}"


def approval_edit_key(digest: str, round_: int, person: PersonId, what: str, turn: int) -> str:
    """That message, changed for the draft's `turn`."""
    return f"approval:{digest}:{round_}:{person}:{what}:{turn}"


ERASED = "erased:"


def erased_key(delivery: DeliveryId) -> str:
    """The words of a sent message are taken out of it, once: it then says nothing any more."""
    return f"{ERASED}{delivery}"


def wish_key(
    tour: TourId, region: Region, day: date, person: PersonId, asked_at: datetime, ordinal: int
) -> str:
    """The `ordinal`-th thing said to somebody who asked for a digest at `asked_at`."""
    return f"wish:{tour}:{region}:{day.isoformat()}:{person}:{asked_at.isoformat()}:{ordinal}"


def notice_key(subject: str, ident: str) -> str:
    """A word about one thing (`subject`, e.g. an invitation's claim), said once."""
    return f"notice:{subject}:{ident}"


def answer_key(question: str, ordinal: int) -> str:
    """The `ordinal`-th thing said to somebody who asked a question of the notes (its id)."""
    return f"answer:{question}:{ordinal}"
