"""Tables that people send: broken, enormous, in every encoding, of every kind. Read into lines or refused in words, in chat and console."""

import pytest

from bot.domain.incoming import IncomingState
from bot.domain.person import Grant, Role
from bot.domain.reading import read_notes, read_tour
from bot.domain.tables.text import FileRefused
from bot.gateways.spreadsheet import table_of
from bot.services.files.lines import refused_lines
from storage.database import Database
from tests.hostile.form import LONG, of_form
from tests.hostile.sent_files import files
from tests.hostile.watching import leaks
from tests.support.chat import ADMIN, MESSAGES, grant
from tests.support.feedback import TOPICS
from tests.support.filing import filing
from tests.support.plans import SEOUL, at

DROP = "그만두기"
SENT_SHORT, SENT_LONG = 25, 250
"""How many of them are sent into the chat."""


def test_every_file_ends_in_lines_or_in_words() -> None:
    for data in files():
        for read in (_as_tour, _as_notes):
            said = read(data)
            assert not leaks(said), (said, data[:300])


def _as_tour(data: bytes) -> str:
    try:
        table = read_tour(table_of(data), SEOUL)
    except FileRefused as refused:
        return MESSAGES.text(refused.key, refused.values, now=at("12:00"))
    lines = refused_lines(table.refused, "files")
    return "\n".join(MESSAGES.text(line.key, line.values, now=at("12:00")) for line in lines)


def _as_notes(data: bytes) -> str:
    try:
        table = read_notes(table_of(data), SEOUL, TOPICS)
    except FileRefused as refused:
        return MESSAGES.text(refused.key, refused.values, now=at("12:00"))
    lines = refused_lines(table.refused, "files")
    return "\n".join(MESSAGES.text(line.key, line.values, now=at("12:00")) for line in lines)


@pytest.mark.timeout(1200)
async def test_every_file_that_is_sent_is_answered(sqlite: Database) -> None:
    await grant(sqlite, ADMIN, Grant(Role.ADMIN, None))
    async with filing(sqlite) as desk:
        for data in of_form(files(), SENT_LONG if LONG else SENT_SHORT, long=False):
            answered = [*await desk.sends(ADMIN, data, "가상 <b>일정.xlsx"), *await desk.works()]
            assert len(answered) >= 2, data[:300]
            for one in answered:
                assert not leaks(one.text), (one.text, data[:300])
            for card in answered:
                if DROP in card.labels:
                    await desk.decides(ADMIN, card, DROP)
        assert IncomingState.REFUSED in await desk.states()
        assert IncomingState.DROPPED in await desk.states()
