"""All corpora through the pipeline, scored by `bot.digest.evaluation`: what no engine may break, and how well it sorts."""

import asyncio
from functools import cache

import pytest

from bot.digest.as_json import to_json
from bot.digest.evaluation.labelled import LabelledDay
from bot.digest.evaluation.scores import Score, judge
from bot.digest.evaluation.values import HARD, Figure, missed
from bot.digest.grouping.library import shipped_topics
from bot.digest.grouping.proposals import Proposals
from bot.digest.grouping.propose import propose
from bot.digest.model_digest import digest_of_texts, tasks
from bot.digest.model_theme import write_theme
from bot.digest.pipeline import make_digest, outline
from bot.digest.prepare import prepare
from bot.domain.digest import Digest
from tests.support.labelled import corpora, labelled
from tests.support.model_writers import Writer, obedient
from tests.support.reading_corpora import readings_of, views_for

DEVELOPMENT = ("edge_cases.csv", "jeonbuk_2026-01-22.csv", "southeast_2026-01-23.csv")
ALONE = {Figure.PURITY: 0.85, Figure.THEMES: 15, Figure.ORDERS_SHOWN: 0}
"""Of every set without buttons, triage or a model."""
TAPPED = {Figure.PURITY: 0.9, Figure.THEMES: 15, Figure.ORDERS_SHOWN: 0}
"""Of every set when 70 of 100 tapped."""
BLIND_MINORITY = 0.8
"""Of views that were marked by somebody who did not know the rules for finding them, and are in a theme."""


@cache
def days(corpus: str, buttons: float) -> tuple[LabelledDay, ...]:
    return tuple(labelled(corpus, buttons=buttons, topics=shipped_topics()))


@cache
def proposals(corpus: str, buttons: float, place: int) -> Proposals:
    day = days(corpus, buttons)[place].day
    return propose(day, prepare(day), readings_of(day), views_for(day.topics))


@cache
def extractive(corpus: str, buttons: float) -> tuple[Score, ...]:
    return tuple(
        judge(one, to_json(make_digest(one.day, proposals=proposals(corpus, buttons, place))))
        for place, one in enumerate(days(corpus, buttons))
    )


def modelled(corpus: str, writer: Writer) -> tuple[Score, ...]:
    async def write(place: int, one: LabelledDay) -> Digest:
        made = outline(one.day, proposals(corpus, 0.7, place))
        texts = {task.place: await write_theme(writer, task) for task in tasks(made, abroad=False)}
        return digest_of_texts(made, texts, writer.name)

    return tuple(
        judge(one, to_json(asyncio.run(write(place, one)))) for place, one in enumerate(days(corpus, 0.7))
    )


def told(score: Score) -> dict[str, float]:
    return {figure.value: round(value.number(figure.kind), 3) for figure, value in score.values.items()}


@pytest.mark.parametrize("corpus", corpora())
def test_without_buttons_nothing_hard_is_broken_and_themes_are_pure(corpus: str) -> None:
    for score in extractive(corpus, 0.0):
        assert not missed(score.values, {**HARD, **_labelled(score, ALONE)}), (told(score), score.faults)


@pytest.mark.parametrize("corpus", corpora())
def test_with_buttons_nothing_hard_is_broken_and_themes_are_purer(corpus: str) -> None:
    for score in extractive(corpus, 0.7):
        assert not missed(score.values, {**HARD, **_labelled(score, TAPPED)}), (told(score), score.faults)


def _labelled(score: Score, demands: dict[Figure, float]) -> dict[Figure, float]:
    """Without those that the file has no labels for."""
    return {figure: limit for figure, limit in demands.items() if figure in score.values}


def share(figure: Figure, some: tuple[str, ...], buttons: float) -> float:
    values = [score.values[figure] for corpus in some for score in extractive(corpus, buttons)]
    return sum(value.part for value in values) / sum(value.whole or 0 for value in values)


def test_on_the_development_corpora_most_is_placed_and_most_themes_are_found() -> None:
    for corpus in DEVELOPMENT:
        assert share(Figure.PLACED, (corpus,), 0.0) >= 0.6, corpus
    assert share(Figure.RECALL, DEVELOPMENT, 0.0) >= 0.85


@pytest.mark.parametrize("buttons", [0.0, 0.7])
def test_views_of_a_few_reach_the_reader(buttons: float) -> None:
    marked = [
        c for c in corpora() if any(Figure.MINORITY in score.values for score in extractive(c, buttons))
    ]
    blind = tuple(corpus for corpus in marked if corpus not in DEVELOPMENT)
    assert share(Figure.MINORITY, DEVELOPMENT, buttons) == 1
    assert share(Figure.MINORITY, blind, buttons) >= BLIND_MINORITY


def test_with_buttons_nearly_all_is_placed() -> None:
    assert share(Figure.PLACED, corpora(), 0.7) >= 0.9


@pytest.mark.parametrize("corpus", corpora())
def test_a_careful_model_breaks_nothing_hard(corpus: str) -> None:
    for score in modelled(corpus, Writer()):
        assert not missed(score.values, {**HARD, **_labelled(score, TAPPED)}), (told(score), score.faults)
        assert score.values[Figure.CHECKS].number(Figure.CHECKS.kind) >= 0.95


@pytest.mark.parametrize("corpus", ["edge_cases.csv", "jeonbuk_2026-01-22.csv"])
def test_nor_does_one_that_obeys_the_notes(corpus: str) -> None:
    for score in modelled(corpus, Writer(otherwise=obedient("카나리아7731"))):
        assert not missed(score.values, HARD), score.faults
