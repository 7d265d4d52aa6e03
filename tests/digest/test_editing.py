"""What an editor leaves out of a digest: whatever is chosen, no note is lost, and nothing of it is said anywhere."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.digest.as_chat import section_blocks, sections
from bot.digest.as_json import from_json, to_json
from bot.digest.as_report import report
from bot.digest.editing import UNPLACED, left_out, listed_in, places_in, rewritable, sentences_of
from bot.digest.ledger import verify
from bot.digest.pipeline import make_digest
from bot.domain.approval import Approval, ApprovalState, Editing, Office, decision_about
from bot.domain.digest import DayInput, Digest
from tests.support.chat import MESSAGES
from tests.support.corpus import corpus_day

NOW = datetime(2026, 1, 22, 12, 10, tzinfo=UTC)


@cache
def edge_cases() -> tuple[DayInput, Digest]:
    day = corpus_day("edge_cases", every_nth_without_topic=3)
    return day, make_digest(day)


@pytest.fixture
def day() -> DayInput:
    return edge_cases()[0]


@pytest.fixture
def digest() -> Digest:
    return edge_cases()[1]


@settings(max_examples=40, deadline=None)
@given(chosen=st.sets(st.integers(0, 60)))
def test_whatever_is_left_out_the_ledger_balances(chosen: set[int]) -> None:
    day, digest = edge_cases()
    sentences = sentences_of(digest)
    gone = [one for at, one in enumerate(sentences) if at in chosen]
    shorter = left_out(digest, {one.mark for one in gone}, places_in(day))
    verify(shorter, day)
    assert {one.mark for one in sentences_of(shorter)} == {one.mark for one in sentences} - {
        one.mark for one in gone
    }
    assert shorter.numbers == digest.numbers
    assert from_json(to_json(shorter)) == shorter


def test_it_is_the_same_one_by_one_and_in_one_making(day: DayInput, digest: Digest) -> None:
    gone = [sentences_of(digest)[at] for at in (0, 3, -1)]
    shorter = digest
    for one in gone:
        shorter = left_out(shorter, {one.mark}, places_in(day))
    editing = Editing(tuple(decision_about(one.text, one.notes) for one in gone))
    assert make_digest(replace(day, editing=editing)) == shorter
    assert Editing.from_json(editing.to_json()) == editing


def test_words_that_were_left_out_do_not_come_back_when_their_note_is_sorted(
    day: DayInput, digest: Digest
) -> None:
    """Nor as a finding, a request, a minority view or a title."""
    waiting = [one for one in sentences_of(digest) if one.kind == UNPLACED]
    topic = next(one.key for one in day.topics if not one.is_rest)
    for gone in waiting:
        editing = Editing((decision_about(gone.text, gone.notes),))
        notes = tuple(
            replace(note, sorted_as=topic) if note.number in gone.notes else note for note in day.notes
        )
        after = make_digest(replace(day, notes=notes, editing=editing))
        assert not any(set(gone.notes) & set(one.notes) for one in sentences_of(after))
        assert not any(quote.note in gone.notes for theme in after.themes for quote in theme.title_quotes)


def test_what_was_left_out_is_said_in_no_title_and_no_section(day: DayInput, digest: Digest) -> None:
    every = left_out(digest, {one.mark for one in sentences_of(digest)}, places_in(day))
    assert sentences_of(every) == ()
    assert {theme.title for theme in every.themes} == {theme.category for theme in every.themes}
    text = "\n".join(
        block.html
        for section in sections(every)
        for block in section_blocks(every, section.key, MESSAGES, NOW)
    )
    assert all(one.text not in text for one in sentences_of(digest))
    assert "편집자가 문장을 빼어 원문을 싣지 않은 의견" in text
    assert f"편집자가 뺀 문장 {len(sentences_of(digest))}" in text


def test_a_rejected_sentence_is_not_written_that_way_again(day: DayInput, digest: Digest) -> None:
    first = sentences_of(digest)[min(rewritable(digest))]
    again = make_digest(replace(day, editing=Editing(again=(decision_about(first.text, first.notes),))))
    themed = {one.mark for at, one in enumerate(sentences_of(again)) if at in rewritable(again)}
    assert first.mark not in themed
    assert again.approval is not None
    assert again.approval.again == 1
    assert all(first.text not in theme.title for theme in again.themes)


def test_pages_of_the_lists(digest: Digest) -> None:
    count = len(sentences_of(digest))
    assert listed_in(digest, "d0") == list(range(10))
    assert listed_in(digest, f"d{count}") == []
    assert listed_in(digest, "sum") is None
    assert listed_in(digest, "d99999") is None
    written = listed_in(digest, "w0")
    assert written is not None
    assert {sentences_of(digest)[at].kind for at in written} <= {"finding", "request"} - {UNPLACED}


APPROVED = Approval(ApprovalState.APPROVED, Office.DEPUTY, NOW, dropped=2)
OUT = Approval(ApprovalState.UNAPPROVED, at=NOW)


@pytest.mark.parametrize(
    ("approval", "revision", "told"),
    [
        (APPROVED, 1, "결재: 승인됨(대리 결재자, 1.22.(목) 21:10) · 편집자가 뺀 문장 2"),
        (
            APPROVED,
            2,
            "결재: 제1판 승인됨(대리 결재자, 1.22.(목) 21:10), 그 뒤에 바뀐 의견은 결재 없이 반영함",
        ),
        (OUT, 1, "결재: 미결재"),
        (OUT, 3, "결재: 미결재(제1판부터)"),
        (Approval(ApprovalState.DRAFT), 1, "결재: 대기 중인 초안"),
    ],
)
def test_every_form_says_what_became_of_the_approval(
    digest: Digest, approval: Approval, revision: int, told: str
) -> None:
    """Files are all written from the report: in its summary, and at every page's head."""
    stamped = replace(digest, approval=approval, revision=revision)
    blocks = section_blocks(stamped, "sum", MESSAGES, NOW)
    assert any(told in block.html for block in blocks)
    made = report(stamped, MESSAGES, NOW)
    assert told in made.foot
    assert made.foot.startswith("※ 발췌 방식")
    assert any(told in line.text for line in made.parts[0].lines)
    assert from_json(to_json(stamped)) == stamped


def test_without_approvals_nothing_is_said_of_them(digest: Digest) -> None:
    assert "approval" not in to_json(digest)
    assert "결재" not in report(digest, MESSAGES, NOW).foot
