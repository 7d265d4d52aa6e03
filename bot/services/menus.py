"""Command menus: each chat is shown what its person may use, in their language. Rows decide which are out of date, a
tick sets them.

Setting a menu is no delivery: it is best effort and may be repeated, and no state depends on it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.ids import ChatId, SecretHash, hash_of
from bot.domain.languages import ENGLISH, KOREAN
from bot.domain.person import Person, menu_of
from bot.services.unit import Unit
from prompts.messages import FIRST_LANGUAGE, Messages

AT_ONCE = 20
"""Menus set in one tick, so that a tick stays short."""


@dataclass(frozen=True, slots=True)
class MenuToSet:
    """A chat whose menu is out of date. `ends`: it loses its own (no commands) and shows what everybody sees."""

    chat: ChatId
    commands: Mapping[str, str]
    ends: bool


class Menus:
    """What to set where. `now` is only what message files ask for; no menu depends on it."""

    def __init__(self, messages: Messages) -> None:
        self._messages = messages

    def menu_for(
        self, person: Person | None, *, now: datetime, language: str = FIRST_LANGUAGE
    ) -> Mapping[str, str]:
        """Command → description, most used first. `person` None: the default of all chats."""
        grants = frozenset() if person is None else person.grants
        return {
            command: self._messages.plain(f"menu.{command}", now=now, language=language)
            for command in menu_of(grants)
        }

    def defaults(self, *, now: datetime) -> tuple[tuple[str | None, Mapping[str, str]], ...]:
        """What everybody sees who has no menu of their own, by the language of their Telegram (None: any other).

        Korean first: when only one of them can be set, nobody who reads Korean sees English.
        """
        return tuple(
            (shown_to, self.menu_for(None, now=now, language=language))
            for shown_to, language in ((KOREAN, KOREAN), (None, ENGLISH))
        )

    async def pending(self, unit: Unit, *, now: datetime) -> list[MenuToSet]:
        """Chats that show another menu than they should, at most AT_ONCE of them. Skips whom nothing reaches."""
        shown = await unit.menus.all()
        people = await unit.people.all()
        pending: list[MenuToSet] = []
        for person in people:
            commands = self.menu_for(person, now=now, language=person.language)
            if person.reachable and shown.get(person.chat) != _mark(commands):
                pending.append(MenuToSet(person.chat, commands, ends=False))
        gone = shown.keys() - {person.chat for person in people}
        pending += [MenuToSet(chat, {}, ends=True) for chat in sorted(gone)]
        return pending[:AT_ONCE]

    async def done(self, unit: Unit, menu: MenuToSet) -> None:
        """The messenger took it, or never will: it is not tried again."""
        if menu.ends:
            await unit.menus.drop(menu.chat)
        else:
            await unit.menus.keep(menu.chat, _mark(menu.commands))


def _mark(commands: Mapping[str, str]) -> SecretHash:
    return hash_of(json.dumps(list(commands.items()), ensure_ascii=False))
