"""Inline keyboards, refused where Telegram refuses them."""

from bot.rehearsal.errors import bad_request
from bot.rehearsal.links import is_public_url
from bot.rehearsal.parameters import Parameters
from bot.rehearsal.values import Button, Keyboard

MAX_BUTTONS = 100
MAX_DATA_BYTES = 64
_OTHER_MARKUP = ("keyboard", "remove_keyboard", "force_reply")


def read_keyboard(parameters: Parameters) -> Keyboard:
    """The inline keyboard of a call, empty without one.

    Reply keyboards are accepted and not shown. Raises ApiError 400.
    """
    markup = parameters.structure("reply_markup")
    if markup is None:
        return ()
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    rows = markup.get("inline_keyboard")
    if rows is None:
        if markup and not any(kind in markup for kind in _OTHER_MARKUP):
            raise bad_request("can't parse reply keyboard markup JSON object")
        return ()
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" must be an Array of Arrays')
    keyboard = tuple(tuple(_button(button) for button in row) for row in rows if row)
    if sum(len(row) for row in keyboard) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    return keyboard


def _button(raw: object) -> Button:
    if not isinstance(raw, dict) or not isinstance(raw.get("text"), str):
        raise bad_request('can\'t parse inline keyboard button: Field "text" must be of type String')
    text: str = raw["text"]
    if not text.strip():
        raise bad_request("can't parse inline keyboard button: text is empty")
    match raw:
        case {"callback_data": str(data)}:
            if not 1 <= len(data.encode()) <= MAX_DATA_BYTES:
                raise bad_request("BUTTON_DATA_INVALID")
            return Button(text, data=data)
        case {"url": str(url)}:
            if not is_public_url(url):
                raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
            return Button(text, url=url)
        case _:
            raise bad_request(
                "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
            )
