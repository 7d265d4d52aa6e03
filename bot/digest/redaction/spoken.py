"""Numbers that are written as they are said: 공일공 일이삼사에 오육칠팔, 공1공, O1O.

A *reading* is the text with such a number in figures, character for character, so that every place stays where it was.
The recognisers then need to know figures only. People say each figure by its Sino-Korean name, zero as 공 or 영, and the
hyphen as 에, 다시 or 대시.
"""

import re
from collections.abc import Iterator
from typing import Final

_FIGURES: Final = {"공": "0", "영": "0", "령": "0", "빵": "0", "일": "1", "이": "2", "삼": "3", "사": "4", "오": "5", "육": "6", "륙": "6", "칠": "7", "팔": "8", "구": "9"}  # fmt: skip
_FIGURE: Final = rf"[0-9{''.join(_FIGURES)}]"
_BETWEEN: Final = r"[-.,/· \n]{0,3}(?:(?:다시|대시|하이픈|에|점)[-.,/· \n]{0,2})?"
_RUN: Final = re.compile(rf"{_FIGURE}(?:{_BETWEEN}{_FIGURE}){{6,}}")
"""Seven figures or more: the shortest number that is anybody's is a telephone's."""
_LEAST_SAID: Final = 2
_ENDS: Final = re.compile(r"[이일](?=[가-힣])")
"""The last syllable may be 이다 (…팔이에요) or a noun (…팔일 때) and no figure."""
_ROUND: Final = r"[oOㅇ○〇0]"
_DRAWN: Final = re.compile(
    rf"(?<![A-Za-z0-9]){_ROUND}[1lI|]{_ROUND}(?=[^\w\ufffc]{{0,3}}\d{{3,4}}[^\w\ufffc]{{0,3}}\d{{4}}(?!\d))"
)
"""Letters that look like the figures of 010."""
_APART: Final = str.maketrans(dict.fromkeys("다시대하이픈에점", "-"))


def _in_figures(run: str) -> str:
    """The figures of a run in ASCII; words between them become hyphens, of the same length."""
    between = re.sub("다시|대시|하이픈|에|점", lambda word: word.group().translate(_APART), run)
    return "".join(_FIGURES.get(each, each) for each in between)


def _is_said(run: str) -> bool:
    """Mostly spelled, or spelled from a leading zero on: figures beside a few syllables are just a sentence."""
    figures = [each for each in run if each.isdecimal() or each in _FIGURES]
    said = sum(each in _FIGURES for each in figures)
    return said >= _LEAST_SAID and (2 * said >= len(figures) or figures[0] in "0공영령빵")


def readings(text: str) -> Iterator[str]:
    """The text itself, then with said numbers in figures, then so without their last syllable where that may be grammar."""
    yield text
    plain = _DRAWN.sub("010", text)
    whole, short = plain, plain
    for run in _RUN.finditer(plain):
        if _is_said(run.group()):
            start, end = run.span()
            whole = whole[:start] + _in_figures(run.group()) + whole[end:]
            if _ENDS.match(plain, end - 1):
                end -= 1
            short = short[:start] + _in_figures(plain[start:end]) + short[end:]
    if whole != text:
        yield whole
    if short not in (text, whole):
        yield short
