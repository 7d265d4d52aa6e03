"""The rehearsal's Telegram as people use it: what they say, press, send, block.

Every action is what a client could do; UserError for what it could not. Actions change the state at
once and queue the update that Telegram would send. `now` is injected and gives aware UTC.
"""

from dataclasses import replace

from bot.rehearsal.entities import parse_plain
from bot.rehearsal.errors import UserError
from bot.rehearsal.ground import FIRST_USER_ID, Chat
from bot.rehearsal.links import is_start_payload
from bot.rehearsal.sharing import MAX_TEXT, Sharing
from bot.rehearsal.values import (
    Button,
    ChatKind,
    Message,
    Press,
    Standing,
    User,
)
from bot.rehearsal.wire import message_json, press_json, users_json


class World(Sharing):
    """All users and chats, seen from the people's side."""

    def add_user(
        self,
        first_name: str,
        *,
        user_id: int | None = None,
        language_code: str = "ko",
        username: str | None = None,
    ) -> User:
        """Somebody who has Telegram and has not started the bot yet. Their private chat has their id."""
        number = user_id or max([FIRST_USER_ID - 1, *(one for one in self.users if one != self.bot.id)]) + 1
        if number in self.users:
            raise UserError(f"user {number} exists")
        user = User(number, first_name, language_code, username=username)
        self.users[number] = user
        self.chats[number] = Chat(number, ChatKind.PRIVATE, first_name, {number})
        return user

    def add_group(self, title: str, *members: int, supergroup: bool = False) -> int:
        """A group of people, still without the bot; gives its chat id."""
        kind = ChatKind.SUPERGROUP if supergroup else ChatKind.GROUP
        return self.new_group(title, members, kind=kind).id

    def add_to_group(self, user: int, chat: int) -> Message:
        """A member adds the bot to a group."""
        group = self._where(user, chat)
        self._stand(group, user, Standing.MEMBER)
        return self._service(group, user, new_chat_members=users_json([self.bot]))

    def remove_from_group(self, user: int, chat: int) -> None:
        """A member throws the bot out."""
        group = self._where(user, chat)
        self._stand(group, user, Standing.KICKED)

    def migrate(self, chat: int) -> int:
        """A group becomes a supergroup with a new id, which is given back; the old one answers 400."""
        old = self.chats[chat]
        if old.kind is not ChatKind.GROUP:
            raise UserError("only a group can become a supergroup")
        new = self.new_group(old.title, old.members, kind=ChatKind.SUPERGROUP)
        new.standing, old.migrated_to = old.standing, new.id
        by = min(old.members)
        self._service(old, by, migrate_to_chat_id=new.id)
        self._service(new, by, migrate_from_chat_id=old.id)
        return new.id

    def speak(self, user: int, language_code: str) -> None:
        """Somebody sets their Telegram to another language; the bot sees it in what they do next."""
        self.users[user] = replace(self.users[user], language_code=language_code)
        self.changes.notify()

    # -- talking

    def start(self, user: int, payload: str = "") -> Message:
        """Open the bot by its name or a deep link and press Start; ends a block."""
        if not is_start_payload(payload):
            raise UserError("a start payload has at most 64 of A-Z, a-z, 0-9, _ and -")
        self.unblock(user)
        return self.say(user, user, f"/start {payload}".strip())

    def say(self, user: int, chat: int, text: str, *, reply_to: int | None = None) -> Message:
        """Write into a private chat or a group."""
        where = self._where(user, chat)
        parsed = parse_plain(text)
        if not parsed.text or len(parsed.text) > MAX_TEXT:
            raise UserError("a message has 1 to 4096 characters")
        return self._post(
            where, Message(0, chat, user, self.now(), False, parsed.text, parsed.entities, reply_to=reply_to)
        )

    def edit(self, user: int, message_id: int, text: str, *, chat: int | None = None) -> Message:
        """Change the words of one's own message."""
        where = self._where(user, chat or user)
        message = where.messages.get(message_id)
        if message is None or message.sender != user:
            raise UserError("one can only edit one's own messages")
        parsed = parse_plain(text)
        edited = self.change(replace(message, text=parsed.text, entities=parsed.entities, edited=self.now()))
        if self._bot_sees(where, edited):
            self.updates.put("edited_message", message_json(self, edited))
        return edited

    def delete(self, user: int, message_id: int, *, chat: int | None = None) -> None:
        """Delete a message; Telegram tells bots nothing about it."""
        self._where(user, chat or user)
        self.remove(chat or user, message_id)

    def press(
        self, user: int, chat: int, message_id: int, callback_data: str, *, stale: bool = False
    ) -> Press:
        """Press an inline button. `stale`: one that the client still showed although it is gone."""
        where = self._where(user, chat)
        message = where.messages.get(message_id)
        shown = [button.data for button in message.buttons] if message is not None else []
        if callback_data not in shown and not stale:
            raise UserError(f"message {message_id} shows no such button")
        press = Press(
            str(4_390_000_000_000_000_001 + len(self.presses)),
            user,
            chat,
            message_id,
            callback_data,
            self.now(),
        )
        self.presses[press.id] = press
        self.updates.put("callback_query", press_json(self, press, message))
        self.changes.notify()
        return press

    def press_button(self, user: int, message: Message, label: str) -> Press:
        """Press the button whose text holds `label`; UserError unless exactly one does."""
        shown = self.message(message.chat, message.id)
        fitting = [button for button in shown.buttons if label in button.text]
        match fitting:
            case [Button(data=str(data))]:
                return self.press(user, message.chat, message.id, data)
            case _:
                raise UserError(f"{len(fitting)} buttons with {label!r}: {[b.text for b in shown.buttons]}")

    # -- coming and going

    def block(self, user: int) -> None:
        """Block the bot: it gets my_chat_member, and 403 from now on."""
        self._stand(self.chats[user], user, Standing.BLOCKED)

    def unblock(self, user: int) -> None:
        """End a block; nothing happens when there was none."""
        if self.chats[user].standing is Standing.BLOCKED:
            self._stand(self.chats[user], user, Standing.MEMBER)

    def deactivate(self, user: int) -> None:
        """Delete the account: the bot is told nothing and gets 403."""
        self.chats[user].standing = Standing.DEACTIVATED
