"""Feedback as services on both databases: what each answer leaves behind, and what it never does."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.dialogue import Progress, Step
from bot.domain.errors import ButtonUnknown
from bot.domain.feedback import (
    AlreadyWithdrawn,
    NameTooLong,
    Purpose,
    RatingOutOfRange,
    Speaker,
    WordsTooLong,
    reissue_due,
)
from bot.domain.ids import ChatId, Secret, hash_of
from bot.services.feedback_places import Stand, StepOver
from bot.services.joining import AlreadyBegun, CodeUnknown, Early
from bot.services.note_keeping import FeedbackClosed
from bot.services.own_notes import OwnNotes
from storage.database import Database
from tests.support.feedback import (
    DINNER,
    FEEDBACK,
    GUEST,
    JOINING,
    LUNCH,
    NOON,
    TEXTS,
    noted,
    notes_of,
    on_tour,
    publish,
    revision_due,
    speaking,
)
from tests.support.plans import at

CHAT = GUEST
OWN = OwnNotes(TEXTS)


async def scan(
    database: Database, code: str = LUNCH.code, *, now: datetime = NOON, chat: ChatId = CHAT
) -> Stand | Early:
    async with database.open_unit() as unit:
        where = await JOINING.scan(unit, chat, code, now=now)
        await unit.commit()
    return where


async def test_each_answer_is_kept_when_it_is_given(database: Database) -> None:
    await on_tour(database)
    secret = await speaking(database)
    assert await notes_of(database) == []
    async with database.open_unit() as unit:
        stand = await FEEDBACK.rate(unit, CHAT, secret, 5, editing=False, now=NOON)
        assert (stand.progress.step, stand.note and stand.note.rating) == (Step.TOPIC, 5)
        stand = await FEEDBACK.choose_topic(unit, CHAT, secret, None, editing=False, now=NOON)
        assert stand.progress.step is Step.WORDS
        written = await FEEDBACK.write(unit, CHAT, "말씀", now=NOON)
        assert written is not None
        assert written.progress.step is Step.DONE
        await unit.commit()
    [spoken] = await notes_of(database)
    assert (spoken.note.rating, spoken.note.topic, spoken.note.words) == (5, None, "말씀")


async def test_only_the_hash_of_the_secret_is_kept_with_the_note(database: Database) -> None:
    await on_tour(database)
    secret = await noted(database)
    [spoken] = await notes_of(database)
    assert spoken.note.secret == hash_of(secret)


async def test_a_dialogue_survives_its_row(database: Database) -> None:
    """State is rows: what is read is what was kept."""
    await on_tour(database)
    await speaking(database)
    async with database.open_unit(read_only=True) as unit:
        row = await unit.dialogues.of(CHAT)
    assert row is not None
    assert row.private
    progress = Progress.from_state(Step.RATING, row.state)
    assert progress.consented
    assert progress.shown == {Purpose.FEEDBACK: "2", Purpose.ABROAD: "1"}
    assert Progress.from_state(progress.step, progress.to_state()) == progress


async def test_the_version_that_was_shown_is_the_one_agreed_to(database: Database) -> None:
    await on_tour(database)
    await noted(database)
    [spoken] = await notes_of(database)
    async with database.open_unit(read_only=True) as unit:
        kept = await unit.voices.agreements(spoken.note.voice)
    assert kept == {Purpose.FEEDBACK: ("2", LUNCH.day), Purpose.ABROAD: ("1", LUNCH.day)}


@pytest.mark.parametrize(
    ("minutes", "where"),
    [(-31, "early"), (-30, "open"), (0, "open"), (90 + 24 * 60, "open"), (91 + 24 * 60, "closed")],
)
async def test_the_window_is_the_contracts(sqlite: Database, minutes: int, where: str) -> None:
    """Lunch lasts 90 minutes."""
    await on_tour(sqlite)
    now = LUNCH.start + timedelta(minutes=minutes)
    if where == "closed":
        with pytest.raises(FeedbackClosed):
            await scan(sqlite, now=now)
        return
    found = await scan(sqlite, now=now)
    assert isinstance(found, Early if where == "early" else Stand)


async def test_a_cancelled_meeting_takes_nothing_new(sqlite: Database) -> None:
    await on_tour(sqlite, replace(LUNCH, cancelled=True))
    with pytest.raises(FeedbackClosed) as refused:
        await scan(sqlite, now=at("06:00"))
    assert refused.value.key == "feedback.meeting_cancelled"
    async with sqlite.open_unit() as unit:
        with pytest.raises(FeedbackClosed):
            await JOINING.remind_me(unit, CHAT, "ko", LUNCH.code, now=at("06:00"))


async def test_a_code_that_nobody_has_is_refused(sqlite: Database) -> None:
    await on_tour(sqlite)
    with pytest.raises(CodeUnknown):
        await scan(sqlite, "nonsense")
    async with sqlite.open_unit() as unit:
        with pytest.raises(CodeUnknown):
            await JOINING.remind_me(unit, CHAT, "ko", "nonsense", now=NOON)


async def test_the_window_may_close_in_the_middle_but_what_stands_can_be_finished(sqlite: Database) -> None:
    await on_tour(sqlite)
    closing = LUNCH.end + timedelta(hours=24)
    late = closing + timedelta(minutes=5)
    where = await scan(sqlite, now=closing)
    assert isinstance(where, Stand)
    secret = where.progress.secret
    async with sqlite.open_unit() as unit:
        await JOINING.agree(unit, CHAT, secret, now=closing)
        await FEEDBACK.speak_as(unit, CHAT, secret, Speaker.YOUTH, editing=False, now=closing)
        with pytest.raises(FeedbackClosed):
            await FEEDBACK.rate(unit, CHAT, secret, 4, editing=False, now=late)
        await FEEDBACK.rate(unit, CHAT, secret, 4, editing=False, now=closing)
        stand = await FEEDBACK.write(unit, CHAT, "마저 씁니다.", now=late)
    assert stand is not None
    assert stand.note is not None
    assert stand.note.words == "마저 씁니다."


async def test_being_told_before_the_start_is_kept_once_and_not_after_it(database: Database) -> None:
    await on_tour(database)
    async with database.open_unit() as unit:
        for _ in range(2):
            await JOINING.remind_me(unit, CHAT, "ko", DINNER.code, now=NOON)
        assert len(await unit.subscriptions.of_meetings([DINNER.id])) == 1
        with pytest.raises(AlreadyBegun):
            await JOINING.remind_me(unit, CHAT, "ko", DINNER.code, now=DINNER.start)


async def test_a_secret_that_leads_nowhere_is_over_for_every_button(database: Database) -> None:
    await on_tour(database)
    lost = Secret("abcdefghijklmnopqrstuv")
    async with database.open_unit() as unit:
        for attempt in (
            JOINING.toggle(unit, CHAT, lost, Purpose.ABROAD, now=NOON),
            JOINING.agree(unit, CHAT, lost, now=NOON),
            JOINING.decline(unit, CHAT, lost, now=NOON),
            FEEDBACK.speak_as(unit, CHAT, lost, Speaker.YOUTH, editing=False, now=NOON),
            FEEDBACK.rate(unit, CHAT, lost, 3, editing=False, now=NOON),
            FEEDBACK.choose_topic(unit, CHAT, lost, "jobs", editing=True, now=NOON),
            FEEDBACK.finish(unit, CHAT, lost, now=NOON),
            OWN.show(unit, CHAT, lost, now=NOON),
            OWN.ask(unit, CHAT, lost, Step.RATING, now=NOON),
            OWN.withdraw(unit, CHAT, lost, now=NOON),
            OWN.another(unit, CHAT, lost, now=NOON),
            OWN.forget_name(unit, CHAT, lost, now=NOON),
        ):
            with pytest.raises(StepOver):
                await attempt


async def test_a_dialogue_of_fifteen_minutes_ago_is_over_purged_or_not(database: Database) -> None:
    await on_tour(database)
    secret = await speaking(database)
    later = NOON + timedelta(minutes=15)
    async with database.open_unit() as unit:
        assert await FEEDBACK.write(unit, CHAT, "너무 늦게", now=later) is None
        assert not await FEEDBACK.waits_for_words(unit, CHAT, now=later)
        with pytest.raises(StepOver):
            await FEEDBACK.rate(unit, CHAT, secret, 4, editing=False, now=later)


async def test_consent_is_not_asked_again_of_a_note(sqlite: Database) -> None:
    await on_tour(sqlite)
    secret = await noted(sqlite)
    async with sqlite.open_unit() as unit:
        with pytest.raises(ButtonUnknown):
            await OWN.ask(unit, CHAT, secret, Step.CONSENT, now=NOON)


async def test_what_cannot_be_chosen_is_refused(sqlite: Database) -> None:
    await on_tour(sqlite)
    secret = await speaking(sqlite)
    async with sqlite.open_unit() as unit:
        with pytest.raises(RatingOutOfRange):
            await FEEDBACK.rate(unit, CHAT, secret, 6, editing=False, now=NOON)
        with pytest.raises(ButtonUnknown):
            await FEEDBACK.choose_topic(unit, CHAT, secret, "nonsense", editing=False, now=NOON)
        with pytest.raises(ButtonUnknown):
            await FEEDBACK.speak_as(unit, CHAT, secret, Speaker.STAFF, editing=False, now=NOON)


async def test_what_is_too_long_is_refused_whole(database: Database) -> None:
    await on_tour(database)
    secret = await noted(database)
    async with database.open_unit() as unit:
        await OWN.ask(unit, CHAT, secret, Step.WORDS, now=NOON)
        with pytest.raises(WordsTooLong):
            await FEEDBACK.write(unit, CHAT, "가" * 2001, now=NOON)
        await OWN.ask(unit, CHAT, secret, Step.NAME, now=NOON)
        with pytest.raises(NameTooLong):
            await FEEDBACK.write(unit, CHAT, "가" * 41, now=NOON)


async def test_a_note_can_be_changed_long_after_its_dialogue_is_gone(database: Database) -> None:
    await on_tour(database)
    secret = await noted(database)
    later = NOON + timedelta(days=30)
    async with database.open_unit() as unit:
        await unit.dialogues.drop(CHAT)
        await OWN.ask(unit, CHAT, secret, Step.WORDS, now=later)
        assert await FEEDBACK.waits_for_words(unit, CHAT, now=later + timedelta(minutes=14))
        await FEEDBACK.write(unit, CHAT, "한 달 뒤에 고칩니다.", now=later)
        await unit.commit()
    [spoken] = await notes_of(database)
    assert (spoken.note.words, spoken.note.rating) == ("한 달 뒤에 고칩니다.", 4)


async def test_a_withdrawn_note_stays_counted_and_cannot_be_changed(database: Database) -> None:
    await on_tour(database)
    secret = await noted(database)
    async with database.open_unit() as unit:
        for _ in range(2):
            stand = await OWN.withdraw(unit, CHAT, secret, now=NOON)
            assert stand.note is not None
            assert stand.note.withdrawn
        for attempt in (
            OWN.ask(unit, CHAT, secret, Step.RATING, now=NOON),
            OWN.standing(unit, CHAT, secret, now=NOON),
            FEEDBACK.rate(unit, CHAT, secret, 3, editing=True, now=NOON),
            FEEDBACK.write(unit, CHAT, "그래도", now=NOON),
        ):
            with pytest.raises(AlreadyWithdrawn):
                await attempt
        await unit.commit()
    [spoken] = await notes_of(database)
    assert (spoken.note.withdrawn, spoken.note.words) == (True, "")


async def test_the_name_goes_with_the_last_standing_note_and_not_before(database: Database) -> None:
    await on_tour(database)
    first = await noted(database)
    async with database.open_unit() as unit:
        await OWN.ask(unit, CHAT, first, Step.NAME, now=NOON)
        await FEEDBACK.write(unit, CHAT, "가상청년", now=NOON)
        stand = await OWN.another(unit, CHAT, first, now=NOON)
        second = stand.progress.secret
        await FEEDBACK.rate(unit, CHAT, second, 2, editing=False, now=NOON)
        stand = await OWN.withdraw(unit, CHAT, first, now=NOON)
        assert stand.voice is not None
        assert stand.voice.name == "가상청년"
        stand = await OWN.withdraw(unit, CHAT, second, now=NOON)
        assert stand.voice is not None
        assert stand.voice.name is None


@pytest.mark.parametrize(
    ("now", "due"),
    [("21:00", "21:30"), ("21:29", "21:30"), ("21:30", "22:00"), ("23:45", "00:00")],
)
def test_a_revision_is_due_at_a_half_hour_strictly_after(now: str, due: str) -> None:
    expected = at(due) + (timedelta(days=1) if due == "00:00" else timedelta())
    assert reissue_due(at(now)) == expected


async def test_every_kind_of_change_calls_a_published_digest_again(database: Database) -> None:
    await on_tour(database)
    secret = await noted(database)
    await publish(database, at("21:00"))
    now = at("21:10")
    async with database.open_unit() as unit:
        await FEEDBACK.rate(unit, CHAT, secret, 4, editing=True, now=now)
        assert await unit.digests.next_revision_due(NOON) is None, "the same again is no change"
        await FEEDBACK.speak_as(unit, CHAT, secret, Speaker.WORKER, editing=True, now=now)
        await unit.commit()
    assert await revision_due(database) == at("21:30")
    async with database.open_unit() as unit:
        await OWN.withdraw(unit, CHAT, secret, now=now)
        await unit.commit()
    assert await revision_due(database) == now


async def test_words_after_the_stars_belong_to_them_and_then_to_another_note(sqlite: Database) -> None:
    await on_tour(sqlite)
    secret = await speaking(sqlite)
    async with sqlite.open_unit() as unit:
        await FEEDBACK.rate(unit, CHAT, secret, 4, editing=False, now=NOON)
        await FEEDBACK.finish(unit, CHAT, secret, now=NOON)
        await FEEDBACK.write(unit, CHAT, "통근버스가 적습니다.", now=NOON)
        await FEEDBACK.write(unit, CHAT, "임금도 낮습니다.", now=NOON)
        await unit.commit()
    said = sorted((one.note.rating or 0, one.note.words) for one in await notes_of(sqlite))
    assert said == [(0, "임금도 낮습니다."), (4, "통근버스가 적습니다.")]
