"""People who leave their notes by themselves: each scans a code at their time and taps through the chat.

They know only what a person sees: the labels on the buttons. Used by the rehearsal's page and the tests.
"""

import asyncio
import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.rehearsal.errors import UserError
from bot.rehearsal.world import World

PATIENCE = 60.0
"""Real seconds that somebody waits for the bot before giving up."""


@dataclass(frozen=True, slots=True)
class PlayedNote:
    """What one person will leave, and when (aware). `speaker` and `topic` are button labels; None: skipped."""

    at: datetime
    code: str
    speaker: str
    rating: int | None
    topic: str | None
    words: str


@dataclass(frozen=True, slots=True)
class Labels:
    """What the buttons of the feedback dialogue say."""

    agree: str
    skip: str
    ratings: tuple[str, str, str, str, str]
    done: str


def labels_of(say: Callable[[str], str]) -> Labels:
    """The labels, from the words of the product: `say` gives the message of a key."""
    one, two, three, four, five = ("★" * rating + "☆" * (5 - rating) for rating in range(1, 6))
    return Labels(
        agree=say("consent.all_and_start"),
        skip=say("feedback.skip"),
        ratings=(one, two, three, four, five),
        done=say("feedback.finish"),
    )


class NotesScript:
    """The people still to come. `failed` counts those who gave up: no answer came, or a button was gone."""

    def __init__(self, world: World, labels: Labels, *, first_name: str = "가상 참여자") -> None:
        self._world = world
        self._labels = labels
        self._first_name = first_name
        self._coming: list[tuple[datetime, int, PlayedNote]] = []
        self._count = 0
        self._acting: set[asyncio.Task[None]] = set()
        self.users: list[int] = []
        self.failed = 0

    def add(self, notes: Iterable[PlayedNote]) -> int:
        """Lets more people come; how many."""
        before = self._count
        for note in notes:
            heapq.heappush(self._coming, (note.at, self._count, note))
            self._count += 1
        return self._count - before

    def next_at(self) -> datetime | None:
        return self._coming[0][0] if self._coming else None

    @property
    def acting(self) -> bool:
        return bool(self._acting)

    @property
    def done(self) -> int:
        return self._count - len(self._coming) - len(self._acting)

    @property
    def total(self) -> int:
        return self._count

    def start_due(self, now: datetime) -> None:
        """Lets everybody act whose time has come."""
        while self._coming and self._coming[0][0] <= now:
            _, place, note = heapq.heappop(self._coming)
            task = asyncio.create_task(self._act(place, note))
            self._acting.add(task)
            task.add_done_callback(self._acting.discard)

    async def _act(self, place: int, note: PlayedNote) -> None:
        user = self._world.add_user(f"{self._first_name} {place + 1}").id
        self.users.append(user)
        try:
            await leave_note(self._world, user, note, self._labels)
        except (TimeoutError, UserError):
            self.failed += 1


async def leave_note(world: World, user: int, note: PlayedNote, labels: Labels) -> None:
    """One person's two minutes. Raises TimeoutError when the bot does not answer."""
    world.start(user, f"m_{note.code}")
    await press(world, user, labels.agree)
    await press(world, user, note.speaker)
    await press(world, user, labels.skip if note.rating is None else labels.ratings[note.rating - 1])
    if note.words:
        await press(world, user, labels.skip if note.topic is None else note.topic)
        asked = world.last_id(user)
        world.say(user, user, note.words)
        await world.until(_said_after(world, user, asked + 1), within=PATIENCE)
    else:
        await press(world, user, labels.done)


async def press(world: World, user: int, label: str) -> None:
    """Waits for a button with this label in the person's newest message that has buttons, and taps it."""
    await world.until(lambda: _find(world, user, label) is not None, within=PATIENCE)
    if (found := _find(world, user, label)) is not None:
        world.press(user, user, *found)


def _find(world: World, user: int, label: str) -> tuple[int, str] | None:
    """The message and the data of the button so labelled, in the newest message that has buttons."""
    newest = next((message for message in reversed(world.from_bot(user)) if message.buttons), None)
    if newest is None:
        return None
    data = next((button.data for button in newest.buttons if button.text == label), None)
    return None if data is None else (newest.id, data)


def _said_after(world: World, user: int, message_id: int) -> Callable[[], bool]:
    return lambda: any(message.id > message_id for message in world.from_bot(user))
