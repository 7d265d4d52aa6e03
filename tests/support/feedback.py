"""A tour with a meeting whose code hangs on the wall, and the services that its participants and staff talk to."""

from dataclasses import replace
from datetime import datetime

from bot.domain.digest import Topic
from bot.domain.feedback import Speaker
from bot.domain.ids import ChatId, MeetingId, Region, Secret, TourId
from bot.domain.meeting import Meeting
from bot.domain.tour import Tour
from bot.services.bundle import Services
from bot.services.consent import ConsentTexts
from bot.services.feedback import Feedback
from bot.services.feedback_places import Stand
from bot.services.joining import Joining
from bot.services.media_intake import MediaIntake
from bot.services.own_notes import OwnNotes
from bot.services.privacy import Privacy
from bot.services.staff_notes import StaffNotes
from prompts.consent import Notices
from storage.database import Database
from storage.repositories.digests import StoredDigest
from storage.repositories.notes import SpokenNote
from tests.support.plans import DAY, SEOUL, at, meeting
from tests.support.services import only

TEXTS = ConsentTexts(Notices(), SEOUL, 90)
TOPICS = (Topic("jobs", "일자리·임금"), Topic("living", "주거·교통·문화"), Topic("other", "기타"))
TOUR = Tour(TourId("tour"), "가상 현장 행보", TOPICS)


def _real(planned: Meeting) -> Meeting:
    """With an id as long as real ones are: it travels in buttons."""
    return replace(planned, id=MeetingId(planned.plan.key.ljust(22, "x")))


LUNCH = _real(meeting("lunch", "11:40", "13:10"))
DINNER = _real(meeting("dinner", "18:00", "19:20"))
BESIDE = _real(meeting("beside", "11:30", "12:30"))
"""Not on tour unless a test puts it there: it is going on at the same time as lunch."""
ELSEWHERE = _real(meeting("gangwon", "11:40", "13:10", region="강원"))


NOON = at("12:00")
GUEST = ChatId(7_200_000_001)
JOINING, FEEDBACK = Joining(TEXTS), Feedback(SEOUL, TEXTS)


def services(*, written_down: bool = True) -> Services:
    """What feedback, staff notes and /privacy need."""
    return only(
        joining=JOINING,
        feedback=FEEDBACK,
        own_notes=OwnNotes(TEXTS),
        staff_notes=StaffNotes(SEOUL),
        privacy=Privacy(TEXTS),
        media=MediaIntake(FEEDBACK, written_down=written_down),
    )


async def on_tour(database: Database, *meetings: Meeting) -> None:
    """The tour with these meetings; without any, with lunch and dinner in 전북 and a lunch in 강원."""
    async with database.open_unit() as unit:
        await unit.tours.keep(TOUR)
        for one in meetings or (LUNCH, DINNER, ELSEWHERE):
            await unit.meetings.keep(one)
        await unit.commit()


async def notes_of(database: Database, region: str = "전북") -> list[SpokenNote]:
    """The region's notes of the day, in no telling order."""
    async with database.open_unit(read_only=True) as unit:
        return list(await unit.notes.of_day(Region(region), DAY))


async def publish(database: Database, now: datetime) -> None:
    """A digest of the day in 전북 went out."""
    async with database.open_unit() as unit:
        digest = StoredDigest("digest", TOUR.id, Region("전북"), DAY, 1, "fingerprint", {}, now)
        await unit.digests.keep(digest)
        await unit.commit()


async def revision_due(database: Database) -> datetime | None:
    """When the day's digest is to be issued again."""
    async with database.open_unit(read_only=True) as unit:
        far = datetime.max.replace(tzinfo=SEOUL)
        assert len(await unit.digests.due_revisions(far)) <= 1
        return await unit.digests.next_revision_due(datetime(2000, 1, 1, tzinfo=SEOUL))


async def speaking(database: Database, chat: ChatId = GUEST, speaker: Speaker = Speaker.YOUTH) -> Secret:
    """Through consent and the first question; the secret of the note to be."""
    async with database.open_unit() as unit:
        where = await JOINING.scan(unit, chat, LUNCH.code, now=NOON)
        assert isinstance(where, Stand)
        secret = where.progress.secret
        await JOINING.agree(unit, chat, secret, now=NOON)
        await FEEDBACK.speak_as(unit, chat, secret, speaker, editing=False, now=NOON)
        await unit.commit()
    return secret


async def noted(database: Database, words: str = "통근버스가 더 필요합니다.", chat: ChatId = GUEST) -> Secret:
    """A whole note."""
    secret = await speaking(database, chat)
    async with database.open_unit() as unit:
        await FEEDBACK.rate(unit, chat, secret, 4, editing=False, now=NOON)
        await FEEDBACK.choose_topic(unit, chat, secret, "jobs", editing=False, now=NOON)
        await FEEDBACK.write(unit, chat, words, now=NOON)
        await unit.commit()
    return secret
