"""Every refusal of a file has Korean words, and its variables are the ones that the words use."""

import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.domain.errors import Refusal
from bot.domain.reading import read_notes, read_topics, read_tour
from bot.domain.tables.grid import FORMULA_FAILED, FORMULA_NOT_WORKED_OUT, Book, Grid, Line, Source
from bot.domain.tables.sheet import RefusedLine
from prompts.messages import Messages
from tests.support.plans import DAY, SEOUL, at

DOMAIN = Path(__file__).parents[2] / "bot" / "domain"
NOW = at("12:00", day=DAY)
TOUR = "key,round,region,date,start,end,track,title,venue\n"
NOTES = "note_id,region,date,time,speaker,rating,text,topic\n"
_GOOD = ("1", "전북", "2026-01-22", "09:00", "10:00", "기업", "회의", "방")
_HEAD = TOUR.strip().split(",")
_BROKEN = [
    _HEAD,
    ["예시-1", *_GOOD],
    ["n", *_GOOD[:-1], FORMULA_FAILED],
    ["o", *_GOOD[:-1], FORMULA_NOT_WORKED_OUT],
]
TOURS: list[Source] = [
    Book((Grid([Line(n, n, cells) for n, cells in enumerate(_BROKEN, start=1)], "일정", loose=True),)),
    b"",
    TOUR,
    b"PK\x03\x04",
    b"\xff\xfe\x00",
    "key,권역,일정명 전북\n".encode() + b"\xec\n",
    "words\n",
    "key,key\n",
    TOUR
    + "a,1,전북,2026-01-22,09:00,10:00,기업,회의,방\n"
    + "a,1,전북,2026-01-22,09:00,10:00,기업,회의,방\n"
    + "b,1,전북,2026-01-22,09:00,10:00,기업,회의,\n"
    + "c,1,전북,2026-01-22,09:00,10:00,기업,,방\n"
    + "d,1,전북,2026-01-22,09:00,10:00,<주민>,회의,방\n"
    + "e,1,전북,2026-01-22,09:00,02:00,기업,회의,방\n"
    + "f,1,전북,2026-01-22,9,10:00,기업,회의,방\n"
    + "g,1,전북,2026-01,09:00,10:00,기업,회의,방\n"
    + "h,1,전북,2026-01-22(금),09:00,10:00,기업,회의,방\n"
    + "i,끝,전북,2026-01-22,09:00,10:00,기업,회의,방\n"
    + "j,1,전북,2026-01-22,09:00,10:00,기업,회의,방,더\n"
    + "k,1,전북,2026-01-22,09:00,10:00,기업,회\x1b의,방\n"
    + f"l,1,전북,2026-01-22,09:00,10:00,기업,{'가' * 200},방\n"
    + 'm,1,"전북,2026-01-22\n',
]
NOTE_FILE = (
    NOTES
    + "1,전북,2026-01-22,,,5,좋다,\n"
    + "1,전북,2026-01-22,,,5,좋다,\n"
    + "2,전북,2026-01-22,,장관,5,좋다,\n"
    + "3,전북,2026-01-22,,,9,좋다,\n"
    + "4,전북,2026-01-22,,,5,좋다,축구\n"
    + "5,전북,2026-01-22,,,,,\n"
)
TOPIC_FILES = [
    "[[",
    "",
    "topic=[1]",
    "[[topic]]\nkey='a'\ntitle='·'",
    "[[topic]]\nkey='a'\ntitle='가'\n[[topic]]\nkey='a'\ntitle='나'",
]


@pytest.fixture(scope="module")
def messages() -> Messages:
    return Messages(ZoneInfo("Asia/Seoul"))


def refused_lines() -> list[RefusedLine]:
    lines = [line for data in TOURS for line in read_tour(data, SEOUL).refused]
    return lines + list(read_notes(NOTE_FILE, SEOUL).refused)


def refusals() -> list[Refusal]:
    found: list[Refusal] = []
    for text in TOPIC_FILES:
        with pytest.raises(Refusal) as why:
            read_topics(text)
        found.append(why.value)
    with pytest.raises(Refusal) as why:
        read_tour(b"", SEOUL).require_whole()
    return [*found, why.value]


def test_every_refusal_is_said_in_words(messages: Messages) -> None:
    used: set[str] = set()
    for line in refused_lines():
        used |= {line.reason, line.phrase.key}
        assert messages.plain(line.phrase.key, line.phrase.values, now=NOW)
    for refusal in refusals():
        used.add(refusal.key)
        assert messages.plain(refusal.key, refusal.values, now=NOW)
    assert used == mentioned(messages.keys()), "a refusal that no file above provokes"


def mentioned(keys: frozenset[str]) -> set[str]:
    """The import words that the reading code names."""
    sources = [DOMAIN / "reading.py", *sorted((DOMAIN / "tables").glob("*.py"))]
    code = "".join(source.read_text(encoding="utf-8") for source in sources)
    return {f"import.{name}" for name in re.findall(r'"(?:import\.)?([a-z_]+)"', code)} & keys


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "파일이 비어 있습니다."),
        (TOUR + "a,1,전북,2026-01-22,09:00,10:00,<b>&,회의,방\n", "2행 ‘track’ 칸: 모르는 분야입니다: <b>&."),
        (
            TOUR + "a,1,전북,2026.1.22.(금),09:00,10:00,기업,회의,방\n",
            "2행 ‘date’ 칸: ‘2026.1.22.(금)’의 요일",
        ),
        (TOUR + "a,1,전북,2026.1.22.(금),09:00,10:00,기업,회의,방\n", "그날은 1.22.(목)입니다."),
        (TOUR + 'a,"\n\n', "2행: 큰따옴표의 짝이 맞지 않거나 한 칸이 지나치게 길어 3행까지"),
    ],
)
def test_words_say_where_and_what(messages: Messages, data: bytes | str, said: str) -> None:
    (line,) = read_tour(data, SEOUL).refused
    assert said in messages.plain(line.phrase.key, line.phrase.values, now=NOW)
