"""The cast of a field day in 전북, 21 to 22 January 2026, and the crowd that leaves its 130 notes by every door.

Of the 130, twenty come by the plain page, three speak instead of writing, and one has an English Telegram.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import aiohttp

from bot.app import Bot
from bot.domain.ids import Region
from bot.domain.person import Role
from bot.gateways.clock import SystemClock
from bot.rehearsal.driver import Driver
from bot.rehearsal.errors import UserError
from bot.rehearsal.page import Seat
from bot.rehearsal.play import PATIENCE, NotesScript, PlayedNote, labels_of, leave_note, press
from bot.rehearsal.values import LedgerEntry
from bot.rehearsal.world import World
from bot.rehearse import Rehearsal
from bot.settings import Settings
from tests.support.media import encoded, spoken
from tests.support.page import Browser

SEOUL = ZoneInfo("Asia/Seoul")
JEONBUK, SOUTHEAST = Region("전북"), Region("동남권")
BY_PAGE, BY_VOICE = 20, 3
"""How many of the crowd come by another door than words in chat."""


def at(text: str) -> datetime:
    """A moment in Seoul: `21 18:00` of January 2026."""
    day, clock = text.split()
    return datetime.fromisoformat(f"2026-01-{day} {clock}").replace(tzinfo=SEOUL)


class Crowd(NotesScript):
    """The sample's people. Who comes how is decided by their place in the day: the same every time.

    `away`: when the bot is not there; nobody opens the page then.
    """

    def __init__(self, stage: "FieldStage", away: tuple[datetime, datetime]) -> None:
        self._said = labels_of(lambda key: stage.messages.plain(key, now=stage.clock.now()))
        super().__init__(stage.world, self._said)
        self._stage = stage
        self._away = away
        self._by_page: set[int] = set()
        self._by_voice: set[int] = set()
        self.english: int | None = None
        self.receipts: list[str] = []

    def add(self, notes: Iterable[PlayedNote]) -> int:
        """Casts them, earliest first."""
        cast = sorted(notes, key=lambda note: note.at)
        there = [n for n, note in enumerate(cast) if not self._away[0] <= note.at <= self._away[1]]
        self._by_page = set(there[3 :: max(1, len(there) // BY_PAGE)][:BY_PAGE])
        others = [n for n in there if n not in self._by_page and cast[n].words]
        self._by_voice = {others[len(others) * k // 4] for k in range(1, BY_VOICE + 1)}
        self._english = next(n for n in others if n not in self._by_voice and cast[n].topic)
        self.spoken_words = [cast[n].words for n in sorted(self._by_voice)]
        return super().add(cast)

    async def _act(self, place: int, note: PlayedNote) -> None:
        try:
            if place in self._by_page:
                await self._visit(note, edits=not self.receipts)
            elif place in self._by_voice:
                await self._speak(self._newcomer(place), note)
            elif place == self._english:
                await self._in_english(self._newcomer(place, "en"), note)
            else:
                await leave_note(self._stage.world, self._newcomer(place), note, self._said)
        except (TimeoutError, UserError, AssertionError):
            self.failed += 1

    def _newcomer(self, place: int, language: str = "ko") -> int:
        user = self._stage.world.add_user(f"가상 참여자 {place + 1}", language_code=language).id
        self.users.append(user)
        return user

    async def _visit(self, note: PlayedNote, *, edits: bool) -> None:
        """By the page; the first of them changes the rating afterwards, by the receipt."""
        async with aiohttp.ClientSession() as session:
            async with session.get(f"{self._stage.url}/m/{note.code}") as opened:
                browser = Browser(session, str(opened.url.origin()), self._stage.clock)
            form = await browser.opens(f"/m/{note.code}")
            answers = {"agree": "yes", "speaker": self._key_of(note.speaker), "words": note.words}
            answers |= {"rating": str(note.rating)} if note.rating else {}
            topics = {topic.title: topic.key for topic in self._stage.sources.topics}
            answers |= {"topic": topics[note.topic]} if note.topic else {}
            receipt = await browser.sends(form, **answers)
            assert receipt.status == 200, receipt.text
            assert "/m/receipt/" in receipt.path, receipt.text
            self.receipts.append(receipt.secret)
            if edits:
                change = await browser.opens(f"/m/receipt/{receipt.secret}/change")
                changed = await browser.sends(change, rating=answers.get("rating", "3"), **_kept(answers))
                assert changed.status == 200, changed.text

    def _key_of(self, speaker: str) -> str:
        now = self._stage.clock.now()
        keys = ("youth", "worker", "company", "government", "institution", "other")
        say = self._stage.messages.plain
        return next(key for key in keys if say(f"feedback.speaker_{key}", now=now) == speaker)

    async def _speak(self, user: int, note: PlayedNote) -> None:
        world, said = self._stage.world, self._said
        world.start(user, f"m_{note.code}")
        await press(world, user, said.agree)
        await press(world, user, note.speaker)
        await press(world, user, said.skip if note.rating is None else said.ratings[note.rating - 1])
        await press(world, user, said.skip if note.topic is None else note.topic)
        before = world.last_id(user)
        world.send_voice(user, encoded(spoken(1.5)), seconds=2)
        await world.until(
            lambda: any(message.id > before + 1 for message in world.from_bot(user)), within=PATIENCE
        )

    async def _in_english(self, user: int, note: PlayedNote) -> None:
        """Everything is in English, topics by their English titles; only the tour's own titles are not."""
        self.english = user
        stage = self._stage

        def say(key: str) -> str:
            return stage.messages.plain(key, now=stage.clock.now(), language="en")

        speaker = say(f"feedback.speaker_{self._key_of(note.speaker)}")
        topic = next(t.title_en for t in stage.sources.topics if t.title == note.topic)
        in_english = PlayedNote(note.at, note.code, speaker, note.rating, topic, note.words)
        await leave_note(stage.world, user, in_english, labels_of(say))


