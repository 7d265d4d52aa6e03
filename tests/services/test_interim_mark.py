"""What marks an interim digest: title, foot, file name and how far the day had come. The evening's bears none of it."""

from datetime import timedelta

import pytest

from bot.digest.as_json import from_json, to_json
from bot.digest.as_report import report
from bot.services.digest_files import DigestFiles
from bot.services.digests import digest_of
from bot.services.interim import NEW_VOICES
from storage.database import Database
from storage.repositories.digests import StoredDigest
from tests.support.chat import MESSAGES
from tests.support.feedback import DINNER, LUNCH
from tests.support.plans import at
from tests.support.report_day import EVENING, SUBJECT, ReportDay, report_day

MARK = "중간 집계(12:30 기준)"


async def shown_at(day: ReportDay, half_hour: str, read_at: str) -> StoredDigest:
    await day.half_hour(at(half_hour))
    async with day.database.open_unit() as unit:
        stored = await day.digests.ready(unit, SUBJECT, now=at(read_at))
        await unit.commit()
    return stored


async def test_an_interim_digest_says_as_of_when_it_stands_wherever_it_is_read(database: Database) -> None:
    assert LUNCH.start <= at("12:30") < DINNER.start
    day = await report_day(database)
    for n in range(NEW_VOICES):
        await day.says(f"통근버스 의견 {n}")
    stored = await shown_at(day, "12:30", "12:47")
    digest = digest_of(stored)
    assert (digest.interim, digest.begun) == (at("12:30"), 1)
    summary = await day.shows(stored.id)
    assert MARK in summary.splitlines()[0]
    assert summary.splitlines()[-1].endswith(f"· {MARK}")
    assert "○ 일정 2건 가운데 1건이 12:30까지 시작함" in summary
    assert MARK in (await day.shows(stored.id, "led")).splitlines()[0]
    assert "제1판" not in day.view.whole_text(stored, now=at("12:47"))
    korean = report(digest, MESSAGES, at("12:47"))
    assert all(words.endswith(f"· {MARK}") for words in (korean.name, korean.dated, korean.foot))
    assert korean.title.endswith("(중간 집계)")
    assert report(digest, MESSAGES, at("12:47"), "en").name.endswith("interim, as of 12:30")
    assert from_json(to_json(digest)) == digest


async def test_its_file_is_called_so_without_a_colon(sqlite: Database) -> None:
    day = await report_day(sqlite)
    for n in range(NEW_VOICES):
        await day.says(f"통근버스 의견 {n}")
    stored = await shown_at(day, "12:30", "12:47")
    files = DigestFiles(day.view, MESSAGES, lambda _, __: b"")
    async with sqlite.open_unit(read_only=True) as unit:
        made = await files.file(unit, stored.id, "ko", at("12:47"))
    assert made().name == "전북 일일 권역 보고 2026-01-22 중간 집계(12시 30분 기준).html"


async def test_an_edition_that_stays_keeps_the_half_hour_for_which_it_was_made(sqlite: Database) -> None:
    day = await report_day(sqlite)
    for n in range(NEW_VOICES):
        await day.says(f"통근버스 의견 {n}")
    first = await shown_at(day, "12:30", "12:31")
    await day.says("여섯 번째 의견")
    later = await shown_at(day, "13:00", "13:10")
    assert digest_of(later).interim == digest_of(first).interim == at("12:30")
    for n in range(NEW_VOICES):
        await day.says(f"나중 의견 {n}")
    assert digest_of(await shown_at(day, "18:30", "18:31")).interim == at("18:30")
    assert digest_of(await shown_at(day, "18:30", "18:31")).begun == 2


async def test_one_that_was_emptied_is_made_for_the_next_half_hour(sqlite: Database) -> None:
    day = await report_day(sqlite)
    notes = [await day.says(f"통근버스 의견 {n}") for n in range(NEW_VOICES + 1)]
    await shown_at(day, "12:30", "12:31")
    await day.withdraws(notes[0])
    [emptied] = await day.revisions()
    assert "made_for" not in str({name: at for name, at in emptied.body["interim"].items() if at})
    assert digest_of(await shown_at(day, "13:00", "13:01")).interim == at("13:00")


async def test_the_evenings_digest_is_a_revision_though_it_was_shown_before(sqlite: Database) -> None:
    day = await report_day(sqlite)
    for n in range(NEW_VOICES):
        await day.says(f"통근버스 의견 {n}")
    stored = await shown_at(day, "20:30", "20:31")
    await day.publishes(EVENING)
    [sent] = await day.revisions()
    assert sent.id == stored.id, "the same notes, the same row"
    assert "제1판" in (summary := await day.shows(sent.id))
    assert "중간 집계" not in summary


@pytest.mark.parametrize("later", [timedelta(0), timedelta(minutes=29)])
async def test_the_operators_look_bears_no_mark(sqlite: Database, later: timedelta) -> None:
    day = await report_day(sqlite)
    for n in range(NEW_VOICES):
        await day.says(f"통근버스 의견 {n}")
    await shown_at(day, "12:30", "12:31")
    looked = await day.digests.look(sqlite.open_unit, SUBJECT, now=at("12:31") + later)
    assert digest_of(looked).interim is None
