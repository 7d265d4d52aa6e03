"""Invented people who keep the bot busy: seeded, and blind to everything but their own chats."""

import asyncio
import contextlib
import random
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field

from bot.rehearsal.errors import UserError
from bot.rehearsal.play import Labels, PlayedNote, leave_note
from bot.rehearsal.world import World
from tests.faults.booked_queue import BookedQueue
from tests.faults.ledger import Entry, Ledger

REGIONS = ("강원", "대경권", "동남권", "서남권", "전북", "제주", "중부권")
COMMANDS = ("/next", "/today", "/help", "/settings")
"""Each is answered by exactly one message, whoever asks."""
POISON: tuple[tuple[str, object], ...] = (
    ("message", {"message_id": "x", "chat": {"id": "no number"}, "date": "?"}),
    ("callback_query", {"id": 7, "from": None}),
    ("message", {"message_id": 1, "date": 10**30, "chat": {"id": 1, "type": "private"}, "text": ["a"]}),
    ("my_chat_member", {"chat": {}}),
    ("edited_message", []),
)
_MANY_ACTING = 40
_PATIENCE = 20.0


@dataclass(slots=True)
class Cast:
    """Who there is, by Telegram user id. `regions` tells where somebody with a role belongs; admins are not in it."""

    staff: list[int] = field(default_factory=list)
    managers: list[int] = field(default_factory=list)
    admins: list[int] = field(default_factory=list)
    guests: list[int] = field(default_factory=list)
    groups: list[int] = field(default_factory=list)
    regions: dict[int, str] = field(default_factory=dict)
    leavers: list[int] = field(default_factory=list)


def gather_cast(world: World, *, staff: int, guests: int) -> Cast:
    """Staff in turn from every region, a manager each, an administrator, guests, and a group a region."""
    cast = Cast()
    for number in range(staff):
        user = world.add_user(f"가상실무{number:03d}").id
        cast.staff.append(user)
        cast.regions[user] = REGIONS[number % len(REGIONS)]
    for number, region in enumerate(REGIONS):
        user = world.add_user(f"가상간부{number:03d}").id
        cast.managers.append(user)
        cast.regions[user] = region
    cast.admins = [world.add_user("가상관리자000").id]
    cast.guests = [world.add_user(f"가상참여{number:03d}").id for number in range(guests)]
    for number, region in enumerate(REGIONS):
        members = [user for user in cast.staff if cast.regions[user] == region]
        group = world.add_group(f"가상모임{number:03d}", *members)
        world.add_to_group(members[0], group)
        cast.groups.append(group)
    return cast


