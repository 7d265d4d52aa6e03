"""A name that somebody left is taken out of their own notes, out of nobody else's, and a digest follows it."""

from dataclasses import replace

from bot.domain.feedback import Voice
from bot.domain.ids import NoteId
from bot.domain.person import Grant, Role
from bot.services.digests import digest_of
from bot.services.fingerprints import fingerprint_of
from storage.database import Database
from tests.support.days import day_of, note
from tests.support.kept import JEONBUK, person
from tests.support.plans import DAY
from tests.support.report_day import ReportDay, report_day

WORDS = "일자리와 임금이 문제입니다."


async def leaves(day: ReportDay, ident: str, name: str) -> None:
    async with day.database.open_unit() as unit:
        [spoken] = [one for one in await unit.notes.of_day(JEONBUK, DAY) if one.note.id == NoteId(ident)]
        await unit.voices.keep(Voice(spoken.note.voice, spoken.note.meeting, spoken.speaker, name))
        await unit.commit()


async def test_a_name_blanks_words_of_its_own_voice_only(sqlite: Database) -> None:
    day = await report_day(sqlite)
    await day.says(WORDS, topic=None)
    mine = await day.says("저희 가게 문제입니다는 손님이 줄었습니다. 김가상 올림", topic=None)
    first = await day.asks()
    await leaves(day, mine, "문제입 김가상")
    quotes = {quote.text for one in digest_of(await day.asks()).unplaced for quote in one.quotes}
    assert WORDS in quotes
    assert "저희 가게 [이름]니다는 손님이 줄었습니다. [이름] 올림" in quotes
    assert (await day.asks()).fingerprint != first.fingerprint


async def test_a_staff_member_named_like_a_word_blanks_nothing(sqlite: Database) -> None:
    day = await report_day(sqlite)
    async with sqlite.open_unit() as unit:
        for place, name in enumerate(("일자리", "문제입", "문제", "임금")):
            await person(unit, 80 + place, Grant(Role.STAFF, JEONBUK), name=name)
        await unit.commit()
    await day.says(WORDS, topic=None)
    assert WORDS in str((await day.asks()).body)


def test_a_fingerprint_follows_a_left_name_that_the_note_speaks_of() -> None:
    plain = note("전북-1", "김가상의 의견입니다")
    fingerprints = {
        fingerprint_of(day_of(replace(plain, own_names=frozenset(names))))
        for names in ((), ("다른이름",), ("김가상 전북테크노파크",))
    }
    assert len(fingerprints) == 2
