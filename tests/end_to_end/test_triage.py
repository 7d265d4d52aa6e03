"""From a scanned code to the digest: people tell stories and tap no topic, staff sort them by cards, the evening says so.

The real bot against the local Bot API, the clock stepped from event to event.
"""

from pathlib import Path

from bot.rehearsal.page import Seat
from bot.rehearsal.play import PlayedNote, press
from bot.rehearse import Rehearsal
from bot.services.digests import digest_of
from bot.settings import read_settings
from tests.support.field_day import JEONBUK, FieldDay, at

STORIES = tuple(
    f"가상 {n}번 참여자가 겪은 일을 이야기로 들려 드립니다." for n in ("일", "이", "삼", "사", "오", "육")
)


async def test_a_story_is_sorted_by_a_tap_and_stands_in_the_evenings_digest(tmp_path: Path) -> None:
    settings = read_settings(None).model_copy(update={"analysis": "off"})
    stage = Rehearsal(settings, f"sqlite+aiosqlite:///{tmp_path / 'day.db'}", at("22 12:00"))
    async with stage.telegram(0), stage.bot() as bot:
        await stage.load(bot)
        day, driver, staff = FieldDay(stage), stage.driver, stage.seats[Seat.STAFF]
        code = await day.code_of("jb-0122-3")
        stage.script.add(PlayedNote(at("22 12:05"), code, "청년", 4, None, words) for words in STORIES)
        await driver.advance_to(at("22 12:30"))
        await driver.advance_to(at("22 12:31"))
        topic = next(one.title for one in stage.sources.topics if not one.is_rest)
        await day.does(staff, "/triage", topic, topic, topic, "모르겠음·건너뛰기", "그만")
        cards = [one for one in stage.world.ledger if one.chat == staff and "주제 미분류 의견" in one.text]
        assert ["의견 6건" in cards[0].text, "의견 3건" in cards[-1].text] == [True, True]
        assert sum(any(words in card.text for words in STORIES) for card in cards) == len(cards) == 5
        await driver.advance_to(at("22 20:30"))
        [nudge] = day.sent(staff, "주제가 정해지지 않은 의견이")
        assert "3건" in nudge.text
        assert nudge.silent
        await driver.accompany(press(stage.world, staff, "미분류 3건 분류하기"))
        await driver.accompany(press(stage.world, staff, topic))
        await driver.advance_to(at("22 21:05"))
        async with stage.database.open_unit(read_only=True) as unit:
            [tour] = await unit.tours.all()
            stored = await unit.digests.newest_published(tour.id, JEONBUK, at("22 12:00").date())
        assert stored is not None
        digest = digest_of(stored)
        [theme] = digest.themes
        assert (theme.category, theme.voices, digest.placed_by.staff) == (topic, 4, 4)
        assert len(digest.ledger.unplaced) == 2
        assert day.sent(stage.seats[Seat.MANAGER], topic), "and managers read it"
    assert stage.script.failed == 0
    assert stage.world.violations == []
