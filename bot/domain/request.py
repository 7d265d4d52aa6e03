"""What people ask about their own data (개인정보 보호법 35, 36, 37조), and the day by which they must be answered.

Days only, no times: ten days are counted in days, and a time would tell when a chat was busy.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from bot.domain.errors import Refusal
from bot.domain.ids import ChatId, new_id

ANSWER_WITHIN = timedelta(days=10)
"""시행령 41조 4항, 43조 3항, 44조 2항: ten days from the day on which it was asked, which does not count (민법 157조)."""
TOLD_AFTER = (timedelta(days=7), timedelta(days=9))
"""When administrators are reminded, counted like the ten days; and each day once these are over."""
KEPT_AFTER = timedelta(days=30)
"""How long words and chat stay after the answer, so that the asker can read it again and object to it."""
LONGEST_WORDS = 900
"""Characters of what is asked and of what is answered: both stand in one message (4,096 UTF-16 units, Telegram)."""
MOST_A_DAY = 8
"""Requests of one chat on one day: each calls an administrator."""
_NUMBER_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_NUMBER_LENGTH = 7


class RequestKind(StrEnum):
    """What can be asked for, in the order of the buttons."""

    ACCESS = "access"  # 열람, 35조
    CORRECTION = "correction"  # 정정, 36조
    DELETION = "deletion"  # 삭제, 36조
    SUSPENSION = "suspension"  # 처리정지, 37조


class RequestState(StrEnum):
    """Postponed ones are open."""

    OPEN = "open"
    DONE = "done"
    REFUSED = "refused"
    NONE = "none"  # nothing is held that was asked about
    WITHDRAWN = "withdrawn"


class Door(StrEnum):
    """How a request came: by the chat, or by letter or phone and written down by an administrator."""

    CHAT = "chat"
    DESK = "desk"


class Answer(StrEnum):
    """What an administrator can do about one."""

    DONE = "done"
    REFUSED = "refused"
    POSTPONED = "postponed"
    NONE = "none"


class RequestClosed(Refusal):
    """It was answered or taken back already: by somebody else, or by an earlier press."""

    def __init__(self, number: str) -> None:
        super().__init__("requests.closed_already", {"number": number})


class CannotPostpone(Refusal):
    """Only access can be put off, once, and before its day is over (법 35조 3항, 시행령 42조 2항)."""

    def __init__(self) -> None:
        super().__init__("requests.cannot_postpone")


class ReasonNeeded(Refusal):
    """A refusal and a postponement are told with their reason (시행령 42, 43, 44조)."""

    def __init__(self) -> None:
        super().__init__("requests.reason_needed")


class WordsNeeded(Refusal):
    """Access is given by the words of the answer: without them nothing was given (법 35조 3항)."""

    def __init__(self) -> None:
        super().__init__("requests.words_needed")


class RequestTooLong(Refusal):
    """More than LONGEST_WORDS characters."""

    def __init__(self, length: int) -> None:
        super().__init__("requests.too_long", {"length": length, "limit": LONGEST_WORDS})


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `chat` is where the answer goes (None: to be answered by letter or phone).

    `counted_from` is the day that does not count any more: that of receipt, for a postponed one the first due day.
    `told_on` is when administrators were told of it last. `answer` are the words of the answer, or of the postponement.
    """

    id: str
    number: str
    kind: RequestKind
    door: Door
    chat: ChatId | None
    language: str
    received_on: date
    counted_from: date
    due_on: date
    told_on: date
    state: RequestState = RequestState.OPEN
    words: str | None = None
    answer: str | None = None
    closed_on: date | None = None

    @property
    def is_open(self) -> bool:
        return self.state is RequestState.OPEN

    @property
    def is_postponed(self) -> bool:
        return self.counted_from != self.received_on

    @property
    def was_late(self) -> bool:
        return self.closed_on is not None and self.closed_on > self.due_on

    def may_be_postponed(self, today: date) -> bool:
        return (
            self.is_open
            and self.kind is RequestKind.ACCESS
            and not self.is_postponed
            and today <= self.due_on
        )

    @property
    def is_done_in_words(self) -> bool:
        """Whether it cannot be done without a word to the asker."""
        return self.kind is RequestKind.ACCESS

    def require_open(self) -> None:
        """Raises RequestClosed."""
        if not self.is_open:
            raise RequestClosed(self.number)

    def saying(self, words: str) -> "Request":
        """With these words, behind those that were there. Raises RequestClosed, RequestTooLong."""
        self.require_open()
        return replace(self, words=within_limit(f"{self.words or ''}\n{words}"))

    def joined_by(self, other: "Request") -> "Request":
        """One of two that wait for the same: what both say, the number of this one, the days of the one due earlier.

        Longer than LONGEST_WORDS, perhaps: nothing that was asked is dropped.
        """
        first = min(self, other, key=lambda one: one.due_on)
        said = [one for one in (self.words, other.words) if one]
        if len(said) == 2 and said[1] in said[0]:  # joined before
            said.pop()
        return replace(
            self,
            words="\n".join(said) or None,
            answer=first.answer,
            received_on=first.received_on,
            counted_from=first.counted_from,
            due_on=first.due_on,
            told_on=min(self.told_on, other.told_on),
        )

    def answered(self, answer: Answer, words: str, today: date) -> "Request":
        """Raises RequestClosed, RequestTooLong, ReasonNeeded, WordsNeeded, CannotPostpone."""
        self.require_open()
        words = within_limit(words)
        if answer in (Answer.REFUSED, Answer.POSTPONED) and not words:
            raise ReasonNeeded
        if answer is Answer.DONE and self.is_done_in_words and not words:
            raise WordsNeeded
        if answer is Answer.POSTPONED:
            return self._postponed(words, today)
        return replace(self, state=RequestState(answer.value), answer=words or None, closed_on=today)

    def _postponed(self, reason: str, today: date) -> "Request":
        if not self.may_be_postponed(today):
            raise CannotPostpone
        return replace(
            self, answer=reason, counted_from=self.due_on, due_on=due_day(self.due_on), told_on=today
        )

    def taken_back(self, today: date) -> "Request":
        """What was said is gone. Raises RequestClosed."""
        self.require_open()
        return replace(self, state=RequestState.WITHDRAWN, words=None, answer=None, closed_on=today)

    def wants_telling(self, today: date) -> bool:
        """Whether administrators are to be reminded today: however many such days passed, once."""
        marks = [self.counted_from + after for after in TOLD_AFTER]
        if today > self.due_on:
            marks.append(today)
        return self.is_open and any(self.told_on < mark <= today for mark in marks)


def due_day(counted_from: date) -> date:
    """The last day of the ten. A Saturday or Sunday moves it to Monday (민법 161조).

    Public holidays would too; they are left out: a list of them grows old, and earlier is never wrong.
    """
    day = counted_from + ANSWER_WITHIN
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return day


def within_limit(words: str) -> str:
    """The words, trimmed. Raises RequestTooLong."""
    words = words.strip()
    if len(words) > LONGEST_WORDS:
        raise RequestTooLong(len(words))
    return words


def new_number() -> str:
    """What the asker and the administrator call it by: 31^7, dealt at random, no count and no order in it."""
    return "".join(secrets.choice(_NUMBER_ALPHABET) for _ in range(_NUMBER_LENGTH))


def asked(
    kind: RequestKind, received_on: date, today: date, *, chat: ChatId | None, language: str, words: str = ""
) -> Request:
    """A new one. Raises RequestTooLong."""
    return Request(
        id=new_id(),
        number=new_number(),
        kind=kind,
        door=Door.DESK if chat is None else Door.CHAT,
        chat=chat,
        language=language,
        received_on=received_on,
        counted_from=received_on,
        due_on=due_day(received_on),
        told_on=today,
        words=within_limit(words) or None,
    )
