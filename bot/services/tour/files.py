"""A tour's report as a file in chat, made of what was sent when its delivery is claimed."""

from datetime import datetime

from bot.digest.report import FileForm
from bot.digest.tour.sections import file_title
from bot.digest.tour.values import TourReport
from bot.services.digest_files import WriteFile, fit_for_a_name
from bot.services.ports import Document
from bot.services.tour.reports import NothingYet, TourReports
from bot.services.tour.scope import Scope
from bot.services.tour.view import TourView
from bot.services.unit import Unit
from bot.services.wording import Make
from prompts.messages import Messages


class TourFiles:
    """The maker of `tour:…` for `bot.services.wording`."""

    def __init__(self, reports: TourReports, view: TourView, messages: Messages, write: WriteFile) -> None:
        self._reports = reports
        self._view = view
        self._messages = messages
        self._write = write

    async def file(self, unit: Unit, argument: str, language: str, now: datetime) -> Make:
        """A report of which nothing is left is said to be gone, in a file of its own."""
        tour, _, value = argument.partition(" ")
        asked = Scope.read(tour, value)
        report = None if asked is None else await self._report(unit, asked[0], now)
        if asked is None or report is None:
            gone = self._messages.plain("tour.nothing_yet", now=now, language=language)
            return lambda: Document("tour.txt", gone.encode("utf-8-sig"))
        form = FileForm(asked[1])
        made = self._view.document(report, now=now, language=language)
        name = fit_for_a_name(file_title(report, self._messages, now, language))
        return lambda: Document(f"{name}.{form.value}", self._write(made, form))

    async def _report(self, unit: Unit, scope: Scope, now: datetime) -> TourReport | None:
        try:
            report = await self._reports.report(unit, scope, now=now)
        except NothingYet:
            return None
        return report if report.days else None
