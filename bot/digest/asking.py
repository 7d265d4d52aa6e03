"""Whether a sentence plainly asks for something. Conservative: a complaint is not a request."""

import re

_ASKS = re.compile(
    r"""
      주(?:세요|세여|십시오|십시요|십쇼|시기|시길|시면|시죠|실\s?수|셨으면|셔야|이소|쇼|라)
    | (?:바랍니다|바래요|바람)(?=$|[\s.!~])
    | (?:부탁|요청|건의)\s?(?:드립|드려|드리|합니다|해요|함$|$)
    | 필요(?:합니다|해요|함)(?=$|[\s.!~])
    | (?:면|으면)\s?(?:좋겠(?:습|어|네|다|음)|합니다|해요)
    | 했으면(?:\s?(?:좋겠|합니다|해요))?[\s.!~]*$
    | 안\s?(?:될까요|되나요|되겠습니까|되는건지|됩니까)
    | (?:최우선|공통|핵심)?\s?건의입니다 | 달라는\s?(?:것|겁) | 달라고\s?\S{0,4}\s?말씀
    | (?:하|늘리|줄이)지\s?(?:마세요|말아\s?주) | 만들어야\s?합니다
    | (?:해|나눠|깎아|늘려|지어|내|맞춰|바꿔|넣어)\s?주(?:면|기만)
    | 좀[\s.!~]*$
    """,
    re.VERBOSE,
)
_DOES_NOT_ASK = re.compile(r"주셔서|주신다|안\s?(?:해\s?)?주세요|감사합니다[\s.!~^]*$")
"""Thanks, a promise reported, an honorific complaint ("답을 안 해 주세요")."""


def asks(sentence: str) -> bool:
    return bool(_ASKS.search(sentence)) and not _DOES_NOT_ASK.search(sentence)
