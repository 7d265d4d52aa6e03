"""Voice and pictures of staff over the real application: filed like their words, and said so."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.feedback import Source
from bot.domain.media import MediaKind, MediaState
from storage.database import Database
from tests.support.chat import STAFF, Chat
from tests.support.feedback import DINNER, LUNCH, notes_of
from tests.support.media import (
    Workshop,
    a_photo,
    a_voice,
)
from tests.support.media_chat import WORDS, media_chat, newest, shop_behind
from tests.support.plans import at


@pytest.fixture
async def chat(sqlite: Database) -> AsyncIterator[Chat]:
    async with media_chat(sqlite) as one:
        yield one


@pytest.fixture
def shop(chat: Chat) -> Workshop:
    return shop_behind(chat)


async def test_staff_file_a_voice_under_the_meeting_in_progress(chat: Chat, shop: Workshop) -> None:
    [card] = await chat.gets(a_voice(STAFF, 1, chat.clock))
    assert card.key == "notes.filed"
    assert LUNCH.title in card.text
    assert "음성: 접수함" in card.text
    await shop.runs()
    told = await newest(chat)
    assert told.key == "media.heard_staff"
    assert WORDS in told.text
    assert LUNCH.title in told.text
    assert not told.draft.private
    [spoken] = await notes_of(chat.database)
    assert (spoken.note.words, spoken.note.heard, spoken.note.source) == (WORDS, True, Source.STAFF)
    assert await shop.contents() == [b"kept:voice bytes canary"], "staff's is kept"
    [ask] = await chat.taps(STAFF, told, "고치기")
    assert WORDS in ask.text
    [card] = await chat.says(STAFF, "고친 메모")
    assert "음성: 받아씀" in card.text
    [spoken] = await notes_of(chat.database)
    assert (spoken.note.words, spoken.note.heard) == ("고친 메모", False)


async def test_a_staff_members_picture_has_its_words_at_once(chat: Chat, shop: Workshop) -> None:
    [card] = await chat.gets(a_photo(STAFF, 1, chat.clock, caption="현장 사진"))
    assert "글: 5자" in card.text
    assert "사진: 1장" in card.text
    [silent] = await chat.gets(a_photo(STAFF, 2, chat.clock))
    [ask] = await chat.taps(STAFF, silent, "고치기")
    assert ask.key == "media.ask_words_staff"
    await chat.says(STAFF, "설명")
    assert sorted(one.note.words for one in await notes_of(chat.database)) == ["설명", "현장 사진"]


async def test_a_staff_members_album_is_one_note(chat: Chat, shop: Workshop) -> None:
    [card] = await chat.gets(a_photo(STAFF, 1, chat.clock, album="a"))
    await shop.runs()
    assert await chat.gets(a_photo(STAFF, 2, chat.clock, album="a", caption="둘째 장의 설명")) == []
    [other] = await chat.gets(a_photo(STAFF, 3, chat.clock, album="b"))
    assert other.key == card.key
    assert sorted(one.note.words for one in await notes_of(chat.database)) == ["", "둘째 장의 설명"]
    assert len(await shop.media()) == 3


async def test_when_it_is_not_clear_the_file_waits_and_the_person_is_asked(
    chat: Chat, shop: Workshop
) -> None:
    chat.clock.advance_to(at("15:00"))
    [ask] = await chat.gets(a_voice(STAFF, 1, chat.clock))
    assert ask.key == "notes.choose"
    assert await shop.media() == []
    [again] = await chat.gets(a_photo(STAFF, 2, chat.clock, caption="이것도"))
    [card] = await chat.taps(STAFF, again, LUNCH.title)
    assert "이것도" not in card.text
    await shop.runs()
    [spoken] = await notes_of(chat.database)
    assert spoken.note.words == f"이것도\n{WORDS}"
    assert await shop.states() == [
        (MediaKind.PHOTO, MediaState.KEPT),
        (MediaKind.VOICE, MediaState.TRANSCRIBED),
    ]


async def test_a_meeting_chosen_first_takes_the_file(chat: Chat, shop: Workshop) -> None:
    [menu] = await chat.says(STAFF, "/note")
    await chat.taps(STAFF, menu, "dinner")
    [card] = await chat.gets(a_voice(STAFF, 1, chat.clock))
    assert DINNER.title in card.text


async def test_two_voices_of_one_note_both_have_their_words(chat: Chat, shop: Workshop) -> None:
    chat.clock.advance_to(at("15:00"))
    await chat.gets(a_voice(STAFF, 1, chat.clock))
    [ask] = await chat.gets(a_voice(STAFF, 2, chat.clock))
    await chat.taps(STAFF, ask, LUNCH.title)
    await shop.runs()
    [spoken] = await notes_of(chat.database)
    assert spoken.note.words == f"{WORDS}\n{WORDS}"


async def test_while_words_are_changed_a_voice_is_not_taken(chat: Chat, shop: Workshop) -> None:
    [card] = await chat.says(STAFF, "메모")
    await chat.taps(STAFF, card, "고치기")
    [refusal] = await chat.gets(a_voice(STAFF, 1, chat.clock))
    assert refusal.key == "media.write_instead"
    await chat.says(STAFF, "고친 메모")
    [spoken] = await notes_of(chat.database)
    assert spoken.note.words == "고친 메모"


async def test_a_moved_note_takes_its_voice_along(chat: Chat, shop: Workshop) -> None:
    chat.clock.advance_to(at("15:00"))
    [ask] = await chat.gets(a_voice(STAFF, 1, chat.clock))
    [card] = await chat.taps(STAFF, ask, LUNCH.title)
    chat.clock.advance_to(at("18:10"))
    [ask] = await chat.taps(STAFF, card, "다른 일정으로")
    [moved] = await chat.taps(STAFF, ask, DINNER.title)
    assert "음성: 접수함" in moved.text
    await shop.runs()
    [spoken] = await notes_of(chat.database)
    assert (spoken.note.meeting, spoken.note.words) == (DINNER.id, WORDS)


async def test_privacy_counts_what_is_kept_of_a_staff_member(chat: Chat, shop: Workshop) -> None:
    await chat.gets(a_voice(STAFF, 1, chat.clock))
    await shop.runs()
    [held] = await chat.says(STAFF, "/privacy")
    assert "음성·사진: 1건" in held.text
    await chat.gets(a_photo(STAFF, 2, chat.clock))
    await shop.runs()
    exported, without = await chat.taps(STAFF, held, "내 메모 받기")
    assert WORDS in exported.text
    assert "(글 없음)" in exported.text
    assert "음성·사진 2건은" in without.text
    [ask] = await chat.taps(STAFF, held, "지우기")
    await chat.taps(STAFF, ask, "모두 지우겠습니다")
    assert sorted(one.note.words for one in await notes_of(chat.database)) == ["", WORDS], (
        "the tour's record stays"
    )
    assert set(await shop.contents()) == {None, b"drawn:voice bytes canary"}, "the voice does not"
