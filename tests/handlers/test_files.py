"""Files in the chat: who may send one, what is answered at once, what is shown, and what a button does."""

from datetime import date, timedelta

from bot.domain.ids import Region
from bot.domain.incoming import IncomingState
from bot.domain.person import Grant, Role
from storage.database import Database
from tests.support.chat import ADMIN, STAFF, YOUTH, grant
from tests.support.filing import filing
from tests.support.workbooks import meeting_line, note_line, notes_book, tour_book

JEONBUK = Region("전북")
EVERYTHING = Grant(Role.ADMIN, None)
FUTURE = tour_book(
    meeting_line(date="2026-01-23"),
    meeting_line(key="a-2", date="2026-01-23", start="13:00", end="14:00", title="가상 오후 간담회"),
)


async def test_a_tour_is_shown_first_then_applied(database: Database) -> None:
    async with filing(database) as desk:
        await grant(database, ADMIN, EVERYTHING)
        [received] = await desk.sends(ADMIN, FUTURE)
        assert received.text == "<b>파일을 받았습니다. 확인하고 있습니다.</b>\n\n○ 가상 일정.xlsx"
        [card] = await desk.works()
        assert "추가 2 · 변경 0 · 빠짐 0 · 그대로 0 · 거절 0" in card.text
        assert "- 추가: 전북 1.23.(금) 13:00 가상 오후 간담회" in card.text
        assert "행보: 가상 첫 행보" in card.text
        assert card.labels == ["반영", "그만두기"]
        assert await desk.meetings() == {}
        working, done = await desk.decides(ADMIN, card, "반영")
        assert working.draft.edits == done.draft.edits == card.message_id
        assert "일정을 반영하고 관계자에게 알렸습니다" in done.text
        assert await desk.meetings() == {"a-1": True, "a-2": True}
        assert await desk.states() == [IncomingState.APPLIED]
        assert await desk.content() == [None]
        assert desk.wakes == 2


async def test_the_same_file_again_changes_nothing_and_asks_nothing(sqlite: Database) -> None:
    async with filing(sqlite) as desk:
        await grant(sqlite, ADMIN, EVERYTHING)
        [card] = await desk.brings(ADMIN, FUTURE)
        await desk.decides(ADMIN, card, "반영")
        [again] = await desk.brings(ADMIN, FUTURE)
        assert "이미 모두 반영되어 있어" in again.text
        assert "그대로 2" in again.text
        assert again.buttons == ()
        assert await desk.states() == [IncomingState.APPLIED, IncomingState.DROPPED]


async def test_what_is_missing_is_called_off_by_its_own_button_only(sqlite: Database) -> None:
    async with filing(sqlite) as desk:
        await grant(sqlite, ADMIN, EVERYTHING)
        [card] = await desk.brings(ADMIN, FUTURE)
        await desk.decides(ADMIN, card, "반영")
        shorter = tour_book(meeting_line(date="2026-01-23", venue="옮긴 회의실"))
        [card] = await desk.brings(ADMIN, shorter)
        assert "- 빠짐: 전북 1.23.(금) 13:00 가상 오후 간담회" in card.text
        assert "변경 1 · 빠짐 1" in card.text
        assert card.labels == ["반영", "빠진 일정 1건 취소도 반영", "그만두기"]
        await desk.decides(ADMIN, card, "반영")
        assert await desk.meetings() == {"a-1": True, "a-2": True}
        [card] = await desk.brings(ADMIN, shorter)
        assert card.labels == ["빠진 일정 1건 취소도 반영", "그만두기"]
        [_, done] = await desk.decides(ADMIN, card, "빠진 일정 1건 취소도 반영")
        assert "취소 1" in done.text
        assert await desk.meetings() == {"a-1": True, "a-2": False}


