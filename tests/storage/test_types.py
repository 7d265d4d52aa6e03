"""What the columns keep: moments in UTC, drafts letter for letter."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import StatementError

from bot.domain.delivery import Button, Draft
from bot.domain.ids import ChatId
from bot.domain.values import Phrase
from storage.database import Database
from storage.drafts import draft_from_json, draft_to_json
from storage.repositories.dialogues import Dialogue
from tests.support.plans import SEOUL

SEOUL_MORNING = datetime(2026, 1, 22, 7, 30, 15, 123456, tzinfo=SEOUL)


@pytest.mark.parametrize("zone", [UTC, SEOUL, timezone(timedelta(hours=-9, minutes=-30))])
async def test_a_moment_is_kept_whatever_its_zone_and_comes_back_in_utc(
    database: Database, zone: timezone
) -> None:
    moment = SEOUL_MORNING.astimezone(zone)
    async with database.open_unit() as unit:
        await unit.dialogues.keep(Dialogue(ChatId(1), "s", {}, private=False, last_step_at=moment))
        await unit.commit()
    async with database.open_unit(read_only=True) as unit:
        kept = await unit.dialogues.of(ChatId(1))
        assert kept is not None
        assert kept.last_step_at == moment
        assert kept.last_step_at.tzinfo is UTC
        assert await unit.dialogues.alive_of([ChatId(1)], moment - timedelta(microseconds=1)) == {1}
        assert await unit.dialogues.alive_of([ChatId(1)], moment) == frozenset(), "compared as moments, too"


async def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    naive = datetime(2026, 1, 22, 7, 30)  # noqa: DTZ001 (what must be refused)
    async with database.open_unit() as unit:
        with pytest.raises(StatementError, match="without a zone"):
            await unit.dialogues.keep(Dialogue(ChatId(1), "s", {}, private=False, last_step_at=naive))


def test_a_draft_survives_its_row() -> None:
    draft = Draft(
        key="change.notice",
        values={
            "lines": (Phrase("change.start", {"title": "간담회 “1”", "old": SEOUL_MORNING.astimezone(UTC)}),),
            "day": date(2026, 1, 22),
            "count": 3,
            "share": 0.5,
            "flag": True,
            "none": None,
        },
        keyboard=(
            (Button("late.stop", data="lt:x"), Button("late.by", {"minutes": 20}, data="lt:y")),
            (Button("schedule.naver_map", url="https://map.naver.com/p/search/%EA%B5%B0"),),
        ),
        picture="https://t.me/hyeonjang_test_bot?start=m_code",
        edits=7,
        expires=SEOUL_MORNING.astimezone(UTC),
        private=True,
        silent=True,
    )
    assert draft_from_json(draft_to_json(draft)) == draft
    assert draft_from_json(draft_to_json(Draft("common.not_allowed"))) == Draft("common.not_allowed")
