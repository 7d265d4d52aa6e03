"""The buttons of whoever approves a day's digest, and /approvers: whom an administrator names for it."""

import re

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.domain.approval import Office
from bot.domain.delivery import Button, Draft, Keyboard
from bot.domain.errors import ButtonUnknown
from bot.domain.ids import PersonId, Region, hash_of
from bot.domain.person import Action, Person
from bot.domain.values import Phrase, Value
from bot.services.approval.deciding import Pressed
from bot.services.approval.naming import Named
from handlers.application import App
from handlers.context import BotContext, pressed, require_private

_DRAFT = re.compile(
    r"^ap:(?P<digest>[\w-]{22}):(?P<turn>\d{1,6}):(?:(?P<act>[yb])|(?P<which>[dw])(?P<page>\d{1,4})|(?P<one>[DW])(?P<place>\d{1,5}))$",
    re.ASCII,
)
_REGION = re.compile(
    r"^av:(?P<act>s|x|editor|deputy):(?P<region>[0-9a-f]{12})(?::(?P<page>\d{1,4}))?$", re.ASCII
)
_NAME = re.compile(r"^an:(?P<office>editor|deputy):(?P<region>[0-9a-f]{12}):(?P<person>[\w-]{22})$", re.ASCII)
PAGE = 8
"""People on one page, each with a button."""


async def draft_decided(update: Update, context: BotContext) -> None:
    """A button under a draft: approve, a list of sentences, a sentence, back."""
    require_private(update)
    data, message_id = pressed(update)
    match = _DRAFT.match(data)
    if match is None:
        raise ButtonUnknown
    person = await context.person(update)
    button = Pressed(match["digest"], int(match["turn"]), message_id)
    await context.say(await _decided(context, person, button, match))


async def _decided(context: BotContext, person: Person, button: Pressed, match: re.Match[str]) -> Draft:
    deciding, unit, now = context.services.approval, context.unit, context.now
    if match["one"]:
        which, place = match["one"].lower(), int(match["place"])
        return await deciding.decide(unit, person, button, which, place, now=now)
    if match["which"]:
        which, page = match["which"], int(match["page"])
        return await deciding.sentences(unit, person, button, which, page, now=now)
    if match["act"] == "y":
        return await deciding.approve(unit, person, button, now=now)
    return await deciding.shown(unit, person, button, now=now)


async def approvers_asked(update: Update, context: BotContext) -> None:
    """/approvers: the regions of an administrator."""
    require_private(update)
    actor = await context.person(update)
    actor.require_somewhere(Action.INVITE)
    regions = actor.regions_for(Action.INVITE, await context.services.schedule.regions(context.unit))
    buttons = [
        Button("approval.region", {"region": region}, data=f"av:s:{_mark(region)}") for region in regions
    ]
    rows = tuple(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2))
    await context.reply("approval.choose_region", keyboard=rows)


async def region_chosen(update: Update, context: BotContext) -> None:
    """Who approves there (`s`), nobody named any more (`x`), or the list of who may hold an office."""
    actor, message_id, match = await _admin(update, context, _REGION)
    region = await _region_of(context, actor, match["region"])
    naming = context.services.approvers
    if match["act"] in set(Office):
        people = list(await naming.candidates(context.unit, actor, region, now=context.now))
        office = Office(match["act"])
        await _candidates(context, region, office, people, int(match["page"] or 0), message_id)
        return
    if match["act"] == "x":
        named = await naming.clear(context.unit, actor, region, now=context.now)
    else:
        named = await naming.of(context.unit, actor, region, now=context.now)
    await context.say(_card(named, message_id))


async def person_named(update: Update, context: BotContext) -> None:
    actor, message_id, match = await _admin(update, context, _NAME)
    region = await _region_of(context, actor, match["region"])
    office, ident = Office(match["office"]), PersonId(match["person"])
    naming = context.services.approvers
    named = await naming.name(context.unit, actor, region, office, ident, now=context.now)
    await context.say(_card(named, message_id))


async def _admin(
    update: Update, context: BotContext, pattern: re.Pattern[str]
) -> tuple[Person, int, re.Match[str]]:
    require_private(update)
    data, message_id = pressed(update)
    match = pattern.match(data)
    if match is None:
        raise ButtonUnknown
    actor = await context.person(update)
    actor.require_somewhere(Action.INVITE)
    return actor, message_id, match


async def _region_of(context: BotContext, actor: Person, mark: str) -> Region:
    """A region that is not theirs and one that is not there are told alike. Raises NotAllowed."""
    regions = await context.services.schedule.regions(context.unit)
    region = next((one for one in regions if _mark(one) == mark), None)
    actor.require(Action.INVITE, region)
    if region is None:
        raise ButtonUnknown
    return region


def _card(named: Named, message_id: int) -> Draft:
    mark = _mark(named.region)
    lines = tuple(
        Phrase(f"approval.line_{one.office.value}", {"name": one.person.name}) for one in named.approvers
    )
    keyboard: Keyboard = tuple(
        (Button(f"approval.set_{office.value}", data=f"av:{office.value}:{mark}"),) for office in Office
    )
    if named.named:
        keyboard = (*keyboard, (Button("approval.clear", data=f"av:x:{mark}"),))
    key = "approval.named" if named.named else "approval.not_named"
    values: dict[str, Value] = {"region": named.region, "lines": lines or (Phrase("approval.line_nobody"),)}
    return Draft(key, values, keyboard=keyboard, edits=message_id)


async def _candidates(
    context: BotContext, region: Region, office: Office, people: list[Person], page: int, message_id: int
) -> None:
    """Pages shrink while one looks at them: past the end is the last one."""
    mark, last = _mark(region), max(0, len(people) - 1) // PAGE
    page = min(page, last)
    rows: list[tuple[Button, ...]] = [
        (Button("people.choose", {"name": one.name}, data=f"an:{office.value}:{mark}:{one.id}"),)
        for one in people[page * PAGE : (page + 1) * PAGE]
    ]
    turns = []
    if page > 0:
        turns.append(Button("people.earlier", data=f"av:{office.value}:{mark}:{page - 1}"))
    if page < last:
        turns.append(Button("people.later", data=f"av:{office.value}:{mark}:{page + 1}"))
    back = (Button("approval.back", data=f"av:s:{mark}"),)
    keyboard = (*rows, *([tuple(turns)] if turns else []), back)
    key = f"approval.choose_{office.value}" if people else "approval.no_candidates"
    await context.reply(key, {"region": region}, keyboard=keyboard, edits=message_id)


def _mark(region: Region) -> str:
    return hash_of(region)[:12]


def register(application: App) -> None:
    application.add_handler(CommandHandler("approvers", approvers_asked))
    application.add_handler(CallbackQueryHandler(draft_decided, pattern=r"^ap:"))
    application.add_handler(CallbackQueryHandler(region_chosen, pattern=r"^av:"))
    application.add_handler(CallbackQueryHandler(person_named, pattern=r"^an:"))
