"""Words, compounds and noun phrases out of a text's morphemes."""

from collections.abc import Sequence
from typing import Protocol

_NOUNS = frozenset({"NNG", "NNP", "XR", "SL"})
_SUFFIX = "XSN"
_VERBS = frozenset({"VV", "VA"})
_LONGEST_RUN = 3
_SAYS_NOTHING_TEXT = """
것 수 때 저희 우리 저 나 년 월 일 번 개 명 원 곳 등 중 전 후 안 위 내 분 시 데 말 정도 경우 때문 부분 문제 이야기 얘기 생각 의견 요청 건의 부탁
감사 지원 필요 진짜 정말 솔직 오늘 지금 요즘 올해 작년 내년 이번 다음 사람 회사 기업 업체 정부 지역 현장 사업 하나 관련 최소 최대 이상 이하 가능 불가능
현재 추진 마련 확대 개선 강화 해결 검토 하다 되다 있다 없다 같다 주다 보다 나다 오다 가다 받다 들다 알다 말다 좋다 많다 크다 그렇다 이렇다 어떻다 않다
못하다 모르다 싶다 드리다 바라다 만들다 쓰다 나오다 대하다 위하다 따르다 통하다 시키다 지다 내다 넣다
"""
_SAYS_NOTHING = frozenset(_SAYS_NOTHING_TEXT.split())
"""Words that stand in notes about anything."""


class Token(Protocol):
    """A morpheme as Kiwi gives it; offsets in characters."""

    form: str
    tag: str
    start: int
    len: int


def is_noun(token: Token) -> bool:
    return token.tag in _NOUNS


def content_words(tokens: Sequence[Token]) -> tuple[str, ...]:
    """Nouns and stems of verbs (with 다) that say something, in their order."""
    words = []
    for token in tokens:
        word = token.form.upper() if is_noun(token) else f"{token.form}다"
        kept = (is_noun(token) and (len(word) > 1 or token.tag == "NNG")) or token.tag.split("-")[0] in _VERBS
        if kept and word not in _SAYS_NOTHING:
            words.append(word)
    return tuple(words)


def noun_forms(tokens: Sequence[Token]) -> frozenset[str]:
    """Nouns, and neighbouring nouns joined as keywords are written (통근 + 버스 → 통근버스), with space between or not."""
    forms: set[str] = set()
    for run in _runs(tokens):
        names = [token.form.upper() for token in run]
        for first in range(len(names)):
            for last in range(first + 1, min(first + _LONGEST_RUN, len(names)) + 1):
                forms.add("".join(names[first:last]))
    return frozenset(forms)


def noun_phrases(tokens: Sequence[Token]) -> list[tuple[str, int, int]]:
    """Runs of up to three nouns with their place; none begins or ends within a word or with a word that says nothing."""
    found = []
    for run in _runs(tokens):
        for first in range(len(run)):
            for last in range(first, min(first + _LONGEST_RUN, len(run))):
                phrase = _phrase(run, first, last)
                if phrase is not None:
                    found.append(phrase)
    return found


def _phrase(run: Sequence[Token], first: int, last: int) -> tuple[str, int, int] | None:
    begins_within = first > 0 and _glued(run[first - 1], run[first])
    ends_within = last + 1 < len(run) and _glued(run[last], run[last + 1])
    if begins_within or ends_within or {run[first].form, run[last].form} & _SAYS_NOTHING:
        return None
    text = run[first].form
    for before, token in zip(run[first:last], run[first + 1 : last + 1], strict=True):
        text += token.form if _glued(before, token) else f" {token.form}"
    return (text, run[first].start, run[last].start + run[last].len) if len(text) > 1 else None


def _glued(one: Token, other: Token) -> bool:
    return one.start + one.len == other.start


def _runs(tokens: Sequence[Token]) -> list[list[Token]]:
    """Nouns that follow each other with at most a space between them; a suffix belongs to the noun before it."""
    runs: list[list[Token]] = []
    before: Token | None = None
    for token in tokens:
        suffix = token.tag == _SUFFIX and before is not None and _glued(before, token)
        if not is_noun(token) and not suffix:
            before = None
            continue
        near = before is not None and token.start - before.start - before.len <= 1
        if near:
            runs[-1].append(token)
        else:
            runs.append([token])
        before = token
    return runs
