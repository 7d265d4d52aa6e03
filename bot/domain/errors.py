"""Expected refusals: types that carry the key of the words in which the person hears of it."""

from collections.abc import Mapping

from bot.domain.values import Value


class Refusal(Exception):
    """What was asked cannot be done, for a reason that the person should read.

    `key` names a message in prompts/messages, `values` its variables. A handler that raises it
    loses what it changed; the words are still sent.
    """

    def __init__(self, key: str, values: Mapping[str, Value] | None = None) -> None:
        super().__init__(key)
        self.key = key
        self.values: Mapping[str, Value] = values or {}


class NotAllowed(Refusal):
    """The person's roles do not reach this. Told alike whatever exists, so that it tells nothing."""

    def __init__(self) -> None:
        super().__init__("common.not_allowed")


class ButtonUnknown(Refusal):
    """A button that was never ours, or whose time is over."""

    def __init__(self) -> None:
        super().__init__("common.button_unknown")


class WriteInPrivate(Refusal):
    """Something personal was asked in a group chat."""

    def __init__(self) -> None:
        super().__init__("common.write_in_private")
