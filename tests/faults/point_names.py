"""The names of the points, as data: commits by who commits, and everything else that is wrapped.

A commit that is not in COMMITS gets a name from its module and function, so that a new one is seen by the tests at once.
"""

from collections.abc import Iterator
from types import MappingProxyType

COMMITS = MappingProxyType(
    {
        "bot.scheduling.jobs:Jobs._plan_some": ("reminders.plan",),
        "bot.scheduling.jobs:Jobs.set_menus": ("menus.done",),
        "bot.services.ai_budget:Budgeted.complete": ("ai_budget.reserve",),
        "bot.services.ai_budget:Budgeted._settle": ("ai_budget.settle",),
        "bot.services.alerts:Alarm._tell": ("alerts.tell",),
        "bot.services.digest_wishes:DigestWishes._answer": ("digest_wishes.answer",),
        "bot.services.interim_clock:InterimClock.look": ("interim.decide",),
        "bot.services.erasing:Erasing.look": ("erasing.empty",),
        "bot.services.note_reading:NoteReading._read": ("reading.keep",),
        "bot.services.digests:Digests.make": ("digests.prepare", "digests.keep"),
        "bot.services.files.work:FileWork._take_over": ("files.take_over",),
        "bot.services.files.work:FileWork._step": ("files.claim",),
        "bot.services.files.work:FileWork._fetch": ("files.fetch",),
        "bot.services.files.work:FileWork._preview": ("files.rights_ended", "files.preview"),
        "bot.services.files.work:FileWork._apply": ("files.changed_meanwhile", "files.apply"),
        "bot.services.files.work:FileWork._refuse": ("files.refuse",),
        "bot.services.files.work:FileWork._later": ("files.later",),
        "bot.services.inbox:InboxService.set_aside": ("inbox.set_aside",),
        "bot.services.inbox:InboxService._commit": ("inbox.receive",),
        "bot.services.inbox:InboxService.settle": ("inbox.attempt",),
        "bot.services.inbox:InboxService._attempt": ("inbox.settle",),
        "bot.services.inbox:InboxService._failed": ("inbox.retry_later",),
        "bot.services.inbox:InboxService._give_up": ("inbox.park",),
        "bot.services.intake_troubles:Troubles._keep": ("troubles.keep",),
        "bot.services.media_work:MediaWork._claim": ("media.claim",),
        "bot.services.media_work:MediaWork._fetched": ("media.fetch",),
        "bot.services.media_work:MediaWork._end": ("media.end",),
        "bot.services.media_work:MediaWork._put_off": ("media.put_off",),
        "bot.services.media_work:MediaWork._end_orphans": ("media.end_orphans",),
        "bot.services.publishing:Publishing._publish_made": ("publishing.publish",),
        "bot.services.publishing:Publishing._publish_approved": ("publishing.approved",),
        "bot.services.triage_nudge:TriageNudge.run": ("triage.nudge",),
        "bot.services.purge:Purge.run": ("purge.sweep", "purge.retention"),
        "bot.services.purge:Purge._set_right": ("purge.set_right", "purge.number"),
        "bot.services.questions.answering:QuestionWork._say": ("questions.say",),
        "bot.services.requests.minding:Minding.run": ("requests.mind",),
        "bot.services.sending.ends:Ends._together": ("sending.record",),
        "bot.services.sending.ends:Ends._one_by_one": ("sending.record_each",),
        "bot.services.sending.sender:Sender.recover": ("sending.recover",),
        "bot.services.sending.sender:Sender._send_due": ("sending.claim",),
        "bot.services.sending.sender:Sender._tell_refusal": ("sending.refusal",),
        "bot.services.webhook_secret:webhook_secret": ("webhook_secret",),
        "bot.web.participant:ParticipantPage.withdraw": ("page.withdraw",),
        "bot.web.participant:ParticipantPage.forget_name": ("page.forget_name",),
        "bot.web.participant:ParticipantPage._send": ("page.send",),
    }
)
"""By module and function, in the order of their lines: what each commit is called."""
SELDOM_COMMITS = frozenset(
    {
        "ai_budget.reserve",
        "ai_budget.settle",
        "digest_wishes.answer",
        "files.fetch",
        "files.rights_ended",
        "files.preview",
        "files.changed_meanwhile",
        "files.apply",
        "files.refuse",
        "files.later",
        "files.claim",
        "inbox.set_aside",
        "media.claim",
        "media.fetch",
        "media.end",
        "media.put_off",
        "media.end_orphans",
        "page.withdraw",
        "page.forget_name",
        "page.send",
        "publishing.approved",
        "questions.say",
        "reading.keep",
        "requests.mind",
        "sending.record_each",
        "triage.nudge",
        "troubles.keep",
    }
)
REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010", "0011", "0012")
METHODS = (
    "getMe",
    "getUpdates",
    "getWebhookInfo",
    "setWebhook",
    "deleteWebhook",
    "setMyCommands",
    "deleteMyCommands",
    "answerCallbackQuery",
    "sendMessage",
    "sendPhoto",
    "editMessageText",
)
SELDOM_METHODS = ("sendDocument", "getFile", "file")
TICKS = (
    "reminders",
    "digests",
    "interim",
    "wishes",
    "sending",
    "menus",
    "purge",
    "media",
    "files",
    "questions",
    "requests",
    "triage",
    "webhook",
)
SELDOM_TICKS = ("reading",)
"""Of what the harness turns off: lives are too short for the analyst's start."""
PURGE_PHASES = ("set_right", "anonymous", "retention", "clean_file")
START_POINTS = (
    "start:locked",
    "start:migrated",
    "start:identified",
    "start:recovered",
    "start:running",
    "start:taken_up",
)
"""In the order in which a life passes them."""
STOP_POINTS = ("stop:asked", "stop:ticks", "stop:door", "stop:drained", "stop:closed")
"""Those that come only to a life that was told to stop (or fails to start: the last), in their order."""
WEBHOOK_POINTS = ("webhook:arrived", "webhook:committed")
_SELDOM_WEBHOOK = ("webhook:not_committed",)
_BY_WEBHOOK = ("webhook:", "http:setWebhook", "commit:webhook_secret")
_BY_POLLING = ("http:getUpdates", "http:deleteWebhook")
_OF_SQLITE = ("purge:vacuum", "purge:checkpoint")


