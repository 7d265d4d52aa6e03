"""How Korean is written for people: particles that fit, dates as the ministry writes them, spans of time.

The twin of prompts.english.
"""

import re
import unicodedata
from datetime import date, datetime, timedelta

_WEEKDAYS = "월화수목금토일"
_HANGUL_FIRST, _HANGUL_LAST = 0xAC00, 0xD7A3
_NO_FINAL, _FINAL_RIEUL = 0, 8
_DIGIT_FINALS = {"0": 21, "1": 8, "2": 0, "3": 16, "4": 0, "5": 0, "6": 1, "7": 8, "8": 8, "9": 0}
_SIGN_FINALS = {"%": 0, "％": 0, "℃": 0}  # 퍼센트, 도
_REMARK = re.compile(r"(?<=.)\s*\([^()]*\)\s*$")
_LATIN_FINALS = {"l": 8, "r": 8, "m": 16, "n": 4}  # 엘, 알(r), 엠, 엔 read aloud; other letters end open

PARTICLES: dict[str, tuple[str, str]] = {
    "은는": ("은", "는"),
    "이가": ("이", "가"),
    "을를": ("을", "를"),
    "과와": ("과", "와"),
    "으로": ("으로", "로"),
    "이라": ("이라", "라"),
    "이에요": ("이에요", "예요"),
}
"""Pairs by the name used in a template: with a final consonant before them, without."""


def _final_of(word: str) -> int:
    """The jongseong index of the last sounded letter (0: none); quotes are passed over.

    A remark in brackets does not count: `해(1443년)와` (국립국어원, 한글 맞춤법 해설, 문장 부호 10).
    """
    for letter in reversed(_REMARK.sub("", unicodedata.normalize("NFC", word))):
        code = ord(letter)
        if _HANGUL_FIRST <= code <= _HANGUL_LAST:
            return (code - _HANGUL_FIRST) % 28
        if letter in _DIGIT_FINALS:
            return _DIGIT_FINALS[letter]
        if letter in _SIGN_FINALS:
            return _SIGN_FINALS[letter]
        if letter.isalpha():
            return _LATIN_FINALS.get(letter.lower(), _NO_FINAL)
    return _NO_FINAL


def with_particle(word: str, pair: str) -> str:
    """`word` and the particle of `pair` (a key of PARTICLES) that its last sound asks for.

    ㄹ takes 로, not 으로. Raises KeyError for a pair we do not know.
    """
    closed, open_ = PARTICLES[pair]
    final = _final_of(word)
    if final == _NO_FINAL or (pair == "으로" and final == _FINAL_RIEUL):
        return word + open_
    return word + closed


def written_date(day: date) -> str:
    """`1.22.(목)`: the form of the ministry's internal reports."""
    return f"{day.month}.{day.day}.({_WEEKDAYS[day.weekday()]})"


def written_time(moment: datetime) -> str:
    """`09:40`, 24 hours (행정업무의 운영 및 혁신에 관한 규정 7조)."""
    return f"{moment:%H:%M}"


def written_when(moment: datetime) -> str:
    """`1.22.(목) 09:40`."""
    return f"{written_date(moment.date())} {written_time(moment)}"


def written_span(span: timedelta) -> str:
    """`1시간 20분`, `50분`; whole minutes, rounded up: what is sent seconds late still says `10분`. None left: `곧`."""
    minutes = -(-int(span.total_seconds()) // 60)
    if minutes <= 0:
        return "곧"
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    parts = [f"{days}일" if days else "", f"{hours}시간" if hours else "", f"{minutes}분" if minutes else ""]
    return " ".join(part for part in parts if part)
