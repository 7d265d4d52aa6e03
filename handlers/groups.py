"""Groups, and what nobody says on purpose: the bot is added or thrown out, blocked, or a message is edited.

In a group the bot speaks of schedules only, and only when it is spoken to.
"""

from telegram import Chat, ChatMember, ChatMemberRestricted, ChatMemberUpdated, Message, Update
from telegram.ext import ApplicationHandlerStop, ChatMemberHandler, MessageHandler, filters

from bot.domain.errors import WriteInPrivate
from bot.domain.ids import ChatId
from handlers.application import App
from handlers.context import BotContext

BEFORE_ALL = -1
"""PTB's handler group that comes first: an edited command must never be carried out a second time."""
_IN = frozenset({ChatMember.MEMBER, ChatMember.ADMINISTRATOR})
_GROUPS = frozenset({Chat.GROUP, Chat.SUPERGROUP})


async def introduce(context: BotContext) -> None:
    """What the bot is for in a group."""
    await context.reply("group.introduction")


async def standing_changed(update: Update, context: BotContext) -> None:
    """Added to a group: a word of introduction. Blocked in private: nothing reaches that person any more."""
    change = update.my_chat_member
    if change is None:
        return
    if change.chat.type == Chat.PRIVATE:
        chat = ChatId(change.chat.id)
        await context.services.people.reach(context.unit, chat, reachable=_is_in(change.new_chat_member))
    elif change.chat.type in _GROUPS and _came_in(change):
        await introduce(context)


async def spoken_to(update: Update, context: BotContext) -> None:
    """A group's member answers one of our messages or names us. Everything else said there is none of our business."""
    message = update.message
    if message is not None and (_answers(message, context.bot.id) or _names(message, context.bot.username)):
        raise WriteInPrivate


async def edited(update: Update, context: BotContext) -> None:
    """Editing a message changes nothing here, which is said for words in private. Moving pins on a map are no words."""
    message = update.edited_message
    if message is not None and message.chat.type == Chat.PRIVATE and (message.text or message.caption):
        await context.reply("common.edit_by_button")
    raise ApplicationHandlerStop


def _is_in(member: ChatMember) -> bool:
    """Somebody restricted may be a member or not."""
    return member.is_member if isinstance(member, ChatMemberRestricted) else member.status in _IN


def _came_in(change: ChatMemberUpdated) -> bool:
    return _is_in(change.new_chat_member) and not _is_in(change.old_chat_member)


def _answers(message: Message, bot_id: int) -> bool:
    answered = message.reply_to_message
    return answered is not None and answered.from_user is not None and answered.from_user.id == bot_id


def _names(message: Message, username: str) -> bool:
    named = message.parse_entities(["mention"]) | message.parse_caption_entities(["mention"])
    return f"@{username}".lower() in (name.lower() for name in named.values())


def register(application: App) -> None:
    application.add_handler(MessageHandler(filters.UpdateType.EDITED, edited), group=BEFORE_ALL)
    application.add_handler(ChatMemberHandler(standing_changed, ChatMemberHandler.MY_CHAT_MEMBER))
    group_talk = filters.UpdateType.MESSAGE & filters.ChatType.GROUPS & ~filters.COMMAND
    application.add_handler(MessageHandler(group_talk, spoken_to))
