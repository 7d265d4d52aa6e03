"""What a model wrote down of a voice, as far as it is to be believed.

Models that learned from subtitles write subtitles' farewells where nobody speaks, and fall into loops. Both are taken
out; a transcript of nothing else is none. Sources: the reports collected in "Investigation of Whisper ASR
Hallucinations Induced by Non-Speech Audio" (2025, arXiv 2501.11378) and openai/whisper's own thresholds.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

NO_SPEECH, DOUBTED = 0.6, -1.0
"""Whisper's no_speech_threshold and logprob_threshold: a piece beyond both is silence."""
LOOPED = 2.4
"""Its compression_ratio_threshold: what compresses better repeats itself."""
_LONGEST = 20_000

_SENTENCE = re.compile(r"[^.!?。\n]*[.!?。\n]+|[^.!?。\n]+")
_NO_LETTERS = re.compile(r"[\W_]+")
_FAREWELLS = re.compile(
    r"(?:(?:오늘도|끝까지|지금까지|영상)*시청해?주셔서(?:대단히|정말)?감사합니다"
    r"|(?:구독과?좋아요|좋아요와?구독)(?:과?알림설정)?(?:은|을)?(?:까지)?(?:꼭)?(?:부탁드립니다|부탁드려요|눌러주세요|해주세요)?"
    r"|다음(?:영상|시간|주)에(?:서)?(?:또)?(?:만나요|뵙겠습니다|뵈요|봬요|찾아뵙겠습니다)"
    r"|(?:mbc|kbs|sbs|ytn|jtbc)뉴스\w{0,12}"
    r"|(?:한글)?자막(?:제공|제작|by)\w{0,20}"
    r"|(?:이영상은)?유료광고를?포함하고?있습니다"
    r"|thanks?(?:you)?(?:somuch)?forwatching|pleasesubscribe\w{0,30}|subtitlesby\w{0,40}"
    r"|ご視聴ありがとうございました|字幕by\w{0,20}|請不吝點贊\w{0,20})+"
)
_LOOP = re.compile(r"(?P<said>\S(?:.{0,58}\S)?)(?:[\s.,!?…]*(?P=said)){3,}")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a transcript with what the model thinks of it; None where it does not tell."""

    text: str
    no_speech: float | None = None
    confidence: float | None = None
    repetition: float | None = None

    @property
    def doubtful(self) -> bool:
        silent = (self.no_speech or 0.0) > NO_SPEECH and (self.confidence or 0.0) < DOUBTED
        return silent or (self.repetition or 0.0) > LOOPED


def joined(pieces: Iterable[Piece]) -> str:
    """The text of the pieces that the model itself stands by."""
    return " ".join(piece.text.strip() for piece in pieces if not piece.doubtful).strip()


def believable(text: str) -> str:
    """The transcript without farewells of subtitles; empty when nothing else was in it, or when it is a loop."""
    text = unicodedata.normalize("NFC", text).strip()
    if len(text) > _LONGEST:
        return ""
    loop = max((found.end() - found.start() for found in _LOOP.finditer(text)), default=0)
    if 2 * loop > len(text):
        return ""
    kept = [sentence for sentence in _SENTENCE.findall(text) if not _is_farewell(sentence)]
    return "".join(kept).strip() if any(map(_letters, kept)) else ""


def _is_farewell(sentence: str) -> bool:
    letters = _letters(sentence)
    return bool(letters) and _FAREWELLS.fullmatch(letters) is not None


def _letters(text: str) -> str:
    return _NO_LETTERS.sub("", text).casefold()
