"""What can be quoted of a note: a sentence, or two where one alone would not be understood."""

import re
from dataclasses import dataclass

from bot.digest.asking import asks
from bot.digest.prepare import Prepared
from bot.digest.redaction.kinds import LINK_MARK
from bot.digest.sentences import Sentence, sentences
from bot.digest.suspect import is_suspect, stands_beside
from bot.domain.feedback import Speaker
from bot.domain.ids import VoiceId

SHORTEST_GOOD, LONGEST_GOOD = 15, 80
"""Sentences of this many characters read best (short enough for two lines, long enough to say something)."""
_SAYS_ENOUGH = 25
_SHORTEST_REMAINDER = 10
"""What is left of a note beside an order to the summariser is not worth quoting when it is shorter ("Thanks!")."""
_LONGEST_PAIR = 110
_LONGEST_READABLE = 140
_LEANS_ON_THE_ONE_BEFORE = re.compile(
    r"(?:그리고|그래서|그런데|근데|그러면|그러니|그러나|하지만|다만|또|이거|그거|이건|그건|이게|그게|그 |이런|그런|지금은|이러다|거기|여기서|하나로|특례|결과도|실제)"
)
_PLEASANTRY = re.compile(
    r"감사합니다|고맙습니다|안녕하세요|수고|잘 먹었|만나서 반가|좋은 하루|연락주|연락 주|회신|문의드립|회의록|[가-힣]{2,} (?:하는|운영하는) 사람"
)
_CHAT_MARKS = re.compile(r"[ㅋㅎㅠㅜ]{2,}|\^\^|;;|!!|\?\?|ㅡㅡ|\.\.")
_BREAKS_OFF = re.compile(
    r"(?:는데|은데|인데|지만|라서|니까|면서|하고|다고|려고|[가-힣]고요|[가-힣]이라도요)[\s.~ㅋㅎㅠㅜ]*$|궁금합니다"
)
_MARKED_OUT = re.compile(r"\[[가-힣]+(?:번호)?\]")


@dataclass(frozen=True, slots=True)
class Unit:
    """A quotable piece of a note: `text` stands in the note letter for letter. `shape` (0 to 1) says how well it
    reads alone, whatever it speaks of."""

    note: Prepared
    text: str
    asks: bool
    shape: float

    @property
    def voice(self) -> VoiceId:
        return self.note.note.voice

    @property
    def speaker(self) -> Speaker:
        return self.note.note.speaker


def _compact(text: str) -> int:
    return sum(not character.isspace() for character in text)


def _shape(text: str, *, leans: bool) -> float:
    length = len(text)
    if length < SHORTEST_GOOD:
        shape = 0.5
    elif length < _SAYS_ENOUGH:
        shape = 0.8
    elif length <= LONGEST_GOOD:
        shape = 1.0
    else:
        shape = 0.85 if length <= _LONGEST_READABLE else 0.45
    if leans:
        shape *= 0.6
    if _PLEASANTRY.search(text):
        shape *= 0.4
    if _BREAKS_OFF.search(text):
        shape *= 0.6
    if _CHAT_MARKS.search(text):
        shape *= 0.8
    if _MARKED_OUT.search(text):
        shape *= 0.5
    return shape


def _start_of(found: tuple[Sentence, ...], at: int, source: str) -> int:
    """Which sentence the unit of sentence `at` begins with: itself, or the one before that it needs."""
    sentence = found[at]
    if at == 0:
        return at
    before = found[at - 1]
    short = _compact(sentence.text) < SHORTEST_GOOD + 3
    needs = short or asks(sentence.text) or bool(_LEANS_ON_THE_ONE_BEFORE.match(sentence.text))
    fits = sentence.end - before.start <= _LONGEST_PAIR and "\n" not in source[before.start : sentence.end]
    return at - 1 if needs and fits and not _PLEASANTRY.search(before.text) else at


def _quotable(note: Prepared, text: str) -> bool:
    return LINK_MARK not in text and not is_suspect(text) and (not note.suspect or stands_beside(text))


def units(note: Prepared) -> tuple[Unit, ...]:
    """The pieces of a note that may be quoted, none of them an order to a summariser or with a link."""
    found = sentences(note.words)
    pieces: list[Unit] = []
    for at, sentence in enumerate(found):
        first = _start_of(found, at, note.words)
        text = note.words[found[first].start : sentence.end]
        if not _quotable(note, text):
            first, text = at, sentence.text
        if not _quotable(note, text):
            continue
        leans = bool(_LEANS_ON_THE_ONE_BEFORE.match(text)) or (
            first == at and _compact(text) < SHORTEST_GOOD and at > 0
        )
        wanting = any(asks(one.text) for one in found[first : at + 1])
        pieces.append(Unit(note, text, wanting, _shape(text, leans=leans)))
    return tuple(pieces)


def clean_spans(note: Prepared) -> tuple[str, ...]:
    """The words of a note as few pieces, letter for letter, without what speaks to a summariser.

    Usually the one whole note; nothing at all when it holds nothing else.
    """
    if not note.suspect:
        return (note.words,)
    found = sentences(note.words)
    spans: list[str] = []
    start: int | None = None
    for at, sentence in enumerate(found):
        clean = stands_beside(sentence.text)
        if clean and start is None:
            start = sentence.start
        if start is not None and (not clean or at == len(found) - 1):
            end = sentence.end if clean else found[at - 1].end
            spans.append(note.words[start:end])
            start = None
    return tuple(span for span in spans if len(span) >= _SHORTEST_REMAINDER and not is_suspect(span))
