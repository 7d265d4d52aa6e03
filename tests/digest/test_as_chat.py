"""The digest in chat: Telegram takes every part, small groups are shielded, and it reads as it was last approved."""

import os
import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings

from bot.digest.as_chat import MOST_PARTS, compose, sections
from bot.digest.chat_parts import LONGEST_PART, Block, pack, pieces
from bot.digest.pipeline import make_digest
from bot.domain.digest import DayInput, Digest, Engine, EngineKind, Finding, FindingKind, Quote, Topic
from bot.domain.feedback import NoteKind, Speaker
from prompts.messages import FOLDER, Messages
from tests.support.corpus import corpus_day
from tests.support.days import day_of, days, note
from tests.support.telegram_rules import check_request, visible

_GOLDEN = Path(__file__).parent / "golden" / "jeonbuk.txt"
_NOW = datetime(2026, 1, 22, 12, 0, tzinfo=UTC)
_MESSAGES = Messages(ZoneInfo("Asia/Seoul"))


def said(digest: Digest, key: str) -> list[str]:
    return compose(digest, key, _MESSAGES, _NOW)


def everything(digest: Digest) -> str:
    return "\n".join(part for section in sections(digest) for part in said(digest, section.key))


def test_the_jeonbuk_day_reads_as_approved() -> None:
    """Run with RERECORD=1 after looking at the change."""
    digest = make_digest(corpus_day("jeonbuk_2026-01-22", every_nth_without_topic=3))
    text = "\n\n".join(
        f"═══ {section.key} {place + 1}\n{part}"
        for section in sections(digest)
        for place, part in enumerate(said(digest, section.key))
    )
    if os.environ.get("RERECORD") == "1":
        _GOLDEN.parent.mkdir(exist_ok=True)
        _GOLDEN.write_text(text + "\n", encoding="utf-8")
    assert text + "\n" == _GOLDEN.read_text(encoding="utf-8")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(days())
def test_telegram_takes_every_part_of_any_day(day: DayInput) -> None:
    digest = make_digest(day)
    for section in sections(digest):
        assert re.fullmatch(r"[a-z0-9]{1,12}", section.key)
        assert _MESSAGES.plain(section.label, section.values, now=_NOW)
        parts = said(digest, section.key)
        assert 1 <= len(parts) <= MOST_PARTS
        for part in parts:
            check_request("sendMessage", {"chat_id": 1, "text": part, "parse_mode": "HTML"})
            assert len(visible(part, "HTML").encode("utf-16-le")) // 2 <= 4096
            assert len(re.findall(r"<[a-z]", part)) <= 100


def test_the_summary_of_eight_themes_is_one_message() -> None:
    topics = tuple(
        replace(
            corpus_day("jeonbuk_2026-01-22").topics[0],
            key=f"k{n}",
            title=f"아주 긴 주제의 이름 {n} · 둘째 · 셋째",
        )
        for n in range(8)
    )
    long = "교대 시간과 맞지 않는 통근버스 때문에 새벽 근무자가 택시를 타고 다니며 한 달에 이십만원 가까이 쓰고 있어 퇴사를 고민하는 사람이 많습니다 {}번째 이야기"
    notes = tuple(
        note(
            f"전북-{n * 10 + m}",
            long.format(n * 10 + m) + (" 노선을 늘려주세요" if m % 2 else "입니다"),
            topic=f"k{n}",
        )
        for n in range(8)
        for m in range(9)
    )
    digest = make_digest(replace(day_of(*notes), topics=topics))
    assert len(digest.themes) == 8
    assert len(said(digest, "sum")) == 1
    assert len(compose(digest, "sum", _MESSAGES, _NOW, "en")) == 1, (
        "the words of the form are longer in English"
    )


def test_small_groups_are_not_counted_for_people() -> None:
    digest = make_digest(
        day_of(
            *(note(f"전북-{n}", f"버스가 {n}번 늦습니다", rating=2) for n in range(1, 4)),
            note("전북-7", "저는 만족합니다", rating=5, speaker=Speaker.YOUTH),
        )
    )
    summary, theme = said(digest, "sum")[0], said(digest, "t0")[0]
    assert "의견 5 미만 · 연인원 5 미만" in summary
    assert "(연인원 5 미만)" in summary
    assert "접수" not in summary.replace("접수된", "")
    for text in (summary, theme):
        assert "청년" not in text
        assert "점(5점" not in text


