"""Telegram's limits hold in every window, seen from the receiver."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import ChatId
from bot.domain.limits import GROUP, Limits, Window

ANNA, BORA, GROUP_CHAT = ChatId(101), ChatId(102), ChatId(-1001)

Wish = tuple[ChatId, float, float]
"""To whom, how long after the wish before, how long until the answer came."""

wishes = st.lists(
    st.tuples(
        st.sampled_from([ANNA, BORA, GROUP_CHAT, ChatId(-1002), *map(ChatId, range(1, 60))]),
        st.floats(min_value=0, max_value=3) | st.just(0.0),
        st.floats(min_value=0, max_value=2) | st.just(0.0),
    ),
    max_size=150,
)


def most_in(moments: Sequence[float], seconds: float) -> int:
    """The largest number of moments in any half-open stretch of so many seconds."""
    ordered = sorted(moments)
    return max((sum(start <= moment < start + seconds for moment in ordered) for start in ordered), default=0)


def sent_by(limits: Limits, plan: Sequence[Wish], start: float = 0.0) -> list[tuple[ChatId, float]]:
    """Send as early as allowed, one after the other."""
    now, sent = start, []
    for chat, pause, _ in plan:
        now = limits.free_at(chat, now + pause)
        limits.take(chat, now)
        sent.append((chat, now))
    return sent


def assert_telegram_is_content(sent: Sequence[tuple[ChatId, float]]) -> None:
    assert most_in([moment for _, moment in sent], 1) <= 30
    for chat in {chat for chat, _ in sent}:
        moments = [moment for to, moment in sent if to == chat]
        assert most_in(moments, 1) <= 1
        if chat < 0:
            assert most_in(moments, 60) <= 20


@given(wishes)
def test_no_window_is_ever_broken(plan: list[Wish]) -> None:
    assert_telegram_is_content(sent_by(Limits(), plan))


@given(wishes, st.floats(min_value=-0.02, max_value=0.02))
def test_no_window_is_broken_by_a_network_that_jitters_a_little(plan: list[Wish], jitter: float) -> None:
    sent = sent_by(Limits(), plan)
    arrived = [(chat, moment + (jitter if n % 2 else 0)) for n, (chat, moment) in enumerate(sent)]
    assert_telegram_is_content(arrived)


@given(wishes, st.floats(min_value=0, max_value=1))
def test_a_chat_is_never_written_to_too_fast_however_late_its_messages_arrive(
    plan: list[Wish], share: float
) -> None:
    limits, now = Limits(), 0.0
    arrived: dict[ChatId, list[float]] = {}
    for n, (chat, pause, answer) in enumerate(plan):
        start = limits.free_at(chat, now + pause)
        limits.take(chat, start)
        now = start + answer
        limits.landed(chat, now)
        arrived.setdefault(chat, []).append(start + answer * (share if n % 2 else 1 - share))
    for chat, moments in arrived.items():
        assert most_in(moments, 1) <= 1
        if chat < 0:
            assert most_in(moments, 60) <= 20


@given(wishes)
def test_nothing_waits_longer_than_its_windows_ask(plan: list[Wish]) -> None:
    """Exact, not merely safe: a wait always ends where some window is full up to that moment."""
    limits, now, sent = Limits(), 0.0, list[tuple[ChatId, float]]()
    for chat, pause, _ in plan:
        wanted = now + pause
        now = limits.free_at(chat, wanted)
        if now > wanted:
            everybody = [moment for _, moment in sent]
            here = [moment for to, moment in sent if to == chat]
            ends = [
                moments[-count] + seconds
                for moments, count, seconds in (
                    (everybody, 28, 1.05),
                    (here, 1, 1.05),
                    (here if chat < 0 else [], 20, 61.0),
                )
                if len(moments) >= count
            ]
            assert now in ends
        limits.take(chat, now)
        sent.append((chat, now))


def test_a_burst_to_many_is_spread_at_28_a_second() -> None:
    sent = sent_by(Limits(), [(ChatId(n), 0, 0) for n in range(1, 86)])
    assert [moment for _, moment in sent] == pytest.approx([0] * 28 + [1.05] * 28 + [2.1] * 28 + [3.15])


def test_one_busy_chat_does_not_hold_up_another() -> None:
    limits = Limits()
    limits.take(ANNA, 10)
    assert limits.free_at(ANNA, 10) == 11.05
    assert limits.free_at(BORA, 10) == 10


def test_a_group_gets_twenty_a_minute() -> None:
    sent = sent_by(Limits(), [(GROUP_CHAT, 0, 0)] * 21)
    assert sent[19][1] == pytest.approx(19 * 1.05)
    assert sent[20][1] == pytest.approx(GROUP.seconds)


def test_a_hold_concerns_its_chat_alone_and_never_gets_shorter() -> None:
    limits = Limits()
    limits.hold(ANNA, 40)
    limits.hold(ANNA, 30)
    assert limits.free_at(ANNA, 5) == 40
    assert limits.free_at(ANNA, 41) == 41
    assert limits.free_at(BORA, 5) == 5


def test_a_hold_on_all_concerns_everybody() -> None:
    limits = Limits()
    limits.hold_all(40)
    assert limits.free_at(BORA, 5) == limits.overall_free_at(5) == 40


def test_what_is_not_allowed_cannot_be_taken() -> None:
    limits = Limits()
    limits.take(ANNA, 10)
    with pytest.raises(ValueError, match="not allowed"):
        limits.take(ANNA, 11.04)
    limits.take(ANNA, 11.05)


@given(wishes, wishes)
def test_a_restart_breaks_no_window(before: list[Wish], after: list[Wish]) -> None:
    sent = sent_by(Limits(), before)
    end = sent[-1][1] if sent else 0.0
    limits = Limits()
    limits.restart(end)
    for chat in {chat for chat, _ in sent if chat < 0}:
        limits.seed(chat, [moment for to, moment in sent if to == chat and moment > end - 70])
    assert_telegram_is_content(sent + sent_by(limits, after, end))


def test_after_a_restart_nothing_goes_out_for_a_second() -> None:
    limits = Limits()
    limits.restart(500)
    assert limits.free_at(ANNA, 500) == 501.05
    assert limits.free_at(ANNA, 600) == 600


def test_a_groups_last_minute_from_before_the_start_still_counts() -> None:
    limits = Limits()
    limits.restart(0.0)
    limits.seed(GROUP_CHAT, [-5.0 - n for n in range(20)])
    assert limits.free_at(GROUP_CHAT, 10) == pytest.approx(-24 + GROUP.seconds)


def test_chats_of_long_ago_are_forgotten() -> None:
    limits = Limits(overall=Window(1000, 1))
    for n in range(20_000):
        now = n * 0.01
        limits.take(ChatId(n + 1), now)
        limits.hold(ChatId(n + 1), now + 2)
    assert len(limits) < 1500


def test_forgetting_spares_what_still_counts() -> None:
    limits = Limits(overall=Window(1000, 1))
    limits.take(GROUP_CHAT, 0)
    limits.hold(ANNA, 1000)
    for n in range(2000):
        limits.take(ChatId(n + 1000), n * 0.02)
    limits.seed(GROUP_CHAT, [])
    assert limits.free_at(ANNA, 40) == 1000
    for n in range(19):
        limits.take(GROUP_CHAT, 40 + n * 1.05)
    assert limits.free_at(GROUP_CHAT, 60) == 61


@given(wishes, st.floats(min_value=0, max_value=1))
def test_the_room_is_what_could_be_sent_at_once_and_not_one_more(plan: list[Wish], later: float) -> None:
    limits = Limits()
    sent = sent_by(limits, plan)
    now = (sent[-1][1] if sent else 0.0) + later
    for n in range(limits.room(now)):
        limits.take(ChatId(1000 + n), now)
    assert limits.room(now) == 0
    assert limits.free_at(ChatId(2000), now) > now


def test_a_hold_on_all_leaves_no_room() -> None:
    limits = Limits()
    limits.hold_all(40)
    assert limits.room(39.9) == 0
    assert limits.room(40) == 28


def test_room_can_be_spared_for_people_who_wait() -> None:
    limits = Limits()
    for n in range(24):
        limits.take(ChatId(n + 1), n * 0.01)
    assert limits.overall_free_at(0.3) == 0.3
    assert limits.overall_free_at(0.3, spare=3) == 0.3
    assert limits.overall_free_at(0.3, spare=4) == pytest.approx(0.0 + 1.05)
    assert limits.overall_free_at(0.3, spare=6) == pytest.approx(0.02 + 1.05)
