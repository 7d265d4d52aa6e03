"""What a model's sorting is worth on the labelled sets, by stand-ins that err on purpose: no real model was measured."""

from functools import cache

import pytest

from bot.digest.as_json import to_json
from bot.digest.evaluation.labelled import LabelledDay
from bot.digest.evaluation.scores import Score, judge
from bot.digest.evaluation.values import HARD, Figure, missed
from bot.digest.grouping.library import shipped_topics
from bot.digest.grouping.proposals import Proposals
from bot.digest.grouping.propose import propose
from bot.digest.pipeline import make_digest
from bot.digest.ports import Trouble
from bot.digest.prepare import prepare
from bot.services.ai_sorting import Sorted
from tests.support.labelled import labelled
from tests.support.model_sorters import erring, sorter, wavering
from tests.support.reading_corpora import readings_of, views_for
from tests.support.sorting import case, labels_of, sorted_by

PLAIN = (
    "jeonbuk_2026-01-22.csv",
    "southeast_2026-01-23.csv",
    "plain_gangwon_2026-02-04.csv",
    "plain_chungcheong_2026-02-06.csv",
)
INDIRECT = ("indirect_daegyeong_2026-02-05.csv", "indirect_daily_life.csv")


@cache
def offline(name: str) -> tuple[LabelledDay, Proposals]:
    [one] = labelled(name, topics=shipped_topics())
    day = one.day
    return one, propose(day, prepare(day), readings_of(day), views_for(day.topics))


def scored(name: str, errs: float = 0, wavers: float = 0) -> tuple[Score, Sorted]:
    """Of a model that understands as the labels do but errs for shares of the notes: the same ones each time, or others."""
    one, proposed = offline(name)
    labels = labels_of(one, case(one.day, proposed))
    themes = sorted({label for label in labels.values() if label})
    told, _ = sorted_by(wavering(sorter(erring(labels.get, themes, errs)), wavers), one.day, proposed)
    score = judge(one, to_json(make_digest(one.day, proposals=told.proposals)))
    assert not missed(score.values, {**HARD, Figure.THEMES: 15}), score.faults
    return score, told


def of(score: Score, figure: Figure) -> float:
    return score.values[figure].number(figure.kind)


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize(("errs", "placed", "pure"), [(0, 0.8, 0.95), (0.3, 0.65, 0.9)])
def test_on_plain_notes_a_model_and_the_offline_proposal_are_purer_than_either(
    name: str, errs: float, placed: float, pure: float
) -> None:
    score, told = scored(name, errs)
    assert told.trouble is None
    assert of(score, Figure.PLACED) >= placed
    assert of(score, Figure.PURITY) >= pure


@pytest.mark.parametrize("name", PLAIN)
def test_a_model_that_guesses_changes_nothing(name: str) -> None:
    for errs, wavers in ((1.0, 0), (0, 1.0)):
        _, told = scored(name, errs, wavers)
        assert told.trouble is Trouble.TOO_MANY_DROPPED
        assert told.proposals is offline(name)[1]


@pytest.mark.parametrize("name", INDIRECT)
def test_notes_that_speak_by_stories_are_placed_by_a_model_that_understands_them(name: str) -> None:
    score, told = scored(name)
    assert of(score, Figure.PURITY) >= 0.95
    assert of(score, Figure.PLACED) >= 0.5
    assert len(told.proposals.by_model) > 30


@pytest.mark.parametrize("name", INDIRECT)
@pytest.mark.parametrize("wavers", [0.3, 1.0])
def test_a_second_reading_keeps_out_what_a_model_is_not_sure_of(name: str, wavers: float) -> None:
    score, told = scored(name, wavers=wavers)
    assert of(score, Figure.PURITY) >= 0.85 or not told.proposals.by_model
