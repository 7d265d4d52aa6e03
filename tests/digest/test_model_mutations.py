"""Good sentences of all corpora, broken in one place each: how many of them the checks catch (docs/digest.md).

And the other way round: what a careful writer says passes, and fair paraphrases are not dropped more than they were.
"""

import random
from collections.abc import Iterator
from functools import cache

import pytest

from bot.digest.model_check import Judge
from bot.digest.model_digest import tasks
from bot.digest.model_form import Evidence, Sentence
from bot.digest.model_prompt import ask
from bot.digest.pipeline import outline
from bot.digest.prepare import prepare
from bot.domain.digest import Quote
from tests.support.corpus import corpus_day
from tests.support.labelled import corpora, labelled
from tests.support.model_writers import well_written
from tests.support.mutations import FAMILIES, Around
from tests.support.paraphrases import PARAPHRASES

_MOST_OF_A_FAMILY = 200
"""Drawn with a seed, so that the suite stays quick; all of them: docs/digest.md."""
_CAUGHT = 0.98


@cache
def written() -> tuple[tuple[Judge, Sentence, Around], ...]:
    """A sentence in report form of every note that has one, with the judge of its theme."""
    return tuple(_written())


def _written() -> Iterator[tuple[Judge, Sentence, Around]]:
    for corpus in corpora():
        for day in labelled(corpus, buttons=1.0):
            for task in tasks(outline(day.day), abroad=False):
                for name, words in task.words.items():
                    for told in well_written(ask(task.title, {name: words}).data)["findings"]:
                        yield task.judge, Sentence.model_validate(told), Around(task.words, name)


@cache
def good() -> tuple[tuple[Judge, Sentence, Around], ...]:
    return tuple(one for one in written() if one[0](one[1]).finding is not None)


def test_what_a_careful_writer_says_passes() -> None:
    assert len(written()) > 250
    assert len(good()) >= 0.97 * len(written())


@pytest.mark.parametrize("family", list(FAMILIES))
def test_broken_sentences_are_caught(family: str) -> None:
    broken = [(judge, after) for judge, one, around in good() for after in FAMILIES[family](one, around)]
    assert len(broken) >= 20
    tried = random.Random(family).sample(broken, min(len(broken), _MOST_OF_A_FAMILY))
    missed = [after.text for judge, after in tried if judge(after).finding is not None]
    assert len(missed) <= max(1, (1 - _CAUGHT) * len(tried)), missed


def test_fair_paraphrases_pass_as_they_did() -> None:
    """28 of 42 passed before the checks were made to catch what the families above show."""
    notes = {
        one.number: one
        for corpus in ("jeonbuk_2026-01-22", "southeast_2026-01-23")
        for one in prepare(corpus_day(corpus))
    }
    passed = 0
    for number, text in PARAPHRASES:
        note = notes[number]
        judge = Judge("", {"n1": note}, lambda of, words: Quote(of.number, words), frozenset())
        quote = Evidence(note="n1", quote=note.words[:60].strip())
        passed += judge(Sentence(kind="request", text=text, evidence=[quote])).finding is not None
    assert passed >= 28
