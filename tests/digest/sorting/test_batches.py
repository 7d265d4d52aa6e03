"""Batches are bounded, hold every text once, and change where a note came and nowhere else."""

from hypothesis import given
from hypothesis import strategies as st

from bot.digest.sorting.batches import MOST_CHARACTERS, MOST_NOTES, batches


@given(st.lists(st.text(max_size=600), max_size=300))
def test_every_text_is_in_one_batch_and_none_is_too_large(texts: list[str]) -> None:
    made = batches(texts)
    assert sorted(text for batch in made for text in batch) == sorted(set(texts))
    for batch in made:
        assert len(batch) <= MOST_NOTES
        assert sum(map(len, batch)) <= MOST_CHARACTERS


def test_a_note_that_comes_changes_its_own_batch_only() -> None:
    texts = [f"{n}호 통근버스가 늦습니다." for n in range(500)]
    before = set(batches(texts))
    for n in range(40):
        after = set(batches([*texts, f"{n}동 기숙사가 춥습니다."]))
        assert len(before - after) == 1
        assert len(after - before) <= 2, "the one that grew, or its halves"


def test_the_order_of_notes_changes_nothing_and_another_turn_changes_order_and_company() -> None:
    texts = [f"{n}호 통근버스가 늦습니다." for n in range(200)]
    assert batches(texts) == batches(reversed(texts))
    assert not set(batches(texts)) & set(batches(texts, "again"))
