"""Whatever the day: it balances, every quote is a note's own words, and what was taken back is nowhere."""

import json
import time
import unicodedata
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.digest.as_json import from_json, to_json
from bot.digest.ledger import verify
from bot.digest.pipeline import make_digest
from bot.digest.prepare import prepare
from bot.domain.digest import DayInput, Digest, Finding
from bot.domain.feedback import NoteKind, Speaker
from bot.domain.ids import VoiceId
from tests.support.corpus import corpus_day
from tests.support.days import day_of, days, note

_patient = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def every_finding(digest: Digest) -> list[Finding]:
    return [*(f for theme in digest.themes for f in theme.findings), *digest.minority, *digest.apart]


@_patient
@given(days())
def test_any_day_balances(day: DayInput) -> None:
    digest = make_digest(day)
    verify(digest, day)
    assert digest.checks.dropped == 0
    assert digest.checks.findings == len(every_finding(digest))


@_patient
@given(days())
def test_every_quote_is_found_in_its_redacted_note(day: DayInput) -> None:
    digest = make_digest(day)
    words = {one.number: one.words for one in prepare(day)}
    for finding in every_finding(digest):
        assert any(finding.text in words[number] for number in finding.notes)
    quotes = [quote for finding in every_finding(digest) for quote in finding.quotes]
    quotes += [quote for one in digest.unplaced for quote in one.quotes]
    for quote in quotes:
        assert quote.text
        assert unicodedata.normalize("NFC", quote.text) == quote.text
        assert quote.text in words[quote.note]


@_patient
@given(days())
def test_json_comes_back_whole(day: DayInput) -> None:
    digest = make_digest(day)
    assert from_json(json.loads(json.dumps(to_json(digest), ensure_ascii=False))) == digest


@_patient
@given(days())
def test_the_order_of_the_notes_does_not_matter(day: DayInput) -> None:
    assert make_digest(day) == make_digest(replace(day, notes=tuple(reversed(day.notes))))


@_patient
@given(days(), st.data())
def test_nothing_of_a_withdrawn_note_is_anywhere(day: DayInput, data: st.DataObject) -> None:
    """A withdrawn note is not among a day's notes: only that it was there is counted."""
    secret = note(
        "전북-9999",
        "비밀양파수프 이야기입니다. 다른 의견입니다.",
        speaker=Speaker.STAFF,
        kind=NoteKind.PROMISE,
    )
    place = data.draw(st.integers(0, len(day.notes)))
    with_it = replace(day, notes=(*day.notes[:place], secret, *day.notes[place:]))
    assert "비밀양파수프" in json.dumps(to_json(make_digest(with_it)), ensure_ascii=False)
    after = json.dumps(to_json(make_digest(replace(day, withdrawn=day.withdrawn + 1))), ensure_ascii=False)
    assert "비밀양파수프" not in after
    assert secret.number not in after


def test_the_day_of_the_corpus_balances_at_130() -> None:
    digest = make_digest(corpus_day("jeonbuk_2026-01-22", every_nth_without_topic=3))
    ledger = digest.ledger
    assert ledger.received == 130
    assert len(ledger.cited) + len(ledger.covered) + len(ledger.unplaced) == 130
    assert digest.numbers.voices == 130


def test_a_day_without_notes_is_a_digest_too() -> None:
    digest = make_digest(day_of())
    assert digest.ledger.received == 0
    assert not digest.themes
    assert digest.numbers.rating_average is None


def test_voices_are_counted_once_however_many_notes() -> None:
    day = day_of(
        *(note(f"전북-{n}", f"{n}번째로 남기는 의견입니다", voice="one", rating=5) for n in range(1, 5)),
        note("전북-5", "다른 사람의 의견입니다", rating=1, speaker=Speaker.YOUTH),
        note("전북-6", "", rating=2, voice="silent"),
    )
    digest = make_digest(day)
    assert (digest.numbers.notes, digest.numbers.voices) == (6, 3)
    assert digest.numbers.by_speaker == {Speaker.YOUTH: 1, Speaker.COMPANY: 2}
    assert digest.numbers.rating_counts == {1: 1, 2: 1, 3: 0, 4: 0, 5: 4}
    assert digest.themes[0].by_speaker == {Speaker.YOUTH: 1, Speaker.COMPANY: 1}
    assert digest.themes[0].rated_voices == 2


def test_names_of_people_on_file_are_nowhere_in_a_digest() -> None:
    day = day_of(
        note("전북-1", "나현장 씨가 도와주었습니다. 연락은 010-0123-4567", topic=None),
        note("전북-2", "나현장님께 감사드리는 의견입니다"),
        known_names=frozenset({"나현장"}),
    )
    text = json.dumps(to_json(make_digest(day)), ensure_ascii=False)
    assert "현장" not in text.replace("hyeonjang", "")
    assert "4567" not in text


def test_ten_thousand_notes_take_seconds() -> None:
    """Processor time, generous for slow machines: what it must catch is work that grows with the square."""
    base = corpus_day("jeonbuk_2026-01-22").notes
    many = tuple(
        replace(
            base[n % 130],
            number=f"전북-{n}",
            voice=VoiceId(f"v{n}"),
            topic=base[n % 130].topic or "energy",
            words=f"{base[n % 130].words} {n}",
        )
        for n in range(10_000)
    )
    started = time.process_time()
    digest = make_digest(replace(corpus_day("jeonbuk_2026-01-22"), notes=many))
    assert digest.ledger.received == 10_000
    assert time.process_time() - started < 45
