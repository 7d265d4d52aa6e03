"""After publishing: what a revision changed is told, what came late is marked, and taken-back words leave the chats."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.delivery import DeliveryKind
from bot.domain.person import Grant, Role
from bot.services.digest_view import SUMMARY
from bot.services.erasing import OVERDUE, Erasing
from bot.services.interim_clock import InterimClock
from bot.services.ports import FateUnknown, Rejected
from bot.services.reissuing import TOGETHER
from bot.services.saying import Recipient, plan
from storage.database import Database
from tests.support.chat import MANAGER, STAFF, STRANGER, grant
from tests.support.digest_office import Office
from tests.support.kept import JEONBUK, person
from tests.support.plans import at
from tests.support.report_day import EVENING, SUBJECT, manager, report_day

GONE = "거둘 통근버스 의견입니다"
HINT = "내용을 지웠습니다"
SECOND = timedelta(seconds=1)


async def office_on(database: Database) -> Office:
    day = await report_day(database)
    await manager(database, MANAGER)
    return Office(day)


@pytest.fixture
async def office(sqlite: Database) -> Office:
    return await office_on(sqlite)


@pytest.fixture
async def anywhere(database: Database) -> Office:
    return await office_on(database)


async def said(office: Office) -> list[str]:
    others = [await office.day.says(f"통근버스 의견 {n}") for n in range(8)]
    return [await office.day.says(GONE, topic=None), *others]


async def published(office: Office) -> list[str]:
    """A day of nine voices went out. The first one's words stand in the section of what has no theme."""
    notes = await said(office)
    await office.day.publishes(EVENING)
    await office.sends()
    return notes


async def opened(office: Office, section: str, chat: int = MANAGER.id) -> None:
    """Somebody unfolds a section of the newest digest below."""
    await asks_for(office, section, chat)
    await office.sends()


async def asks_for(office: Office, section: str, chat: int = MANAGER.id) -> None:
    day = office.day
    async with day.database.open_unit() as unit:
        stored = await day.digests.ready(unit, SUBJECT, now=day.clock.now())
        person = next(one for one in await unit.people.all() if one.chat == chat)
        for place, draft in enumerate(day.view.drafts(stored, section, now=day.clock.now())):
            to, key = Recipient(person.chat, "ko", person.id), f"reply:{day.clock.now()}:{place}"
            await plan(unit, DeliveryKind.REPLY, key, to, draft, now=day.clock.now())
        await unit.commit()


async def number(office: Office, note: str) -> str:
    return str((await office.day.numbers())[note])


async def test_a_late_note_makes_a_supplement_and_leaves_what_was_sent(anywhere: Office) -> None:
    office = anywhere
    await published(office)
    late = await office.day.says("늦게 온 통근버스 의견입니다", topic=None)
    await office.day.publishes(at("21:30"))
    await office.sends()
    first, erratum, second = office.stands()
    assert "제1판" in first
    assert "제2판으로 바뀌었습니다" in erratum
    assert f"추가 의견(첫 보고를 보낸 뒤에 들어온 의견): {await number(office, late)}" in erratum
    assert "고쳐진" not in erratum
    assert "철회" not in erratum.split("\n\n")[0]
    assert "제2판" in second
    assert "※ 추가: 첫 보고를 보낸 뒤에 들어온 추가 의견임" in second
    await opened(office, "unp")
    assert f"{await number(office, late)} 추가" in office.stands()[-1]


async def test_what_came_late_stays_marked_in_later_revisions(office: Office) -> None:
    await published(office)
    late = [await office.day.says("늦게 온 통근버스 의견입니다")]
    await office.day.publishes(at("21:30"))
    late.append(await office.day.says("더 늦게 온 통근버스 의견입니다"))
    await office.day.publishes(at("22:00"))
    newest = (await office.day.revisions())[-1]
    assert set(newest.body["sent"]["late"]) == {await number(office, one) for one in late}


async def test_withdrawn_words_leave_every_message_at_once(anywhere: Office) -> None:
    office = anywhere
    notes = await published(office)
    await opened(office, "unp")
    await opened(office, "led")
    assert sum(GONE in text for text in office.stands()) == 1
    gone = await number(office, notes[0])
    office.day.clock.jump_to(at("21:10"))
    await office.day.withdraws(notes[0])
    assert await office.day.publishes(at("21:10")) == 1
    await office.sends()
    assert GONE not in "".join(office.stands())
    *old, erratum, new = office.stands()
    assert len(old) == 3
    assert all(HINT in text for text in old)
    assert f"철회되거나 삭제된 의견: {gone}" in erratum
    assert "제2판" in new
    assert GONE not in await office.day.bodies()
    calls = len(office.messenger.calls)
    await office.day.publishes(at("21:11"))
    await office.sends()
    assert len(office.messenger.calls) == calls, "once"


