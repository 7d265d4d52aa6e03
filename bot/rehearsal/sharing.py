"""How anything comes into a chat from people's side, and the media that they send."""

from bot.rehearsal.entities import parse_plain
from bot.rehearsal.errors import UserError
from bot.rehearsal.ground import Chat, Ground
from bot.rehearsal.values import Attachment, ChatKind, Media, Message, Service, Standing
from bot.rehearsal.wire import membership_json, message_json

MAX_TEXT = 4096
MAX_CAPTION = 1024


class Sharing(Ground):
    """Messages and files of people, and which of them the bot is told about."""

    def send_photo(self, user: int, data: bytes, *, caption: str = "", chat: int | None = None) -> Message:
        """Send a picture. Nothing is taken out of it: Telegram's apps drop where it was taken, others may not."""
        stored = self.shelf.store(data, name="photo.jpg", media=Media.PHOTO)
        return self._send(user, chat or user, self.shelf.picture(stored), caption)

    def send_voice(
        self, user: int, data: bytes, *, seconds: int, caption: str = "", chat: int | None = None
    ) -> Message:
        """Send a voice message (ogg/opus)."""
        stored = self.shelf.store(data, name="voice.oga", mime="audio/ogg", media=Media.VOICE)
        return self._send(user, chat or user, Attachment(Media.VOICE, stored, duration=seconds), caption)

    def send_document(
        self,
        user: int,
        data: bytes,
        *,
        name: str,
        mime: str = "",
        caption: str = "",
        chat: int | None = None,
    ) -> Message:
        """Send a file; `mime` as the client says it, otherwise by the name."""
        stored = self.shelf.store(data, name=name, mime=mime, media=Media.DOCUMENT)
        return self._send(user, chat or user, Attachment(Media.DOCUMENT, stored), caption)

    def send_recording(
        self,
        user: int,
        data: bytes,
        media: Media,
        *,
        seconds: int,
        name: str = "recording.mp4",
        caption: str = "",
        chat: int | None = None,
    ) -> Message:
        """Send a video, a round video message or a piece of music."""
        stored = self.shelf.store(data, name=name, media=media)
        return self._send(user, chat or user, Attachment(media, stored, duration=seconds), caption)

    def send_other(self, user: int, *, chat: int | None = None, **fields: object) -> Message:
        """Send anything else: the Message's own fields, such as `location={"latitude": …, "longitude": …}`."""
        where = self._where(user, chat or user)
        return self._post(where, Message(0, where.id, user, self.now(), False, service=Service(fields)))

    # -- inside

    def _where(self, user: int, chat: int) -> Chat:
        where = self.chats.get(chat)
        if where is None or user not in where.members or where.migrated_to is not None:
            raise UserError(f"user {user} is not in chat {chat}")
        if where.standing in (Standing.BLOCKED, Standing.DEACTIVATED):
            raise UserError(f"chat {chat} is {where.standing}: nothing can be done in it")
        return where

    def _send(self, user: int, chat: int, attachment: Attachment, caption: str) -> Message:
        where = self._where(user, chat)
        parsed = parse_plain(caption)
        if len(parsed.text) > MAX_CAPTION:
            raise UserError("a caption has at most 1024 characters")
        return self._post(
            where,
            Message(0, chat, user, self.now(), False, parsed.text, parsed.entities, attachment=attachment),
        )

    def _post(self, where: Chat, message: Message) -> Message:
        if where.kind is ChatKind.PRIVATE:
            where.standing = Standing.MEMBER
        kept = self.keep(message)
        if self._bot_sees(where, kept):
            self.updates.put("message", message_json(self, kept))
        return kept

    def _service(self, where: Chat, by: int, **fields: object) -> Message:
        kept = self.keep(
            Message(0, where.id, by, self.now(), by == self.bot.id, service=Service(dict(fields)))
        )
        if where.standing is Standing.MEMBER:
            self.updates.put("message", message_json(self, kept))
        return kept

    def _bot_sees(self, where: Chat, message: Message) -> bool:
        """In groups a bot sees commands and replies to itself only (privacy mode, on by default)."""
        if where.kind is ChatKind.PRIVATE:
            return True
        if where.standing is not Standing.MEMBER:
            return False
        replied = where.messages.get(message.reply_to or 0)
        if replied is not None and replied.from_bot:
            return True
        if not message.text.startswith("/"):
            return False
        _, at, name = message.text.split(maxsplit=1)[0].partition("@")
        return not at or name.lower() == (self.bot.username or "").lower()

    def _stand(self, chat: Chat, by: int, after: Standing) -> None:
        before, chat.standing = chat.standing, after
        if before is not after:
            self.updates.put("my_chat_member", membership_json(self, chat, by, before, after))
            self.changes.notify()
