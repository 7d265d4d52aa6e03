"""/start with an invitation or alone, and the button that takes an invitation. `m_…` is handlers.feedback's."""

import re

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler, filters

from bot.domain.delivery import Button
from bot.domain.errors import ButtonUnknown
from bot.domain.languages import spoken
from bot.domain.values import Value
from bot.services.people import does_phrase, grant_phrase
from handlers.application import App
from handlers.context import BotContext, chat_of, pressed, require_private
from handlers.groups import introduce
from handlers.help import say_help

MEETING = filters.Regex(re.compile(r"^/start(?:@\w+)?\s+m_"))
"""A meeting's code: whoever answers these takes exactly them, so that the order of registering does not matter."""
_INVITATION = re.compile(r"^i_(?P<token>[\w-]{1,62})$", re.ASCII)
_TAKE = re.compile(r"^iv:(?P<token>[\w-]{1,61})$", re.ASCII)


async def started(update: Update, context: BotContext) -> None:
    """An invitation's card for `i_TOKEN`; for anything else what /help says."""
    payload = " ".join(context.args or [])
    if chat_of(update) < 0 and not payload:
        await introduce(context)
        return
    chat = require_private(update)
    invited = _INVITATION.match(payload)
    if invited is None:
        await say_help(context, chat)
    else:
        await _show_card(context, invited["token"])


async def _show_card(context: BotContext, token: str) -> None:
    invitation = await context.services.invitations.look_at(context.unit, token, now=context.now)
    key = "invitation.card_console" if invitation.inviter is None else "invitation.card"
    values: dict[str, Value] = {
        "grant": grant_phrase(invitation.grant),
        "does": does_phrase(invitation.grant.role),
        "expires": invitation.expires,
    }
    accept = Button("invitation.accept", data=f"iv:{token}")
    # Private: the button holds the token, of which nothing but the hash may stay with us.
    await context.reply(key, values, keyboard=((accept,),), private=True)


async def invitation_taken(update: Update, context: BotContext) -> None:
    """The button of the card. The card changes into what came of it, and its button is gone."""
    chat = require_private(update)
    data, message_id = pressed(update)
    match, user = _TAKE.match(data), update.effective_user
    if match is None or user is None:
        raise ButtonUnknown
    taken = await context.services.invitations.claim(
        context.unit, match["token"], chat, user.full_name, spoken(user.language_code), now=context.now
    )
    values: dict[str, Value] = {"grant": grant_phrase(taken.invitation.grant)}
    if taken.granted:
        await context.reply("invitation.granted", values, edits=message_id)
    else:
        await context.reply("invitation.waiting", {**values, "number": taken.number}, edits=message_id)


def register(application: App) -> None:
    application.add_handler(CommandHandler("start", started, filters=filters.UpdateType.MESSAGE & ~MEETING))
    application.add_handler(CallbackQueryHandler(invitation_taken, pattern=r"^iv:"))
