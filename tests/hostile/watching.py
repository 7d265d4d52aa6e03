"""What the bot sends, as Telegram would take it: every text parsed, every request held against the rules.

What is wrong is collected and not raised: the sender would take it for trouble of the network.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bot.domain.ids import ChatId
from bot.rehearsal.entities import parse_html
from bot.rehearsal.errors import ApiError
from bot.services.ports import BotIdentity, Outgoing
from tests.hostile.corpus import MARK
from tests.support.chat import BOT
from tests.support.raw_updates import Json
from tests.support.telegram_rules import RuleBroken, check_request

LEAK = re.compile(
    r"Traceback|File \"/|site-packages|/bot/services/|\.py\b:\d|sqlalchemy|sqlite3\.|psycopg\.|INSERT INTO|SELECT .* FROM"
    r"|\b(?:Key|Type|Value|Attribute|Index|Overflow|Unicode\w*|Recursion|Integrity|Operational|Data)Error\b"
    r"|<class '|object at 0x|secret-of-the-webhook",
)
"""What no reader may ever see. An input that says one of these itself is left out by `leaks`."""


def leaks(shown: str, said: str = "") -> list[str]:
    """Pieces of our inside in what is shown, but for what its reader wrote themselves."""
    return [found for found in LEAK.findall(shown) if found not in said]


@dataclass
class Watching:
    """The Messenger port. `sent`: everything, in order; `problems`: what Telegram would refuse, and what leads elsewhere."""

    sent: list[Outgoing] = field(default_factory=list)
    toasts: dict[str, str | None] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def of(self, chat: int) -> list[Outgoing]:
        return [message for message in self.sent if message.chat == chat]

    async def send(self, message: Outgoing) -> int:
        self.sent.append(message)
        try:
            self._hold(message)
        except (ApiError, RuleBroken) as error:
            self.problems.append(f"{error}: {message.text[:200]!r}")
        return message.edits or len(self.sent)

    async def answer_press(self, press_id: str, text: str | None, *, alert: bool) -> None:
        self.toasts[press_id] = text

    async def identity(self) -> BotIdentity:
        return BOT

    async def set_menu(
        self, chat: ChatId | None, commands: Mapping[str, str], *, language: str | None = None
    ) -> None:
        """Of no interest here."""

    def _hold(self, message: Outgoing) -> None:
        parsed = parse_html(message.text)
        links = [entity.url for entity in parsed.entities if entity.type == "text_link"]
        links += [button.url for row in message.keyboard for button in row if button.url]
        if any(MARK in (urlsplit(link or "").hostname or "") for link in links):
            self.problems.append(f"a link of theirs: {message.text[:200]!r}")
        if found := leaks(message.text):
            self.problems.append(f"leaks {found}: {message.text[:200]!r}")
        check_request(*_request(message))


def _request(message: Outgoing) -> tuple[str, Json]:
    rows = [
        [{"text": b.label, **({"callback_data": b.data} if b.data else {"url": b.url})} for b in row]
        for row in message.keyboard
    ]
    common: Json = {"chat_id": message.chat, "parse_mode": "HTML"}
    common |= {"reply_markup": {"inline_keyboard": rows}} if rows else {}
    if message.edits is not None:
        return "editMessageText", {**common, "text": message.text, "message_id": message.edits}
    if message.picture is not None:
        return "sendPhoto", {**common, "caption": message.text, "photo": message.picture}
    if message.document is not None:
        return "sendDocument", {**common, "caption": message.text, "document": message.document.content}
    return "sendMessage", {**common, "text": message.text}
