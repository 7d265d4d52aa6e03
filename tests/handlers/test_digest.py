"""/digest: who may read which region's day, sections by buttons, and what is refused whatever a button claims."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.domain.person import Grant, Role
from bot.gateways.documents.writing import written
from bot.services.digest_files import DigestFiles
from handlers import digest as digest_handlers
from storage.database import Database
from tests.support.chat import (
    ADMIN,
    MANAGER,
    MESSAGES,
    STAFF,
    STRANGER,
    TEAM,
    YOUTH,
    Chat,
    Said,
    User,
    grant,
    talking,
)
from tests.support.feedback import DINNER, ELSEWHERE, LUNCH
from tests.support.kept import GANGWON, JEONBUK
from tests.support.plans import DAY, at, meeting
from tests.support.report_day import EVENING, ReportDay, report_day
from tests.support.services import only
from tests.support.tour_day import TourDay
from tests.support.triage_day import triage

EDITION = "중간 집계(12시 00분 기준)"
REFUSED = ["common.not_allowed"]


@pytest.fixture
async def day(sqlite: Database) -> ReportDay:
    day = await report_day(sqlite, LUNCH, DINNER, ELSEWHERE)
    for n in range(6):
        await day.says(f"{n}번째 통근버스 의견입니다.")
    await day.half_hour(at("12:00"))
    return day


@pytest.fixture
async def chat(sqlite: Database, day: ReportDay) -> AsyncIterator[Chat]:
    services = only(
        digests=day.digests,
        digest_view=day.view,
        schedule=TourDay(sqlite).schedule,
        tour=day.tour,
        triage=triage(day),
    )
    async with talking(sqlite, services, digest_handlers.register) as chat:
        yield chat


def keys(messages: list[Said]) -> list[str]:
    return [one.key for one in messages]


def sections(messages: list[Said]) -> list[object]:
    return [one.draft.values.get("section") for one in messages if one.key == "digest.section"]


async def of(database: Database, user: User, *grants: Grant) -> None:
    await grant(database, user, *grants)


async def test_before_its_time_todays_digest_is_interim_and_says_when_the_real_one_comes(
    chat: Chat, sqlite: Database
) -> None:
    await of(sqlite, MANAGER, Grant(Role.MANAGER, JEONBUK))
    said = await chat.says(MANAGER, "/digest")
    assert keys(said) == ["digest.interim", "digest.section"]
    assert "1.22.(목) 21:00" in said[0].text
    assert sections(said) == ["sum"]


async def test_after_publishing_it_is_the_digest_itself_and_then_a_revision_to_come(
    chat: Chat, day: ReportDay, sqlite: Database
) -> None:
    await of(sqlite, STAFF, Grant(Role.STAFF, JEONBUK))
    await day.publishes(EVENING)
    chat.clock.jump_to(EVENING)
    assert keys(await chat.says(STAFF, "/digest")) == ["digest.section"]
    late = await day.says("늦게 낸 의견입니다.")
    assert keys(await chat.says(STAFF, "/digest")) == ["digest.section"], "until the half hour"
    await day.withdraws(late)
    assert keys(await chat.says(STAFF, "/digest")) == ["digest.interim_revision", "digest.section"]


@pytest.mark.parametrize(
    ("grants", "answer"),
    [
        ([], "common.not_allowed"),
        ([Grant(Role.ADMIN, None)], "common.not_allowed"),
        ([Grant(Role.STAFF, JEONBUK)], "digest.interim"),
        ([Grant(Role.MANAGER, JEONBUK)], "digest.interim"),
        ([Grant(Role.ADMIN, None), Grant(Role.STAFF, JEONBUK)], "digest.interim"),
        ([Grant(Role.MANAGER, None)], "digest.choose"),
        ([Grant(Role.MANAGER, GANGWON)], "interim.nothing_yet"),
    ],
)
async def test_the_command_answers_by_role(
    chat: Chat, sqlite: Database, grants: list[Grant], answer: str
) -> None:
    if grants:
        await of(sqlite, STRANGER, *grants)
    said = await chat.says(STRANGER, "/digest")
    assert keys(said)[0] == answer
    if answer == "common.not_allowed":
        assert len(said) == 1


async def test_another_region_is_shown_its_own_day(chat: Chat, day: ReportDay, sqlite: Database) -> None:
    await of(sqlite, STRANGER, Grant(Role.MANAGER, GANGWON))
    chat.clock.jump_to(EVENING)
    _, summary = await chat.says(STRANGER, "/digest")
    words = await day.shows(str(summary.draft.values["digest"]))
    assert "[강원]" in words
    assert "통근버스" not in words


@pytest.mark.parametrize(
    "grants",
    [[], [Grant(Role.STAFF, GANGWON)], [Grant(Role.MANAGER, GANGWON)], [Grant(Role.ADMIN, None)]],
)
async def test_a_foreign_regions_buttons_are_refused_and_tell_nothing(
    chat: Chat, day: ReportDay, sqlite: Database, grants: list[Grant]
) -> None:
    stored = await day.asks()
    if grants:
        await of(sqlite, STRANGER, *grants)
    assert keys(await chat.presses(STRANGER, f"dg:{stored.id}:t0", 5)) == REFUSED
    assert keys(await chat.presses(STRANGER, f"dd:{LUNCH.id}", 5)) == REFUSED
    if grants:
        unknown = await chat.presses(STRANGER, f"dg:{'x' * 22}:t0", 5)
        assert keys(unknown) == REFUSED, "no different from one that exists"


async def test_the_role_is_checked_when_the_button_is_pressed(chat: Chat, sqlite: Database) -> None:
    await of(sqlite, STAFF, Grant(Role.STAFF, JEONBUK))
    summary = (await chat.says(STAFF, "/digest"))[-1]
    await of(sqlite, STAFF, Grant(Role.STAFF, GANGWON))
    assert keys(await chat.taps(STAFF, summary, "일자리·임금")) == REFUSED


async def test_sections_unfold_by_their_buttons(chat: Chat, sqlite: Database) -> None:
    await of(sqlite, MANAGER, Grant(Role.MANAGER, JEONBUK))
    summary = (await chat.says(MANAGER, "/digest"))[-1]
    assert sections(await chat.taps(MANAGER, summary, "일자리·임금")) == ["t0"]


@pytest.mark.parametrize(
    "data", ["dg:{id}:t7", "dg:{id}:", "dg:{id}:SUM", "dg:short:t0", "dg:", "dd:", "dd:no"]
)
async def test_forged_or_vanished_sections_are_unknown_buttons(
    chat: Chat, day: ReportDay, sqlite: Database, data: str
) -> None:
    await of(sqlite, MANAGER, Grant(Role.MANAGER, JEONBUK))
    stored = await day.asks()
    assert keys(await chat.presses(MANAGER, data.format(id=stored.id), 5)) == ["common.button_unknown"]


async def test_a_section_that_the_newest_revision_lacks_is_gone(
    chat: Chat, day: ReportDay, sqlite: Database
) -> None:
    await of(sqlite, MANAGER, Grant(Role.MANAGER, JEONBUK))
    alone = await day.says("주거비가 부담됩니다.", topic="living")
    for n in range(4):
        await day.says(f"{n}번째 기숙사 의견입니다.")
    await day.half_hour(at("12:30"))
    summary = (await chat.says(MANAGER, "/digest"))[-1]
    labels = summary.labels
    await day.withdraws(alone)
    await day.half_hour(at("13:00"))
    gone = [data for row in summary.buttons for data in row if data.label not in (await _labels(chat))]
    assert gone, labels
    for tap in gone:
        assert keys(await chat.presses(MANAGER, str(tap.data), summary.message_id)) == [
            "common.button_unknown"
        ]


async def _labels(chat: Chat) -> list[str]:
    return (await chat.says(MANAGER, "/digest"))[-1].labels


async def test_several_regions_and_days_are_chosen_by_button(chat: Chat, sqlite: Database) -> None:
    yesterday = meeting("before".ljust(22, "x"), day=DAY - timedelta(days=1))
    async with sqlite.open_unit() as unit:
        await unit.meetings.keep(yesterday)
        await unit.commit()
    await of(sqlite, MANAGER, Grant(Role.MANAGER, None))
    [choice] = await chat.says(MANAGER, "/digest")
    assert sorted(choice.labels[:2]) == ["강원 1.22.(목)", "전북 1.22.(목)"]
    assert choice.labels[2:] == ["전북 1.21.(수)"]
    said = await chat.taps(MANAGER, choice, "강원")
    assert keys(said) == ["interim.nothing_yet"]


async def test_a_day_of_the_past_that_nobody_was_sent_promises_nothing(
    chat: Chat, day: ReportDay, sqlite: Database
) -> None:
    await of(sqlite, MANAGER, Grant(Role.MANAGER, JEONBUK))
    chat.clock.jump_to(at("09:00", day=DAY + timedelta(days=5)))
    [choice] = await chat.says(MANAGER, "/digest")
    said = await chat.taps(MANAGER, choice, "전북")
    assert keys(said) == ["digest.not_sent", "digest.section"]


async def test_who_has_no_day_to_read_is_told_so(chat: Chat, sqlite: Database) -> None:
    await of(sqlite, MANAGER, Grant(Role.MANAGER, JEONBUK))
    chat.clock.jump_to(at("09:00", day=DAY + timedelta(days=9)))
    assert keys(await chat.says(MANAGER, "/digest")) == ["digest.none_yet"]


async def test_in_a_group_nothing_of_it_is_said(chat: Chat, day: ReportDay, sqlite: Database) -> None:
    await of(sqlite, MANAGER, Grant(Role.MANAGER, JEONBUK))
    stored = await day.asks()
    assert keys(await chat.says(MANAGER, "/digest", where=TEAM)) == ["common.write_in_private"]
    pressed = await chat.presses(MANAGER, f"dg:{stored.id}:t0", 5, where=TEAM)
    assert keys(pressed) == ["common.write_in_private"]


async def test_participants_and_administrators_read_no_digest_in_chat(
    chat: Chat, day: ReportDay, sqlite: Database
) -> None:
    await of(sqlite, ADMIN, Grant(Role.ADMIN, None))
    before = [(row.id, row.fingerprint) for row in await day.revisions()]
    for user in (YOUTH, ADMIN):
        assert keys(await chat.says(user, "/digest")) == REFUSED
    after = [(row.id, row.fingerprint) for row in await day.revisions()]
    assert after == before, "nothing is made for them"


@pytest.mark.parametrize(
    ("label", "ending", "begins"),
    [
        ("한글(HWPX)", "hwpx", b"PK"),
        ("PDF 문서", "pdf", b"%PDF-"),
        ("워드(DOCX)", "docx", b"PK"),
        ("웹 문서(HTML)", "html", b"<!doctype html>"),
    ],
)
async def test_the_whole_report_comes_as_a_file(
    chat: Chat, day: ReportDay, label: str, ending: str, begins: bytes
) -> None:
    await grant(chat.database, MANAGER, Grant(Role.MANAGER, JEONBUK))
    said = await chat.says(MANAGER, "/digest")
    [choice] = await chat.taps(MANAGER, said[-1], "파일로 받기")
    assert choice.key == "report.choose"
    [file] = await chat.taps(MANAGER, choice, label)
    assert file.key == "report.sent"
    assert file.draft.document is not None
    files = DigestFiles(day.view, MESSAGES, written)
    async with chat.database.open_unit(read_only=True) as unit:
        make = await files.file(unit, file.draft.document.removeprefix("digest:"), "ko", chat.clock.now())
        gone = await files.file(unit, "no-such-digest", "ko", chat.clock.now())
    made = make()
    assert made.name == f"전북 일일 권역 보고 2026-01-22 {EDITION}.{ending}"
    assert made.content.startswith(begins)
    assert "파기된 보고" in gone().content.decode("utf-8-sig")


async def test_a_file_is_given_to_nobody_who_may_not_read_it(chat: Chat) -> None:
    await grant(chat.database, MANAGER, Grant(Role.MANAGER, JEONBUK))
    said = await chat.says(MANAGER, "/digest")
    data = said[-1].button("파일로 받기").data
    assert data is not None
    await grant(chat.database, STAFF, Grant(Role.STAFF, GANGWON))
    for other in (STAFF, STRANGER):
        for wanted in (data, data.replace(":file", ":fpdf")):
            assert [one.key for one in await chat.presses(other, wanted, 5)] == REFUSED
