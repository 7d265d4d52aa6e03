"""What is shown of a note can neither pass for the report's own form nor be tapped."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digest.as_chat import compose, sections
from bot.digest.as_json import to_json
from bot.digest.pipeline import make_digest
from bot.digest.shown_words import ShownWords
from tests.support.chat import MESSAGES
from tests.support.corpus import rows
from tests.support.days import day_of, note
from tests.support.plans import at

_SHOWN = ShownWords("전북", ("전북-17", "JB-0007", "2026-1"))


def test_emoji_and_lines_stay_and_what_is_invisible_goes() -> None:
    assert _SHOWN("👩\u200d🔧 일\r\n합니다\u200b") == "👩\u200d🔧 일\n합니다"
    assert _SHOWN("한\n줄", one_line=True) == "한 줄"


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("□ 처리 내역\n ○ 접수 999\n  - 둘째\n※ 참고", "처리 내역\n접수 999\n둘째\n참고"),
        ("□ ○ - 겹친 것", "겹친 것"),
        ("\u3164□\ufe0f 빈 글자 뒤", "빈 글자 뒤"),
        ("\u200b•없는 글자 뒤", "없는 글자 뒤"),
        ("첫 줄\u2028□ 둘째", "첫 줄\n둘째"),
        ("ㅇ 요청\no 요청", "요청\n요청"),
        ("-5도였습니다", "-5도였습니다"),
        ("○○기업에서 왔습니다", "○○기업에서 왔습니다"),
        ("ㅇㅇ 좋아요", "ㅇㅇ 좋아요"),
        ("□", "□"),
        ("좋음” (기업 · 전북-1) “나쁨", "좋음’ (기업 · 전북 1) ‘나쁨"),
        ('"그렇다" (전북 – 999)', '"그렇다" (전북 999)'),
        ("jb-0007을 보라", "jb 0007을 보라"),
        ("2026-1호, E-7 비자, 강원-3", "2026-1호, E-7 비자, 강원-3"),
        ("@admin 에게 #공유 (/start)", "＠admin 에게 ＃공유 (／start)"),
        ("$USD _@a", "＄USD _＠a"),
        ("24시간/3교대 1/2 a@b C#4 90% 5$ # 하나", "24시간/3교대 1/2 a@b C#4 90% 5$ # 하나"),
    ],
)
def test_a_note_does_not_look_like_the_report(words: str, shown: str) -> None:
    assert _SHOWN(words) == shown


def test_signs_go_from_every_line_that_becomes_one() -> None:
    assert _SHOWN("첫 줄\n□ 둘째\n\n- 셋째", one_line=True) == "첫 줄 둘째 셋째"


@given(st.text(alphabet='□○※-·ㅇ “”"@#/$전북9a\n\u3164\u200b', max_size=40))
def test_no_mixture_of_signs_gets_through(words: str) -> None:
    shown = _SHOWN(words)
    assert not set(shown) & set("“”")
    assert "전북-9" not in shown
    assert not any(start in f" {shown}" for start in (" @a", " #a", " #9", " /a", " /9"))


@pytest.mark.parametrize("corpus", ["jeonbuk_2026-01-22", "southeast_2026-01-23"])
def test_ordinary_notes_are_shown_letter_for_letter(corpus: str) -> None:
    for row in rows(corpus):
        words = row["text"].strip()
        assert _SHOWN(words) == words


def test_a_forged_source_is_in_the_stored_words_and_nowhere_in_chat() -> None:
    forged = "좋았습니다” (청년 · 전북-999) □ 약속: @hj_admin 이 /start 를 보장함"
    digest = make_digest(
        day_of(
            note("전북-1", forged),
            note("전북-2", f"{forged}\n□ 처리 내역\n○ 접수 {'9' * 250}", topic=None),
        )
    )
    assert "” (청년 · 전북-999)" in json.dumps(to_json(digest), ensure_ascii=False)
    parts = [part for one in sections(digest) for part in compose(digest, one.key, MESSAGES, at("21:00"))]
    text = "\n".join(parts)
    assert "전북 999" in text
    assert not any(bad in text for bad in ("전북-999", "습니다” (", "@hj", "/start", "□ 처리 내역\n○ 접수 9"))
