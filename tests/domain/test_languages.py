"""Which of our languages somebody reads whose Telegram speaks another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.languages import LANGUAGES, spoken


@pytest.mark.parametrize("code", ["ko", "KO", "ko-KR", "ko_KR", "ko-Kore-KR", "kor"])
def test_korean_in_any_spelling_is_korean(code: str) -> None:
    assert spoken(code) == "ko"


@pytest.mark.parametrize("code", ["en", "EN", "en-GB", "en_US", "en-US-x-twain"])
def test_english_in_any_spelling_is_english(code: str) -> None:
    assert spoken(code) == "en"


@pytest.mark.parametrize("code", ["vi", "zh-hans", "uz", "ru", "es-419", "kok", "fil"])
def test_who_reads_neither_is_helped_more_by_english(code: str) -> None:
    assert spoken(code) == "en"


@pytest.mark.parametrize("code", [None, "", "-", "한국어", "k\x00o", "\ud800", "x" * 40, "en us", "7"])
def test_no_language_and_what_cannot_be_one_is_korean(code: str | None) -> None:
    assert spoken(code) == "ko"


@given(st.text())
def test_whatever_a_client_tells_it_is_one_of_ours(code: str) -> None:
    assert spoken(code) in LANGUAGES
    assert spoken(spoken(code)) == spoken(code)
