"""What browsers send, and what only attackers do: read as it was meant, or refused in words."""

from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.feedback import Speaker
from bot.services.page_answers import Answers
from bot.web.participant_forms import MOST_FIELDS, NoForm, Sent, blank_form, language_wanted, parse_form


def test_a_form_is_read_as_it_was_filled_in() -> None:
    body = urlencode(
        {"speaker": "youth", "rating": "4", "topic": "jobs", "words": "가\r\n나\r다", "name": " 가상 "}
    )
    assert parse_form(body.encode()).answers() == Answers(Speaker.YOUTH, 4, "jobs", "가\n나\n다", " 가상 ")


@given(st.text(st.characters(exclude_categories=("Cc", "Cs"))))
def test_words_of_any_language_come_through_as_they_are(words: str) -> None:
    sent = parse_form(urlencode({"words": words}).encode())
    assert sent["words"] == words
    assert not sent.garbled


@given(st.binary(max_size=200))
def test_whatever_bytes_come_are_a_form_or_none(body: bytes) -> None:
    try:
        sent = parse_form(body)
    except NoForm:
        return
    answers = sent.answers()
    for text in (answers.words, answers.name, sent["note"]):
        text.encode("utf-8")
        assert "\x00" not in text


@given(st.binary(min_size=1, max_size=40))
def test_bytes_that_are_not_utf8_are_noticed(raw: bytes) -> None:
    sent = parse_form(b"words=" + quote(raw).encode())
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        assert sent.garbled
        assert "\ufffd" in sent["words"]
    else:
        assert not sent.garbled


def test_signs_that_are_no_text_are_left_out() -> None:
    assert parse_form(b"words=a%00b%07c%1B%5B31m%7F%C2%85")["words"] == "abc[31m"


def test_of_a_repeated_field_the_first_counts() -> None:
    assert parse_form(b"rating=4&rating=1&words=a&words=b").answers() == Answers(None, 4, None, "a")


def test_more_fields_than_a_form_has_is_no_form() -> None:
    with pytest.raises(NoForm):
        parse_form(b"&".join(b"a%d=1" % n for n in range(MOST_FIELDS + 1)))
    with pytest.raises(NoForm):
        parse_form("words=가".encode())


@pytest.mark.parametrize("rating", ["0", "6", "-1", "4.5", "४", "x", "99999999999999999999"])
def test_a_rating_that_is_none_is_left_to_be_refused(rating: str) -> None:
    assert Sent({"rating": rating}).answers().rating == 0


@pytest.mark.parametrize("speaker", ["", "Youth", "nobody", "youth "])
def test_who_is_nobody_is_not_answered(speaker: str) -> None:
    assert Sent({"speaker": speaker}).answers().speaker is None


def test_a_secret_is_one_of_ours_or_none() -> None:
    form = blank_form()
    assert form.secret == form["note"]
    assert blank_form().secret != form.secret
    for forged in ("", "short", "a" * 23, "a" * 21 + "가", "a" * 21 + "\n", "../../../../../../etc"):
        assert Sent({"note": forged}).secret is None


@pytest.mark.parametrize(
    ("chosen", "accepted", "language"),
    [
        ("", None, "ko"),
        ("", "", "ko"),
        ("", "*", "ko"),
        ("", "ko-KR,ko;q=0.9,en-US;q=0.8", "ko"),
        ("", "en-US,en;q=0.9,ko;q=0.8", "en"),
        ("", "ko;q=0.5, en;q=0.9", "en"),
        ("", "vi-VN,vi;q=0.9,ko;q=0.2", "ko"),
        ("", "vi-VN,vi;q=0.9", "en"),
        ("", "en;q=0, ko", "ko"),
        ("", "<script>;q=x,,,;", "ko"),
        ("en", "ko", "en"),
        ("ko", "en", "ko"),
        ("fr", "en", "en"),
        ("", "en;q=0.1," * 4000, "en"),
    ],
)
def test_the_language_is_the_browsers_unless_one_was_chosen(
    chosen: str, accepted: str | None, language: str
) -> None:
    assert language_wanted(chosen, accepted) == language
