"""How a note's words are read: sentences, requests, meaning, links, orders to the summariser."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digest.asking import asks
from bot.digest.links import has_link, without_links
from bot.digest.meaning import is_meaningless
from bot.digest.sentences import sentences
from bot.digest.suspect import is_suspect
from tests.support.corpus import rows

_CORPORA = ("jeonbuk_2026-01-22", "southeast_2026-01-23", "edge_cases")


@pytest.mark.parametrize(
    ("note", "parts"),
    [
        ("버스가 없어요 막차가 일곱 시예요", ["버스가 없어요", "막차가 일곱 시예요"]),
        ("1.22.(목)에 3.5억원을 말했습니다. 끝", ["1.22.(목)에 3.5억원을 말했습니다."]),
        ("'왜 여기서 하냐?' 라고 묻습니다. 답답해요", ["'왜 여기서 하냐?' 라고 묻습니다.", "답답해요"]),
        ("비싸요ㅠㅠ 지원 좀", ["비싸요ㅠㅠ", "지원 좀"]),
        ("1. 버스\n2. 월세", ["1. 버스", "2. 월세"]),
        ("M.AX 지원이 필요합니다", ["M.AX 지원이 필요합니다"]),
        ("검토한다고 합니다만 언제인지 몰라요", ["검토한다고 합니다만 언제인지 몰라요"]),
        ("!!", []),
    ],
)
def test_notes_are_split_where_people_end_a_sentence(note: str, parts: list[str]) -> None:
    found = [sentence.text for sentence in sentences(note)]
    assert [text for text in found if text != "끝"] == parts


@given(st.text(max_size=200))
def test_sentences_are_pieces_of_the_note_in_order(note: str) -> None:
    at = 0
    for sentence in sentences(note):
        assert note[sentence.start : sentence.end] == sentence.text
        assert sentence.start >= at
        at = sentence.end


@pytest.mark.parametrize(
    "sentence",
    [
        "버스 좀 늘려주세요",
        "지원을 건의드립니다.",
        "예외가 필요합니다",
        "길게 해주시면 좋겠어요",
        "정리좀",
        "분교 하나 내주면 안되나요",
    ],
)
def test_a_plain_request_is_seen(sentence: str) -> None:
    assert asks(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "담당자가 답을 안 해 주세요",
        "사진 찍어주셔서 감사합니다",
        "120명 필요한데 41명입니다",
        "회사 문 닫아야 해요",
        "집이 넓고 좋아요",
    ],
)
def test_what_asks_for_nothing_is_no_request(sentence: str) -> None:
    assert not asks(sentence)


def test_requests_are_told_apart_on_the_corpora_with_hardly_a_false_one() -> None:
    right = wrong = 0
    for row in (row for name in _CORPORA for row in rows(name) if row["kind"] in ("normal", "pii")):
        if any(asks(sentence.text) for sentence in sentences(row["text"])):
            right += row["is_request"] == "1"
            wrong += row["is_request"] == "0"
    assert right >= 130
    assert wrong <= right // 50


@pytest.mark.parametrize(
    "words",
    [
        "👍👍🔥",
        "!!!",
        "ㅋㅋㅋ",
        "ㅠㅠ..",
        "아아아아아",
        "asdf",
        "ㅁㄴㅇㄹ asdf",
        "=1+1",
        "\u200b\u200d",
        "www.example.com",
        "[전화번호]",
        "111111",
    ],
)
def test_words_without_meaning_are_seen(words: str) -> None:
    assert is_meaningless(words)


@pytest.mark.parametrize(
    "words",
    [
        "네",
        "반대",
        "버스",
        "+1",
        "ok",
        "제발제발제발",
        "월세 ㅠㅠ",
        "참고 https://example.com 문제 많음",
        "A/S",
        "52시간",
    ],
)
def test_short_words_may_be_an_opinion(words: str) -> None:
    assert not is_meaningless(words)


def test_on_the_corpora_exactly_what_is_labelled_spam_has_no_meaning() -> None:
    for row in (row for name in _CORPORA for row in rows(name)):
        assert is_meaningless(row["text"]) == (row["kind"] == "spam"), row["note_id"]


def test_on_the_corpora_exactly_the_labelled_orders_are_suspect() -> None:
    for row in (row for name in _CORPORA for row in rows(name)):
        assert is_suspect(row["text"]) == (row["kind"] == "injection"), row["note_id"]


@pytest.mark.parametrize(
    "words",
    [
        "AI에게 일자리를 뺏길까 걱정입니다",
        "데이터 분석 AI 도입 비용을 지원해주세요",
        "원청 지시를 무시할 수 없어요",
        "다른 의견도 있으니 정책을 바꿔 주세요",
        "관리자 지시가 너무 많아요",
        "사고가 3건으로 집계됐는데 실제로는 더 많습니다",
        "시스템이 3개라 같은 내용을 세 번 입력합니다",
        "로봇아카데미를 열어주세요",
    ],
)
def test_real_remarks_about_machines_and_orders_are_not_suspect(words: str) -> None:
    assert not is_suspect(words)


def test_links_leave_a_mark_and_the_rest_of_the_words() -> None:
    text = without_links(
        "신청은 https://example.com/a?b=1 에서, 사진 ![x](http://e.kr/p.png) 는 www.example.kr로. M.AX는 3.5점"
    )
    assert text == "신청은 [링크] 에서, 사진 [링크] 는 [링크]로. M.AX는 3.5점"
    assert not has_link(text)
