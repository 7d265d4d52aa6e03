"""How plainly a note sets itself against what others say, by the words with which Koreans do that.

Not what it is for or against: "오히려", "…는 말씀들 많은데 저는", "…해 봤자", "…가 먼저라고 봅니다" are said of any subject. One plain sign is
enough, or two faint ones; faint ones alone ("솔직히", "…는 게 낫습니다") stand in half of all complaints.
"""

import re

ENOUGH = 2
_PLAIN = re.compile(
    r"""
      오히려 | 거꾸로\s | (?:이고|고)\s뭐고 | 봤자 | 나쁘지만은 | 나쁘진\s않 | 듣기\s?싫
    | (?:다는|자는|라는|다고|자고)\s(?:말씀|말|얘기|이야기|의견|소리)?(?:들|들이|이|만|은)?\s?(?:많은데|많지만|하는데|하시는데|하지만|하시지만|들\s하)
    | (?:얘기|이야기|말씀|말|소리|타령)만\s?(?:하|나오)\S*(?:데|지만|니)
    | (?P<echo>[가-힣]{2,4})\s(?P=echo)\s?하(?:는데|시는데|지만)
    | (?:저는|나는|전|저희는|우리는)\s[^.!?\n]{0,30}(?:찬성|반대|괜찮|만족|좋(?:았|다고)|잘됐|다행|생각합니다만)
    | (?:^|[.!?]\s)(?:솔직히\s)?(?:저는|나는|전)?\s?[^.!?\n]{0,40}반대(?:합니다|해요|함|예요|입니다)
    | 잘\s?됐다고\s?(?:봅|생각|봐) | (?:욕|탓|반대|불평)만\s?(?:하기|할|하는\s?(?:건|거|것은)) | 그렇게\s?생각(?:하지\s?않|안)
    | 꼭\s?(?:나쁜|그런)\s?(?:건|것은)\s?아니 | (?:말고도|아닌데)\s?다들 | 다들\s[^.!?\n]{2,30}(?:데|지만)\s?(?:저는|나는|전|저희는|우리는)
    """,
    re.VERBOSE,
)
_FAINT = tuple(
    re.compile(pattern, re.VERBOSE)
    for pattern in (
        r"솔직히",
        r"(?:게|것이|부터가?|가|이)\s?(?:먼저|우선)(?:라고|이라고|입니다|예요|이에요|죠|아닌가|아닙니까)",
        r"(?:는|은)\s?(?:게|편이|것이)\s?(?:더\s|훨씬\s)?(?:낫|나아|맞|옳|이익|이득|좋)",
        r"(?:^|[\s,])(?:저는|나는|전|저희는|우리는)\s",
        r"(?:봅니다|봐요|생각합니다|생각해요|생각함)[\s.!~]*$",
        r"(?:짓지|늘리지|만들지|주지|뽑지|나누지|자르지)\s?(?:좀\s)?(?:말고|마시고|말아야|맙시다)",
        r"(?:가|이|게)\s?문제(?:였|가\s?아니라|예요|입니다|죠)",
        r"(?:면|다가는)\s[^.!?\n]{0,24}(?:만\s?배\s?불|망합|망해|가버|도로\s|헛)",
        r"그래도|그렇지만|하지만|반면|다만",
        r"이제\s?(?:는\s)?(?:다른|그만)|그만\s?(?:늘|하|두)",
        r"그냥\s?(?:두|놔)",
    )
)

_CONCEDES = re.compile(
    r"(?:건|것은|거는|것도|것까지는|데는|줄은)\s?이해(?:합니다|해요|함|됩니다|는\s?(?:합니다|해요))"
    r"|무조건\s?(?:반대|찬성)\S*\s?아니|(?:반대|찬성)(?:는|하는\s?(?:건|것은))\s?아니|(?:면|만)\s[^.!?\n]{0,20}(?:감수|수긍|받아들이)"
)
"""Meets the others half-way: "그것만 지켜지면 바쁠 때 더 하는 건 이해합니다"."""


def concedes(words: str) -> bool:
    """Whether a note gives the other side something. True as one voice's words, it would misstate a side that does not."""
    return _CONCEDES.search(words) is not None


def contrast(words: str) -> int:
    """2 and more for one plain sign, 1 for each faint one."""
    return 2 * bool(_PLAIN.search(words)) + sum(bool(sign.search(words)) for sign in _FAINT)
