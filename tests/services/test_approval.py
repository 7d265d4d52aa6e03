"""Approval (결재): who is shown a day's first digest before managers get it, and what comes of their answer or silence."""

from datetime import time, timedelta

import pytest

from bot.digest.editing import sentences_of
from bot.digest.ledger import verify
from bot.domain.approval import Approval, ApprovalState
from bot.domain.digest import Digest
from bot.domain.feedback import NoteKind, Source, Speaker
from bot.domain.ids import ChatId
from bot.domain.person import Grant, Role
from bot.services.clock_set_back import set_right
from bot.services.digest_making import DigestMaking
from bot.services.digests import Digests
from bot.services.publishing import Publishing
from bot.services.triage_pile import pile_of
from storage.database import Database
from tests.support.approval_day import DEPUTY, EDITOR, READER, WORDS, approval_day
from tests.support.chat import ADMIN, grant
from tests.support.feedback import LUNCH
from tests.support.plans import SEOUL, at
from tests.support.report_day import EVENING, SUBJECT

HALF = timedelta(minutes=30)


async def test_an_editor_sees_the_draft_and_managers_get_it_once_it_is_approved(database: Database) -> None:
    day = await approval_day(database)
    await day.begins()
    draft, card = day.chat(EDITOR)
    assert "대기 중인 초안" in draft.text
    assert list(card.buttons) == ["승인", "문장 빼기", "다시 쓰기"]
    assert day.chat(DEPUTY) == []
    await day.presses(EDITOR, "승인")
    await day.ticks()
    assert "결재: 승인됨(편집자, 1.22.(목) 21:00)" in day.chat(DEPUTY)[0].text
    assert "간부께 보내 드렸습니다" in day.chat(EDITOR)[1].text
    assert await day.waiting() is None
    assert [one.action for one in await day.audited()] == [
        "approval_asked",
        "digest_approved",
        "digest_published",
    ]


async def test_without_an_answer_it_goes_to_the_deputy_and_then_out_unapproved(database: Database) -> None:
    day = await approval_day(database)
    await day.begins()
    await day.passes(29.5)
    assert day.chat(DEPUTY) == []
    await day.passes(0.5)
    assert "함께 부탁드립니다" in day.card(DEPUTY).text
    assert day.chat(READER) == []
    await day.passes(29)
    assert await day.waiting() is not None
    await day.passes(1)
    assert await day.waiting() is None
    for user in (EDITOR, DEPUTY):
        assert any("결재: 미결재" in one.text for one in day.chat(user))
    assert day.clock.now() >= at("22:00")


async def test_a_sentence_is_left_out_and_stays_out_and_nothing_is_lost(database: Database) -> None:
    day = await approval_day(database)
    await day.says(
        "통근버스 예산을 검토하기로 약속했습니다.",
        topic=None,
        rating=None,
        speaker=Speaker.STAFF,
        kind=NoteKind.PROMISE,
        source=Source.STAFF,
    )
    await day.begins()
    before = await day.digest()
    await day.presses(EDITOR, "문장 빼기")
    listed = day.card(EDITOR)
    assert "보고에서 뺄 문장" in listed.text
    place = next(at for at, one in enumerate(sentences_of(before)) if one.kind == "promise")
    gone = sentences_of(before)[place]
    await day.presses(EDITOR, str(place + 1))
    await day.presses(EDITOR, "문장 빼기")
    themed = sentences_of(before)[0]
    await day.presses(EDITOR, "1")
    draft, card = day.chat(EDITOR)
    assert "편집자가 뺀 문장 2" in draft.text
    assert themed.text not in draft.text
    assert "지금까지 뺀 문장: 2" in card.text
    await day.presses(EDITOR, "승인")
    await day.ticks()
    after = await day.digest()
    assert {gone.text, themed.text}.isdisjoint(one.text for one in sentences_of(after))
    assert set(gone.notes) <= set(after.ledger.unplaced)
    assert set(themed.notes) <= set(after.ledger.covered)
    assert [one.meeting_title for one in after.unplaced if set(gone.notes) & set(one.notes)] == [LUNCH.title]
    assert after.approval is not None
    assert (after.approval.dropped, after.approval.left_out) == (2, gone.notes)
    verify(after, await day.input())
    await day.says("늦게 낸 의견입니다.")
    await day.begins(at("21:30"))
    again = await day.digest()
    assert again.revision == 2
    assert {gone.text, themed.text}.isdisjoint(one.text for one in sentences_of(again))
    assert "제1판 승인됨" in day.chat(DEPUTY)[-1].text
    assert "편집자가 뺀 문장 2" in day.chat(DEPUTY)[-1].text
    kinds = [one.details["kind"] for one in await day.audited() if one.action == "draft_sentence_left_out"]
    assert kinds == ["promise", themed.kind]


