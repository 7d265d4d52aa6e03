"""Days made of the corpus: notes, titles, topics, regions. The digest balances, and what is shown of it is text."""

import io
import json
from dataclasses import replace
from html.parser import HTMLParser
from zipfile import ZipFile

import pytest
from hwpx.tools.package_validator import validate_editor_open_safety, validate_package

from bot.digest.as_chat import compose, sections
from bot.digest.as_json import from_json, to_json
from bot.digest.as_report import report
from bot.digest.ledger import verify
from bot.digest.pipeline import make_digest
from bot.digest.report import FileForm, Report
from bot.domain.digest import DayInput, DayMeeting, Topic
from bot.gateways.documents.html import html_of
from bot.gateways.documents.writing import written
from bot.rehearsal.entities import parse_html
from bot.services.updates import storable
from tests.hostile.corpus import MARK, words
from tests.hostile.test_words import TORTURE
from tests.support.chat import MESSAGES
from tests.support.days import day_of, note
from tests.support.documents import letters, said, words_of
from tests.support.plans import at
from tests.support.telegram_rules import check_request

A_DAY = 40
NOW = at("21:00")


def days() -> list[tuple[str, ...]]:
    """Every word of the corpus as a database keeps it, forty a day."""
    kept = [storable(text) for _, text in words(TORTURE)]
    return [tuple(kept[first : first + A_DAY]) for first in range(0, len(kept), A_DAY)]


@pytest.mark.parametrize("place", range(len(days())))
def test_a_day_of_trouble_is_a_digest_like_any_other(place: int) -> None:
    texts = days()[place]
    day = _day(texts)
    digest = make_digest(day)
    verify(digest, day)
    assert from_json(json.loads(json.dumps(to_json(digest), ensure_ascii=False))) == digest
    for section in sections(digest):
        for part in compose(digest, section.key, MESSAGES, NOW):
            parsed = parse_html(part)
            assert not [one for one in parsed.entities if one.url and MARK in one.url]
            check_request("sendMessage", {"chat_id": 1, "text": part, "parse_mode": "HTML"})
    told = report(digest, MESSAGES, NOW)
    assert _Tags(html_of(told).decode()).foreign == []
    _a_file_holds_it(told, tuple(FileForm)[place % len(FileForm)])


def _a_file_holds_it(told: Report, form: FileForm) -> None:
    """Each day in one of the forms: it is made, opens, holds every line, and links nowhere."""
    made = written(told, form)
    lines = [line for one in words_of(made, form) for piece in one.split("\n") if (line := letters(piece))]
    if form is not FileForm.PDF:  # which has no shape for many of these characters
        assert lines == list(
            filter(None, map(letters, (piece for one in said(told) for piece in one.split("\n"))))
        )
    if form is FileForm.HWPX:
        assert validate_package(made).ok
        assert validate_editor_open_safety(made).ok
    if form is FileForm.DOCX:
        with ZipFile(io.BytesIO(made)) as parts:
            assert not [
                one for one in parts.namelist() if one.endswith(".rels") and b"External" in parts.read(one)
            ]
    if form is FileForm.PDF:
        assert b"/URI" not in made
        assert b"/JavaScript" not in made


def _day(texts: tuple[str, ...]) -> DayInput:
    """Their titles and topics are as bad as their words."""
    notes = [
        note(
            f"전북-{n + 1}",
            text,
            meeting=("m1", "m2")[n % 2],
            topic=("jobs", "living", None)[n % 3],
            id=f"id{n}",
        )
        for n, text in enumerate(texts)
    ]
    title = next((text for text in texts if text.strip()), "가상")[:120]
    meetings = (DayMeeting("m1", title, 1), DayMeeting("m2", texts[-1][:120] or "가상", 2))
    topics = (
        Topic("jobs", title),
        Topic("living", texts[0][:80] or "가상"),
        Topic("other", "기타", is_rest=True),
    )
    return replace(day_of(*notes), meetings=meetings, topics=topics)


class _Tags(HTMLParser):
    """Elements and attributes that no page of ours has."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.foreign: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "img", "iframe", "form", "input", "base", "object") or (
            tag == "a" and not (dict(attrs).get("href") or "").startswith("#")
        ):
            self.foreign.append(tag)
        self.foreign += [
            name
            for name, value in attrs
            if name.startswith("on") or (MARK in (value or "") and name != "aria-label")
        ]
