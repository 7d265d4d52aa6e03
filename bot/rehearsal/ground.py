"""What stands behind both sides, the people's and the bot's: chats, messages, files, the ledger."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.rehearsal.errors import UserError
from bot.rehearsal.faults import Faults
from bot.rehearsal.limits import SendingLimits
from bot.rehearsal.shelf import Shelf
from bot.rehearsal.updates import UpdateQueue
from bot.rehearsal.values import (
    Answer,
    ChatKind,
    Command,
    LedgerEntry,
    Message,
    Press,
    Standing,
    User,
    Violation,
)
from bot.rehearsal.waiting import Changes

BOT = User(5_900_000_001, "현장", is_bot=True, username="hyeonjang_rehearsal_bot")
FIRST_UPDATE_ID = 812_000_001
FIRST_USER_ID = 7_000_000_001
FIRST_GROUP_ID = -4_000_000_001
FIRST_SUPERGROUP_ID = -1_002_000_000_001
PATIENCE = 5.0

MenuKey = tuple[str, int | None, str]
"""Scope type, chat id if the scope has one, language code ("" for all)."""


@dataclass(slots=True)
class Chat:
    """A chat and everything said in it. Message ids start at 1 in each chat: they are unique there only."""

    id: int
    kind: ChatKind
    title: str
    members: set[int]
    standing: Standing = Standing.NEVER
    migrated_to: int | None = None
    last_id: int = 0
    messages: dict[int, Message] = field(default_factory=dict)


class Ground:
    """The state of the rehearsal's Telegram. `now` gives aware UTC; nothing here reads another clock."""

    def __init__(
        self,
        now: Callable[[], datetime],
        *,
        bot: User = BOT,
        first_update_id: int = FIRST_UPDATE_ID,
        enforce_limits: bool = False,
        presses_live: timedelta = timedelta(minutes=10),
    ) -> None:
        self.now = now
        self.bot = bot
        self.enforce_limits = enforce_limits
        self.presses_live = presses_live
        self.revoked = False
        self.closed = False
        self.users: dict[int, User] = {bot.id: bot}
        self.chats: dict[int, Chat] = {}
        self.shelf = Shelf()
        self.files = self.shelf.files
        self.presses: dict[str, Press] = {}
        self.answers: dict[str, Answer] = {}
        self.menus: dict[MenuKey, tuple[Command, ...]] = {}
        self.ledger: list[LedgerEntry] = []
        self.violations: list[Violation] = []
        self.limits = SendingLimits()
        self.faults = Faults()
        self.updates = UpdateQueue(now, first_id=first_update_id)
        self.changes = Changes()
        self.updates.on_change = self.changes.notify

    # -- reading

    @property
    def pending_updates(self) -> int:
        """Updates that the bot has not taken: by an offset, or by a 2xx of its webhook."""
        return self.updates.pending

    def chat(self, chat: int) -> Chat:
        """A chat that exists; KeyError otherwise."""
        return self.chats[chat]

    def messages(self, chat: int) -> Sequence[Message]:
        """Everything in a chat that was not deleted, oldest first."""
        return list(self.chats[chat].messages.values())

    def message(self, chat: int, message_id: int) -> Message:
        """One message; KeyError when there is none (or it was deleted)."""
        return self.chats[chat].messages[message_id]

    def from_bot(self, chat: int, *, after: int = 0) -> Sequence[Message]:
        """The bot's messages in a chat with an id above `after`, oldest first."""
        return [message for message in self.messages(chat) if message.from_bot and message.id > after]

    def last_id(self, chat: int) -> int:
        """The id of the newest message of a chat, 0 in an empty one."""
        return self.chats[chat].last_id

    def menu(self, chat: int, language: str | None = None) -> tuple[Command, ...]:
        """The command menu that a client shows in a private chat or a group.

        The narrowest scope wins, then the language
        (core.telegram.org/bots/api#determining-list-of-commands).
        """
        kind = self.chats[chat].kind
        spoken = self.users[chat].language_code if kind is ChatKind.PRIVATE else "ko"
        shared = "all_private_chats" if kind is ChatKind.PRIVATE else "all_group_chats"
        for scope in (("chat", chat), (shared, None), ("default", None)):
            for code in (language or spoken, ""):
                found = self.menus.get((scope[0], scope[1], code))
                if found:
                    return found
        return ()

    # -- waiting

    async def until(self, condition: Callable[[], bool], *, within: float = PATIENCE) -> None:
        """Wait until `condition` holds, asked again after each change; TimeoutError after real seconds."""
        await self.changes.until(condition, within=within)

    async def next_message(self, chat: int, *, after: int = 0, within: float = PATIENCE) -> Message:
        """The bot's first message in `chat` with an id above `after`, waiting for it if need be."""
        await self.until(lambda: bool(self.from_bot(chat, after=after)), within=within)
        return self.from_bot(chat, after=after)[0]

    async def next_edit(
        self, chat: int, message_id: int, *, of: Message | None = None, within: float = PATIENCE
    ) -> Message:
        """A message once it differs from `of` (by default: from how it is now)."""
        before = of or self.message(chat, message_id)
        await self.until(lambda: self.message(chat, message_id) != before, within=within)
        return self.message(chat, message_id)

    async def answer_to(self, press: str, *, within: float = PATIENCE) -> Answer:
        """What the bot answered to a press, waiting for it if need be."""
        await self.until(lambda: press in self.answers, within=within)
        return self.answers[press]

    async def drained(self, *, within: float = PATIENCE) -> None:
        """Wait until the bot has confirmed every update."""
        await self.until(lambda: self.pending_updates == 0, within=within)

    def open(self) -> None:
        """The server starts, perhaps again over the same world."""
        self.closed = False

    def close(self) -> None:
        """The server stops: polls under way end empty-handed, waiting pages and held requests are let go."""
        self.closed = True
        self.faults.release_all()
        self.updates.end_poll()
        self.changes.notify()

    # -- changing

    def keep(self, message: Message) -> Message:
        """Put a new message into its chat (its id is given here) and wake whoever waits."""
        chat = self.chats[message.chat]
        chat.last_id += 1
        kept = replace(message, id=chat.last_id)
        chat.messages[kept.id] = kept
        self.changes.notify()
        return kept

    def change(self, message: Message) -> Message:
        """Replace a message by its edited form."""
        self.chats[message.chat].messages[message.id] = message
        self.changes.notify()
        return message

    def remove(self, chat: int, message_id: int) -> None:
        """Delete a message."""
        del self.chats[chat].messages[message_id]
        self.changes.notify()

    def record(
        self,
        method: str,
        chat: int | None,
        *,
        text: str = "",
        silent: bool = False,
        message_id: int | None = None,
    ) -> None:
        """Append an accepted call to the ledger."""
        self.ledger.append(LedgerEntry(method, chat, self.now(), text, silent, message_id))
        self.changes.notify()

    def new_group(self, title: str, members: Iterable[int], *, kind: ChatKind = ChatKind.GROUP) -> Chat:
        """Open a group without the bot."""
        taken = [chat.id for chat in self.chats.values() if chat.kind is kind]
        first = FIRST_GROUP_ID if kind is ChatKind.GROUP else FIRST_SUPERGROUP_ID
        chat = Chat(min([first, *(one - 1 for one in taken)]), kind, title, set(members))
        if unknown := chat.members - self.users.keys():
            raise UserError(f"no such users: {sorted(unknown)}")
        self.chats[chat.id] = chat
        return chat
