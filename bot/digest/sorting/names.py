"""Which names a model may give to a theme: made of what people say, of no one person's words, and of nothing else."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from bot.digest.links import has_link
from bot.digest.model_claims import new_claims, new_names, squeezed
from bot.digest.model_novelty import new_numbers
from bot.digest.model_words import turns
from bot.digest.prepare import Prepared
from bot.digest.redact import redact
from bot.digest.suspect import is_suspect
from bot.domain.digest import Topic

LONGEST_NAME = 40
_SHORTEST_NAME = 2
_LEAST_KOREAN = 0.6
"""The share of a name's letters that are Hangul (제조AX·M.AX has less than most)."""
_PLAIN = re.compile(r"[0-9A-Za-z가-힣 ·,/()&%.+-]+")
"""Nothing else stands in a name: no markup, no line, no sign that nobody sees."""
_PARTS = re.compile(r"[·/,\s&()]+")
_SHORTEST_PIECE = 2
_VOICES = 2
"""So many voices of a theme must say each piece of its name, or the tour's topic file has it."""
_JOINS = frozenset("의과와및등")
_NEUTRAL = ("여건", "문제", "환경", "제도", "관련", "사항", "분야", "어려움", "애로", "불편")
"""They say nothing of who, where, how much or which way; a name of these alone says nothing at all."""
_NO_NAMES = frozenset((*_NEUTRAL, "기타", "미분류", "없음", "일반", "의견", "주제", "건의", "요청", "민원"))


def tidy(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).split())


def same_name(name: str) -> str:
    """What two names share that are one."""
    return "".join(_PARTS.split(squeezed(name)))


def well_formed(name: str, on_file: frozenset[str]) -> bool:
    """Whether a name (tidy) can be one at all, whatever its notes say."""
    letters = [character for character in name if character.isalpha()]
    says = [part for part in _PARTS.split(name) if part and part not in _NO_NAMES]
    korean = sum("가" <= one <= "힣" for one in letters)
    return (
        _SHORTEST_NAME <= len(name) <= LONGEST_NAME
        and _PLAIN.fullmatch(name) is not None
        and korean >= max(_SHORTEST_NAME, _LEAST_KOREAN * len(letters))
        and bool(says)
        and not has_link(name)
        and not is_suspect(name)
        and redact(name, on_file).text == name
    )


def vocabulary(topics: Iterable[Topic]) -> tuple[str, ...]:
    """The words of the tour's topic file, which its operator wrote."""
    words = {*_NEUTRAL}
    for topic in topics:
        for text in (
            topic.title,
            *(m.title for m in topic.matters),
            *(w for m in topic.matters for w in m.keywords),
        ):
            words |= {squeezed(part) for part in _PARTS.split(text)}
    return tuple(sorted(word for word in words if len(word) >= _SHORTEST_PIECE))


def grounded(name: str, notes: Sequence[Prepared], known: Sequence[str]) -> bool:
    """Whether a name says no more than its notes do: each word is put together of pieces that two voices say, or that
    are known; what turns a matter one way (늘림, 부족) is said by two voices; numbers, names and claims stand in a note."""
    by_voice: dict[str, str] = {}
    for note in notes:
        by_voice[note.note.voice] = by_voice.get(note.note.voice, "") + "\n" + squeezed(note.words)
    words = [note.words for note in notes]
    file = " ".join(known)
    if new_numbers(name, words) or new_names(name, words, file) or new_claims(name, words, file):
        return False
    parts = [squeezed(part) for part in _PARTS.split(name) if part]
    return all(_made_of(part, by_voice, () if turns(part) else known) for part in parts)


def _made_of(word: str, by_voice: Mapping[str, str], known: Sequence[str]) -> bool:
    """Whether a word falls into pieces that are said or known, with a joining syllable (의, 과) between or behind them."""
    reached = {0}
    for end in range(1, len(word) + 1):
        whole = any(
            _said(word[start:end], by_voice, known) for start in reached if end - start >= _SHORTEST_PIECE
        )
        joined = end - 1 in reached and end > 1 and word[end - 1] in _JOINS
        if whole or joined:
            reached.add(end)
    return len(word) in reached or word in _JOINS


def _said(piece: str, by_voice: Mapping[str, str], known: Sequence[str]) -> bool:
    return any(piece in one for one in known) or sum(piece in said for said in by_voice.values()) >= _VOICES
