"""The matrix has a row for everything that the bot listens to and for every button that it shows."""

import re
from pathlib import Path

import pytest
from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler

from bot.domain.person import Grant, Role, menu_of
from handlers.application import HandlerChain
from handlers.registry import REGISTERS
from tests.security.asking import prepare, tries
from tests.security.matrix import BUTTONS, COMMANDS, ROWS
from tests.security.world import ACTORS, HERE, World, real_services
from tests.support.chat import BOT

LISTENS = {
    "handlers.groups.edited": "send edited",
    "handlers.groups.spoken_to": "say @hyeonjang_test_bot 가상 의견입니다",
    "handlers.files.document_sent": "send document",
    "handlers.media.media_sent": "send voice",
    "handlers.words.written": "say 가상 의견입니다",
    "handlers.words.other_sent": "send sticker",
}
"""Handlers of messages without a command, and an attempt of the matrix that leads to each."""
PRESSES = [attempt.removeprefix("press ") for row in BUTTONS for attempt in row.attempts]


def handlers() -> list[object]:
    chain = HandlerChain(BOT, real_services(), REGISTERS)
    return [one for group in chain._app.handlers.values() for one in group]


def kind_of(data: str) -> str:
    """A button's prefix, with its verb where it has one: `n:k`, `lt`, `p:notice`."""
    prefix, _, rest = data.partition(":")
    verb = rest.partition(":")[0]
    return f"{prefix}:{verb}" if len(verb) == 1 or prefix in ("p", "se") else prefix


def test_every_command_has_a_row() -> None:
    listened = {name for one in handlers() if isinstance(one, CommandHandler) for name in one.commands}
    tried = {row.attempts[0].split()[1].removeprefix("/") for row in COMMANDS}
    assert listened == tried - {"weather"}


def test_every_pattern_of_buttons_has_a_row_and_every_row_exactly_one_pattern(world: World) -> None:
    patterns = [
        one.pattern.pattern
        for one in handlers()
        if isinstance(one, CallbackQueryHandler) and isinstance(one.pattern, re.Pattern)
    ]
    assert sum(isinstance(one, CallbackQueryHandler) for one in handlers()) == len(patterns), (
        "one takes anything"
    )
    tried = [press.format_map(dict(world.ids)) for press in PRESSES]
    silent = [pattern for pattern in patterns if not any(re.match(pattern, data) for data in tried)]
    assert not silent, "patterns without a row"
    taken = {data: sum(bool(re.match(pattern, data)) for pattern in patterns) for data in tried}
    assert {data for data, count in taken.items() if count != 1} == {f"zz:{world.ids['meeting']}"}


def test_every_other_handler_has_a_row() -> None:
    listening = {
        f"{one.callback.__module__}.{one.callback.__name__}"
        for one in handlers()
        if isinstance(one, MessageHandler)
    }
    attempts = {attempt for row in ROWS for attempt in row.attempts}
    assert listening == set(LISTENS)
    assert set(LISTENS.values()) <= attempts


@pytest.mark.parametrize("who", ["participant", "staff", "manager", "admin"])
async def test_every_button_that_is_shown_has_a_row(world: World, tmp_path: Path, who: str) -> None:
    known, shown = {kind_of(press) for press in PRESSES}, set()
    async with world.opened(tmp_path / "copy.db") as chat:
        for row in ROWS:
            for attempt in row.attempts if row.cells[who] == "yes" else ():
                await prepare(chat, attempt, ACTORS[who])
                said = await tries(chat, who, attempt, world.ids)
                shown |= {tap.data for one in said for buttons in one.buttons for tap in buttons if tap.data}
                world.restore(tmp_path / "copy.db")
    assert len(shown) > 5
    assert {data for data in shown if kind_of(data) not in known} == set()


@pytest.mark.parametrize("role", [Role.STAFF, Role.MANAGER, Role.ADMIN, None])
def test_menus_show_what_is_allowed_and_nothing_else(role: Role | None) -> None:
    who = "outsider" if role is None else role.value
    grants = frozenset() if role is None else frozenset({Grant(role, HERE)})
    hidden = {"start", "weather"} | (set() if role else {"settings"})
    allowed = {row.attempts[0].split()[1].removeprefix("/") for row in COMMANDS if row.cells[who] != "no"}
    assert set(menu_of(grants)) == allowed - hidden
