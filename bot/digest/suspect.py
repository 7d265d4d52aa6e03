"""Words in a note that speak to whoever makes the digest, not to the ministry.

Notes are data: nothing here keeps a digest safe (no stage follows what a note says). It keeps orders to a
summariser, forged headers and machine text from being chosen as what people said. It must be precise: a real
remark about AI, instructions or systems is not such a sentence.
"""

import re

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


def is_suspect(text: str) -> bool:
    """Whether these words look like an order to a summariser or like machine text."""
    return _SPEAKS_TO_THE_SUMMARISER.search(visible(text)) is not None
