"""Personal data is taken out, and nothing that only looks like it."""

import json
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digest.redact import redact
from bot.digest.redaction.kinds import MARKS, Kind
from tests.support.corpus import rows

_CORPORA = ("jeonbuk_2026-01-22", "southeast_2026-01-23", "edge_cases")


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("연락은 010-0123-4567로 주세요", "연락은 [전화번호]로 주세요"),
        ("01001234567", "[전화번호]"),
        ("010 0123 4567 입니다", "[전화번호] 입니다"),
        ("010.0123.4567", "[전화번호]"),
        ("(010) 0123 - 4567", "[전화번호]"),
        ("０１０－０１２３－４５６７", "[전화번호]"),
        ("0 1 0 0 1 2 3 4 5 6 7", "[전화번호]"),
        ("010\u200b-0123\u200b-4567", "[전화번호]"),
        ("+82 10-0123-4567", "[전화번호]"),
        ("82-10-0123-4567", "[전화번호]"),
        ("공일공 영일이삼 사오육칠이에요", "[전화번호]이에요"),
        ("공일공-0123-4567", "[전화번호]"),
        ("사무실 063-012-3456", "사무실 [전화번호]"),
        ("02)012-3456", "[전화번호]"),
        ("0630123456", "[전화번호]"),
        ("970417-3528710", "[주민등록번호]"),
        ("외국인등록번호는 9609117145236", "외국인등록번호는 [주민등록번호]"),
        ("970417-1******", "[주민등록번호]"),
        ("사업자 402-00-18633", "사업자 [사업자번호]"),
        ("농협 000-0123-4567-08", "농협 [계좌번호]"),
        ("전북은행 계좌 1234567890123", "전북은행 계좌 [계좌번호]"),
        ("카드 4000-0000-0000-0002", "카드 [카드번호]"),
        ("84누0042 이 차", "[차량번호] 이 차"),
        ("차량 12조 3456 단속", "차량 [차량번호] 단속"),
        ("여권번호 M12345678", "여권번호 [여권번호]"),
        ("면허 11-22-333333-44", "면허 [면허번호]"),
        ("gildong.hong@example.com으로", "[이메일]으로"),
        ("gildong＠example.kr", "[이메일]"),
        ("gildong 골뱅이 example 점 com", "[이메일]"),
        ("카톡 아이디 gildong77", "카톡 아이디 [메신저]"),
        ("김아무 과장님이 말씀하신", "[이름] 과장님이 말씀하신"),
        ("이름은 홍길동입니다", "이름은 [이름]입니다"),
    ],
)
def test_personal_data_is_replaced_by_a_mark(text: str, redacted: str) -> None:
    assert redact(text).text == redacted


@pytest.mark.parametrize(
    "text",
    [
        "사업공고 제2026-0117-0042호 보고 신청",
        "공고 2026-010-1234-5678호",
        "154-345kV 연계 구간",
        "예산 12조 5000억원, 12조5000억",
        "2026-01-22 14:30, 1.22.(목)",
        "101호 2026년 입주",
        "대표번호 1588-0000, 1350 으로 문의",
        "월 1,234,567원",
        "E-7-4 비자 120명",
        "협력사 대표와 지원팀 과장, 주민들 대표",
        "공장장님, 이사장님, 위원장님, 고객님",
        "우리 팀장님이 전북대 교수님과",
        "좌표 35.123456, 126.123456",
        "20주 1000명이 10도 2000톤",
        "RS-2024-00012345",
        "수소·탄소 석사과정 M.AX 3.5억원",
    ],
)
def test_what_only_looks_like_personal_data_stays(text: str) -> None:
    assert redact(text).text == text


@pytest.mark.parametrize("corpus", _CORPORA)
def test_every_marked_span_of_the_corpora_is_caught_and_nothing_else(corpus: str) -> None:
    for row in rows(corpus):
        text = unicodedata.normalize("NFC", row["text"])
        found = [text[span.start : span.end] for span in redact(text).spans]
        assert found == json.loads(row["pii"]), row["note_id"]


def test_spans_lead_back_to_the_source() -> None:
    source = "전화 010\u200b-0123-4567, 메일 a.b@example.com"
    kinds = [(source[span.start : span.end], span.kind) for span in redact(source).spans]
    assert kinds == [("010\u200b-0123-4567", Kind.PHONE), ("a.b@example.com", Kind.EMAIL)]


_AROUND = st.text(alphabet=st.characters(exclude_categories=("Cs", "Nd")), max_size=30)
_FOUR = st.text("0123456789", min_size=4, max_size=4)


@given(_AROUND, _FOUR, _FOUR, st.sampled_from(["-", "", " ", ".", "–", " - "]), _AROUND)
def test_no_digits_of_a_phone_survive(before: str, middle: str, last: str, gap: str, after: str) -> None:
    text = redact(f"{before} 010{gap}{middle}{gap}{last} {after}").text
    assert not re.search(r"\d{3}", text)


@given(
    st.lists(
        st.one_of(
            st.text(max_size=20), st.sampled_from([*MARKS.values(), "010-0123-4567", "402-00-18633", "계좌 "])
        ),
        max_size=8,
    ).map("".join)
)
def test_redacting_twice_changes_nothing(text: str) -> None:
    once = redact(text, frozenset({"나현장"})).text
    assert redact(once, frozenset({"나현장"})).text == once


@given(
    st.lists(
        st.sampled_from(
            [
                "0",
                "1",
                "9",
                "-",
                " ",
                "010",
                "농협",
                "호",
                "제",
                "[전화번호]",
                "나현장",
                "가",
                "공일공",
                "@a.kr",
                "a",
            ]
        ),
        max_size=40,
    ).map("".join)
)
def test_redacting_twice_changes_nothing_however_numbers_touch(text: str) -> None:
    once = redact(text, frozenset({"나현장"})).text
    again = redact(once, frozenset({"나현장"}))
    assert again.text == once
    assert not again.spans
