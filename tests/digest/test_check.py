"""A finding that is not borne out by its notes does not reach a reader."""

from dataclasses import replace

import pytest

from bot.digest.check import check, holds
from bot.digest.write import Written
from bot.domain.digest import Finding, FindingKind, Quote, Theme, Unplaced
from bot.domain.feedback import Speaker

_WORDS = {"전북-1": "전기요금이 3년 사이 70프로 올랐습니다. 1,000만원입니다.", "전북-2": "버스가 없어요"}
_GOOD = Finding(
    FindingKind.FINDING,
    "전기요금이 3년 사이 70프로 올랐습니다.",
    ("전북-1",),
    (Quote("전북-1", _WORDS["전북-1"]),),
)


def test_a_verbatim_finding_with_its_note_holds() -> None:
    assert holds(_GOOD, _WORDS)


@pytest.mark.parametrize(
    "broken",
    [
        replace(_GOOD, notes=("전북-3",), quotes=(Quote("전북-3", "전기"),)),
        replace(_GOOD, notes=()),
        replace(_GOOD, quotes=()),
        replace(_GOOD, text=" "),
        replace(_GOOD, quotes=(Quote("전북-1", "전기요금이 3년 사이 70프로 내렸습니다."),)),
        replace(_GOOD, quotes=(Quote("전북-2", "버스가 없어요"),)),
        replace(_GOOD, quotes=(Quote("전북-1", ""),)),
        replace(_GOOD, text="전기요금이 3년 사이 90프로 올랐습니다."),
        replace(_GOOD, text="전기요금이 내렸습니다."),
        replace(_GOOD, text="https://example.com"),
    ],
)
def test_a_broken_finding_falls(broken: Finding) -> None:
    assert not holds(broken, _WORDS)


def test_a_sentence_in_other_words_may_stand_but_not_with_another_number() -> None:
    assert holds(replace(_GOOD, text="전기요금 70% 상승, 1000만원"), _WORDS, verbatim=False)
    assert not holds(replace(_GOOD, text="전기요금 71% 상승"), _WORDS, verbatim=False)
    assert not holds(replace(_GOOD, text="example.com 참고"), _WORDS, verbatim=False)


def test_what_fails_is_dropped_and_counted() -> None:
    bad = replace(_GOOD, text="지어낸 말")
    theme = Theme("주제", ("전북-1",), {Speaker.COMPANY: 1}, None, (_GOOD, bad))
    lost = Unplaced(None, None, ("전북-2",), (Quote("전북-2", "버스가 없어요"), Quote("전북-2", "지어낸 말")))
    kept, checks = check(Written((theme,), (bad,), (_GOOD,), (lost,)), _WORDS)
    assert (checks.findings, checks.passed, checks.dropped) == (4, 2, 2)
    assert kept.themes[0].findings == (_GOOD,)
    assert kept.minority == ()
    assert kept.unplaced[0].quotes == (Quote("전북-2", "버스가 없어요"),)
