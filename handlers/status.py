"""/status: what got stuck today, what was missed, what comes next."""

from dataclasses import asdict

from telegram import Update
from telegram.ext import CommandHandler

from bot.domain.delivery import DeliveryState
from bot.domain.values import Phrase, Value
from bot.services.status import AboutReminder, Report
from handlers.application import App
from handlers.context import BotContext, require_private

MOST_LINES = 10
"""Missed reminders that are listed one by one; the rest is counted."""


async def status_asked(update: Update, context: BotContext) -> None:
    require_private(update)
    person = await context.person(update)
    report = await context.services.status.report(context.unit, person, now=context.now)
    await context.reply("status.report", {"now": context.now, "lines": lines_of(report)})


def lines_of(report: Report) -> tuple[Phrase, ...]:
    """The report, trouble or not: that nothing is wrong is worth a line too."""
    stopped = report.stopped_since
    lines = [
        Phrase("status.sending_ok")
        if stopped is None
        else Phrase("status.sending_stopped", {"since": stopped}),
        *_intake(report),
        Phrase("status.parked", {"count": report.parked}) if report.parked else Phrase("status.parked_none"),
    ]
    if not report.lost:
        lines.append(Phrase("status.lost_none"))
    for kind, counts in report.lost.items():
        values: dict[str, Value] = {
            "kind": Phrase(f"status.kind_{kind.value}"),
            "failed": counts.get(DeliveryState.FAILED, 0),
            "unknown": counts.get(DeliveryState.UNKNOWN, 0),
        }
        lines.append(Phrase("status.lost", values))
    lines += [
        Phrase("status.late", {"kind": Phrase(f"status.kind_{kind.value}"), "count": count})
        for kind, count in report.late.items()
    ]
    return (*lines, *_missed(report.missed), *_requests(report), *_ai(report), _coming(report.coming))


def _intake(report: Report) -> list[Phrase]:
    if not report.intake:
        return [Phrase("intake.ok")]
    return [
        Phrase("intake.trouble", {"since": since, "what": Phrase(f"intake.{trouble}")})
        for trouble, since in report.intake.items()
    ]


def _requests(report: Report) -> list[Phrase]:
    if not report.requests:
        return []
    values: dict[str, Value] = {"count": len(report.requests), "due": report.requests[0]}
    return [Phrase("requests.status_waiting", values)]


def _ai(report: Report) -> list[Phrase]:
    return [] if report.ai is None else [Phrase("ai.today", dict(asdict(report.ai)))]


def _missed(missed: tuple[AboutReminder, ...]) -> list[Phrase]:
    if not missed:
        return [Phrase("status.missed_none")]
    lines = [Phrase("status.missed", {"count": len(missed)})]
    lines += [Phrase("status.missed_line", _values(one)) for one in missed[:MOST_LINES]]
    if len(missed) > MOST_LINES:
        lines.append(Phrase("status.missed_more", {"count": len(missed) - MOST_LINES}))
    return lines


def _coming(coming: AboutReminder | None) -> Phrase:
    return Phrase("status.coming_none") if coming is None else Phrase("status.coming", _values(coming))


def _values(about: AboutReminder) -> dict[str, Value]:
    reminder = about.reminder
    what = (
        Phrase("status.briefing", {"day": reminder.day})
        if about.title is None or reminder.lead_minutes is None
        else Phrase("status.before", {"title": about.title, "minutes": reminder.lead_minutes})
    )
    return {"due": reminder.due, "region": reminder.region, "what": what}


def register(application: App) -> None:
    application.add_handler(CommandHandler("status", status_asked))
