"""Languages that the bot speaks, and which of them somebody reads whose Telegram speaks another."""

import re

KOREAN = "ko"
ENGLISH = "en"
LANGUAGES = (KOREAN, ENGLISH)
"""In the order in which they are offered."""

_CODE = re.compile(r"(?P<language>[A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{1,8})*", re.ASCII)


def spoken(code: str | None) -> str:
    """The language to write to somebody whose client tells this one (IETF tag, as Telegram's `language_code`).

    `ko-KR` is Korean, every other language is English: who reads neither is helped more by English than by Korean.
    No code, or what cannot be one, is Korean: the tour is in Korea.
    """
    match = _CODE.fullmatch(code or "")
    if match is None or match["language"].lower() in (KOREAN, "kor"):
        return KOREAN
    return ENGLISH
