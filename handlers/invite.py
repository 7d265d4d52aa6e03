"""/invite: role, region, a link to pass on; and the inviter's word when somebody has taken it."""

import re

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.domain.delivery import Button, Keyboard
from bot.domain.errors import ButtonUnknown
from bot.domain.ids import Region, hash_of
from bot.domain.invitation import LIFETIME, InvitationState
from bot.domain.person import Action, Grant, Person, Role
from bot.domain.values import Value
from bot.services.invitations import CONFIRM, DECLINE
from bot.services.people import does_phrase, grant_phrase, region_value, role_phrase
from handlers.application import App
from handlers.context import BotContext, pressed, require_private

_ROLES = (Role.STAFF, Role.MANAGER, Role.ADMIN)
_ROLE = re.compile(r"^in:(?P<role>staff|manager|admin)$")
_REGION = re.compile(r"^in:(?P<role>staff|manager|admin):(?P<region>all|[0-9a-f]{12})$")
_WORD = re.compile(rf"^(?P<word>{CONFIRM}|{DECLINE})(?P<id>[\w-]{{22}})$", re.ASCII)


async def invite_asked(update: Update, context: BotContext) -> None:
    """/invite: which role."""
    await _inviter(update, context)
    buttons = tuple(Button(f"people.role_{role.value}", data=f"in:{role.value}") for role in _ROLES)
    await context.reply("invitation.choose_role", keyboard=(buttons,))


async def role_chosen(update: Update, context: BotContext) -> None:
    """Which region, among those that the inviter may invite for."""
    inviter = await _inviter(update, context)
    data, message_id = pressed(update)
    match = _ROLE.match(data)
    if match is None:
        raise ButtonUnknown
    role = Role(match["role"])
    values: dict[str, Value] = {"role": role_phrase(role), "does": does_phrase(role)}
    keyboard = await _regions(context, inviter, role)
    await context.reply("invitation.choose_region", values, keyboard=keyboard, edits=message_id)


async def region_chosen(update: Update, context: BotContext) -> None:
    """The invitation is made: what happens next for the inviter, then a message to pass on as it is."""
    inviter = await _inviter(update, context)
    data, message_id = pressed(update)
    match = _REGION.match(data)
    if match is None:
        raise ButtonUnknown
    grant = Grant(Role(match["role"]), await _region_of(context, match["region"]))
    invitations = context.services.invitations
    token = await invitations.invite(context.unit, inviter, grant.role, grant.region, now=context.now)
    expires = context.now + LIFETIME
    await context.reply(
        "invitation.made", {"grant": grant_phrase(grant), "expires": expires}, edits=message_id
    )
    values: dict[str, Value] = {
        "grant": grant_phrase(grant),
        "link": invitations.link(token),
        "expires": expires,
    }
    # Private: the link holds the token, of which nothing but the hash may stay with us.
    await context.reply("invitation.pass_on", values, private=True)


async def claim_decided(update: Update, context: BotContext) -> None:
    """The inviter confirms or declines who took the invitation."""
    require_private(update)
    data, message_id = pressed(update)
    match = _WORD.match(data)
    if match is None:
        raise ButtonUnknown
    inviter = await context.person(update)
    decided = await context.services.invitations.decide(
        context.unit, inviter, match["id"], granted=match["word"] == CONFIRM, now=context.now
    )
    granted = decided.state is InvitationState.GRANTED
    key = "invitation.confirmed" if granted else "invitation.declined"
    await context.reply(key, {"grant": grant_phrase(decided.grant)}, edits=message_id)


async def _inviter(update: Update, context: BotContext) -> Person:
    require_private(update)
    person = await context.person(update)
    person.require_somewhere(Action.INVITE)
    return person


async def _regions(context: BotContext, inviter: Person, role: Role) -> Keyboard:
    """Two in a row; a name may be longer than a button's data, so the data holds its mark."""
    regions = inviter.regions_for(Action.INVITE, await context.services.schedule.regions(context.unit))
    buttons = [
        Button("invitation.region", {"region": region_value(region)}, data=f"in:{role.value}:{_mark(region)}")
        for region in regions
    ]
    rows = [tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2)]
    if inviter.may(Action.INVITE, None):
        everywhere: dict[str, Value] = {"region": region_value(None)}
        rows.append((Button("invitation.region", everywhere, data=f"in:{role.value}:all"),))
    return tuple(rows)


async def _region_of(context: BotContext, mark: str) -> Region | None:
    if mark == "all":
        return None
    for region in await context.services.schedule.regions(context.unit):
        if _mark(region) == mark:
            return region
    raise ButtonUnknown


def _mark(region: Region) -> str:
    return hash_of(region)[:12]


def register(application: App) -> None:
    application.add_handler(CommandHandler("invite", invite_asked))
    application.add_handler(CallbackQueryHandler(role_chosen, pattern=r"^in:[a-z]+$"))
    application.add_handler(CallbackQueryHandler(region_chosen, pattern=r"^in:[a-z]+:"))
    application.add_handler(CallbackQueryHandler(claim_decided, pattern=r"^ic:"))
