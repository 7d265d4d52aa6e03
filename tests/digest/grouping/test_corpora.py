"""The offline proposal on labelled notes, read by the real packages: what it shows is right, or it shows nothing.

The measures are those of docs/digest.md. The indirect and plain sets were written without a look at topic file or code.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import pytest

from bot.digest.grouping.library import shipped_topics
from bot.digest.grouping.propose import MOST_THEMES, propose
from bot.digest.pipeline import make_digest
from bot.digest.prepare import prepare
from bot.domain.digest import DayInput, Digest, Topic
from tests.support.corpus import corpus_day, rows
from tests.support.reading_corpora import DEVELOPMENT, INDIRECT, PLAIN, readings_of, views_for

NO_OPINION = "기타"


@dataclass(frozen=True, slots=True)
class Measure:
    """`placed`: share of notes with an opinion that stand in a theme; `purity`: share of all notes in themes that have
    the theme's commonest label; `recall`: labels of five notes or more that a theme is about."""

    placed: float
    purity: float
    found: int
    wanted: int
    lost: int


def measured(name: str, digest: Digest) -> Measure:
    label = {row["note_id"]: row["theme"] for row in rows(name)}
    good = {number for number, theme in label.items() if theme != NO_OPINION}
    themes = [Counter(label[number] for number in theme.notes) for theme in digest.themes]
    size = sum(one.total() for one in themes)
    counts = Counter(label[number] for number in good)
    wanted = [theme for theme, count in counts.items() if count >= 5]
    found = [
        theme
        for theme in wanted
        if any(one[theme] >= 0.6 * one.total() and one[theme] >= 0.4 * counts[theme] for one in themes)
    ]
    aside = {number for one in digest.ledger.set_aside for number in one.notes}
    return Measure(
        placed=sum(one.total() - one[NO_OPINION] for one in themes) / len(good),
        purity=sum(max(one.values()) for one in themes) / size if size else 1.0,
        found=len(found),
        wanted=len(wanted),
        lost=len(aside & good),
    )


def proposed(day: DayInput) -> Digest:
    return make_digest(day, proposals=propose(day, prepare(day), readings_of(day), views_for(day.topics)))


@cache
def by_itself(name: str) -> Digest:
    """What is proposed for a set in which nobody tapped anything."""
    return proposed(untapped(name))


def untapped(name: str) -> DayInput:
    day = corpus_day(name)
    return replace(day, topics=shipped_topics(), notes=tuple(replace(note, topic=None) for note in day.notes))


def tapped(name: str, chosen: Callable[[int], bool]) -> DayInput:
    """The labels as the buttons of a tour that lists no matters of its own."""
    label = {row["note_id"]: row["theme"] for row in rows(name)}
    titles = sorted(set(label.values()) - {NO_OPINION})
    key = {title: f"t{place}" for place, title in enumerate(titles)}
    day = corpus_day(name)
    notes = (
        replace(note, topic=key.get(label[note.number]) if chosen(place) else None)
        for place, note in enumerate(day.notes)
    )
    return replace(day, notes=tuple(notes), topics=tuple(Topic(key[title], title) for title in titles))


@pytest.mark.parametrize("name", [*DEVELOPMENT, *PLAIN])
def test_plainly_worded_notes_without_buttons_stand_in_the_right_theme(name: str) -> None:
    digest = by_itself(name)
    measure = measured(name, digest)
    assert measure.purity >= 0.85
    assert measure.placed >= 0.6
    assert measure.wanted - measure.found <= 1
    assert len(digest.themes) <= MOST_THEMES


def test_hardly_a_theme_of_the_development_notes_is_missed() -> None:
    measures = [measured(name, by_itself(name)) for name in DEVELOPMENT]
    assert sum(one.found for one in measures) >= 0.85 * sum(one.wanted for one in measures)


@pytest.mark.parametrize("name", INDIRECT)
def test_notes_that_speak_by_a_story_are_left_under_their_meetings(name: str) -> None:
    digest = by_itself(name)
    assert measured(name, digest).purity >= 0.85
    assert digest.unplaced


@pytest.mark.parametrize("name", [*DEVELOPMENT, *PLAIN, *INDIRECT])
def test_with_buttons_on_seven_tenths_the_rest_joins_them(name: str) -> None:
    measure = measured(name, proposed(tapped(name, lambda place: place * 7 % 10 < 7)))
    assert measure.purity >= 0.9
    assert measure.placed >= (0.75 if name in INDIRECT else 0.9)


@pytest.mark.parametrize("name", [*DEVELOPMENT, *PLAIN, *INDIRECT])
def test_no_opinion_is_set_aside_but_an_order_that_was_labelled_as_one(name: str) -> None:
    assert measured(name, by_itself(name)).lost == (1 if name == "edge_cases" else 0)


def test_talk_about_the_event_adverts_and_greetings_are_set_aside() -> None:
    names = [*DEVELOPMENT, *PLAIN, *INDIRECT]
    said = {(name, row["note_id"]) for name in names for row in rows(name) if row["theme"] == NO_OPINION}
    aside = {
        (name, number) for name in names for one in by_itself(name).ledger.set_aside for number in one.notes
    }
    assert len(said & aside) >= 0.9 * len(said)


@pytest.mark.parametrize("name", ["jeonbuk_2026-01-22", "edge_cases"])
def test_the_order_of_the_notes_changes_nothing(name: str) -> None:
    day = untapped(name)
    assert by_itself(name) == proposed(replace(day, notes=day.notes[::-1]))
