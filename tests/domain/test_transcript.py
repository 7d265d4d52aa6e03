"""Which words of a model are believed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.transcript import Piece, believable, joined

INVENTED = (
    "시청해주셔서 감사합니다.",
    "오늘도 시청해 주셔서 감사합니다! 구독과 좋아요 부탁드립니다.",
    "구독과 좋아요, 알림 설정까지 꼭 부탁드려요~",
    "다음 영상에서 만나요.",
    "MBC 뉴스 김가상입니다.",
    "한글자막 by 가상인물",
    "Thank you for watching!",
    "ご視聴ありがとうございました",
    "네 네 네 네 네 네",
    "통근버스가 없어요. 통근버스가 없어요. 통근버스가 없어요. 통근버스가 없어요.",
    "...",
    "",
)
SAID = (
    "통근버스가 한 시간에 한 대뿐이라 정말 불편합니다.",
    "감사합니다.",
    "아 아 아 그게요, 버스가 없어요.",
    "3.5% 올랐습니다. 1.22.(목)에 다시 봅시다.",
    "MBC 뉴스에서 봤는데요, 실제로는 다릅니다.",
    "구독 서비스 요금을 지원해 주세요.",
    "The shuttle bus comes once an hour.",
)


@pytest.mark.parametrize("words", INVENTED)
def test_what_nobody_said_is_left_out(words: str) -> None:
    assert believable(words) == ""


@pytest.mark.parametrize("words", SAID)
def test_what_somebody_said_stays_letter_for_letter(words: str) -> None:
    assert believable(words) == words


def test_a_farewell_behind_real_words_is_taken_off() -> None:
    assert believable("통근버스가 필요합니다. 시청해 주셔서 감사합니다.") == "통근버스가 필요합니다."


def test_lines_stay_lines() -> None:
    assert believable("하나입니다\n둘입니다") == "하나입니다\n둘입니다"


def test_a_repeated_word_in_much_else_is_no_loop() -> None:
    words = "정말 정말 정말 정말 " + "버스가 없어서 걸어 다니고 있고 월세는 45만원이나 합니다."
    assert believable(words) == words


@given(st.text(max_size=300))
def test_whatever_comes_what_is_kept_was_there(text: str) -> None:
    kept = believable(text)
    assert believable(kept) == kept
    assert len(kept) <= len(text) * 3


def test_whispers_own_thresholds() -> None:
    pieces = (
        Piece(" 하나 "),
        Piece("침묵", no_speech=0.7, confidence=-1.1),
        Piece("작은 소리", no_speech=0.7, confidence=-0.5),
        Piece("망설임", no_speech=0.5, confidence=-1.5),
        Piece("되풀이", repetition=2.5),
    )
    assert joined(pieces) == "하나 작은 소리 망설임"
