"""The tour's report of stored digests: what it is made of, what of it may be read, and that withdrawn words leave it."""

import json
from datetime import timedelta

import pytest

from bot.digest.tour.as_json import to_json
from bot.digest.tour.values import TourReport, WhyMissing
from bot.domain.delivery import DeliveryKind
from bot.domain.errors import ButtonUnknown, NotAllowed
from bot.domain.ids import Region, TourId
from bot.domain.person import Grant, Person, Role
from bot.gateways.documents.writing import written
from bot.services.erasing import OVERDUE, Erasing
from bot.services.ports import Document
from bot.services.saying import Recipient, plan
from bot.services.tour.files import TourFiles
from bot.services.tour.reports import NothingYet
from bot.services.tour.scope import Scope
from storage.database import Database
from tests.support.chat import MANAGER, MESSAGES, STAFF, grant
from tests.support.digest_office import Office
from tests.support.feedback import DINNER, ELSEWHERE, LUNCH
from tests.support.kept import GANGWON, JEONBUK, TOUR
from tests.support.plans import DAY, at, meeting
from tests.support.report_day import EVENING, ReportDay, report_day

GONE = "다른 의견입니다. 저는 가상 옛 노선이 더 좋습니다."
TOMORROW = DAY + timedelta(days=1)
LATER = meeting("jeju".ljust(22, "x"), day=TOMORROW, region="제주")
ALL = Scope(TOUR.id, None)


@pytest.fixture
async def day(database: Database) -> ReportDay:
    """전북 and 강원 on one day, six voices each; 제주 is to come."""
    day = await report_day(database, LUNCH, DINNER, ELSEWHERE, LATER)
    await speaks(day)
    return day


async def speaks(day: ReportDay) -> None:
    for n in range(6):
        await day.says(f"{n}번째 가상 통근버스 정류장이 너무 멉니다.")
        await day.says(f"{n}번째 가상 고개는 눈길에 버스가 못 다닙니다.", region=GANGWON, about=ELSEWHERE)


async def report_of(day: ReportDay, scope: Scope = ALL, *, closing: bool = False) -> TourReport:
    async with day.database.open_unit() as unit:
        return await day.tour_reports.report(unit, scope, now=day.clock.now(), closing=closing)


def told(report: TourReport) -> str:
    return json.dumps(to_json(report), ensure_ascii=False)


async def test_it_is_made_of_what_was_sent(day: ReportDay) -> None:
    await day.publishes(EVENING)
    report = await report_of(day)
    assert [(one.region, one.revision) for one in report.days] == [("강원", 1), ("전북", 1)]
    [theme] = report.themes
    assert theme.topic == "jobs"
    assert set(theme.regions) == {"전북", "강원"}
    assert [(one.region, one.why) for one in report.missing] == [("제주", WhyMissing.TO_COME)]
    assert not report.closing
    assert report.only is None


async def test_before_anything_was_sent_every_day_is_missing(day: ReportDay) -> None:
    report = await report_of(day)
    assert report.days == ()
    assert {one.why for one in report.missing} == {WhyMissing.TO_COME}


async def test_a_draft_is_no_part_of_it(day: ReportDay) -> None:
    """Interim digests are for their own readers."""
    await day.half_hour(at("12:30"))
    await day.asks()
    assert (await report_of(day)).days == ()


async def test_it_closes_by_itself_when_no_day_is_to_come(day: ReportDay) -> None:
    await day.publishes(EVENING)
    day.clock.jump_to(at("22:00", day=TOMORROW))
    report = await report_of(day)
    assert report.closing
    assert [(one.region, one.why) for one in report.missing] == [("제주", WhyMissing.NOT_SENT)]


async def test_it_may_be_closed_before(day: ReportDay) -> None:
    await day.publishes(EVENING)
    assert (await report_of(day, closing=True)).closing


async def test_a_cancelled_day_is_not_missing(day: ReportDay) -> None:
    async with day.database.open_unit() as unit:
        await unit.meetings.keep(LATER.called_off())
        await unit.commit()
    await day.publishes(EVENING)
    assert (await report_of(day)).missing == ()


async def test_a_reissued_day_is_in_it_as_it_is_now(day: ReportDay) -> None:
    await day.publishes(EVENING)
    await day.says("늦게 온 가상 통근버스를 늘려 주세요.")
    day.clock.jump_to(at("21:10"))
    before = await report_of(day)
    assert [one.revision for one in before.days] == [1, 1], "until the half hour it stands as it was sent"
    await day.publishes(at("21:30"))
    after = await report_of(day)
    assert sorted(one.revision for one in after.days) == [1, 2]
    assert "늦게 온" in told(after)
    assert "늦게 온" not in told(before)


async def test_withdrawn_words_are_out_of_it_at_once(day: ReportDay) -> None:
    gone = await day.says(GONE)
    await day.publishes(EVENING)
    assert GONE in told(await report_of(day))
    day.clock.jump_to(at("21:05"))
    await day.withdraws(gone)
    report = await report_of(day)
    assert GONE not in told(report)
    assert ("전북", WhyMissing.IN_REVISION) in [(one.region, one.why) for one in report.missing]
    await day.publishes(at("21:06"))
    report = await report_of(day)
    assert [(one.region, one.revision) for one in report.days] == [("강원", 1), ("전북", 2)]
    assert GONE not in told(report)


