"""The clauses of a piece that might stand in a title, and how well each is understood by somebody who knows nothing of
the note that it stands in."""

import re

from bot.digest.gaejo import report_form
from bot.digest.keywords import Names, keys
from bot.digest.sentences import sentences
from bot.digest.suspect import is_suspect
from bot.digest.titles import SIDE_NAMES, without_lead

SHORTEST, _GOOD, _LONG = 10, 14, 40
"""Characters of a clause in its report form: a shorter one says little, though it may be enough."""
_FAR_TOO_LONG = 270
"""Three times what the longest lead may have."""
_VERBATIM = 0.2
"""A clause whose ending no report has stands in quotation marks, and reads like a chat."""
_FEWEST_NOUNS = 2
_FEW_NOUNS, _NO_CASE, _NO_SUBJECT, _LONG_WORTH = 0.6, 0.7, 0.75, 0.8
_FOLLOWS, _TAIL, _NAMED = 0.3, 0.45, 0.9
_ASKS, _SAYS_NO_POINT = 1.15, 0.5
_JOINT = re.compile(r"(?<![군운])(?<=[가-힣])(?:데|지만|고요|구요)\s+(?!말고|않|못|안\s)")
_CONDITION = re.compile(
    r"(?:[가-힣]면|[을할될갈올] 때(?:는|만)?|려면|어야|아야|해야|돼야|라도|더라도|어도|아도|해도)(?:\s|,)"
)
_CARRIED_ON = re.compile(r"[가-힣](?:다고|라고|냐고|자고|대요|래요|다는|라는)")
_CASE = re.compile(r"[가-힣A-Za-z0-9)%](?:이|가|을|를|은|는|에서|에|도|부터|까지|만|와|과|로)\s")
_SUBJECT = re.compile(
    r"[가-힣A-Za-z0-9)%](?:이|가|은|는|도|만|에서|뿐|들)\s|[가-힣]{2}\s(?:없|부족|못|안|막|급)"
)
_FIRST_PERSON = re.compile(
    r"(?:^|\s)(?:저|제|나|내|저는|저도|제가|나는|내가|와이프|아내|남편|동기|친구|동생|엄마|아빠|아버지|어머니|부모님|우리|저희)(?:들|는|은|가|도|이|만|한테)?\s"
)
_OWN_DOING = re.compile(
    r"(?:문의|신청|질문|건의|전화|상담|지원|참여|퇴사|입사|이직|졸업|출근|취업|응모)했|물어[보봤]|찾아[가갔]|들었[습어음]|(?:^|\s)들은|봤[습어음는]|(?:다[닙니]|다녀|다님)|[삽산]니다|살[아고]\s?요|받았[는더]|갔더[니라]|갔[는다]|해\s?봤"
    r"|썼는데|냈는데|남깁|입사\s?\d|입사한|학년|가르쳐\s?놓|키워\s?놓|뽑아\s?놓|년차|했더니|가려고|하려는데|하려니|나왔[는더]|싶[습어음은]|궁금|의향|째입니다|째임|(?<!부탁)(?<!요청)(?<!건의)\s?(?:드림|드립니다|드려요)\s*$|드릴|내놓을|집사람|마누라"
)
"""What one person did, wants or is: it tells of them, not of the matter."""
_POINTS_BACK = re.compile(
    r"^(?:이거|그거|이건|그건|이게|그게|이런|그런|거기|여기|그|이|그것|이것|저것|이러|그러|그렇|그랬|그동안|그때|그쪽|결과도|하나로|한 군데|이유|양쪽|둘|셋|전부|다|안\s?하면|그럼|그나마|결국|나머지|앞으로도|사후|실제)(?=[\s가-힣])"
    r"|(?:^|\s)(?:이거|그거|그건|이건|이런|그런|이런말|이런 말|이렇게|그렇게|거기|여기|저기)(?:\s|만|도|라도|서)"
    r"|(?:^|\s)(?:그|이)\s(?:사이|다음|때|전|후|뒤|돈|말|쪽|안|정도|가격|분|시간|기준|사업|제도)|방금|아까|위에|앞에서|말씀하신|당시|그걸|이걸|(?:^|\s)옆\s"
)
_ABOUT_THE_EVENT = re.compile(
    r"감사|고맙|간담회|장관님|수고|안녕|의견입니다|사람입니다|사람임|회의록|반갑|문의드|연락|말씀드|회신|답변 부탁|질문|주민입니다|대표입니다|업체입니다|과장님|국장님|설명했|면담|설문"
)
_SPOKEN = re.compile(
    r"(?:^|\s)(?:좀|쫌|뭐|막|걍|딱|그냥|맨날|만날|진짜|엄청|되게|되도록|솔직히|글쎄|근데|뭔|애들|열에|쫙)(?=\s|만)|(?:^|\s)좀\s*$|한테|더라|[ㅋㅎㅠㅜ]|죽[겠으]|시면\s|라면서|는데는|뭐라|심더|하소|주소|ㅡ|~|갈아넣|빡|짜증|이고\s?뭐고|지\s*$|하라고|하라는|하란"
)
_SAYS_A_POINT = re.compile(
    r"없|부족|모자|못|안\s?[가-힣]|어렵|어려|힘들|늦|지연|비싸|비쌉|높|복잡|막[히혀힙]|끊|거절|필요|희망|건의|요청|부탁|바랍|주세요|주십|주시|셨으면|줄었|올랐|올라|부담"
    r"|위험|무서|무섭|불안|걱정|멀|밀[려리립]|걸[려리립]|떠나|떠납|나갔|나갑|탈락|낡|노후|다[르릅]|달라|많|적[어습]|짧|길[고어게]|마세요|반대|대신|먼저|해야|되어야|급[하합해함]|귀하|미달|않|달라는|째|뿐|밖에|반토막|한\s?대|고장|사고|피해|늘려|지어|만들어|열어|낮춰|맞춰|풀어|바꿔"
    r"|꺾|휴업|멈[춰췄춥추]|닫|폐업|날아|깎|묶여|헷갈|중복|불가|소진|반려|놓[쳐쳤]|걸려|기다[려립림]|취소|감축|사라[져졌지]|무너|떨어[져졌지]|비어|놀고|빠[졌져짐]|막막|손해|적자|버[텨티]|뜁|뜀|두\s?배|[0-9]배|울[었면]|포기|체불|시급|쪼개|갈[려립]"
)
"""What is wrong, or wanted: a clause without it tells a fact of which the point is not plain."""
ASKED_FOR = re.compile(r"(?:요청|희망|건의|필요|바람|부탁)$")
_GOES_WELL = re.compile(r"덕에|덕분|만족|좋아[졌져]|잘\s?됐|잘\s?됩|다행|찬성")
"""Seldom what a theme of complaints and wishes comes to; such views stand in its page and among the minority's."""
_UNSAID_PLACE = re.compile(r"(?<![에로]\s)(?<![에로])(?:포함|반영|편입|적용|추가)(?:해|하|시켜)\s?(?:주|줄)")
"""Something is to be put into something that is not said."""
NOTHING = Names()
MARK = re.compile(r"\[[가-힣]+\]")
_FORGES = re.compile(rf"\s/|/\s|\((?:{'|'.join(SIDE_NAMES.values())})\)|등\s*$")
"""What could pass for the title's own form."""
_HANGUL = re.compile(r"[가-힣]")
_HEARD = re.compile(
    r"냐고\s|(?:다고|라고|냐고|라|자고)\s?(?:함|합니다|해요|했음|들었음|들음|하네요|그럼)\s*$|는데\s*$|(?:묻|물으)[가-힣]*\s"
)
_WORSE = (
    (_FIRST_PERSON, 0.3),
    (_OWN_DOING, 0.35),
    (_POINTS_BACK, 0.2),
    (_ABOUT_THE_EVENT, 0.1),
    (_SPOKEN, 0.6),
    (re.compile(r"거\s?같"), 0.4),
    (_HEARD, 0.5),
    (_UNSAID_PLACE, 0.4),
    (_GOES_WELL, 0.6),
    (re.compile(r"[아어해돼되여]야\s?(?:만\s)?(?:함|합니다|해요|한다|됨|됩니다)[\s.]*$"), 0.85),
    (re.compile(r"\d.*\d.*\d"), 0.9),
    (re.compile(r","), 0.9),
    (re.compile(r"면\s.*[가-힣]면[서\s]"), 0.7),
    (re.compile(r"['‘\"“]"), 0.8),
)
"""Who knows nothing of the note does not know who speaks, nor what "this" is."""


