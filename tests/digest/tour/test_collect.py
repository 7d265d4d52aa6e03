"""The tour's report as a value: which themes are one, what is new, what recurs, what is told of whom; and that it adds up."""

from dataclasses import replace
from datetime import date

import pytest

from bot.digest.ledger import Unbalanced
from bot.digest.tour.collect import same_name, tour_report
from bot.digest.tour.values import Missing, TourReport, TourTheme, WhyMissing, account_of
from bot.domain.digest import Theme
from bot.domain.feedback import Speaker
from bot.domain.ids import Region
from tests.support.tour_report import NAME, counted_day, three_day_report, three_days

YOUTH, COMPANY = Speaker.YOUTH, Speaker.COMPANY
REPORT = three_day_report()


def theme(report: TourReport, name: str) -> TourTheme:
    return next(one for one in report.themes if one.name == name)


def test_one_topic_of_the_tours_file_is_one_theme_in_all_regions() -> None:
    living = theme(REPORT, "주거·교통·문화")
    assert living.topic == "living"
    assert living.regions == ("전북", "동남권", "강원")
    assert living.recurs
    assert not living.is_new


def test_what_is_first_seen_on_the_last_day_is_new() -> None:
    assert [one.name for one in REPORT.themes if one.is_new] == ["수소·충전"]


def test_the_first_day_of_a_tour_has_nothing_new() -> None:
    report = tour_report(NAME, three_days()[:1])
    assert not any(one.is_new or one.recurs for one in report.themes)


def test_themes_are_in_the_order_of_their_voices() -> None:
    days = [
        counted_day("전북", 0, {"few": {YOUTH: 6}, "many": {YOUTH: 9}}),
        counted_day("강원", 1, {"few": {YOUTH: 5}, "most": {YOUTH: 12}}),
    ]
    assert [one.topic for one in tour_report(NAME, days).themes] == ["most", "few", "many"]


def test_the_order_tells_nothing_of_hidden_voices() -> None:
    """Four voices and one voice both read 5 미만: the order of their themes is that of their names."""
    hidden = [
        counted_day("전북", 0, {"b": {YOUTH: 4}, "a": {YOUTH: 1}, "c": {YOUTH: 30}}),
        counted_day("전북", 0, {"b": {YOUTH: 1}, "a": {YOUTH: 4}, "c": {YOUTH: 30}}),
    ]
    orders = [[one.topic for one in tour_report(NAME, [day]).themes] for day in hidden]
    assert orders == [["c", "a", "b"]] * 2


def _proposed(day: int, region: str, *names: str) -> list[Theme]:
    made = counted_day(region, day, {name: {YOUTH: 5} for name in names}).themes
    return [replace(one, topic="", title=name, category=name) for one, name in zip(made, names, strict=True)]


def test_without_a_topic_only_the_same_name_is_the_same_theme() -> None:
    first = replace(
        counted_day("전북", 0, {"x": {YOUTH: 5}}),
        themes=tuple(_proposed(0, "전북", "통근 버스", "통근버스 노선")),
    )
    second = replace(
        counted_day("강원", 1, {"x": {YOUTH: 5}}), themes=tuple(_proposed(1, "강원", "통근·버스"))
    )
    report = tour_report(NAME, [first, second])
    assert sorted((one.name, one.regions) for one in report.themes) == [
        ("통근·버스", ("전북", "강원")),
        ("통근버스 노선", ("전북",)),
    ]


def test_a_theme_without_a_topic_joins_the_topic_that_is_called_so() -> None:
    """Digests stored before themes knew their topic have the topic's name only."""
    before, after = counted_day("전북", 0, {"a": {YOUTH: 6}}), counted_day("강원", 1, {"a": {YOUTH: 6}})
    before = replace(before, themes=tuple(replace(one, topic="") for one in before.themes))
    [one] = tour_report(NAME, [before, after]).themes
    assert one.regions == ("전북", "강원")


def test_a_topic_that_was_renamed_is_one_theme_called_as_it_is_now() -> None:
    before, after = counted_day("전북", 0, {"a": {YOUTH: 6}}), counted_day("강원", 1, {"a": {YOUTH: 6}})
    after = replace(after, themes=tuple(replace(one, category="새 이름") for one in after.themes))
    [one] = tour_report(NAME, [before, after]).themes
    assert one.name == "새 이름"
    assert one.recurs


def test_names_are_compared_by_letters_and_digits() -> None:
    assert same_name(" Ｍ.ＡＸ 전환") == same_name("m ax·전환")
    assert same_name("전기 요금") != same_name("전기차 요금")


def test_the_same_region_twice_recurs_in_no_other() -> None:
    days = [counted_day("전북", at, {"a": {YOUTH: 6}}) for at in (0, 1)]
    [one] = tour_report(NAME, days).themes
    assert not one.recurs
    assert len(one.places) == 2


def test_what_is_told_keeps_its_day_its_notes_and_its_theme() -> None:
    assert len(REPORT.requests) > 20
    [promise] = REPORT.promises
    [hearsay] = REPORT.hearsay
    assert promise.finding.notes == ("강원-21",)
    assert hearsay.finding.notes == ("강원-22",)
    assert REPORT.days[promise.day].region == "강원"
    minority = {note for one in REPORT.minority for note in one.finding.notes}
    assert {"jb-027", "jb-105", "jb-116", "se-032", "se-039", "se-067"} <= minority


def test_every_finding_of_these_kinds_is_told_once() -> None:
    told = [*REPORT.requests, *REPORT.promises, *REPORT.hearsay, *REPORT.minority]
    there = [
        (at, finding)
        for at, day in enumerate(REPORT.days)
        for findings in (*(one.findings for one in day.themes), day.minority, day.apart)
        for finding in findings
        if finding.kind != "finding"
    ]
    assert sorted((one.day, one.finding.notes, one.finding.text) for one in told) == sorted(
        (at, one.notes, one.text) for at, one in there
    )


def test_a_day_that_does_not_balance_makes_no_report() -> None:
    first, *rest = three_days()
    broken = replace(first, ledger=replace(first.ledger, covered=first.ledger.covered[1:]))
    with pytest.raises(Unbalanced):
        tour_report(NAME, [broken, *rest])


def test_a_day_is_in_the_tour_once() -> None:
    first = three_days()[0]
    with pytest.raises(Unbalanced):
        tour_report(NAME, [first, replace(first, revision=2)])


def test_ledgers_add_up() -> None:
    total = account_of(REPORT.days[0]) + account_of(REPORT.days[1]) + account_of(REPORT.days[2])
    assert total.received == 130 + 90 + 23
    assert total.withdrawn == 1
    assert total.balances


def test_missing_days_are_in_the_order_of_the_tour() -> None:
    days = [
        Missing(Region(region), date(2026, 2, day), WhyMissing.NOT_SENT)
        for region, day in (("제주", 20), ("강원", 4), ("대경권", 4))
    ]
    assert [one.region for one in tour_report(NAME, (), days).missing] == ["강원", "대경권", "제주"]
