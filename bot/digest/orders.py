"""The forms that orders to a summariser come in: to write something, to leave out, to count otherwise, to play a
part, to show what it was told; in Korean as typed on a phone, in English, and the opening words in a few other languages.

Each needs a word of the digest's own making (보고서에, 제목을, 다른 의견은 …) or speaks to a machine: requests to a ministry
are imperatives, too. New phrasings pass (docs/digest.md gives the rate); nothing relies on these to be complete.
"""

import re

_WRITE = (
    r"(?:써(?:라|줘|봐|\s?주|부러|$|[\s.!])(?!\s?(?:있|놓|붙|져))|쓰(?:라|세요|십시오|시오|기|셈|면\s?됩니다)|쓸\s?것|쓴다(?![는고])"
    r"|적(?:어(?:라|줘|\s?주|부러|야|$|[\s.!,])(?!\s?(?:있|놓|진|둔|낸))|으(?:라|세요|시오|십시오)|기(?:$|[\s.!])|을\s?것)"
    r"|출력|답장?(?:해|하)|대답|외[치쳐]|말(?:해(?!도|서|야)|하라|하세요)|서명|갈음|캐라|반복(?:해|하)|표시(?:해(?:$|[\s.!]|라|줘)|하(?:라|시오|세요|십시오))|표기(?:해|하|$|[\s.!])|공지(?:해|하|$)|통일(?:해|하|$|[\s.!])|보고(?:해|하(?:라|세요))|신호)"
)
_REPORT = r"(?:보고서|보고\s?문|요약(?:문|본|기)|(?:오늘의?|일일)\s?요약|다이제스트|digest|소?제목|표제|각주|의견란|소수\s?의견|모든\s?(?:문장|주제|의견)|(?:첫|다음)\s?(?:줄|문장)|맨\s?(?:위|앞|아래|끝)|헤드라인)"
_DO = r"(?:넣(?:어|으|기|을)|바꿔|바꾸[라어]|변경|하라|하시오|하세요|로\s?하|붙(?:일|여|이)|달(?:아|것)|다(?:십|시오|세요)|시작(?:해|하)|끝맺|포함|남(?:겨|기)|올려|올리[라시세]|강조|채[우워]|이름|걸어|보내(?:라|세요)|뽑|번역|표시|원문|참고하라|안내하라|갈음|공지)"
_OTHERS = r"(?:다른|부정적(?:인)?|나머지|앞(?:에|사람|의)?[^.!?\n]{0,6}|뒤에[^.!?\n]{0,6}|내\s?앞사람|\d점[^.!?\n]{0,6}|모든|반대|이전|[가-힣]+(?:들이|가)\s?쓴|아까[^.!?\n]{0,6})"
_NOTES = r"(?:의견|메모|글|건|사람|참가자들?|것|건[은는])"
_DROP = r"(?:빼(?:고|세요|라|$|[\s.])|제외|삭제|지[우워]|생략|무효|취소|비우|읽지\s?마|합치(?:세요|라|시오)|대체|바꿔서|공개\s?금지|보여\s?줘|밝혀)"
_MACHINE = r"(?:AI|인공지능|챗봇|요약기|집계기|(?:집계|요약)\s?프로그램|언어\s?모델|LLM|GPT|(?<![가-힣])봇)"

