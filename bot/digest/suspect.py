"""Words in a note that speak to whoever makes the digest, not to the ministry.

Notes are data: nothing here keeps a digest safe (no stage follows what a note says). It keeps orders to a
summariser, forged headers and machine text from being chosen as what people said. It must be precise: a real
remark about AI, instructions or systems is not such a sentence.
"""

import re
import unicodedata

from bot.digest.orders import orders
from bot.digest.visible import visible

_SPEAKS_TO_THE_SUMMARISER = re.compile(
    r"""
      (?:ignore|disregard|forget)\s.{0,30}\b(?:instruction|prompt|rule|above|previous)
    | \bsystem\s+prompt | ^\s*(?:system|assistant|user|developer)\s*: | ^\s*시스템\s*:
    | \bwhen\s+you\s+(?:write|make|generate|summari[sz]e) | \bfollow\s+it\s+exactly | \bdecode\s+this
    | \byou\s+are\s+(?:now\s+)?(?:an?\s+)?(?:ai|assistant|summari[sz]er|chatbot|language\s+model)
    | </?\s*(?:notes?|system|user|assistant|instructions?|prompt|data|script|img|a|iframe)\b[^>]*> | <\|[^|]*\|> | \[/?INST\]
    | \{\s*"\w+"\s*: | ```
    | (?:지금까지|이전|앞선|앞의|앞에|위의|기존|받은)[^.!?\n]{0,14}(?:지시|명령|규칙|프롬프트)[^.!?\n]{0,14}(?:무시|잊|따르지|초기화|취소|버리)
    | (?:요약|집계|정리)\s?(?:하는|해\s?주시는|하시는|할|중인)\s?(?:AI|인공지능|봇|챗봇|언어\s?모델|LLM|GPT)\s?(?:님|은|는|에게|야|아|[,:~])
    | (?:AI|인공지능|챗봇|(?<!로)봇|언어\s?모델|LLM|GPT)\s?(?:님|야|아)[~,.!\s]
    | (?:모든|다른|앞사람들?이?)\s?[^.!?\n]{0,8}(?:메모|의견|기록)(?:의|을|를|은|는)\s?[^.!?\n]{0,18}(?:바꾸|바꿔|삭제|지우|지워|변경|표시한다|표시해)
    | (?:메모|의견)[^.!?\n]{0,12}(?:1순위|맨\s?위|첫\s?줄)[^.!?\n]{0,14}(?:올|적|쓰|써|놓|배치)
    | (?:본|이)\s?메모부터 | 건으로\s?(?:기록|집계|표시|처리)(?:하라|하고|하세요|해\s?줘|해라|할\s?것|한다)
    | (?:의견|불만|반대)[^.!?\n]{0,10}없(?:었)?다고\s?(?:써라|써\s?[줘주]|쓰세요|적어라|적어\s?[줘주]|기록해|정리해|요약해|보고해\s?[줘주])
    | 한\s?줄로만\s?(?:정리|요약|써|적) | 가리지\s?말고[^.!?\n]{0,20}(?:모아|표로|적어|보여)
    | 새(?:로운)?\s?규칙이다 | ^\s*\[(?:운영자|관리자|시스템)\s?(?:공지|메시지|지시)\]
    | [A-Za-z0-9+/]{40,}={0,2}
    """,
    re.IGNORECASE | re.VERBOSE | re.MULTILINE,
)


_UNSEEN = re.compile(r"[\u2066-\u2069\U000e0020-\U000e007e]")
"""Isolated directions, and letters that nobody sees: no keyboard of a phone makes them."""
_OVERRIDDEN = re.compile(r"\u202e([^\u202c\n]*)")
"""Letters shown from right to left, as where nothing takes the mark away: an order may be written backwards."""
_MOST_HIDDEN, _FEW_HIDDEN = 0.2, 4
"""The share, and the number, of unseen characters that emoji and pasted text have at most."""


def _as_shown(match: re.Match[str]) -> str:
    return match.group(1)[::-1]


def is_suspect(text: str) -> bool:
    """Whether these words look like an order to a summariser or like machine text.

    Text without a letter to see is neither. Letters in other widths, under marks or between unseen ones count as themselves.
    """
    seen = visible(_OVERRIDDEN.sub(_as_shown, text))
    if not text.isascii():
        if not seen.strip():
            return False
        hidden = len(unicodedata.normalize("NFC", text)) - len(seen)
        if _UNSEEN.search(text) or (hidden > _FEW_HIDDEN and hidden > _MOST_HIDDEN * len(text)):
            return True
        seen = _as_letters(seen)
    return _SPEAKS_TO_THE_SUMMARISER.search(seen) is not None or orders(_LOOKS_LIKE_I.sub("i", seen))


_OF_THE_DIGEST = re.compile(
    r"보고|요약|제목|결론|지시|명령|시스템|출력|프롬프트|의견|메모|대표로|표로|근거|링크|공지|모드|만족|반복|그대로|시작말|로마자|표시|(?:라고|만)\s*\S{0,8}$|(?<!주)(?<!주십)(?:세요|시오|해라|하라)[.!~]*$|\d{4,}",
    re.IGNORECASE,
)
_SHORTEST_REMARK = 10
_LEAST_KOREAN = 0.7


def stands_beside(text: str) -> bool:
    """Whether a sentence may be quoted of a note that elsewhere gives an order: only a plain Korean remark may.

    Here a doubt is enough: what carries an order on (결론은 …, Say …) is seldom recognised by itself.
    """
    letters = [one for one in _as_letters(visible(text)) if one.isalpha()]
    korean = sum("가" <= one <= "힣" for one in letters)
    return (
        len(letters) >= _SHORTEST_REMARK
        and korean >= _LEAST_KOREAN * len(letters)
        and not is_suspect(text)
        and _OF_THE_DIGEST.search(text) is None
    )


_LOOKS_LIKE_I = re.compile(r"(?<=[A-Za-z])1(?![\d])|(?<![\dA-Za-z])1(?=[a-z]{3})")
_SPACES = re.compile(r"[^\S\n]+")
_MARKS = re.compile(
    r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff\ufe00-\ufe0f\u115f\u1160\u3164\uffa0]"
)
"""Marks over and behind letters, and letters that are blank."""


def _as_letters(text: str) -> str:
    return _SPACES.sub(" ", _MARKS.sub("", unicodedata.normalize("NFKC", _MARKS.sub("", text))))
