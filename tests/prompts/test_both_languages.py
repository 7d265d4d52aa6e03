"""Korean and English beside each other: nothing of one is left in the other, and labels fit on narrow buttons."""

import re
import string

import pytest

from bot.domain.values import Value
from bot.services.fitting import _AROUND
from prompts.consent import Notices
from prompts.messages import Messages, _variables
from tests.support.message_keys import spoken_by_the_code
from tests.support.plans import SEOUL, at

MESSAGES = Messages(SEOUL)
KEYS = sorted(MESSAGES.keys())
HANGUL = re.compile("[가-힣ㄱ-ㅎㅏ-ㅣ]")
OWN_NAMES = {"settings.language_ko", "settings.language_en", "page.other_language"}
"""A language by its own name, for those who read no other."""
NARROW = 20
"""Characters: two such buttons stand side by side on a small phone."""
WIDE = {
    # alone in their row
    "notes.meeting",
    "late.other",
    "qr.other",
    "digest.day",
    "invitation.region",
}


def template(key: str, language: str) -> str:
    return MESSAGES._template(key, language)


def words(text: str) -> str:
    """A template without its variables, tags, commands and addresses."""
    text = re.sub(r"\{[^}]*\}|<[^>]*>|(?<![\w<])/[a-z]+|https?://\S+", " ", text)
    return re.sub(r"[\w.-]+\.(?:org|com|kr)\S*", " ", text)


def test_no_hangul_is_left_in_english() -> None:
    """Templates of files show regions, venues and titles as they are written in a Korean schedule."""
    left = [key for key in KEYS if HANGUL.search(template(key, "en")) and not key.startswith("template.")]
    assert sorted(set(left) - OWN_NAMES) == []


def test_no_english_is_left_in_korean() -> None:
    """Single words are names that a file or a setting must spell so; two in a row are a sentence that was forgotten."""
    phrase, letter = re.compile("[A-Za-z]{2,} [a-z]{2,}"), re.compile("[A-Za-z]")
    command = re.compile(r"python -m bot( -{0,2}[a-z-]+)+")
    korean = {key: command.sub("", words(template(key, "ko"))) for key in KEYS if key not in OWN_NAMES}
    assert [key for key, text in korean.items() if phrase.search(text)] == []
    assert [key for key, text in korean.items() if letter.search(text) and not HANGUL.search(text)] == []


def test_no_message_is_the_same_in_both_unless_it_holds_no_words() -> None:
    same = {key for key in KEYS if template(key, "ko") == template(key, "en")}
    assert {key for key in same if re.search(r"[^\W\d_]", words(template(key, "ko")))} <= OWN_NAMES


def test_english_is_typeset_with_its_own_signs() -> None:
    """Quotation marks and apostrophes as English prints them; a sentence ends where the Korean one does."""
    odd = re.compile(r"[‘＂＇：，。・~]|\"|\s[,.;:!?](?=\s|$)")
    shown = {key: re.sub(r"<[^>]*>|\{[^}]*\}", "x", template(key, "en")) for key in KEYS}
    assert [key for key, text in shown.items() if odd.search(text)] == []
    unended = [
        key
        for key in KEYS
        if template(key, "ko").endswith("니다.") and not template(key, "en").endswith((".", "?"))
    ]
    assert unended == []


def test_english_uses_the_words_of_the_brief() -> None:
    """One word for one thing: a digest is no report, a field note no memo, a meeting no session or schedule item."""
    other = re.compile(r"\b(?:memos?|sessions?|daily report|regional report|opinions?)\b", re.IGNORECASE)
    assert [key for key in KEYS if other.search(template(key, "en"))] == []


def labels() -> list[str]:
    spoken = spoken_by_the_code().labels & MESSAGES.keys()
    return sorted({*spoken, *(key for key in KEYS if _like_a_label(key))})


def _like_a_label(key: str) -> bool:
    """Keys that code puts together: `Button(f"feedback.speaker_{…}")`."""
    made = r"\w+\.(?:speaker_(?!first|missing)\w+|role_\w+|change_\w+|option_\w+|section_\w+|(?!edit_by)\w+_button)|notes\.kind_\w+"
    return re.fullmatch(made, key) is not None


@pytest.mark.parametrize("language", ["ko", "en"])
def test_labels_are_short_enough_for_a_narrow_button(language: str) -> None:
    long = {}
    for key in labels():
        shown = template(key, language).translate(str.maketrans("", "", "{}"))
        if key not in WIDE and not _variables(template(key, language)) and len(shown) > NARROW:
            long[key] = len(shown)
    allowed = {"consent.option_feedback_given", "consent.option_abroad_given"}  # Korean, a row of their own
    assert {key: length for key, length in long.items() if key not in allowed} == {}


def test_the_words_of_a_list_line_leave_room_for_the_list() -> None:
    """bot.services.fitting counts values only, and so many characters for the words around them."""
    dates = {"date": "Wed 30 Sep", "time": "00:00", "when": "Wed 30 Sep, 00:00", "left": "0", "span": "0"}
    for key in KEYS:
        if not key.startswith(("change.", "schedule.line", "late.overlap")) or key == "change.notice":
            continue
        for language in ("ko", "en"):
            around = ""
            for literal, name, spec, _ in string.Formatter().parse(template(key, language)):
                around += re.sub(r"<[^>]*>", "", literal) + (dates.get(spec or "", "") if name else "")
            assert len(around) <= _AROUND, (key, language)


def test_every_notice_for_consent_is_in_every_language_and_says_the_same_facts() -> None:
    notices = Notices()
    assert notices._notices.keys() == MESSAGES.languages
    for (purpose, version), korean in notices._notices["ko"].items():
        english = notices.version(purpose, str(version), "en")
        assert not HANGUL.search(english.title + english.text)
        assert english.since == korean.since
        assert _variables(english.text) == _variables(korean.text)
        assert english.text.count("\n· ") == korean.text.count("\n· "), "a fact was left out"
        assert re.findall(r"Article (\d+)", english.text) == re.findall(r"제(\d+)조", korean.text)


def test_the_same_time_is_read_in_both_languages() -> None:
    values: dict[str, Value] = {
        "title": "가상 간담회",
        "start": at("09:40"),
        "venue": "가상 회의실",
        "details": (),
    }
    korean = MESSAGES.text("reminder.before", values, now=at("09:30"))
    english = MESSAGES.text("reminder.before", values, now=at("09:30"), language="en")
    assert "10분 뒤" in korean
    assert "in 10 min" in english
    assert "1.22.(목) 09:40" in korean
    assert "Thu 22 Jan, 09:40" in english