async def test_a_line_that_could_not_be_read_calls_nothing_off(sqlite: Database) -> None:
    async with filing(sqlite) as desk:
        await grant(sqlite, ADMIN, EVERYTHING)
        [card] = await desk.brings(ADMIN, FUTURE)
        await desk.decides(ADMIN, card, "반영")
        broken = tour_book(
            meeting_line(date="2026-01-23", venue="옮긴 회의실"),
            meeting_line(key="a-2", date="2026-01-23", start="오후"),
        )
        [card] = await desk.brings(ADMIN, broken)
        assert "- 거절: 3행 ‘start’ 칸: ‘오후’에서 시각을 읽지 못했습니다" in card.text
        assert "취소하실 수 없습니다" in card.text
        assert card.labels == ["반영", "그만두기"]
        row = (await desk.rows())[-1]
        await desk.chat.presses(ADMIN, f"fl:c:{row.id}:{row.step}", card.message_id)
        await desk.works()
        assert await desk.meetings() == {"a-1": True, "a-2": True}


async def test_everybody_concerned_is_told_once_and_the_sender_is_not(sqlite: Database) -> None:
    async with filing(sqlite) as desk:
        await grant(sqlite, ADMIN, EVERYTHING)
        await grant(sqlite, STAFF, Grant(Role.STAFF, JEONBUK))
        [card] = await desk.brings(STAFF, FUTURE)
        await desk.decides(STAFF, card, "반영")
        moved = tour_book(meeting_line(date="2026-01-23", start="10:00", end="11:20"))
        [card] = await desk.brings(ADMIN, moved)
        said = await desk.decides(ADMIN, card, "반영")
        assert [(one.chat, one.key) for one in said] == [
            (ADMIN.id, "files.working"),
            (STAFF.id, "change.notice"),
            (ADMIN.id, "files.applied_tour"),
        ]


async def test_dropping_destroys_the_file(sqlite: Database) -> None:
    async with filing(sqlite) as desk:
        await grant(sqlite, ADMIN, EVERYTHING)
        [card] = await desk.brings(ADMIN, FUTURE)
        assert await desk.content() == [FUTURE]
        [dropped] = await desk.chat.taps(ADMIN, card, "그만두기")
        assert dropped.text == "반영하지 않고 파일을 파기했습니다."
        assert await desk.content() == [None]
        [row] = await desk.rows()
        assert (row.name, row.file_id) == (None, None)
        [late] = await desk.chat.taps(ADMIN, card, "반영")
        assert "파기한 파일입니다" in late.text
        assert await desk.meetings() == {}


async def test_a_double_tap_applies_once(sqlite: Database) -> None:
    async with filing(sqlite) as desk:
        await grant(sqlite, ADMIN, EVERYTHING)
        [card] = await desk.brings(ADMIN, FUTURE)
        await desk.chat.taps(ADMIN, card, "반영")
        [again] = await desk.chat.taps(ADMIN, card, "반영")
        assert "잠시만 기다려" in again.text
        assert len(await desk.works()) == 1
        [after] = await desk.chat.taps(ADMIN, card, "반영")
        assert after.text == "이미 반영한 파일입니다."


async def test_notes_are_counted_in_the_preview_and_shown_to_nobody(database: Database) -> None:
    async with filing(database) as desk:
        await grant(database, ADMIN, EVERYTHING)
        data = notes_book(note_line(), note_line("k-2", rating=9), note_line("k-3", region="강원"))
        [card] = await desk.brings(ADMIN, data, "의견.xlsx")
        assert "의견 파일을 확인했습니다" in card.text
        assert "강원 1.22.(목): 추가 1, 변경 0" in card.text
        assert "- 거절: 3행 ‘rating’ 칸: ‘9’에서 점수를 읽지 못했습니다" in card.text
        assert "설비" not in card.text
        [_, done] = await desk.decides(ADMIN, card, "반영")
        assert "의견을 반영했습니다" in done.text
        assert "설비" not in done.text
        async with database.open_unit(read_only=True) as unit:
            spoken = await unit.notes.of_day(JEONBUK, date(2026, 1, 22))
            entries = await unit.audit.since(desk.clock.now() - timedelta(days=1), "file_applied")
        assert [one.note.number for one in spoken] == ["k-1"]
        [entry] = entries
        assert entry.details == {"kind": "notes", "added": 2, "changed": 0, "refused": 1}


