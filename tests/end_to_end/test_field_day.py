"""A whole field day over HTTP: the evening of 21 January to the night of 22 January 2026, in 전북.

The real bot against the local Bot API, the clock stepped from event to event. Judged from the outside: by what
the local Telegram accepted, and by the digest's JSON.
"""

import unicodedata
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.app import Bot
from bot.digest.redact import redact
from bot.domain.ids import Region
from bot.domain.person import Role
from bot.rehearsal.page import Seat
from bot.rehearsal.play import press
from bot.rehearsal.values import LedgerEntry
from bot.rehearse import Rehearsal
from bot.settings import read_settings
from tests.support.wire import Wire

SEOUL = ZoneInfo("Asia/Seoul")
JEONBUK, SOUTHEAST = Region("전북"), Region("동남권")


def at(text: str) -> datetime:
    """A moment in Seoul: `21 18:00` of January 2026."""
    day, clock = text.split()
    return datetime.fromisoformat(f"2026-01-{day} {clock}").replace(tzinfo=SEOUL)


class FieldDay:
    """The day's cast, and what they do."""

    def __init__(self, stage: Rehearsal) -> None:
        self.stage = stage
        self.world = stage.world
        self.staff = stage.seats[Seat.STAFF]
        self.manager = stage.seats[Seat.MANAGER]
        self.colleague = self.world.add_user("가상 동료").id
        self.keen_manager = self.world.add_user("가상 실장").id
        self.elsewhere = self.world.add_user("가상 동남권 실무자").id
        self.guest = self.world.add_user("가상 손님").id

    async def gather(self, bot: Bot) -> None:
        """Invitations beyond the rehearsal's own; one manager wants reminders, one participant asks to be told."""
        stage = self.stage
        await stage.invite(bot, self.colleague, Role.STAFF, JEONBUK)
        await stage.invite(bot, self.keen_manager, Role.MANAGER, JEONBUK)
        await stage.invite(bot, self.elsewhere, Role.STAFF, SOUTHEAST)
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


@pytest.mark.timeout(600)
async def test_a_whole_field_day(tmp_path: Path) -> None:
    settings = read_settings(None)
    stage = Rehearsal(settings, f"sqlite+aiosqlite:///{tmp_path / 'day.db'}", at("21 18:00"))
    wire, driver = Wire(), stage.driver
    async with stage.telegram(0, wire.middleware):
        day = FieldDay(stage)
        async with stage.bot() as bot:
            await stage.load(bot)
            await day.gather(bot)
            stage.script.add(await stage.played_notes())
            await driver.advance_to(at("22 12:00"))
        await driver.advance_to(at("22 12:04"))  # the bot is away; people go on writing
        async with stage.bot():
            await driver.advance_to(at("22 13:30"))
            await day.does(day.staff, "/late", "+20분", "이후 일정도 모두 늦추기", "3건 바꾸고 알리기")
            await driver.advance_to(at("22 22:00"))
        body, words = await _digest_of(stage)

    assert stage.script.failed == 0
    assert len(stage.script.users) == 130
    _judge_reminders(day)
    _judge_changes(day)
    _judge_digest(body, words)
    _judge_manager(day, body)
    assert stage.world.violations == []
    assert wire.check_all() > 130 * 5


def _judge_reminders(day: FieldDay) -> None:
    """Every reminder due arrives once, at its minute, to the right people only."""
    briefing, soon, almost = "일정 안내", "1시간 뒤 시작", "10분 뒤 시작"
    hour = ["22 06:30", "22 08:40", "22 10:40", "22 13:10", "22 15:10", "22 17:20"]
    ten = ["22 07:20", "22 09:30", "22 11:30", "22 14:20", "22 16:00", "22 18:10"]
    for person in (day.staff, day.colleague, day.keen_manager):
        assert day.minutes(person, briefing) == ["21 20:00"]
        assert day.minutes(person, soon) == hour
        assert day.minutes(person, almost) == ten
    assert day.minutes(day.manager, briefing) == day.minutes(day.manager, "뒤 시작") == []
    assert day.minutes(day.elsewhere, briefing) == ["22 20:00"]
    assert day.minutes(day.elsewhere, "뒤 시작") == []
    assert day.minutes(day.guest, "뒤 시작") == ["22 08:40", "22 09:30"]


def _judge_changes(day: FieldDay) -> None:
    """Everybody concerned is told once what changed; who changed it sees it in place of the button."""
    change = "일정이 바뀌었습니다"
    for person in (day.colleague, day.keen_manager):
        (notice,) = day.sent(person, change)
        for old, new in (("14:10", "14:30"), ("15:50", "16:10"), ("18:00", "18:20")):
            assert f"{old} → {new}" in notice.text
    for person in (day.staff, day.manager, day.elsewhere, day.guest):
        assert day.sent(person, change) == []
    edits = [e for e in day.world.ledger if e.chat == day.staff and "관계자에게 알렸습니다" in e.text]
    assert len(edits) == 1


def _judge_manager(day: FieldDay, body: dict[str, Any]) -> None:
    """At 21:00 both managers of the region have the digest, and nobody else."""
    for person in (day.manager, day.keen_manager):
        assert day.minutes(person, "[전북] 일일 권역 보고") == ["22 21:00"]
    for person in (day.staff, day.colleague, day.elsewhere, day.guest):
        assert day.sent(person, "일일 권역 보고") == []
    (digest,) = day.sent(day.manager, "[전북] 일일 권역 보고")
    assert "접수 130" in digest.text
    assert all(theme["title"] in digest.text for theme in body["themes"])


def _judge_digest(body: dict[str, Any], words: dict[str, str]) -> None:
    """The ledger balances at 130; every citation exists and every quote is found in its redacted note."""
    ledger = body["ledger"]
    classes = [
        ledger["cited"],
        ledger["covered"],
        ledger["unplaced"],
        *(merged["note_ids"] for merged in ledger["merged"]),
        *(aside["note_ids"] for aside in ledger["set_aside"]),
    ]
    counted = Counter(number for one in classes for number in one)
    assert ledger["received"] == 130 == sum(counted.values()) + ledger["withdrawn"]
    assert set(counted) == set(words)
    assert max(counted.values()) == 1
    findings = [f for theme in body["themes"] for f in theme["findings"]]
    findings += body["minority"]
    assert findings
    assert all(finding["note_ids"] and set(finding["note_ids"]) <= set(words) for finding in findings)
    shown = [*findings, *body["unplaced"]]
    for quote in (quote for one in shown for quote in one["quotes"]):
        redacted = unicodedata.normalize("NFC", redact(words[quote["note_id"]]).text)
        assert quote["text"] in redacted
    assert body["checks"]["findings"] == body["checks"]["passed"] + body["checks"]["dropped"]


async def _digest_of(stage: Rehearsal) -> tuple[dict[str, Any], dict[str, str]]:
    """The published digest as JSON, and the words of all notes by their citation numbers."""
    async with stage.database.open_unit(read_only=True) as unit:
        (tour,) = await unit.tours.all()
        day = at("22 12:00").date()
        stored = await unit.digests.newest_published(tour.id, JEONBUK, day)
        spoken = await unit.notes.of_day(JEONBUK, day)
    assert stored is not None
    return stored.body, {one.note.number or "": one.note.words for one in spoken}
