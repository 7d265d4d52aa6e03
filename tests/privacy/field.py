"""A field day for people who must not be known: everything that a participant can do, by the real application.

What could tell of them is collected from the outside, from what the local Telegram knows.
"""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from ipaddress import IPv6Address
from pathlib import Path

import aiohttp

from bot.app import Bot
from bot.domain.ids import Region
from bot.domain.person import Role
from bot.rehearsal.page import Seat
from bot.rehearsal.play import PATIENCE, press
from bot.rehearsal.values import Message
from bot.rehearse import Rehearsal
from bot.settings import read_settings
from tests.privacy.canaries import SEOUL, Canary
from tests.support.media import encoded, photo, spoken
from tests.support.page import Browser, Shown

JEONBUK = Region("전북")
FIRST_CHAT = 7_318_264_500_001
FIRST_MESSAGE = 5_120_000_000_000
FIRST_UPDATE = 6_480_000_000_001
BROWSER = "GasangBrowser/7.1 (canary; telephone)"
_SECRET = re.compile(r"^f:[A-Za-z]:([\w-]{22})")


def at(clock: str) -> datetime:
    """A moment of 22 January 2026 in Seoul."""
    return datetime.fromisoformat(f"2026-01-22 {clock}").replace(tzinfo=SEOUL)