async def test_what_changed_since_the_preview_is_shown_anew_in_the_same_message(sqlite: Database) -> None:
    async with filing(sqlite) as desk:
        await grant(sqlite, ADMIN, EVERYTHING)
        await grant(sqlite, STAFF, Grant(Role.STAFF, None))
        [first] = await desk.brings(ADMIN, FUTURE)
        [card] = await desk.brings(STAFF, tour_book(meeting_line(date="2026-01-23", title="먼저 온 간담회")))
        await desk.decides(STAFF, card, "반영")
        [working, again] = await desk.decides(ADMIN, first, "반영")
        assert working.key == "files.working"
        assert again.draft.edits == first.message_id
        assert "그사이 자료가 바뀌어 다시 확인했습니다" in again.text
        assert "추가 1 · 변경 1" in again.text
        assert await desk.meetings() == {"a-1": True}
        [stale] = await desk.chat.taps(ADMIN, first, "반영")
        assert stale.key == "files.being_applied"
        await desk.decides(ADMIN, again, "반영")
        assert await desk.meetings() == {"a-1": True, "a-2": True}


async def test_an_hour_later_the_file_is_gone(sqlite: Database) -> None:
    async with filing(sqlite) as desk:
        await grant(sqlite, ADMIN, EVERYTHING)
        [card] = await desk.brings(ADMIN, FUTURE)
        desk.clock.advance_to(desk.clock.now() + timedelta(minutes=60))
        async with sqlite.open_unit() as unit:
            assert await unit.incoming.expire(desk.clock.now()) == 1
            await unit.commit()
        assert await desk.content() == [None]
        [late] = await desk.chat.taps(ADMIN, card, "반영")
        assert "한 시간이 지나" in late.text
        desk.clock.advance_to(desk.clock.now() + timedelta(days=1))
        async with sqlite.open_unit() as unit:
            assert await unit.incoming.expire(desk.clock.now()) == 0
            await unit.commit()
        assert await desk.rows() == []


async def test_a_name_is_shown_carefully(sqlite: Database) -> None:
    async with filing(sqlite) as desk:
        await grant(sqlite, ADMIN, EVERYTHING)
        [told] = await desk.sends(ADMIN, FUTURE, "<b>\u202egpj.xlsx\n" + "가" * 300)
        assert "&lt;b&gt;gpj.xlsx" in told.text
        assert len(told.text) < 120
        [nameless] = await desk.sends(ADMIN, FUTURE, None)
        assert "이름 없는 파일" in nameless.text


async def test_templates_are_offered_and_sent(sqlite: Database) -> None:
    async with filing(sqlite) as desk:
        await grant(sqlite, STAFF, Grant(Role.STAFF, JEONBUK))
        [card] = await desk.chat.says(STAFF, "/files")
        assert "20MB, 20,000줄까지" in card.text
        [sent] = await desk.chat.taps(STAFF, card, "일정 양식 받기")
        assert sent.draft.document == "template:tour"
        [sent] = await desk.chat.taps(STAFF, card, "의견 양식 받기")
        assert sent.draft.document == "template:notes"
        [refused] = await desk.chat.says(YOUTH, "/files")
        assert refused.key == "common.not_allowed"


async def test_english_is_spoken(sqlite: Database) -> None:
    async with filing(sqlite) as desk:
        await grant(sqlite, ADMIN, EVERYTHING, language="en")
        [card] = await desk.brings(ADMIN, FUTURE)
        assert "The schedule file has been checked. Nothing is changed yet." in card.text
        assert card.labels == ["Apply", "Drop"]
