"""/late: "20 minutes late" in three taps, and everything that can go wrong between them."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.ids import Region
from bot.domain.person import Grant, Role
from handlers import late
from handlers.late import Tap
from storage.database import Database
from tests.support.chat import MANAGER, STAFF, STRANGER, TEAM, YOUTH, Chat, Said, User, grant, talking
from tests.support.plans import at, plan
from tests.support.services import only
from tests.support.tour_day import TourDay

MINE = Grant(Role.STAFF, Region("전북"))
A = plan("a", "09:40", "11:00", title="입주기업 간담회")
B = plan("b", "11:10", "12:00", title="청년 간담")
C = plan("c", "14:00", "15:00", region="강원", title="강원 면담")


@pytest.fixture
async def day(sqlite: Database) -> TourDay:
    opened = TourDay(sqlite)
    await opened.begins(A, B, C)
    await grant(sqlite, STAFF, MINE)
    return opened


@pytest.fixture
async def chat(day: TourDay) -> AsyncIterator[Chat]:
    async with talking(day.database, only(schedule=day.schedule), late.register, now=at("09:00")) as opened:
        yield opened


async def previewed(chat: Chat, label: str = "+20분", user: User = STAFF) -> Said:
    [asked] = await chat.says(user, "/late")
    [preview] = await chat.taps(user, asked, label)
    return preview


async def test_three_taps_move_a_meeting_and_tell_the_others(chat: Chat, day: TourDay) -> None:
    await grant(day.database, YOUTH, MINE)
    [asked] = await chat.says(STAFF, "/late")
    assert A.title in asked.text
    assert asked.labels == ["+10분", "+20분", "+30분", "11:10 청년 간담", "그만두기"]
    [preview] = await chat.taps(STAFF, asked, "+20분")
    assert preview.draft.edits == asked.message_id
    assert "09:40 → <b>10:00</b>" in preview.text
    assert preview.labels == ["1건 바꾸고 알리기", "이후 일정도 모두 늦추기", "그만두기"]
    assert (await day.meeting("a")).start == A.start, "nothing happens before it is confirmed"
    done, notice = sorted(await chat.taps(STAFF, preview, "1건"), key=lambda one: one.chat)
    assert (done.chat, done.key, done.draft.edits) == (STAFF.id, "late.done", asked.message_id)
    assert (notice.chat, notice.key) == (YOUTH.id, "change.notice")
    assert (await day.meeting("a")).start == at("10:00")
    assert (await day.meeting("b")).start == B.start


async def test_a_delay_into_the_next_meeting_is_shown_before_it_is_done(chat: Chat) -> None:
    preview = await previewed(chat)
    assert "‘입주기업 간담회’ 일정이 ‘청년 간담’ 일정과 겹칩니다" in preview.text


async def test_all_that_follow_today_can_move_along(chat: Chat, day: TourDay) -> None:
    preview = await previewed(chat)
    [both] = await chat.taps(STAFF, preview, "이후 일정도")
    assert "11:10 → <b>11:30</b>" in both.text
    assert "겹칩니다" not in both.text
    assert both.labels == ["2건 바꾸고 알리기", "이 일정만 늦추기", "그만두기"]
    [only_one] = await chat.taps(STAFF, both, "이 일정만")
    assert only_one.text == preview.text
    await chat.taps(STAFF, both, "2건")
    assert [(await day.meeting(key)).start for key in ("a", "b", "c")] == [at("10:00"), at("11:30"), C.start]


async def test_another_meeting_of_the_day_can_be_chosen(chat: Chat, day: TourDay) -> None:
    [asked] = await chat.says(STAFF, "/late")
    [other] = await chat.taps(STAFF, asked, "청년 간담")
    assert B.title in other.text
    assert "09:40 입주기업 간담회" in other.labels
    [preview] = await chat.taps(STAFF, other, "+10분")
    await chat.taps(STAFF, preview, "1건")
    assert (await day.meeting("b")).start == at("11:20")


async def test_stopping_changes_nothing(chat: Chat, day: TourDay) -> None:
    preview = await previewed(chat)
    [stopped] = await chat.taps(STAFF, preview, "그만두기")
    assert (stopped.key, stopped.draft.edits, stopped.labels) == ("late.stopped", preview.message_id, [])
    assert (await day.meeting("a")).start == A.start


async def test_a_second_tap_on_the_same_button_delays_no_further(chat: Chat, day: TourDay) -> None:
    preview = await previewed(chat)
    await chat.taps(STAFF, preview, "1건")
    [refused] = await chat.taps(STAFF, preview, "1건")
    assert refused.key == "late.moved_meanwhile"
    assert (await day.meeting("a")).start == at("10:00")


async def test_a_schedule_that_changed_since_the_preview_is_looked_at_again(chat: Chat, day: TourDay) -> None:
    preview = await previewed(chat)
    await day.brings_in(A, plan("b", "11:30", "12:00", title=B.title), now=at("09:00"))
    [refused] = await chat.taps(STAFF, preview, "1건")
    assert refused.key == "late.moved_meanwhile"
    assert (await day.meeting("a")).start == A.start


async def test_a_meeting_that_was_called_off_meanwhile_is_gone(chat: Chat, day: TourDay) -> None:
    [asked] = await chat.says(STAFF, "/late")
    await day.brings_in(B, now=at("09:00"), cancel_missing=True)
    [refused] = await chat.taps(STAFF, asked, "+20분")
    assert refused.key == "late.gone"


async def test_a_meeting_that_is_over_cannot_be_late(chat: Chat) -> None:
    [asked] = await chat.says(STAFF, "/late")
    chat.clock.advance_to(at("11:00"))
    [refused] = await chat.taps(STAFF, asked, "+20분")
    assert refused.key == "late.over"
    assert A.title in refused.text


async def test_what_has_begun_only_ends_later(chat: Chat, day: TourDay) -> None:
    chat.clock.advance_to(at("10:00"))
    preview = await previewed(chat, "+10분")
    assert "종료: 11:00 → <b>11:10</b>" in preview.text
    await chat.taps(STAFF, preview, "1건")
    moved = await day.meeting("a")
    assert (moved.start, moved.end) == (A.start, at("11:10"))


async def test_a_day_without_meetings_left_has_nothing_to_delay(chat: Chat) -> None:
    chat.clock.advance_to(at("12:00"))
    [told] = await chat.says(STAFF, "/late")
    assert told.key == "late.nothing_today"


@pytest.mark.parametrize(
    "user_and_grant",
    [(STRANGER, None), (MANAGER, Grant(Role.MANAGER, None)), (MANAGER, Grant(Role.ADMIN, None))],
)
async def test_only_staff_move_the_schedule(
    chat: Chat, day: TourDay, user_and_grant: tuple[User, Grant | None]
) -> None:
    user, given = user_and_grant
    if given is not None:
        await grant(day.database, user, given)
    [told] = await chat.says(user, "/late")
    assert told.key == "common.not_allowed"


async def test_a_role_lost_between_two_taps_counts(chat: Chat, day: TourDay) -> None:
    preview = await previewed(chat)
    await grant(day.database, STAFF, Grant(Role.STAFF, Region("강원")))
    [refused] = await chat.taps(STAFF, preview, "1건")
    assert refused.key == "common.not_allowed"
    assert (await day.meeting("a")).start == A.start


async def test_a_group_is_told_to_come_privately(chat: Chat) -> None:
    [told] = await chat.says(STAFF, "/late", where=TEAM)
    assert (told.chat, told.key) == (TEAM.id, "common.write_in_private")
    [told] = await chat.presses(STAFF, "lt:x", 5, where=TEAM)
    assert told.key == "common.write_in_private"


@pytest.mark.parametrize(
    "data", ["lt:", "lt:y", "lt:x:1", "lt:short:20:0", "lt:" + "a" * 22 + ":20", "lt:" + "a" * 22 + ":20:2"]
)
async def test_forged_buttons_are_refused(chat: Chat, data: str) -> None:
    [refused] = await chat.presses(STAFF, data, 5)
    assert refused.key == "common.button_unknown"


async def test_a_forged_meeting_or_delay_is_refused(chat: Chat, day: TourDay) -> None:
    [refused] = await chat.presses(STAFF, "lt:" + "a" * 22, 5)
    assert refused.key == "common.not_allowed", "told like a meeting of another region"
    theirs = (await day.meeting("c")).id
    [refused] = await chat.presses(STAFF, f"lt:{theirs}:20:0:1", 5)
    assert refused.key == "common.not_allowed"
    mine = (await day.meeting("a")).id
    for minutes in (0, 241, 999):
        [refused] = await chat.presses(STAFF, f"lt:{mine}:{minutes}:0", 5)
        assert refused.key == "late.out_of_range"
        assert "240분" in refused.text


def test_what_a_button_carries_is_read_back() -> None:
    meeting = "A-_" + "a" * 19
    assert Tap.parse("lt:x") == Tap(None)
    assert Tap.parse(f"lt:{meeting}").minutes is None
    tap = Tap.parse(f"lt:{meeting}:20:1:7")
    assert (tap.meeting, tap.minutes, tap.following, tap.revision) == (meeting, 20, True, 7)
