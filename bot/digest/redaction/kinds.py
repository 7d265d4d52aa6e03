"""The kinds of personal data, and the mark each leaves behind.

The marks are part of the stored form of a text, not words of the interface: a text that was redacted
once is recognised by them, so that redacting twice changes nothing.
"""

from enum import StrEnum


class Kind(StrEnum):
    """Values name the kind in spans and counts."""

    PHONE = "phone"
    RESIDENT = "resident"  # 주민등록번호, 외국인등록번호 (개인정보 보호법 24조의2)
    BUSINESS = "business"  # 사업자등록번호
    ACCOUNT = "account"
    CARD = "card"
    PLATE = "plate"
    PASSPORT = "passport"
    LICENCE = "licence"
    EMAIL = "email"
    MESSENGER = "messenger"
    NAME = "name"


MARKS: dict[Kind, str] = {
    Kind.PHONE: "[전화번호]",
    Kind.RESIDENT: "[주민등록번호]",
    Kind.BUSINESS: "[사업자번호]",
    Kind.ACCOUNT: "[계좌번호]",
    Kind.CARD: "[카드번호]",
    Kind.PLATE: "[차량번호]",
    Kind.PASSPORT: "[여권번호]",
    Kind.LICENCE: "[면허번호]",
    Kind.EMAIL: "[이메일]",
    Kind.MESSENGER: "[메신저]",
    Kind.NAME: "[이름]",
}
LINK_MARK = "[링크]"
"""What `bot.digest.links` leaves of a link; kept by redaction like its own marks."""
