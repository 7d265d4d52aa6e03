"""The tour's report opened in the chat, and a line in the access log for it: the only way by which handlers come to it."""

from datetime import datetime

from bot.domain.access_log import MOST_WHOSE, SEVERAL, Why
from bot.domain.delivery import Draft, Keyboard
from bot.domain.ids import Region, TourId
from bot.domain.person import Person
from bot.services.access_log import reads
from bot.services.digest_view import FILE, FORMS
from bot.services.tour.reports import TourReports
from bot.services.tour.view import TourView, offer_keyboard
from bot.services.unit import Unit
from storage.repositories.audit import AuditEntry

OPENED, FILE_TAKEN = "tour_opened", "tour_file_taken"


class TourReading:
    """Sections and files of the tour's report for somebody who may read them."""

    def __init__(self, reports: TourReports, view: TourView) -> None:
        self._reports = reports
        self._view = view

    async def offers(self, unit: Unit, person: Person) -> Keyboard:
        """Buttons to the reports that have something to add to the digests that the person may read."""
        tours = await self._reports.offered(unit, person)
        return offer_keyboard(tours) if tours else ()

    async def open(
        self, unit: Unit, person: Person, tour: TourId, section: str, *, now: datetime
    ) -> list[Draft]:
        """The messages that show it. Raises NotAllowed, NothingYet, ButtonUnknown. Every file is a line, sections one an hour."""
        scope = await self._reports.scope(unit, person, tour)
        drafts = await self._view.drafts(unit, scope, section, now=now, language=person.language)
        regions = await self._reports.regions(unit, scope)
        if section in FORMS:
            details = {"regions": ", ".join(regions)[:MOST_WHOSE]}
            entry = AuditEntry(now, person.id, FILE_TAKEN, tour, details, whose(regions), Why.DUTY)
            await unit.audit.record(entry)
        elif section != FILE:  # asks for the form; shows nothing
            await reads(unit, person, OPENED, tour, whose(regions), Why.DUTY, now=now)
        return drafts


def whose(regions: tuple[Region, ...]) -> str:
    """Of one region, or of several."""
    return regions[0] if len(regions) == 1 else SEVERAL
