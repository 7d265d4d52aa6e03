"""How Korean is written for people: particles after every kind of last sound, dates, times, spans."""

import unicodedata
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts.korean import PARTICLES, with_particle, written_date, written_span, written_time


@pytest.mark.parametrize(
    ("word", "pair", "expected"),
    [
        # with and without a final consonant
        ("전북", "은는", "전북은"),
        ("제주", "은는", "제주는"),
        ("강원", "이가", "강원이"),
        ("제주", "이가", "제주가"),
        ("간담회", "을를", "간담회를"),
        ("일정", "을를", "일정을"),
        ("청년", "과와", "청년과"),
        ("근로자", "과와", "근로자와"),
        ("의견", "이라", "의견이라"),
        ("메모", "이라", "메모라"),
        ("권역", "이에요", "권역이에요"),
        ("회의", "이에요", "회의예요"),
        # ㄹ takes 로, and is closed for every other pair
        ("서울", "으로", "서울로"),
        ("서울", "은는", "서울은"),
        ("군산", "으로", "군산으로"),
        ("완주", "으로", "완주로"),
        ("울릉", "으로", "울릉으로"),
        # numbers as they are read: 영 일 이 삼 사 오 육 칠 팔 구
        ("10", "은는", "10은"),
        ("1", "으로", "1로"),
        ("2", "이가", "2가"),
        ("3", "으로", "3으로"),
        ("4", "이가", "4가"),
        ("5", "을를", "5를"),
        ("6", "으로", "6으로"),
        ("7", "으로", "7로"),
        ("8", "으로", "8로"),
        ("9", "은는", "9는"),
        ("100", "으로", "100으로"),
        ("30%", "은는", "30%는"),
        ("15℃", "으로", "15℃로"),
        # letters by their names: 엘 엠 엔 아르/알 are closed
        ("AX", "은는", "AX는"),
        ("TF", "으로", "TF로"),
        ("HTML", "으로", "HTML로"),
        ("FM", "을를", "FM을"),
        ("LAN", "이가", "LAN이"),
        ("HR", "은는", "HR은"),
        # quotes and signs make no sound
        ("‘상생’", "을를", "‘상생’을"),
        ("『회의록』", "이가", "『회의록』이"),
        ("정말?!", "은는", "정말?!은"),
        # a remark in brackets is passed over: the word before it decides
        ("해(1443년)", "과와", "해(1443년)와"),
        ("전북(5극3특)", "은는", "전북(5극3특)은"),
        ("제주(특별자치도청)", "은는", "제주(특별자치도청)는"),
        ("(주)", "은는", "(주)는"),
        # what has no sound at all
        ("", "은는", "는"),
        ("★", "이가", "★가"),
    ],
)
def test_the_particle_fits_the_last_sound(word: str, pair: str, expected: str) -> None:
    assert with_particle(word, pair) == expected


def test_a_pair_that_we_do_not_know_is_an_error() -> None:
    with pytest.raises(KeyError):
        with_particle("전북", "에게")


@given(st.integers(0xAC00, 0xD7A3), st.sampled_from(sorted(PARTICLES)))
def test_every_syllable_gets_one_of_the_pair_by_its_final(code: int, pair: str) -> None:
    syllable = chr(code)
    parts = unicodedata.normalize("NFD", syllable)
    closed, open_ = PARTICLES[pair]
    takes_closed = len(parts) == 3 and not (pair == "으로" and parts[2] == "\u11af")
    assert with_particle(syllable, pair) == syllable + (closed if takes_closed else open_)


@given(st.text(max_size=20), st.sampled_from(sorted(PARTICLES)))
def test_any_word_stays_whole_and_gets_one_of_the_pair(word: str, pair: str) -> None:
    assert with_particle(word, pair) in {word + particle for particle in PARTICLES[pair]}


def test_a_word_taken_apart_is_heard_the_same() -> None:
    apart = unicodedata.normalize("NFD", "전북")
    assert with_particle(apart, "은는") == apart + "은"


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2026, 1, 22), "1.22.(목)"),
        (date(2026, 2, 4), "2.4.(수)"),
        (date(2026, 12, 31), "12.31.(목)"),
        (date(2028, 2, 29), "2.29.(화)"),
        (date(2026, 1, 25), "1.25.(일)"),
    ],
)
def test_dates_are_the_ministrys(day: date, written: str) -> None:
    assert written_date(day) == written


@pytest.mark.parametrize(
    ("hour", "minute", "written"), [(7, 30, "07:30"), (0, 0, "00:00"), (23, 59, "23:59"), (12, 5, "12:05")]
)
def test_times_are_of_24_hours(hour: int, minute: int, written: str) -> None:
    assert written_time(datetime(2026, 1, 22, hour, minute, 59, tzinfo=UTC)) == written


@pytest.mark.parametrize(
    ("span", "written"),
    [
        (timedelta(minutes=50), "50분"),
        (timedelta(minutes=60), "1시간"),
        (timedelta(minutes=80), "1시간 20분"),
        (timedelta(days=1, hours=2, minutes=3), "1일 2시간 3분"),
        (timedelta(days=2), "2일"),
        (timedelta(minutes=9, seconds=1), "10분"),
        (timedelta(seconds=1), "1분"),
        (timedelta(), "곧"),
        (timedelta(minutes=-5), "곧"),
        (timedelta(days=-3), "곧"),
    ],
)
def test_spans_are_whole_minutes(span: timedelta, written: str) -> None:
    assert written_span(span) == written
