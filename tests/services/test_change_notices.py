"""Change notices: everybody concerned hears once what changed, old → new; nobody else does."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.ids import Region
from bot.domain.meeting import MeetingPlan
from bot.domain.person import Grant, Person, Role
from bot.services.change_notices import Altered, lines_of
from storage.database import Database
from tests.support.chat import ADMIN, MANAGER, MESSAGES, STAFF, STRANGER, YOUTH, Said, User, grant
from tests.support.plans import DAY, at, plan, standing
from tests.support.tour_day import TourDay, chats

JEONBUK = Region("전북")
STAFF_HERE = Grant(Role.STAFF, JEONBUK)
A = plan("a", "09:40", "11:00")
B = plan("b", "13:00", "14:00")
C = plan("c", "10:00", "11:00", region="강원")


def later(of: MeetingPlan, minutes: int) -> MeetingPlan:
    by = timedelta(minutes=minutes)
    return replace(of, start=of.start + by, end=of.end + by)


async def changes(
    day: TourDay, *plans: MeetingPlan, now: datetime, cancel_missing: bool = False
) -> list[Said]:
    """The notices that an import causes."""
    before = await day.last_row()
    await day.brings_in(*plans, now=now, cancel_missing=cancel_missing)
    return [
        one
        for one in await day.planned(now)
        if one.key == "change.notice" and one.message_id > 100_000 + before
    ]


async def delays(
    day: TourDay, actor: Person, key: str, minutes: int, *, now: datetime, following: bool = False
) -> list[Said]:
    """The notices that `/late` causes."""
    before = await day.last_row()
    meeting = await day.meeting(key)
    async with day.database.open_unit() as unit:
        shown = await day.schedule.preview_delay(
            unit, actor, meeting.id, minutes, following=following, now=now
        )
        await day.schedule.apply_delay(
            unit, actor, meeting.id, minutes, following=following, revision=shown.revision, now=now
        )
        await unit.commit()
    return [
        one
        for one in await day.planned(now)
        if one.key == "change.notice" and one.message_id > 100_000 + before
    ]


async def test_a_first_import_is_no_news(database: Database) -> None:
    day = TourDay(database)
    await grant(database, STAFF, STAFF_HERE)
    assert await changes(day, A, B, now=at("06:00")) == []


async def test_everybody_concerned_is_told_once_however_much_moved(database: Database) -> None:
    day = TourDay(database)
    await grant(database, STAFF, STAFF_HERE, Grant(Role.STAFF, None))
    await grant(database, YOUTH, Grant(Role.MANAGER, JEONBUK), wants_reminders=True)
    await day.begins(A, B, C)
    notices = await changes(day, later(A, 20), later(B, 30), later(C, 40), now=at("08:00"))
    assert chats(notices) == [STAFF.id, YOUTH.id]
    [staff] = [one for one in notices if one.chat == STAFF.id]
    assert staff.text.index("09:40 → <b>10:00</b>") < staff.text.index("13:00 → <b>13:30</b>")
    assert "10:00 → <b>10:40</b>" in staff.text
    [manager] = [one for one in notices if one.chat == YOUTH.id]
    assert C.title not in manager.text


@pytest.mark.parametrize("reminded", [False, True])
async def test_they_are_told_whether_or_not_their_reminder_had_gone(
    database: Database, *, reminded: bool
) -> None:
    day = TourDay(database)
    await grant(database, STAFF, STAFF_HERE)
    await day.begins(A)
    if reminded:
        assert len(await day.ticks(at("08:40"))) == 1
        assert await day.sends(at("08:40")) == 1
    [notice] = await changes(day, later(A, 20), now=at("08:45"))
    assert notice.chat == STAFF.id
    assert "09:40 → <b>10:00</b>" in notice.text


async def test_who_is_not_told(database: Database) -> None:
    """Managers who don't want reminders, other regions, administrators, the unreachable."""
    day = TourDay(database)
    await grant(database, MANAGER, Grant(Role.MANAGER, JEONBUK))
    await grant(database, STRANGER, Grant(Role.STAFF, Region("강원")))
    await grant(database, ADMIN, Grant(Role.ADMIN, None))
    unreachable = await grant(database, STAFF, STAFF_HERE)
    async with database.open_unit() as unit:
        await unit.people.mark_reachable(unreachable.chat, reachable=False)
        await unit.commit()
    await day.begins(A)
    assert await changes(day, later(A, 20), now=at("08:00")) == []


