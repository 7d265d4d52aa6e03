"""/triage in chat: a card, a tap, the next card; two at once; what changed meanwhile; undo; never forced."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.person import Grant, Role
from bot.services.triage_cards import CARD
from handlers import digest as digest_handlers
from handlers import triage as triage_handlers
from storage.database import Database
from tests.support.chat import ADMIN, MANAGER, STAFF, STRANGER, TEAM, Chat, Said, User, grant, talking
from tests.support.feedback import DINNER, ELSEWHERE, LUNCH
from tests.support.kept import GANGWON, JEONBUK
from tests.support.plans import at
from tests.support.report_day import EVENING, ReportDay, report_day
from tests.support.services import only
from tests.support.tour_day import TourDay
from tests.support.triage_day import PLAIN, reads, shown, speak, triage

SECOND = User(7_500_000_001, "가상동료")


@pytest.fixture
async def day(sqlite: Database) -> ReportDay:
    day = await report_day(sqlite, LUNCH, DINNER, ELSEWHERE)
    await speak(day)
    await day.half_hour(at("12:00"))
    for user in (STAFF, SECOND):
        await grant(sqlite, user, Grant(Role.STAFF, JEONBUK))
    return day


@pytest.fixture
async def chat(sqlite: Database, day: ReportDay) -> AsyncIterator[Chat]:
    services = only(
        digests=day.digests,
        digest_view=day.view,
        schedule=TourDay(sqlite).schedule,
        triage=triage(day),
        tour=day.tour,
    )
    async with talking(sqlite, services, triage_handlers.register, digest_handlers.register) as chat:
        yield chat


def number_of(card: Said) -> str:
    return str(card.draft.values["section"]).removeprefix(CARD)


async def opens(chat: Chat, user: User = STAFF) -> Said:
    [card] = await chat.says(user, "/triage")
    return card


async def taps(chat: Chat, card: Said, label: str, user: User = STAFF) -> Said:
    [after] = await chat.taps(user, card, label)
    assert after.draft.edits == card.message_id
    return after


async def test_a_card_shows_the_words_their_meeting_and_the_topics_and_holds_no_word(
    chat: Chat, day: ReportDay
) -> None:
    card = await opens(chat)
    words = await reads(day, card)
    assert "미분류 의견 5건" in words
    assert LUNCH.title in words
    assert number_of(card) in words
    assert any(one in words for one in PLAIN)
    assert card.key == "digest.section"
    assert not any(one in str(card.draft) for one in PLAIN), "words are put in when it leaves"
    assert card.labels[-2:] == ["모르겠음·건너뛰기", "그만"]
    assert max(len(row) for row in card.buttons) == 2


async def test_one_tap_sorts_and_shows_the_next_until_none_is_left(chat: Chat, day: ReportDay) -> None:
    card, seen = await opens(chat), set()
    for left in (4, 3, 2, 1):
        seen.add(number_of(card))
        card = await taps(chat, card, "일자리·임금")
        assert chat.toast == "분류했습니다."
        assert f"의견 {left}건" in await reads(day, card)
    seen.add(number_of(card))
    done = await taps(chat, card, "일자리·임금")
    assert len(seen) == 5
    assert done.key == "triage.done"
    assert "남은 의견이 없습니다" in done.text
    assert "다음 집계" in done.text
    await day.half_hour(at("12:30"))
    digest = await shown(day)
    assert [theme.category for theme in digest.themes] == ["일자리·임금"]
    assert digest.placed_by.staff == 5
    assert not digest.unplaced


async def test_skipping_changes_nothing_and_what_was_skipped_can_be_seen_again(
    chat: Chat, day: ReportDay
) -> None:
    first = card = await opens(chat)
    for _ in range(4):
        card = await taps(chat, card, "건너뛰기")
    done = await taps(chat, card, "건너뛰기")
    assert "건너뛴 5건" in done.text
    assert "분류하지 않으셔도" in done.text
    again = await taps(chat, done, "건너뛴 5건 다시 보기")
    assert number_of(again) == number_of(first)
    await day.half_hour(at("12:30"))
    assert len((await shown(day)).ledger.unplaced) == 5


async def test_the_last_tap_can_be_undone_once_it_was_made_and_from_the_end(
    chat: Chat, day: ReportDay
) -> None:
    first = await opens(chat)
    assert "되돌리기" not in " ".join(first.labels)
    second = await taps(chat, first, "일자리·임금")
    back = await taps(chat, second, "방금 것 되돌리기")
    assert chat.toast == "방금 분류를 되돌렸습니다."
    assert number_of(back) == number_of(first)
    assert "의견 5건" in await reads(day, back)


async def test_of_two_staff_the_first_tap_counts_and_the_other_is_told(chat: Chat, day: ReportDay) -> None:
    mine, theirs = await opens(chat), await opens(chat, SECOND)
    assert number_of(mine) == number_of(theirs)
    await taps(chat, mine, "일자리·임금")
    after = await taps(chat, theirs, "기타", SECOND)
    assert chat.toast == "다른 실무자가 먼저 분류하여 다음 의견을 보여 드립니다."
    assert number_of(after) != number_of(mine)
    assert "의견 4건" in await reads(day, after)
    undone = await taps(chat, after, "방금 것 되돌리기", SECOND)
    assert chat.toast is not None
    assert "되돌리지 않았습니다" in chat.toast
    assert number_of(undone) != number_of(mine)
    async with day.database.open_unit(read_only=True) as unit:
        [kept] = (await unit.triage.of_day(JEONBUK, LUNCH.day)).values()
    assert kept.topic == "jobs"


async def test_the_same_tap_twice_counts_once(chat: Chat, day: ReportDay) -> None:
    card = await opens(chat)
    await taps(chat, card, "일자리·임금")
    await taps(chat, card, "기타")
    assert chat.toast == "이미 분류하신 의견입니다."
    async with day.database.open_unit(read_only=True) as unit:
        [kept] = (await unit.triage.of_day(JEONBUK, LUNCH.day)).values()
    assert kept.topic == "jobs"


async def test_a_withdrawn_note_is_on_no_card_and_no_tap_sorts_it(chat: Chat, day: ReportDay) -> None:
    card = await opens(chat)
    [gone] = [ident for ident, number in (await day.numbers()).items() if number == number_of(card)]
    await day.withdraws(gone)
    words = await reads(day, card)
    assert not any(one in words for one in PLAIN)
    [after] = await chat.taps(STAFF, card, "일자리·임금")
    assert after.key == "triage.made_anew"
    async with day.database.open_unit(read_only=True) as unit:
        assert not await unit.triage.of_day(JEONBUK, LUNCH.day)


async def test_a_note_put_right_after_the_digest_went_out_waits_for_the_revision(
    chat: Chat, day: ReportDay
) -> None:
    await day.publishes(EVENING)
    chat.clock.jump_to(EVENING)
    card = await opens(chat)
    after = await taps(chat, card, "건너뛰기")
    [note] = [ident for ident, number in (await day.numbers()).items() if number == number_of(after)]
    await day.corrects(note, "가상 고친 말씀입니다.")
    [told] = await chat.taps(STAFF, after, "일자리·임금")
    assert told.key == "triage.made_anew", "nobody sorts words that are not so any more"


async def test_after_the_digest_it_is_said_that_sorting_waits_for_the_next_edition(
    chat: Chat, day: ReportDay
) -> None:
    await day.publishes(EVENING)
    chat.clock.jump_to(EVENING)
    card = await opens(chat)
    for _ in range(4):
        card = await taps(chat, card, "일자리·임금")
    done = await taps(chat, card, "일자리·임금")
    assert "다음 개정판" in done.text
    before = len(await day.revisions())
    await day.publishes(at("21:31"))
    assert len(await day.revisions()) == before, "nobody is sent a digest again for it"


async def test_stopping_leaves_the_rest_as_it_is(chat: Chat) -> None:
    card = await opens(chat)
    stopped = await taps(chat, card, "그만")
    assert stopped.key == "triage.stopped"
    assert not stopped.buttons


async def test_fewer_than_five_voices_look_like_none(chat: Chat, sqlite: Database) -> None:
    await grant(sqlite, STRANGER, Grant(Role.STAFF, GANGWON))
    nobody = await opens(chat, STRANGER)
    assert nobody.key == "triage.none"


async def test_the_digest_offers_staff_to_sort_and_managers_nothing(chat: Chat, sqlite: Database) -> None:
    await grant(sqlite, MANAGER, Grant(Role.MANAGER, JEONBUK))
    summary = (await chat.says(STAFF, "/digest"))[-1]
    [card] = await chat.taps(STAFF, summary, "미분류 5건 분류하기")
    assert card.key == "digest.section"
    assert not any("분류하기" in label for label in (await chat.says(MANAGER, "/digest"))[-1].labels)


async def test_several_days_are_chosen_by_button(chat: Chat, day: ReportDay, sqlite: Database) -> None:
    for n in range(5):
        await day.says(f"가상 강원 {n}번째 이야기", region=GANGWON, about=ELSEWHERE, topic=None)
    async with sqlite.open_unit() as unit:
        subject = await day.digests.subject(unit, GANGWON, LUNCH.day)
        await day.digests.take_in(unit, subject, now=at("12:30"))
        await unit.commit()
    await grant(sqlite, STAFF, Grant(Role.STAFF, None))
    choice = await opens(chat)
    assert sorted(choice.labels) == ["강원 1.22.(목) 미분류 5건", "전북 1.22.(목) 미분류 5건"]
    card = await taps(chat, choice, "강원")
    assert "[강원]" in await reads(day, card)


@pytest.mark.parametrize("data", ["so:T:{n}:jobs", "so:s:{n}", "so:b:{n}", "so:a:{n}", "so:d:{m}"])
async def test_nobody_else_sorts_and_none_learns_whether_a_note_is_there(
    chat: Chat, day: ReportDay, sqlite: Database, data: str
) -> None:
    note = next(iter(await day.numbers()))
    await grant(sqlite, STRANGER, Grant(Role.STAFF, GANGWON))
    await grant(sqlite, MANAGER, Grant(Role.MANAGER, JEONBUK))
    await grant(sqlite, ADMIN, Grant(Role.ADMIN, None))
    for user in (STRANGER, MANAGER, ADMIN):
        for n, m in ((note, LUNCH.id), ("x" * 22, "x" * 22)):
            said = await chat.presses(user, data.format(n=n, m=m), 5)
            assert [one.key for one in said] == ["common.not_allowed"], user
    async with sqlite.open_unit(read_only=True) as unit:
        assert not await unit.triage.of_day(JEONBUK, LUNCH.day)


async def test_who_was_staff_is_refused_by_old_buttons(chat: Chat, sqlite: Database) -> None:
    card = await opens(chat)
    await grant(sqlite, STAFF, Grant(Role.STAFF, GANGWON))
    assert [one.key for one in await chat.taps(STAFF, card, "일자리·임금")] == ["common.not_allowed"]


@pytest.mark.parametrize(
    "data", ["so:", "so:T:{n}", "so:T:{n}:nosuch", "so:T:{n}:JOBS", "so:q:{n}", "so:s:short"]
)
async def test_forged_buttons_are_unknown(chat: Chat, day: ReportDay, data: str) -> None:
    note = next(iter(await day.numbers()))
    said = await chat.presses(STAFF, data.format(n=note), 5)
    assert [one.key for one in said] == ["common.button_unknown"]


async def test_in_a_group_nothing_of_it_is_said(chat: Chat, day: ReportDay) -> None:
    note = next(iter(await day.numbers()))
    for said in (
        await chat.says(STAFF, "/triage", where=TEAM),
        await chat.presses(STAFF, f"so:s:{note}", 5, where=TEAM),
    ):
        assert [one.key for one in said] == ["common.write_in_private"]
