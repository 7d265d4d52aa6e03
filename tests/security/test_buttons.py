"""Buttons that were drawn for somebody: pressed after their role or region changed, or by somebody else."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.delivery import DeliveryState, Draft
from bot.domain.ids import ChatId
from bot.domain.person import Grant, Role
from bot.services.ports import FateUnknown, SlowDown
from storage.database import Database
from tests.security.world import (
    ACTORS,
    ADMIN_ELSEWHERE,
    ELSEWHERE,
    HERE,
    NOON_HERE,
    ROOT,
    STAFF_ELSEWHERE,
    World,
    kept,
)
from tests.support.chat import ADMIN, MANAGER, STAFF, STRANGER, TEAM, YOUTH, Chat, Said, User, grant
from tests.support.sending_rig import Rig

READS_HERE, READS_THERE = Grant(Role.MANAGER, HERE), Grant(Role.MANAGER, ELSEWHERE)


@pytest.fixture
async def chat(world: World, tmp_path: Path) -> AsyncIterator[Chat]:
    async with world.opened(tmp_path / "copy.db") as chat:
        yield chat


async def all_refused(
    chat: Chat, file: Path, who: User, cards: list[Said], *, own: frozenset[str] = frozenset()
) -> None:
    """Every button of every card but `own` ones, pressed by `who`: "not allowed", and nothing is changed."""
    before, count = kept(file), 0
    for card in cards:
        for tap in (tap for row in card.buttons for tap in row if tap.data and tap.data not in own):
            assert tap.data is not None
            [refused] = await chat.presses(who, tap.data, card.message_id)
            assert (refused.key, refused.chat) == ("common.not_allowed", who.id), tap.label
            count += 1
    assert kept(file) == before
    assert count >= 3


async def staffs_cards(chat: Chat) -> list[Said]:
    """What a staff member has in the chat after a while."""
    [note] = await chat.says(STAFF, "가상 새 의견입니다.")
    [late] = await chat.says(STAFF, "/late")
    [preview] = await chat.taps(STAFF, late, "20분")
    digests = chat._chain._app.bot_data["services"].digests
    async with chat.database.open_unit() as unit:
        for subject in await digests.unsent(unit, now=chat.clock.now()):
            await digests.take_in(unit, subject, now=chat.clock.now())
        await unit.commit()
    digest = await chat.says(STAFF, "/digest")
    [files] = await chat.says(STAFF, "/files")
    return [note, late, preview, *digest, files, *await chat.says(STAFF, "/qr")]


async def test_old_buttons_of_former_staff(chat: Chat, tmp_path: Path) -> None:
    cards = await staffs_cards(chat)
    async with chat.database.open_unit() as unit:
        person, root = [await unit.people.by_chat(ChatId(one.id)) for one in (STAFF, ROOT)]
        assert person is not None
        await chat._chain._app.bot_data["services"].people.revoke(unit, root, person.id, now=chat.clock.now())
        await unit.commit()
    await all_refused(chat, tmp_path / "copy.db", STAFF, cards)


async def test_old_buttons_after_the_role_changed(chat: Chat, tmp_path: Path) -> None:
    """They read digests now: those buttons, and no others, still do."""
    cards = await staffs_cards(chat)
    await grant(chat.database, STAFF, READS_HERE)
    digests = [card for card in cards if card.key.startswith("digest.")]
    await all_refused(chat, tmp_path / "copy.db", STAFF, [card for card in cards if card not in digests])
    [section] = await chat.taps(STAFF, digests[-1], "파일")
    assert section.key == "report.choose"


async def test_old_buttons_after_the_region_changed(chat: Chat, tmp_path: Path) -> None:
    cards = await staffs_cards(chat)
    await grant(chat.database, STAFF, Grant(Role.STAFF, ELSEWHERE))
    moved = [card for card in cards if card.key not in ("files.help", "late.ask", "late.preview")]
    await all_refused(chat, tmp_path / "copy.db", STAFF, moved, own=frozenset({"so:l"}))
    [own] = await chat.presses(STAFF, "so:l", 7)
    assert own.key == "triage.none", "what waits where they are staff now"
    [late] = [card for card in cards if card.key == "late.preview"]
    [refused] = await chat.taps(STAFF, late, "알리기")
    assert refused.key == "common.not_allowed"


async def test_an_administrators_old_buttons_after_the_role_changed(chat: Chat, tmp_path: Path) -> None:
    [roles] = await chat.says(ADMIN, "/invite")
    [regions] = await chat.taps(ADMIN, roles, "실무자")
    [people] = await chat.says(ADMIN, "/people")
    [sure] = await chat.taps(ADMIN, people, "가상대상자")
    await grant(chat.database, ADMIN, READS_HERE)
    await all_refused(chat, tmp_path / "copy.db", ADMIN, [roles, regions, people, sure])


async def test_a_decision_is_the_inviters_only_while_they_may_invite(
    chat: Chat, world: World, tmp_path: Path
) -> None:
    """An administrator of all, or of another region, confirms no more than a stranger does."""
    before = kept(tmp_path / "copy.db")
    for who in (ROOT, ADMIN_ELSEWHERE, STAFF):
        [refused] = await chat.presses(who, f"ic:y:{world.ids['claim']}", 7)
        assert refused.key == "invitation.invalid"
    await grant(chat.database, ADMIN, Grant(Role.ADMIN, ELSEWHERE))
    for _ in range(2):
        [refused] = await chat.presses(ADMIN, f"ic:y:{world.ids['claim']}", 7)
        assert refused.key == "common.not_allowed"
    assert kept(tmp_path / "copy.db")["people"] == before["people"]


async def test_a_decision_that_was_made_is_not_told_to_a_former_administrator(
    chat: Chat, world: World
) -> None:
    await chat.presses(ADMIN, f"ic:y:{world.ids['claim']}", 7)
    await grant(chat.database, ADMIN, READS_HERE)
    [refused] = await chat.presses(ADMIN, f"ic:y:{world.ids['claim']}", 7)
    assert refused.key == "common.not_allowed"


async def test_two_grants_reach_each_their_own_region(chat: Chat, world: World) -> None:
    """Staff there and manager here: reads both digests, files notes and moves meetings there only."""
    await grant(chat.database, MANAGER, READS_HERE, Grant(Role.STAFF, ELSEWHERE))
    for data, key in (
        (f"dd:{world.ids['meeting']}", "digest.section"),
        (
            f"dd:{'there'.ljust(22, 'm')}",
            "interim.nothing_yet",
        ),  # readable, and too few voices for an interim digest
        (f"lt:{world.ids['meeting']}:20:0", "common.not_allowed"),
        (f"lt:{'there'.ljust(22, 'm')}:20:0", "late.preview"),
        (f"n:p:{world.ids['meeting']}", "common.not_allowed"),
        (f"n:p:{'there'.ljust(22, 'm')}", "notes.aimed"),
        (f"qr:{world.ids['meeting']}", "common.not_allowed"),
    ):
        assert (await chat.presses(MANAGER, data, 7))[-1].key == key, data


@pytest.mark.parametrize("who", [STAFF_ELSEWHERE, STRANGER, MANAGER], ids=lambda user: user.first_name)
async def test_buttons_replayed_from_another_account(chat: Chat, tmp_path: Path, who: User) -> None:
    """What staff of 전북 were shown, sent by others as their own; a manager of 전북 may open its digest, and no more."""
    file, cards = tmp_path / "copy.db", await staffs_cards(chat)
    before = kept(file)
    for card in cards:
        for tap in (tap for row in card.buttons for tap in row if tap.data):
            assert tap.data is not None
            told = await chat.presses(who, tap.data, card.message_id)
            mine = (who is MANAGER and tap.data[:2] in ("dg", "dd")) or (
                who is STAFF_ELSEWHERE and tap.data[:4] in ("fl:t", "lt:x", "so:l")
            )
            refused = {"common.not_allowed", "common.button_unknown"}
            assert mine or ({one.key for one in told} <= refused and told), (tap.label, told)
    after = kept(file)
    log = {"audit", "audit_chain"} if who is MANAGER else set()  # that the manager read is on record
    assert {name for name in before if after[name] != before[name]} == log


async def test_an_invitation_is_taken_once_by_one_in_private(chat: Chat, world: World) -> None:
    data = f"iv:{world.ids['token']}"
    [public] = await chat.presses(STRANGER, data, 7, where=TEAM)
    assert public.key == "common.write_in_private"
    [own] = await chat.presses(ADMIN, data, 7)
    assert own.key == "invitation.own"
    first = await chat.presses(STRANGER, data, 7)
    assert [one.key for one in first if one.chat == STRANGER.id] == ["invitation.waiting"]
    for again in (data, data):
        assert [one.key for one in await chat.presses(STRANGER, again, 7)] == ["invitation.waiting"]
    for user in (YOUTH, STAFF, ADMIN_ELSEWHERE):
        [card] = await chat.says(user, f"/start i_{world.ids['token']}")
        [button] = await chat.presses(user, data, 7)
        assert (card.key, button.key) == ("invitation.invalid", "invitation.invalid")


async def test_an_invitation_that_expired_or_was_never_made_is_told_alike(chat: Chat, world: World) -> None:
    [never] = await chat.says(STRANGER, f"/start i_{'Z' * 43}")
    chat.clock.advance_to(chat.clock.now() + timedelta(days=7))
    [expired] = await chat.says(STRANGER, f"/start i_{world.ids['token']}")
    [pressed] = await chat.presses(STRANGER, f"iv:{world.ids['token']}", 7)
    assert never.key == "invitation.invalid"
    assert never.text == expired.text == pressed.text


async def test_nothing_leaves_to_somebody_who_was_forgotten_on_the_way(
    sqlite: Database, tmp_path: Path
) -> None:
    """A reply without a region was under way, or put off, when its reader's last grant ended."""
    rig = Rig(sqlite, tmp_path)
    await rig.start()
    try:
        await rig.run(2)
        for trouble in (FateUnknown(), SlowDown(timedelta(seconds=30))):
            person = await grant(sqlite, STAFF, Grant(Role.STAFF, HERE))
            rig.messenger.script(trouble)
            key = type(trouble).__name__
            await rig.plan(key, chat=STAFF.id, draft=Draft("t.say", {"words": key}), person=person.id)
            await rig.drained()
            async with sqlite.open_unit() as unit:
                await unit.people.remove(person.id)
                await unit.commit()
            asked = len(rig.messenger.calls)
            await rig.run(300)
            assert len(rig.messenger.calls) == asked
            assert await rig.state(key) is DeliveryState.EXPIRED
    finally:
        await rig.stop()


def test_everybody_here_is_in_the_matrix() -> None:
    assert {STAFF, MANAGER, ADMIN, STRANGER, STAFF_ELSEWHERE} <= set(ACTORS.values())
    assert NOON_HERE.region == HERE
