"""Voice and pictures of participants over the real application: taken where words are, and said so."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.domain.feedback import Source
from bot.domain.media import LARGEST_FILE, LONGEST_VOICE, MediaKind, MediaState
from storage.database import Database
from tests.support.chat import STAFF, STRANGER, YOUTH, Chat, talking
from tests.support.feedback import notes_of, on_tour, services
from tests.support.feedback_chat import SCAN, agreed, given, rated
from tests.support.media import (
    Workshop,
    a_document,
    a_photo,
    a_sound,
    a_voice,
    unreached,
)
from tests.support.media_chat import REGISTERS, WORDS, media_chat, newest, shop_behind


@pytest.fixture
async def chat(sqlite: Database) -> AsyncIterator[Chat]:
    async with media_chat(sqlite) as one:
        yield one


@pytest.fixture
def shop(chat: Chat) -> Workshop:
    return shop_behind(chat)


async def test_a_participant_speaks_instead_of_writing(chat: Chat, shop: Workshop) -> None:
    await rated(chat)
    taken, card = await chat.gets(a_voice(YOUTH, 1, chat.clock))
    assert (taken.key, card.key) == ("media.voice_taken", "feedback.done")
    assert "음성: 접수함" in card.text
    assert "글: 없음" not in card.text
    assert all(one.draft.private for one in (taken, card))
    await shop.runs()
    [spoken] = await notes_of(chat.database)
    assert (spoken.note.words, spoken.note.heard, spoken.note.rating) == (WORDS, True, 4)
    assert await shop.contents() == [None], "the voice is destroyed"
    told = await newest(chat)
    assert told.key == "media.heard"
    assert WORDS in told.text
    assert told.draft.private
    [ask] = await chat.taps(YOUTH, told, "고치기")
    assert ask.key == "feedback.ask_words_again"
    [done] = await chat.says(YOUTH, "통근버스가 두 시간에 한 대뿐입니다.")
    assert "받아씀, 확인 필요" not in done.text
    [spoken] = await notes_of(chat.database)
    assert (spoken.note.words, spoken.note.heard) == ("통근버스가 두 시간에 한 대뿐입니다.", False)


async def test_what_a_machine_wrote_is_marked_until_its_author_puts_it_right(
    chat: Chat, shop: Workshop
) -> None:
    await rated(chat)
    [_, card] = await chat.gets(a_voice(YOUTH, 1, chat.clock))
    await shop.runs()
    [menu] = await chat.taps(YOUTH, card, "고치기")
    assert f"“{WORDS}”(기계가 받아씀, 확인 필요)" in menu.text
    [back] = await chat.taps(YOUTH, menu, "그대로 두기")
    assert "글: 20자(기계가 받아씀, 확인 필요)" in back.text


async def test_the_word_about_a_voice_takes_it_back_too(chat: Chat, shop: Workshop) -> None:
    await rated(chat)
    await chat.gets(a_voice(YOUTH, 1, chat.clock))
    await shop.runs()
    [ask] = await chat.taps(YOUTH, await newest(chat), "거두기")
    await chat.taps(YOUTH, ask, "거두겠습니다")
    [spoken] = await notes_of(chat.database)
    assert spoken.note.withdrawn
    assert await shop.media() == []


async def test_without_a_model_the_person_is_warned_and_may_take_it_back(sqlite: Database) -> None:
    await on_tour(sqlite)
    async with talking(sqlite, services(written_down=False), *REGISTERS) as chat:
        shop = Workshop(sqlite, chat.clock)
        await rated(chat)
        [warned, card] = await chat.gets(a_voice(YOUTH, 1, chat.clock))
        assert "목소리로 누구신지 드러날 수 있으니 글로 쓰시는 편이 좋습니다" in warned.text
        await shop.runs()
        assert await shop.states() == [(MediaKind.VOICE, MediaState.KEPT)]
        [ask] = await chat.taps(YOUTH, card, "거두기")
        await chat.taps(YOUTH, ask, "거두겠습니다")
        assert await shop.media() == []


async def test_after_a_finished_note_a_voice_is_another_one(chat: Chat, shop: Workshop) -> None:
    await given(chat)
    await chat.gets(a_voice(YOUTH, 1, chat.clock))
    await shop.runs()
    assert sorted(one.note.words for one in await notes_of(chat.database)) == sorted(
        [WORDS, "통근버스가 더 필요합니다."]
    )
    assert len({one.note.voice for one in await notes_of(chat.database)}) == 1


async def test_a_picture_with_words_is_a_note(chat: Chat, shop: Workshop) -> None:
    await rated(chat)
    [taken, card] = await chat.gets(a_photo(YOUTH, 1, chat.clock, caption="이 정류장입니다."))
    assert (taken.key, card.key) == ("media.photo_taken", "feedback.done")
    assert "사진: 1장" in card.text
    await shop.runs()
    assert await shop.contents() == [b"drawn:voice bytes canary"]
    [spoken] = await notes_of(chat.database)
    assert (spoken.note.words, spoken.note.rating, spoken.note.heard) == ("이 정류장입니다.", 4, False)


async def test_a_picture_alone_waits_for_its_words(chat: Chat, shop: Workshop) -> None:
    await rated(chat)
    [taken] = await chat.gets(a_photo(YOUTH, 1, chat.clock))
    assert taken.key == "media.photo_goes_on"
    [card] = await chat.says(YOUTH, "이 정류장입니다.")
    assert "사진: 1장" in card.text
    [after, card] = await chat.gets(a_photo(YOUTH, 2, chat.clock))
    assert after.key == "media.photo_taken"
    assert "사진: 2장" in card.text
    [spoken] = await notes_of(chat.database)
    assert spoken.note.words == "이 정류장입니다."
    assert len(await shop.media()) == 2


async def test_an_album_is_one_note_and_one_answer(chat: Chat, shop: Workshop) -> None:
    await rated(chat)
    assert len(await chat.gets(a_photo(YOUTH, 1, chat.clock, caption="세 장입니다.", album="a"))) == 2
    for number in (2, 3):
        assert await chat.gets(a_photo(YOUTH, number, chat.clock, album="a")) == []
    assert len(await notes_of(chat.database)) == 1
    assert len(await shop.media()) == 3


async def test_nothing_is_kept_before_consent_or_outside_a_dialogue(chat: Chat, shop: Workshop) -> None:
    for body in (a_voice(STRANGER, 1, chat.clock), a_photo(STRANGER, 2, chat.clock, caption="말")):
        [refusal] = await chat.gets(body)
        assert refusal.key == "media.no_dialogue"
        assert refusal.draft.private
    [card] = await chat.says(YOUTH, SCAN)
    [refusal] = await chat.gets(a_voice(YOUTH, 3, chat.clock))
    assert refusal.key == "media.consent_first"
    await chat.taps(YOUTH, card, "모두 동의하고 시작")
    [refusal] = await chat.gets(a_photo(YOUTH, 4, chat.clock))
    assert refusal.key == "media.speaker_first"
    assert await notes_of(chat.database) == []
    assert await shop.media() == []


async def test_names_and_changes_are_written(chat: Chat, shop: Workshop) -> None:
    done = await given(chat)
    [ask] = await chat.taps(YOUTH, done, "이름 남기기")
    [refusal] = await chat.gets(a_voice(YOUTH, 1, chat.clock))
    assert refusal.key == "media.write_instead"
    await chat.taps(YOUTH, ask, "그대로 두기")
    [menu] = await chat.taps(YOUTH, done, "고치기")
    await chat.taps(YOUTH, menu, "글")
    [refusal] = await chat.gets(a_voice(YOUTH, 2, chat.clock))
    assert refusal.key == "media.write_instead"
    assert await shop.media() == []


async def test_before_the_first_answer_a_voice_is_taken_too(chat: Chat, shop: Workshop) -> None:
    await chat.taps(YOUTH, await agreed(chat), "청년")
    [_, card] = await chat.gets(a_voice(YOUTH, 1, chat.clock))
    assert card.key == "feedback.done"
    await shop.runs()
    [spoken] = await notes_of(chat.database)
    assert (spoken.note.words, spoken.note.rating, spoken.note.source) == (WORDS, None, Source.CHAT)


async def test_questions_that_are_answered_after_a_voice_do_not_ask_for_words(chat: Chat) -> None:
    topic = await rated(chat)
    await chat.gets(a_voice(YOUTH, 1, chat.clock))
    [card] = await chat.taps(YOUTH, topic, "일자리·임금")
    assert card.key == "feedback.done"
    assert "주제: 일자리·임금" in card.text


@pytest.mark.parametrize("who", [YOUTH, STAFF])
async def test_limits_are_said_before_anything_is_fetched(chat: Chat, shop: Workshop, who: object) -> None:
    user = YOUTH if who is YOUTH else STAFF
    if user is YOUTH:
        await rated(chat)
    seconds = int(LONGEST_VOICE.total_seconds())
    for body, key in (
        (a_voice(user, 1, chat.clock, duration=seconds + 1), "media.too_long"),
        (a_voice(user, 2, chat.clock, file_size=LARGEST_FILE + 1), "media.too_large"),
        (a_photo(user, 3, chat.clock, size=LARGEST_FILE + 1), "media.too_large"),
        (a_document(user, 4, chat.clock, "image/heic"), "media.picture_kind"),
        (a_sound(user, 5, chat.clock, "audio/x-m4a"), "media.sound_kind"),
    ):
        [refusal] = await chat.gets(body)
        assert refusal.key == key
    assert await shop.media() == []
    for body in (
        a_voice(user, 6, chat.clock, duration=seconds, file_size=LARGEST_FILE),
        a_document(user, 7, chat.clock, "image/png"),
    ):
        await chat.gets(body)
    assert len(await shop.media()) == 2


async def test_other_kinds_are_refused_kindly(chat: Chat) -> None:
    body = a_voice(YOUTH, 1, chat.clock)
    message = body["message"]
    assert isinstance(message, dict)
    del message["voice"]
    for kind in (
        {
            "sticker": {
                "file_id": "s",
                "file_unique_id": "s",
                "type": "regular",
                "width": 1,
                "height": 1,
                "is_animated": False,
                "is_video": False,
            }
        },
        {"location": {"latitude": 35.8, "longitude": 127.1}},
        {"video_note": {"file_id": "v", "file_unique_id": "v", "length": 1, "duration": 1}},
        {"contact": {"phone_number": "010-0000-0000", "first_name": "가상인물"}},
    ):
        [refusal] = await chat.gets({"message": {**message, **kind}})
        assert refusal.key == "feedback.only_words"


async def test_too_many_for_one_note(chat: Chat) -> None:
    await rated(chat)
    await chat.gets(a_photo(YOUTH, 1, chat.clock, caption="열한 장", album="a"))
    for number in range(2, 11):
        await chat.gets(a_photo(YOUTH, number, chat.clock, album="a"))
    [refusal] = await chat.gets(a_photo(YOUTH, 11, chat.clock, album="a"))
    assert refusal.key == "media.too_many"


async def test_what_somebody_wrote_meanwhile_stands(chat: Chat, shop: Workshop) -> None:
    await rated(chat)
    [_, card] = await chat.gets(a_voice(YOUTH, 1, chat.clock))
    [menu] = await chat.taps(YOUTH, card, "고치기")
    await chat.taps(YOUTH, menu, "글")
    await chat.says(YOUTH, "직접 쓴 글")
    before = await newest(chat)
    await shop.runs()
    [spoken] = await notes_of(chat.database)
    assert (spoken.note.words, spoken.note.heard) == ("직접 쓴 글", False)
    assert await shop.contents() == [None]
    assert await newest(chat) == before, "nothing to tell"


async def test_a_participant_is_told_that_a_file_was_not_had(chat: Chat, shop: Workshop) -> None:
    await rated(chat)
    await chat.gets(a_voice(YOUTH, 1, chat.clock))
    shop.files.ends = [unreached()] * 99
    await shop.runs()
    assert (await newest(chat)).key == "feedback.done", "it is tried again"
    await shop.runs(after=timedelta(minutes=12))
    told = await newest(chat)
    assert told.key == "media.lost"
    assert "음성 파일" in told.text
    [spoken] = await notes_of(chat.database)
    assert (spoken.note.rating, spoken.note.words) == (4, "")
