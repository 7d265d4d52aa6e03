"""Words without their tags; what people wrote stays, whatever it looks like."""

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.markup import opened_tags, without_markup


@pytest.mark.parametrize(
    ("text", "plain", "opened"),
    [
        ("<b>운영 상태</b> · 12:00", "운영 상태 · 12:00", 1),
        ('<a href="https://a.example/?b=1&amp;c=2">여기</a>', "여기", 1),
        ("<blockquote expandable><i>말씀</i></blockquote>", "말씀", 2),
        ("1 &lt; 2 &gt; 0", "1 < 2 > 0", 0),
        ("&lt;b&gt;태그가 아닌 글&lt;/b&gt;", "<b>태그가 아닌 글</b>", 0),
        ("&amp;lt;", "&lt;", 0),
        ("", "", 0),
    ],
)
def test_tags_go_and_words_stay(text: str, plain: str, opened: int) -> None:
    assert without_markup(text) == plain
    assert opened_tags(text) == opened


@given(st.text())
def test_what_people_wrote_comes_back_letter_for_letter(words: str) -> None:
    assert without_markup(f"<b>{escape(words)}</b>") == words
