"""Approval (결재): who is shown a day's first digest before managers get it, and what comes of their answer or silence."""

from datetime import timedelta

from storage.database import Database
from tests.support.approval_day import DEPUTY, EDITOR, READER, approval_day
from tests.support.plans import at

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
