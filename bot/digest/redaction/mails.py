"""Addresses of mail and names in messengers: with any particle behind, and as they are said (골뱅이, 점, 네이버)."""

import re
from collections.abc import Iterator
from typing import Final

_DOT: Final = r"(?:\.|\s?(?:점|닷|쩜|\(dot\)|\[dot\])\s?)"
_AT: Final = r"\s?(?:@|골뱅이|앳|\(at\)|\[at\]|\{at\}|<at>)\s?"
_DOMAIN: Final = rf"[A-Za-z0-9-]+(?:{_DOT}[A-Za-z0-9-]+)*{_DOT}[A-Za-z]{{2,}}"
_SAID_DOMAIN: Final = r"(?:네이버|지메일|구글|다음|한메일|네이트|카카오|핫메일|아웃룩|야후)(?:\s?(?:\.|점|닷|쩜)\s?(?:컴|넷|씨오|com|net))?"
"""The mail services by name. The name alone tells nobody, the part before it does."""
_MAIL: Final = re.compile(
    rf"(?:(?<![\w.+-])[가-힣]{{2,4}}(?=@)|(?<![A-Za-z0-9.+_-])[A-Za-z0-9][A-Za-z0-9._%+-]*)"
    rf"{_AT}(?:{_DOMAIN}|{_SAID_DOMAIN})",
    re.IGNORECASE,
)
_MESSENGER: Final = re.compile(
    r"(?:카카오톡|카톡|텔레그램|라인|인스타(?:그램)?|위챗)\s?(?:아이디|ID|id|계정)?\s?(?:는|은|:)?\s?(@?[A-Za-z][A-Za-z0-9._-]{3,})"
)


def mails(text: str) -> Iterator[tuple[int, int]]:
    for match in _MAIL.finditer(text):
        yield match.span()


def messengers(text: str) -> Iterator[tuple[int, int]]:
    for match in _MESSENGER.finditer(text):
        yield match.span(1)
