"""A name on file is taken out of everybody's notes, a name that was left only of its own; no other word is."""

import json
from dataclasses import replace

import pytest

from bot.digest.as_json import to_json
from bot.digest.pipeline import make_digest
from bot.digest.prepare import prepare
from bot.digest.redact import redact
from bot.digest.redaction.known import names_on_file, parts_of
from bot.domain.digest import DayMeeting
from tests.support.days import day_of, note

_TITLES = ("전북", "일자리·임금", "홍수소 현장 간담회")


@pytest.mark.parametrize(
    ("displayed", "names"),
    [
        ("나현장", {"나현장"}),
        ("이 음", {"이음"}),
        ("가상 홍", {"홍가상"}),
        ("선우가상", {"선우가상"}),
        ("김가상 주무관", {"김가상"}),
        ("전략실/홍가상(전북)", {"홍가상"}),
        ("Nguyen Demo", {"Nguyen Demo"}),
        ("Nguyen", set()),
        ("M AX", set()),
        ("일자리", set()),
        ("임금", set()),
        ("홍수소", set()),
        ("문제", set()),
        ("2026", set()),
        ("전북도청 상황실", set()),
        ("주무관", set()),
        ("", set()),
    ],
)
def test_only_what_is_shaped_like_a_personal_name_is_one(displayed: str, names: set[str]) -> None:
    assert names_on_file({displayed}, _TITLES) == names


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("나현장님과 나현장, 나현장이 왔다", "[이름]님과 [이름], [이름]이 왔다"),
        ("(나현장) 나현장으로부터 나현장", "([이름]) [이름]으로부터 [이름]"),
        ("나 현장 과장님이 나 현장에서 봤다", "[이름] 과장님이 나 현장에서 봤다"),
        ("홍 가상은 우리홍가상도 홍가상적이다", "[이름]은 우리홍가상도 홍가상적이다"),
        ("이음은 이음새를 봤다", "[이름]은 이음새를 봤다"),
        ("NGUYEN demo 씨, Nguyen Demo는 Nguyen Demonstration", "[이름] 씨, [이름]는 Nguyen Demonstration"),
    ],
)
def test_a_name_on_file_stands_by_itself(text: str, redacted: str) -> None:
    on_file = names_on_file({"나현장", "이 음", "홍 가상", "Nguyen Demo"}, ())
    assert redact(text, on_file).text == redacted


def test_a_name_that_was_left_is_known_in_its_parts() -> None:
    assert parts_of("김가상  전북테크노파크 대표") == {
        "김가상 전북테크노파크 대표",
        "김가상",
        "전북테크노파크",
    }
    assert parts_of("전북 김가상", _TITLES) == {"전북 김가상", "김가상"}
    assert parts_of("김") == frozenset()


@pytest.mark.parametrize("left", ["일자리", "문제입", "M.AX", "45", "김가상 일자리 문제입"])
def test_nobody_alters_what_somebody_else_said(left: str) -> None:
    words = "일자리와 임금이 문제입니다. M.AX 지원은 45만원입니다."
    day = day_of(
        note("전북-1", words),
        note("전북-2", "짧은 의견입니다", own_names=frozenset({left})),
    )
    assert prepare(day)[0].words == words


@pytest.mark.parametrize(
    "displayed", ["일자리", "문제", "문제입", "이문제", "이 문제", "임금", "M.AX", "45", "조찬"]
)
def test_neither_does_a_name_on_file_that_is_a_word(displayed: str) -> None:
    words = "조찬에서 들은 일자리와 임금이 문제입니다. 이 문제는 M.AX 지원 45만원으로 풀립니다."
    day = replace(day_of(note("전북-1", words)), known_names=frozenset({displayed}))
    assert prepare(day)[0].words == words


def test_a_name_that_was_left_is_nowhere_in_its_own_notes() -> None:
    name = frozenset({"김가상 전북테크노파크"})
    mine = "저 김가상입니다. 전북테크노파크에서 일하는 김 가상의 의견입니다."
    day = day_of(
        note("전북-1", mine, voice="named", own_names=name),
        note("전북-2", "전북테크노파크가 도와주었습니다"),
    )
    text = json.dumps(to_json(make_digest(day)), ensure_ascii=False)
    assert "가상" not in text
    first, second = prepare(day)
    assert "전북테크노파크" not in first.words
    assert second.words == "전북테크노파크가 도와주었습니다"


def test_a_word_of_a_meeting_is_no_name() -> None:
    words = "홍가상은 좋은 말입니다"
    day = replace(day_of(note("전북-1", words)), known_names=frozenset({"홍가상"}))
    assert prepare(day)[0].words == "[이름]은 좋은 말입니다"
    assert prepare(replace(day, meetings=(DayMeeting("m1", "홍가상 간담회", 1),)))[0].words == words
