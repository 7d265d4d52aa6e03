"""What people wrote and are called, shown again: in every message that has room for it, and by the bot in every card."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path
from string import Formatter

import pytest

from bot.domain.values import Value
from bot.rehearsal.entities import Parsed, parse_html
from bot.services.updates import storable
from tests.hostile.corpus import MARK, formulas, markup, naughty
from tests.hostile.doors import Town, town
from tests.hostile.form import LONG, of_form
from tests.hostile.judge import Fed, feed
from tests.security.world import ACTORS, World
from tests.support import raw_updates
from tests.support.chat import MESSAGES
from tests.support.plans import at
from tests.support.raw_updates import Json

NOW = at("12:00")
SHORT, MANY = 8, 150
ASKED = (
    ("staff", "say /next"),
    ("staff", "say /today"),
    ("staff", "say /qr"),
    ("staff", "say /late"),
    ("staff", "press n:e:{note}"),
    ("staff", "press n:b:{note}"),
    ("participant", "press f:e:{secret}"),
    ("participant", "press f:a:{secret}:words"),
    ("admin", "say /people"),
    ("admin", "press pe:s:{person}"),
    ("outsider", "say /start m_{code}"),
)
"""Whose answers show titles, venues, names and notes."""


def shown_again(*, long: bool = LONG) -> list[str]:
    """What is put in the place of every title, venue, name and note."""
    fitting = [storable(text)[:120] for text in (*markup(), *naughty(), *formulas())]
    return of_form([text for text in fitting if text.strip()], MANY if long else SHORT, long=False)


@pytest.mark.parametrize("language", sorted(MESSAGES.languages))
def test_no_message_lets_words_be_markup(language: str) -> None:
    """Every message with room for words: the same marks as with harmless ones, and no link of the writer's."""
    breakers = [text for text in markup() if len(text) < 200]
    tried = 0
    for place, key in enumerate(sorted(MESSAGES.keys())):
        plain = _parsed(key, "가상", language)
        for text in breakers[place % 9 :: 9]:
            parsed = _parsed(key, text, language)
            if plain is None or parsed is None:
                continue
            ours = [one.type for one in parsed.entities if one.type not in _BY_ITSELF]
            assert ours == [one.type for one in plain.entities if one.type not in _BY_ITSELF], (key, text)
            assert not [one for one in parsed.entities if one.type == "text_link" and MARK in (one.url or "")]
            tried += 1
    assert tried > 1_000


_BY_ITSELF = ("url", "mention", "bot_command")


def _parsed(key: str, text: str, language: str) -> Parsed | None:
    """None for a message that has no room for words."""
    template = MESSAGES._template(key, language)
    values: dict[str, Value] = {}
    for _, name, spec, _ in Formatter().parse(template):
        if name is not None:
            values[name] = _value(spec or "", text)
    if text not in values.values():
        return None
    return parse_html(MESSAGES.text(key, values, now=NOW, language=language))


def _value(spec: str, text: str) -> str | int | datetime:
    match spec:
        case "date" | "time" | "when" | "left":
            return NOW
        case "span" | "s":
            return 5
        case "html":
            return "<b>가상</b>"
        case _:
            return text


@pytest.mark.timeout(1200)
async def test_titles_names_and_notes_are_shown_as_they_are(world: World, tmp_path: Path) -> None:
    async with town(world, tmp_path) as here:
        for text in shown_again():
            _rename_everything(tmp_path / "town-brought.db", text)
            before = len(here.messenger.sent)
            await feed(here, [_asked(here, who, what, world.ids) for who, what in ASKED])
            shown = [parse_html(message.text).text for message in here.messenger.sent[before:]]
            assert any(" ".join(text.split()) in " ".join(one.split()) for one in shown), (text, shown)


def _asked(here: Town, who: str, what: str, ids: Mapping[str, str]) -> Fed:
    number, (verb, _, said) = here.number(), what.format_map(ids).partition(" ")
    user, now = ACTORS[who], here.clock.now()
    body: Json = (
        raw_updates.text_message(user, said, number, now)
        if verb == "say"
        else raw_updates.press(user, said, number, f"press-{number}", now)
    )
    return Fed(number, user.id, body, answered=True)


def _rename_everything(file: Path, text: str) -> None:
    """As if a tour file, people's accounts and notes had said so."""
    with closing(sqlite3.connect(file)) as database:
        database.execute("UPDATE meetings SET title = ?, venue = ?", (text, text))
        database.execute("UPDATE people SET name = ?", (text,))
        database.execute("UPDATE notes SET words = ?", (text,))
        database.commit()