def clauses(text: str) -> list[str]:
    """The sentences of a text, and what stands behind their last joint where nothing before it changes its meaning."""
    found: list[str] = []
    for sentence in sentences(text):
        found.append(without_lead(sentence.text))
        for joint in _JOINT.finditer(sentence.text):
            head, tail = sentence.text[: joint.end()], sentence.text[joint.end() :]
            if (
                len(tail) > _FAR_TOO_LONG
            ):  # nothing so long stands in a title: do not read each of a thousand tails
                continue
            if not _CONDITION.search(head) and not _CARRIED_ON.search(tail):
                found.append(without_lead(tail))
    return [clause for clause in found if clause and clause in text]


def reads_alone(clause: str, room: int, names: Names = NOTHING) -> float:
    """0 and more, about 1 for a good one: whether a clause of at most `room` characters is understood without its note,
    and says what is wrong or wanted. One that says one of the theme's `names` stands on firmer ground."""
    if len(clause) > _FAR_TOO_LONG:
        return 0.0
    form = report_form(clause)
    length = len(form or clause)
    nouns = sum(noun for _, noun in keys(clause))
    if length < SHORTEST or length > room or not nouns or len(keys(clause)) < _FEWEST_NOUNS:
        return 0.0
    if MARK.search(clause) or is_suspect(clause) or "?" in clause or _FORGES.search(clause):
        return 0.0
    if not _HANGUL.search(clause):
        return 0.0
    alone = 1.0 if form else _VERBATIM
    for pattern, worth in _WORSE:
        if pattern.search(f"{clause} "):
            alone *= worth
    nouns += names.said(clause)
    alone *= 1.0 if nouns >= _FEWEST_NOUNS else _FEW_NOUNS
    asks = ASKED_FOR.search(form or "") is not None
    alone *= 1.0 if _CASE.search(clause) or (asks and nouns >= _FEWEST_NOUNS) else _NO_CASE
    alone *= 1.0 if asks or _SUBJECT.search(clause) else _NO_SUBJECT
    alone *= _ASKS if asks else 1.0
    alone *= 1.0 if _SAYS_A_POINT.search(clause) else _SAYS_NO_POINT
    alone *= _LONG_WORTH if length > _LONG else 1.0
    return alone * (1.0 if length >= _GOOD else 0.8)


def rated_clauses(text: str, whole: str, names: Names, room: int) -> list[tuple[str, float]]:
    """The clauses of a piece of a note (`whole`: the note), each with how well it is understood alone.

    What stands behind the first sentence of its note leans on it and a part of a sentence on the rest, unless it says by one
    of the theme's `names` what it is about.
    """
    opening = [one.text for one in sentences(whole)[:1]]
    complete = {without_lead(one.text) for one in sentences(text)}
    rated = []
    for clause in dict.fromkeys(clauses(text)):
        alone = reads_alone(clause, room, names)
        if not alone:
            continue
        leans = 1.0 if not opening or clause in opening[0] else _FOLLOWS
        leans *= 1.0 if clause in complete else _TAIL
        rated.append((clause, alone * (max(leans, _NAMED) if names.told(clause) else leans)))
    return rated
