"""Each recipient in their own language: reminders, changes, digests, alerts; what people wrote stays as it is."""

import re
from datetime import timedelta

from bot.domain.delivery import Delivery
from bot.domain.ids import ChatId, Region
from bot.domain.person import Grant, Role
from bot.services.alerts import alert_admins
from bot.services.people import People
from bot.services.wording import Wording
from storage.database import Database
from tests.support.chat import ADMIN, MANAGER, MESSAGES, STAFF, STRANGER, YOUTH, grant, said
from tests.support.feedback import JOINING, LUNCH, TOPICS
from tests.support.plans import DAY, at, plan
from tests.support.report_day import EVENING, ReportDay, report_day
from tests.support.tour_day import TourDay

JEONBUK = Region("전북")
A = plan("a", "09:40", "11:00")
QUOTE = "Xe buýt đưa đón công nhân quá ít, mong tăng thêm chuyến."


async def test_who_chose_english_is_reminded_in_english_from_the_next_one_on(database: Database) -> None:
    day = TourDay(database)
    staff = await grant(database, STAFF, Grant(Role.STAFF, JEONBUK))
    await grant(database, STRANGER, Grant(Role.STAFF, JEONBUK))
    await day.begins(A)
    assert {one.chat: one.text[:8] for one in await day.ticks(at("08:40"))} == {
        STAFF.id: "<b>1시간 뒤",
        STRANGER.id: "<b>1시간 뒤",
    }
    async with database.open_unit() as unit:
        await People().speak(unit, staff, "en")
        await unit.commit()
    told = {one.chat: one for one in await day.ticks(at("09:30"))}
    assert told[ChatId(STAFF.id)].text.startswith("<b>Starts in 10 min.</b>")
    assert "Start: Thu 22 Jan, 09:40" in told[ChatId(STAFF.id)].text
    assert A.title in told[ChatId(STAFF.id)].text
    assert told[ChatId(STAFF.id)].labels in ([], ["NAVER Map", "KakaoMap"])
    assert told[ChatId(STRANGER.id)].text.startswith("<b>10분 뒤")


async def test_briefings_and_changes_are_told_each_in_their_own_language(sqlite: Database) -> None:
    day = TourDay(sqlite)
    await grant(sqlite, STAFF, Grant(Role.STAFF, JEONBUK), language="en")
    await grant(sqlite, MANAGER, Grant(Role.MANAGER, JEONBUK), wants_reminders=True)
    evening = at("20:00", day=DAY - timedelta(days=1))
    await day.brings_in(A, now=evening - timedelta(hours=2))
    briefings = {one.chat: one.text for one in await day.ticks(evening)}
    assert "Schedule for Thu 22 Jan</b> · 1 meeting\n" in briefings[ChatId(STAFF.id)]
    assert "1.22.(목) 일정 안내" in briefings[ChatId(MANAGER.id)]
    await day.sends(evening)
    before = await day.last_row()
    await day.brings_in(plan("a", "10:00", "11:00"), now=at("08:00"))
    changes = {one.chat: one.text for one in await said(sqlite, at("08:00"), after=before)}
    assert "Start: 09:40 → <b>10:00</b>" in changes[ChatId(STAFF.id)]
    assert "시작: 09:40 → <b>10:00</b>" in changes[ChatId(MANAGER.id)]


async def test_a_participant_who_asked_in_english_is_reminded_in_english(sqlite: Database) -> None:
    day = TourDay(sqlite)
    await day.begins(A)
    meeting = await day.meeting("a")
    async with sqlite.open_unit() as unit:
        await JOINING.remind_me(unit, ChatId(YOUTH.id), "en", meeting.code, now=at("08:00"))
        await unit.commit()
    [reminder] = await day.ticks(at("08:40"))
    assert "This is the reminder you asked for." in reminder.text


async def test_a_manager_who_asked_as_a_participant_is_reminded_in_what_they_chose_since(
    database: Database,
) -> None:
    day = TourDay(database)
    silent = await grant(database, MANAGER, Grant(Role.MANAGER, JEONBUK))
    await day.begins(A)
    meeting = await day.meeting("a")
    async with database.open_unit() as unit:
        await JOINING.remind_me(unit, silent.chat, "ko", meeting.code, now=at("08:00"))
        await JOINING.remind_me(unit, ChatId(YOUTH.id), "ko", meeting.code, now=at("08:00"))
        await People().speak(unit, silent, "en")
        await unit.commit()
    told = {one.chat: one.text for one in await day.ticks(at("08:40"))}
    assert told[silent.chat].startswith("<b>Starts in 1 h.</b>")
    assert told[ChatId(YOUTH.id)].startswith("<b>1시간 뒤")


async def _worded(day: ReportDay) -> dict[int, str]:
    """What leaves for each chat, rendered as the sender does."""
    wording = Wording(MESSAGES, lambda text: text.encode(), day.view)
    async with day.database.open_unit() as unit:
        due: list[Delivery] = list(await unit.deliveries.due(day.clock.now(), [], 9))
        rendered = [await wording.render(unit, one, day.clock.now()) for one in due]
    return {
        one.chat: "\n".join([one.text, *(button.label for row in one.keyboard for button in row)])
        for one in rendered
    }


async def test_each_manager_reads_the_digests_form_in_their_language_and_the_same_quotes(
    sqlite: Database,
) -> None:
    day = await report_day(sqlite)
    for n in range(6):
        await day.says(f"{QUOTE} {n}", topic="jobs" if n < 5 else None)
    await grant(sqlite, MANAGER, Grant(Role.MANAGER, JEONBUK))
    await grant(sqlite, STRANGER, Grant(Role.MANAGER, JEONBUK), language="en")
    assert await day.publishes(EVENING) == 1
    texts = await _worded(day)
    english, korean = texts[ChatId(STRANGER.id)], texts[ChatId(MANAGER.id)]
    for words in ("Daily regional digest, Thu 22 Jan", "□ Overview", "Voices 6", "Ledger", "revision 1"):
        assert words in english
    for words in ("일일 권역 보고 1.22.(목)", "□ 개요", "연인원 6", "처리 내역", "제1판"):
        assert words in korean
    quotes = re.findall(r"“([^”]*)”", english)
    assert quotes
    assert quotes == re.findall(r"“([^”]*)”", korean)
    for written in (*(topic.title for topic in TOPICS), LUNCH.title, "전북"):
        english = english.replace(written, "")
    assert not re.search("[가-힣]", english), english


async def test_every_section_unfolds_in_english(sqlite: Database) -> None:
    day = await report_day(sqlite)
    for n in range(8):
        await day.says(f"{QUOTE} {n}", topic="jobs" if n % 2 else None)
    await day.publishes(EVENING)
    stored = (await day.revisions())[0]
    async with sqlite.open_unit() as unit:
        for section in ("sum", "t0", "unp", "led"):
            composed = await day.view(unit, stored.id, section, "en", day.clock.now())
            text = "\n".join(composed.parts)
            for written in (*(topic.title for topic in TOPICS), LUNCH.title, "전북"):
                text = text.replace(written, "")
            assert text
            assert not re.search("[가-힣]", text), text


async def test_administrators_are_alerted_in_their_language(sqlite: Database) -> None:
    await grant(sqlite, ADMIN, Grant(Role.ADMIN, None), language="en")
    async with sqlite.open_unit() as unit:
        await alert_admins(unit, "sending_stopped", now=EVENING)
        await unit.commit()
    [alert] = await said(sqlite, EVENING)
    assert alert.text.startswith("<b>[Operations]</b>")
