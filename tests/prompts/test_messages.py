"""Message files and their strict loader: what does not fit is found at start, never by a reader."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.domain.values import Phrase, Value
from prompts.messages import Messages, WordsError

SEOUL = ZoneInfo("Asia/Seoul")
NOW = datetime(2026, 1, 21, 23, 40, tzinfo=UTC)  # 08:40 on the 22nd in Seoul
NINE_FORTY = NOW + timedelta(hours=1)


def folder(tmp_path: Path, **languages: str) -> Path:
    """A folder of messages: each language with one file, `common.toml`."""
    for language, content in languages.items():
        (tmp_path / language).mkdir()
        (tmp_path / language / "common.toml").write_text(content, encoding="utf-8")
    return tmp_path


def messages(tmp_path: Path, template: str) -> Messages:
    return Messages(SEOUL, folder(tmp_path, ko=f"m = '''{template}'''\nline = '- {{a}}'\n"))


@pytest.mark.parametrize(
    ("template", "value", "text"),
    [
        ("{v}", "R&D <1>", "R&amp;D &lt;1&gt;"),
        ("{v}", 'say "so"', 'say "so"'),
        ("{v}", 3, "3"),
        ("{v}", 4.5, "4.5"),
        ("{v:html}", "<b>R&amp;D</b>", "<b>R&amp;D</b>"),
        ("{v:date}", date(2026, 1, 22), "1.22.(목)"),
        ("{v:date}", datetime(2026, 1, 21, 16, 0, tzinfo=UTC), "1.22.(목)"),
        ("{v:time}", NINE_FORTY, "09:40"),
        ("{v:when}", NINE_FORTY, "1.22.(목) 09:40"),
        ("{v:left}", NINE_FORTY, "1시간"),
        ("{v:left}", NOW + timedelta(minutes=9, seconds=1), "10분"),
        ("{v:span}", 80, "1시간 20분"),
        ("{v:이가}", "간담회", "간담회가"),
        ("{v:은는}", "<면담>", "&lt;면담&gt;은"),
        ("{v}", Phrase("common.line", {"a": "<x>"}), "- &lt;x&gt;"),
        ("{v}\n끝", (Phrase("common.line", {"a": 1}), Phrase("common.line", {"a": 2})), "- 1\n- 2\n끝"),
        ("앞\n{v}", (), "앞"),
    ],
)
def test_a_value_is_shown_as_its_variable_asks(
    tmp_path: Path, template: str, value: Value, text: str
) -> None:
    assert messages(tmp_path, template).text("common.m", {"v": value}, now=NOW) == text


@pytest.mark.parametrize(
    ("template", "value"),
    [
        ("{v:date}", "1.22."),
        ("{v:time}", date(2026, 1, 22)),
        ("{v:left}", 10),
        ("{v:span}", NINE_FORTY),
        ("{v:이가}", 3),
        ("{v:html}", 3),
        ("{v:s}", NINE_FORTY),
        ("{v}", None),
        ("{v}", NINE_FORTY),
        ("{v}", date(2026, 1, 22)),
    ],
)
def test_a_value_of_another_kind_than_its_variable_asks_is_an_error(
    tmp_path: Path, template: str, value: Value
) -> None:
    with pytest.raises(WordsError, match="cannot show"):
        messages(tmp_path, template).text("common.m", {"v": value}, now=NOW)


def test_every_variable_is_given_and_every_value_used(tmp_path: Path) -> None:
    words = messages(tmp_path, "{v}")
    with pytest.raises(WordsError, match="'v'"):
        words.text("common.m", {}, now=NOW)
    with pytest.raises(WordsError, match="'other'"):
        words.text("common.m", {"v": "a", "other": "b"}, now=NOW)
    with pytest.raises(WordsError, match=r"no message common\.unknown"):
        words.text("common.unknown", now=NOW)
    assert words.variables("common.m") == {"v"}
    assert words.keys() == {"common.m", "common.line"}


def test_the_plain_form_is_without_entities(tmp_path: Path) -> None:
    assert messages(tmp_path, "{v} &amp; 둘").plain("common.m", {"v": "R&D <1>"}, now=NOW) == "R&D <1> & 둘"


def test_a_language_that_we_do_not_speak_is_the_one_that_its_reader_is_helped_by(tmp_path: Path) -> None:
    words = Messages(SEOUL, folder(tmp_path, ko='m = "가 {v}"\nline = "선"', en='m = "a {v}"\nline = "line"'))
    assert words.languages == {"ko", "en"}
    nested: dict[str, Value] = {"v": Phrase("common.line")}
    assert words.text("common.m", nested, now=NOW, language="en") == "a line"
    assert words.text("common.m", nested, now=NOW, language="en-GB") == "a line"
    assert words.text("common.m", nested, now=NOW, language="vi") == "a line"
    assert words.text("common.m", nested, now=NOW, language="ko-KR") == "가 선"


def test_without_english_everybody_reads_korean(tmp_path: Path) -> None:
    words = messages(tmp_path, "가")
    assert [words.text("common.m", now=NOW, language=code) for code in ("en", "vi", "")] == ["가"] * 3


@pytest.mark.parametrize(
    ("spec", "value", "korean", "english"),
    [
        ("date", date(2026, 1, 22), "1.22.(목)", "Thu 22 Jan"),
        ("time", NINE_FORTY, "09:40", "09:40"),
        ("when", NINE_FORTY, "1.22.(목) 09:40", "Thu 22 Jan, 09:40"),
        ("left", NINE_FORTY, "1시간", "1 h"),
        ("span", 80, "1시간 20분", "1 h 20 min"),
        ("s", 1, "", ""),
        ("s", "12", "s", "s"),
    ],
)
def test_each_language_writes_times_its_own_way(
    tmp_path: Path, spec: str, value: Value, korean: str, english: str
) -> None:
    template = f'm = "{{v:{spec}}}"'
    words = Messages(SEOUL, folder(tmp_path, ko=template, en=template))
    assert words.text("common.m", {"v": value}, now=NOW) == korean
    assert words.text("common.m", {"v": value}, now=NOW, language="en") == english


def test_a_particle_in_one_language_is_a_plain_variable_in_another(tmp_path: Path) -> None:
    words = Messages(SEOUL, folder(tmp_path, ko='m = "{v:이가}"', en='m = "{v}"'))
    assert words.text("common.m", {"v": "간담회"}, now=NOW, language="en") == "간담회"


@pytest.mark.parametrize(
    ("korean", "english", "why"),
    [
        ('a = "가"\nb = "나"', 'a = "a"', "other keys.*common.b"),
        ('a = "가"', 'a = "a"\nb = "b"', "other keys.*common.b"),
        ('a = "{v}"', 'a = "{w}"', "common.a uses other variables"),
    ],
)
def test_languages_have_the_same_keys_and_variables(
    tmp_path: Path, korean: str, english: str, why: str
) -> None:
    with pytest.raises(WordsError, match=why):
        Messages(SEOUL, folder(tmp_path, ko=korean, en=english))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ('a = ""', "not a message"),
        ('a = "  "', "not a message"),
        ("a = 3", "not a message"),
        ('[part]\na = "가"', "not a message"),
        ('a = "{v:tiem}"', "common.a"),
        ('a = "{v!r}"', "common.a"),
        ('a = "{}"', "common.a"),
        ('a = "{v.name}"', "common.a"),
        ('a = "{v"', "common.a"),
        ('a = "v}"', "common.a"),
    ],
)
def test_a_file_that_does_not_fit_is_found_at_start(tmp_path: Path, content: str, why: str) -> None:
    with pytest.raises(WordsError, match=why):
        Messages(SEOUL, folder(tmp_path, ko=content))


def test_our_own_messages_load() -> None:
    assert Messages(SEOUL).languages == {"ko", "en"}
