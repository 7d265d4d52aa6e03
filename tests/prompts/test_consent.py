"""The notices for consent: nothing that the law asks for is missing, nothing that was agreed to is lost."""

from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from bot.domain.feedback import Purpose
from prompts.consent import FOLDER, Notice, NoticeError, Notices

DAY = date(2026, 1, 22)
VALUES = {"days": 90, "minutes": 15}
PUBLISHED = {
    "abroad-1.toml": "07bb4de218fc5b20009d81c5ac36bbce8916ec5d04dcfe1e1a57b598c5a87769",
    "feedback_page-1.toml": "c42fa592631f52b00880a21759d270e24118a54ef377ec25b3c134b0d833661a",
    "feedback-1.toml": "5b22447b13def6cd518fe18e5bdf46400e424e44cb54a8da56386a4ac14e4d7b",
    "feedback-2.toml": "c087f6f2c65d3dfeb1ec3161f1ada78db3a4d324b28a76961c9e02f2f02b5fec",
}
PUBLISHED_IN_ENGLISH = {
    "abroad-1.toml": "dcbc7af8b70d11a53156ee8cfc813644c26565e544919cd9293d77dd0127e0a0",
    "feedback_page-1.toml": "7989893f6bddaba8f23380c1f221fc9613d694517001add639a1d3ec2c6547b8",
    "feedback-1.toml": "08390f4475301801e1f01794e8379dbdd89c65a487cc3e6949d8def67e3ddf71",
    "feedback-2.toml": "5e3aac0fb01566db56cc1a309026eb111610da02d016266e95e85dc4b966faa7",
}
WORDS = 'since = 2026-01-01\ntitle = "제목"\ntext = "본문 {days}일"\n'


def notices(folder: Path, **files: str) -> Notices:
    (folder / "ko").mkdir()
    for name, content in {"feedback-1": WORDS, "abroad-1": WORDS, "feedback_page-1": WORDS, **files}.items():
        (folder / "ko" / f"{name}.toml").write_text(content, encoding="utf-8")
    return Notices(folder)


@pytest.mark.parametrize(
    ("purpose", "facts"),
    [
        (Purpose.FEEDBACK, ("제15조", "목적", "항목", "기간", "90일", "15분", "거부", "불이익")),
        (
            Purpose.ABROAD,
            (
                "제28조의8",
                "받는 자",
                "연락처",
                "국가",
                "항목",
                "시기",
                "방법",
                "목적",
                "기간",
                "거부하시는 방법",
                "불이익",
            ),
        ),
        (
            Purpose.FEEDBACK_PAGE,
            ("제15조", "목적", "항목", "기간", "90일", "IP 주소", "쿠키", "몇 분", "거부", "불이익"),
        ),
    ],
)
def test_a_notice_says_what_the_law_asks_for(purpose: Purpose, facts: tuple[str, ...]) -> None:
    text = Notices().current(purpose, DAY).filled(VALUES)
    assert [fact for fact in facts if fact not in text] == []


def test_the_texts_that_were_published_do_not_change() -> None:
    """Somebody agreed to these very words, in this language. A new wording is a new file, and is written down here."""
    for language, published in (("ko", PUBLISHED), ("en", PUBLISHED_IN_ENGLISH)):
        files = (FOLDER / language).iterdir()
        assert {file.name: sha256(file.read_bytes()).hexdigest() for file in files} == published


def test_the_newest_version_that_has_come_is_in_force(tmp_path: Path) -> None:
    later = WORDS.replace("2026-01-01", "2026-02-01")
    files = {"feedback-2": WORDS, "feedback-10": later}
    found = notices(tmp_path, **files)
    assert found.current(Purpose.FEEDBACK, DAY).version == "2"
    assert found.current(Purpose.FEEDBACK, date(2026, 2, 1)).version == "10"
    assert found.current(Purpose.FEEDBACK, date(2025, 12, 31)).version == "1"


def test_a_version_that_was_agreed_to_is_found_again(tmp_path: Path) -> None:
    found = notices(tmp_path, **{"feedback-2": WORDS.replace("본문", "새 본문")})
    assert found.version(Purpose.FEEDBACK, "1").text == "본문 {days}일"
    for unknown in ("3", "x", ""):
        with pytest.raises(NoticeError):
            found.version(Purpose.FEEDBACK, unknown)


def test_who_reads_another_language_is_shown_english(tmp_path: Path) -> None:
    english = Notices().current(Purpose.ABROAD, DAY, "en")
    assert english.text.startswith("<b>2. Consent to transfer abroad")
    assert Notices().current(Purpose.ABROAD, DAY, "uz") == english
    only_korean = notices(tmp_path)
    assert only_korean.current(Purpose.ABROAD, DAY, "uz") == only_korean.current(Purpose.ABROAD, DAY)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("feedback-2", "since = 2026-01-01\n", "fields differ"),
        ("feedback-2", WORDS + 'more = "x"\n', "fields differ"),
        ("feedback-2", WORDS.replace('"제목"', '""'), "title"),
        ("feedback-2", WORDS.replace("2026-01-01", '"2026-01-01"'), "since"),
        ("feedback-2", WORDS.replace("{days}", "{hours}"), "hours"),
        ("feedback-2", WORDS.replace("제목", "{days}"), "in the title"),
        ("feedback-02", WORDS, "not the name"),
        ("marketing-1", WORDS, "not the name"),
    ],
)
def test_a_notice_that_does_not_fit_stops_the_start(
    tmp_path: Path, name: str, content: str, why: str
) -> None:
    with pytest.raises(NoticeError, match=why):
        notices(tmp_path, **{name: content})


def test_every_purpose_needs_a_notice(tmp_path: Path) -> None:
    (tmp_path / "ko").mkdir()
    (tmp_path / "ko" / "feedback-1.toml").write_text(WORDS, encoding="utf-8")
    with pytest.raises(NoticeError, match="no notice"):
        Notices(tmp_path)


def test_every_language_has_every_version(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "feedback-1.toml").write_text(WORDS, encoding="utf-8")
    with pytest.raises(NoticeError, match="other notices"):
        notices(tmp_path)


def test_a_missing_value_is_an_error_and_not_a_hole() -> None:
    notice = Notice(Purpose.FEEDBACK, "1", DAY, "제목", "{days}일")
    with pytest.raises(NoticeError, match="days"):
        notice.filled({})
