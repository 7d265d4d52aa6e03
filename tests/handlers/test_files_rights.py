"""Who may send files: roles, regions, sizes and numbers; whoever may not changes nothing, and hears it kindly."""

from bot.domain.ids import Region
from bot.domain.incoming import IncomingState
from bot.domain.person import Grant, Role
from storage.database import Database
from tests.support import raw_updates
from tests.support.chat import ADMIN, MANAGER, STAFF, TEAM, YOUTH, grant
from tests.support.filing import filing
from tests.support.workbooks import meeting_line, note_line, notes_book, tour_book

JEONBUK = Region("전북")
EVERYTHING = Grant(Role.ADMIN, None)
FUTURE = tour_book(
    meeting_line(date="2026-01-23"),
    meeting_line(key="a-2", date="2026-01-23", start="13:00", end="14:00", title="가상 오후 간담회"),
)


async def test_staff_bring_in_their_own_regions_only(database: Database) -> None:
    async with filing(database) as desk:
        await grant(database, STAFF, Grant(Role.STAFF, JEONBUK))
        mixed = tour_book(
            meeting_line(date="2026-01-23"),
            meeting_line(key="g-1", region="강원", date="2026-01-23"),
            meeting_line(key="g-2", region="강원", date="2026-01-24"),
        )
        [card] = await desk.brings(STAFF, mixed)
        assert "추가 1" in card.text
        assert "강원 권역의 2건은 맡고 계신 권역이 아니어서 받지 않았습니다" in card.text
        await desk.decides(STAFF, card, "반영")
        assert await desk.meetings() == {"a-1": True}
        [none] = await desk.brings(STAFF, notes_book(note_line(region="강원")), "의견.xlsx")
        assert "반영할 수 있는 줄을 찾지 못했습니다" in none.text
        assert "강원 권역의 1건은" in none.text


async def test_a_meeting_of_another_region_cannot_be_taken_over(sqlite: Database) -> None:
    async with filing(sqlite) as desk:
        await grant(sqlite, ADMIN, EVERYTHING)
        await grant(sqlite, STAFF, Grant(Role.STAFF, JEONBUK))
        [card] = await desk.brings(
            ADMIN, tour_book(meeting_line(key="g-1", region="강원", date="2026-01-23"))
        )
        await desk.decides(ADMIN, card, "반영")
        [none] = await desk.brings(STAFF, tour_book(meeting_line(key="g-1", date="2026-01-23")))
        assert "강원 권역의 1건은" in none.text


async def test_a_right_that_ended_before_the_button_ends_the_file(sqlite: Database) -> None:
    async with filing(sqlite) as desk:
        await grant(sqlite, STAFF, Grant(Role.STAFF, JEONBUK))
        [card] = await desk.brings(STAFF, FUTURE)
        await grant(sqlite, STAFF, Grant(Role.MANAGER, JEONBUK))
        [refused] = await desk.chat.taps(STAFF, card, "반영")
        assert refused.key == "common.not_allowed"
        await grant(sqlite, STAFF, Grant(Role.STAFF, JEONBUK))
        await desk.chat.taps(STAFF, card, "반영")
        await grant(sqlite, STAFF, Grant(Role.MANAGER, JEONBUK))
        [refused] = await desk.works()
        assert refused.key == "files.refused"
        assert await desk.meetings() == {}
        assert await desk.states() == [IncomingState.REFUSED]


async def test_nobody_decides_about_somebody_elses_file(sqlite: Database) -> None:
    async with filing(sqlite) as desk:
        await grant(sqlite, ADMIN, EVERYTHING)
        await grant(sqlite, STAFF, Grant(Role.STAFF, None))
        [card] = await desk.brings(ADMIN, FUTURE)
        [refused] = await desk.chat.taps(STAFF, card, "반영")
        assert refused.key == "common.not_allowed"
        assert await desk.states() == [IncomingState.PREVIEWED]


async def test_others_are_told_what_is_taken_from_them(sqlite: Database) -> None:
    async with filing(sqlite) as desk:
        await grant(sqlite, MANAGER, Grant(Role.MANAGER, None))
        [told] = await desk.sends(MANAGER, FUTURE)
        assert "수행 실무자와 관리자만" in told.text
        [told] = await desk.sends(YOUTH, FUTURE)
        assert told.key == "feedback.only_words"
        assert told.draft.private
        assert await desk.rows() == []


async def test_a_file_past_the_limit_is_refused_at_once(sqlite: Database) -> None:
    async with filing(sqlite) as desk:
        await grant(sqlite, ADMIN, EVERYTHING)
        [told] = await desk.sends(ADMIN, b"", size=20_000_001)
        assert told.text == "파일이 너무 큽니다. 20MB까지 올리실 수 있습니다."
        assert await desk.rows() == []


async def test_a_sixth_waiting_file_is_too_many(sqlite: Database) -> None:
    async with filing(sqlite) as desk:
        await grant(sqlite, ADMIN, EVERYTHING)
        for _ in range(5):
            await desk.sends(ADMIN, FUTURE)
        [told] = await desk.sends(ADMIN, FUTURE)
        assert told.key == "files.too_many"


async def test_groups_and_pictures_are_none_of_its_business(sqlite: Database) -> None:
    async with filing(sqlite) as desk:
        await grant(sqlite, ADMIN, EVERYTHING)
        now = desk.clock.now()
        assert await desk.chat.gets(raw_updates.document_message(ADMIN, 1, now, "f", where=TEAM)) == []
        [picture] = await desk.chat.gets(raw_updates.document_message(ADMIN, 2, now, "f", mime="image/png"))
        assert picture.key == "common.not_understood"
        assert await desk.rows() == []