async def test_who_says_late_is_not_told_and_the_others_are(database: Database) -> None:
    day = TourDay(database)
    actor = await grant(database, STAFF, STAFF_HERE)
    await grant(database, MANAGER, STAFF_HERE)
    await day.begins(A, B)
    await day.subscribes(STAFF, (await day.meeting("a")).id)
    [notice] = await delays(day, actor, "a", 20, following=True, now=at("08:00"))
    assert notice.chat == MANAGER.id
    assert "13:00 → <b>13:20</b>" in notice.text


async def test_a_second_delay_is_news_again(database: Database) -> None:
    day = TourDay(database)
    actor = await grant(database, STAFF, STAFF_HERE)
    await grant(database, MANAGER, STAFF_HERE)
    await day.begins(A)
    [first] = await delays(day, actor, "a", 10, now=at("08:00"))
    [second] = await delays(day, actor, "a", 10, now=at("08:05"))
    assert first.dedup != second.dedup
    assert "09:50 → <b>10:00</b>" in second.text


async def test_subscribers_hear_of_their_meeting_and_of_no_other(database: Database) -> None:
    day = TourDay(database)
    await day.begins(A, B)
    await day.subscribes(YOUTH, (await day.meeting("a")).id)
    assert await changes(day, A, later(B, 20), now=at("08:00")) == []
    [notice] = await changes(day, later(A, 20), later(B, 40), now=at("08:05"))
    assert notice.chat == YOUTH.id
    assert notice.draft.private, "a participant's dialogue is destroyed"
    assert B.title not in notice.text


async def test_a_subscriber_of_two_meetings_gets_one_notice(database: Database) -> None:
    day = TourDay(database)
    await day.begins(A, B)
    for key in ("a", "b"):
        await day.subscribes(YOUTH, (await day.meeting(key)).id)
    [notice] = await changes(day, later(A, 20), later(B, 20), now=at("08:00"))
    assert A.title in notice.text
    assert B.title in notice.text


async def test_staff_who_subscribed_too_hear_of_a_change_once_and_of_every_change(database: Database) -> None:
    """Their region's meeting as staff; a meeting elsewhere, which concerns them as participants only, apart."""
    day = TourDay(database)
    await grant(database, STAFF, STAFF_HERE)
    await day.begins(A, C)
    for key in ("a", "c"):
        await day.subscribes(STAFF, (await day.meeting(key)).id)
    notices = await changes(day, later(A, 20), later(C, 20), now=at("08:00"))
    assert sum(A.title in one.text for one in notices) == 1
    assert sum(C.title in one.text for one in notices) == 1


async def test_what_is_over_is_no_news(database: Database) -> None:
    day = TourDay(database)
    await grant(database, STAFF, STAFF_HERE)
    await day.begins(A, B)
    assert await changes(day, replace(A, venue="다른 곳"), B, now=at("11:00")) == []
    [notice] = await changes(day, later(A, 300), B, now=at("11:01"))
    assert "14:40" in notice.text, "moved back into the day, it is news"


async def test_a_meeting_that_changes_its_region_is_told_in_both(database: Database) -> None:
    day = TourDay(database)
    await grant(database, STAFF, STAFF_HERE)
    await grant(database, STRANGER, Grant(Role.STAFF, Region("강원")))
    await day.begins(A, C)
    moved = replace(later(A, 60), region=Region("강원"))
    assert chats(await changes(day, moved, now=at("08:00"))) == [STAFF.id, STRANGER.id]


