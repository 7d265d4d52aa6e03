"""Feedback by the page as services on both databases: the rules of the chat, without a chat."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.feedback import (
    AlreadyWithdrawn,
    NameTooLong,
    NoteKind,
    Purpose,
    RatingOutOfRange,
    Source,
    Speaker,
    WordsTooLong,
)
from bot.domain.ids import Secret, hash_of, new_secret
from bot.services.feedback_places import StepOver
from bot.services.joining import CodeUnknown, Early
from bot.services.note_keeping import FeedbackClosed
from bot.services.own_notes import OwnNotes
from bot.services.page_answers import Answers, Field, Incomplete
from bot.services.page_feedback import Place, ReceiptUnknown, Told
from storage.database import Database
from tests.support.feedback import (
    BESIDE,
    DINNER,
    GUEST,
    LUNCH,
    NOON,
    TEXTS,
    noted,
    notes_of,
    on_tour,
    publish,
    revision_due,
)
from tests.support.page import PAGE_FEEDBACK as PAGE
from tests.support.plans import at
from tests.support.report_day import EVENING, report_day

WHOLE = Answers(Speaker.YOUTH, 4, "jobs", "통근버스가 더 필요합니다.")


async def leave(
    database: Database,
    answers: Answers = WHOLE,
    *,
    secret: Secret | None = None,
    code: str = LUNCH.code,
    agreed: str | None = "1",
    now: datetime = NOON,
) -> Secret:
    secret = secret or new_secret()
    async with database.open_unit() as unit:
        await PAGE.leave(unit, code, secret, answers, agreed, now=now)
        await unit.commit()
    return secret


async def change(database: Database, secret: Secret, answers: Answers, now: datetime = NOON) -> None:
    async with database.open_unit() as unit:
        await PAGE.change(unit, secret, answers, now=now)
        await unit.commit()


async def withdraw(database: Database, secret: Secret, now: datetime = NOON) -> None:
    async with database.open_unit() as unit:
        await PAGE.withdraw(unit, secret, now=now)
        await unit.commit()


async def another(database: Database, secret: Secret, new: Secret, answers: Answers = WHOLE) -> None:
    async with database.open_unit() as unit:
        await PAGE.another(unit, secret, new, answers, now=NOON)
        await unit.commit()


async def told(database: Database, secret: Secret) -> Told:
    async with database.open_unit(read_only=True) as unit:
        return (await PAGE.receipt(unit, secret, now=NOON)).told


def problems(refused: pytest.ExceptionInfo[Incomplete]) -> dict[Field, type[Exception]]:
    return {problem.field: type(problem.refusal) for problem in refused.value.problems}


async def test_a_note_of_the_page_is_anonymous_and_its_consent_is_kept(database: Database) -> None:
    await on_tour(database)
    secret = await leave(database)
    [spoken] = await notes_of(database)
    note = spoken.note
    assert (note.source, note.kind, note.rating, note.topic) == (Source.PAGE, NoteKind.REMARK, 4, "jobs")
    assert (note.secret, spoken.speaker, spoken.name) == (hash_of(secret), Speaker.YOUTH, None)
    assert secret not in {str(note.id), str(note.voice)}
    async with database.open_unit(read_only=True) as unit:
        assert await unit.voices.agreements(note.voice) == {Purpose.FEEDBACK_PAGE: ("1", LUNCH.day)}


async def test_the_same_form_twice_is_one_note_and_what_was_changed_in_between_counts(
    database: Database,
) -> None:
    await on_tour(database)
    secret = await leave(database)
    await leave(database, secret=secret)
    await leave(database, replace(WHOLE, words="고쳐 씁니다.", rating=None), secret=secret, agreed=None)
    [spoken] = await notes_of(database)
    assert (spoken.note.words, spoken.note.rating, spoken.note.topic) == ("고쳐 씁니다.", None, "jobs")


async def test_a_form_sent_many_times_at_once_is_one_note(database: Database) -> None:
    await on_tour(database)
    secret = new_secret()
    await asyncio.gather(*(leave(database, secret=secret) for _ in range(8)))
    assert len(await notes_of(database)) == 1
    more = new_secret()
    await asyncio.gather(*(another(database, secret, more) for _ in range(8)))
    spoken = await notes_of(database)
    assert len(spoken) == 2
    assert len({one.note.voice for one in spoken}) == 1


async def test_a_withdrawal_and_changes_at_once_end_withdrawn(database: Database) -> None:
    await on_tour(database)
    secret = await leave(database)

    async def changed(number: int) -> None:
        try:
            await change(database, secret, replace(WHOLE, words=f"고침 {number}"))
        except AlreadyWithdrawn:
            return

    await asyncio.gather(
        *(changed(n) for n in range(4)), withdraw(database, secret), *(changed(n) for n in range(4))
    )
    [spoken] = await notes_of(database)
    assert (spoken.note.withdrawn, spoken.note.words) == (True, "")


async def test_two_notes_taken_back_at_once_take_the_name_with_them(database: Database) -> None:
    await on_tour(database)
    secret, more = await leave(database, replace(WHOLE, name="가상청년")), new_secret()
    await another(database, secret, more, replace(WHOLE, name="가상청년"))
    await asyncio.gather(withdraw(database, secret), withdraw(database, more))
    assert [one.name for one in await notes_of(database)] == [None, None]


@pytest.mark.parametrize(
    ("answers", "agreed", "wrong"),
    [
        (WHOLE, None, {Field.AGREE}),
        (WHOLE, "99", {Field.AGREE}),
        (WHOLE, "x", {Field.AGREE}),
        (Answers(), None, {Field.AGREE, Field.SPEAKER, Field.WORDS}),
        (Answers(Speaker.YOUTH, words=" \n"), "1", {Field.WORDS}),
        (Answers(Speaker.YOUTH, name="가상청년"), "1", {Field.WORDS}),
        (replace(WHOLE, speaker=None), "1", {Field.SPEAKER}),
        (replace(WHOLE, speaker=Speaker.STAFF), "1", {Field.SPEAKER}),
        (replace(WHOLE, topic="nonsense"), "1", {Field.TOPIC}),
        (replace(WHOLE, words="가" * 2001), "1", {Field.WORDS}),
        (replace(WHOLE, name="가" * 41), "1", {Field.NAME}),
        (replace(WHOLE, rating=6), "1", {Field.RATING}),
        (replace(WHOLE, rating=0), "1", {Field.RATING}),
    ],
)
async def test_what_is_missing_or_cannot_be_is_told_together_and_nothing_is_kept(
    sqlite: Database, answers: Answers, agreed: str | None, wrong: set[Field]
) -> None:
    await on_tour(sqlite)
    with pytest.raises(Incomplete) as refused:
        await leave(sqlite, answers, agreed=agreed)
    assert problems(refused).keys() == wrong
    assert await notes_of(sqlite) == []


async def test_the_limits_are_the_chats(sqlite: Database) -> None:
    await on_tour(sqlite)
    wrong = Answers(Speaker.YOUTH, 6, None, "가" * 2001, "가" * 41)
    with pytest.raises(Incomplete) as refused:
        await leave(sqlite, wrong)
    assert problems(refused) == {
        Field.RATING: RatingOutOfRange,
        Field.WORDS: WordsTooLong,
        Field.NAME: NameTooLong,
    }


@pytest.mark.parametrize("alone", [{"rating": 1}, {"topic": "jobs"}, {"words": "네"}])
async def test_one_answer_is_enough(sqlite: Database, alone: dict[str, str | int]) -> None:
    await on_tour(sqlite)
    await leave(sqlite, replace(Answers(Speaker.OTHER), **alone))  # type: ignore[arg-type]
    assert len(await notes_of(sqlite)) == 1


@pytest.mark.parametrize(
    ("minutes", "where"),
    [(-31, "early"), (-30, "open"), (90 + 24 * 60, "open"), (91 + 24 * 60, "closed")],
)
async def test_the_window_is_the_chats(sqlite: Database, minutes: int, where: str) -> None:
    await on_tour(sqlite)
    now = LUNCH.start + timedelta(minutes=minutes)
    async with sqlite.open_unit(read_only=True) as unit:
        if where == "closed":
            with pytest.raises(FeedbackClosed):
                await PAGE.open(unit, LUNCH.code, now=now)
        else:
            found = await PAGE.open(unit, LUNCH.code, now=now)
            assert isinstance(found, Early if where == "early" else Place)
    if where != "open":
        with pytest.raises(FeedbackClosed):
            await leave(sqlite, now=now)


async def test_edits_go_on_after_the_window_and_new_notes_do_not(sqlite: Database) -> None:
    await on_tour(sqlite)
    secret, later = await leave(sqlite), NOON + timedelta(days=30)
    await change(sqlite, secret, replace(WHOLE, words="한 달 뒤에 고칩니다."), now=later)
    await leave(sqlite, replace(WHOLE, words="늦게 다시 보냅니다."), secret=secret, now=later)
    assert [one.note.words for one in await notes_of(sqlite)] == ["늦게 다시 보냅니다."]
    async with sqlite.open_unit() as unit:
        assert not (await PAGE.receipt(unit, secret, now=later)).takes_more
        with pytest.raises(FeedbackClosed):
            await PAGE.another(unit, secret, new_secret(), WHOLE, now=later)


async def test_a_code_that_nobody_has_and_a_cancelled_meeting_are_refused(sqlite: Database) -> None:
    await on_tour(sqlite, replace(LUNCH, cancelled=True))
    with pytest.raises(CodeUnknown):
        await leave(sqlite, code="nonsense")
    with pytest.raises(FeedbackClosed) as refused:
        await leave(sqlite)
    assert refused.value.key == "feedback.meeting_cancelled"


async def test_a_secret_belongs_to_its_meeting_and_its_door(database: Database) -> None:
    await on_tour(database, LUNCH, DINNER, BESIDE)
    of_page, of_chat = await leave(database), await noted(database)
    with pytest.raises(ReceiptUnknown):
        await leave(database, replace(WHOLE, words="남의 것"), secret=of_page, code=BESIDE.code)
    for attempt in (
        leave(database, replace(WHOLE, words="남의 것"), secret=of_chat),
        change(database, of_chat, replace(WHOLE, words="남의 것")),
        withdraw(database, of_chat),
        change(database, new_secret(), WHOLE),
        another(database, new_secret(), new_secret()),
        told(database, of_chat),
    ):
        with pytest.raises(ReceiptUnknown):
            await attempt
    async with database.open_unit() as unit:
        with pytest.raises(StepOver):
            await OwnNotes(TEXTS).show(unit, GUEST, of_page, now=NOON)
    assert [one.note.words for one in await notes_of(database)] == ["통근버스가 더 필요합니다."] * 2


async def test_another_note_under_somebody_elses_secret_is_refused(database: Database) -> None:
    await on_tour(database)
    mine, theirs = await leave(database), await leave(database)
    with pytest.raises(ReceiptUnknown):
        await another(database, mine, theirs, replace(WHOLE, words="남의 것"))
    assert {one.note.words for one in await notes_of(database)} == {WHOLE.words}


async def test_a_withdrawn_note_stays_withdrawn_whatever_is_sent(database: Database) -> None:
    await on_tour(database)
    secret = await leave(database, replace(WHOLE, name="가상청년"))
    await withdraw(database, secret)
    await withdraw(database, secret)
    for attempt in (change(database, secret, WHOLE), leave(database, secret=secret)):
        with pytest.raises(AlreadyWithdrawn):
            await attempt
    [spoken] = await notes_of(database)
    assert (spoken.note.withdrawn, spoken.note.words, spoken.name) == (True, "", None)


async def test_a_name_comes_and_goes_with_all_notes_of_a_voice(sqlite: Database) -> None:
    await on_tour(sqlite)
    secret = await leave(sqlite, replace(WHOLE, name="  가상청년\n모임 "))
    assert [one.name for one in await notes_of(sqlite)] == ["가상청년 모임"]
    await change(sqlite, secret, WHOLE)
    assert [one.name for one in await notes_of(sqlite)] == [None]
    await change(sqlite, secret, replace(WHOLE, name="가상인물"))
    async with sqlite.open_unit() as unit:
        await PAGE.forget_name(unit, secret, now=NOON)
        await unit.commit()
    assert [one.name for one in await notes_of(sqlite)] == [None]


async def test_every_kind_of_change_calls_a_published_digest_again(database: Database) -> None:
    await on_tour(database)
    secret = await leave(database, replace(WHOLE, name="가상청년"))
    await publish(database, at("21:00"))
    now = at("21:10")
    await change(database, secret, replace(WHOLE, name="가상청년"), now=now)
    assert await revision_due(database) is None, "the same again is no change"
    await change(database, secret, replace(WHOLE, name="가상청년", speaker=Speaker.WORKER), now=now)
    assert await revision_due(database) == at("21:30")
    async with database.open_unit() as unit:
        await PAGE.forget_name(unit, secret, now=now)
        await unit.commit()
    assert await revision_due(database) == now


async def test_a_withdrawal_calls_it_at_once(database: Database) -> None:
    await on_tour(database)
    secret = await leave(database)
    await publish(database, at("21:00"))
    await withdraw(database, secret, now=at("21:10"))
    assert await revision_due(database) == at("21:10")


async def test_what_became_of_a_note_is_said_only_when_it_went_out(database: Database) -> None:
    day = await report_day(database)
    spoke, rated = await leave(database), await leave(database, Answers(Speaker.YOUTH, 5))
    withdrawn = await leave(database)
    await withdraw(database, withdrawn)
    await day.asks()
    assert await told(database, spoke) is Told.NOT_YET, "a draft went to nobody"
    assert await day.publishes(EVENING) == 1
    assert [await told(database, one) for one in (spoke, rated, withdrawn)] == [
        Told.WORDS,
        Told.COUNTED,
        Told.NOT_YET,
    ]
    late = await leave(database, now=EVENING)
    assert await told(database, late) is Told.NOT_YET


async def test_a_destroyed_note_has_no_receipt(sqlite: Database) -> None:
    await on_tour(sqlite)
    secret = await leave(sqlite)
    async with sqlite.open_unit() as unit:
        assert await unit.notes.destroy_before(LUNCH.day + timedelta(days=1)) == 1
        await unit.commit()
    with pytest.raises(ReceiptUnknown):
        await told(sqlite, secret)