def _day_of_themes(*sizes: int, rating: int | None = None) -> Digest:
    """Themes of so many voices, one note each; those after the first say unlike things."""
    topics = tuple(Topic(f"k{n}", f"주제 {n}") for n in range(len(sizes)))
    notes = tuple(
        note(
            f"전북-{n * 100 + m}",
            f"{m}번 버스가 {n}시 {m}분에 늦습니다",
            topic=f"k{n}",
            voice=f"v{n}-{m}",
            rating=rating,
        )
        for n, size in enumerate(sizes)
        for m in range(size)
    )
    return make_digest(replace(day_of(*notes), topics=topics))


def test_a_small_theme_cannot_be_computed_from_the_others_and_the_ledger() -> None:
    digest = _day_of_themes(20, 9, 3, rating=4)
    assert [theme.voices for theme in digest.themes] == [20, 9, 3]
    summary = said(digest, "sum")[0]
    assert [summary.count(f"(연인원 {told})") for told in ("20", "비공개", "5 미만")] == [1, 1, 1]
    for place, told in enumerate(["의견 20 · 연인원 20", "의견 비공개 · 연인원 비공개", "의견 5 미만"]):
        assert told in said(digest, f"t{place}")[0]
    second, third = said(digest, "t1")[0], said(digest, "t2")[0]
    for page in (second, third):
        assert "발언:" not in page, "they make the theme's count together"
        assert "점(5점" not in page
    assert "그 밖의 의견: 전북-" in said(digest, "t0")[0]
    assert "그 밖의 의견: " not in second, "numbers can be counted"
    assert "번호를 싣지 않음" in second


def test_large_themes_are_counted_in_full() -> None:
    digest = _day_of_themes(20, 9, rating=4)
    assert "비공개" not in everything(digest)
    assert everything(digest).count("그 밖의 의견: 전북-") == 2


def test_a_rating_is_left_out_where_it_would_tell_that_of_the_rest() -> None:
    """The rest are three voices that rated and chose no topic: their average is the day's less the theme's."""
    notes = [note(f"전북-{n}", f"버스가 {n}분 늦습니다", voice=f"v{n}", rating=2) for n in range(8)]
    apart = [note(f"전북-{n}", "", topic=None, voice=f"v{n}", rating=5) for n in range(8, 11)]
    digest = make_digest(day_of(*notes, *apart))
    assert "점(5점" in said(digest, "sum")[0]
    assert "점(5점" not in said(digest, "t0")[0]
    assert "점(5점" in said(make_digest(day_of(*notes)), "t0")[0]


def test_the_form_speaks_the_readers_language_and_quotes_stay_as_they_are(tmp_path: Path) -> None:
    for language in ("ko", "xx"):
        shutil.copytree(FOLDER / "ko", tmp_path / language)
    for file in ("digest.toml", "voices.toml"):
        words = (tmp_path / "xx" / file).read_text(encoding="utf-8")
        for korean, other in (
            ("연인원", "voices"),
            ("5 미만", "under 5"),
            ("근로자", "worker"),
            ("요약", "sum"),
        ):
            words = words.replace(korean, other)
        (tmp_path / "xx" / file).write_text(words, encoding="utf-8")
    messages = Messages(ZoneInfo("Asia/Seoul"), tmp_path)
    digest = make_digest(day_of(*(note(f"전북-{n}", f"연인원이 {n}번 늦습니다") for n in range(1, 4))))
    parts = [part for one in sections(digest) for part in compose(digest, one.key, messages, _NOW, "xx")]
    text = "\n".join(parts)
    assert "voices under 5" in text
    assert re.sub(r"연인원이 \d번", "", text).count("연인원") == 0


def test_a_day_without_notes_says_so() -> None:
    assert "접수된 의견이 없음" in said(make_digest(day_of()), "sum")[0]
    assert [section.key for section in sections(make_digest(day_of()))] == ["sum"]


def test_a_day_whose_notes_were_all_withdrawn_says_so() -> None:
    assert "모두 철회" in said(make_digest(day_of(withdrawn=3)), "sum")[0]


def test_promises_hearsay_and_what_stands_alone_have_their_sections() -> None:
    staff = {"speaker": Speaker.STAFF, "voice": "s"}
    digest = make_digest(
        day_of(
            note("전북-1", "월세가 비싼 것 같습니다", topic="living"),
            note("전북-2", "3월까지 답하겠다고 함", topic=None, kind=NoteKind.PROMISE, **staff),
            note("전북-3", "옆 시도 그렇다고 들음", topic=None, kind=NoteKind.HEARSAY, **staff),
        )
    )
    assert [section.key for section in sections(digest)] == ["sum", "pro", "min", "led"]
    promises = said(digest, "pro")[0]
    assert (
        promises.index("□ 약속")
        < promises.index("3월까지")
        < promises.index("□ 전언")
        < promises.index("옆 시도")
    )
    assert "주거 &amp; 교통 &lt;문화&gt;" in said(digest, "min")[0]


