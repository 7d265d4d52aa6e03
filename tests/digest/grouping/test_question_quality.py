"""Questions over the labelled notes, read by the real packages: what is answered, and that nothing is made up.

tests/data/questions.csv: those marked `later` were written when every constant had been set.
"""

from dataclasses import dataclass
from functools import cache

import pytest

from bot.digest.prepare import Prepared, prepare
from bot.digest.search.ranking import (
    ENOUGH,
    ENOUGH_BESIDE_UNKNOWN,
    ENOUGH_PLAINLY,
    NEAR_THE_BEST,
    Tally,
    scores,
)
from bot.digest.search.terms import asked_for, asked_plainly, found_by
from tests.support.corpus import corpus_day, rows
from tests.support.reading_corpora import DEVELOPMENT, PLAIN, of_everything

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Question:
    words: str
    relevant: frozenset[str]
    later: bool


@cache
def questions() -> tuple[Question, ...]:
    return tuple(
        Question(row["question"], frozenset(row["relevant"].split()), row["written"] == "later")
        for row in rows("questions")
    )


@cache
def notes() -> tuple[Prepared, ...]:
    return tuple(note for name in (*DEVELOPMENT, *PLAIN) for note in prepare(corpus_day(name)))


def answered(question: Question, *, plainly: bool) -> list[str]:
    """Numbers of the notes that are shown, as bot.services.questions.finding chooses them."""
    reading = of_everything()(question.words)
    terms = asked_plainly(question.words) if plainly else asked_for(question.words, reading)
    tally: Tally[Prepared] = Tally(terms)
    for note in notes():
        hay = note.words.lower() if plainly else found_by(of_everything()(note.words), note.words)
        mask = sum(1 << bit for bit, term in enumerate(terms) if any(one in hay for one in term.patterns))
        if mask:
            tally.add(mask, note)
    best = tally.best(len(notes()))
    shares, found = [share for share, _ in best], [note for _, note in best]
    if plainly:
        judged, enough = shares, ENOUGH_PLAINLY
    else:
        judged = scores(shares, reading.sense, [of_everything()(note.words).sense for note in found])
        enough = ENOUGH_BESIDE_UNKNOWN if tally.unknown() else ENOUGH
    ranked = sorted(zip(judged, (note.number for note in found), strict=True), reverse=True)
    if not ranked or ranked[0][0] < enough:
        return []
    cut = max(enough, NEAR_THE_BEST * ranked[0][0])
    return [number for score, number in ranked if score >= cut][:SHOWN]


def share(kind: list[Question], *, plainly: bool) -> float:
    """Of the questions that have an answer: how many show a relevant note among five."""
    hits = sum(bool(one.relevant & set(answered(one, plainly=plainly))) for one in kind)
    return hits / len(kind)


@pytest.mark.parametrize(("plainly", "first", "later"), [(False, 0.86, 0.75), (True, 0.7, 0.45)])
def test_what_was_said_is_found(plainly: bool, first: float, later: float) -> None:
    with_answer = [one for one in questions() if one.relevant]
    assert len(with_answer) >= 40
    assert share([one for one in with_answer if not one.later], plainly=plainly) >= first
    assert share([one for one in with_answer if one.later], plainly=plainly) >= later


@pytest.mark.parametrize(("plainly", "most"), [(False, 0), (True, 1)])
def test_what_nobody_said_is_not_answered(plainly: bool, most: int) -> None:
    without = [one for one in questions() if not one.relevant]
    assert len(without) >= 12
    false = [one.words for one in without if answered(one, plainly=plainly)]
    assert len(false) <= most, false


@pytest.mark.parametrize(("plainly", "least"), [(False, 0.75), (True, 0.85)])
def test_what_is_shown_speaks_of_it(plainly: bool, least: float) -> None:
    shown = [(one, answered(one, plainly=plainly)) for one in questions() if one.relevant]
    right = [len(one.relevant & set(told)) / len(told) for one, told in shown if told]
    assert sum(right) / len(right) >= least
