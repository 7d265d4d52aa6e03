"""A delivery's draft as JSON and back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.domain.delivery import Button, Draft, Need
from bot.domain.ids import Region
from bot.domain.person import Action
from bot.domain.values import from_plain, to_plain


def draft_to_json(draft: Draft) -> dict[str, Any]:
    return {
        "key": draft.key,
        "values": {name: to_plain(value) for name, value in draft.values.items()},
        "keyboard": [[_button_to_json(button) for button in row] for row in draft.keyboard],
        "picture": draft.picture,
        "document": draft.document,
        "edits": draft.edits,
        "expires": None if draft.expires is None else draft.expires.isoformat(),
        "private": draft.private,
        "silent": draft.silent,
        "needs": _needs_to_json(draft.needs),
        "needs_all": draft.needs_all,
        "line_needs": [_needs_to_json(line) for line in draft.line_needs],
    }


def draft_from_json(body: dict[str, Any]) -> Draft:
    return Draft(
        key=body["key"],
        values={name: from_plain(value) for name, value in body["values"].items()},
        keyboard=tuple(tuple(_button_from_json(button) for button in row) for row in body["keyboard"]),
        picture=body["picture"],
        document=body.get("document"),  # rows of the first version have none
        edits=body["edits"],
        expires=None if body["expires"] is None else datetime.fromisoformat(body["expires"]),
        private=body["private"],
        silent=body["silent"],
        needs=_needs_from_json(body["needs"]),
        needs_all=body.get("needs_all", False),  # rows of earlier versions have none
        line_needs=tuple(_needs_from_json(line) for line in body.get("line_needs", ())),  # as above
    )


def _needs_to_json(needs: Sequence[Need]) -> list[list[str]]:
    return [[need.action.value, need.region] for need in needs]


def _needs_from_json(needs: list[list[str]]) -> tuple[Need, ...]:
    return tuple(Need(Action(action), Region(region)) for action, region in needs)


def _button_to_json(button: Button) -> dict[str, Any]:
    values = {name: to_plain(value) for name, value in button.values.items()}
    return {"key": button.key, "values": values, "data": button.data, "url": button.url}


def _button_from_json(body: dict[str, Any]) -> Button:
    values = {name: from_plain(value) for name, value in body["values"].items()}
    return Button(key=body["key"], values=values, data=body["data"], url=body["url"])
