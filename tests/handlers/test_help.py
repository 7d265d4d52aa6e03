"""/start and /help: by role, and for a stranger a kind word that tells nothing about the tour."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.domain.ids import Region, TourId
from bot.domain.person import Grant, Role
from bot.domain.tour import Tour
from handlers import help as help_
from handlers import start
from storage.database import Database
from tests.support.chat import ADMIN, MANAGER, STAFF, STRANGER, TEAM, Chat, User, grant, talking
from tests.support.plans import meeting
from tests.support.services import only

JEONBUK = Region("전북")


@pytest.fixture
async def chat(sqlite: Database) -> AsyncIterator[Chat]:
    async with talking(sqlite, only(), start.register, help_.register) as chat:
        yield chat


@pytest.mark.parametrize("text", ["/start", "/help", "/start whatever", "/start I_upper"])
@pytest.mark.parametrize("language", ["ko", "en", None])
async def test_a_stranger_is_told_how_to_give_feedback_and_nothing_else(
    chat: Chat, text: str, language: str | None
) -> None:
    async with chat.database.open_unit() as unit:
        await unit.tours.keep(Tour(TourId("tour"), "가상 순회", ()))
        await unit.meetings.keep(meeting("a"))
        await unit.commit()
    [told] = await chat.says(replace(STRANGER, language=language), text)
    assert told.key == "help.visitor"
    assert "QR" in told.text
    for secret in ("전북", "군산", "간담회", "/next", "/invite"):
        assert secret not in told.text


@pytest.mark.parametrize(
    ("user", "role", "has", "lacks"),
    [
        (STAFF, Role.STAFF, ["전북 실무자", "/late", "/qr", "/status", "/settings"], ["/invite", "/people"]),
        (MANAGER, Role.MANAGER, ["전북 간부", "/digest", "/settings"], ["/late", "/invite", "/status"]),
        (ADMIN, Role.ADMIN, ["전북 관리자", "/invite", "/people", "/status"], ["/digest", "/late"]),
    ],
)
async def test_everybody_reads_what_they_may_do(
    chat: Chat, user: User, role: Role, has: list[str], lacks: list[str]
) -> None:
    await grant(chat.database, user, Grant(role, JEONBUK))
    for text in ("/start", "/help"):
        [told] = await chat.says(user, text)
        assert [part for part in has if part not in told.text] == []
        assert [part for part in lacks if part in told.text] == []


async def test_somebody_whose_roles_ended_is_a_stranger_again(chat: Chat) -> None:
    await grant(chat.database, STAFF)
    [told] = await chat.says(STAFF, "/help")
    assert told.key == "help.visitor"


async def test_a_meetings_code_is_left_to_feedback_whoever_registered_first(chat: Chat) -> None:
    [told] = await chat.says(STRANGER, "/start m_abcdefghjk")
    assert told.key == "common.not_understood", "nobody here takes it"


async def test_an_unknown_command_leads_to_help(chat: Chat) -> None:
    [told] = await chat.says(STRANGER, "/weather")
    assert (told.key, "/help" in told.text) == ("common.not_understood", True)


async def test_in_a_group_the_bot_says_what_it_is_for(chat: Chat) -> None:
    await grant(chat.database, STAFF, Grant(Role.STAFF, JEONBUK))
    for text in ("/help@hyeonjang_test_bot", "/start@hyeonjang_test_bot"):
        [told] = await chat.says(STAFF, text, where=TEAM)
        assert (told.chat, told.key) == (TEAM.id, "group.introduction")
