"""An invitation's whole way through the chat: /invite, the link, the card, the claim, the inviter's word."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.domain.ids import ChatId, Region, TourId
from bot.domain.invitation import LIFETIME
from bot.domain.person import Grant, Role
from bot.domain.tour import Tour
from bot.services.invitations import Invitations
from bot.services.people import People
from handlers import help as help_
from handlers import invite, start
from storage.database import Database
from tests.support.chat import ADMIN, BOT, MANAGER, STAFF, STRANGER, TEAM, Chat, User, grant, talking
from tests.support.plans import meeting
from tests.support.services import only

JEONBUK = Region("전북")


@pytest.fixture
async def chat(sqlite: Database) -> AsyncIterator[Chat]:
    """An administrator of everything, and a tour of 전북 and 강원."""
    async with sqlite.open_unit() as unit:
        await unit.tours.keep(Tour(TourId("tour"), "가상 순회", ()))
        await unit.meetings.keep(meeting("a"))
        await unit.meetings.keep(meeting("b", "11:00", "12:00", region="강원"))
        await unit.commit()
    await grant(sqlite, ADMIN, Grant(Role.ADMIN, None))
    services = only(people=People(), invitations=Invitations(BOT.username))
    async with talking(sqlite, services, invite.register, start.register, help_.register) as chat:
        yield chat


async def grants_of(chat: Chat, user: User) -> set[Grant]:
    async with chat.database.open_unit(read_only=True) as unit:
        person = await unit.people.by_chat(ChatId(user.id))
    return set() if person is None else set(person.grants)


async def link(chat: Chat, role: str = "실무자", region: str = "전북") -> str:
    """The start payload of a new invitation."""
    [roles] = await chat.says(ADMIN, "/invite")
    [regions] = await chat.taps(ADMIN, roles, role)
    _, passed_on = await chat.taps(ADMIN, regions, region)
    found = re.search(r"https://t\.me/hyeonjang_test_bot\?start=(i_[\w-]{43})", passed_on.text)
    assert found is not None
    return found[1]


async def test_from_the_command_to_the_grant(chat: Chat) -> None:
    payload = await link(chat)
    [card] = await chat.says(STAFF, f"/start {payload}")
    assert "전북 실무자" in card.text
    assert card.labels == ["수락"]
    waiting, asked = await chat.taps(STAFF, card, "수락")
    if waiting.chat != STAFF.id:
        waiting, asked = asked, waiting
    assert (waiting.draft.edits, waiting.labels) == (card.message_id, []), "the button is gone"
    number = re.search(r"<b>(\d{4})</b>", waiting.text)
    assert number is not None
    assert asked.chat == ADMIN.id
    assert number[1] in asked.text
    assert await grants_of(chat, STAFF) == set()
    said = await chat.taps(ADMIN, asked, "승인")
    assert {(one.chat, one.key) for one in said} == {
        (ADMIN.id, "invitation.confirmed"),
        (STAFF.id, "invitation.granted"),
    }
    assert await grants_of(chat, STAFF) == {Grant(Role.STAFF, JEONBUK)}


async def test_the_choices_are_made_in_one_message_and_the_link_stands_alone(chat: Chat) -> None:
    [roles] = await chat.says(ADMIN, "/invite")
    assert roles.labels == ["실무자", "간부", "관리자"]
    [regions] = await chat.taps(ADMIN, roles, "간부")
    assert regions.draft.edits == roles.message_id
    assert regions.labels == ["전북", "강원", "전체 권역"]
    made, passed_on = await chat.taps(ADMIN, regions, "전체 권역")
    assert (made.draft.edits, made.labels) == (roles.message_id, [])
    assert "전체 권역 간부" in passed_on.text
    assert passed_on.labels == []


async def test_what_holds_a_token_is_destroyed_like_a_participants_dialogue(chat: Chat) -> None:
    [roles] = await chat.says(ADMIN, "/invite")
    [regions] = await chat.taps(ADMIN, roles, "실무자")
    _, passed_on = await chat.taps(ADMIN, regions, "강원")
    assert passed_on.draft.private
    await grant(chat.database, MANAGER, Grant(Role.MANAGER, None))
    payload = passed_on.text.partition("start=")[2].split()[0]
    [card] = await chat.says(MANAGER, f"/start {payload}")
    assert card.draft.private


async def test_declining_tells_the_claimant_kindly(chat: Chat) -> None:
    [card] = await chat.says(STRANGER, f"/start {await link(chat)}")
    said = await chat.taps(STRANGER, card, "수락")
    [asked] = [one for one in said if one.chat == ADMIN.id]
    told = await chat.taps(ADMIN, asked, "거절")
    assert {(one.chat, one.key) for one in told} == {
        (ADMIN.id, "invitation.declined"),
        (STRANGER.id, "invitation.refused"),
    }
    assert await grants_of(chat, STRANGER) == set()


@pytest.mark.parametrize(
    ("told", "words", "accept"),
    [
        ("en-US", "You have been invited", "Accept"),
        ("uz", "You have been invited", "Accept"),
        (None, "현장에 초대받으셨습니다", "수락"),
    ],
)
async def test_who_is_invited_reads_the_language_of_their_telegram_and_the_inviter_their_own(
    chat: Chat, told: str | None, words: str, accept: str
) -> None:
    user = replace(STRANGER, language=told)
    [card] = await chat.says(user, f"/start {await link(chat)}")
    assert words in card.text
    said = {one.key: one for one in await chat.taps(user, card, accept)}
    assert said.keys() == {"invitation.waiting", "invitation.ask"}
    [granted, _] = sorted(await chat.taps(ADMIN, said["invitation.ask"], "승인"), key=lambda one: -one.chat)
    assert granted.key == "invitation.granted"
    assert ("You now have this role" in granted.text) is (accept == "Accept")
    async with chat.database.open_unit(read_only=True) as unit:
        person = await unit.people.by_chat(ChatId(user.id))
    assert person is not None
    assert person.language == ("en" if accept == "Accept" else "ko")


async def test_links_that_lead_nowhere_are_told_alike(chat: Chat) -> None:
    used, late = await link(chat), await link(chat)
    [card] = await chat.says(STAFF, f"/start {used}")
    await chat.taps(STAFF, card, "수락")
    told = [
        await chat.says(STRANGER, f"/start {used}"),
        await chat.says(STRANGER, "/start i_" + "A" * 43),
        await chat.says(STRANGER, "/start i_AAA"),
        await chat.presses(STRANGER, card.button("수락").data or "", card.message_id),
    ]
    chat.clock.advance_to(chat.clock.now() + LIFETIME)
    told.append(await chat.says(STRANGER, f"/start {late}"))
    assert {one.text for said in told for one in said} == {told[0][0].text}
    assert all(len(said) == 1 and said[0].key == "invitation.invalid" for said in told)


@pytest.mark.parametrize(
    ("grants", "refused"),
    [
        ([], True),
        ([Grant(Role.STAFF, None)], True),
        ([Grant(Role.MANAGER, None)], True),
        ([Grant(Role.ADMIN, None)], False),
        ([Grant(Role.STAFF, None), Grant(Role.ADMIN, JEONBUK)], False),
    ],
)
async def test_the_role_is_checked_at_every_step(chat: Chat, grants: list[Grant], *, refused: bool) -> None:
    if grants:
        await grant(chat.database, STAFF, *grants)
    forged = [
        await chat.says(STAFF, "/invite"),
        await chat.presses(STAFF, "in:staff", 5),
        await chat.presses(STAFF, f"in:staff:{_mark('전북')}", 5),
    ]
    assert [said[0].key == "common.not_allowed" for said in forged] == [refused] * 3
    payloads = [one for said in forged for one in said if "start=i_" in one.text]
    assert len(payloads) == (0 if refused else 1)


def _mark(region: str) -> str:
    return invite._mark(Region(region))


async def test_an_administrator_of_one_region_is_offered_that_one_and_held_to_it(chat: Chat) -> None:
    await grant(chat.database, MANAGER, Grant(Role.ADMIN, JEONBUK))
    [roles] = await chat.says(MANAGER, "/invite")
    [regions] = await chat.taps(MANAGER, roles, "실무자")
    assert regions.labels == ["전북"]
    for data in (f"in:staff:{_mark('강원')}", "in:admin:all"):
        [told] = await chat.presses(MANAGER, data, regions.message_id)
        assert told.key == "common.not_allowed"


async def test_forged_buttons_are_unknown(chat: Chat) -> None:
    for data in (
        "in:participant",
        "in:king",
        "in:staff:000000000000",
        "in:staff:전북",
        "ic:y:",
        "iv:",
        "iv:'--",
    ):
        said = await chat.presses(ADMIN, data, 5)
        assert [one.key for one in said] == ["common.button_unknown"], data
    [told] = await chat.presses(ADMIN, "ic:y:" + "A" * 22, 5)
    assert told.key == "invitation.invalid"


async def test_somebody_else_who_presses_confirm_changes_nothing(chat: Chat) -> None:
    await grant(chat.database, MANAGER, Grant(Role.ADMIN, None))
    [card] = await chat.says(STAFF, f"/start {await link(chat)}")
    said = await chat.taps(STAFF, card, "수락")
    [asked] = [one for one in said if one.chat == ADMIN.id]
    for user, key in ((MANAGER, "invitation.invalid"), (STAFF, "common.not_allowed")):
        [told] = await chat.taps(user, asked, "승인")
        assert told.key == key
    assert await grants_of(chat, STAFF) == set()


async def test_an_inviter_who_was_demoted_meanwhile_is_refused(chat: Chat) -> None:
    [card] = await chat.says(STAFF, f"/start {await link(chat)}")
    said = await chat.taps(STAFF, card, "수락")
    [asked] = [one for one in said if one.chat == ADMIN.id]
    await grant(chat.database, ADMIN, Grant(Role.MANAGER, None))
    [told] = await chat.taps(ADMIN, asked, "승인")
    assert told.key == "common.not_allowed"
    assert await grants_of(chat, STAFF) == set()


async def test_pressing_confirm_twice_grants_once(chat: Chat) -> None:
    [card] = await chat.says(STAFF, f"/start {await link(chat)}")
    said = await chat.taps(STAFF, card, "수락")
    [asked] = [one for one in said if one.chat == ADMIN.id]
    await chat.taps(ADMIN, asked, "승인")
    [told] = await chat.taps(ADMIN, asked, "거절")
    assert told.key == "invitation.confirmed", "the first word stands, and is what the second tap is told"
    assert await grants_of(chat, STAFF) == {Grant(Role.STAFF, JEONBUK)}


async def test_nothing_of_it_happens_in_a_group(chat: Chat) -> None:
    payload = await link(chat)
    for text in ("/invite", f"/start@{BOT.username} {payload}"):
        [told] = await chat.says(ADMIN, text, where=TEAM)
        assert (told.chat, told.key) == (TEAM.id, "common.write_in_private")
    [told] = await chat.presses(STRANGER, f"iv:{payload[2:]}", 5, where=TEAM)
    assert told.key == "common.write_in_private"
    assert await grants_of(chat, STRANGER) == set()
