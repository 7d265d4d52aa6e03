"""Every message with sample values, as people read it, in tests/golden/messages/<language>: a changed word is a
reviewed diff.

`RERECORD=1 pytest tests/prompts/test_golden.py` writes the files anew.
"""

import html
import os
import re
from datetime import timedelta
from pathlib import Path
from string import Formatter

import pytest

from bot.domain.values import Phrase, Value
from prompts.messages import FIRST_LANGUAGE, FOLDER, Messages
from tests.support.message_keys import spoken_by_the_code
from tests.support.plans import DAY, SEOUL, at
from tests.support.telegram_rules import visible

GOLDEN = Path(__file__).parents[1] / "golden" / "messages"
RERECORD = os.environ.get("RERECORD") == "1"
NOW = at("08:40")
MESSAGES = Messages(SEOUL)
LANGUAGES = sorted(MESSAGES.languages)
SUBJECTS = sorted({key.partition(".")[0] for key in MESSAGES.keys()})  # noqa: SIM118 (not a mapping)
COMPOSED = {"digest.section"}
"""Names that a draft may carry without a message of that name: composed from a stored digest."""

_TITLE = "새만금 입주기업 간담회"
_LINES: tuple[Phrase, ...] = (
    Phrase("schedule.host", {"host": "가상 국장"}),
    Phrase("schedule.remarks", {"remarks": "첫째 & 둘째 <줄>"}),
)
_BY_SPEC: dict[str, Value] = {
    "date": DAY,
    "time": at("09:40"),
    "when": at("09:40"),
    "left": at("09:40"),
    "span": 80,
    "html": "<b>이미 꾸민 글</b>",
}
_BY_NAME: dict[str, Value] = {
    "title": _TITLE,
    "count": 3,
    "minutes": 20,
    "limit": 240,
    "length": 2345,
    "line": 7,
    "first": 4,
    "last": 9,
    "region": "전북",
    "venue": "가상 회의실",
    "host": "가상 국장",
    "name": "가상 인물",
    "link": "https://t.me/hyeonjang_test_bot?start=m_code",
    "reference": "ab12cd34",
    "stars": "★★★★☆",
    "lines": _LINES,
    "details": _LINES,
    "grants": _LINES,
    "speakers": _LINES,
    "language": Phrase("settings.language_en"),
    "old": "군산 회의실",
    "new": "전주 회의실",
}


_BY_BOTH: dict[tuple[str, str], Value] = {
    ("end", "time"): at("11:00"),
    ("end", "left"): at("11:00"),
    ("new", "time"): at("10:00"),
    ("new", "when"): at("10:00"),
    ("expires", "when"): at("09:40") + timedelta(days=7),
}


def _samples(key: str) -> dict[str, Value]:
    """A value for every variable: by its spec, by its name, or its own name in brackets with signs to escape."""
    values: dict[str, Value] = {}
    for name, spec in _variables(key):
        if (name, spec) in _BY_BOTH:
            values[name] = _BY_BOTH[name, spec]
        elif spec in _BY_SPEC:
            values[name] = _BY_SPEC[spec]
        elif spec:
            values[name] = str(_BY_NAME.get(name, _TITLE))  # a particle
        else:
            values[name] = _BY_NAME.get(name, f"<{name}>")
    return values


def _variables(key: str) -> list[tuple[str, str]]:
    template = MESSAGES._template(key, FIRST_LANGUAGE)
    return [(name, spec or "") for _, name, spec, _ in Formatter().parse(template) if name is not None]


def _rendered(key: str, language: str) -> str:
    return MESSAGES.text(key, _samples(key), now=NOW, language=language)


def _page(subject: str, language: str) -> str:
    keys = sorted(key for key in MESSAGES.keys() if key.startswith(f"{subject}."))  # noqa: SIM118
    return "\n".join(f"## {key}\n{_rendered(key, language)}\n" for key in keys)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_message_reads_as_recorded(subject: str, language: str) -> None:
    file = GOLDEN / language / f"{subject}.txt"
    page = _page(subject, language)
    if RERECORD:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(page, encoding="utf-8")
    assert file.exists(), "record it: RERECORD=1"
    assert page == file.read_text(encoding="utf-8")


def test_no_recording_is_left_of_a_subject_that_is_gone() -> None:
    wanted = {GOLDEN / language / f"{subject}.txt" for language in LANGUAGES for subject in SUBJECTS}
    recorded = set(GOLDEN.rglob("*.txt"))
    if RERECORD:
        for file in recorded - wanted:
            file.unlink()
        recorded &= wanted
    assert recorded == wanted


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_one_that_telegram_takes(language: str) -> None:
    lengths = {key: len(visible(_rendered(key, language), "HTML").strip()) for key in MESSAGES.keys()}  # noqa: SIM118
    assert {key: length for key, length in lengths.items() if not 1 <= length <= 4096} == {}


def test_every_message_is_used_by_the_code() -> None:
    spoken = spoken_by_the_code()
    assert [key for key in sorted(MESSAGES.keys()) if not spoken.uses(key)] == []


def test_every_key_that_the_code_uses_has_its_message() -> None:
    like_a_key = re.compile(rf"(?:{'|'.join(SUBJECTS)})\.[a-z][a-z0-9_]*")
    spoken = spoken_by_the_code()
    named = {text for text in spoken.literals if like_a_key.fullmatch(text)} - COMPOSED
    assert sorted(named - MESSAGES.keys() - _LOOK_ALIKE) == []


_FILES = ("toml", "html", "txt", "csv", "xlsx", "db")
_LOOK_ALIKE = {f"{subject}.{ending}" for subject in SUBJECTS for ending in _FILES} | {
    "notes.at",
    "notes.change",
}
"""Names of files, and of steps of a dialogue."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_of_buttons_have_no_markup(language: str) -> None:
    """Telegram shows a button's label as it is, tags and all."""
    labels = spoken_by_the_code().labels & MESSAGES.keys()
    assert len(labels) > 5
    for key in sorted(labels):
        template = MESSAGES._template(key, language)
        assert not re.search(r"</?[a-z]", template), key
        assert html.unescape(template) == template, key
        assert "\n" not in template, key


def test_no_message_holds_words_of_another_than_the_formal_style() -> None:
    """합쇼체: sentences to people do not end in 해요체."""
    informal = re.compile(r"(?:세요|어요|아요|네요|예요|이에요|군요|할게요)(?=[.!?]|$)", re.MULTILINE)
    allowed = {"feedback.remind_button"}  # what the participant says to us, named so by the contract
    found = {key for key in MESSAGES.keys() if informal.search(MESSAGES._template(key, FIRST_LANGUAGE))}  # noqa: SIM118
    assert found - allowed == set()


def test_the_samples_differ_from_now() -> None:
    """Otherwise a time left would read "곧" in every recording."""
    assert at("09:40") - NOW == timedelta(hours=1)
    assert (FOLDER / FIRST_LANGUAGE).is_dir()
