"""How the pieces are put together: use cases, ticks and pages, each in a small function of plain values.

Whoever adds a piece adds a line here; `bot.app` starts and stops the whole.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.digest.model_prompt import digest_prompt
from bot.digest.ports import Analyst, LanguageModel
from bot.digest.search.model_answer import ask_prompt
from bot.digest.sorting.prompt import sort_prompt
from bot.domain.endpoint import Place
from bot.domain.limits import Limits as SendingLimits
from bot.domain.reading import read_topics
from bot.gateways.documents.writing import WrittenApart
from bot.gateways.pictures import develop
from bot.gateways.qr import qr_png
from bot.gateways.sound import listen
from bot.gateways.spreadsheet import table_of
from bot.gateways.spreadsheet.template import workbook_of
from bot.outside import Outside, system_clock
from bot.rehearsal.sources import TOUR, read_sample
from bot.scheduling.jobs import Jobs
from bot.scheduling.ticks import Tick
from bot.services.activity import Activity
from bot.services.ai_writing import Limits, ModelWriting
from bot.services.approval.deciding import Deciding
from bot.services.approval.naming import Naming
from bot.services.bundle import Services
from bot.services.codes import Codes
from bot.services.consent import ConsentTexts
from bot.services.digest_files import DigestFiles
from bot.services.digest_view import DigestView
from bot.services.digest_wishes import DigestWishes
from bot.services.digests import Digests
from bot.services.exports import Exports
from bot.services.feedback import Feedback
from bot.services.files.applying import Applying
from bot.services.files.documents import FileDocuments
from bot.services.files.intake import FileIntake
from bot.services.files.said import Speaking
from bot.services.files.weighing import FirstTour, Weighing
from bot.services.files.work import REPORT, FileWork
from bot.services.interim_clock import InterimClock
from bot.services.invitations import Invitations
from bot.services.joining import Joining
from bot.services.media_intake import MediaIntake
from bot.services.media_tools import MediaTools
from bot.services.media_work import MediaWork
from bot.services.menus import Menus
from bot.services.metrics import Metric, Metrics
from bot.services.note_reading import NoteReading
from bot.services.own_notes import OwnNotes
from bot.services.page_feedback import PageFeedback
from bot.services.people import People
from bot.services.ports import BotIdentity, Clock
from bot.services.privacy import Privacy
from bot.services.publishing import Publishing
from bot.services.purge import Purge
from bot.services.questions.answering import QuestionWork
from bot.services.questions.finding import Finding
from bot.services.questions.view import AnswerView
from bot.services.questions.writing import AnswerWriting, Texts
from bot.services.reading_work import ReadingWork
from bot.services.reminders import Reminders
from bot.services.requests import Answering, Asking, Minding
from bot.services.schedule import Schedule
from bot.services.sending import Sender
from bot.services.staff_notes import StaffNotes
from bot.services.status import Status
from bot.services.tour.files import TourFiles
from bot.services.tour.reading import TourReading
from bot.services.tour.reports import TourReports
from bot.services.tour.view import TourView
from bot.services.triage import Triage
from bot.services.triage_cards import CardWords
from bot.services.triage_nudge import TriageNudge
from bot.services.wording import MakeDocument, Wording
from bot.settings import Settings
from bot.web.metrics import metrics
from bot.web.participant import participant_page
from bot.web.site import Part
from prompts.consent import Notices
from prompts.messages import Messages
from storage.database import Database


@dataclass(frozen=True, slots=True)
class Core:
    """What ticks and pages are built from.

    `wake` tells the sender that deliveries may have been planned; `alert` tells administrators about an event.
    """

    settings: Settings
    database: Database
    outside: Outside
    identity: BotIdentity
    messages: Messages
    services: Services
    reading_work: ReadingWork | None
    activity: Activity
    answers: Texts
    wake: Callable[[], None]
    alert: Callable[[str], None]


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


def _media_work(core: Core) -> MediaWork:
    tools = MediaTools(core.outside.files, listen, develop, core.outside.transcriber)
    return MediaWork(core.database.open_unit, core.outside.clock, tools, core.wake, core.alert)


def _file_work(core: Core) -> FileWork:
    first = FirstTour(TOUR, read_topics(read_sample().topics))
    schedule = core.services.schedule
    return FileWork(
        core.database.open_unit,
        core.outside.files,
        Weighing(table_of, schedule, core.settings.timezone, first),
        Applying(schedule, first),
        Speaking(core.messages),
        core.outside.clock,
        core.wake,
    )


def build_documents(messages: Messages, services: Services) -> dict[str, MakeDocument]:
    """Who makes the files that messages name (Draft.document), by their kind."""
    files = FileDocuments(messages, workbook_of)
    write = WrittenApart()
    digests = DigestFiles(services.digest_view, messages, write)
    tours = TourFiles(services.tour_reports, services.tour_view, messages, write)
    return {
        "template": files.template,
        REPORT: files.report,
        "digest": digests.file,
        "tour": tours.file,
    }


def build_core(
    settings: Settings,
    database: Database,
    outside: Outside,
    identity: BotIdentity,
    *,
    wake: Callable[[], None],
    alert: Callable[[str], None],
) -> Core:
    """What everything else is built from."""
    messages = Messages(settings.timezone)
    writing = build_writing(settings, outside.language_model, outside.clock)
    services = build_services(settings, messages, identity.username, writing, outside.analyst)
    reads = services.reading
    return Core(
        settings=settings,
        database=database,
        outside=outside,
        identity=identity,
        messages=messages,
        services=services,
        reading_work=None if reads is None else ReadingWork(database.open_unit, reads, outside.clock, alert),
        activity=Activity(),
        answers=Texts(),
        wake=wake,
        alert=alert,
    )


def build_sender(core: Core) -> Sender:
    """The way out, and the words on it."""
    wording = Wording(
        core.messages,
        qr_png,
        AnswerView(
            CardWords(core.messages, core.services.tour_view),
            core.services.digests,
            core.messages,
            core.answers,
        ),
        build_documents(core.messages, core.services),
    )
    return Sender(
        core.database.open_unit,
        core.outside.messenger,
        wording,
        core.outside.clock,
        SendingLimits(),
        core.activity,
        alert=core.alert,
    )


def _question_work(core: Core) -> QuestionWork:
    """Answers to questions of the notes; by a language model where there is one, waited for in real time."""
    reading, open_unit, clock = core.services.reading, core.database.open_unit, core.outside.clock
    zone, model = core.settings.timezone, core.outside.language_model
    finding = Finding(open_unit, core.services.digests, zone, "" if reading is None else reading.version)
    writing = None
    if model is not None:
        ask_prompt()
        limits = Limits(core.settings.ai_timeout, core.settings.ai_budget, zone)
        writing = AnswerWriting(model, open_unit, clock, limits, system_clock().sleep, core.answers)
    return QuestionWork(open_unit, finding, clock, core.wake, reading, writing)


def build_ticks(core: Core) -> tuple[Tick, ...]:
    """Everything that the clock asks for, and how often."""
    clock, services, open_unit = core.outside.clock, core.services, core.database.open_unit
    jobs = Jobs(
        open_unit=open_unit,
        truncate_log=core.database.truncate_log,
        clock=clock,
        services=services,
        publishing=Publishing(open_unit, services.digests, clock, alert=core.alert),
        interim=InterimClock(open_unit, services.digests, clock),
        wishes=DigestWishes(open_unit, services.digests, services.digest_view, clock),
        purge=Purge(clock, core.settings.timezone, core.settings.retention_days),
        messenger=core.outside.messenger,
        planned=core.wake,
        started=clock.monotonic(),
    )
    work = core.reading_work
    nudge = TriageNudge(open_unit, services.digests, clock, core.settings.timezone, core.wake)
    return (
        *jobs.table(),
        *(() if work is None else (Tick("reading", 2, work.look),)),
        Tick("media", 1, _media_work(core).run, beside=2),  # a slow transcription keeps no photo waiting
        Tick("questions", 1, _question_work(core).run, beside=2),
        Tick("files", 1, _file_work(core).run),
        Tick("requests", 60, Minding(open_unit, clock, core.settings.timezone, core.wake).run),
        Tick("triage", 60, nudge.run),
    )


def build_pages(core: Core) -> tuple[Part, ...]:
    """The pages for people, a line each. Probes and the webhook are no pages: the bot adds them itself."""
    services, open_unit, clock = core.services, core.database.open_unit, core.outside.clock
    return (
        participant_page(
            services.page_feedback,
            services.codes,
            open_unit,
            core.messages,
            clock,
            core.activity,
            core.settings.proxies,
        ),
    )


def build_metrics(core: Core) -> Part:
    """What monitoring may ask."""
    measures = Metrics(core.settings.timezone)
    token = core.settings.metrics_token

    async def measure() -> Sequence[Metric]:
        async with core.database.open_unit(read_only=True) as unit:
            return await measures.measure(unit, now=core.outside.clock.now())

    return metrics(measure, None if token is None else token.get_secret_value())
