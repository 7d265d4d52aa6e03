"""From a planned delivery to a message for the wire: words in the reader's language, labels, a picture.

Nothing leaves here that Telegram would refuse for its length: such a delivery fails with a reason, it is never cut.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from bot.domain.delivery import COMPOSED, Button, Delivery
from bot.domain.markup import without_markup
from bot.domain.values import Value
from bot.services.ports import Document, Outgoing, RenderedButton
from bot.services.unit import Unit
from prompts.messages import Messages, WordsError

LONGEST_TEXT = 4096
"""Telegram: characters of a message, counted after its entities are parsed …"""
LONGEST_CAPTION = 1024
"""… and of the caption of a picture."""

Picture = Callable[[str], bytes]
"""A text as a PNG with its QR code."""


@dataclass(frozen=True, slots=True)
class Composed:
    """A section of a stored digest as Telegram HTML, in parts. `instead` stands for a part that is not there."""

    parts: tuple[str, ...]
    instead: str

    def part(self, number: Value) -> str:
        if isinstance(number, int) and 0 <= number < len(self.parts):
            return self.parts[number]
        return self.instead


class Compose(Protocol):
    """The words of a section of a stored digest. Reads only."""

    async def __call__(
        self, unit: Unit, digest: str, section: str, language: str, now: datetime
    ) -> Composed: ...


Sections = dict[tuple[str, str, str], Composed]
"""What was composed in one transaction, by digest, section and language."""


Make = Callable[[], Document]
"""Makes a file; takes as long as it takes, and needs no database."""


class MakeDocument(Protocol):
    """What a document needs from the database, at once; gives how to make it afterwards. Reads only."""

    async def __call__(self, unit: Unit, argument: str, language: str, now: datetime) -> Make: ...


@dataclass(frozen=True, slots=True)
class Worded:
    """A message whose picture or document is not made yet: `picture` is its text."""

    message: Outgoing
    picture: str | None = None
    document: Make | None = None


class Wording:
    """Words deliveries. Built once by the composition root."""

    def __init__(
        self,
        messages: Messages,
        picture: Picture,
        compose: Compose | None = None,
        documents: Mapping[str, MakeDocument] | None = None,
    ) -> None:
        """`documents`: the makers of Draft.document, by its kind."""
        self._messages = messages
        self._picture = picture
        self._compose = compose
        self._documents = documents or {}

    async def render(self, unit: Unit, delivery: Delivery, now: datetime) -> Outgoing:
        """The finished message; see `words` and `drawn`."""
        return self.drawn(await self.words(unit, delivery, now))

    async def words(
        self, unit: Unit, delivery: Delivery, now: datetime, sections: Sections | None = None
    ) -> Worded:
        """What needs the database: words and labels as they are right now.

        Composing a section takes as long as a whole round may: `sections` keeps what deliveries of one transaction
        share. Raises WordsError when the words do not fit their message, or Telegram's limits.
        """
        draft, language = delivery.draft, delivery.language
        text = await self._text(unit, delivery, now, {} if sections is None else sections)
        if delivery.resend:
            text = self._messages.text("common.resent", {"text": text}, now=now, language=language)
        is_caption = draft.picture is not None or draft.document is not None
        _require_fit(text, draft.key, LONGEST_CAPTION if is_caption else LONGEST_TEXT)
        message = Outgoing(
            chat=delivery.chat,
            text=text,
            keyboard=tuple(
                tuple(self._button(button, language, now) for button in row) for row in draft.keyboard if row
            ),
            edits=draft.edits,
            silent=draft.silent or delivery.resend,
        )
        return Worded(message, draft.picture, await self._document(unit, delivery, now))

    async def _document(self, unit: Unit, delivery: Delivery, now: datetime) -> Make | None:
        """Raises WordsError for a kind that nobody makes here."""
        if delivery.draft.document is None:
            return None
        kind, _, argument = delivery.draft.document.partition(":")
        if kind not in self._documents:
            raise WordsError(f"nobody makes documents of the kind {kind}")
        async with unit.savepoint():  # what fails in it must not spoil the transaction of the others
            return await self._documents[kind](unit, argument, delivery.language, now)

    def drawn(self, worded: Worded) -> Outgoing:
        """With its picture or document; takes tens of milliseconds, so it is done outside of transactions."""
        if worded.document is not None:
            return replace(worded.message, document=worded.document())
        if worded.picture is None:
            return worded.message
        return replace(worded.message, picture=self._picture(worded.picture))

    async def _text(self, unit: Unit, delivery: Delivery, now: datetime, sections: Sections) -> str:
        draft, language = delivery.draft, delivery.language
        if draft.key != COMPOSED:
            return self._messages.text(draft.key, draft.values, now=now, language=language)
        if self._compose is None:
            raise WordsError("nobody composes digests here")
        digest, section = str(draft.values["digest"]), str(draft.values["section"])
        if (digest, section, language) not in sections:
            async with unit.savepoint():  # what fails in it must not spoil the transaction of the others
                composed = await self._compose(unit, digest, section, language, now)
            sections[digest, section, language] = composed
        return sections[digest, section, language].part(draft.values["part"])

    def _button(self, button: Button, language: str, now: datetime) -> RenderedButton:
        label = self._messages.plain(button.key, button.values, now=now, language=language)
        if not label.strip():
            raise WordsError(f"{button.key}: a button without words")
        return RenderedButton(label, data=button.data, url=button.url)


def visible_length(text: str) -> int:
    """Characters of Telegram HTML as Telegram counts them: without tags, entities resolved, trimmed."""
    return len(without_markup(text).strip())


def _require_fit(text: str, key: str, limit: int) -> None:
    length = visible_length(text)
    if not 1 <= length <= limit:
        raise WordsError(f"{key}: {length} characters, 1 to {limit} are allowed")
