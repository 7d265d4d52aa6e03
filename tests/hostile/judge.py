"""The verdict from outside over what a town was fed: settled, answered, not refused by Telegram, nothing told, nothing stuck."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tests.hostile.doors import Town, raw
from tests.support import raw_updates
from tests.support.chat import User

LONG_ENOUGH = 6
"""Characters of a text that may not be in a log by chance."""
HARMLESS = User(7_999_999_999, "가상방문객")
"""Somebody else, who asks for help after every batch."""


@dataclass(frozen=True, slots=True)
class Fed:
    """One update, as it was brought. `may_park`: nobody could read it, and an alert is the right end."""

    number: int
    chat: int
    body: object
    words: Sequence[str] = ()
    answered: bool = False
    may_park: bool = False

    def __repr__(self) -> str:
        return f"update {self.number}: {raw(self.number, self.body)[:1500]}"


async def feed(town: Town, updates: Sequence[Fed], *, seconds: float = 60) -> None:
    """Brings a batch, lets time pass, and judges it. Then the last chat and another one say something harmless."""
    statuses = await town.brings([(one.number, raw(one.number, one.body)) for one in updates])
    refused = [(one, status) for one, status in zip(updates, statuses, strict=True) if status != 200]
    assert not refused, refused[:3]
    await town.passes(seconds)
    await _harmless_is_answered(town, [one.chat for one in updates if one.chat > 0][-1:])
    await judge(town, updates)


async def judge(town: Town, updates: Sequence[Fed]) -> None:
    """Raises AssertionError with the inputs that did it."""
    states, failures = await town.states(), await town.failures()
    stuck = [one for one in updates if states.get(one.number) == "waiting"]
    assert not stuck, f"{len(stuck)} stuck: {stuck[:3]}"
    lost = [one for one in updates if one.number not in states]
    assert not lost, f"{len(lost)} not kept: {lost[:3]}"
    parked = [one for one in updates if states[one.number] == "parked" and not one.may_park]
    assert not parked, (
        f"{len(parked)} parked: {[(failures.get(one.number), one) for one in parked[:3]]}\n{_where(town)}"
    )
    replies = await town.replies()
    unanswered = [one for one in updates if one.answered and replies.get(f"reply:{one.number}:0") != "sent"]
    assert not unanswered, (
        f"{len(unanswered)}: {[(replies.get(f'reply:{o.number}:0'), o) for o in unanswered[:3]]}"
    )
    failed = {key: state for key, state in replies.items() if state not in ("sent", "expired")}
    assert not failed, failed
    assert not town.messenger.problems, town.messenger.problems[:5]
    assert not (told := told_in(town.log.getvalue(), updates)), told[:3]


def told_in(log: str, updates: Collection[Fed]) -> list[str]:
    """What people wrote or are called, found in the log."""
    found = {text for one in updates for text in one.words if len(text) >= LONG_ENOUGH and text in log}
    return [text for text in found if text not in _OUR_OWN]


_OUR_OWN = frozenset({"update"})


def _where(town: Town) -> str:
    return "\n".join(town.log.getvalue().splitlines()[-3:])


async def _harmless_is_answered(town: Town, chats: Sequence[int]) -> None:
    askers = [HARMLESS, *(User(chat, "가상") for chat in chats)]
    asked = []
    for user in askers:
        number = town.number()
        asked.append((number, raw(number, raw_updates.text_message(user, "/help", number, town.clock.now()))))
    await town.brings(asked)
    await town.passes(45)
    replies = await town.replies()
    assert all(replies.get(f"reply:{number}:0") == "sent" for number, _ in asked), (
        "a harmless message is not answered"
    )
