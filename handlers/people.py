"""/people: who may do what, for administrators, and taking it back."""

import re

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.domain.delivery import Button, Keyboard
from bot.domain.errors import ButtonUnknown
from bot.domain.ids import PersonId
from bot.domain.person import Grant, Person
from bot.domain.values import Phrase, Value
from bot.services.people import grant_lines
from handlers.application import App
from handlers.context import BotContext, pressed, require_private

PAGE = 8
"""People on one page, each with a button."""
_PAGE = re.compile(r"^pe:p:(?P<page>\d{1,4})$", re.ASCII)
_PERSON = re.compile(r"^pe:(?P<act>s|x):(?P<id>[\w-]{22})$", re.ASCII)


async def people_asked(update: Update, context: BotContext) -> None:
    require_private(update)
    await _show(update, context, 0, edits=None)


async def page_turned(update: Update, context: BotContext) -> None:
    require_private(update)
    data, message_id = pressed(update)
    match = _PAGE.match(data)
    if match is None:
        raise ButtonUnknown
    await _show(update, context, int(match["page"]), edits=message_id)


async def person_chosen(update: Update, context: BotContext) -> None:
    """`s` asks whether to take back what this person holds, `x` does it."""
    require_private(update)
    data, message_id = pressed(update)
    match = _PERSON.match(data)
    if match is None:
        raise ButtonUnknown
    actor, ident = await context.person(update), PersonId(match["id"])
    people = context.services.people
    if match["act"] == "x":
        ended = await people.revoke(context.unit, actor, ident, now=context.now)
        await context.reply("people.ended", _values(ended.person, ended.grants), edits=message_id)
        return
    person, within = await people.seen(context.unit, actor, ident, now=context.now)
    keyboard = (
        (Button("people.end", data=f"pe:x:{person.id}"),),
        (Button("people.back", data="pe:p:0"),),
    )
    await context.reply("people.sure", _values(person, within), keyboard=keyboard, edits=message_id)


async def _show(update: Update, context: BotContext, page: int, *, edits: int | None) -> None:
    """Pages shrink while one looks at them: past the end is the last one."""
    actor = await context.person(update)
    listed = await context.services.people.listed(context.unit, actor, now=context.now)
    page = min(page, max(0, len(listed) - 1) // PAGE)
    shown = listed[page * PAGE : (page + 1) * PAGE]
    lines = tuple(Phrase("people.line", _values(person, within)) for person, within in shown)
    keyboard = _buttons([person for person, _ in shown], page, last=(len(listed) - 1) // PAGE)
    await context.reply("people.list", {"count": len(listed), "lines": lines}, keyboard=keyboard, edits=edits)


def _values(person: Person, grants: frozenset[Grant]) -> dict[str, Value]:
    return {"name": person.name, "grants": grant_lines(grants)}


def _buttons(shown: list[Person], page: int, *, last: int) -> Keyboard:
    rows = [(Button("people.choose", {"name": one.name}, data=f"pe:s:{one.id}"),) for one in shown]
    turns: list[Button] = []
    if page > 0:
        turns.append(Button("people.earlier", data=f"pe:p:{page - 1}"))
    if page < last:
        turns.append(Button("people.later", data=f"pe:p:{page + 1}"))
    return (*rows, tuple(turns)) if turns else tuple(rows)


def register(application: App) -> None:
    application.add_handler(CommandHandler("people", people_asked))
    application.add_handler(CallbackQueryHandler(page_turned, pattern=r"^pe:p:"))
    application.add_handler(CallbackQueryHandler(person_chosen, pattern=r"^pe:[sx]:"))
