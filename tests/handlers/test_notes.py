"""What staff write into the chat, over the real application."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.domain.feedback import NoteKind, Source, Speaker
from bot.domain.ids import Region
from bot.domain.person import Grant, Role
from handlers import feedback, notes, words
from storage.database import Database
from tests.support.chat import ADMIN, MANAGER, STAFF, STRANGER, TEAM, Chat, grant, talking
from tests.support.feedback import BESIDE, DINNER, LUNCH, notes_of, on_tour, publish, revision_due, services
from tests.support.plans import at

JEONBUK = Region("전북")
WHAT = "도지사가 송전선로 조기 준공을 건의함."


@pytest.fixture
async def chat(sqlite: Database) -> AsyncIterator[Chat]:
    await on_tour(sqlite)
    async with talking(sqlite, services(), feedback.register, notes.register, words.register) as one:
        await grant(sqlite, STAFF, Grant(Role.STAFF, JEONBUK))
        yield one


async def test_plain_words_go_to_the_meeting_in_progress(chat: Chat) -> None:
    [card] = await chat.says(STAFF, WHAT)
    assert LUNCH.title in card.text
    [spoken] = await notes_of(chat.database)
    note = spoken.note
    assert (note.words, note.meeting, note.source, note.kind) == (
        WHAT,
        LUNCH.id,
        Source.STAFF,
        NoteKind.REMARK,
    )
    assert (spoken.speaker, spoken.name) == (Speaker.STAFF, None)
    assert await notes_of(chat.database, "강원") == []


async def test_plain_words_go_to_the_meeting_that_just_ended(chat: Chat) -> None:
    chat.clock.advance_to(at("13:40"))
    [card] = await chat.says(STAFF, WHAT)
    assert LUNCH.title in card.text


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("관찰", NoteKind.OBSERVATION),
        ("건의", NoteKind.REQUEST),
        ("약속", NoteKind.PROMISE),
        ("전언", NoteKind.HEARSAY),
    ],
)
async def test_a_note_is_marked_and_marked_again(chat: Chat, label: str, kind: NoteKind) -> None:
    [card] = await chat.says(STAFF, WHAT)
    [marked] = await chat.taps(STAFF, card, label)
    assert marked.button("✓").label == f"✓ {label}"
    assert marked.message_id == card.message_id
    [other] = await chat.taps(STAFF, marked, "전언" if label != "전언" else "건의")
    await chat.taps(STAFF, other, label)
    [spoken] = await notes_of(chat.database)
    assert spoken.note.kind is kind


async def test_a_topic_stands_behind_its_button(chat: Chat) -> None:
    [card] = await chat.says(STAFF, WHAT)
    [ask] = await chat.taps(STAFF, card, "주제")
    [card] = await chat.taps(STAFF, ask, "일자리·임금")
    assert "일자리·임금" in card.text
    [ask] = await chat.taps(STAFF, card, "주제")
    await chat.taps(STAFF, ask, "주제 없음")
    [spoken] = await notes_of(chat.database)
    assert spoken.note.topic is None


async def test_when_it_is_not_clear_the_words_wait_and_the_person_is_asked(chat: Chat) -> None:
    chat.clock.advance_to(at("15:00"))
    [ask] = await chat.says(STAFF, "어느 자리의 말인지")
    assert ask.key == "notes.choose"
    assert await notes_of(chat.database) == []
    [again] = await chat.says(STAFF, "그리고 이어서")
    [card] = await chat.taps(STAFF, again, LUNCH.title)
    assert LUNCH.title in card.text
    [spoken] = await notes_of(chat.database)
    assert spoken.note.words == "어느 자리의 말인지\n그리고 이어서"
    [gone] = await chat.taps(STAFF, ask, LUNCH.title)
    assert gone.key == "notes.words_gone"


async def test_words_wait_fifteen_minutes_and_not_longer(chat: Chat) -> None:
    chat.clock.advance_to(at("15:00"))
    [ask] = await chat.says(STAFF, "잊은 말")
    chat.clock.advance_to(at("15:15"))
    [gone] = await chat.taps(STAFF, ask, LUNCH.title)
    assert gone.key == "notes.words_gone"
    assert await notes_of(chat.database) == []


async def test_before_the_first_meeting_there_is_nothing_to_write_about(chat: Chat) -> None:
    async with chat.database.open_unit() as unit:
        for one in await unit.meetings.of_day(JEONBUK, LUNCH.day):
            await unit.meetings.keep(one.called_off())
        await unit.commit()
    [refusal] = await chat.says(STAFF, WHAT)
    assert refusal.key == "notes.no_meeting"


async def test_a_meeting_is_chosen_first_with_the_command(chat: Chat) -> None:
    [menu] = await chat.says(STAFF, "/note")
    assert len(menu.labels) == 2
    assert all("강원" not in label and "gangwon" not in label for label in menu.labels)
    [aimed] = await chat.taps(STAFF, menu, "dinner")
    assert aimed.key == "notes.aimed"
    [card] = await chat.says(STAFF, "저녁 자리 준비 메모")
    assert "dinner" in card.text


async def test_words_are_changed_and_what_they_were_is_kept(chat: Chat) -> None:
    [card] = await chat.says(STAFF, WHAT)
    [ask] = await chat.taps(STAFF, card, "고치기")
    assert WHAT in ask.text
    assert ask.draft.private
    [card] = await chat.says(STAFF, "고친 메모")
    assert card.key == "notes.filed"
    [spoken] = await notes_of(chat.database)
    assert spoken.note.words == "고친 메모"


async def test_left_as_it_is_the_next_words_are_a_new_note(chat: Chat) -> None:
    [card] = await chat.says(STAFF, WHAT)
    [ask] = await chat.taps(STAFF, card, "고치기")
    await chat.taps(STAFF, ask, "그대로 두기")
    await chat.says(STAFF, "다른 메모")
    assert sorted(one.note.words for one in await notes_of(chat.database)) == sorted([WHAT, "다른 메모"])
    assert len({one.note.voice for one in await notes_of(chat.database)}) == 1


async def test_a_note_moves_to_another_meeting(chat: Chat) -> None:
    [card] = await chat.says(STAFF, WHAT)
    [ask] = await chat.taps(STAFF, card, "다른 일정으로")
    assert ask.key == "notes.nowhere_else"
    chat.clock.advance_to(at("18:10"))
    [ask] = await chat.taps(STAFF, card, "다른 일정으로")
    [card] = await chat.taps(STAFF, ask, "dinner")
    assert "dinner" in card.text
    [spoken] = await notes_of(chat.database)
    assert spoken.note.meeting == DINNER.id


async def test_taking_back_is_asked_once(chat: Chat) -> None:
    [card] = await chat.says(STAFF, WHAT)
    await publish(chat.database, chat.clock.now())
    [ask] = await chat.taps(STAFF, card, "거두기")
    [gone] = await chat.taps(STAFF, ask, "거두겠습니다")
    assert gone.key == "notes.withdrawn"
    [spoken] = await notes_of(chat.database)
    assert (spoken.note.withdrawn, spoken.note.words) == (True, "")
    assert await revision_due(chat.database) == chat.clock.now()
    [refusal] = await chat.taps(STAFF, card, "고치기")
    assert refusal.key == "notes.already_withdrawn"


async def test_somebody_elses_note_is_out_of_reach(chat: Chat) -> None:
    [card] = await chat.says(STAFF, WHAT)
    await grant(chat.database, STRANGER, Grant(Role.STAFF, JEONBUK))
    data = str(card.button("약속").data)
    [refusal] = await chat.presses(STRANGER, data, 1)
    assert refusal.key == "common.button_unknown"


async def test_a_role_that_was_lost_reaches_nothing_any_more(chat: Chat) -> None:
    [card] = await chat.says(STAFF, WHAT)
    await grant(chat.database, STAFF, Grant(Role.STAFF, Region("강원")))
    [refusal] = await chat.taps(STAFF, card, "약속")
    assert refusal.key == "common.not_allowed"
    [refusal] = await chat.presses(STAFF, f"n:p:{'x' * 22}", 1)
    assert refusal.key == "common.not_allowed"


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ADMIN])
async def test_who_files_no_notes_is_told_so(chat: Chat, role: Role) -> None:
    who = MANAGER if role is Role.MANAGER else ADMIN
    await grant(chat.database, who, Grant(role, None))
    [refusal] = await chat.says(who, "/note")
    assert refusal.key == "common.not_allowed"
    [hint] = await chat.says(who, "그냥 써 봅니다")
    assert hint.key == "help.not_taken"
    assert ("/digest" in hint.text) is (role is Role.MANAGER)
    assert ("/people" in hint.text) is (role is Role.ADMIN)
    assert await notes_of(chat.database) == []


async def test_strangers_and_groups_have_no_notes(chat: Chat) -> None:
    [refusal] = await chat.says(STRANGER, "/note")
    assert refusal.key == "common.not_allowed"
    [refusal] = await chat.says(STAFF, "/note", where=TEAM)
    assert refusal.key == "common.write_in_private"
    assert await chat.says(STAFF, WHAT, where=TEAM) == []


@pytest.mark.parametrize("data", ["n:", "n:k:short:promise", "n:z:" + "x" * 22, "n:k:" + "x" * 22 + ":king"])
async def test_data_that_was_never_ours_is_refused(chat: Chat, data: str) -> None:
    [refusal] = await chat.presses(STAFF, data, 1)
    assert refusal.key == "common.button_unknown"


async def test_a_question_of_the_feedback_dialogue_has_the_words_first(chat: Chat) -> None:
    """Staff try the code on the wall: their words go where they were asked for, and then to their notes again."""
    [card] = await chat.says(STAFF, f"/start m_{LUNCH.code}")
    [filed] = await chat.says(STAFF, "아직 아무것도 묻지 않았을 때")
    assert filed.key == "notes.filed"
    [speaker] = await chat.taps(STAFF, card, "모두 동의하고 시작")
    await chat.taps(STAFF, speaker, "청년")
    [done] = await chat.says(STAFF, "참석자로서")
    assert done.key == "feedback.done"
    [filed] = await chat.says(STAFF, "다시 실무자로서")
    assert filed.key == "notes.filed"
    sources = {one.note.words: one.note.source for one in await notes_of(chat.database)}
    assert sources == {
        "아직 아무것도 묻지 않았을 때": Source.STAFF,
        "참석자로서": Source.CHAT,
        "다시 실무자로서": Source.STAFF,
    }


async def test_two_meetings_at_once_are_asked_about(chat: Chat) -> None:
    async with chat.database.open_unit() as unit:
        await unit.meetings.keep(BESIDE)
        await unit.commit()
    [ask] = await chat.says(STAFF, WHAT)
    assert ask.key == "notes.choose"
    assert len(ask.labels) == 2


async def test_the_next_morning_yesterdays_meetings_are_offered(chat: Chat) -> None:
    chat.clock.advance_to(LUNCH.start + timedelta(hours=21))
    [ask] = await chat.says(STAFF, WHAT)
    [card] = await chat.taps(STAFF, ask, "lunch")
    assert card.key == "notes.filed"
