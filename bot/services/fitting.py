"""Lists that surely fit into one message: a message too long for Telegram would not be sent at all."""

from collections.abc import Sequence

from bot.domain.values import Phrase

ROOM = 3200
"""Characters for a list: of Telegram's 4096, with room for what stands around it and the label of a resend."""
_AROUND = 60
"""The most that the words of a line add to its values."""


def fitting(lines: Sequence[Phrase], rest: str, *, room: int = ROOM) -> tuple[Phrase, ...]:
    """As many of `lines` as surely fit; what is left is counted by a last one (message `rest`, with `count`)."""
    for place, line in enumerate(lines):
        room -= _AROUND + sum(len(value) for value in line.values.values() if isinstance(value, str))
        if room < 0:
            return (*lines[:place], Phrase(rest, {"count": len(lines) - place}))
    return tuple(lines)
