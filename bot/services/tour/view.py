"""A tour's report as messages: sections that unfold by buttons, and the choice of a file's form."""

from datetime import datetime

from bot.digest.report import Report
from bot.digest.tour.sections import SUMMARY, compose, document, sections
from bot.digest.tour.values import TourReport
from bot.domain.delivery import COMPOSED, Button, Draft, Keyboard
from bot.domain.errors import ButtonUnknown
from bot.domain.ids import TourId
from bot.domain.markup import without_markup
from bot.domain.tour import Tour
from bot.services.digest_subject import tour_data
from bot.services.digest_view import FILE, FORMS, DigestView
from bot.services.tour.reports import NothingYet, TourReports
from bot.services.tour.scope import Scope
from bot.services.unit import Unit
from bot.services.wording import Composed
from prompts.messages import FIRST_LANGUAGE, Messages


def offer_keyboard(tours: list[Tour]) -> Keyboard:
    """A button for each tour; with its name where there are several."""
    if len(tours) == 1:
        return ((Button("tour.button", data=tour_data(tours[0].id, SUMMARY)),),)
    return tuple(
        (Button("tour.button_named", {"name": one.name}, data=tour_data(one.id, SUMMARY)),) for one in tours
    )


def _keyboard(tour: TourId, report: TourReport) -> Keyboard:
    """A button a section besides the summary, and one for the whole as a file; two in a row."""
    buttons = [
        Button(one.label, data=tour_data(tour, one.key)) for one in sections(report) if one.key != SUMMARY
    ]
    buttons.append(Button("digest.file_button", data=tour_data(tour, FILE)))
    return tuple(tuple(buttons[place : place + 2]) for place in range(0, len(buttons), 2))


def _forms(tour: TourId) -> Keyboard:
    buttons = [Button(f"report.{form.value}", data=tour_data(tour, data)) for data, form in FORMS.items()]
    return tuple(tuple(buttons[place : place + 2]) for place in range(0, len(buttons), 2))


class TourView:
    """Composes sections; also the composer of deliveries that show one (`__call__`), a digest's or a tour's."""

    def __init__(self, messages: Messages, reports: TourReports, digests: DigestView) -> None:
        self._messages = messages
        self._reports = reports
        self._digests = digests

    async def drafts(
        self, unit: Unit, scope: Scope, section: str, *, now: datetime, language: str = FIRST_LANGUAGE
    ) -> list[Draft]:
        """The messages that show a section, in order. Raises NothingYet, ButtonUnknown for a section that is not there."""
        report = await self._reports.report(unit, scope, now=now)
        if not report.days:
            raise NothingYet
        needs = scope.needs(await self._reports.regions(unit, scope))
        if section == FILE:
            return [Draft("report.choose", keyboard=_forms(scope.tour), needs=needs, needs_all=True)]
        if section in FORMS:
            file = f"tour:{scope.tour} {scope.to_value(FORMS[section].value)}"
            return [Draft("report.sent", document=file, needs=needs, needs_all=True)]
        if section not in {one.key for one in sections(report)}:
            raise ButtonUnknown
        parts = compose(report, section, self._messages, now, language)
        keyboard = _keyboard(scope.tour, report) if section == SUMMARY else ()
        last = len(parts) - 1
        return [
            Draft(
                key=COMPOSED,
                values={"digest": scope.tour, "section": scope.to_value(section), "part": part},
                keyboard=keyboard if part == last else (),
                needs=needs,
                needs_all=True,
            )
            for part in range(len(parts))
        ]

    def document(self, report: TourReport, *, now: datetime, language: str = FIRST_LANGUAGE) -> Report:
        """All sections whole, for a file."""
        return document(report, self._messages, now, language)

    def whole_text(self, report: TourReport, *, now: datetime) -> str:
        """All sections one after the other, without markup."""
        parts = [part for one in sections(report) for part in compose(report, one.key, self._messages, now)]
        return "\n\n".join(without_markup(part) for part in parts)

    async def __call__(self, unit: Unit, digest: str, section: str, language: str, now: datetime) -> Composed:
        """The words of a section as they are when the message leaves."""
        asked = Scope.read(digest, section)
        if asked is None:
            return await self._digests(unit, digest, section, language, now)
        scope, key = asked
        changed = self._messages.text("tour.changed", now=now, language=language)
        try:
            report = await self._reports.report(unit, scope, now=now)
        except NothingYet:
            return Composed((), changed)
        if not report.days or key not in {one.key for one in sections(report)}:
            return Composed((), changed)
        return Composed(tuple(compose(report, key, self._messages, now, language)), changed)
