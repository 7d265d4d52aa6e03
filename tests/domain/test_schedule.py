"""The schedule while it moves: a new plan against what stands, delays, and which meeting is meant now."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import MeetingId
from bot.domain.meeting import Meeting
from bot.domain.schedule import (
    JUST_ENDED,
    DelayOutOfRange,
    MeetingGone,
    MeetingOver,
    candidates_for_note,
    compare,
    delay,
    meeting_for_note,
    next_meeting,
    of_today,
)
from tests.support.plans import DAY, SEOUL, at, meeting, plan, standing

TOMORROW = DAY + timedelta(days=1)
MORNING = meeting("a", "07:30", "08:40")
SITE = meeting("b", "09:40", "11:00")
LUNCH = meeting("c", "11:40", "13:10")
DINNER = meeting("d", "18:00", "19:20")
THE_DAY = [MORNING, SITE, LUNCH, DINNER]


def keys(meetings: list[Meeting]) -> list[str]:
    return [m.plan.key for m in meetings]


class TestCompare:
    def test_an_empty_schedule_takes_everything(self) -> None:
        plans = [plan("a"), plan("b")]
        assert compare([], plans, cancel_missing=True).added == tuple(plans)

    @given(st.lists(st.sampled_from("abcdefgh"), unique=True), st.booleans())
    def test_the_same_file_twice_changes_nothing(self, names: list[str], cancel_missing: bool) -> None:
        plans = [plan(name) for name in names]
        again = compare([standing(p) for p in plans], plans, cancel_missing=cancel_missing)
        assert again.changes_nothing
        assert len(again.unchanged) == len(names)

    def test_a_change_names_the_fields_that_differ(self) -> None:
        new = replace(SITE.plan, start=at("10:00"), venue="새만금 홍보관")
        (change,) = compare([SITE], [new], cancel_missing=False).changed
        assert change.fields == ("start", "venue")
        assert (change.meeting, change.plan, change.restored) == (SITE, new, False)

    def test_a_cancelled_meeting_in_the_file_stands_again(self) -> None:
        off = SITE.called_off()
        (change,) = compare([off], [SITE.plan], cancel_missing=True).changed
        assert change.restored
        assert change.fields == ()

    @pytest.mark.parametrize(("cancel_missing", "called_off"), [(True, ["b"]), (False, [])])
    def test_what_is_missing_is_called_off_only_when_asked(
        self, cancel_missing: bool, called_off: list[str]
    ) -> None:
        result = compare([MORNING, SITE], [MORNING.plan], cancel_missing=cancel_missing)
        assert keys(list(result.cancelled)) == called_off

    def test_only_the_region_days_of_the_file_are_compared(self) -> None:
        elsewhere = meeting("e", region="강원")
        next_day = meeting("f", day=TOMORROW)
        result = compare([MORNING, elsewhere, next_day], [MORNING.plan], cancel_missing=True)
        assert result.changes_nothing
        assert result.unchanged == (MORNING,)

    def test_what_is_called_off_already_is_not_called_off_again(self) -> None:
        result = compare([MORNING, SITE.called_off()], [MORNING.plan], cancel_missing=True)
        assert result.changes_nothing

    def test_a_meeting_that_moves_to_another_day_is_changed_and_not_lost(self) -> None:
        moved = replace(plan("b", "09:40", "11:00", day=TOMORROW), title=SITE.title)
        result = compare([MORNING, SITE], [MORNING.plan, moved], cancel_missing=True)
        (change,) = result.changed
        assert change.fields == ("day", "start", "end")
        assert result.cancelled == ()
        assert result.added == ()

    @given(st.sets(st.sampled_from("abcdef")), st.sets(st.sampled_from("abcdef")))
    def test_every_meeting_and_every_plan_is_accounted_for(self, stands: set[str], comes: set[str]) -> None:
        result = compare([meeting(k) for k in stands], [plan(k) for k in comes], cancel_missing=True)
        assert {p.key for p in result.added} == comes - stands
        assert {m.plan.key for m in result.unchanged} == comes & stands
        assert {m.plan.key for m in result.cancelled} == (stands - comes if comes else set())


class TestDelay:
    def test_one_meeting_moves_whole(self) -> None:
        (move,) = delay(THE_DAY, SITE.id, 20, following=False, now=at("09:00")).moves
        assert (move.old_start, move.old_end) == (at("09:40"), at("11:00"))
        assert (move.new_start, move.new_end) == (at("10:00"), at("11:20"))
        assert move.plan == replace(SITE.plan, start=at("10:00"), end=at("11:20"))

    def test_those_that_follow_move_with_it_and_those_before_do_not(self) -> None:
        moves = delay(THE_DAY, SITE.id, 20, following=True, now=at("09:00")).moves
        assert keys([m.meeting for m in moves]) == ["b", "c", "d"]
        assert all(m.new_start - m.old_start == timedelta(minutes=20) for m in moves)

    def test_what_has_begun_only_ends_later(self) -> None:
        moves = delay(THE_DAY, SITE.id, 30, following=True, now=at("09:40")).moves
        assert [(m.new_start, m.new_end) for m in moves[:2]] == [
            (at("09:40"), at("11:30")),
            (at("12:10"), at("13:40")),
        ]

    def test_what_is_over_stays(self) -> None:
        with pytest.raises(MeetingOver) as refused:
            delay(THE_DAY, SITE.id, 20, following=False, now=at("11:00"))
        assert (refused.value.key, refused.value.values) == ("late.over", {"title": SITE.title})

    def test_those_after_a_meeting_that_is_over_still_move(self) -> None:
        moves = delay(THE_DAY, SITE.id, 20, following=True, now=at("11:00")).moves
        assert keys([m.meeting for m in moves]) == ["c", "d"]

    def test_nothing_moves_when_the_whole_day_is_over(self) -> None:
        with pytest.raises(MeetingOver):
            delay(THE_DAY, SITE.id, 20, following=True, now=at("19:20"))

    def test_a_cancelled_meeting_neither_moves_nor_is_run_into(self) -> None:
        off = meeting("c", "11:10", "12:00", cancelled=True)
        result = delay([SITE, off], SITE.id, 30, following=True, now=at("09:00"))
        assert keys([m.meeting for m in result.moves]) == ["b"]
        assert result.overlaps == ()

    @pytest.mark.parametrize("target", [MeetingId("gone"), MeetingId("id-x")])
    def test_a_meeting_that_is_gone_is_refused(self, target: MeetingId) -> None:
        with pytest.raises(MeetingGone):
            delay([*THE_DAY, meeting("x", cancelled=True)], target, 10, following=True, now=at("07:00"))

    @pytest.mark.parametrize("minutes", [-10, 0, 241, 10**9])
    def test_a_delay_out_of_range_is_refused(self, minutes: int) -> None:
        with pytest.raises(DelayOutOfRange):
            delay(THE_DAY, SITE.id, minutes, following=False, now=at("07:00"))

    @pytest.mark.parametrize(("minutes", "runs_into"), [(40, []), (41, ["c"])])
    def test_a_delay_that_runs_into_the_next_meeting_says_so(
        self, minutes: int, runs_into: list[str]
    ) -> None:
        result = delay(THE_DAY, SITE.id, minutes, following=False, now=at("09:00"))
        assert keys([o.other for o in result.overlaps]) == runs_into
        assert all(o.moved == SITE for o in result.overlaps)

    def test_a_longer_meeting_in_progress_runs_into_the_next(self) -> None:
        (overlap,) = delay(THE_DAY, SITE.id, 60, following=False, now=at("10:30")).overlaps
        assert overlap.other == LUNCH

    def test_meetings_that_were_held_side_by_side_are_no_news(self) -> None:
        beside = meeting("z", "10:00", "11:30")
        assert delay([SITE, beside], SITE.id, 10, following=False, now=at("08:00")).overlaps == ()

    @pytest.mark.parametrize("day", [date(2026, 12, 31), date(2028, 2, 28), date(2028, 2, 29)])
    def test_a_move_over_midnight_keeps_its_day(self, day: date) -> None:
        late = meeting("n", "23:50", "00:40", day=day)
        (move,) = delay([late], late.id, 30, following=False, now=at("20:00", day=day)).moves
        assert move.plan.day == day
        assert move.new_start == at("00:20", day=day + timedelta(days=1))

    @given(st.integers(1, 240), st.booleans(), st.integers(-60, 800))
    def test_nothing_gets_earlier_shorter_than_its_rest_or_loses_its_order(
        self, minutes: int, following: bool, passed: int
    ) -> None:
        now = at("07:00") + timedelta(minutes=passed)
        try:
            moves = delay(THE_DAY, SITE.id, minutes, following=following, now=now).moves
        except MeetingOver:
            assert now >= SITE.end
            return
        for move in moves:
            assert move.new_end - move.old_end == timedelta(minutes=minutes)
            assert move.new_start - move.old_start in {timedelta(), timedelta(minutes=minutes)}
            assert (move.new_start == move.old_start) == (move.old_start <= now)
            assert now < move.old_end
        starts = [move.new_start for move in moves]
        assert starts == sorted(starts)


class TestWhichMeetingIsMeant:
    @pytest.mark.parametrize(
        ("now", "expected"),
        [
            ("06:00", "a"),
            ("07:30", "a"),
            ("08:39", "a"),
            ("08:40", "b"),
            ("09:40", "b"),
            ("13:10", "d"),
            ("19:20", None),
        ],
    )
    def test_next_is_what_goes_on_or_comes(self, now: str, expected: str | None) -> None:
        found = next_meeting(reversed(THE_DAY), at(now))
        assert (found.plan.key if found else None) == expected

    def test_of_two_in_progress_the_later_is_shown(self) -> None:
        beside = meeting("z", "10:00", "11:30")
        assert next_meeting([beside, SITE], at("10:30")) == beside

    def test_next_passes_over_what_was_called_off(self) -> None:
        assert next_meeting([MORNING.called_off(), SITE], at("07:40")) == SITE

    @pytest.mark.parametrize(
        ("now", "expected"),
        [
            ("07:29", None),  # nothing has begun
            ("07:30", "a"),
            ("08:40", "a"),  # just ended
            ("09:39", "a"),
            ("09:40", "b"),  # the one in progress goes before the one that just ended
            ("11:39", "b"),
            ("14:10", "c"),  # the last minute
            ("14:11", None),
        ],
    )
    def test_a_note_goes_to_the_meeting_in_progress_or_just_ended(
        self, now: str, expected: str | None
    ) -> None:
        found = meeting_for_note(THE_DAY, at(now))
        assert (found.plan.key if found else None) == expected

    def test_a_note_asks_when_two_are_in_progress(self) -> None:
        assert meeting_for_note([SITE, meeting("z", "10:00", "11:30")], at("10:30")) is None

    def test_a_note_asks_when_two_just_ended(self) -> None:
        assert meeting_for_note([SITE, meeting("z", "11:00", "11:10")], at("11:20")) is None

    def test_a_note_never_goes_to_what_was_called_off(self) -> None:
        assert meeting_for_note([SITE.called_off()], at("10:00")) is None
        assert candidates_for_note([SITE.called_off()], at("10:00"), SEOUL) == []

    def test_one_chooses_from_what_has_begun_today_newest_first(self) -> None:
        yesterday = meeting("y", day=DAY - timedelta(days=1))
        assert keys(candidates_for_note([yesterday, *THE_DAY], at("16:00"), SEOUL)) == ["c", "b", "a"]

    def test_today_holds_what_was_called_off_and_no_other_day(self) -> None:
        off = meeting("z", "08:00", "09:00", cancelled=True)
        days = [DINNER, off, MORNING, meeting("t", day=TOMORROW)]
        assert keys(of_today(days, at("00:00"), SEOUL)) == ["a", "z", "d"]

    def test_a_meeting_over_midnight_is_todays_until_it_ends(self) -> None:
        late = meeting("n", "23:00", "00:30")
        assert of_today([late], at("00:29", day=TOMORROW), SEOUL) == [late]
        assert of_today([late], at("00:30", day=TOMORROW), SEOUL) == []
        assert meeting_for_note([late], at("00:30", day=TOMORROW) + JUST_ENDED) == late