def pairs(names: tuple[str, ...], prefix: str, ends: tuple[str, ...] = ("before", "after")) -> Iterator[str]:
    """`prefix:name:end` for each."""
    return (f"{prefix}:{name}:{end}" for name in names for end in ends)


def _commits(*, seldom: bool) -> tuple[str, ...]:
    names = (name for names in COMMITS.values() for name in names)
    return tuple(name for name in names if (name in SELDOM_COMMITS) == seldom)


KNOWN_POINTS: tuple[str, ...] = (
    *pairs(REVISIONS, "migration", ("before", "ddl", "after")),
    *pairs(("commit",), "migration"),
    *START_POINTS,
    *STOP_POINTS,
    *pairs(_commits(seldom=False), "commit"),
    *pairs(METHODS, "http", ("before", "answered")),
    *pairs(TICKS, "tick"),
    *pairs(PURGE_PHASES, "purge"),
    *pairs(("vacuum", "checkpoint"), "purge"),
    "purge:anonymous:statement",
    "purge:retention:statement",
    *WEBHOOK_POINTS,
)
"""Those that chats, time and a network that fails lead to."""
SELDOM_POINTS: tuple[str, ...] = (
    *pairs(_commits(seldom=True), "commit"),
    *pairs(SELDOM_METHODS, "http", ("before", "answered")),
    *pairs(SELDOM_TICKS, "tick"),
    *_SELDOM_WEBHOOK,
)
"""Those that need more: files, media, the participants' page, a language model, an analyst, an approval, a question, a day of very many notes, a database that refuses
one row of many.
"""
ONCE_A_LIFE = frozenset(
    {
        *START_POINTS,
        *STOP_POINTS,
        *pairs(("files.take_over", "sending.recover", "webhook_secret"), "commit"),
        *pairs(("getWebhookInfo", "deleteWebhook"), "http", ("before", "answered")),
        *pairs(("retention",), "purge"),
    }
)
"""Nobody dies at their second passing: it does not come (retention: not the same day)."""


def points_of(kind: str, *, webhook: bool) -> tuple[str, ...]:
    """The known points that lives on a database of this kind can come to, after the first that migrated it.

    Those of STOP_POINTS are among them: such a life must be told to stop.
    """
    not_here = ("migration:", *(_BY_POLLING if webhook else _BY_WEBHOOK))
    if kind != "sqlite":
        not_here += _OF_SQLITE
    return tuple(point for point in KNOWN_POINTS if not point.startswith(not_here))
