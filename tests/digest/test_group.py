"""Notes go where their author put them; nothing is guessed, nothing is lost."""

import pytest

from bot.digest.group import Grouped, group, same_wording
from bot.digest.prepare import prepare
from bot.domain.digest import DayInput, Merged, SetAside, SetAsideReason
from bot.domain.feedback import NoteKind, Speaker
from tests.support.days import day_of, note


def grouped(day: DayInput) -> Grouped:
    return group(day, prepare(day))


def test_a_topic_makes_a_theme_and_the_rest_stands_under_its_meeting() -> None:
    result = grouped(
        day_of(
            note("전북-3", "월세가 비쌉니다", topic="living"),
            note("전북-1", "일자리가 없습니다"),
            note("전북-4", "저녁에 말씀드립니다", topic=None, meeting="m2"),
            note("전북-2", "아침에 말씀드립니다", topic=None, meeting="m1"),
            note("전북-5", "주제가 다릅니다", topic="other"),
            note("전북-6", "모르는 주제입니다", topic="unknown", meeting=None),
            note("전북-7", "모르는 일정입니다", topic=None, meeting="gone"),
        )
    )
    assert {one.topic.key: [n.number for n in one.notes] for one in result.groups} == {
        "jobs": ["전북-1"],
        "living": ["전북-3"],
    }
    assert [(one.meeting, [n.number for n in one.notes]) for one in result.leftovers] == [
        ("m1", ["전북-2", "전북-5"]),
        ("m2", ["전북-4"]),
        (None, ["전북-6", "전북-7"]),
    ]


def test_themes_with_more_voices_come_first() -> None:
    result = grouped(
        day_of(
            note("전북-1", "가 의견입니다"),
            note("전북-2", "나 의견입니다", topic="living"),
            note("전북-3", "다 의견입니다", topic="living"),
        )
    )
    assert [one.topic.key for one in result.groups] == ["living", "jobs"]


def test_near_identical_wording_is_merged_into_the_first_by_number() -> None:
    result = grouped(
        day_of(
            note("전북-10", "통근 버스 늘려주세요!!"),
            note("전북-9", "통근버스 늘려 주세요 ㅠㅠ"),
            note("전북-11", "통근버스 늘려주세요", topic="living"),
            note("전북-12", "통근버스 늘려주세요", topic=None, meeting="m2"),
        )
    )
    assert result.merged == (Merged("전북-9", ("전북-10",)),)


def test_what_staff_marked_is_never_merged() -> None:
    promises = [
        note(f"전북-{n}", "검토하겠다고 함", speaker=Speaker.STAFF, kind=NoteKind.PROMISE, topic=topic)
        for n, topic in ((1, "jobs"), (2, "jobs"), (3, None), (4, None))
    ]
    result = grouped(day_of(*promises))
    assert not result.merged
    assert [n.number for n in result.apart] == ["전북-3", "전북-4"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("통근버스 늘려주세요", "통근버스늘려주세요~~"),
        ("１０명", "10명!"),
        ("예산 1,000만원", "예산 1000만원."),
        ("정말요오오오", "정말요오오오오오"),
    ],
)
def test_case_space_and_punctuation_do_not_make_another_wording(one: str, other: str) -> None:
    assert same_wording(one) == same_wording(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("10명", "100명"),
        ("3.5%", "35%"),
        ("1 2", "12"),
        ("찬성합니다", "찬성합니다?"),
        ("3%", "3"),
        ("-3%", "3%"),
        ("늘려주세요", "줄여주세요"),
    ],
)
def test_what_changes_the_sense_makes_another_wording(one: str, other: str) -> None:
    assert same_wording(one) != same_wording(other)


def test_what_says_nothing_is_set_aside_with_its_reason() -> None:
    result = grouped(
        day_of(
            note("전북-1", "", rating=4),
            note("전북-2", "", topic="jobs"),
            note("전북-3", "ㅋㅋㅋ", rating=1),
            note("전북-4", "  \n "),
        )
    )
    assert result.set_aside == (
        SetAside(SetAsideReason.RATING_ONLY, ("전북-1",)),
        SetAside(SetAsideReason.NO_WORDS, ("전북-2", "전북-4")),
        SetAside(SetAsideReason.MEANINGLESS, ("전북-3",)),
    )
