"""Which clause of a theme says its point: one that stands alone, in words that many of its voices use.

How central a clause is: the words in it that recur in the theme and are rarer outside, by how many voices use them.
No morphology: endings and particles are cut by a list, and what is left is looked for in the notes without spaces.
"""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from bot.digest.choose import Candidate
from bot.digest.gaejo import report_form
from bot.digest.sentences import sentences
from bot.digest.suspect import is_suspect
from bot.digest.titles import names, without_lead
from bot.digest.units import Unit

_MOST_TEXTS, _MOST_OF_THEME = 1000, 300
"""So many of a day's and of a theme's texts are looked through for a word: enough to tell how common it is."""
_POOL = 120
"""Pieces looked at, those nearest to the theme's middle: a title is among them or nowhere."""
SHORTEST = 8
_GOOD = 12
"""Characters of a clause: a shorter one says little, though it may be enough."""
_MOST_KEYS = 4
"""A long clause is not more central for its length."""
_NAMES, _SAYS_NO_POINT = 1.5, 0.55
_PLAINLY = 0.8
_ASKS = 1.3
"""What is asked for is the point of most that is said on such a tour."""
_FOLLOWS, _LEANS_LESS = 0.6, 2
"""A sentence behind another in its piece leans on it, unless it has two words that others use."""
_COMPOUND, _FIRST_PART = 4, 0.7
_LONELY = 0.25
"""In a theme of fewer than four texts nobody need use the same word: the category's is enough."""
_JOINT = re.compile(r"(?<![군운])(?<=[가-힣])(?:데|지만|고요|구요)\s+(?!말고|않|못|안\s)")
_CONDITION = re.compile(
    r"(?:[가-힣]면|[을할될갈올] 때(?:는|만)?|려면|어야|아야|해야|돼야|라도|더라도|어도|아도|해도)(?:\s|,)"
)
_CARRIED_ON = re.compile(r"[가-힣](?:다고|라고|냐고|자고|대요|래요|다는|라는)")
_WORD = re.compile(r"[가-힣A-Za-z0-9]+")
_PARTICLE = re.compile(
    r"(?:으로는|에서는|에서도|까지도|까지는|으로도|이라도|에게는|한테는|부터는|이라는|으로|에서|에게|한테|까지|부터|이랑|라도|이나|마다|조차|밖에|보다|처럼|만큼"
    r"|은|는|이|가|을|를|에|의|로|와|과|도|만|랑|나|께)$"
)
_VERBAL = re.compile(r"(?:요|다|함|음|됨|임|게|서|면|고|지|는|은|을|야|데|네|죠|니|려|해|줘|던|할|한|된)$")
_EMPTY_WORDS = (
    "너무 정말 진짜 그냥 지금 우리 저희 요청 건의 부탁 필요 있습 있어 있는 없습 없어 없는 해주 주세 합니 됩니 입니 사람 하나 이런 그런 때문 경우 정도 생각"
    " 해서 하는 하면 되는 많이 제일 가장 아직 이제 다시 같이 올해 작년 내년 에서 까지 이거 그거 저는 제가 나는 해야 하고 있으 없으 좋겠 좋습 좋아 않습 않아"
    " 바랍 드립 주시 주십 아니 못합 못해 안됩 어렵 힘들 시간 문제 이상 이하 부터 계속 자체 전체 모두 전부 조금 하루 매년 매일 요즘 다들"
    " 회사 기업 공장 현장 직원 정부 지역 업체 협력 대표 담당 중앙 나라 시작 지원 사업 나이 기관 원청 작은 도내 이유 처음 나중 그게 이게 무조 서로 여기 거기 관련 이후 이전"
)
"""Words that say nothing of a subject, and general ones that stand in any of them, by their first two letters."""
_EMPTY = frozenset(re.findall(r"\S+", _EMPTY_WORDS))
_FIRST_PERSON = re.compile(
    r"(?:^|\s)(?:저|제|저희|나|내|우리|저는|저도|제가|나는|내가|저희는|우리는|우리도|저희도|와이프|아내|남편|동기|친구)(?:들|는|은|가|도|이)?\s"
)
_POINTS_BACK = re.compile(
    r"^(?:이거|그거|이건|그건|이게|그게|이런|그런|거기|여기|그|이|그것|이것|저것|이러|그러|그렇|그랬|그동안|그때|그쪽|결과도|하나로|한 군데|이유)|(?:^|\s)(?:이거|그거|그건|이건|이런|그런)(?:\s|만|도|라도)|(?:^|\s)(?:그|이)\s(?:사이|다음|때|전|후|뒤|돈|말|쪽|안|정도|가격)|방금|아까|위에|앞에서|말씀하신"
)
_ABOUT_THE_EVENT = re.compile(
    r"감사|고맙|간담회|장관님|수고|안녕|의견입니다|사람입니다|사람임|학년|회의록|반갑|문의드|연락|말씀드|회신|답변 부탁|질문|주민입니다|대표입니다|업체입니다"
)
_SAYS_A_POINT = re.compile(
    r"없|부족|모자|못|안\s?[가-힣]|어렵|어려|힘들|늦|지연|비싸|비쌉|높|복잡|막[히혀힙]|끊|거절|필요|희망|건의|요청|부탁|바랍|주세요|주십|주시|셨으면|줄었|올랐|올라|부담"
    r"|위험|무서|무섭|불안|걱정|멀|밀[려리립]|걸[려리립]|떠나|떠납|나갔|나갑|탈락|낡|노후|다[르릅]|달라|많|적[어습]|짧|길|마세요|반대|대신|먼저|해야|되어야|급|귀하|미달|않|달라는|째|뿐|밖에|반토막|한\s?대|고장|사고|피해|늘려|지어|만들어|열어|낮춰|맞춰|풀어|바꿔"
)
"""What is wrong, or wanted: a clause without it tells a fact of which the point is not plain."""
_OF_ITS_OWN = re.compile(r"싶[습어음은]|신청(?:합니다|했)|궁금|의향|상담")
"""What one person wants for themselves."""
_ASKED_FOR = re.compile(r"(?:요청|희망|건의|필요|바람|부탁)$")
_MARK = re.compile(r"\[[가-힣]+\]")
_NUMBER = re.compile(r"\d")
_HANGUL = re.compile(r"[가-힣]")
_HEARD = re.compile(r"냐고\s|(?:다고|라고|냐고|라|자고)\s?(?:함|합니다|해요|했음|들었음|들음)$|는데$")
_WORSE = (
    (_FIRST_PERSON, 0.4),
    (_POINTS_BACK, 0.3),
    (_ABOUT_THE_EVENT, 0.1),
    (_OF_ITS_OWN, 0.3),
    (_HEARD, 0.7),
    (_NUMBER, 0.9),
)
"""Who knows nothing of the note does not know who speaks, nor what "this" is."""


