"""Notes in any language: quoted letter for letter, redacted where that is sure, and never in the way."""

import unicodedata
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digest.as_chat import compose, sections
from bot.digest.pipeline import make_digest
from bot.digest.redact import redact
from bot.domain.digest import SetAsideReason
from prompts.messages import Messages
from tests.support.days import day_of, note
from tests.support.telegram_rules import check_request

WRITTEN = (
    "Xe buýt đưa đón công nhân quá ít, mong tăng thêm chuyến buổi tối.",
    "Ишчилар учун автобус кам, кечқурун қўшимча рейс керак.",
    "Avtobuslar juda kam, kechqurun yana bitta reys kerak.",
    "حافلات نقل العمال قليلة جدا، نرجو زيادة الرحلات المسائية.",
    "通勤巴士太少了，希望晚上增加班次。",
    "बसहरू धेरै कम छन्, राति पनि चाहिन्छ।",
    "รถรับส่งพนักงานน้อยเกินไป ขอเพิ่มรอบดึก",
    "The last bus leaves before the late shift ends.",
    "버스가 부족합니다 🚌 Thêm chuyến đêm nhé 🙏🏽",
)
_MESSAGES = Messages(ZoneInfo("Asia/Seoul"))


@pytest.mark.parametrize("written", WRITTEN)
def test_redaction_leaves_words_of_any_language_alone(written: str) -> None:
    assert redact(written).text == unicodedata.normalize("NFC", written)


@pytest.mark.parametrize(
    ("written", "redacted"),
    [
        ("Gọi cho tôi 010-0123-4567 nhé", "Gọi cho tôi [전화번호] nhé"),
        ("اتصل بي 010-0123-4567", "اتصل بي [전화번호]"),
        ("Пишите: guest@example.com", "Пишите: [이메일]"),
        ("call 010 0123 4567 please", "call [전화번호] please"),
    ],
)
def test_what_tells_a_person_goes_whatever_stands_around_it(written: str, redacted: str) -> None:
    assert redact(written).text == redacted


@given(
    st.text(
        st.one_of(
            *(
                st.characters(min_codepoint=first, max_codepoint=last)
                for first, last in (
                    (0x0020, 0x024F),
                    (0x0300, 0x036F),
                    (0x0400, 0x04FF),
                    (0x0600, 0x06FF),
                    (0x0900, 0x097F),
                    (0x0E00, 0x0E7F),
                    (0x1E00, 0x1EFF),
                    (0x200B, 0x200F),
                    (0x4E00, 0x4EFF),
                    (0x1F300, 0x1F6FF),
                )
            )
        ),
        max_size=60,
    )
)
def test_no_script_breaks_redaction_and_twice_is_once(written: str) -> None:
    once = redact(written).text
    assert redact(once).text == once


def test_a_digest_quotes_every_language_letter_for_letter_and_none_is_called_meaningless() -> None:
    digest = make_digest(
        day_of(*(note(f"전북-{n}", text, topic=None, voice=f"v{n}") for n, text in enumerate(WRITTEN, 1)))
    )
    quotes = {quote.note: quote.text for one in digest.unplaced for quote in one.quotes}
    assert quotes == {f"전북-{n}": unicodedata.normalize("NFC", text) for n, text in enumerate(WRITTEN, 1)}
    assert SetAsideReason.MEANINGLESS not in {aside.reason for aside in digest.ledger.set_aside}


@pytest.mark.parametrize("language", ["ko", "en"])
def test_telegram_takes_a_digest_of_every_language(language: str) -> None:
    digest = make_digest(
        day_of(*(note(f"전북-{n}", text, voice=f"v{n}") for n, text in enumerate(WRITTEN, 1)))
    )
    now = datetime(2026, 1, 22, 12, tzinfo=UTC)
    for section in sections(digest):
        for part in compose(digest, section.key, _MESSAGES, now, language):
            check_request("sendMessage", {"chat_id": 1, "text": part, "parse_mode": "HTML"})
