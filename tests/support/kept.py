"""Rows that storage tests stand on, kept through the repositories: a tour, its meetings, people, voices, notes."""

from collections.abc import Mapping
from datetime import date, datetime

from bot.domain.delivery import Delivery, DeliveryKind, DeliveryState, Draft
from bot.domain.digest import Topic
from bot.domain.feedback import Note, NoteKind, Source, Speaker, Voice
from bot.domain.ids import ChatId, DeliveryId, MeetingId, NoteId, PersonId, Region, TourId, VoiceId, new_id
from bot.domain.meeting import Meeting
from bot.domain.person import Grant, Person
from bot.domain.tour import Tour
from bot.domain.values import Value
from bot.services.unit import Unit
from tests.support.plans import DAY, at, meeting

NOON = at("12:00")
JEONBUK = Region("전북")
GANGWON = Region("강원")
TOUR = Tour(
    TourId("tour"), "가상 현장 행보", (Topic("jobs", "일자리·임금"), Topic("other", "기타", is_rest=True))
)


async def tour_with(unit: Unit, *meetings: Meeting) -> Tour:
    """The tour that tests.support.plans' meetings belong to."""
    await unit.tours.keep(TOUR)
    for one in meetings or (meeting("a"),):
        await unit.meetings.keep(one)
    return TOUR


async def person(
    unit: Unit, chat: int, *grants: Grant, name: str = "가상 인물", wants: bool = False
) -> Person:
    known = Person(PersonId(new_id()), ChatId(chat), name, "ko", frozenset(grants), wants)
    await unit.people.keep(known)
    return known


async def voice(
    unit: Unit, speaker: Speaker = Speaker.YOUTH, *, of: PersonId | None = None, about: str | None = "id-a"
) -> VoiceId:
    """`of`: the staff member who speaks. The meeting must be there."""
    ident = VoiceId(new_id())
    await unit.voices.keep(Voice(ident, None if about is None else MeetingId(about), speaker), person=of)
    return ident


def note(
    voice: VoiceId,
    *,
    ident: str | None = None,
    words: str = "통근버스가 더 필요합니다.",
    region: Region = JEONBUK,
    day: date = DAY,
    about: str | None = "id-a",
    source: Source = Source.CHAT,
    kind: NoteKind = NoteKind.REMARK,
    rating: int | None = 4,
    topic: str | None = "jobs",
    number: str | None = None,
) -> Note:
    return Note(
        id=NoteId(ident or new_id()),
        voice=voice,
        meeting=None if about is None else MeetingId(about),
        region=region,
        day=day,
        source=source,
        kind=kind,
        rating=rating,
        topic=topic,
        words=words,
        number=number,
    )


def delivery(
    dedup: str,
    *,
    chat: int = 41,
    kind: DeliveryKind = DeliveryKind.REPLY,
    person: PersonId | None = None,
    due: datetime = NOON,
    planned: datetime = NOON,
    edits: int | None = None,
    private: bool = False,
    values: Mapping[str, Value] | None = None,
) -> Delivery:
    """A planned delivery whose id is its key."""
    draft = Draft("schedule.next_none", values or {}, edits=edits, private=private)
    return Delivery(
        id=DeliveryId(dedup[:32]),
        dedup=dedup,
        kind=kind,
        state=DeliveryState.PLANNED,
        chat=ChatId(chat),
        person=person,
        language="ko",
        draft=draft,
        planned_at=planned,
        due_at=due,
    )