@cache
def keys(clause: str) -> tuple[tuple[str, bool], ...]:
    """What a clause speaks of: its nouns without particles (True), its verbs by their first two letters (False)."""
    found: dict[str, bool] = {}
    for word in _WORD.findall(clause):
        bare = _PARTICLE.sub("", word) if len(word) > 2 else word
        verbal = bare == word and len(word) > 2 and _VERBAL.search(word) is not None
        key = word[:2] if verbal else bare
        if len(key) > 1 and key[:2] not in _EMPTY and not key.isdigit():
            found.setdefault(key, not verbal)
    return tuple(found.items())


class Words:
    """How many of some texts use a word. A sample of them where they are many, evenly taken."""

    def __init__(self, texts: Iterable[str], most: int = _MOST_TEXTS) -> None:
        every = ["".join(text.split()) for text in texts]
        step = max(1, -(-len(every) // most))
        self._texts = every[::step]
        self._share: dict[str, float] = {}

    def share(self, key: str) -> float:
        if key not in self._share:
            using = sum(key in text for text in self._texts)
            self._share[key] = using / len(self._texts) if self._texts else 0.0
        return self._share[key]

    @property
    def one(self) -> float:
        """The share of a single text."""
        return 1 / len(self._texts) if self._texts else 1.0


@dataclass(frozen=True, slots=True)
class Point:
    """A clause of a unit, letter for letter, and how well it says the point (higher is better, 0: not at all)."""

    unit: Unit
    clause: str
    score: float


def clauses(text: str) -> list[str]:
    """The sentences of a text, and what stands behind their last joint where nothing before it changes its meaning."""
    found: list[str] = []
    for sentence in sentences(text):
        found.append(without_lead(sentence.text))
        for joint in _JOINT.finditer(sentence.text):
            head, tail = sentence.text[: joint.end()], sentence.text[joint.end() :]
            if not _CONDITION.search(head) and not _CARRIED_ON.search(tail):
                found.append(without_lead(tail))
    return [clause for clause in found if clause and clause in text]


def _reads_alone(clause: str, room: int) -> float:
    """0 to 1: whether a clause can be understood by somebody who knows nothing of the note."""
    form = report_form(clause)
    length = len(form or clause)
    if length < SHORTEST or length > room or len(keys(clause)) < 2:
        return 0.0
    if _MARK.search(clause) or is_suspect(clause) or "?" in clause or not _HANGUL.search(clause):
        return 0.0
    alone = 1.0 if form else 0.3
    for pattern, worth in _WORSE:
        if pattern.search(f"{clause} "):
            alone *= worth
    return alone * (1.0 if length >= _GOOD else 0.8)


def points(found: Sequence[Candidate], theme: Words, day: Words, category: str, room: int) -> list[Point]:
    """The clauses of candidates that could stand in a title of `room` characters, the best first.

    Only those with a noun that other voices of the theme use, too. One that names the category is the better for it.
    """
    rated: list[Point] = []
    for one in found:
        begins = sentences(one.unit.text)[:1]
        for clause in dict.fromkeys(clauses(one.unit.text)):
            alone = _reads_alone(clause, room)
            named = names(category, clause)
            worths = sorted((_worth(key, noun, theme, day) for key, noun in keys(clause)), reverse=True)
            shared = [key for key, noun in keys(clause) if noun and _share(key, theme) > theme.one]
            if not alone or not (shared or (named and theme.one > _LONELY)):
                continue
            if begins and clause not in begins[0].text and len(shared) < _LEANS_LESS:
                alone *= _FOLLOWS
            alone *= _ASKS if _ASKED_FOR.search(report_form(clause) or "") else 1.0
            alone *= 1.0 if _SAYS_A_POINT.search(clause) else _SAYS_NO_POINT
            score = alone * (0.5 + 0.5 * one.score) * (0.02 + sum(worths[:_MOST_KEYS]))
            rated.append(Point(one.unit, clause, score * (_NAMES if named else 1.0)))
    return sorted(rated, key=lambda point: -point.score)


def _share(key: str, words: Words) -> float:
    """How many use a word. Of a compound (인가기간) its first part counts, too, for a little less."""
    whole = words.share(key)
    return max(whole, _FIRST_PART * words.share(key[:2])) if len(key) >= _COMPOUND else whole


def _worth(key: str, noun: bool, theme: Words, day: Words) -> float:
    share = _share(key, theme)
    if share <= theme.one:
        return 0.0
    return share * math.log(1 + share / max(_share(key, day), 1e-6)) * (1.0 if noun else 0.5)


def best_point(
    found: Sequence[Candidate], theme_texts: Iterable[str], day: Words, category: str, room: int
) -> Point | None:
    """The best of `points`; where its own piece begins by asking for something in so many words, that."""
    ranked = points(found[:_POOL], Words(theme_texts, _MOST_OF_THEME), day, category, room)
    if not ranked:
        return None
    best = ranked[0]
    first = sentences(best.unit.text)[0].text
    asked = [one for one in clauses(first) if one != best.clause and _asks_alone(one, room)]
    return Point(best.unit, asked[0], best.score) if asked and not _asks_alone(best.clause, room) else best


def _asks_alone(clause: str, room: int) -> bool:
    """Whether a clause asks for something that it names."""
    nouns = [key for key, noun in keys(clause) if noun]
    asked = _ASKED_FOR.search(report_form(clause) or "") is not None
    return asked and len(nouns) > 1 and _reads_alone(clause, room) >= _PLAINLY
