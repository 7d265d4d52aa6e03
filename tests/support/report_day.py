"""A day in 전북 whose digest is made and published, on a real database and a stepped clock.

day = await report_day(database)
note = await day.says("통근버스가 더 필요합니다.")
await day.publishes(at("21:00"))
"""

import json
from dataclasses import replace
from datetime import date, datetime, time

from sqlalchemy import select

from bot.domain.delivery import DeliveryKind
from bot.domain.feedback import NoteKind, Source, Speaker
from bot.domain.ids import Region, new_id
from bot.domain.meeting import Meeting
from bot.domain.person import Grant, Person, Role
from bot.gateways.clock import SteppedClock
from bot.services.digest_view import DigestView
from bot.services.digests import Digests, RegionDay
from bot.services.publishing import Publishing
from bot.services.revisions import before_notes_change, note_changed
from bot.services.tour.reading import TourReading
from bot.services.tour.reports import TourReports
from bot.services.tour.view import TourView
from storage.database import Database
from storage.models import DeliveryRow, DigestRow
from storage.repositories.digests import StoredDigest
from tests.support import kept
from tests.support.chat import MESSAGES, Said, User, grant, said
from tests.support.feedback import DINNER, LUNCH
from tests.support.kept import JEONBUK, TOUR
from tests.support.plans import DAY, SEOUL, at

SUBJECT = RegionDay(TOUR.id, JEONBUK, DAY)
EVENING = at("21:00")


class ReportDay:
    """`digests`, `publishing` and `view` are the real ones; `other` is a second process on the same database."""

    def __init__(self, database: Database, *, approval: bool = False) -> None:
        self.database = database
        self.clock = SteppedClock(at("12:00"))
        self.alerts: list[str] = []
        self.digests = Digests(SEOUL, time(21), approval=approval)
        self.view = DigestView(MESSAGES, approval=approval)
        self.tour_reports = TourReports(self.digests)
        self.tour_view = TourView(MESSAGES, self.tour_reports, self.view)
        self.tour = TourReading(self.tour_reports, self.tour_view)
        self.publishing = self._process()
        self.other = self._process()

    def _process(self) -> Publishing:
        return Publishing(self.database.open_unit, self.digests, self.clock, alert=self.alerts.append)

    async def says(
        self,
        words: str = "통근버스가 더 필요합니다.",
        *,
        region: Region = JEONBUK,
        day: date = DAY,
        about: Meeting | None = LUNCH,
        speaker: Speaker = Speaker.YOUTH,
        source: Source = Source.CHAT,
        number: str | None = None,
        rating: int | None = 4,
        topic: str | None = "jobs",
        kind: NoteKind = NoteKind.REMARK,
    ) -> str:
        """A note comes in, as the services keep it; its id."""
        place = None if about is None else about.id
        async with self.database.open_unit() as unit:
            await before_notes_change(unit)
            voice = await kept.voice(unit, speaker, about=place)
            note = kept.note(
                voice,
                ident=new_id(),
                words=words,
                region=region,
                day=day,
                about=place,
                source=source,
                number=number,
                rating=rating,
                topic=topic,
                kind=kind,
            )
            await unit.notes.keep(note)
            await note_changed(unit, note, now=self.clock.now())
            await unit.commit()
        return note.id

    async def withdraws(self, ident: str) -> None:
        async with self.database.open_unit() as unit:
            await before_notes_change(unit)
            (note,) = [one.note for one in await unit.notes.of_day(JEONBUK, DAY) if one.note.id == ident]
            await unit.notes.keep(note.taken_back())
            await note_changed(unit, note.taken_back(), now=self.clock.now())
            await unit.commit()

    async def corrects(self, ident: str, words: str) -> None:
        async with self.database.open_unit() as unit:
            await before_notes_change(unit)
            (note,) = [one.note for one in await unit.notes.of_day(JEONBUK, DAY) if one.note.id == ident]
            await unit.notes.keep(note.saying(words))
            await note_changed(unit, note.saying(words), now=self.clock.now())
            await unit.commit()

    async def retitles(self, meeting: Meeting, title: str) -> None:
        async with self.database.open_unit() as unit:
            await unit.meetings.keep(meeting.replanned(replace(meeting.plan, title=title)))
            await unit.commit()

    async def asks(self) -> StoredDigest:
        """Somebody asks with /digest: the digest as of now."""
        async with self.database.open_unit() as unit:
            stored = await self.digests.current(unit, SUBJECT)
            await unit.commit()
        return stored

    async def half_hour(self, now: datetime) -> None:
        """The clock's look at interim digests: as of `now` it is decided what readers are shown."""
        async with self.database.open_unit() as unit:
            await self.digests.take_in(unit, SUBJECT, now=now)
            await unit.commit()

    async def publishes(self, now: datetime) -> int:
        """The clock's edge looks at `now`; how many were published."""
        self.clock.jump_to(now)
        return await self.publishing.publish_due()

    async def revisions(self) -> list[DigestRow]:
        async with self.database.open_unit(read_only=True) as unit:
            rows = await unit._session.scalars(
                select(DigestRow).order_by(DigestRow.region, DigestRow.day, DigestRow.revision)
            )
            return list(rows)

    async def bodies(self) -> str:
        """Every stored body as text: what a search through the database would find."""
        return json.dumps([row.body for row in await self.revisions()], ensure_ascii=False)

    async def numbers(self) -> dict[str, str | None]:
        async with self.database.open_unit(read_only=True) as unit:
            return {str(k): v for k, v in (await unit.notes.numbers_of(JEONBUK, DAY)).items()}

    async def sent(self) -> list[Said]:
        """The digests that were planned, to whomever."""
        planned = await said(self.database, self.clock.now())
        return [one for one in planned if one.kind is DeliveryKind.DIGEST]

    async def arrives(self) -> None:
        """What was planned left, and arrived."""
        async with self.database.open_unit() as unit:
            rows = list(
                await unit._session.scalars(select(DeliveryRow).where(DeliveryRow.due_at.is_not(None)))
            )
            waiting = {row.id: row.seq for row in rows}
            for one in await unit.deliveries.claim(waiting, self.clock.now()):
                await unit.deliveries.sent(one, waiting[one], self.clock.now())
            await unit.commit()

    async def receivers(self) -> list[int]:
        return sorted(one.chat for one in await self.sent())

    async def forgets_deliveries(self) -> None:
        """What was planned so far is of no interest any more."""
        async with self.database.open_unit() as unit:
            for row in await unit._session.scalars(select(DeliveryRow)):
                await unit._session.delete(row)
            await unit.commit()

    async def shows(self, digest: str, section: str = "sum", part: int = 0) -> str:
        """What a delivery says when it is sent now."""
        async with self.database.open_unit() as unit:
            composed = await self.view(unit, digest, section, "ko", self.clock.now())
        return composed.parts[part] if part < len(composed.parts) else composed.instead


async def report_day(database: Database, *meetings: Meeting, approval: bool = False) -> ReportDay:
    """The tour with these meetings (lunch and dinner unless told)."""
    async with database.open_unit() as unit:
        await kept.tour_with(unit, *(meetings or (LUNCH, DINNER)))
        await unit.commit()
    return ReportDay(database, approval=approval)


async def manager(database: Database, user: User, region: Region | None = JEONBUK) -> Person:
    return await grant(database, user, Grant(Role.MANAGER, region))
