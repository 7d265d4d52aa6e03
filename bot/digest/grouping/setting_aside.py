"""Notes that hold no opinion on anything: talk about the event itself, adverts, greetings, orders to a summariser.

Strict: only a short note that is about nothing else, and that names no more than one word of a matter of the library.
In doubt a note stays.
"""

import re

from bot.digest.prepare import Prepared
from bot.digest.redaction.kinds import LINK_MARK, MARKS, Kind
from bot.digest.sentences import sentences
from bot.digest.units import clean_spans
from bot.domain.digest import SetAsideReason

_LONGEST, _LONGEST_CHATTER, _ASIDE = 120, 60, 14
"""Characters of an advert, of talk about the event, and of a sentence beside it that says nothing (못 나가고 있어요)."""
_ADVERT = re.compile(
    r"\[광고\]|선착순|무료\s?상담|최저가\s?보장|할인\s?(?:이벤트|행사|가|중)|특가|당일\s?대출|무담보\s?대출|부업|재택\s?알바|고수익"
    r"|하루\s?\d+\s?만|코인\s?투자|분양\s?(?:문의|상담)|팝니다|판매합니다|신규\s?회원|친구\s?추가|방문하시면\s?할인"
)
_CONTACT = re.compile(
    "|".join(map(re.escape, (MARKS[Kind.PHONE], MARKS[Kind.EMAIL], MARKS[Kind.MESSENGER], LINK_MARK)))
    + "|카톡|쪽지|클릭|상담\\s?환영|문의\\s?(?:환영|주세요|바람)|연락\\s?(?:주세요|바람)"
)
_FOOD = r"도시락|김밥|샌드위치|간식|다과|커피|떡|과자|빵|귤"
_EVENT = re.compile(
    rf"(?:와이파이|wi-?fi)\s?(?:비번|비밀번호|아이디)|마이크\s?(?:소리|음량|좀|가)|스피커\s?(?:소리|가)"
    rf"|(?:화면|글씨|자막)[이가]?\s?(?:너무\s?)?(?:작|안\s?보)|(?:에어컨|히터|난방)[이가]?\s?(?:너무|좀|꺼|켜|세)"
    rf"|의자가\s?너무|화장실[이은]?\s?어디|차\s?(?:좀|를)\s?빼|차주\s?분|이동\s?주차|주차장\s?(?:입구|어디)|주차\s?(?:등록|도장)"
    rf"|사진\s?(?:같이|언제|찍어|보내|공유)|셀카|안내\s?데스크|두고\s?(?:가신|왔)|잃어버리신|명찰\s?(?:두고|없)"
    rf"|(?:{_FOOD})[^.!?]{{0,14}}(?:맛있|잘\s?먹|더\s?없|어디|따뜻하네|최고|물티슈)|몇\s?시에\s?(?:끝|시작)|언제\s?끝나",
    re.IGNORECASE,
)
_WORLD = re.compile(
    r"(?:축구|야구|농구|월드컵|올림픽|결승|드라마)[^.!?]{0,14}(?:보느라|봤|보셨|이겨|졌|이겼)|로또|운세|정치인들?[은이]?\s?다|정치\s?싸움|여당이나\s?야당"
)
_EMPTY = re.compile(
    r"(?:오늘|정말|너무|참|모두|다들|항상|늘|좋은|유익한|뜻깊은|귀한|소중한|자리|시간|간담회|말씀|의견|행사|기회|준비|마련해?|들어|와|오셔서|주셔서|해|해주셔서|대단히|진심으로|여러모로|많이|특별히|할|말|드릴|별다른|딱히|다른|건의할|내용|것|건|은|는|이|가|을|를|도|에|하시느라|하느라|앞으로도|계속|이었습니다|였습니다|[,.!~^]|"
    r"감사\S{0,6}|고맙\S{0,6}|고마\S{0,6}|수고\S{0,9}|고생\S{0,9}|안녕\S{0,5}|반갑\S{0,5}|화이팅\S{0,3}|파이팅\S{0,3}|잘(?:부탁|들었|봤|보고|듣고)?\S{0,8}|부탁\S{0,8}|들었\S{0,6}|봤\S{0,6}|보고|듣고|없습니다|없음|없어요|없네요|동의합니다|공감합니다|좋습니다|좋네요|좋았습니다|최고\S{0,4}|응원\S{0,6}|테스트\S{0,6}|네|예|넵|ok|test)+",
    re.IGNORECASE,
)
"""One word of an empty phrase. Words are tried one by one, none longer than a word is: what the pattern tries doubles
with each repetition within one ("감사감사감사…")."""
_LONGEST_WORD = 20


def _is_empty_phrase(words: str) -> bool:
    said = words.split()
    return bool(said) and all(len(one) <= _LONGEST_WORD and _EMPTY.fullmatch(one) for one in said)


def reason_to_set_aside(note: Prepared, named: int) -> SetAsideReason | None:
    """Why a note holds no opinion; None in doubt. `named`: how many keywords of one matter it names at most."""
    if note.suspect and not clean_spans(note):
        return SetAsideReason.ORDER_ONLY
    words = " ".join(clean_spans(note))
    if _is_empty_phrase(words):
        return SetAsideReason.EMPTY_PHRASE
    if len(words) <= _LONGEST and _ADVERT.search(words) and _CONTACT.search(words):
        return SetAsideReason.ADVERT
    said = [one.text for one in sentences(words)]
    about = [bool(_EVENT.search(one) or _WORLD.search(one)) for one in said]
    beside = (len(one) <= _ASIDE for one, of_it in zip(said, about, strict=True) if not of_it)
    if len(words) <= _LONGEST_CHATTER and named <= 1 and any(about) and all(beside):
        return SetAsideReason.OFF_TOPIC
    return None
