"""A participant's two minutes, over the real application: scan, agree, tap, write, change, take back."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.domain.delivery import DeliveryKind
from bot.domain.feedback import NoteKind, Source, Speaker
from handlers import feedback, words
from storage.database import Database
from tests.support.chat import STAFF, STRANGER, TEAM, YOUTH, Chat, Said, User, talking
from tests.support.feedback import DINNER, LUNCH, notes_of, on_tour, publish, revision_due, services
from tests.support.plans import at
from tests.support.raw_updates import photo_message, voice_message

SCAN = f"/start m_{LUNCH.code}"


@pytest.fixture
async def chat(sqlite: Database) -> AsyncIterator[Chat]:
    await on_tour(sqlite)
    async with talking(sqlite, services(), feedback.register, words.register) as one:
        yield one


async def agreed(chat: Chat, who: User = YOUTH, scan: str = SCAN) -> Said:
    [card] = await chat.says(who, scan)
    [speaker] = await chat.taps(who, card, "모두 동의하고 시작")
    return speaker


async def rated(chat: Chat, who: User = YOUTH, scan: str = SCAN) -> Said:
    """Up to the question for a topic."""
    [rating] = await chat.taps(who, await agreed(chat, who, scan), "청년")
    [topic] = await chat.taps(who, rating, "★★★★☆")
    return topic


async def given(
    chat: Chat, text: str = "통근버스가 더 필요합니다.", who: User = YOUTH, scan: str = SCAN
) -> Said:
    """A whole feedback; the card of the note."""
    await chat.taps(who, await rated(chat, who, scan), "일자리·임금")
    [done] = await chat.says(who, text)
    return done


async def test_two_minutes_from_the_wall_to_a_note(chat: Chat) -> None:
    [card] = await chat.says(YOUTH, SCAN)
    for fact in (LUNCH.title, "익명", "텔레그램", "15조", "28조의8", "90일", "15분", "거부"):
        assert fact in card.text
    [speaker] = await chat.taps(YOUTH, card, "모두 동의하고 시작")
    [rating] = await chat.taps(YOUTH, speaker, "청년")
    [topic] = await chat.taps(YOUTH, rating, "★★★★☆")
    [ask] = await chat.taps(YOUTH, topic, "일자리·임금")
    assert {card.message_id, speaker.message_id, rating.message_id, topic.message_id, ask.message_id} == {
        card.message_id
    }, "one bubble, edited in place"
    [done] = await chat.says(YOUTH, "통근버스가 더 필요합니다.")
    assert "남겼습니다" in done.text
    assert done.labels == ["고치기", "거두기", "하나 더 남기기", "이름 남기기"]
    [spoken] = await notes_of(chat.database)
    note = spoken.note
    assert (note.rating, note.topic, note.words) == (4, "jobs", "통근버스가 더 필요합니다.")
    assert (note.meeting, note.region, note.day) == (LUNCH.id, LUNCH.region, LUNCH.day)
    assert (spoken.speaker, spoken.name) == (Speaker.YOUTH, None)
    assert (note.source, note.kind) == (Source.CHAT, NoteKind.REMARK)


async def test_the_consent_card_fits_on_three_screens_of_a_phone(chat: Chat) -> None:
    [card] = await chat.says(YOUTH, SCAN)
    assert len(card.text) < 1700


async def test_the_two_consents_are_chosen_apart(chat: Chat) -> None:
    [card] = await chat.says(YOUTH, SCAN)
    [card] = await chat.taps(YOUTH, card, "국외 이전")
    assert card.button("☑").label.startswith("☑ 국외 이전")
    [card] = await chat.taps(YOUTH, card, "국외 이전")
    assert not any("☑" in label for label in card.labels)
    [card] = await chat.taps(YOUTH, card, "국외 이전")
    [card] = await chat.taps(YOUTH, card, "의견 수집")
    [speaker] = await chat.taps(YOUTH, card, "시작하기")
    assert speaker.key == "feedback.ask_speaker"


async def test_the_agreement_is_kept_by_version_and_day(chat: Chat) -> None:
    await rated(chat)
    [spoken] = await notes_of(chat.database)
    async with chat.database.open_unit(read_only=True) as unit:
        agreements = await unit.voices.agreements(spoken.note.voice)
    assert {purpose.value: kept for purpose, kept in agreements.items()} == {
        "feedback": ("1", LUNCH.day),
        "abroad": ("1", LUNCH.day),
    }


async def test_who_does_not_agree_leaves_nothing(chat: Chat) -> None:
    [card] = await chat.says(YOUTH, SCAN)
    [thanks] = await chat.taps(YOUTH, card, "동의하지 않습니다")
    assert "아무것도 저장하지 않았습니다" in thanks.text
    assert await notes_of(chat.database) == []
    async with chat.database.open_unit(read_only=True) as unit:
        assert await unit.dialogues.of(card.chat) is None
    [late] = await chat.taps(YOUTH, card, "모두 동의하고 시작")
    assert late.key == "feedback.step_over"


async def test_nothing_is_a_note_before_something_is_said(chat: Chat) -> None:
    [rating] = await chat.taps(YOUTH, await agreed(chat), "기업")
    assert await notes_of(chat.database) == []
    [topic] = await chat.taps(YOUTH, rating, "건너뛰기")
    [ask] = await chat.taps(YOUTH, topic, "건너뛰기")
    [thanks] = await chat.taps(YOUTH, ask, "마침")
    assert thanks.key == "feedback.nothing_said"
    assert await notes_of(chat.database) == []


async def test_a_rating_alone_is_already_a_note(chat: Chat) -> None:
    await rated(chat)
    assert chat.toast == "저장했습니다."
    [spoken] = await notes_of(chat.database)
    assert (spoken.note.rating, spoken.note.words) == (4, "")


async def test_words_without_a_rating_are_a_note(chat: Chat) -> None:
    await chat.taps(YOUTH, await agreed(chat), "근로자")
    [done] = await chat.says(YOUTH, "기숙사가 부족합니다.")
    assert done.key == "feedback.done"
    [spoken] = await notes_of(chat.database)
    assert (spoken.note.rating, spoken.note.words) == (None, "기숙사가 부족합니다.")


async def test_words_before_consent_are_kept_nowhere(chat: Chat) -> None:
    [card] = await chat.says(YOUTH, SCAN)
    [hint] = await chat.says(YOUTH, "먼저 쓴 말")
    assert hint.key == "feedback.consent_first"
    await chat.taps(YOUTH, card, "모두 동의하고 시작")
    [hint] = await chat.says(YOUTH, "또 먼저 쓴 말")
    assert hint.key == "feedback.speaker_first"
    assert await notes_of(chat.database) == []


async def test_a_second_message_is_a_second_note_of_the_same_voice(chat: Chat) -> None:
    await given(chat, "첫 말씀입니다.")
    [done] = await chat.says(YOUTH, "그리고 하나 더 있습니다.")
    assert done.key == "feedback.done"
    spoken = await notes_of(chat.database)
    assert sorted(one.note.words for one in spoken) == ["그리고 하나 더 있습니다.", "첫 말씀입니다."]
    assert len({one.note.voice for one in spoken}) == 1


async def test_scanning_again_while_the_dialogue_lives_goes_on_with_the_same_voice(chat: Chat) -> None:
    await given(chat)
    [again] = await chat.says(YOUTH, SCAN)
    assert again.key == "feedback.done"
    await chat.taps(YOUTH, again, "하나 더")
    await chat.says(YOUTH, "더 있습니다.")
    assert len({one.note.voice for one in await notes_of(chat.database)}) == 1


async def test_a_scan_after_fifteen_minutes_is_a_new_voice(chat: Chat) -> None:
    await given(chat)
    chat.clock.advance_to(chat.clock.now() + timedelta(minutes=15))
    await given(chat, "나중에 다시 씁니다.")
    assert len({one.note.voice for one in await notes_of(chat.database)}) == 2


async def test_the_button_leads_to_the_same_voice_at_any_time(chat: Chat) -> None:
    done = await given(chat)
    chat.clock.advance_to(at("18:00"))
    [rating] = await chat.taps(YOUTH, done, "하나 더 남기기")
    await chat.taps(YOUTH, rating, "★☆☆☆☆")
    assert len({one.note.voice for one in await notes_of(chat.database)}) == 1


async def test_two_meetings_scanned_in_turn_are_not_mixed_up(chat: Chat) -> None:
    chat.clock.advance_to(at("17:40"))
    lunch = await given(chat, "점심 이야기")
    dinner_topic = await rated(chat, scan=f"/start m_{DINNER.code}")
    [rating] = await chat.taps(YOUTH, lunch, "하나 더 남기기")
    await chat.taps(YOUTH, rating, "★☆☆☆☆")
    [ask] = await chat.taps(YOUTH, dinner_topic, "기타")
    assert ask.key == "feedback.ask_words"
    await chat.says(YOUTH, "저녁 이야기")
    [back] = await chat.says(YOUTH, SCAN)
    assert back.key == "feedback.done"
    spoken = {(one.note.meeting, one.note.words, one.note.rating) for one in await notes_of(chat.database)}
    assert spoken == {(LUNCH.id, "점심 이야기", 4), (LUNCH.id, "", 1), (DINNER.id, "저녁 이야기", 4)}
    assert len({one.note.voice for one in await notes_of(chat.database)}) == 2


async def test_taps_that_come_twice_or_late_are_harmless(chat: Chat) -> None:
    [card] = await chat.says(YOUTH, SCAN)
    [speaker] = await chat.taps(YOUTH, card, "모두 동의하고 시작")
    [again] = await chat.taps(YOUTH, card, "모두 동의하고 시작")
    assert again.key == "feedback.ask_speaker"
    [rating] = await chat.taps(YOUTH, speaker, "청년")
    [topic] = await chat.taps(YOUTH, rating, "★★★★★")
    [ask] = await chat.taps(YOUTH, topic, "기타")
    await chat.taps(YOUTH, rating, "★★★★★")
    [still] = await chat.taps(YOUTH, card, "동의하지 않습니다")
    assert still.key != "feedback.declined", "too late to decline: the note is taken back by its button"
    await chat.says(YOUTH, "말씀")
    [done] = await chat.taps(YOUTH, ask, "마침")
    assert done.key == "feedback.done"
    [spoken] = await notes_of(chat.database)
    assert (spoken.note.rating, spoken.note.topic, spoken.note.words) == (5, "other", "말씀")


@pytest.mark.parametrize(
    ("verb", "argument"),
    [
        ("r", "6"),
        ("r", "ten"),
        ("t", "nonsense"),
        ("s", "staff"),
        ("s", "king"),
        ("a", "consent"),
        ("c", "everything"),
        ("q", "1"),
    ],
)
async def test_forged_choices_change_nothing(chat: Chat, verb: str, argument: str) -> None:
    done = await given(chat)
    secret = str(done.button("고치기").data).split(":")[2]
    before = await notes_of(chat.database)
    [refusal] = await chat.presses(YOUTH, f"f:{verb}:{secret}:{argument}", 1)
    assert refusal.key == "common.button_unknown"
    assert await notes_of(chat.database) == before


@pytest.mark.parametrize(
    "data", ["f:", "f:r", "f:r:short:4", "f:r:abcdefghijklmnopqrstuv:4:5", "f:rr:abcdefghij:1"]
)
async def test_data_that_was_never_ours_is_refused(chat: Chat, data: str) -> None:
    [refusal] = await chat.presses(YOUTH, data, 1)
    assert refusal.key in {"common.button_unknown", "feedback.step_over"}


async def test_a_rating_cannot_come_before_consent(chat: Chat) -> None:
    [card] = await chat.says(YOUTH, SCAN)
    secret = str(card.button("모두 동의").data).split(":")[2]
    for forged in (f"f:s:{secret}:youth", f"f:r:{secret}:4", f"f:t:{secret}:jobs"):
        [refusal] = await chat.presses(YOUTH, forged, 1)
        assert refusal.key == "common.button_unknown"
    assert await notes_of(chat.database) == []


async def test_too_many_words_are_refused_in_words_and_nothing_is_cut(chat: Chat) -> None:
    await rated(chat)
    [refusal] = await chat.says(YOUTH, "가" * 2001)
    assert "2001자" in refusal.text
    [done] = await chat.says(YOUTH, "가" * 2000)
    assert done.key == "feedback.done"


async def test_pictures_and_voices_are_answered_and_not_taken(chat: Chat) -> None:
    await rated(chat)
    [answer] = await chat.gets(photo_message(YOUTH, 5, chat.clock.now(), caption="보세요"))
    assert answer.key == "feedback.only_words"
    [answer] = await chat.gets(voice_message(YOUTH, 6, chat.clock.now()))
    assert answer.key == "feedback.only_words"
    [spoken] = await notes_of(chat.database)
    assert spoken.note.words == ""


async def test_words_from_nowhere_get_a_kind_hint(chat: Chat) -> None:
    [hint] = await chat.says(STRANGER, "안녕하세요")
    assert hint.key == "feedback.no_dialogue"
    assert await notes_of(chat.database) == []


async def test_a_code_that_nobody_has_is_told_kindly(chat: Chat) -> None:
    [refusal] = await chat.says(YOUTH, "/start m_nonsense")
    assert refusal.key == "feedback.code_unknown"


async def test_a_group_hears_that_feedback_is_personal(chat: Chat) -> None:
    [refusal] = await chat.says(YOUTH, SCAN, where=TEAM)
    assert refusal.key == "common.write_in_private"


async def test_too_early_says_when_it_opens_and_offers_to_tell(chat: Chat) -> None:
    [early] = await chat.says(YOUTH, f"/start m_{DINNER.code}")
    assert "17:30" in early.text
    [kept] = await chat.taps(YOUTH, early, "시작 전에 알려 주세요")
    assert kept.key == "feedback.remind_kept"
    await chat.taps(YOUTH, early, "시작 전에 알려 주세요")
    async with chat.database.open_unit(read_only=True) as unit:
        [subscription] = await unit.subscriptions.of_meetings([DINNER.id])
        assert subscription.chat == early.chat
        assert await unit.dialogues.of(early.chat) is None
    chat.clock.advance_to(at("18:00"))
    [begun] = await chat.taps(YOUTH, early, "시작 전에 알려 주세요")
    assert begun.key == "feedback.already_begun"


async def test_before_the_start_the_finished_note_offers_to_tell(chat: Chat) -> None:
    chat.clock.advance_to(at("17:40"))
    done = await given(chat, scan=f"/start m_{DINNER.code}")
    assert "시작 전에 알려 주세요" in done.labels


async def test_a_day_after_the_end_new_notes_are_closed_and_old_ones_are_not(chat: Chat) -> None:
    done = await given(chat)
    chat.clock.advance_to(LUNCH.end + timedelta(hours=24, minutes=1))
    [refusal] = await chat.says(YOUTH, SCAN)
    assert refusal.key == "feedback.closed"
    [refusal] = await chat.taps(YOUTH, done, "하나 더 남기기")
    assert refusal.key == "feedback.closed"
    [menu] = await chat.taps(YOUTH, done, "고치기")
    [ask] = await chat.taps(YOUTH, menu, "글")
    [changed] = await chat.says(YOUTH, "고친 말씀")
    assert ask.key == "feedback.ask_words_again"
    assert "하나 더 남기기" not in changed.labels
    [spoken] = await notes_of(chat.database)
    assert spoken.note.words == "고친 말씀"


async def test_every_answer_can_be_changed(chat: Chat) -> None:
    done = await given(chat, "처음 말씀")
    chat.clock.advance_to(at("20:00"))
    [menu] = await chat.taps(YOUTH, done, "고치기")
    assert "처음 말씀" in menu.text
    [ask] = await chat.taps(YOUTH, menu, "평점")
    [card] = await chat.taps(YOUTH, ask, "★★☆☆☆")
    assert card.key == "feedback.done"
    [ask] = await chat.taps(YOUTH, menu, "주제")
    await chat.taps(YOUTH, ask, "기타")
    [ask] = await chat.taps(YOUTH, menu, "구분")
    await chat.taps(YOUTH, ask, "기업")
    [ask] = await chat.taps(YOUTH, menu, "글")
    await chat.says(YOUTH, "고친 말씀")
    [spoken] = await notes_of(chat.database)
    note = spoken.note
    assert (note.rating, note.topic, note.words, spoken.speaker) == (2, "other", "고친 말씀", Speaker.COMPANY)


async def test_what_is_left_as_it_is_stays(chat: Chat) -> None:
    done = await given(chat)
    before = await notes_of(chat.database)
    [menu] = await chat.taps(YOUTH, done, "고치기")
    [ask] = await chat.taps(YOUTH, menu, "평점")
    [card] = await chat.taps(YOUTH, ask, "그대로 두기")
    assert card.key == "feedback.done"
    assert await notes_of(chat.database) == before


async def test_taking_back_is_asked_once_and_leaves_nothing_of_what_was_said(chat: Chat) -> None:
    done = await given(chat)
    [ask] = await chat.taps(YOUTH, done, "거두기")
    assert [one.note.withdrawn for one in await notes_of(chat.database)] == [False]
    [gone] = await chat.taps(YOUTH, ask, "거두겠습니다")
    assert gone.key == "feedback.withdrawn"
    [spoken] = await notes_of(chat.database)
    note = spoken.note
    assert (note.withdrawn, note.words, note.rating, note.topic) == (True, "", None, None)
    [again] = await chat.taps(YOUTH, ask, "거두겠습니다")
    assert again.key == "feedback.withdrawn"
    [refusal] = await chat.taps(YOUTH, done, "고치기")
    assert refusal.key == "feedback.already_withdrawn"
    [refusal] = await chat.says(YOUTH, "왜요?")
    assert refusal.key == "feedback.already_withdrawn"
    assert len(await notes_of(chat.database)) == 1


async def test_a_name_is_left_only_on_request_and_goes_with_the_last_note(chat: Chat) -> None:
    done = await given(chat)
    [ask] = await chat.taps(YOUTH, done, "이름 남기기")
    assert "익명이 아니게" in ask.text
    [named] = await chat.says(YOUTH, "  가상청년\n모임 ")
    assert [one.name for one in await notes_of(chat.database)] == ["가상청년 모임"]
    [unnamed] = await chat.taps(YOUTH, named, "이름 지우기")
    assert [one.name for one in await notes_of(chat.database)] == [None]
    await chat.taps(YOUTH, unnamed, "이름 남기기")
    [named] = await chat.says(YOUTH, "가상청년")
    [ask] = await chat.taps(YOUTH, named, "거두기")
    await chat.taps(YOUTH, ask, "거두겠습니다")
    assert [one.name for one in await notes_of(chat.database)] == [None]


async def test_a_published_digest_is_called_again_at_the_half_hour_and_for_a_withdrawal_at_once(
    chat: Chat,
) -> None:
    done = await given(chat)
    assert await revision_due(chat.database) is None
    await publish(chat.database, chat.clock.now())
    chat.clock.advance_to(at("21:10"))
    [menu] = await chat.taps(YOUTH, done, "고치기")
    assert await revision_due(chat.database) is None
    [ask] = await chat.taps(YOUTH, menu, "평점")
    await chat.taps(YOUTH, ask, "★☆☆☆☆")
    assert await revision_due(chat.database) == at("21:30")
    [ask] = await chat.taps(YOUTH, done, "거두기")
    await chat.taps(YOUTH, ask, "거두겠습니다")
    assert await revision_due(chat.database) == at("21:10")


async def test_everything_said_in_the_dialogue_is_private_and_holds_no_id(chat: Chat) -> None:
    done = await given(chat)
    await chat.taps(YOUTH, done, "고치기")
    await chat.says(YOUTH, "/start m_nonsense")
    async with chat.database.open_unit(read_only=True) as unit:
        [note] = [one.note for one in await unit.notes.of_day(LUNCH.region, LUNCH.day)]
    from tests.support.chat import said

    everything = await said(chat.database, chat.clock.now())
    assert all(one.draft.private for one in everything)
    assert {one.kind for one in everything} == {DeliveryKind.REPLY, DeliveryKind.EDIT}
    for one in everything:
        assert note.id not in repr(one.draft)
        assert note.voice not in repr(one.draft)


async def test_somebody_with_a_grant_takes_part_as_anonymously(chat: Chat) -> None:
    from bot.domain.person import Grant, Role
    from tests.support.chat import grant, said

    await grant(chat.database, STAFF, Grant(Role.STAFF, None))
    await given(chat, "직원이 아니라 참석자로서", who=STAFF)
    [refusal] = await chat.says(STAFF, "/start m_nonsense")
    assert refusal.draft.private
    assert all(one.draft.private for one in await said(chat.database, chat.clock.now()))
    [spoken] = await notes_of(chat.database)
    assert (spoken.speaker, spoken.note.source) == (Speaker.YOUTH, Source.CHAT)
