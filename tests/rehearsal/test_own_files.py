"""The stage with a tour and notes of one's own, and with a webhook in place of polling."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.domain.reading import read_notes, read_tour
from bot.rehearsal.page import Seat
from bot.rehearsal.sources import sample_sources
from bot.rehearse import Rehearsal
from bot.rehearse.stage import TOKEN
from bot.settings import read_settings
from tests.rehearsal.own import NOTES, TOUR
from tests.rehearsal.served import call

SEOUL = ZoneInfo("Asia/Seoul")


def at(text: str) -> datetime:
    """A moment in Seoul: `03 18:00` of March 2026."""
    day, clock = text.split()
    return datetime.fromisoformat(f"2026-03-{day} {clock}").replace(tzinfo=SEOUL)


async def test_ones_own_notes_come_at_their_times_and_reach_the_digest(tmp_path: Path) -> None:
    sample = sample_sources(SEOUL)
    sources = replace(
        sample,
        tour_name="가상 순회",
        plans=read_tour(TOUR, SEOUL).plans,
        notes=read_notes(NOTES, SEOUL, sample.topics).notes[:1],
        own_tour=True,
    )
    stage = Rehearsal(
        read_settings(None), f"sqlite+aiosqlite:///{tmp_path / 'r.db'}", sources.starts(SEOUL), sources
    )
    manager = stage.seats[Seat.MANAGER]
    async with stage.telegram(0), stage.bot() as bot:
        await stage.load(bot)
        assert await stage.play_notes() == 1
        await stage.driver.advance_to(at("04 14:29"))
        assert (stage.script.done, stage.script.total) == (0, 1)
        await stage.driver.advance_to(at("04 14:31"))
        assert (stage.script.done, stage.script.failed) == (1, 0)
        await stage.driver.advance_to(at("04 21:01"))
        assert any("[강원] 일일 권역 보고" in message.text for message in stage.world.from_bot(manager))


async def test_the_stage_may_push_to_a_webhook_that_goes_away_and_comes_back(tmp_path: Path) -> None:
    start = datetime(2026, 1, 21, 18, 0, tzinfo=SEOUL)
    stage = Rehearsal(read_settings(None), f"sqlite+aiosqlite:///{tmp_path / 'r.db'}", start)
    staff, world = stage.seats[Seat.STAFF], stage.world
    async with stage.telegram(0):
        async with stage.bot(webhook=True) as bot:
            await stage.load(bot)
            assert world.updates.webhook is not None
            await stage.driver.advance_to(datetime(2026, 1, 21, 20, 1, tzinfo=SEOUL))
            assert any("1.22.(목) 일정 안내" in message.text for message in world.from_bot(staff))
        world.say(staff, staff, "/next")
        async with stage.bot(webhook=True):
            last = world.last_id(staff)
            await stage.driver.advance_to(datetime(2026, 1, 21, 20, 5, tzinfo=SEOUL))
            assert world.pending_updates == 0
            assert [message.text for message in world.from_bot(staff, after=last)]
        world.say(staff, staff, "/today")
        async with stage.bot():
            await stage.driver.advance_to(datetime(2026, 1, 21, 20, 10, tzinfo=SEOUL))
            assert world.pending_updates == 0
            _, info = await call(stage.url, TOKEN, "getWebhookInfo", {})
            assert isinstance(info["result"], dict)
            assert info["result"]["url"] == ""
