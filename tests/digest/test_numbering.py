"""Numbers of the day are dealt at random, once."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.digest.numbering import deal_numbers, number_key
from bot.domain.ids import NoteId, Region

_REGION = Region("전북")


@settings(max_examples=40)
@given(
    st.sets(st.text("abcd", min_size=1, max_size=6), max_size=40),
    st.sets(st.integers(1, 60), max_size=40),
    st.builds(random.Random, st.integers()),
)
def test_every_note_gets_its_own_number_that_nobody_had(
    ids: set[str], used: set[int], chance: random.Random
) -> None:
    taken = {f"전북-{number}" for number in used} | {"jb-001"}
    dealt = deal_numbers(_REGION, {NoteId(one) for one in ids}, taken, chance.shuffle)
    assert dealt.keys() == ids
    assert len(set(dealt.values())) == len(ids)
    assert not set(dealt.values()) & taken


def test_the_shuffle_alone_decides_so_numbers_tell_no_order() -> None:
    ids = [NoteId(f"n{place:02}") for place in range(30)]
    dealt = deal_numbers(_REGION, ids, (), random.Random(1).shuffle)
    again = deal_numbers(_REGION, list(reversed(ids)), (), random.Random(1).shuffle)
    assert dealt == again
    assert [dealt[one] for one in ids] != sorted(dealt.values(), key=number_key)


def test_there_is_room_for_a_large_day() -> None:
    ids = [NoteId(f"n{place}") for place in range(5000)]
    assert len(set(deal_numbers(_REGION, ids, (), lambda free: None).values())) == 5000


def test_numbers_sort_as_people_count() -> None:
    assert sorted(["전북-17", "전북-9", "jb-10"], key=number_key) == ["jb-10", "전북-9", "전북-17"]
