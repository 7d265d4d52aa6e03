"""The tour's report in the chat: offered beside /digest to managers, sections and files by buttons, refused to others."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.ids import Region
from bot.domain.person import Grant, Role
from handlers import digest as digest_handlers
from handlers import tour as tour_handlers
from storage.database import Database
from tests.support.chat import MANAGER, STAFF, STRANGER, TEAM, Chat, Said, grant, talking
from tests.support.feedback import DINNER, ELSEWHERE, LUNCH
from tests.support.kept import GANGWON, JEONBUK
from tests.support.report_day import EVENING, ReportDay, report_day
from tests.support.services import only
from tests.support.tour_day import TourDay
from tests.support.triage_day import triage

REFUSED = ["common.not_allowed"]


@pytest.fixture
async def day(sqlite: Database) -> ReportDay:
    """Two regions' digests were sent."""
    day = await report_day(sqlite, LUNCH, DINNER, ELSEWHERE)
    for n in range(6):
        await day.says(f"{n}번째 가상 통근버스 의견입니다.")
        await day.says(f"{n}번째 가상 눈길 의견입니다.", region=GANGWON, about=ELSEWHERE)
    await day.publishes(EVENING)
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
    async with talking(sqlite, services, digest_handlers.register, tour_handlers.register) as chat:
        chat.clock.jump_to(EVENING)
        yield chat


def keys(messages: list[Said]) -> list[str]:
    return [one.key for one in messages]


def sections(messages: list[Said]) -> list[str]:
    return [str(one.draft.values["section"]) for one in messages]


async def test_a_national_manager_finds_it_among_the_days(chat: Chat, sqlite: Database) -> None:
    await grant(sqlite, MANAGER, Grant(Role.MANAGER, None))
    [choice] = await chat.says(MANAGER, "/digest")
    assert choice.labels[-1] == "순방 누적 보고"
    [summary] = await chat.taps(MANAGER, choice, "순방 누적 보고")
    assert sections([summary]) == ["tour\nsum"]
    assert (
        summary.labels
        == [
            "주제별·권역별 의견",
            "소수의견",
            "권역별 수와 처리 내역",
            "근거 번호",
            "파일로 받기",
        ]
        or "파일로 받기" in summary.labels
    )
    [page] = await chat.taps(MANAGER, summary, "주제별·권역별 의견")
    assert sections([page]) == ["tour\nthm"]


async def test_a_manager_of_both_regions_gets_those(chat: Chat, sqlite: Database) -> None:
    await grant(sqlite, MANAGER, Grant(Role.MANAGER, JEONBUK), Grant(Role.MANAGER, GANGWON))
    [summary] = await chat.presses(MANAGER, "tr:tour:sum", 5)
    mark, section, *regions = str(summary.draft.values["section"]).split("\n")
    assert (mark, section, set(regions)) == ("tour", "sum", {"전북", "강원"})


async def test_a_manager_of_one_region_gets_no_word_of_another(
    chat: Chat, day: ReportDay, sqlite: Database
) -> None:
    await grant(sqlite, MANAGER, Grant(Role.MANAGER, JEONBUK))
    said = await chat.says(MANAGER, "/digest")
    assert "tour.offer" not in keys(said), "it has nothing to add to the one digest"
    for section in ("sum", "thm", "day", "src"):
        for one in await chat.presses(MANAGER, f"tr:tour:{section}", 5):
            values = one.draft.values
            async with day.database.open_unit() as unit:
                words = await day.tour_view(
                    unit, str(values["digest"]), str(values["section"]), "ko", day.clock.now()
                )
            assert "전북" in "".join(words.parts)
            assert "강원" not in "".join(words.parts)
            assert "눈길" not in "".join(words.parts)


async def test_it_is_offered_below_todays_digest(chat: Chat, day: ReportDay, sqlite: Database) -> None:
    """Where there is just one digest of the day, no choice is shown that it could stand in."""
    await grant(sqlite, MANAGER, Grant(Role.MANAGER, JEONBUK), Grant(Role.MANAGER, GANGWON))
    async with sqlite.open_unit() as unit:
        await unit.meetings.keep(ELSEWHERE.called_off())
        await unit.commit()
    said = await chat.says(MANAGER, "/digest")
    assert keys(said)[-1] == "tour.offer"
    assert said[-1].labels == ["순방 누적 보고"]


async def test_a_file_is_asked_for_in_its_form(chat: Chat, sqlite: Database) -> None:
    await grant(sqlite, MANAGER, Grant(Role.MANAGER, None))
    [choice] = await chat.presses(MANAGER, "tr:tour:file", 5)
    assert choice.key == "report.choose"
    [file] = await chat.taps(MANAGER, choice, "PDF 문서")
    assert file.draft.document == "tour:tour tour\npdf"


@pytest.mark.parametrize(
    "grants",
    [
        [],
        [Grant(Role.STAFF, None)],
        [Grant(Role.ADMIN, None)],
        [Grant(Role.MANAGER, Region("충북"))],
    ],
)
async def test_others_are_refused_and_offered_nothing(
    chat: Chat, sqlite: Database, grants: list[Grant]
) -> None:
    if grants:
        await grant(sqlite, STRANGER, *grants)
    for data in ("tr:tour:sum", "tr:tour:fhtml", "tr:nosuch:sum"):
        assert keys(await chat.presses(STRANGER, data, 5)) == REFUSED
    said = await chat.says(STRANGER, "/digest")
    assert not any("순방" in label for one in said for label in one.labels)


async def test_the_role_is_asked_again_when_the_button_is_pressed(chat: Chat, sqlite: Database) -> None:
    await grant(sqlite, STAFF, Grant(Role.MANAGER, None))
    [choice] = await chat.says(STAFF, "/digest")
    await grant(sqlite, STAFF, Grant(Role.STAFF, JEONBUK))
    assert keys(await chat.taps(STAFF, choice, "순방 누적 보고")) == REFUSED


@pytest.mark.parametrize("data", ["tr:tour:zzz", "tr:tour:", "tr:", "tr:tour:SUM", f"tr:{'x' * 23}:sum"])
async def test_forged_buttons_are_unknown(chat: Chat, sqlite: Database, data: str) -> None:
    await grant(sqlite, MANAGER, Grant(Role.MANAGER, None))
    assert keys(await chat.presses(MANAGER, data, 5)) == ["common.button_unknown"]


async def test_a_tour_that_is_not_there_has_nothing_yet(chat: Chat, sqlite: Database) -> None:
    await grant(sqlite, MANAGER, Grant(Role.MANAGER, None))
    assert keys(await chat.presses(MANAGER, "tr:nosuch:sum", 5)) == ["tour.nothing_yet"]


async def test_in_a_group_it_is_not_spoken_of(chat: Chat, sqlite: Database) -> None:
    await grant(sqlite, MANAGER, Grant(Role.MANAGER, None))
    assert keys(await chat.presses(MANAGER, "tr:tour:sum", 5, where=TEAM)) == ["common.write_in_private"]
