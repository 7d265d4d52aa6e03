"""The work on files: trouble with the network, files that cannot be read, long previews, and which tour is meant."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.ids import Region
from bot.domain.incoming import IncomingState
from bot.domain.person import Grant, Role
from bot.domain.reading import read_tour
from bot.domain.tables.grid import Source
from bot.gateways.spreadsheet import table_of
from bot.services.files.work import PAUSES
from bot.services.ports import FateUnknown, FileGone, FileTooLarge, NotSent, SlowDown
from storage.database import Database
from tests.support.chat import ADMIN, grant
from tests.support.filing import filing
from tests.support.plans import SEOUL
from tests.support.workbooks import meeting_line, note_line, notes_book, tour_book, workbook

EVERYTHING = Grant(Role.ADMIN, None)
JEONBUK, SOUTHEAST = (Grant(Role.ADMIN, Region(name)) for name in ("전북", "동남권"))
TOUR = tour_book(meeting_line(date="2026-01-23"))


@pytest.mark.parametrize(
    "error", [NotSent("no connection"), FateUnknown("reset"), SlowDown(timedelta(seconds=5))]
)
async def test_a_fetch_that_fails_is_tried_again(sqlite: Database, error: Exception) -> None:
    async with filing(sqlite) as desk:
        await grant(sqlite, ADMIN, EVERYTHING)
        await desk.sends(ADMIN, TOUR)
        desk.files.script.append(error)
        assert await desk.works() == []
        assert await desk.works(4) == []
        [card] = await desk.works(1)
        assert card.key == "files.preview_tour"
        assert len(desk.files.asked) == 2


async def test_after_the_last_try_the_person_is_told(sqlite: Database) -> None:
    async with filing(sqlite) as desk:
        await grant(sqlite, ADMIN, EVERYTHING)
        await desk.sends(ADMIN, TOUR)
        desk.files.script.extend([NotSent("no connection")] * 9)
        for pause in (0, *(pause.total_seconds() for pause in PAUSES[:-1])):
            assert await desk.works(pause) == []
        [told] = await desk.works(PAUSES[-1].total_seconds())
        assert "텔레그램에서 파일을 내려받지 못했습니다" in told.text
        assert "가상 일정.xlsx" in told.text
        assert await desk.states() == [IncomingState.REFUSED]
        assert len(desk.files.asked) == 1 + len(PAUSES)


@pytest.mark.parametrize(
    ("error", "words"),
    [(FileGone(), "텔레그램에 파일이 남아 있지 않아"), (FileTooLarge(), "파일이 너무 큽니다. 20MB까지")],
)
async def test_what_is_final_is_said_at_once(sqlite: Database, error: Exception, words: str) -> None:
    async with filing(sqlite) as desk:
        await grant(sqlite, ADMIN, EVERYTHING)
        desk.files.script.append(error)
        [told] = await desk.brings(ADMIN, TOUR)
        assert words in told.text
        assert await desk.states() == [IncomingState.REFUSED]


async def test_where_nothing_can_be_fetched_it_is_said(sqlite: Database) -> None:
    async with filing(sqlite) as desk:
        await grant(sqlite, ADMIN, EVERYTHING)
        desk.work = desk.worker(blind=True)
        [told] = await desk.brings(ADMIN, TOUR)
        assert "내려받지 못했습니다" in told.text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.7 invented", "표 파일이 아닙니다"),
        (b"", "파일이 비어 있습니다"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"), "(.xls)는 읽지 못합니다"),
        (workbook([["이름", "값"], ["가상", 1]]), "일정 파일인지 의견 파일인지 알 수 없습니다"),
        (b"just words\nand more", "일정 파일인지 의견 파일인지 알 수 없습니다"),
        (
            workbook([["key", "region", "date", "title"], ["a", "b", "c", "d"]]),
            "필요한 열이 없습니다: start(시작)",
        ),
        (tour_book(), "열 제목만 있고 내용이 없습니다"),
        (tour_book(meeting_line(start="?")), "‘?’에서 시각을 읽지 못했습니다"),
    ],
)
async def test_what_cannot_be_read_is_refused_in_words(sqlite: Database, content: bytes, words: str) -> None:
    async with filing(sqlite) as desk:
        await grant(sqlite, ADMIN, EVERYTHING)
        [told] = await desk.brings(ADMIN, content)
        assert words in told.text
        assert told.buttons == ()
        assert await desk.content() == [None]


async def test_a_csv_is_as_good_as_a_workbook(sqlite: Database) -> None:
    async with filing(sqlite) as desk:
        await grant(sqlite, ADMIN, EVERYTHING)
        lines = [
            "key,region,date,start,end,track,title,venue",
            "a-1,전북,2026-01-23,09:40,11:00,기업,가상 간담회,회의실",
        ]
        [card] = await desk.brings(ADMIN, "\n".join(lines).encode("cp949"), "일정.csv")
        assert "추가 1" in card.text


async def test_a_long_preview_is_cut_and_sent_whole_as_a_document(sqlite: Database) -> None:
    async with filing(sqlite) as desk:
        await grant(sqlite, ADMIN, EVERYTHING)
        lines = [
            meeting_line(key=f"a-{n}", date="2026-01-23", title=f"가상 간담회 {n}" + "가" * 80)
            for n in range(99)
        ]
        refused = [meeting_line(key=f"b-{n}", track="모르는 분야") for n in range(99)]
        card, report = await desk.brings(ADMIN, tour_book(*lines, *refused))
        assert len(card.text) <= 4096
        assert "- 외 " in card.text
        assert report.draft.document is not None
        kind, _, ident = report.draft.document.partition(":")
        assert kind == "import_report"
        async with sqlite.open_unit(read_only=True) as unit:
            whole = await unit.incoming.report(ident)
        assert whole is not None
        assert len(whole.splitlines()) == 198


async def test_notes_before_any_schedule_begin_a_tour(sqlite: Database) -> None:
    async with filing(sqlite) as desk:
        await grant(sqlite, ADMIN, EVERYTHING)
        [card] = await desk.brings(ADMIN, notes_book(note_line()), "의견.xlsx")
        await desk.decides(ADMIN, card, "반영")
        async with sqlite.open_unit(read_only=True) as unit:
            [tour] = await unit.tours.all()
        assert tour.name == "가상 첫 행보"
        [same] = await desk.brings(ADMIN, notes_book(note_line()), "의견.xlsx")
        assert "그대로 1" in same.text


async def test_days_of_two_tours_in_one_file_are_refused(sqlite: Database) -> None:
    async with filing(sqlite) as desk:
        await grant(sqlite, ADMIN, EVERYTHING)
        for name, day in (("가상 행보 하나", "2026-01-23"), ("가상 행보 둘", "2026-01-24")):
            async with sqlite.open_unit() as unit:
                table = table_of(tour_book(meeting_line(date=day)))
                plans = read_tour(table, SEOUL).plans
                await desk.schedule.bring_in(
                    unit,
                    plans,
                    tour_name=name,
                    topics=(),
                    cancel_missing=False,
                    dry=False,
                    now=desk.clock.now(),
                )
                await unit.commit()
        both = tour_book(meeting_line(key="x", date="2026-01-23"), meeting_line(key="y", date="2026-01-24"))
        [told] = await desk.brings(ADMIN, both)
        assert "서로 다른 행보의 일정이 있습니다" in told.text
        [card] = await desk.brings(
            ADMIN, tour_book(meeting_line(key="x", date="2026-01-24", start="15:00", end="16:00"))
        )
        assert "행보: 가상 행보 둘" in card.text


async def test_more_changes_than_one_transaction_should_hold_are_refused(sqlite: Database) -> None:
    async with filing(sqlite) as desk:
        await grant(sqlite, ADMIN, EVERYTHING)
        lines = [meeting_line(key=f"a-{n}", date="2026-01-23") for n in range(501)]
        [told] = await desk.brings(ADMIN, tour_book(*lines))
        assert "한 번에 500건까지 바꿀 수 있습니다" in told.text
        assert await desk.content() == [None]


async def test_a_single_line_too_many_is_not_lost(sqlite: Database) -> None:
    """Cut lines are counted by a line: one that was cut looks like none that was."""
    async with filing(sqlite) as desk:
        await grant(sqlite, ADMIN, EVERYTHING)
        lines = [meeting_line(key=f"a-{n}", date="2026-01-23", title="가" * 79) for n in range(33)]
        for count in range(25, 34):
            said = await desk.brings(ADMIN, tour_book(*lines[:count]))
            is_cut = "- 외 " in said[0].text
            assert [one.key for one in said[1:]] == (["files.report_sent"] if is_cut else [])
            await desk.chat.taps(ADMIN, said[0], "그만두기")
        assert is_cut


@pytest.mark.parametrize("left", [(), (JEONBUK,)])
async def test_a_right_that_ends_while_the_file_is_read_again_counts(
    database: Database, left: tuple[Grant, ...]
) -> None:
    """Reading takes a second; whoever was let go in it must not change a region that is theirs no more."""
    async with filing(database) as desk:
        person = await grant(database, ADMIN, JEONBUK, SOUTHEAST)
        [card] = await desk.brings(ADMIN, tour_book(meeting_line(date="2026-01-23", region="동남권")))
        loop = asyncio.get_running_loop()

        async def let_go() -> None:
            async with database.open_unit() as unit:
                await unit.people.end_grants(person.id, person.grants - set(left))
                await unit.commit()

        def slow(content: bytes) -> Source:
            asyncio.run_coroutine_threadsafe(let_go(), loop).result(10)
            return table_of(content)

        desk.work = desk.worker(slow)
        await desk.chat.presses(ADMIN, card.buttons[0][0].data or "", card.message_id)
        await desk.works()
        assert await desk.meetings() == {}
        assert IncomingState.APPLIED not in await desk.states()