async def test_a_name_that_came_on_file_leaves_them_with_the_next_revision(office: Office) -> None:
    await said(office)
    await office.day.says("가상철수라는 가게의 배차가 늦습니다", topic=None)
    await office.day.publishes(EVENING)
    await office.sends()
    await opened(office, "unp")
    assert "가상철수" in "".join(office.stands())
    async with office.day.database.open_unit() as unit:
        await person(unit, 88, Grant(Role.STAFF, JEONBUK), name="가상철수")
        await unit.commit()
    await office.day.says("늦게 온 통근버스 의견입니다", topic=None)
    await office.day.publishes(at("21:30"))
    await office.sends()
    assert "가상철수" not in "".join(office.stands())


async def test_words_leave_the_messages_also_when_no_revision_can_be_made(anywhere: Office) -> None:
    office = anywhere
    notes = await published(office)
    await opened(office, "unp")
    await asks_for(office, "unp")
    office.day.clock.jump_to(at("21:10"))
    await office.day.withdraws(notes[0])
    await office.sends()
    assert sum(GONE in text for text in office.stands()) == 1, "nothing is worded with them any more"
    erasing = Erasing(office.day.database.open_unit, office.day.clock)
    office.day.clock.jump_to(at("21:10") + OVERDUE)
    assert await erasing.look() > 0
    assert await erasing.look() == 0
    await office.sends()
    assert GONE not in "".join(office.stands())


async def test_corrected_words_leave_them_on_the_half_hour(office: Office) -> None:
    notes = await published(office)
    await office.day.corrects(notes[0], "고친 통근버스 의견입니다")
    await office.day.publishes(at("21:30"))
    await office.sends()
    first, erratum, new = office.stands()
    assert HINT in first
    assert f"고쳐진 의견: {await number(office, notes[0])}" in erratum
    assert "제2판" in new
    await opened(office, "unp")
    assert "고친 통근버스 의견입니다" in office.stands()[-1]


async def test_withdrawals_one_after_the_other_are_told_once_and_erased_each_at_once(
    anywhere: Office,
) -> None:
    office = anywhere
    notes = await published(office)
    numbers = [await number(office, one) for one in notes]
    for place, minute in enumerate(("21:10", "21:12", "21:14")):
        office.day.clock.jump_to(at(minute))
        await office.day.withdraws(notes[place])
        await office.day.publishes(at(minute))
        await office.sends()
    assert [HINT in text for text in office.stands()] == [True, False, True], "the second digest too"
    assert numbers[0] in office.stands()[1]
    office.day.clock.jump_to(at("21:10") + TOGETHER + 5 * SECOND)
    await office.sends()
    *_, erratum, newest = office.stands()
    assert len(office.stands()) == 5
    assert "제4판" in erratum
    assert all(one in erratum for one in numbers[1:3])
    assert numbers[0] not in erratum, "that was told"
    assert "제4판" in newest


async def test_what_had_not_left_is_sent_once_as_it_is_now(office: Office) -> None:
    note, *_ = await said(office)
    await office.day.publishes(EVENING)
    await office.day.withdraws(note)
    await office.day.publishes(EVENING + SECOND)
    await office.sends()
    [digest] = office.stands()
    assert "제2판" in digest, "no erratum to who had nothing"


async def test_who_had_no_earlier_one_gets_no_erratum(office: Office) -> None:
    await published(office)
    await manager(office.day.database, STRANGER)
    await office.day.says("늦게 온 통근버스 의견입니다")
    await office.day.publishes(at("21:30"))
    await office.sends()
    assert len(office.stands(MANAGER.id)) == 3
    [digest] = office.stands(STRANGER.id)
    assert "제2판" in digest


async def test_fewer_than_five_voices_are_not_listed(office: Office) -> None:
    notes = [await office.day.says(f"통근버스 의견 {n}") for n in range(2)]
    await office.day.publishes(EVENING)
    await office.sends()
    gone = await number(office, notes[0])
    await office.day.withdraws(notes[0])
    await office.day.publishes(at("21:10"))
    await office.sends()
    _, erratum, _ = office.stands()
    assert "5 미만" in erratum
    assert gone not in erratum


async def test_words_leave_the_chat_of_whoever_may_not_read_them_any_more(office: Office) -> None:
    notes = await published(office)
    await grant(office.day.database, MANAGER)
    await office.day.withdraws(notes[0])
    await office.day.publishes(at("21:10"))
    await office.sends()
    [message] = office.stands()
    assert HINT in message


async def test_a_message_that_was_on_its_way_is_emptied_when_it_is_known(anywhere: Office) -> None:
    """It was worded with words that were withdrawn before it was answered."""
    office = anywhere
    day = office.day
    notes = await published(office)
    await asks_for(office, "unp")
    async with office.answers_late():
        await day.withdraws(notes[0])
        assert await day.publishes(at("21:01")) == 1
    assert GONE in office.stands()[1], "it was worded before"
    await day.publishes(at("21:02"))
    await office.sends()
    assert GONE not in "".join(office.stands())
    assert [HINT in text for text in office.stands()] == [True, True, False, False]


