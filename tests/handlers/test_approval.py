"""The buttons under a draft and /approvers: who may press them, what an old or forged one does, what others see."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.ids import PersonId
from bot.domain.person import Grant, Person, Role
from bot.services.approval.deciding import Deciding
from bot.services.approval.naming import Naming
from handlers import approval
from handlers import digest as digest_handlers
from storage.database import Database
from tests.support.approval_day import DEPUTY, EDITOR, READER, ApprovalDay, approval_day
from tests.support.chat import ADMIN, Chat, Said, grant, talking
from tests.support.kept import JEONBUK
from tests.support.report_day import EVENING
from tests.support.services import only
from tests.support.tour_day import TourDay
from tests.support.triage_day import triage


@pytest.fixture
async def day(sqlite: Database) -> ApprovalDay:
    day = await approval_day(sqlite)
    await day.begins()
    return day


@pytest.fixture
async def chat(sqlite: Database, day: ApprovalDay) -> AsyncIterator[Chat]:
    services = only(
        digests=day.digests,
        digest_view=day.view,
        schedule=TourDay(sqlite).schedule,
        tour=day.tour,
        triage=triage(day),
        approval=Deciding(),
        approvers=Naming(),
    )
    async with talking(sqlite, services, digest_handlers.register, approval.register) as chat:
        chat.clock.jump_to(EVENING)
        yield chat


async def presses(chat: Chat, day: ApprovalDay, label: str, who: object = EDITOR) -> list[Said]:
    seen = day.card(EDITOR)
    return await chat.presses(who, seen.buttons[label], seen.message)  # type: ignore[arg-type]


def keys(messages: list[Said]) -> list[str]:
    return [one.key for one in messages]


async def test_a_digest_that_awaits_approval_is_shown_to_whoever_was_asked_alone(
    chat: Chat, day: ApprovalDay
) -> None:
    draft = day.chat(EDITOR)[0]
    section = next(iter(draft.buttons.values()))
    assert all(not data.endswith(":file") for data in draft.buttons.values())
    for user in (READER, DEPUTY):
        assert keys(await chat.says(user, "/digest")) == ["approval.awaits"]
        assert keys(await chat.presses(user, section, 7)) == ["approval.awaits"]
        assert keys(await chat.presses(user, section.rsplit(":", 1)[0] + ":fhtml", 7)) == ["approval.awaits"]
    assert keys(await chat.says(EDITOR, "/digest")) == ["approval.draft", "digest.section"]
    [shown] = await chat.presses(EDITOR, section, 7)
    assert str(shown.draft.values["section"]).startswith("draft:")
    refused = await chat.presses(EDITOR, section.rsplit(":", 1)[0] + ":fhtml", 7)
    assert keys(refused) == ["common.button_unknown"]


async def test_words_that_were_asked_for_before_do_not_show_the_draft(day: ApprovalDay) -> None:
    digest = (await day.revisions())[0].id
    assert "통근버스" not in await day.shows(digest)
    assert "통근버스" in await day.shows(digest, "draft:sum")


async def test_the_first_to_approve_decides_and_pressing_again_says_the_same(
    chat: Chat, day: ApprovalDay
) -> None:
    await day.passes(30)
    chat.clock.jump_to(day.clock.now())
    mine, theirs = day.card(EDITOR), day.card(DEPUTY)
    said = await chat.presses(EDITOR, mine.buttons["승인"], mine.message)
    assert {(one.chat, one.key) for one in said} == {
        (EDITOR.id, "approval.approved"),
        (DEPUTY.id, "approval.approved"),
    }, "the other's buttons go as well"
    assert keys(await chat.presses(EDITOR, mine.buttons["승인"], mine.message)) == ["approval.approved"]
    refused = await chat.presses(DEPUTY, theirs.buttons["승인"], theirs.message)
    assert keys(refused) == ["approval.already_approved"]
    await day.ticks()
    assert keys(await chat.presses(DEPUTY, theirs.buttons["승인"], theirs.message)) == [
        "approval.already_out"
    ]
    assert [one.action for one in await day.audited()].count("digest_approved") == 1


async def test_an_old_button_changes_nothing_and_shows_the_present_draft(
    chat: Chat, day: ApprovalDay
) -> None:
    old = day.card(EDITOR)
    await day.presses(EDITOR, "문장 빼기")
    await day.presses(EDITOR, "1")
    [card] = await chat.presses(EDITOR, old.buttons["승인"], old.message)
    assert card.key == "approval.card"
    assert "그사이 초안이 바뀌었습니다" in card.text
    waiting = await day.waiting()
    assert waiting is not None
    assert waiting.approved_by is None


async def test_a_sentence_is_chosen_from_the_list(chat: Chat, day: ApprovalDay) -> None:
    listed = await presses(chat, day, "문장 빼기")
    assert str(listed[0].draft.values["section"]) == "draft:d0"
    assert listed[0].labels[:2] == ["1", "2"]
    [card] = [one for one in await chat.taps(EDITOR, listed[0], "돌아가기") if one.draft.edits]
    assert card.key == "approval.card"


async def test_forged_buttons_are_refused(chat: Chat, day: ApprovalDay) -> None:
    approve = day.card(EDITOR).buttons["승인"]
    _, digest, turn, _ = approve.split(":")
    for data, refusal in {
        f"ap:{'x' * 22}:1:y": "common.not_allowed",
        f"ap:{digest}:{turn}:D99": "common.button_unknown",
        f"ap:{digest}:{turn}:W99": "common.button_unknown",
        f"ap:{digest}:{turn}:z": "common.button_unknown",
        f"ap:{digest}:{turn}": "common.button_unknown",
    }.items():
        assert keys(await chat.presses(EDITOR, data, 7)) == [refusal], data
    for user in (READER, DEPUTY, ADMIN):  # the deputy's turn has not come
        assert keys(await chat.presses(user, approve, 7)) == ["common.not_allowed"]


async def test_who_is_no_editor_any_more_decides_nothing(
    chat: Chat, day: ApprovalDay, sqlite: Database
) -> None:
    approve = day.card(EDITOR).buttons["승인"]
    await grant(sqlite, ADMIN, Grant(Role.ADMIN, JEONBUK))
    card = await names(chat, "편집자", day.people[READER.id])
    assert day.people[READER.id].name in card.text
    assert keys(await chat.presses(EDITOR, approve, 7)) == ["common.not_allowed"]


async def names(chat: Chat, office: str, person: Person) -> Said:
    """An administrator names somebody for the region."""
    [choose] = await chat.says(ADMIN, "/approvers")
    [card] = await chat.taps(ADMIN, choose, "전북")
    [people] = await chat.taps(ADMIN, card, f"{office} 정하기")
    [named] = await chat.taps(ADMIN, people, person.name)
    return named


async def test_an_administrator_names_who_approves_and_takes_it_back(
    chat: Chat, day: ApprovalDay, sqlite: Database
) -> None:
    await grant(sqlite, ADMIN, Grant(Role.ADMIN, JEONBUK))
    both = await names(chat, "대리 결재자", day.people[EDITOR.id])
    assert f"대리 결재자: {day.people[EDITOR.id].name}" in both.text
    assert "○ 편집자" not in both.text, "one person holds one office"
    [none] = await chat.taps(ADMIN, both, "지정 해제")
    assert none.key == "approval.not_named"
    assert "○ 편집자" in none.text, "the region's managers are asked"
    stranger = PersonId("z" * 22)
    data = next(
        tap.data for row in both.buttons for tap in row if tap.data and tap.data.startswith("av:editor")
    )
    forged = f"an:editor:{data.split(':')[2]}:{stranger}"
    assert keys(await chat.presses(ADMIN, forged, 7)) == ["approval.cannot"]