async def test_a_sentence_is_written_again_of_the_same_themes_notes(database: Database) -> None:
    day = await approval_day(database)
    await day.begins()
    before = await day.digest()
    await day.presses(EDITOR, "다시 쓰기")
    assert "다시 쓸 문장" in day.card(EDITOR).text
    await day.presses(EDITOR, "1")
    assert "다시 만들고 있습니다" in day.chat(EDITOR)[1].text
    await day.ticks()
    after = await day.digest()
    rejected = sentences_of(before)[0]
    assert rejected.text not in {one.text for one in sentences_of(after)}
    assert len(sentences_of(after)) == len(sentences_of(before))
    assert set(rejected.notes) <= {*after.ledger.covered, *after.ledger.cited}
    verify(after, await day.input())
    assert len(day.chat(EDITOR)) == 4, "the new draft and its card below the old ones"
    await day.presses(EDITOR, "승인")
    await day.ticks()
    assert "편집자가 다시 쓰게 한 문장 1" in day.chat(DEPUTY)[0].text


async def test_withdrawn_words_leave_the_draft_at_once_and_void_an_approval(database: Database) -> None:
    day = await approval_day(database)
    taken_back = await day.says("이 말은 곧 거두어들일 통근버스 이야기입니다.")
    await day.begins()
    await day.presses(EDITOR, "문장 빼기")
    number = next(
        at for at, one in enumerate(sentences_of(await day.digest()), 1) if "거두어들일" not in one.text
    )
    dropped = sentences_of(await day.digest())[number - 1]
    await day.presses(EDITOR, str(number))
    await day.presses(EDITOR, "승인")
    await day.withdraws(taken_back)
    assert "거두어들일" not in await day.bodies()
    await day.ticks()
    assert day.chat(DEPUTY) == [], "what was approved says more than is left"
    assert all("거두어들일" not in one.text for one in day.chat(EDITOR))
    assert "초안을 다시 만들었습니다" in day.card(EDITOR).text
    assert "편집자가 뺀 문장 1" in day.chat(EDITOR)[-2].text
    assert dropped.text not in {one.text for one in sentences_of(await day.digest())}
    await day.presses(EDITOR, "승인")
    await day.ticks()
    assert "승인됨" in day.chat(DEPUTY)[0].text


async def test_what_comes_while_a_draft_waits_is_in_the_first_revision(database: Database) -> None:
    day = await approval_day(database)
    await day.begins()
    await day.says("초안 뒤에 온 의견입니다.")
    await day.ticks()
    assert len(day.chat(EDITOR)) == 2, "nobody reads by asking again what somebody just said"
    await day.presses(EDITOR, "승인")
    await day.ticks()
    assert (await day.digest()).ledger.received == 6
    await day.begins(at("21:30"))
    second = await day.digest()
    assert (second.revision, second.ledger.received, len(second.late)) == (2, 7, 1)


async def test_a_correction_voids_what_was_decided_about_that_note_alone(database: Database) -> None:
    day = await approval_day(database)
    changed = await day.says("고치기 전의 통근버스 이야기입니다.", topic="housing", speaker=Speaker.COMPANY)
    await day.begins()
    await day.presses(EDITOR, "문장 빼기")
    sentences = [one.text for one in sentences_of(await day.digest())]
    place = next(at for at, text in enumerate(sentences, 1) if "고치기 전" in text)
    await day.presses(EDITOR, str(place))
    await day.presses(EDITOR, "문장 빼기")
    await day.presses(EDITOR, "1")
    await day.corrects(changed, "고친 뒤의 통근버스 이야기입니다.")
    await day.ticks()
    waiting = await day.waiting()
    assert waiting is not None
    assert len(waiting.editing.dropped) == 1
    said = {one.text for one in sentences_of(await day.digest())}
    assert "고친 뒤의 통근버스 이야기입니다." in said
    assert sentences[0] not in said