_KOREAN = (
    # what to write
    rf"(?:이?라고만?|이?라는\s?(?:문장|말|표현|보고서)[을를]?|이?라)\s?(?:[가-힣]{{1,4}}\s){{0,2}}{_WRITE}",
    rf"(?<=[가-힣A-Za-z0-9])만\s?{_WRITE}|만\s?(?:남기(?:면|세요|라|시오)|남겨(?:$|[\s.!,줘])|출력)",
    r"(?<=[가-힣A-Za-z0-9])[을를나]?\s?(?:\S\s?번\s)?(?:출력(?:한다|해|하|$|[\s.!])|반복할\s?것)",
    rf"{_REPORT}[^.!?\n]{{0,40}}(?:{_DO}|{_WRITE})|(?:{_DO}|{_WRITE})[^.!?\n]{{0,16}}{_REPORT}에",
    r"보고서\s?제목은|\b(?:rating|total)\s?=|(?:보고서?|소?제목|결론|핵심|분석\s?결과|요약|결과|출력\s?형식|본문|확인)(?:는|은|을|:|이)\s?[^.!?\n]{0,24}(?:이어야|여야\s?함|필요\s?없|(?:이|다)라고|반드시|변경|만\s?남기|:)",
    r"(?:요약|보고|정리|집계|분석)(?:하지\s?(?:말|마)|할\s?때\s?(?:꼭|반드시)|한다면|이\s?끝난|은\s?필요\s?없|\s?정책|해줘\s*$)|1순위\s?주제|(?:주제|표제|이름)[^.!?\n]{0,12}(?:이름을?|로\s?(?:지어|통일|붙))|정리해\s?줘|로\s?(?:정리|보고)(?:해|하)",
    # what it was told
    r"(?:이전|앞(?:선|의|에)?|압의|위(?:의|에)?|기존|지금까지|여태|받은|들은|나온)[^.!?\n]{0,12}(?:지시|명령|규칙|프롬프트|내용|꺼|거)[^.!?\n]{0,14}(?:무시|잊|이저|이자|버[려리]|치아|해제|취소|거꾸로|따르지|초기화)",
    r"(?:위에?|앞에?)\s?꺼\s?[^.!?\n]{0,6}(?:무시|잊|이자)|무시해\s?이전|무시\s?(?:ㄱ|하구|혀)|다\s?치아뿌|명령을?\s?(?:해제|취소)|새\s?(?:명령|작업|규칙|지시)\s?:|지시(?:문|사항)?[^.!?\n]{0,10}(?:변경|:|출력|그대로)|내\s?말만\s?들어|시키는\s?대로|프롬프트|기존\s?(?:명령|규칙)|지시(?:가|대로)\s?(?:됩|하)",
    # leaving out, counting otherwise
    rf"{_OTHERS}\s?[^.!?\n]{{0,10}}{_NOTES}[^.!?\n]{{0,24}}{_DROP}(?!\s?지\s?(?:말|마))|소수\s?의견란|(?:의견|메모)[^.!?\n]{{0,16}}하나로\s?대표|내\s?앞사람",
    r"\d+(?:명|건|표)(?:이|으로|로|은|이라)?\s?[^.!?\n]{0,10}(?:쓴\s?것으로|집계해|집계하|고쳐|쳐주|쳐\s?주|기록하|기록해|맞습니다|쓸\s?것)|\d+건으로\s?(?:기록|집계|표시|처리)(?:하(?:라|고|세요)|해\s?(?:줘|라)|할\s?것|한다)|한\s?건으로\s?합치|가중치",
    r"(?:만족도|별점|평균|비율|평점|그래프|막대|응답)[^.!?\n]{0,24}(?:\d+\s?(?:점|%|대)|까지)[^.!?\n]{0,10}(?:적[으어]|표기|바꾸|바꿔|고쳐|올려|으로\s?바)|\d+점입니다|만족도\s?최고|전원\s?찬성|전부가?\s?찬성|만장일치|참가자\s?전원|모두\s?만족합니다|최우선으로\s?올|비율은\s?\d+%로",
    r"(?:의견|글|글들|이야기|메모|댓글)[은는을를도]?\s[^.!?\n]{0,10}(?:싣지\s?(?:마|말)|걸러\s?내|담지\s?(?:마|말)|읽지\s?(?:않아도|마|말)|취하)|(?:칭찬|좋은\s말)만\s?(?:담|실|남|적)|공동\s의견으로|\d+(?:명|건|점)[^.!?\n]{0,6}처리해|[0-5]\.\d(?:점)?(?:으)?로\s(?:올려|고쳐|바꿔|적)|이\s(?:문장|글)\s?(?:이후|뒤로)",
    r"(?:낱말|단어|한마디|문구|표어|글자)(?:만|를|을)?\s?[^.!?\n]{0,14}(?:내놓|따라\s?하|해$|써\s?넣|섞|굵)|굵은\s?글씨|최상단|총평\s?:|결론\s?:|모든\s?답변|개선점\s?:\s?없|반말로|(?:이?라고)\s안\s하면|니\s?맘대로",
    # numbers of notes
    r"근거\s?(?:번호|:|\d|로\s?N?\d)|근거[^.!?\n]{0,10}\d{3,}|의견\s?\d{2,}\s?(?:번|호|건)|의견의?\s?번호|\[\s?n?\d+\s?\]|(?<![A-Za-z])[nN]\d+(?![A-Za-z\d])|note_?id|(?:^|\W)id\s?:\s?\d|주제\s?번호|finding|jb-?\d",
    # to a machine, or from one who claims to be more than a participant
    rf"{_MACHINE}(?:에게\s?[:,]|[야아](?:$|[\s~,.!])|\s?보시오|\s?모드|[는은]\s?[^.!?\n]{{0,16}}(?:쓴다|적어|답|라고)|의\s?이름)|(?<![가-힣])너(?:는|의|희는|\s사실은|만|를)?\s[^.!?\n]{{0,20}}(?:지금부터|이제부터|해적|장관|봇|아니다|규칙|사람이지|모델|설정|착하지|안\s?썼)|(?:너는|당신은)\s?(?:지금|이제)|(?<![가-힣])(?:너|네|당신)(?:한테|에게|가)?\s?(?:주어진|받은)\s?(?:설명|지시|규칙|글|말)|DAN\s?모드|착한\s?AI|다른\s?봇|(?:AI|인공지능|봇)(?:이|가)\s[^.!?\n]{{0,16}}보고서",
    r"역할극|연극\s?대본|소설\s?속|말투로|놀이\s?하자|네가\s?기자|1막|보안\s?훈련|훈련\s?통과하려면|할머니가[^.!?\n]{0,20}보고서",
    r"(?:감사실|개발자|봇을?\s?만든|담당\s?사무관|운영팀|운영자|보안팀|개인정보위|대통령실|법원\s?명령|\[(?:시스템|관리자)|(?:나는|내가)\s이\s(?:시스템|봇)의)[^.!?\n]{0,10}(?:입니다|본인|사람인데|공지|지시|요청으로|승인|알림|메시지|\d+호|\]|\s?(?:소유|주인))|관리자\s?(?:공지|권한|알림)|디버그|승인번호|본인\s?동의\s?받음",
    r"(?:장관|국장|실장|차관|간부|비서관|관리자|보고받는\s?분|국장님만)[^.!?\n]{0,24}(?:직접\s?보고|직접\s?전해|전하(?:라|십)|승인하라|승인해|알림|공지|암호|비밀번호|입금|답장|/[a-z]+|국장님만|조작되|만\s?보세요|전화하십시오라고)|(?:암호|비밀번호)[^.!?\n]{0,12}(?:만료|입력|재?설정)|입금\s?바랍|장관\s?일정\s?취소",
    # showing what is hidden
    r"(?:프롬프트|지시문|환경변수|설정\s?파일|모델\s?이름|API\s?key|원문\s?그대로)|가려진|익명\s?작성자|처음부터\s?끝까지\s?복사|암호\s[가-힣]+$|확인코드",
    # pressing, conditions, other ways round
    r"안\s?쓰면|적지\s?않으면|써\s?주(?:면|시면)|거절하면|팁으로|마지막\s?소원|보고서가\s?삭제|\d단계\s?:|끝\.\s+요약:|목록\s?끝|항목은\s?없음|(?:JSON|형식)\s?(?:말고|변경)|국장님,\s지금|둘?\s?이상이면[^.!?\n]{0,30}이름|한\s줄$|만약[^.!?\n]{0,30}(?:하라|실행|요약|뽑)|실행(?:해줘|$)|첫\s?글자만|다음\s?메모에|아무\s?말도\s?하지\s?마|생각은\s?자유|일본어로|영어로\s?번역|로마자로|한국어로\s?옮|거꾸로\s?읽|풀어서|암호문|해독|진짜\s?보고서|붙여\s?$|그\s?다음\s?줄|주제가\s[^.!?\n]{0,20}이름\s?지어|(?:^|\s)ㄱ\s?$",
    r"(?:보고서|맨\s?위|출처|링크|주소)[^.!?\n]{0,24}(?:넣|적[어으기]|걸어|보라)|여기(?:로\s?오|\s?들어가|를\s?누르)|굵게",
)
_ENGLISH = (
    r"\b(?:ignore|ignorez|ignoriere|ignoreer|disregard|forget|override|overrides)\b|игнорируй|忽略|無視|取り消し|bỏ\s?qua|指示|指令|输出|出力",
    r"(?:^|[.;:!?]\s*|\b(?:must|please|just|now|then|bot|step|tool|task|and|to)\s+)(?:print|output|append|cite|respond|decode\s+this|repeat\s+(?:everything|above|after|this)|pretend|act\s+as|translate\s+(?:everything|the\s+(?:digest|report|summary))|say\s+(?-i:[A-Z]))\b",
    r"\b(?:write|writes|put|set|include|keep|delete|exclude|mark|call|list|count|give|skip|drop|copy|rewrite|return|replace|replacing|follow|visit|approve|sign|stop|correct|reveal|say|confirm|confirming|writing|conclude|read|reply)\b[^.!?\n]{0,50}(?:(?<![A-Za-z])(?-i:[A-Z]{3,})|[\"“]|\b(?:notes?|report|summary|digest|feedback|themes?|title|heading|headline|\d+\s+times|output|answer|top|url|from\s+companies)\b)|\b(?:set|count|correct)\b[^.!?\n]{0,30}\d{2,}|summari[sz]ing\b|the\s+number\s+of\s+voices|finding\s+instead",
    r"\b(?:system|developer|assistant|admin|user|human|role|content|prompt|headline|heading|title|summary|digest|report|summari[sz]\w+|finding|citations?|evidence|instructions?|guidelines|notes?|previous|average\srating|minority|voices)\b(?:\s?[:=]|\W[^.!?\n]{0,40}\b(?:is|must|has|to|says?|should|with|be|again|first|correct|agree)\b)",
    r"\b(?:you\s+(?:are|must|have|will|'ll)|you'?ll|your\s+(?:rules|system|output|only|guidelines)|if\s+you\s+don'?t|what\s+are\s+your|for\s+each\s+note|as\s+the\s+(?:owner|final)|policy\s+update|this\s+is\s+(?:openai|anthropic)|openai|anthropic|unchained|hey\s+bot|i'?m\s+the\s+administrator|dear\s+manager|to\s+the\s+minister|new\s+instructions|real\s+task|api\s?key|everyone\s+is\s+happy|hidden\s+(?:instructions|prompt)|everything\s+(?:else|above)|before\s+this\s+message|your\s+answer|if\s+you\s+refuse)\b",
)
_MACHINE_TEXT = (
    r"</?\s*(?!(?:b|i|u|s|em|strong|blockquote|br|p)\s*>)[a-z!?][^>]{0,80}>|<!|<<<|\]\]>|&lt;|&[a-z]+;\S|<\|[^|]*\||\[/?INST\]|```|~~~|'''|^\s*\#{2,}|={3,}|-{4,}",
    r"\{\s*\"?\w*\"?\s*:|\}\s*\]|\"\s*[:}]|\{\{|\{%|\$\{|\\u00|%0d|\x1b|tool_result|root\#|\#(?:set|import|eval|read|text|page|show|let)\b|\$\s.*\$|\bwhile\s+true|\bif\s.*\bthen\b|==|:=|print\(|\w\s?=\s?\"|^\s*(?:system|root|admin|user)\s?[>#$]",
    r"^\s*(?:[=@](?!HYPERLINK)[A-Za-z]{2,}\(|[=+-]\d+\+\d+\+|=\d+\+\d{3,}|\+[A-Z]{2,}\()|cmd\||\(\"\[링크|!A0|\*\*\S|(?<!\S)_\S+_(?!\S)|\]\(|`",
    r"(?<![A-Za-z0-9+/])(?=[A-Za-z0-9+/]*\d)(?=[A-Za-z0-9+/]*[a-z])[A-Za-z0-9+/]{28,}={0,2}|(?<![A-Za-z0-9+/])(?=[A-Za-z0-9+/]{0,40}\d)(?=[A-Za-z0-9+/]{0,40}[a-z])(?=[A-Za-z0-9+/]{0,40}[A-Z])[A-Za-z0-9+/]{16,}={0,2}|base64|rot13|\bjisi\s+mu|(?<![가-힣A-Za-z])hex(?![a-z])",
)

_FLAGS = re.IGNORECASE | re.MULTILINE
_ANY_LANGUAGE = tuple(re.compile(pattern, _FLAGS) for pattern in _KOREAN)
_WITH_SIGNS = tuple(re.compile(pattern, _FLAGS) for pattern in (*_ENGLISH, *_MACHINE_TEXT))
_SIGNS = re.compile(r"[A-Za-z<>{}\[\]#=`~*$\\'\x1b一-鿿ぁ-ヿЀ-ӿ-]")
"""Without any of these no pattern of the second group can match: most notes need not be looked at for it."""
_LETTERS_APART = re.compile(r"(?<=[가-힣])[\s.·]+(?=[가-힣])")
_IGNORE = re.compile(r"(?:이전|앞의|위의)지시[를을은는]?(?:무시|잊)")


def orders(text: str) -> bool:
    """Whether `text` (as one sees it, NFKC) holds an order to whoever makes the digest, or text for a machine."""
    found = any(pattern.search(text) for pattern in _ANY_LANGUAGE)
    if not found and _SIGNS.search(text):
        found = any(pattern.search(text) for pattern in _WITH_SIGNS)
    return found or ("지" in text and _IGNORE.search(_LETTERS_APART.sub("", text)) is not None)