async def test_killed_while_it_erases_it_erases_again(anywhere: Office) -> None:
    office = anywhere
    notes = await published(office)
    await office.day.withdraws(notes[0])
    await office.day.publishes(at("21:10"))
    await office.is_killed_sending()
    await office.sends(130)
    assert GONE not in "".join(office.stands())
    assert HINT in office.stands()[0]
    assert "다시 보냄" not in office.stands()[0]


async def test_an_erasure_of_unknown_fate_is_repeated(office: Office) -> None:
    notes = await published(office)
    await office.day.withdraws(notes[0])
    await office.day.publishes(at("21:10"))
    office.messenger.script(FateUnknown("read timeout"))
    await office.sends(130)
    assert GONE not in "".join(office.stands())


@pytest.mark.parametrize(
    ("why", "asked"),
    [("400 Bad Request: message can't be edited", 1), ("400 Bad Request: message to edit not found", 0)],
)
async def test_what_cannot_be_erased_its_reader_is_asked_to_delete(
    office: Office, why: str, asked: int
) -> None:
    notes = await published(office)
    await office.day.withdraws(notes[0])
    await office.day.publishes(at("21:10"))
    office.messenger.script(Rejected(why))
    await office.sends(5)
    assert sum("직접 지워 주시기 바랍니다" in text for text in office.stands()) == asked
    await office.day.publishes(at("21:12"))
    await office.sends()
    assert sum("직접 지워 주시기 바랍니다" in text for text in office.stands()) == asked, "once"


async def test_an_interim_digest_that_showed_them_is_emptied_too(office: Office) -> None:
    day = office.day
    await grant(day.database, STAFF, Grant(Role.STAFF, JEONBUK))
    notes = await said(office)
    await day.half_hour(at("12:00"))
    day.clock.jump_to(at("12:10"))
    await opened(office, "unp", STAFF.id)
    assert GONE in office.stands(STAFF.id)[-1]
    await day.withdraws(notes[0])
    await day.publishing.publish_due()
    await office.sends()
    assert GONE not in "".join(office.stands(STAFF.id))
    assert HINT in office.stands(STAFF.id)[-1]
    day.clock.jump_to(at("12:31"))
    await day.half_hour(at("12:30"))
    await opened(office, SUMMARY, STAFF.id)
    await day.publishing.publish_due()
    await office.sends()
    assert HINT not in office.stands(STAFF.id)[-1], "the next edition stands"


async def test_the_interim_clock_erases_before_it_makes_the_next_edition(anywhere: Office) -> None:
    """The half hour comes before the digests' tick saw that the edition was emptied."""
    office = anywhere
    day = office.day
    await grant(day.database, STAFF, Grant(Role.STAFF, JEONBUK))
    notes = await said(office)
    await day.half_hour(at("12:00"))
    day.clock.jump_to(at("12:10"))
    clock = InterimClock(day.database.open_unit, day.digests, day.clock)
    await opened(office, "unp", STAFF.id)
    day.clock.jump_to(at("12:29") + 59 * SECOND)
    await day.withdraws(notes[0])
    day.clock.jump_to(at("12:30"))
    await clock.look()
    [draft] = await day.revisions()
    assert "ledger" in draft.body
    await office.sends()
    assert GONE not in "".join(office.stands(STAFF.id))


async def test_what_was_on_its_way_when_an_edition_was_emptied_and_made_again_is_emptied(
    anywhere: Office,
) -> None:
    """Nothing tells by then that the edition of this id once had other words."""
    office = anywhere
    day = office.day
    await grant(day.database, STAFF, Grant(Role.STAFF, JEONBUK))
    notes = await said(office)
    await day.half_hour(at("12:00"))
    day.clock.jump_to(at("12:29") + 59 * SECOND)
    await asks_for(office, "unp", STAFF.id)
    async with office.answers_late():
        await day.withdraws(notes[0])
        day.clock.jump_to(at("12:30"))
        await InterimClock(day.database.open_unit, day.digests, day.clock).look()
    assert GONE in office.stands(STAFF.id)[-1], "it was worded before"
    await Erasing(day.database.open_unit, day.clock).look()
    await office.sends()
    assert GONE not in "".join(office.stands(STAFF.id))


async def test_what_an_earlier_version_sent_is_issued_again_without_numbers(office: Office) -> None:
    notes = await published(office)
    day = office.day
    async with day.database.open_unit() as unit:
        sent = await unit.digests.newest_published(SUBJECT.tour, JEONBUK, SUBJECT.day)
        assert sent is not None
        await unit.digests.keep(replace(sent, body={k: v for k, v in sent.body.items() if k != "sent"}))
        await unit.commit()
    await day.withdraws(notes[0])
    await day.publishes(at("21:10"))
    await office.sends()
    first, erratum, _ = office.stands()
    assert HINT in first
    assert "추가되거나 고쳐지거나 철회됨" in erratum
