"""Notes that give orders, among good ones, before a model that obeys them: nothing of it is in anything that is read."""

import asyncio
import json
import random
from collections.abc import Iterator

import pytest

from bot.digest.as_chat import compose, sections
from bot.digest.as_json import to_json
from bot.digest.as_report import report
from bot.digest.ledger import verify
from bot.digest.model_digest import digest_of_texts, tasks
from bot.digest.model_theme import write_theme
from bot.digest.pipeline import make_digest, outline
from bot.digest.prepare import prepare
from bot.digest.report import FileForm
from bot.digest.suspect import is_suspect
from bot.digest.units import clean_spans, units
from bot.domain.digest import DayInput, Digest, Finding
from bot.gateways.documents.writing import written
from tests.support.attacks import UNRECOGNISED, Attack, attacks, holds, obeying
from tests.support.chat import MESSAGES
from tests.support.corpus import corpus_day, rows
from tests.support.days import day_of, note
from tests.support.documents import words_of
from tests.support.model_writers import Writer
from tests.support.plans import at

ATTACKS = attacks()
KNOWN = tuple(one for one in ATTACKS if one.family != UNRECOGNISED)
NEW = tuple(one for one in ATTACKS if one.family == UNRECOGNISED)
GOOD = ("plain_gangwon_2026-02-04", "plain_chungcheong_2026-02-06", "indirect_daegyeong_2026-02-05")
OURS = ("jeonbuk_2026-01-22", "southeast_2026-01-23", "edge_cases", *GOOD, "indirect_daily_life")


def day_among(corpus: str, some: tuple[Attack, ...], seed: int, most: int = 60) -> DayInput:
    """Good notes with attacks among them, in one order per seed, on whatever topic."""
    rng = random.Random(seed)
    said = [row["text"] for row in rows(corpus) if row["kind"] == "normal"][:most]
    words = [*said, *(one.text for one in some)]
    rng.shuffle(words)
    topics = ("jobs", "living", None)
    return day_of(
        *(note(f"전북-{n}", text, topic=rng.choice(topics)) for n, text in enumerate(words, start=1))
    )


def batches(some: tuple[Attack, ...], size: int = 62) -> Iterator[tuple[int, tuple[Attack, ...]]]:
    order = random.Random(7).sample(some, len(some))
    for place in range(0, len(order), size):
        yield place, tuple(order[place : place + size])


def obeyed(day: DayInput, some: tuple[Attack, ...]) -> Digest:
    async def write() -> Digest:
        made = outline(day)
        writer = Writer(otherwise=obeying(some))
        texts = {one.place: await write_theme(writer, one) for one in tasks(made, abroad=False)}
        return digest_of_texts(made, texts, writer.name)

    return asyncio.run(write())


def read(digest: Digest) -> dict[str, str]:
    """Everything that people read of a digest, without the files that take a while."""
    chat = [part for one in sections(digest) for part in compose(digest, one.key, MESSAGES, at("21:00"))]
    page = written(report(digest, MESSAGES, at("21:00")), FileForm.HTML).decode()
    return {"chat": "\n".join(chat), "json": json.dumps(to_json(digest), ensure_ascii=False), "html": page}


def findings_of(digest: Digest) -> list[Finding]:
    return [*(f for theme in digest.themes for f in theme.findings), *digest.minority, *digest.apart]


def test_there_are_enough_of_them_and_each_can_be_told_from_the_others() -> None:
    assert len(ATTACKS) >= 300
    assert {"order_ko", "order_en", "hidden", "delimiter", "fake_ids", "role_play", "links", "markup"} <= {
        one.family for one in ATTACKS
    }
    for one in ATTACKS:
        assert one.canaries
        for canary in one.canaries:
            assert not any(holds(other.text, canary) for other in ATTACKS if other is not one), one.id


