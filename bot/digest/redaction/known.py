"""Names that are known: of people on file, and the one that a voice left with its notes.

Nobody may blank words in what somebody else said. So a name on file counts only when it is shaped like one, is no
word of the schedule or of everyday notes, and stands by itself; the name that a voice left is taken out of that
voice's own notes only, and there wherever it stands.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from functools import lru_cache

from bot.digest.redaction.names import AFTER_TITLE, DOUBLE, SURNAMES, Span
from bot.digest.redaction.no_names import NO_NAMES, TITLES
from bot.digest.redaction.words import WORDS

_FIRST = rf"(?:{DOUBLE}|[{SURNAMES}류라봉복팽])"
_KOREAN = re.compile(rf"{_FIRST}[가-힣]{{1,3}}")
_KOREAN_APART = re.compile(rf"({_FIRST}) ([가-힣]{{1,3}})")
_GIVEN_FIRST = re.compile(rf"([가-힣]{{1,3}}) ({_FIRST})")
"""Telegram puts the given name first: "가상 홍"."""
_LATIN = re.compile(r"[^\W\d_가-힣][\w.'’-]*(?: [^\W\d_가-힣][\w.'’-]*)+")
_LEAST_LATIN = 5
"""Letters of a Latin name in two words; shorter ones are abbreviations too often."""
_PART = re.compile(rf"{_FIRST}[가-힣]{{2}}")
_OFFICE = "과실청부처팀회단"
"""Last syllables of offices that stand beside a name (전략실 홍가상)."""
_ONLY_SURNAMES = "김박최윤황권홍송류곽엄채함염변성임유심허맹탁편표민"
"""Surnames that are hardly ever words: with a space after any other one (이 문제, 나 현장) a title must follow the name."""
_SHORT = 2
_TITLED = rf"(?=\s?(?:{TITLES}){AFTER_TITLE})"
_STANDS = rf"(?=\s?(?:{TITLES})?{AFTER_TITLE})"
_MORE_AFTER = r"(?:매니저|프로|책임|선임|수석|행정관|보좌관|비서관|랑|로|으로|까지|부터|처럼|보다|라고|라는|네|였|예요|들|마저|조차|밖에|및|등)"
_STANDS_LONG = rf"(?=\s?(?:{TITLES})?{AFTER_TITLE}|\s?{_MORE_AFTER})"
_ALONE_BEFORE, _LATIN_ENDS = (
    r"(?:(?<![^\W\d_])|(?<=담당자)|(?<=담당관)|(?<=팀장)|(?<=과장))",
    r"(?![^\W\d_가-힣])",
)
"""A name may be glued to what is said of the person, not to any word."""
_TITLE = re.compile(rf"(?:{TITLES})")


def _one_spaced(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).split())


def _shaped(name: str) -> Iterator[str]:
    """What of a display name is a personal name: all of it, or the part beside a title or an office."""
    if _KOREAN.fullmatch(name):
        yield name
    elif apart := _KOREAN_APART.fullmatch(name):
        yield apart[1] + apart[2]
    elif turned := _GIVEN_FIRST.fullmatch(name):
        yield turned[2] + turned[1]
    elif _LATIN.fullmatch(name):
        if sum(map(str.isalpha, name)) >= _LEAST_LATIN:
            yield name
    else:
        for part in re.split(r"[\W_]+", name):
            if _PART.fullmatch(part) and part[-1] not in _OFFICE:
                yield part


def names_on_file(names: Collection[str], titles: Collection[str]) -> frozenset[str]:
    """Those of the display names that may be redacted in anybody's notes, without spaces where they are Korean.

    `titles`: of the day's topics and meetings, and its region. What occurs in one is no name here.
    """
    taken = [_one_spaced(title).casefold() for title in titles]
    return frozenset(
        found
        for name in names
        for found in _shaped(_one_spaced(name))
        if not WORDS.fullmatch(found)
        and not NO_NAMES.fullmatch(found)
        and not _TITLE.fullmatch(found)
        and not any(found.casefold() in title for title in taken)
    )


def parts_of(own_name: str, titles: Collection[str] = ()) -> frozenset[str]:
    """A name that a voice left, whole and in parts: "김가상 전북테크노파크" is two. Titles of office are no part.

    Neither are single words of `titles`: who comes from 전북 is not told by that word.
    """
    whole = _one_spaced(own_name)
    parts = [part for part in re.split(r"[\W_]+", whole) if len(part) >= _SHORT]
    common = {word for title in titles for word in re.split(r"[\W_]+", title)}
    told = {part for part in parts if not _TITLE.fullmatch(part) and part not in common}
    return frozenset({whole, *told}) if len(whole) >= _SHORT else frozenset()


@lru_cache(maxsize=32)
def _on_file(names: frozenset[str]) -> re.Pattern[str] | None:
    parts: list[str] = []
    for name in sorted(names, key=lambda name: (-len(name), name)):
        if not re.fullmatch("[가-힣]+", name):
            parts.append(re.escape(name).replace(r"\ ", r"\s") + _LATIN_ENDS)
            continue
        after = _STANDS if len(name) == _SHORT else _STANDS_LONG
        parts.append(name + after)
        first = 2 if re.match(DOUBLE, name) and len(name) > _SHORT + 1 else 1
        apart = rf"{name[:first]}\s{name[first:]}"
        if len(name) > _SHORT:
            parts.append(r"\s".join(name) + after)
        parts.append(apart + (after if first > 1 or name[0] in _ONLY_SURNAMES else _TITLED))
    return re.compile(rf"{_ALONE_BEFORE}(?:{'|'.join(parts)})", re.IGNORECASE) if parts else None


@lru_cache(maxsize=512)
def _own(names: frozenset[str]) -> re.Pattern[str] | None:
    """Hangul also with a space after the surname. Two syllables must stand alone or before a particle or title."""
    parts: list[str] = []
    for name in sorted(names, key=lambda name: (-len(name), name)):
        if len(name) < _SHORT:
            continue
        if re.fullmatch("[가-힣 ]+", name):
            name = name.replace(" ", "")
            spaced = name[0] + r"\s?" + name[1:]
            if len(name) == _SHORT:
                spaced = rf"(?<![가-힣]){spaced}{_STANDS}"
            parts.append(spaced)
        else:
            parts.append(rf"(?<![^\W\d_가-힣]){re.escape(name)}{_LATIN_ENDS}")
    return re.compile("|".join(parts), re.IGNORECASE) if parts else None


def known_names(text: str, on_file: frozenset[str], own: frozenset[str]) -> Iterator[Span]:
    """Where names of people on file (as `names_on_file` gives them) and own ones (as `parts_of` does) stand."""
    for pattern in (_on_file(on_file), _own(own)):
        if pattern is not None:
            for match in pattern.finditer(text):
                yield match.span()
