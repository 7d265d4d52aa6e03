"""Requests at rest, on both databases: what the tables refuse, and the way up and down of their migration."""

from datetime import date, timedelta
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, insert, text, update
from sqlalchemy.exc import IntegrityError

from bot.domain.feedback import Consent, Purpose
from bot.domain.ids import ChatId
from bot.domain.request import Answer, Door, RequestKind, RequestState, asked
from storage.database import Database, alembic_config
from storage.models import RequestRow
from tests.support.kept import tour_with, voice
from tests.support.plans import meeting

DAY = date(2026, 1, 22)
GUEST = ChatId(41)
ROW: dict[str, Any] = {
    "id": "r",
    "number": "ABCDEFG",
    "kind": RequestKind.ACCESS,
    "door": Door.CHAT,
    "state": RequestState.OPEN,
    "chat_id": GUEST,
    "language": "ko",
    "received_on": DAY,
    "counted_from": DAY,
    "due_on": DAY + timedelta(days=10),
    "told_on": DAY,
}


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"chat_id": None}, "ck_requests_chat_ones_lead_back"),
        ({"door": Door.DESK}, "ck_requests_chat_ones_lead_back"),
        ({"closed_on": DAY}, "ck_requests_ended_ones_have_a_day"),
        ({"state": RequestState.DONE}, "ck_requests_ended_ones_have_a_day"),
        (
            {"state": RequestState.WITHDRAWN, "closed_on": DAY, "words": "가상"},
            "ck_requests_withdrawn_ones_say_nothing",
        ),
        ({"due_on": DAY}, "ck_requests_days_follow_each_other"),
        ({"counted_from": DAY - timedelta(days=1)}, "ck_requests_days_follow_each_other"),
    ],
)
async def test_a_wrong_state_is_refused(database: Database, values: dict[str, Any], constraint: str) -> None:
    async with database.open_unit() as unit:
        await unit._session.execute(insert(RequestRow).values(ROW))
        with pytest.raises(IntegrityError, match=constraint):
            await unit._session.execute(update(RequestRow).values(values))


async def test_one_of_a_kind_and_chat_is_open_and_letters_are_as_many_as_come(database: Database) -> None:
    async with database.open_unit() as unit:
        first = asked(RequestKind.ACCESS, DAY, DAY, chat=GUEST, language="ko")
        await unit.requests.keep(first)
        with pytest.raises(IntegrityError):
            async with unit.savepoint():
                await unit.requests.keep(asked(RequestKind.ACCESS, DAY, DAY, chat=GUEST, language="ko"))
        await unit.requests.keep(asked(RequestKind.DELETION, DAY, DAY, chat=GUEST, language="ko"))
        await unit.requests.keep(first.answered(Answer.NONE, "", DAY))
        await unit.requests.keep(asked(RequestKind.ACCESS, DAY, DAY, chat=GUEST, language="ko"))
        for _ in range(3):
            await unit.requests.keep(asked(RequestKind.ACCESS, DAY, DAY, chat=None, language="ko"))
        assert len(await unit.requests.waiting()) == 5
        assert len(await unit.requests.of_chat(GUEST)) == 3


async def test_what_was_kept_is_read_as_it_was(database: Database) -> None:
    whole = asked(RequestKind.ACCESS, DAY, DAY, chat=GUEST, language="en", words="가상 <b>&🙂")
    later = whole.answered(Answer.POSTPONED, "까닭", DAY)
    async with database.open_unit() as unit:
        await unit.requests.keep(whole)
        await unit.requests.keep(later)
        await unit.commit()
    async with database.open_unit(read_only=True) as unit:
        assert await unit.requests.by_id(whole.id) == later
        assert await unit.requests.by_number(whole.number) == later
        assert await unit.requests.by_number("0000000") is None


async def test_the_table_tells_no_order_on_sqlite_and_no_time_on_either(database: Database) -> None:
    kinds = {type(column.type).__name__ for column in RequestRow.__table__.columns}
    assert not kinds & {"UtcDateTime", "DateTime"}
    if database.is_sqlite:
        async with database.open_unit(read_only=True) as unit:
            made = await unit._session.scalar(text("SELECT sql FROM sqlite_master WHERE name = 'requests'"))
        assert str(made).rstrip().endswith("WITHOUT ROWID")


async def test_down_and_up_again_the_newest_consent_stays(sqlite: Database) -> None:
    async with sqlite.open_unit() as unit:
        await tour_with(unit, meeting("a"))
        speaks = await voice(unit)
        for version, day in (("2", DAY), ("10", DAY + timedelta(days=1))):
            await unit.voices.agree(Consent(speaks, Purpose.FEEDBACK, version, day))
        await unit.voices.agree(Consent(speaks, Purpose.ABROAD, "1", DAY))
        await unit.requests.keep(asked(RequestKind.ACCESS, DAY, DAY, chat=GUEST, language="ko"))
        await unit.commit()

    def down(connection: Connection) -> None:
        command.downgrade(alembic_config(connection), "0006")

    async with sqlite._writer.connect() as connection:
        await connection.run_sync(down)
        await connection.commit()
    await sqlite.migrate()
    async with sqlite.open_unit(read_only=True) as unit:
        assert await unit.voices.agreements(speaks) == {
            Purpose.FEEDBACK: ("10", DAY + timedelta(days=1)),
            Purpose.ABROAD: ("1", DAY),
        }
        assert await unit.requests.all() == []
