"""`digest --tour`: the report of a tour, of what was sent; what the console reads is audited."""

import json

from bot.commands.desk import Desk, Failed, desk
from bot.digest.ledger import Unbalanced
from bot.digest.report import FileForm
from bot.digest.tour.as_json import to_json
from bot.digest.tour.values import TourReport
from bot.domain.access_log import MOST_WHOSE, SEVERAL, Why
from bot.domain.ids import TourId
from bot.domain.tour import Tour
from bot.gateways.documents.writing import written
from bot.services.tour.scope import Scope
from bot.services.unit import Unit
from bot.settings import Settings
from storage.repositories.audit import AuditEntry


async def tour_digest(settings: Settings, name: str | None, *, form: str, final: bool) -> str | bytes:
    """The tour's report as JSON (the operator's full form), or for people as text or a file. Raises Failed.

    `name` is needed where there are several tours; `final`: the closing one, though days are to come.
    """
    async with desk(settings) as at:
        try:
            async with at.database.open_unit(read_only=True) as unit:
                tour = await _tour(unit, name)
                report = await at.services.tour_reports.report(
                    unit, Scope(tour.id, None), now=at.clock.now(), closing=final
                )
        except Unbalanced:
            raise Failed(
                "의견의 수가 맞지 않는 보고가 있어 모으지 않았습니다. 보고는 그대로 있습니다."
            ) from None
        if not report.days:
            raise Failed("보낸 보고가 없어 모을 것이 없습니다.")
        await _record(at, tour.id, report, form)
        return _formed(at, report, form)


async def _tour(unit: Unit, name: str | None) -> Tour:
    tours = await unit.tours.all()
    named = [one for one in tours if name is None or one.name == name]
    if len(named) == 1:
        return named[0]
    if not named:
        raise Failed("그런 현장 행보가 없습니다." if tours else "등록된 현장 행보가 없습니다.")
    listed = ", ".join(one.name for one in tours)
    raise Failed(f"현장 행보가 여럿입니다. --name으로 하나를 적어 주십시오: {listed}")


async def _record(at: Desk, tour: TourId, report: TourReport, form: str) -> None:
    details: dict[str, str | int | bool | None] = {
        "form": form,
        "days": len(report.days),
        "regions": ", ".join(report.regions)[:MOST_WHOSE],
    }
    async with at.database.open_unit() as unit:
        entry = AuditEntry(at.clock.now(), None, "tour_read", tour, details, SEVERAL, Why.OPERATION)
        await unit.audit.record(entry)
        await unit.commit()


def _formed(at: Desk, report: TourReport, form: str) -> str | bytes:
    view, now = at.services.tour_view, at.clock.now()
    if form == "json":
        return json.dumps(to_json(report), ensure_ascii=False, indent=2)
    if form == "text":
        return view.whole_text(report, now=now)
    made = written(view.document(report, now=now), FileForm(form))
    return made.decode() if form == FileForm.HTML else made