async def test_where_nobody_can_be_asked_it_goes_out_at_once_and_administrators_hear(
    database: Database,
) -> None:
    day = await approval_day(database, managers=0)
    await grant(database, ADMIN, Grant(Role.ADMIN, None))
    await day.begins()
    assert (await day.digest()).approval == Approval(ApprovalState.UNAPPROVED, at=EVENING)
    assert "결재할 분께 닿지 않아" in day.chat(ADMIN)[0].text


async def test_one_manager_is_asked_and_waited_for_half_an_hour(database: Database) -> None:
    day = await approval_day(database, managers=1)
    await day.begins()
    assert day.card(EDITOR).buttons
    await day.passes(30)
    assert "결재: 미결재" in day.chat(EDITOR)[-1].text


async def test_an_editor_who_cannot_be_reached_any_more_is_not_waited_for(database: Database) -> None:
    day = await approval_day(database)
    await day.begins()
    async with database.open_unit() as unit:
        await unit.people.mark_reachable(ChatId(EDITOR.id), reachable=False)
        await unit.commit()
    await day.ticks()
    assert day.card(DEPUTY).buttons
    async with database.open_unit() as unit:
        await unit.people.mark_reachable(ChatId(DEPUTY.id), reachable=False)
        await unit.commit()
    await day.ticks()
    assert (await day.digest()).approval is not None
    assert await day.waiting() is None


async def test_switched_off_while_a_draft_waits_it_goes_out_as_ever(database: Database) -> None:
    day = await approval_day(database)
    await day.begins()
    plain = Publishing(database.open_unit, Digests(SEOUL, time(21)), day.clock)
    assert await plain.publish_due() == 1
    await day.office.sends()
    assert await day.waiting() is None
    assert "미결재" in day.chat(DEPUTY)[0].text
    assert not day.chat(EDITOR)[1].buttons


async def test_a_clock_that_was_ahead_makes_nobody_wait_longer(database: Database) -> None:
    day = await approval_day(database)
    await day.begins(EVENING + 5 * HALF)
    async with database.open_unit() as unit:
        await set_right(unit, now=EVENING, zone=SEOUL)
        await set_right(unit, now=EVENING, zone=SEOUL)
        await unit.commit()
    waiting = await day.waiting()
    assert waiting is not None
    assert waiting.due == EVENING + HALF


async def test_what_was_approved_while_another_draft_was_computed_goes_out_as_it_was(
    database: Database,
) -> None:
    day = await approval_day(database)
    await day.begins()
    day.clock.jump_to(EVENING + timedelta(minutes=29))
    await day.says("늦게 온 가상 통근버스 의견입니다.")
    compute, pressed = DigestMaking.compute, list[str]()

    async def slowly(making: DigestMaking, *given: object, **named: object) -> Digest:
        made = await compute(making, *given, **named)  # type: ignore[arg-type]
        if not pressed:
            pressed.append("승인")
            await day.presses(EDITOR, "승인")
        return made

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(DigestMaking, "compute", slowly)
        await day.passes(1)
    assert pressed
    sent = (await day.revisions())[0]
    assert sent.published_at is not None
    digest = await day.digest()
    assert digest.approval is not None
    assert digest.approval.state is ApprovalState.APPROVED
    assert digest.ledger.received == len(WORDS)


async def test_staff_sort_nothing_of_a_draft_that_awaits_approval(database: Database) -> None:
    day = await approval_day(database)
    await day.says("이야기로만 들려 드립니다.", topic=None)
    await day.begins()
    async with database.open_unit(read_only=True) as unit:
        assert await pile_of(unit, SUBJECT) is None
    await day.presses(EDITOR, "승인")
    await day.ticks()
    async with database.open_unit(read_only=True) as unit:
        assert await pile_of(unit, SUBJECT) is not None