async def test_a_notice_expires_once_everything_in_it_is_over(database: Database) -> None:
    day = TourDay(database)
    await grant(database, STAFF, STAFF_HERE)
    await day.begins(A, B)
    [notice] = await changes(
        day, later(A, 20), replace(B, start=at("12:00"), end=at("12:30")), now=at("08:00")
    )
    assert notice.draft.expires == B.end, "until then somebody may still stand at the old place"


async def test_a_notice_of_very_much_still_fits_a_message(database: Database) -> None:
    day = TourDay(database)
    await grant(database, STAFF, STAFF_HERE)
    plans = [plan(f"m{i:02}", "12:00", "13:00", title="가" * 100) for i in range(43)]
    await day.begins(*plans)
    [notice] = await changes(day, *(later(one, 20) for one in plans), now=at("08:00"))
    assert "그 밖에 23건이 더 바뀌었습니다" in notice.text


def words(
    before: MeetingPlan | None, after: MeetingPlan, *, was_off: bool = False, is_off: bool = False
) -> list[str]:
    """The lines of one change as people read them, without the title's line."""
    altered = Altered(
        None if before is None else standing(before, cancelled=was_off), standing(after, cancelled=is_off)
    )
    return [
        MESSAGES.text(line.key, line.values, now=at("08:00")).partition("\n   - ")[2]
        or MESSAGES.text(line.key, line.values, now=at("08:00"))
        for line in lines_of(altered)
    ]


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (A, []),
        (replace(A, remarks="주차 안내", round=2), []),
        (later(A, 20), ["시작: 09:40 → <b>10:00</b>"]),
        (replace(A, end=at("11:30")), ["종료: 11:00 → <b>11:30</b>"]),
        (
            replace(A, start=at("10:00")),
            ["시작: 09:40 → <b>10:00</b>"],
        ),
        (
            replace(A, start=at("10:00"), end=at("10:30")),
            ["시작: 09:40 → <b>10:00</b>", "종료: 11:00 → <b>10:30</b>"],
        ),
        (
            replace(
                A,
                day=DAY + timedelta(days=1),
                start=A.start + timedelta(days=1),
                end=A.end + timedelta(days=1),
            ),
            ["일시: 1.22.(목) 09:40 → <b>1.23.(금) 09:40</b>"],
        ),
        (replace(A, venue="전주 회의실"), ["장소: 군산 회의실 → <b>전주 회의실</b>"]),
        (replace(A, address="가상로 1"), ["장소: 군산 회의실 → <b>군산 회의실, 가상로 1</b>"]),
        (replace(A, venue=""), ["장소: 군산 회의실 → <b>-</b>"]),
        (replace(A, host="가상 국장"), ["주관: <b>가상 국장</b>"]),
        (replace(A, title="새 이름"), ["○ 일정명: 간담회 a → <b>새 이름</b>"]),
    ],
)
def test_what_is_said_of_a_change(after: MeetingPlan, said: list[str]) -> None:
    assert words(A, after) == said


def test_what_is_said_of_coming_and_going() -> None:
    assert words(None, A) == ["<b>추가되었습니다.</b> 1.22.(목) 09:40, 군산 회의실"]
    assert words(A, A, is_off=True) == ["<b>취소되었습니다.</b>"]
    assert words(A, later(A, 20), was_off=True) == ["<b>다시 진행합니다.</b> 1.22.(목) 10:00, 군산 회의실"]


@pytest.mark.parametrize("user", [STAFF, YOUTH])
async def test_a_cancelled_and_an_added_meeting_are_told(database: Database, user: User) -> None:
    day = TourDay(database)
    await day.begins(A, B)
    if user is STAFF:
        await grant(database, STAFF, STAFF_HERE)
    else:
        await day.subscribes(YOUTH, (await day.meeting("b")).id)
    [notice] = await changes(day, A, plan("d", "16:00", "17:00"), now=at("08:00"), cancel_missing=True)
    assert "취소되었습니다" in notice.text
    assert ("추가되었습니다" in notice.text) is (user is STAFF)
