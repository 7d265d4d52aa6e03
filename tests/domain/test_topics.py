"""What a new topic file does to a tour's topics."""

import pytest

from bot.domain.digest import Matter, Topic
from bot.domain.topics import KeyChanged, compare_topics

JOBS, LIVING, REST = Topic("jobs", "일자리"), Topic("living", "주거"), Topic("other", "기타", is_rest=True)


def test_the_same_file_changes_nothing() -> None:
    assert not compare_topics((JOBS, REST), (JOBS, REST)).anything


def test_added_changed_removed_by_key() -> None:
    worded = Topic("jobs", "일자리·임금", matters=(Matter("", ("월급",)),))
    found = compare_topics((JOBS, LIVING, REST), (worded, REST, Topic("energy", "에너지")))
    assert [one.key for one in found.added] == ["energy"]
    assert found.changed == ((JOBS, worded),)
    assert found.removed == (LIVING,)
    assert not found.moved


def test_another_order_is_a_change() -> None:
    found = compare_topics((JOBS, LIVING), (LIVING, JOBS))
    assert found.moved
    assert found.anything
    assert (found.added, found.changed, found.removed) == ((), (), ())


def test_keywords_alone_are_a_change() -> None:
    worded = Topic("jobs", "일자리", matters=(Matter("", (), ("월급이 밀렸습니다",)),))
    assert compare_topics((JOBS,), (worded,)).changed == ((JOBS, worded),)


def test_a_key_never_changes() -> None:
    with pytest.raises(KeyChanged) as refused:
        compare_topics((JOBS, LIVING), (Topic("work", "일자리"), LIVING))
    assert refused.value.values == {"title": "일자리", "old": "jobs", "new": "work"}
