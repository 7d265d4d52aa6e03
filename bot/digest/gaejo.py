"""A Korean sentence in the report form's endings (개조식: -함, -음, -필요, -요청), only where that is safe.

Nothing but the ending is touched: everything before it stays letter for letter, so that no negation, number or name
can be lost. The endings are a closed list; what is not on it (questions, wishes left open, hearsay, dialect, verbs whose
stem is not plain from the letters) is not converted, and whoever asks gets None and quotes the sentence as it stands.

Rules of the form: 행정업무의 운영 및 혁신에 관한 규정 제7조, and the ministries' practice (docs/digest.md).
"""

import re
import unicodedata
from collections.abc import Callable

from bot.digest.gaejo_verbs import (
    CONTRACTED,
    IRREGULAR,
    PLAIN,
    PRESENT,
    REGULAR,
    with_final,
)
from bot.digest.sentences import sentences

_TRAILING = re.compile(r"[\s.!~…^;:)ㅋㅎㅠㅜ]+$")
_INSIDE = re.compile(r"[?？\n“”\"]|[ㅋㅎㅠㅜ]{2}|\^\^|;;|니다\s(?!만)|(?<![필주중수소개])요\s|ㅡㅡ|\.\.|…")
"""A question, a chat mark or a second sentence within: no single ending is the sentence's."""
_ENDED = re.compile(r"([가-힣])음\s")
_NO_WISH = re.compile(r"(?:^|\s)(?:같이|함께|그만|제발|조심|어서|빨리|우리)\s?\S*$")
"""The polite ending tells or bids ("같이 해요"): behind these it bids."""
_HONORED = re.compile(
    r"[가-힣](?:님|분|자|원|들)(?:이|가|께서|께서는|은|는)\s|(?:사장|소장|과장|부장|팀장|시장|군수|도지사)(?:이|가|은|는)\s"
)
"""Somebody spoken of: "담당자가 … 주세요" tells what they do, or fail to do, and asks nothing."""
_REFUSED_FAVOUR = re.compile(
    r"(?:^|\s)(?:안(?=\s|$)|안(?=해|줘|알|고쳐|들|가|와|되)|못|(?:잘|왜|절대|도통|통|전혀|아무도|맨날|만날|매번|늘|항상|자꾸|툭하면)\s)\s?(?:\S+\s){0,2}\S*$"
    r"|(?:라고|다고|자고|냐고)만?\s?(?:말씀만?\s?)?해\s?$|(?:라고|다고|말|소리)만\s\S+\s?$|만\s?시켜\s?$"
)

Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], str | None]]


def _favour(match: re.Match[str], tail: str) -> str | None:
    """A favour asked for (… 주세요), unless it may be a complaint in polite words ("답을 안 해 주세요")."""
    head = match["head"]
    if _HONORED.search(head) or _REFUSED_FAVOUR.search(head):
        return None
    return match.string[: match.start("give")] + tail


def _asked(match: re.Match[str]) -> str | None:
    return _favour(match, "줄 것을 요청")


def _hoped(match: re.Match[str]) -> str | None:
    return _favour(match, "주기를 희망")


def _wished(match: re.Match[str]) -> str | None:
    return _favour(match, "주기 바람")


def _proposed(match: re.Match[str]) -> str | None:
    return _favour(match, f"줄 것을 {match['act']}")


def _ending(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"{pattern}$")


