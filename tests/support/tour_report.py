"""Tours for tests of their report: three days with words (two development corpora and one made), and days of counts only."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache

from bot.digest.pipeline import make_digest
from bot.digest.tour.collect import tour_report
from bot.digest.tour.values import Missing, TourReport, WhyMissing
from bot.domain.digest import (
    Checks,
    DayInput,
    Digest,
    Engine,
    Ledger,
    Numbers,
    Theme,
)
from bot.domain.feedback import NoteKind, Speaker
from bot.domain.ids import Region
from tests.support.corpus import TOPICS, corpus_day
from tests.support.days import note

NOW = datetime(2026, 2, 6, 12, 0, tzinfo=UTC)
FIRST = date(2026, 1, 22)
GANGWON = Region("강원")
NAME = "가상 현장 행보"

Counts = Mapping[str, Mapping[Speaker, int]]
"""Voices by theme's topic and by who speaks."""


def a_day_in_gangwon() -> DayInput:
    """A theme that recurs, one that is new, two too small to be shown; a promise, hearsay, requests that name who should answer."""
    youth, company, staff = Speaker.YOUTH, Speaker.COMPANY, Speaker.STAFF
    buses = [
        note(f"강원-{n}", f"가상 삼척 {n}호 통근버스가 끊깁니다.", topic="living", speaker=youth, rating=2)
        for n in range(1, 9)
    ]
    hydrogen = [
        note(
            f"강원-{n}",
            f"가상 수소 충전소 {n}곳이 멉니다. 국토부가 늘려 주십시오.",
            topic="hydrogen",
            speaker=company,
        )
        for n in range(9, 16)
    ]
    few = [
        note(f"강원-{n}", f"가상 {what} {n}달 걸립니다.", topic=topic, speaker=company)
        for topic, what, numbers in (("rules", "인허가가", (16, 17, 18)), ("money", "융자가", (19, 20)))
        for n in numbers
    ]
    marked = [
        note(
            "강원-21",
            "통근버스 증편을 3월까지 검토하겠다고 함",
            topic=None,
            speaker=staff,
            kind=NoteKind.PROMISE,
        ),
        note("강원-22", "역이 생긴다는 말을 들음", topic=None, speaker=staff, kind=NoteKind.HEARSAY),
    ]
    topics = (*TOPICS, replace(TOPICS[0], key="hydrogen", title="수소·충전"))
    return DayInput(GANGWON, date(2026, 2, 4), 2, (*buses, *hydrogen, *few, *marked), (), topics, withdrawn=1)


@cache
def three_days() -> tuple[Digest, ...]:
    """전북 and 동남권 of the corpora, 강원 made."""
    names = ("jeonbuk_2026-01-22", "southeast_2026-01-23")
    return (*(make_digest(corpus_day(name)) for name in names), make_digest(a_day_in_gangwon()))


@cache
def three_day_report(*, closing: bool = False) -> TourReport:
    missing = (
        Missing(Region("서남권"), date(2026, 1, 28), WhyMissing.NOT_SENT),
        Missing(Region("제주"), date(2026, 2, 20), WhyMissing.TO_COME),
    )
    return tour_report(NAME, three_days(), missing if not closing else missing[:1], closing=closing)


def counted_day(region: str, day: int, counts: Counts, *, rated: bool = False) -> Digest:
    """A digest of nothing but numbers: every voice one note, all covered. `day` is counted from the tour's first.

    A theme's notes are numbered by its topic: what happens in others does not change them.
    """
    themes = []
    for topic, by_speaker in counts.items():
        voices = sum(by_speaker.values())
        notes = tuple(f"{region}-{sum(map(ord, topic))}{n:03}" for n in range(1, voices + 1))
        average = 3.0 if rated and voices else None
        themes.append(
            Theme(
                f"주제 {topic}",
                notes,
                dict(by_speaker),
                average,
                (),
                voices if rated else 0,
                f"주제 {topic}",
                (),
                topic=topic,
            )
        )
    together = {one: sum(theme.by_speaker.get(one, 0) for theme in themes) for one in Speaker}
    covered = tuple(note for theme in themes for note in theme.notes)
    return Digest(
        region=Region(region),
        day=FIRST + timedelta(days=day),
        revision=1,
        engine=Engine(),
        ledger=Ledger(len(covered), (), covered, (), (), (), 0),
        numbers=Numbers(
            meetings=1,
            notes=len(covered),
            voices=len(covered),
            by_speaker={one: count for one, count in together.items() if count},
            rating_average=3.0 if rated and covered else None,
            rating_counts={rating: len(covered) if rating == 3 and rated else 0 for rating in range(1, 6)},
            rated_voices=len(covered) if rated else 0,
        ),
        themes=tuple(theme for theme in themes if theme.notes),
        minority=(),
        unplaced=(),
        checks=Checks(0, 0, 0),
    )
