"""What several changes of a digest come to when they are told at once."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errata import Changes, in_order

STATES = st.dictionaries(st.sampled_from("abcde"), st.integers(0, 2))
"""Notes by number, with what they say."""


def between(before: Mapping[str, int], after: Mapping[str, int]) -> Changes:
    return Changes(
        frozenset(after.keys() - before.keys()),
        frozenset(one for one in before.keys() & after.keys() if before[one] != after[one]),
        frozenset(before.keys() - after.keys()),
    )


@given(STATES, STATES, STATES)
def test_two_changes_told_at_once_tell_what_is_different_now(
    first: dict[str, int], second: dict[str, int], third: dict[str, int]
) -> None:
    """Told as changed is also what was put back to what it was: between the two it was another."""
    told, true = between(first, second).then(between(second, third)), between(first, third)
    assert (told.added, told.withdrawn) == (true.added, true.withdrawn)
    assert true.changed <= told.changed <= first.keys() & third.keys()


def test_only_what_was_added_leaves_earlier_messages_true() -> None:
    one = frozenset({"전북-1"})
    assert not Changes(added=one).takes_words
    assert Changes(added=one, withdrawn=one).takes_words
    assert Changes(added=one, changed=one).takes_words
    assert Changes().takes_words, "then a name that is to be left out came or went"


def test_numbers_stand_as_people_count() -> None:
    assert in_order(frozenset({"전북-10", "전북-9", "전북-1"})) == ["전북-1", "전북-9", "전북-10"]