class People:
    """Acts when told to. `codes`: meetings whose feedback is open, by their code; `labels`: what buttons say."""

    def __init__(
        self, world: World, queue: BookedQueue, ledger: Ledger, cast: Cast, labels: Labels, rng: random.Random
    ) -> None:
        self._world = world
        self._queue = queue
        self._ledger = ledger
        self._cast = cast
        self._labels = labels
        self._rng = rng
        self._acts: set[asyncio.Task[None]] = set()
        self._guests = 0
        self.open_codes: Callable[[], Sequence[str]] = tuple
        self.wild = False
        """Whether they also do what no careful person does: poison, repeats, blocking, leaving."""

    @property
    def acting(self) -> int:
        return len(self._acts)

    def act(self, count: int) -> None:
        """So many small things happen at this moment, each to another chat where possible."""
        calm: Mapping[Callable[[], None], float] = {
            self._ask: 12,
            self._guest_asks: 6,
            self._leave_note: 3,
            self._group_asks: 0.3,
            self._late: 0.08,
            self._qr: 0.3,
            self._digest: 0.3,
        }
        wild: Mapping[Callable[[], None], float] = {
            self._poison: 0.02,
            self._repeat: 0.6,
            self._edit_early: 0.3,
            self._block: 0.2,
            self._random_press: 1.5,
        }
        choices = {**calm, **wild} if self.wild else dict(calm)
        for act in self._rng.choices(list(choices), list(choices.values()), k=count):
            with contextlib.suppress(UserError):
                act()

    async def finished(self) -> None:
        """Waits for those in the middle of something."""
        await asyncio.gather(*self._acts, return_exceptions=True)

    def give_up(self) -> None:
        for task in self._acts:
            task.cancel()

    async def join(self, user: int, payload: str, accept: str) -> None:
        """Takes an invitation up."""
        self._world.start(user, payload)
        await self._tap(user, accept)

    def leave(self) -> None:
        """Somebody of the staff deletes themselves by /privacy; who, is in the ledger once it was confirmed."""
        if self._cast.leavers:
            self._begin(self._leave(self._cast.leavers.pop()))

    def migrate_group(self) -> None:
        """A group becomes a supergroup."""
        old = self._cast.groups.pop(0)
        self._cast.groups.append(self._world.migrate(old))

    # -- what they do

    def _ask(self) -> None:
        user = self._rng.choice([*self._cast.staff, *self._cast.managers])
        self._world.unblock(user)
        self._world.say(user, user, self._rng.choice(COMMANDS))

    def _guest_asks(self) -> None:
        user = self._rng.choice(self._cast.guests)
        self._world.unblock(user)
        self._world.say(user, user, self._rng.choice(("/help", "/next", "/privacy", "그냥 한마디")))

    def _group_asks(self) -> None:
        group = self._rng.choice(self._cast.groups)
        member = min(self._world.chat(group).members)
        self._world.say(member, group, "/today@hyeonjang_rehearsal_bot")

    def _leave_note(self) -> None:
        codes = self.open_codes()
        if not codes or len(self._acts) >= _MANY_ACTING:
            return
        self._guests += 1
        user = self._world.add_user(f"가상손님{self._guests:05d}").id
        words = f"가상 의견 {self._guests:05d}번입니다. 통근버스가 늦습니다."
        note = PlayedNote(self._world.now(), self._rng.choice(codes), "청년", 4, None, words)
        self._begin(self._note(user, note))

    async def _note(self, user: int, note: PlayedNote) -> None:
        await leave_note(self._world, user, note, self._labels)
        if not await self._reads(user, "남겼습니다"):
            return  # the dialogue was over (a clock that jumped, say), and that is what the person was told
        self._ledger.write(Entry.EVENT, what="note left", words=note.words, chat=user)

    def _late(self) -> None:
        self._begin(self._be_late(self._rng.choice(self._cast.staff)))

    async def _be_late(self, user: int) -> None:
        asked = self._world.last_id(user)
        self._world.say(user, user, "/late")
        await self._tap(user, "+10분", after=asked)
        await self._tap(user, "바꾸고 알리기", after=asked)

    def _qr(self) -> None:
        user = self._rng.choice(self._cast.staff)
        self._world.say(user, user, "/qr")

    def _digest(self) -> None:
        user = self._rng.choice(self._cast.managers)
        self._world.say(user, user, "/digest")

    def _poison(self) -> None:
        kind, body = self._rng.choice(POISON)
        self._queue.says = "poison"
        self._queue.put(kind, body)

    def _repeat(self) -> None:
        if self._queue.webhook is not None and self._queue.past:
            self._queue.repeat(self._rng.choice(self._queue.past))

    def _edit_early(self) -> None:
        """The edit of a message comes before the message."""
        user = self._rng.choice(self._cast.guests)
        early = self._world.say(user, user, "먼저 고친 말")
        queue = self._queue
        self._world.edit(user, early.id, "먼저 고친 말, 고침")
        if len(queue.past) >= 2:
            queue.swap_last()

    def _block(self) -> None:
        user = self._rng.choice(self._cast.guests)
        self._world.block(user)
        self._ledger.write(Entry.EVENT, what="blocked", chat=user)

    def _random_press(self) -> None:
        user = self._rng.choice(self._cast.guests)
        shown = [m for m in self._world.from_bot(user)[-3:] if m.buttons]
        if shown:
            message = self._rng.choice(shown)
            button = self._rng.choice([b for b in message.buttons if b.data] or [None])
            if button is not None and button.data is not None:
                self._world.press(user, user, message.id, button.data)

    async def _leave(self, user: int) -> None:
        asked = self._world.last_id(user)
        self._world.say(user, user, "/privacy")
        await self._tap(user, "지우기", after=asked)
        await self._tap(user, "모두 지우겠습니다", after=asked)
        await self._world.until(lambda: self._shows(user, "지웠습니다"), within=_PATIENCE)
        self._ledger.write(Entry.EVENT, what="left", chat=user)

    # -- how they do it

    def _begin(self, act: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(self._quietly(act))
        self._acts.add(task)
        task.add_done_callback(self._acts.discard)

    async def _quietly(self, act: Coroutine[object, object, None]) -> None:
        with contextlib.suppress(UserError, TimeoutError):
            await act

    async def _tap(self, user: int, label: str, *, after: int = 0) -> None:
        await self._world.until(lambda: self._find(user, label, after) is not None, within=_PATIENCE)
        if (found := self._find(user, label, after)) is not None:
            self._world.press(user, user, *found)

    def _find(self, user: int, label: str, after: int) -> tuple[int, str] | None:
        for message in reversed(self._world.from_bot(user, after=after)):
            for button in message.buttons:
                if label in button.text and button.data is not None:
                    return message.id, button.data
        return None

    async def _reads(self, user: int, words: str) -> bool:
        """Whether they are told so, in time."""
        try:
            await self._world.until(lambda: self._shows(user, words), within=_PATIENCE)
        except TimeoutError:
            return False
        return True

    def _shows(self, user: int, words: str) -> bool:
        return any(words in message.text for message in self._world.from_bot(user)[-5:])