async def test_nothing_of_it_is_stored(day: ReportDay) -> None:
    gone = await day.says(GONE)
    await day.publishes(EVENING)
    person = await grant(day.database, MANAGER, Grant(Role.MANAGER, None))
    async with day.database.open_unit() as unit:
        for draft in await day.tour.open(unit, person, TOUR.id, "sum", now=day.clock.now()):
            await plan(unit, DeliveryKind.REPLY, "reply:1:0", to(person), draft, now=day.clock.now())
        await unit.commit()
    await day.withdraws(gone)
    await day.publishes(at("21:06"))
    async with day.database.open_unit() as unit:
        found = await unit.deliveries.arrived_of("reply:")
    assert "reply:1:0" in found
    assert GONE not in await day.bodies()


def to(person: Person) -> Recipient:
    return Recipient(person.chat, "ko", person.id)


@pytest.mark.parametrize(
    ("grants", "regions"),
    [
        ([Grant(Role.MANAGER, None)], None),
        ([Grant(Role.MANAGER, JEONBUK)], ("전북",)),
        ([Grant(Role.MANAGER, JEONBUK), Grant(Role.MANAGER, GANGWON)], ("전북", "강원")),
        ([Grant(Role.MANAGER, JEONBUK), Grant(Role.STAFF, GANGWON)], ("전북",)),
    ],
)
async def test_a_manager_sees_the_regions_that_they_may(
    day: ReportDay, grants: list[Grant], regions: tuple[str, ...] | None
) -> None:
    await day.publishes(EVENING)
    person = await grant(day.database, MANAGER, *grants)
    async with day.database.open_unit() as unit:
        scope = await day.tour_reports.scope(unit, person, TOUR.id)
    assert set(scope.regions or ()) == set(regions or ())
    report = await report_of(day, scope)
    seen = told(report)
    assert ("눈길" in seen) == (regions is None or "강원" in regions)
    assert report.only == (None if regions is None else report.regions)
    assert {one.region for one in report.missing} <= set(regions or ("제주",))


@pytest.mark.parametrize(
    "grants",
    [
        [Grant(Role.STAFF, None)],
        [Grant(Role.ADMIN, None)],
        [Grant(Role.STAFF, JEONBUK), Grant(Role.ADMIN, None)],
        [Grant(Role.MANAGER, Region("충북"))],
    ],
)
async def test_who_is_no_manager_of_a_region_of_the_tour_is_refused(
    day: ReportDay, grants: list[Grant]
) -> None:
    await day.publishes(EVENING)
    person = await grant(day.database, STAFF, *grants)
    async with day.database.open_unit() as unit:
        for tour in (TOUR.id, TourId("nosuch")):
            with pytest.raises(NotAllowed):
                await day.tour.open(unit, person, tour, "sum", now=day.clock.now())


async def test_it_is_offered_from_the_second_digest_on(day: ReportDay) -> None:
    everywhere = await grant(day.database, MANAGER, Grant(Role.MANAGER, None))
    one_region = await grant(day.database, STAFF, Grant(Role.MANAGER, JEONBUK))
    async with day.database.open_unit() as unit:
        assert await day.tour.offers(unit, everywhere) == ()
    await day.publishes(EVENING)
    async with day.database.open_unit() as unit:
        [[button]] = await day.tour.offers(unit, everywhere)
        assert button.data == "tr:tour:sum"
        assert await day.tour.offers(unit, one_region) == (), "one digest says all that its tour would"


async def test_sections_that_are_not_there_are_unknown(day: ReportDay) -> None:
    await day.publishes(EVENING)
    person = await grant(day.database, MANAGER, Grant(Role.MANAGER, None))
    async with day.database.open_unit() as unit:
        with pytest.raises(ButtonUnknown):
            await day.tour.open(unit, person, TOUR.id, "pro", now=day.clock.now())


async def test_before_the_first_digest_there_is_nothing_yet(day: ReportDay) -> None:
    person = await grant(day.database, MANAGER, Grant(Role.MANAGER, None))
    async with day.database.open_unit() as unit:
        for tour in (TOUR.id, TourId("nosuch")):
            with pytest.raises(NothingYet):
                await day.tour.open(unit, person, tour, "sum", now=day.clock.now())


@pytest.mark.parametrize("regions", [None, (JEONBUK,), (JEONBUK, Region("가상 특별자치도"))])
def test_a_scope_travels_and_comes_back(regions: tuple[Region, ...] | None) -> None:
    scope = Scope(TOUR.id, regions)
    assert Scope.read(TOUR.id, scope.to_value("sum")) == (scope, "sum")
    assert Scope.read("x" * 22, "sum") is None, "a digest's own section"


