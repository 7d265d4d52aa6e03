"""Telegram's HTML: what it becomes and how it is refused."""

import pytest

from bot.rehearsal.entities import parse_html, parse_plain
from bot.rehearsal.errors import ApiError
from bot.rehearsal.values import Entity


def marks(source: str) -> list[tuple[str, int, int]]:
    return [(entity.type, entity.offset, entity.length) for entity in parse_html(source).entities]


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("<b>굵게</b> 보통", "굵게 보통", [("bold", 0, 2)]),
        (
            "<strong>가</strong><em>나</em><i>다</i>",
            "가나다",
            [("bold", 0, 1), ("italic", 1, 1), ("italic", 2, 1)],
        ),
        (
            "<u>가</u><s>나</s><tg-spoiler>다</tg-spoiler>",
            "가나다",
            [("underline", 0, 1), ("strikethrough", 1, 1), ("spoiler", 2, 1)],
        ),
        ("<b>가<i>나</i></b>", "가나", [("bold", 0, 2), ("italic", 1, 1)]),
        ("<blockquote>인용</blockquote>", "인용", [("blockquote", 0, 2)]),
        ("<blockquote expandable>긴 인용</blockquote>", "긴 인용", [("expandable_blockquote", 0, 4)]),
        ("<code>x</code>", "x", [("code", 0, 1)]),
        ("1 &lt; 2 &amp; 3 &gt; 2 &quot;참&quot; &#48;", '1 < 2 & 3 > 2 "참" 0', []),
        ("&nbsp;", "&nbsp;", []),
        ("👍<b>좋음</b>", "👍좋음", [("bold", 2, 2)]),
        ("  <b> 가 </b>  ", "가", [("bold", 0, 1)]),
        ("<code><b>x</b></code>", "x", [("code", 0, 1)]),
        ("", "", []),
    ],
)
def test_html_becomes_text_with_entities(
    source: str, text: str, expected: list[tuple[str, int, int]]
) -> None:
    assert parse_html(source).text == text
    assert marks(source) == expected


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("<div>가</div>", 'Unsupported start tag "div" at byte offset 0'),
        ("가 < 나", "Unclosed start tag at byte offset 4"),
        ("1 < 2 > 1", 'Unsupported start tag "" at byte offset 2'),
        ("<b>가", 'Can\'t find end tag corresponding to start tag "b"'),
        ("가</b>", "Unexpected end tag at byte offset 3"),
        ("<b><i>가</b></i>", 'Unmatched end tag at byte offset 9, expected "</i>", found "</b>"'),
    ],
)
def test_html_that_telegram_refuses_is_refused_in_its_words(source: str, why: str) -> None:
    with pytest.raises(ApiError) as refused:
        parse_html(source)
    assert (refused.value.code, refused.value.description) == (
        400,
        f"Bad Request: can't parse entities: {why}",
    )


def test_a_link_keeps_its_address() -> None:
    assert parse_html('<a href="https://t.me/x_bot?start=m_1&amp;y=2">가</a>').entities == (
        Entity("text_link", 0, 1, "https://t.me/x_bot?start=m_1&y=2"),
    )


def test_a_link_to_this_machine_is_only_text() -> None:
    assert parse_html('<a href="http://localhost:8080/">가</a>').entities == ()


def test_a_code_block_keeps_its_language() -> None:
    assert parse_html('<pre><code class="language-json">{}</code></pre>').entities == (
        Entity("pre", 0, 2, language="json"),
    )


def test_addresses_mentions_and_commands_are_marked_by_themselves() -> None:
    parsed = parse_plain("/late 지금 https://t.me/x_bot?start=m_1, 문의 @hyeonjang_bot 1/2")
    shown = [(e.type, parsed.text[e.offset : e.offset + e.length]) for e in parsed.entities]
    assert shown == [
        ("bot_command", "/late"),
        ("url", "https://t.me/x_bot?start=m_1"),
        ("mention", "@hyeonjang_bot"),
    ]


def test_a_message_keeps_a_hundred_entities() -> None:
    assert len(parse_html("<b>가</b> " * 120).entities) == 100