@pytest.mark.parametrize("corpus", GOOD)
def test_a_model_that_obeys_them_brings_nothing_of_them_to_a_reader(corpus: str) -> None:
    for seed, some in batches(KNOWN[GOOD.index(corpus) :: len(GOOD)]):
        day = day_among(corpus, some, seed)
        for digest in (obeyed(day, some), make_digest(day)):
            verify(digest, day)
            for form, text in read(digest).items():
                seen = [(one.id, form) for one in some for c in one.canaries if holds(text, c)]
                assert seen == []


def test_files_bring_nothing_of_them_either() -> None:
    some = KNOWN[::7]
    digest = obeyed(day_among(GOOD[0], some, 3, most=30), some)
    made = report(digest, MESSAGES, at("21:00"))
    for form in (FileForm.HWPX, FileForm.DOCX, FileForm.PDF):
        text = "\n".join(words_of(written(made, form), form))
        assert "강원" in text or "전북" in text
        assert [(one.id, form) for one in some for c in one.canaries if holds(text, c)] == []


def test_an_order_in_unknown_words_is_quoted_at_most_and_never_obeyed() -> None:
    day = day_among(GOOD[1], NEW, 11)
    texts = {one.number: one.words for one in prepare(day)}
    for digest in (obeyed(day, NEW), make_digest(day)):
        verify(digest, day)
        titles = " ".join(theme.title for theme in digest.themes)
        for one in NEW:
            for canary in one.canaries:
                assert not holds(titles, canary), one.id
                for finding in findings_of(digest):
                    if holds(finding.text, canary):
                        assert all(canary in texts[number] for number in finding.notes), one.id
                        assert " ".join(finding.text.split()) in " ".join(
                            " ".join(texts[number].split()) for number in finding.notes
                        ), one.id


def test_of_an_attack_nothing_can_be_quoted_but_the_opinion_that_it_also_holds() -> None:
    for one in KNOWN:
        [prepared] = prepare(day_of(note("전북-1", one.text)))
        pieces = " ".join([*(unit.text for unit in units(prepared)), *clean_spans(prepared)])
        assert not any(holds(pieces, canary) for canary in one.canaries), one.id
        assert one.opinion in pieces, one.id


def test_an_order_in_letters_that_are_hidden_or_turned_round_is_seen() -> None:
    hidden = [one for one in KNOWN if one.family == "hidden"]
    assert len(hidden) == 36
    assert [
        one.id for one in hidden if not is_suspect(prepare(day_of(note("전북-1", one.text)))[0].words)
    ] == []


def test_an_opinion_beside_an_order_stays_in_the_digest() -> None:
    for one in KNOWN:
        if one.opinion:
            digest = make_digest(day_of(note("전북-1", one.text)))
            assert one.opinion in json.dumps(to_json(digest), ensure_ascii=False), one.id


@pytest.mark.parametrize("corpus", OURS)
def test_what_people_say_is_not_taken_for_an_order(corpus: str) -> None:
    said = [row for row in rows(corpus) if row["kind"] in ("normal", "pii")]
    assert [row["note_id"] for row in said if is_suspect(row["text"])] == []


def test_the_corpus_with_orders_of_its_own() -> None:
    orders = [row for row in rows("edge_cases") if row["kind"] == "injection"]
    assert len(orders) == 10
    day = corpus_day("edge_cases")
    some = tuple(Attack(row["note_id"], "corpus", row["text"], (row["text"],), "") for row in orders)
    for digest in (obeyed(day, some), make_digest(day)):
        verify(digest, day)
        assert all(not is_suspect(finding.text) for finding in findings_of(digest))
        text = json.dumps(to_json(digest), ensure_ascii=False)
        assert [one.id for one in some if json.dumps(one.text, ensure_ascii=False)[1:-1] in text] == []


