"""An account that does not balance stops the digest."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.digest.group import group
from bot.digest.ledger import Unbalanced, settle, verify
from bot.digest.pipeline import make_digest
from bot.digest.prepare import prepare
from bot.digest.write import Written
from bot.domain.digest import Digest, Ledger, Merged
from tests.support.days import day_of, note

_DAY = day_of(
    *(note(f"전북-{n}", f"버스가 {n}번 늦어서 출근이 어렵습니다") for n in range(1, 13)),
    note("전북-13", "버스가 1번 늦어서 출근이 어렵습니다!"),
    note("전북-14", "주제 없는 의견입니다", topic=None),
    note("전북-15", "", rating=3),
    withdrawn=2,
)


def test_a_digest_accounts_for_every_note() -> None:
    ledger = make_digest(_DAY).ledger
    assert ledger.received == 17
    assert len(ledger.cited) + len(ledger.covered) == 12
    assert ledger.unplaced == ("전북-14",)
    assert ledger.merged == (Merged("전북-1", ("전북-13",)),)
    assert [aside.notes for aside in ledger.set_aside] == [("전북-15",)]
    assert ledger.withdrawn == 2


_UNBALANCED: dict[str, Callable[[Ledger], Ledger]] = {
    "one more received": lambda one: replace(one, received=one.received + 1),
    "withdrawn forgotten": lambda one: replace(one, withdrawn=0, received=one.received - 2),
    "a note left out": lambda one: replace(one, covered=one.covered[1:]),
    "a note left out, sum kept": lambda one: replace(one, covered=one.covered[1:], received=one.received - 1),
    "a note twice": lambda one: replace(one, covered=(*one.covered, one.cited[0])),
    "an unknown note": lambda one: replace(one, cited=(*one.cited, "전북-99"), received=one.received + 1),
    "classes exchanged": lambda one: replace(one, cited=one.covered, covered=one.cited),
    "unplaced called covered": lambda one: replace(one, unplaced=(), covered=(*one.covered, "전북-14")),
    "merged forgotten": lambda one: replace(one, merged=()),
    "merged into what was set aside": lambda one: replace(one, merged=(Merged("전북-15", ("전북-13",)),)),
    "set aside twice": lambda one: replace(one, set_aside=one.set_aside * 2),
}
_OTHERWISE: dict[str, Callable[[Digest], Digest]] = {
    "no themes": lambda one: replace(one, themes=()),
    "themes twice": lambda one: replace(one, themes=one.themes * 2),
    "unplaced not shown": lambda one: replace(one, unplaced=()),
    "a set aside note cited": lambda one: replace(
        one, minority=(replace(one.themes[0].findings[0], notes=("전북-15",)),)
    ),
    "notes miscounted": lambda one: replace(one, numbers=replace(one.numbers, notes=3)),
}


@pytest.mark.parametrize("how", list(_UNBALANCED))
def test_whatever_unbalances_it_is_seen(how: str) -> None:
    digest = make_digest(_DAY)
    with pytest.raises(Unbalanced):
        verify(replace(digest, ledger=_UNBALANCED[how](digest.ledger)), _DAY)


@pytest.mark.parametrize("how", list(_OTHERWISE))
def test_a_text_that_says_other_than_the_ledger_is_seen(how: str) -> None:
    with pytest.raises(Unbalanced):
        verify(_OTHERWISE[how](make_digest(_DAY)), _DAY)


def test_two_notes_with_one_number_are_seen() -> None:
    with pytest.raises(Unbalanced):
        make_digest(day_of(note("전북-1", "가 의견입니다"), note("전북-1", "나 의견입니다", topic="living")))


def test_a_note_whose_only_finding_was_dropped_is_unplaced() -> None:
    day = day_of(note("전북-1", "월세가 비쌉니다"))
    ledger, unplaced = settle(day, group(day, prepare(day)), Written((), (), (), ()))
    assert ledger.unplaced == ("전북-1",)
    assert [one.notes for one in unplaced] == [("전북-1",)]
