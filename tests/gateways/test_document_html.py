"""A digest as an HTML file: whole, safe to open, and hiding what the chat hides."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings

from bot.digest.as_chat import compose, sections
from bot.digest.as_report import report
from bot.digest.pipeline import make_digest
from bot.digest.report import Line, LineKind, Part, Run
from bot.domain.digest import DayInput, Digest
from bot.domain.markup import without_markup
from bot.gateways.documents.html import html_of
from prompts.messages import Messages
from tests.support.corpus import corpus_day
from tests.support.days import day_of, days

_NOW = datetime(2026, 1, 22, 12, 0, tzinfo=UTC)
_MESSAGES = Messages(ZoneInfo("Asia/Seoul"))
_VOID = {"meta", "br", "link"}


class Seen(HTMLParser):
    """Which tags open, whether all close, and the text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert not any(name.startswith("on") or name in ("src", "style") for name, _ in attrs)
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data


def page_of(digest: Digest) -> str:
    return html_of(report(digest, _MESSAGES, _NOW)).decode()


def letters(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_every_line_of_the_chat_stands_in_the_document() -> None:
    digest = make_digest(corpus_day("jeonbuk_2026-01-22", every_nth_without_topic=3))
    text = letters(Seen(page_of(digest)).text)
    for section in sections(digest):
        for part in compose(digest, section.key, _MESSAGES, _NOW):
            _, *lines = without_markup(part).split("\n")
            for line in lines:
                assert letters(line) in text, line
    assert "[전북]일일권역보고2026.1.22.(목)" in text


def test_words_cannot_become_markup() -> None:
    words = "<u>크게</u> & '따옴표' 버스가 부족합니다."
    part = Part("sum", words, (Line(LineKind.ITEM, "○", (Run(words), Run(words, faint=True)), 1),))
    page = html_of(replace(report(make_digest(day_of()), _MESSAGES, _NOW), parts=(part,))).decode()
    seen = Seen(page)
    assert not {"u"} & seen.tags
    assert "<u>크게</u> &" in seen.text


def test_it_fetches_nothing_and_runs_nothing() -> None:
    page = page_of(make_digest(corpus_day("southeast_2026-01-23")))
    assert "http://" not in page
    assert "https://" not in page
    assert "default-src 'none'" in page
    assert len(page) < 400_000


@given(days())
@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_every_day_makes_a_well_formed_document(day: DayInput) -> None:
    seen = Seen(page_of(make_digest(day)))
    assert seen.open == []
    assert {"h1", "section", "title"} <= seen.tags
