"""The use cases, from plain values: whoever adds one adds a line here."""

from bot.digest.model_prompt import digest_prompt
from bot.digest.ports import Analyst, LanguageModel
from bot.digest.sorting.prompt import sort_prompt
from bot.domain.endpoint import Place
from bot.outside import system_clock
from bot.services.ai_writing import Limits, ModelWriting
from bot.services.approval.deciding import Deciding
from bot.services.approval.naming import Naming
from bot.services.bundle import Services
from bot.services.codes import Codes
from bot.services.consent import ConsentTexts
from bot.services.digest_view import DigestView
from bot.services.digests import Digests
from bot.services.exports import Exports
from bot.services.feedback import Feedback
from bot.services.files.intake import FileIntake
from bot.services.invitations import Invitations
from bot.services.joining import Joining
from bot.services.media_intake import MediaIntake
from bot.services.menus import Menus
from bot.services.note_reading import NoteReading
from bot.services.own_notes import OwnNotes
from bot.services.page_feedback import PageFeedback
from bot.services.people import People
from bot.services.ports import Clock
from bot.services.privacy import Privacy
from bot.services.reminders import Reminders
from bot.services.requests import Answering, Asking
from bot.services.schedule import Schedule
from bot.services.staff_notes import StaffNotes
from bot.services.status import Status
from bot.services.tour.reading import TourReading
from bot.services.tour.reports import TourReports
from bot.services.tour.view import TourView
from bot.services.triage import Triage
from bot.settings import Settings
from prompts.consent import Notices
from prompts.messages import Messages


def build_writing(settings: Settings, model: LanguageModel | None, clock: Clock) -> ModelWriting | None:
    """Digests by a language model, where there is one. It is waited for in real time, whatever `clock` says."""
    if model is None:
        return None
    digest_prompt()  # a prompt file that does not fit stops the start, not the digest of the evening
    sort_prompt()
    limits = Limits(settings.ai_timeout, settings.ai_budget, settings.timezone)
    return ModelWriting(model, clock, limits, system_clock().sleep)


def build_services(
    settings: Settings,
    messages: Messages,
    username: str,
    writing: ModelWriting | None = None,
    analyst: Analyst | None = None,
) -> Services:
    """All use cases, from plain values. `username` is the bot's, for links; `writing` None: digests are extractive;
    `analyst` None: a note without a topic stays without."""
    reading = None if analyst is None else NoteReading(analyst)
    zone = settings.timezone
    reminders = Reminders(zone, settings.briefing_time)
    texts = ConsentTexts(Notices(), zone, settings.retention_days)
    feedback = Feedback(zone, texts)
    digests, digest_view = (
        Digests(zone, settings.digest_time, writing, reading, approval=settings.wants_approval),
        DigestView(messages, approval=settings.wants_approval),
    )
    tour_reports = TourReports(digests)
    tour_view = TourView(messages, tour_reports, digest_view)
    return Services(
        schedule=Schedule(zone, reminders),
        codes=Codes(username, settings.public_url),
        invitations=Invitations(username),
        people=People(),
        status=Status(zone, settings.ai_budget),
        joining=Joining(texts),
        feedback=feedback,
        own_notes=OwnNotes(texts),
        page_feedback=PageFeedback(texts, zone),
        staff_notes=StaffNotes(zone),
        privacy=Privacy(texts),
        menus=Menus(messages),
        reminders=reminders,
        digests=digests,
        triage=Triage(zone, digests),
        reading=reading,
        digest_view=digest_view,
        tour_reports=tour_reports,
        tour_view=tour_view,
        tour=TourReading(tour_reports, tour_view),
        exports=Exports(zone),
        media=MediaIntake(feedback, written_down=_writes_participants_down(settings)),
        files=FileIntake(),
        asking=Asking(zone),
        answering=Answering(zone),
        approval=Deciding(),
        approvers=Naming(),
    )


def _writes_participants_down(settings: Settings) -> bool:
    """Their voices are written down where they stay with the operator, never abroad (consent text)."""
    if settings.openai_transcribe_model is None:
        return False
    return settings.ai_endpoint.place(settings.ai_hosts) is not Place.ABROAD