_FAVOUR = r"(?P<head>.*[가-힣])\s?(?P<give>주"
_HOPE = r"좋겠(?:습니다|어요|네요|음|다)"
_REQUESTS: tuple[Rule, ...] = (
    (_ending(_FAVOUR + r"(?:세요|십시오|십시요|십쇼))"), _asked),
    (_ending(_FAVOUR + r"(?:시기|시길)\s?(?:바랍니다|바라요|바랍니다만|바람))"), _wished),
    (
        _ending(_FAVOUR + r"(?:시기를|시길)\s?(?P<act>건의|요청|부탁)\s?(?:드립니다|드려요|합니다|드림|함))"),
        _proposed,
    ),
    (_ending(_FAVOUR + rf"(?:시면|면|셨으면|었으면)\s?(?:{_HOPE}|합니다|해요|함))"), _hoped),
    (_ending(_FAVOUR + r"(?:셨으면))"), _hoped),
)
_PLAIN_REQUESTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (_ending(r"(?<=지 )(?:마세요|마십시오|말아\s?주세요|말아\s?주십시오)"), "말 것을 요청"),
    (_ending(r"(?<=지)(?:마세요|마십시오)"), " 말 것을 요청"),
    (
        _ending(r"(?<=[가-힣\s])(건의|요청|부탁|제안)(?:를|을)?\s?(?:드립니다|드려요|합니다|해요|드림|함)"),
        r"\1",
    ),
    (_ending(r"(?<=[가-힣])(\s?)필요\s?(?:합니다|해요|함|하다)"), r"\1필요"),
    (_ending(rf"했으면\s?(?:{_HOPE}|합니다|해요|함)"), "하기를 희망"),
    (_ending(rf"됐으면\s?(?:{_HOPE}|합니다|해요|함)"), "되기를 희망"),
    (_ending(rf"(있|없)(?:었)?으면\s?(?:{_HOPE}|합니다|해요|함)"), r"\1기를 희망"),
    (_ending(r"(?<=기 )(?:바랍니다|바라요)"), "바람"),
)
_NOMINAL = re.compile(
    r"(?:[음함됨임움짐림김침름킴힘뜸씀큼봄옴남쌈님줌]|[가-힣]\s?(?:필요|요청|건의|부탁|불가|예정|부족|지연|미흡|미달|시급|희망|때문)|\s중)$"
)
_QUESTION = re.compile(r"(?:언제|어디|왜|뭐|누가|누구|어떻게|얼마나?|어느|몇)")
_EMBEDDED = re.compile(r"(?:[는은인]|[가-힣])지[가-힣]*\s")
_CANNOT = re.compile(r"(?:(?:^|\s)못\s?\S*\s?\S*|모르)겠$")
_ASKS_WHAT = re.compile(r"(?:뭐|무엇|어디|누구|언제|얼마|왜|몇\s?\S*|어떻게|어느)\s?$")
_COPULA = re.compile(r"(?P<noun>.*?[가-힣A-Za-z0-9)%])(?P<ending>이에요|이예요|예요|에요|입니다|이다)$")
_THING = re.compile(r"(?:[는은던을할될갈올]|[가-힣]\s)거$")
_NOT_IT = re.compile(r"(?P<noun>.*)아니(?:에요|예요|어요|다)$")


def report_form(sentence: str) -> str | None:
    """The sentence with a report's ending, or None where its ending is not surely convertible.

    A sentence that already ends as reports do comes back without its full stop.
    """
    said = unicodedata.normalize("NFC", sentence).strip()
    bare = _TRAILING.sub("", said)
    if not bare or "?" in said[len(bare) :] or _INSIDE.search(bare) or len(sentences(bare)) != 1:
        return None
    if any(with_final(stem, "ㅆ") == stem or stem == "없" for stem in _ENDED.findall(bare)):
        return None
    for pattern, to in _REQUESTS:
        if match := pattern.fullmatch(bare):
            return to(match)
    for plain, put in _PLAIN_REQUESTS:
        if plain.search(bare):
            return plain.sub(put, bare)
    return bare if _NOMINAL.search(bare) else _stated(bare)


def _stated(bare: str) -> str | None:
    if match := _NOT_IT.fullmatch(bare):
        return f"{match['noun']}아님"
    for ending in ("습니다", "네요", "는다"):
        if bare.endswith(ending):
            return _regular(bare.removesuffix(ending), past_only=ending == "네요")
    if match := _COPULA.fullmatch(bare):
        return _called(match["noun"], short=match["ending"] in ("예요", "에요"))
    if bare.endswith("니다"):
        return _swapped(bare.removesuffix("니다"), PRESENT)
    if bare.endswith("요"):
        return _polite(bare.removesuffix("요"))
    return _plain(bare.removesuffix("다")) if bare.endswith("다") else None


def _called(noun: str, *, short: bool) -> str | None:
    """What something is (…입니다). 거예요 is 것이에요. Behind a final consonant the `short` ending is no copula ("없에요")."""
    if _ASKS_WHAT.search(noun) or (short and with_final(noun[-1], "") != noun[-1]):
        return None
    if _THING.search(noun):
        return f"{noun[:-1].rstrip()} 것임"
    return f"{noun}임"


def _regular(stem: str, *, past_only: bool = False) -> str | None:
    """-음 behind a stem that ends in a consonant: the past always, others by the list."""
    if not stem:
        return None
    for irregular, noun in IRREGULAR.items():
        if stem.endswith(irregular):
            return stem.removesuffix(irregular) + noun if noun and not past_only else None
    last = stem[-1]
    if last == "겠":
        return f"{stem}음" if _CANNOT.search(stem) else None
    return f"{stem}음" if with_final(last, "ㅆ") == last or last in REGULAR else None


def _swapped(stem: str, table: dict[str, str]) -> str | None:
    """The last syllables by a table, the longest first."""
    for length in (3, 2, 1):
        if (put := table.get(stem[-length:])) is not None and len(stem) >= length:
            return stem[:-length] + put if put else None
    return None


def _polite(stem: str) -> str | None:
    if _NO_WISH.search(stem) or (_QUESTION.search(stem) and not _EMBEDDED.search(stem)):
        return None
    if stem.endswith(("어", "아")) and len(stem) > 1 and (found := _regular(stem[:-1])) is not None:
        return found
    return _swapped(stem, CONTRACTED)


def _plain(stem: str) -> str | None:
    return _swapped(stem, PLAIN) or _regular(stem)
