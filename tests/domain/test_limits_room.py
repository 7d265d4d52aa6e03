"""How much room is left overall, for senders that start several at once and keep some for replies."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import ChatId
from bot.domain.limits import Limits, Window


def limits(count: int = 5, seconds: float = 1.0) -> Limits:
    return Limits(overall=Window(count, seconds))


def test_room_shrinks_with_every_send_and_comes_back_with_time() -> None:
    full = limits()
    assert full.room(0) == 5
    for n, moment in enumerate((0.0, 0.25, 0.5)):
        full.take(ChatId(n + 1), moment)
    assert full.room(0.5) == 2
    assert full.room(1.0) == 3
    assert full.room(1.5) == 5


def test_there_is_no_room_while_everybody_is_held() -> None:
    held = limits()
    held.hold_all(3)
    assert (held.room(2.9), held.room(3)) == (0, 5)
    assert held.overall_free_at(1, spare=2) == 3


def test_keeping_some_spare_waits_for_an_earlier_send_to_grow_old() -> None:
    used = limits()
    for n, moment in enumerate((0.0, 0.25, 0.5)):
        used.take(ChatId(n + 1), moment)
    assert used.overall_free_at(0.5, spare=1) == 0.5
    assert used.overall_free_at(0.5, spare=2) == 1.0
    assert used.overall_free_at(0.5, spare=4) == 1.5


@given(st.lists(st.floats(min_value=0, max_value=0.5), max_size=40), st.integers(min_value=0, max_value=4))
def test_as_many_as_there_is_room_for_may_start_and_not_one_more(pauses: list[float], spare: int) -> None:
    some, now = limits(), 0.0
    for n, pause in enumerate(pauses):
        now = some.free_at(ChatId(n + 1), now + pause)
        some.take(ChatId(n + 1), now)
    now = some.overall_free_at(now, spare=spare)
    room = some.room(now)
    assert room >= spare + 1
    for n in range(room):
        some.take(ChatId(1000 + n), now)
    assert some.overall_free_at(now) > now