async def made(day: ReportDay, argument: str) -> Document:
    files = TourFiles(day.tour_reports, day.tour_view, MESSAGES, written)
    async with day.database.open_unit() as unit:
        file = (await files.file(unit, argument, "ko", day.clock.now()))()
    assert isinstance(file, Document)
    return file


async def test_a_file_holds_what_its_reader_may_read(day: ReportDay) -> None:
    await day.publishes(EVENING)
    for scope, region in ((ALL, "강원"), (Scope(TOUR.id, (JEONBUK,)), None)):
        file = await made(day, f"{TOUR.id} {scope.to_value('html')}")
        assert file.name == "[가상 현장 행보] 순방 누적 보고 1.22.(목).html"
        page = file.content.decode()
        assert "전북" in page
        assert ("눈길" in page) == (region is not None)


async def test_a_file_of_which_nothing_is_left_says_so(day: ReportDay) -> None:
    file = await made(day, f"{TOUR.id} {ALL.to_value('hwpx')}")
    assert file.name == "tour.txt"
    assert "아직 모을 보고가 없습니다" in file.content.decode("utf-8-sig")


@pytest.fixture
async def office(day: ReportDay) -> Office:
    await grant(day.database, MANAGER, Grant(Role.MANAGER, None))
    return Office(day)


async def opens(office: Office, section: str, ordinal: int) -> None:
    day = office.day
    async with day.database.open_unit() as unit:
        person = next(one for one in await unit.people.all() if one.chat == MANAGER.id)
        for place, draft in enumerate(
            await day.tour.open(unit, person, TOUR.id, section, now=day.clock.now())
        ):
            key = f"reply:{ordinal}:{place}"
            await plan(unit, DeliveryKind.REPLY, key, to(person), draft, now=day.clock.now())
        await unit.commit()
    await office.sends()


async def test_withdrawn_words_leave_the_tours_messages_too(office: Office) -> None:
    day = office.day
    gone = await day.says(GONE)
    await day.publishes(EVENING)
    await office.sends()
    await opens(office, "min", 1)
    await opens(office, "sum", 2)
    assert any("순방" in text and GONE in text for text in office.stands())
    assert sum("순방 누적 보고" in text for text in office.stands()) == 2
    day.clock.jump_to(at("21:10"))
    await day.withdraws(gone)
    await day.publishes(at("21:10"))
    await office.sends()
    stands = office.stands()
    assert GONE not in "".join(stands)
    assert sum("순방 누적 보고의 내용이 있던 자리입니다" in text for text in stands) == 2
    await day.publishes(at("21:12"))
    await opens(office, "sum", 3)
    await day.publishes(at("21:13"))
    await office.sends()
    assert "전북 1.22.(목) 제2판" in office.stands()[-1], "what was opened afterwards stays"


async def test_they_leave_them_also_when_no_revision_can_be_made(office: Office) -> None:
    """And what is opened meanwhile, without that day, stays."""
    day = office.day
    gone = await day.says(GONE)
    await day.publishes(EVENING)
    await opens(office, "min", 1)
    day.clock.jump_to(at("21:10"))
    await day.withdraws(gone)
    erasing = Erasing(day.database.open_unit, day.clock)
    day.clock.jump_to(at("21:10") + OVERDUE)
    await opens(office, "sum", 2)
    await erasing.look()
    await office.sends()
    stands = office.stands()
    assert GONE not in "".join(stands)
    assert sum("순방 누적 보고의 내용이 있던 자리입니다" in text for text in stands) == 1
    assert "다시 만드는 중이므로 이번 집계에서 빠짐: 전북 1.22.(목)" in "".join(stands)
    assert await erasing.look() == 0


async def test_a_message_that_waits_says_what_is_true_when_it_leaves(office: Office) -> None:
    day = office.day
    gone = await day.says(GONE)
    await day.publishes(EVENING)
    async with day.database.open_unit() as unit:
        person = next(one for one in await unit.people.all() if one.chat == MANAGER.id)
        drafts = await day.tour.open(unit, person, TOUR.id, "min", now=day.clock.now())
        await plan(unit, DeliveryKind.REPLY, "reply:9:0", to(person), drafts[0], now=day.clock.now())
        await unit.commit()
    await day.withdraws(gone)
    await office.sends()
    [reply] = [text for text in office.stands() if "순방" in text]
    assert "그사이 순방 누적 보고의 내용이 바뀌었습니다" in reply


async def test_a_role_that_ended_gets_nothing_more(office: Office) -> None:
    day = office.day
    await day.publishes(EVENING)
    async with day.database.open_unit() as unit:
        person = next(one for one in await unit.people.all() if one.chat == MANAGER.id)
        drafts = await day.tour.open(unit, person, TOUR.id, "sum", now=day.clock.now())
        await plan(unit, DeliveryKind.REPLY, "reply:9:0", to(person), drafts[0], now=day.clock.now())
        await unit.commit()
    await grant(day.database, MANAGER, Grant(Role.MANAGER, JEONBUK))
    await office.sends()
    assert not any("순방 누적 보고" in text for text in office.stands())