class Field:
    """The stage, its cast, and what they do. Nobody's name, words or number is anybody's."""

    def __init__(self, database_url: str, data_dir: Path) -> None:
        self.settings = read_settings(None).model_copy(update={"data_dir": data_dir})
        self.stage = Rehearsal(self.settings, database_url, at("11:39:00"))
        self.world, self.driver = self.stage.world, self.stage.driver
        self.world.updates._next_id = FIRST_UPDATE
        self.updates: dict[int, list[int]] = {}
        self.receipts: list[str] = []
        self.taken_back: set[str] = set()
        self.guests: dict[str, int] = {}
        self._listen_in()

    def _listen_in(self) -> None:
        put = self.world.updates.put

        def listening(kind: str, body: object) -> None:
            before = self.world.updates._next_id
            put(kind, body)
            if (who := _private_chat(body)) in self.guests.values():
                self.updates.setdefault(who, []).extend(range(before, self.world.updates._next_id))

        self.world.updates.put = listening  # type: ignore[method-assign]

    def comes(self, role: str, *, language: str = "ko") -> int:
        """Somebody with a Telegram of their own; `role` is what they will do here."""
        place = len(self.guests)
        number = FIRST_CHAT + place * 100_003
        self.guests[role] = number
        name = f"가상이름{role}canary"
        self.world.add_user(
            name, user_id=number, language_code=language, username=f"gasang_user_{place}_canary"
        )
        self.world.chats[number].last_id = FIRST_MESSAGE + place * 10_000_019
        return number

    async def does(self, user: int, *labels: str) -> None:
        for label in labels:
            await self.driver.accompany(press(self.world, user, label))

    async def says(self, user: int, text: str) -> None:
        """And waits for an answer."""
        before = self.world.last_id(user)
        self.world.say(user, user, text)
        await self._answered(user, before + 1)

    async def _answered(self, user: int, after: int) -> None:
        async def wait() -> None:
            await self.world.until(
                lambda: any(one.id > after for one in self.world.from_bot(user)), within=PATIENCE
            )

        await self.driver.accompany(wait())

    async def leaves(self, role: str, clock: str, words: str = "", *, language: str = "ko") -> int:
        """Somebody scans the code of the lunch at a moment and taps through; the rest is up to them."""
        await self.driver.advance_to(at(clock))
        user = self.comes(role, language=language)
        self.world.start(user, f"m_{self.code}")

        def say(key: str) -> str:
            return self.stage.messages.plain(key, now=self.stage.clock.now(), language=language)

        await self.does(user, say("consent.all_and_start"), say("feedback.speaker_youth"))
        await self.does(user, "★★★★☆", "일자리·임금" if language == "ko" else "Jobs and pay")
        if words:
            await self.says(user, words)
        return user

    async def sends(self, user: int, send: Callable[..., Message], data: bytes, **more: object) -> None:
        """A file, until it is here and made anew."""
        before = self.world.last_id(user)
        send(user, data, **more)
        await self._answered(user, before + 1)
        await self.driver.advance_to(self.stage.clock.now() + timedelta(seconds=20))

    async def visits(self, clock: str, **answers: str) -> Shown:
        """Somebody without Telegram, by the page; behind a proxy that tells their address."""
        await self.driver.advance_to(at(clock))
        async with aiohttp.ClientSession(headers=_as_browser(len(self.receipts))) as session:
            async with session.get(f"{self.stage.url}/m/{self.code}") as opened:
                browser = Browser(session, str(opened.url.origin()), self.stage.clock)
            form = await browser.opens(f"/m/{self.code}")
            receipt = await browser.sends(form, agree="yes", speaker="worker", **answers)
            assert "/m/receipt/" in receipt.path, receipt.text
            self.receipts.append(receipt.secret)
            if answers.get("name"):
                change = await browser.opens(f"/m/receipt/{receipt.secret}/change")
                await browser.sends(change, rating="2", name=answers["name"])
        return receipt

    async def taps_old(self, role: str, *labels: str) -> None:
        """The first label is a button of the person's last receipt, however old; the others of what it leads to."""
        user = self.guests[role]
        shown = [m for m in self.world.from_bot(user) if any(labels[0] in b.text for b in m.buttons)]
        self.world.press_button(user, shown[-1], labels[0])
        await self.does(user, *labels[1:])
        await self.driver.advance_to(self.stage.clock.now() + timedelta(seconds=3))

    async def receipt(self, place: int) -> Shown:
        """A receipt of the page, opened again."""
        async with aiohttp.ClientSession(headers=_as_browser(place)) as session:
            browser = Browser(session, f"http://127.0.0.1:{self.stage._site}", self.stage.clock)
            return await browser.opens(f"/m/receipt/{self.receipts[place]}")

    async def takes_back(self, place: int) -> None:
        async with aiohttp.ClientSession(headers=_as_browser(place)) as session:
            browser = Browser(session, f"http://127.0.0.1:{self.stage._site}", self.stage.clock)
            await browser.sends(await browser.opens(f"/m/receipt/{self.receipts[place]}/withdraw"))

    async def gathers(self, bot: Bot) -> None:
        """The tour, staff and manager, and a group that the bot is in."""
        await self.stage.load(bot)
        self.staff, self.manager = self.stage.seats[Seat.STAFF], self.stage.seats[Seat.MANAGER]
        self.admin = self.world.add_user("가상 관리자").id
        await self.stage.invite(bot, self.admin, Role.ADMIN, None)
        self.group = self.world.add_group("가상 수행방", self.staff)
        self.world.add_to_group(self.staff, self.group)
        async with self.stage.database.open_unit(read_only=True) as unit:
            (tour,) = await unit.tours.all()
            self.code = (await unit.meetings.by_keys(tour.id, ["jb-0122-3"]))["jb-0122-3"].code

    def canaries(self) -> Iterator[Canary]:
        """Everything of the participants that must be gone a quarter of an hour later, by kind."""
        for role, user in self.guests.items():
            person = self.world.users[user]
            yield Canary("chat id", role, user)
            yield Canary("name", role, person.first_name)
            yield Canary("username", role, str(person.username))
            for message in self.world.messages(user):
                yield Canary("message id", role, message.id)
                yield Canary("moment", role, message.date)
                yield from self._of_message(role, message)
        for one in self.world.presses.values():
            if one.user in self.guests.values():
                yield Canary("press", str(one.user), one.id)
        for secret in self.receipts:
            yield Canary("receipt", "page", secret)
        for number in range(len(self.receipts)):
            yield from (Canary("address", "page", _address(number)), Canary("browser", "page", BROWSER))

    def update_ids(self) -> Iterator[Canary]:
        for user, ids in self.updates.items():
            yield from (Canary("update id", str(user), one) for one in ids)

    def _of_message(self, role: str, message: Message) -> Iterator[Canary]:
        for button in message.buttons:
            if button.data and (match := _SECRET.match(button.data)):
                yield Canary("secret", role, match[1])
        if message.attachment is not None:
            for file in (message.attachment.file, *(one.file for one in message.attachment.smaller)):
                yield Canary("file id", role, file.id)
                yield Canary("file's own id", role, file.unique_id)


def _private_chat(body: object) -> int:
    """The chat of an update, 0 for a group's."""
    assert isinstance(body, dict)
    chat = (body.get("message") or body).get("chat", {})
    return int(chat["id"]) if chat.get("type") == "private" else 0


def _as_browser(number: int) -> dict[str, str]:
    return {
        "User-Agent": BROWSER,
        "X-Forwarded-For": str(_address(number)),
        "X-Real-IP": str(_address(number)),
    }


def _address(number: int) -> IPv6Address:
    return IPv6Address(f"2001:db8:7a31:{0x4E21 + number:x}::{0xC0DE + number:x}")


VOICE = encoded(spoken(1.5))
PHOTO = photo()
