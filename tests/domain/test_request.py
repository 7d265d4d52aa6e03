"""Ten days, counted as the law counts them, and what can become of a request."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import ChatId
from bot.domain.request import (
    LONGEST_WORDS,
    Answer,
    CannotPostpone,
    ReasonNeeded,
    Request,
    RequestClosed,
    RequestKind,
    RequestState,
    RequestTooLong,
    WordsNeeded,
    asked,
    due_day,
    new_number,
)

DAY = date(2026, 1, 22)
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))


def request(kind: RequestKind = RequestKind.ACCESS, day: date = DAY) -> Request:
    return asked(kind, day, day, chat=ChatId(41), language="ko")


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2026, 1, 19), date(2026, 1, 29)),  # Monday to Thursday
        (date(2026, 1, 20), date(2026, 1, 30)),
        (date(2026, 1, 21), date(2026, 2, 2)),  # the tenth day is a Saturday
        (date(2026, 1, 22), date(2026, 2, 2)),  # … a Sunday
        (date(2026, 1, 23), date(2026, 2, 2)),  # … that Monday itself
        (date(2026, 2, 18), date(2026, 3, 2)),
        (date(2028, 2, 21), date(2028, 3, 2)),  # a leap year
        (date(2026, 12, 25), date(2027, 1, 4)),
    ],
)
def test_the_day_of_receipt_does_not_count_and_a_weekend_moves_the_last(received: date, due: date) -> None:
    assert due_day(received) == due


@given(DAYS)
def test_the_last_day_is_a_working_day_ten_to_twelve_days_on(received: date) -> None:
    due = due_day(received)
    assert due.weekday() < 5
    assert timedelta(days=10) <= due - received <= timedelta(days=12)


@given(st.sampled_from(RequestKind), DAYS, st.integers(0, 40))
def test_only_access_is_put_off_once_within_its_days_and_ends_within_as_many(
    kind: RequestKind, received: date, days: int
) -> None:
    one, today = request(kind, received), received + timedelta(days=days)
    if kind is not RequestKind.ACCESS or today > one.due_on:
        with pytest.raises(CannotPostpone):
            one.answered(Answer.POSTPONED, "까닭", today)
        return
    later = one.answered(Answer.POSTPONED, "까닭", today)
    assert later.is_open
    assert later.due_on == due_day(one.due_on)
    with pytest.raises(CannotPostpone):
        later.answered(Answer.POSTPONED, "또", today)


def test_administrators_are_told_on_the_seventh_the_ninth_and_every_day_after_the_last() -> None:
    told, one = [], request()
    for day in range(16):
        today = DAY + timedelta(days=day)
        if one.wants_telling(today):
            told.append(day)
            one = replace(one, told_on=today)
    assert told == [7, 9, 12, 13, 14, 15]  # due on the eleventh day, a Monday


@given(st.lists(st.integers(0, 30), max_size=12))
def test_whatever_days_are_looked_at_nobody_is_told_twice_a_day_and_overdue_is_never_silent(
    looks: list[int],
) -> None:
    one = request()
    told: list[date] = []
    for day in sorted(looks):
        today = DAY + timedelta(days=day)
        if one.wants_telling(today):
            told.append(today)
            one = replace(one, told_on=today)
    assert len(told) == len(set(told))
    overdue = {DAY + timedelta(days=day) for day in looks if DAY + timedelta(days=day) > one.due_on}
    assert overdue <= set(told)


def test_days_are_counted_anew_after_a_postponement() -> None:
    later = request().answered(Answer.POSTPONED, "까닭", DAY + timedelta(days=3))
    assert not later.wants_telling(DAY + timedelta(days=9))
    assert later.wants_telling(later.counted_from + timedelta(days=7))


@pytest.mark.parametrize("answer", [Answer.REFUSED, Answer.POSTPONED])
def test_a_no_needs_its_reason(answer: Answer) -> None:
    with pytest.raises(ReasonNeeded):
        request().answered(answer, " \n", DAY)


def test_access_is_not_given_without_a_word_and_that_nothing_is_held_is_said_by_itself() -> None:
    with pytest.raises(WordsNeeded):
        request().answered(Answer.DONE, " \n", DAY)
    assert request(RequestKind.DELETION).answered(Answer.DONE, "", DAY).state is RequestState.DONE
    none = request().answered(Answer.NONE, "", DAY)
    assert (none.state, none.answer, none.closed_on) == (RequestState.NONE, None, DAY)


def test_what_is_closed_is_not_opened_by_anything() -> None:
    done = request().answered(Answer.DONE, "답", DAY)
    back = request().taken_back(DAY)
    assert (done.state, back.state) == (RequestState.DONE, RequestState.WITHDRAWN)
    for closed in (done, back):
        with pytest.raises(RequestClosed):
            closed.answered(Answer.DONE, "", DAY)
        with pytest.raises(RequestClosed):
            closed.saying("말")
        with pytest.raises(RequestClosed):
            closed.taken_back(DAY)


def test_words_have_an_end_and_nothing_is_cut() -> None:
    whole = request().saying("가" * LONGEST_WORDS)
    assert whole.words == "가" * LONGEST_WORDS
    with pytest.raises(RequestTooLong):
        whole.saying("나")
    with pytest.raises(RequestTooLong):
        request().saying("가" * (LONGEST_WORDS + 1))
    with pytest.raises(RequestTooLong):
        request().answered(Answer.DONE, "가" * (LONGEST_WORDS + 1), DAY)


def test_late_is_what_was_answered_after_its_day() -> None:
    one = request()
    assert not one.answered(Answer.NONE, "", one.due_on).was_late
    assert one.answered(Answer.NONE, "", one.due_on + timedelta(days=1)).was_late


def test_numbers_tell_no_order_and_are_not_mistaken_for_another() -> None:
    numbers = {new_number() for _ in range(2000)}
    assert len(numbers) == 2000
    assert not set("".join(numbers)) & set("IL01O")