def _kept(answers: dict[str, str]) -> dict[str, str]:
    """What a browser sends again of a form that is filled in: radio buttons are no text fields."""
    return {name: answers[name] for name in ("speaker", "topic") if name in answers}


class FieldStage(Rehearsal):
    """The rehearsal's stage with our own crowd; its tour comes as a workbook, sent into the chat."""

    def __init__(
        self, settings: Settings, database_url: str, start: datetime, away: tuple[datetime, datetime]
    ) -> None:
        super().__init__(settings, database_url, start)
        self.crowd = Crowd(self, away)
        self.script = self.crowd
        self.driver = Driver(
            self.clock, lambda: self.world.updates.moving, SystemClock(), self.crowd, self.play_notes
        )


class FieldDay:
    """The day's cast, and what they do."""

    def __init__(self, stage: Rehearsal) -> None:
        self.stage = stage
        self.world: World = stage.world
        self.staff = stage.seats[Seat.STAFF]
        self.manager = stage.seats[Seat.MANAGER]
        self.admin = self.world.add_user("가상 관리자").id
        self.colleague = self.world.add_user("가상 동료").id
        self.keen_manager = self.world.add_user("가상 실장").id
        self.elsewhere = self.world.add_user("가상 동남권 실무자").id
        self.guest = self.world.add_user("가상 손님").id

    async def bring_tour(self, bot: Bot, workbook: bytes) -> None:
        """The administrator sends the schedule into the chat, looks at the preview and applies it."""
        await self.stage.invite(bot, self.admin, Role.ADMIN, None)
        self.world.send_document(self.admin, workbook, name="현장 행보 일정.xlsx")
        await self.stage.driver.accompany(press(self.world, self.admin, "반영"))
        await self.stage.driver.advance_to(self.stage.clock.now())

    async def gather(self, bot: Bot) -> None:
        """Invitations; one manager wants reminders, one participant asks to be told."""
        stage = self.stage
        cast: Sequence[tuple[int, Role, Region]] = (
            (self.staff, Role.STAFF, JEONBUK),
            (self.manager, Role.MANAGER, JEONBUK),
            (self.colleague, Role.STAFF, JEONBUK),
            (self.keen_manager, Role.MANAGER, JEONBUK),
            (self.elsewhere, Role.STAFF, SOUTHEAST),
        )
        for person, role, region in cast:
            await stage.invite(bot, person, role, region)
        await self.does(self.keen_manager, "/settings", "알림 받기")
        code = await self.code_of("jb-0122-2")
        self.world.start(self.guest, f"m_{code}")
        await stage.driver.accompany(press(self.world, self.guest, "시작 전에 알려 주세요"))
        await stage.driver.advance_to(stage.clock.now())

    async def code_of(self, key: str) -> str:
        async with self.stage.database.open_unit(read_only=True) as unit:
            (tour,) = await unit.tours.all()
            return (await unit.meetings.by_keys(tour.id, [key]))[key].code

    async def does(self, user: int, command: str, *labels: str) -> None:
        """Somebody sends a command and taps buttons one after the other."""
        self.world.say(user, user, command)
        for label in labels:
            await self.stage.driver.accompany(press(self.world, user, label))
        await self.stage.driver.advance_to(self.stage.clock.now())

    def sent(self, user: int, containing: str = "") -> list[LedgerEntry]:
        """New messages that somebody was sent, by what they contain."""
        return [
            entry
            for entry in self.world.ledger
            if entry.chat == user and entry.method.lower() == "sendmessage" and containing in entry.text
        ]

    def minutes(self, user: int, containing: str) -> list[str]:
        """When they came, to the minute: `22 06:30`."""
        return [
            f"{entry.at.astimezone(SEOUL):%d %H:%M}"
            for entry in self.sent(user, containing)
            if not entry.silent
        ]
