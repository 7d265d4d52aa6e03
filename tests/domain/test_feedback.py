"""Notes: what they may say, how long, and what is left of one that was taken back."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.feedback import (
    LONGEST_NOTE,
    Note,
    NoteKind,
    RatingOutOfRange,
    Source,
    WordsTooLong,
    feedback_open,
)
from bot.domain.ids import NoteId, Region, VoiceId
from tests.support.plans import DAY, at

NOTE = Note(NoteId("n"), VoiceId("v"), None, Region("전북"), DAY, Source.CHAT)


@pytest.mark.parametrize("rating", [1, 2, 3, 4, 5])
def test_a_rating_is_kept(rating: int) -> None:
    rated = NOTE.rated(rating)
    assert rated.rating == rating


@pytest.mark.parametrize("rating", [-1, 0, 6, 100])
def test_a_rating_out_of_range_is_refused(rating: int) -> None:
    with pytest.raises(RatingOutOfRange):
        NOTE.rated(rating)


@given(st.text(max_size=50))
def test_words_are_trimmed_and_nothing_else(words: str) -> None:
    assert NOTE.saying(f"  {words}\n").words == words.strip()


def test_the_longest_note_is_taken_and_one_letter_more_is_refused_with_its_length() -> None:
    assert len(NOTE.saying("가" * LONGEST_NOTE + "  ").words) == LONGEST_NOTE
    with pytest.raises(WordsTooLong) as refused:
        NOTE.saying("가" * (LONGEST_NOTE + 1))
    assert refused.value.values == {"length": LONGEST_NOTE + 1, "limit": LONGEST_NOTE}


def test_a_topic_can_be_chosen_and_skipped_again() -> None:
    assert NOTE.on_topic("jobs").topic == "jobs"
    assert NOTE.on_topic("jobs").on_topic(None).topic is None


def test_steps_keep_what_was_said_before() -> None:
    note = NOTE.rated(4).on_topic("jobs").saying("셔틀을 늘려 주세요").marked(NoteKind.REQUEST)
    assert (note.rating, note.topic, note.words, note.kind) == (
        4,
        "jobs",
        "셔틀을 늘려 주세요",
        NoteKind.REQUEST,
    )
    assert (note.id, note.voice, note.day) == (NOTE.id, NOTE.voice, NOTE.day)


def test_of_a_note_taken_back_only_that_it_was_there_remains() -> None:
    gone = NOTE.rated(4).on_topic("jobs").saying("비밀").taken_back()
    assert gone.withdrawn
    assert (gone.words, gone.rating, gone.topic) == ("", None, None)
    assert gone.taken_back() == gone


START, END = at("09:40"), at("11:00")


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (START - timedelta(minutes=30, seconds=1), False),
        (START - timedelta(minutes=30), True),
        (START, True),
        (END, True),
        (END + timedelta(hours=24), True),
        (END + timedelta(hours=24, seconds=1), False),
    ],
)
def test_feedback_is_taken_from_half_an_hour_before_to_a_day_after(moment: datetime, expected: bool) -> None:
    assert feedback_open(START, END, moment) is expected