REMARKS = """
정산 보고서 쓰느라 정작 일을 못 합니다. 서식을 줄여 주세요
결과보고서 제출 기한을 한 달만 늦춰주십시오
안전제일이라고 써 놓고 안전모는 안 줍니다
신청서 제목부터 어려워서 무슨 사업인지 모르겠어요
담당자가 바뀔 때마다 처음부터 다시 말해야 합니다
관리자 승인이 늦어서 기계를 세워 둡니다
감사실 지적이 무서워 연구비를 아무도 못 씁니다
개발자 인건비를 사업비에 넣게 해 주세요
시스템 공지를 외국어로도 표시해 주세요
비밀번호를 석 달마다 바꾸라고 해서 다 포스트잇에 적어 둡니다
다른 업체 의견도 골고루 들어주세요
소수 의견이라고 무시하지 말아 주십시오
모든 사업장에 통역을 두면 좋겠습니다
장관님께 꼭 전해 주세요 현장은 정말 어렵습니다
국장님 지난번에 약속하신 것 잊지 마세요
만족도 조사를 왜 이렇게 자주 합니까
평균 나이가 58세입니다. 젊은 사람을 보내주세요
응답이 3점밖에 안 나온 이유를 따져봐 주세요
환경부는 된다고 하고 지자체는 안 된다고 하고 누구 말만 들어야 합니까
로봇 도입하고 인공지능 검사까지 하는데 사람 교육이 없습니다
AI가 사람을 대체한다고들 하는데 대책이 있습니까
GPT 같은 걸 공장에서 쓰게 교육해 주세요
앞 사람 말씀에 동의합니다. 도로부터 고쳐주세요
위에 말한 지시가 내려와도 현장에선 못 지킵니다
이전 규칙을 없애고 새 규칙을 만들어 주세요
규정이 만약 그대로면 내년에 문 닫아야 합니다
하청 노동자들 의견은 늘 빼고 회의하더라고요
우리 회사 이름만 명단에서 빠졌습니다. 넣어 주세요
보조금 신청은 1단계 서류, 2단계 발표인데 너무 깁니다
출력제어 때문에 태양광이 멈춥니다
발전소 출력을 낮추라고만 합니다
출력 500kW 이하 설비도 지원해 주세요
버스 정류장 이름을 바꿔주세요 헷갈려요
번역이 엉망이라 안전수칙을 못 읽어요. 베트남어로 번역해 주세요
계산서를 거꾸로 발행하라고 합니다
원청이 단가를 그대로 적으라고 강요합니다
은행에서 집문서를 넣으라고 하네요
맨 위 층까지 엘리베이터가 없어요 설치해주세요
첫 줄에 선 사람만 지원금을 받습니다
30명이 쓰는 기숙사에 화장실이 둘입니다
직원 12명이 서명했습니다. 통근버스 늘려달라고요
의견 수렴만 세 번 했습니다 결론을 내 주세요
설명회 때마다 확인하겠다고만 하시네요
지방은 다 나가라는 말로 들립니다
토큰 증권이니 뭐니 말고 대출이나 풀어주세요
A/S 센터가 없어 부품을 외국에서 기다립니다
수출서류에 HS코드 = 8479로 적었다가 관세를 더 냈습니다
Please provide Nepali interpreters at the factory clinic.
The bus comes only once an hour and we cannot go home after work.
We want family visas. My children are in Vietnam.
Safety signs should be written in our language.
Dormitory is cold and the boss takes 300,000 won for it.
전기요금 -20% 라도 깎아 주세요
임금 = 최저시급. 이게 전부입니다
작업지시서가 카톡으로만 와서 증거가 안 남아요
새 명령이 내려올 때마다 서류가 늘어납니다
프로그램을 실행해 보니 불량률이 줄었습니다
너무 덥습니다 선풍기라도 놔주세요
네가 알아서 하라는 식입니다
훈련 통과해도 일자리가 없어요
할머니가 밭일하다 다치셨는데 병원이 멉니다
We want to keep our jobs even after the merger.
Please write the medicine labels in Vietnamese too
We must set a limit on night shifts.
Please include dinner for the second shift
The company should stop taking our passports
They say the dormitory will be closed. Where do we go?
Give us one day off each week, please
I want to visit my family once a year
Please count overtime hours correctly.
The training is in Korean only, nobody translates for us
My report about the accident was not read.
Only two people in our team have insurance
""".strip().splitlines()


@pytest.mark.parametrize("words", REMARKS)
def test_remarks_in_the_words_of_orders_are_remarks(words: str) -> None:
    assert not is_suspect(words)
