"""How the pieces are put together: sender, ticks and pages, each in a small function; the use cases are built in use_cases.

Whoever adds a piece adds a line here; `bot.app` starts and stops the whole.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.digest.search.model_answer import ask_prompt
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
from bot.services.ai_writing import Limits
from bot.services.bundle import Services
from bot.services.digest_files import DigestFiles
from bot.services.digest_wishes import DigestWishes
from bot.services.files.applying import Applying
from bot.services.files.documents import FileDocuments
from bot.services.files.said import Speaking
from bot.services.files.weighing import FirstTour, Weighing
from bot.services.files.work import REPORT, FileWork
from bot.services.interim_clock import InterimClock
from bot.services.media_tools import MediaTools
from bot.services.media_work import MediaWork
from bot.services.metrics import Metric, Metrics
from bot.services.ports import BotIdentity
from bot.services.publishing import Publishing
from bot.services.purge import Purge
from bot.services.questions.answering import QuestionWork
from bot.services.questions.finding import Finding
from bot.services.questions.view import AnswerView
from bot.services.questions.writing import AnswerWriting, Texts
from bot.services.reading_work import ReadingWork
from bot.services.requests import Minding
from bot.services.sending import Sender
from bot.services.tour.files import TourFiles
from bot.services.triage_cards import CardWords
from bot.services.triage_nudge import TriageNudge
from bot.services.wording import MakeDocument, Wording
from bot.settings import Settings
from bot.use_cases import build_services, build_writing
from bot.web.metrics import metrics
from bot.web.participant import participant_page
from bot.web.site import Part
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
