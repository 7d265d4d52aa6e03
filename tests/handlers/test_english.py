"""A guest whose Telegram speaks English: every word from the code on the wall to the withdrawal, over the application."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.domain.person import Grant, Role
from handlers import feedback, notes, privacy, settings, words
from storage.database import Database
from tests.support.chat import STAFF, Chat, Said, User, grant, talking
from tests.support.feedback import DINNER, LUNCH, TOPICS, TOUR, notes_of, on_tour, services
from tests.support.feedback_chat import SCAN

GUEST = User(7_100_000_011, "Imagined Guest", "en-GB")
WORDS = "The last bus leaves before the late shift ends."
DATA = (LUNCH.title, DINNER.title, TOUR.name, *(topic.title for topic in TOPICS), "한국어")
"""What stays as it was written: names of the tour, its meetings and topics; a language by its own name."""
ANY_LANGUAGE = (
    "Xe buýt đưa đón công nhân quá ít, mong tăng thêm chuyến buổi tối.",
    "Ишчилар учун автобус кам, кечқурун қўшимча рейс керак.",
    "حافلات نقل العمال قليلة جدا، نرجو زيادة الرحلات المسائية.",
    "通勤巴士太少了，希望晚上增加班次。",
    "รถรับส่งพนักงานน้อยเกินไป",
    "👩🏽‍🏭🚌🙏 버스 + chuyến đêm",
)


@pytest.fixture
async def chat(sqlite: Database) -> AsyncIterator[Chat]:
    await on_tour(sqlite)
    registers = (feedback.register, notes.register, settings.register, privacy.register, words.register)
    async with talking(sqlite, services(), *registers) as one:
        yield one


def require_english(*messages: Said) -> None:
    for message in messages:
        shown = "\n".join([message.text, *message.labels])
        for written in DATA:
            shown = shown.replace(written, "")
        assert not re.search("[가-힣]", shown), shown


async def rated_in_english(chat: Chat) -> Said:
    """Up to the question for a topic."""
    [card] = await chat.says(GUEST, SCAN)
    [speaker] = await chat.taps(GUEST, card, "Agree and start")
    [rating] = await chat.taps(GUEST, speaker, "Worker")
    [topics] = await chat.taps(GUEST, rating, "★★★★☆")
    return topics


async def test_a_guest_reads_english_from_the_wall_to_the_withdrawal(chat: Chat) -> None:
    [card] = await chat.says(GUEST, SCAN)
    for fact in ("Article 15", "Article 28-8", "90 days", "15 minutes", "Thu 22 Jan, 11:40", "under 14"):
        assert fact in card.text
    [one] = await chat.taps(GUEST, card, "Telegram abroad")
    [two] = await chat.taps(GUEST, one, "Use of my comment")
    [speaker] = await chat.taps(GUEST, two, "Start")
    [rating] = await chat.taps(GUEST, speaker, "Worker")
    [topic] = await chat.taps(GUEST, rating, "★★★★☆")
    assert chat.toast == "Saved."
    [ask] = await chat.taps(GUEST, topic, "일자리·임금")
    [done] = await chat.says(GUEST, WORDS)
    assert done.labels == ["Change", "Withdraw", "Add another", "Add my name"]
    assert f"Text: {len(WORDS)} characters" in done.text
    [change] = await chat.taps(GUEST, done, "Change")
    [again] = await chat.taps(GUEST, change, "Text")
    [corrected] = await chat.says(GUEST, WORDS.replace("bus", "tram"))
    [spoken] = await notes_of(chat.database)
    assert (spoken.note.words, spoken.note.rating) == (WORDS.replace("bus", "tram"), 4)
    [sure] = await chat.taps(GUEST, corrected, "Withdraw")
    [gone] = await chat.taps(GUEST, sure, "Yes, withdraw it")
    assert "only a count remains" in gone.text
    [spoken] = await notes_of(chat.database)
    assert spoken.note.withdrawn
    require_english(card, one, two, speaker, rating, topic, ask, done, change, again, corrected, sure, gone)


async def test_what_a_guest_is_refused_or_asks_besides_is_english_too(chat: Chat) -> None:
    [early] = await chat.says(GUEST, f"/start m_{DINNER.code}")
    [kept] = await chat.taps(GUEST, early, "Remind me")
    [unknown] = await chat.says(GUEST, "/start m_nosuchcode")
    [plain] = await chat.says(GUEST, "hello?")
    [held] = await chat.says(GUEST, "/privacy")
    [notice] = await chat.taps(GUEST, held, "Show the notices")
    [choice] = await chat.says(GUEST, "/settings")
    [card] = await chat.says(GUEST, SCAN)
    [first] = await chat.says(GUEST, WORDS)
    [thanks] = await chat.taps(GUEST, card, "I do not agree")
    require_english(early, kept, unknown, plain, held, notice, choice, card, first, thanks)
    async with chat.database.open_unit(read_only=True) as unit:
        [subscription] = await unit.subscriptions.of_meetings([DINNER.id])
    assert subscription.language == "en"


async def test_topics_are_read_in_english_where_the_tour_has_them_so(chat: Chat) -> None:
    async with chat.database.open_unit() as unit:
        jobs, *others = TOPICS
        await unit.tours.keep(replace(TOUR, topics=(replace(jobs, title_en="Jobs and pay"), *others)))
        await unit.commit()
    topics = await rated_in_english(chat)
    assert topics.labels == ["Jobs and pay", *(topic.title for topic in others), "Skip"]
    await chat.taps(GUEST, topics, "Jobs and pay")
    [done] = await chat.says(GUEST, WORDS)
    [change] = await chat.taps(GUEST, done, "Change")
    assert "Topic: Jobs and pay" in done.text
    assert "Topic: Jobs and pay" in change.text
    [spoken] = await notes_of(chat.database)
    assert spoken.note.topic == "jobs"


@pytest.mark.parametrize("code", ["vi", "uz", "zh-hans"])
async def test_who_speaks_neither_language_reads_english(chat: Chat, code: str) -> None:
    [card] = await chat.says(replace(GUEST, language=code), SCAN)
    require_english(card)


async def test_staff_read_notices_in_the_language_that_they_chose(chat: Chat) -> None:
    """Not half a card in the language of their Telegram."""
    await grant(chat.database, STAFF, Grant(Role.STAFF, None), language="en")
    [card] = await chat.says(STAFF, SCAN)
    require_english(card)
    await grant(chat.database, STAFF, Grant(Role.STAFF, None), language="ko")
    [card] = await chat.says(replace(STAFF, language="en-US"), SCAN)
    assert "제28조의8" in card.text
    assert "Article" not in card.text


@pytest.mark.parametrize("written", ANY_LANGUAGE)
async def test_words_of_any_language_are_kept_as_they_were_written(chat: Chat, written: str) -> None:
    [card] = await chat.says(GUEST, SCAN)
    [speaker] = await chat.taps(GUEST, card, "Agree and start")
    await chat.taps(GUEST, speaker, "Other")
    [done] = await chat.says(GUEST, written)
    assert done.key == "feedback.done"
    [spoken] = await notes_of(chat.database)
    assert spoken.note.words == written
    [change] = await chat.taps(GUEST, done, "Change")
    assert written in change.text


async def test_staff_file_notes_and_mark_them_in_english(chat: Chat) -> None:
    await grant(chat.database, STAFF, Grant(Role.STAFF, LUNCH.region), language="en")
    [filed] = await chat.says(STAFF, WORDS)
    [marked] = await chat.taps(STAFF, filed, "Promise")
    assert any(label == "✓ Promise" for label in marked.labels)
    [sure] = await chat.taps(STAFF, marked, "Withdraw")
    [gone] = await chat.taps(STAFF, sure, "Yes, withdraw it")
    require_english(filed, marked, sure, gone)