def test_words_of_a_note_cannot_format_or_hide_anything() -> None:
    text = everything(
        make_digest(day_of(note("전북-1", "<b>x</b> </blockquote> 뒤\u202e집힌 글자\x07 입니다", topic=None)))
    )
    assert "&lt;b&gt;x&lt;/b&gt;" in text
    assert "\u202e" not in text
    assert "\x07" not in text


def test_a_very_long_day_ends_with_where_the_rest_is() -> None:
    notes = [note(f"전북-{n}", f"{n}번 " + "아주 긴 의견입니다 " * 60, topic=None) for n in range(1, 200)]
    parts = said(make_digest(day_of(*notes)), "unp")
    assert len(parts) == MOST_PARTS
    assert "이하 생략" in parts[-1]


def test_the_stamp_says_who_wrote_it() -> None:
    digest = make_digest(corpus_day("jeonbuk_2026-01-22"))
    assert "발췌 방식" in said(digest, "sum")[0]
    fallen = replace(digest, engine=Engine(fallback_reason="timeout"))
    assert "사유: AI가 제시간에 답하지 않음" in said(fallen, "sum")[0]
    older = replace(digest, engine=Engine(fallback_reason="a reason of another version"))
    assert "사유: a reason of another version" in said(older, "sum")[0]
    by_model = Engine(EngineKind.LANGUAGE_MODEL, "some-model", "digest-1", tokens=1234)
    model = replace(digest, engine=by_model)
    assert "AI로 작성됨(some-model, 지침 digest-1, 토큰 1234) · 점검 통과" in said(model, "sum")[0]
    partly = replace(digest, engine=replace(by_model, fallback_reason="overtaken"))
    assert "일부는 발췌(사유: 작성하는 동안 의견이 계속 들어옴)" in said(partly, "sum")[0]


def test_a_sentence_that_nobody_said_has_no_quotation_marks_and_says_by_whom_it_is() -> None:
    words = "통근버스가 막차를 놓치면 한 시간을 기다립니다."
    digest = make_digest(day_of(*(note(f"전북-{n}", f"{words} {n}") for n in range(1, 7))))
    quote = Quote("전북-3", f"{words} 3", Speaker.COMPANY)
    written = Finding(FindingKind.FINDING, "통근버스 막차를 놓치면 한 시간 기다림", ("전북-3",), (quote,))
    (theme,) = digest.themes
    by_model = Engine(EngineKind.LANGUAGE_MODEL, "some-model", "digest-1")
    digest = replace(digest, themes=(replace(theme, findings=(written,)),), engine=by_model)
    summary, unfolded = said(digest, "sum")[0], said(digest, "t0")[0]
    assert "- 통근버스 막차를 놓치면 한 시간 기다림 <i>(근거 전북-3)</i>" in summary
    assert f"- “{words} 3” <i>(기업 · 전북-3)</i>" in unfolded
    for part in (summary, unfolded):
        assert "따옴표가 없는 문장은 AI(some-model)로 작성됨" in part
    assert "AI" not in said(digest, "led")[0].replace("AI로 작성됨(some-model", "")


def test_a_section_that_is_not_there_is_refused() -> None:
    with pytest.raises(KeyError):
        said(make_digest(day_of()), "t0")


def test_long_words_are_cut_between_sentences_then_words() -> None:
    assert pieces("짧은 말입니다.", 20) == ["짧은 말입니다."]
    assert pieces("첫 문장입니다. 둘째 문장입니다. 셋째.", 20) == ["첫 문장입니다. 둘째 문장입니다.", "셋째."]
    assert pieces("한마디 두마디 세마디", 8) == ["한마디 두마디", "세마디"]
    assert pieces("가" * 25, 10) == ["가" * 10, "가" * 10, "가" * 5]


def test_a_heading_never_ends_a_part() -> None:
    parts = pack([Block("가" * (LONGEST_PART - 10)), Block("<b>제목</b>", leads=True), Block("나" * 100)])
    assert parts == ["가" * (LONGEST_PART - 10), "<b>제목</b>\n" + "나" * 100]
