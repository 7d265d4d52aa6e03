"""What the access log writes down when somebody reads what others said, or data about others: a row a way to read.

`{person}`, `{claim}` and `{file}` are ids of the world (tests/security/world.py); `…` is an id made on the way.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reading:
    """`attempt`: as in the matrix, or a command's words. `line`: actor, action, whose, why. `once`: at most one an hour."""

    what: str
    attempt: str
    lines: tuple[str, ...]
    once: bool = False


CHAT = (
    Reading(
        "a digest, its sections",
        "say /digest",
        ("manager digest_opened 전북_2026-01-22 duty",),
        once=True,
    ),
    Reading(
        "chosen by its day", "press dd:{meeting}", ("manager digest_opened 전북_2026-01-22 duty",), once=True
    ),
    Reading(
        "a section unfolded",
        "press dg:{digest}:{section}",
        ("manager digest_opened 전북_2026-01-22 duty",),
        once=True,
    ),
    Reading(
        "a digest as a file",
        "press dg:{digest}:fhtml",
        ("manager digest_file_taken 전북_2026-01-22 duty",),
    ),
    Reading("a question of the notes", "say /ask 가상 통근버스", ("manager notes_asked several duty",)),
    Reading(
        "the tour's report, its sections",
        "press tr:{tour}:sum",
        ("manager tour_opened 전북 duty",),
        once=True,
    ),
    Reading("the tour's report as a file", "press tr:{tour}:fhtml", ("manager tour_file_taken 전북 duty",)),
    Reading(
        "notes without a topic, on cards to sort them",
        "say /triage",
        ("staff digest_opened 전북_2026-01-22 duty",),
        once=True,
    ),
    Reading(
        "one of them sorted, by its number; not under what",
        "press so:T:{note}:jobs",
        ("staff note_sorted 전북_2026-01-22 duty",),
    ),
    Reading(
        "a draft's sentences, by who is asked to approve it",
        "press ap:{digest}:1:d0",
        ("manager digest_opened 전북_2026-01-22 duty",),
        once=True,
    ),
    Reading(
        "one of them left out",
        "press ap:{digest}:1:D0",
        ("manager draft_sentence_left_out 전북_2026-01-22 publishing",),
    ),
    Reading(
        "the draft approved", "press ap:{digest}:1:y", ("manager digest_approved 전북_2026-01-22 publishing",)
    ),
    Reading(
        "who approves a region's digests",
        "press av:s:{region}",
        ("admin approvers_shown 전북 accounts",),
        once=True,
    ),
    Reading("who might", "press av:editor:{region}", ("admin people_listed 전북 accounts",), once=True),
    Reading(
        "named for it",
        "press an:editor:{region}:{person}",
        ("admin approver_named {person} accounts", "admin approvers_shown 전북 accounts"),
    ),
    Reading("the list of people", "say /people", ("admin people_listed 전북 accounts",), once=True),
    Reading("its pages", "press pe:p:0", ("admin people_listed 전북 accounts",), once=True),
    Reading("one of them", "press pe:s:{person}", ("admin person_shown {person} accounts",), once=True),
    Reading("ending what they hold", "press pe:x:{person}", ("admin grants_ended {person} accounts",)),
    Reading(
        "the name of who took an invitation, shown to the inviter",
        "press iv:{token}",
        ("console invitation_claimed … accounts", "admin claim_shown … accounts"),
    ),
    Reading("their word on it", "press ic:y:{claim}", ("admin invitation_granted … accounts",)),
    Reading("or against it", "press ic:n:{claim}", ("admin invitation_refused {claim} accounts",)),
    Reading(
        "what somebody asked about their own data",
        "press ra:s:{request}",
        ("root request_read … rights",),
    ),
)
"""In the chat, by who may; with the real handlers."""

CLOCK = (
    Reading(
        "a digest sent to managers; with their number",
        "publish",
        ("console digest_published 전북_2026-01-22 publishing",),
    ),
    Reading(
        "a large day's digest, asked for and sent when it was made",
        "wish",
        ("manager digest_opened 전북_2026-01-22 duty",),
        once=True,
    ),
    Reading(
        "words of notes in answer to a question",
        "question",
        ("manager notes_asked several duty", "manager notes_answered 전북_2026-01-22 duty"),
    ),
    Reading(
        "a file's preview, and bringing it in",
        "preview",
        ("admin file_previewed … import", "admin file_applied … import"),
    ),
    Reading("destruction of what is over", "retention", ("console destroyed all retention",)),
)
"""By the clock's edge."""

CONSOLE = (
    Reading(
        "a digest",
        "digest --region 전북 --date 2026-01-22",
        ("console digest_read 전북_2026-01-22 operation",),
    ),
    Reading(
        "and sent to managers",
        "digest --region 전북 --date 2026-01-22 --format text --publish",
        (
            "console digest_published 전북_2026-01-22 publishing",
            "console digest_read 전북_2026-01-22 operation",
        ),
    ),
    Reading("the report of a tour", "digest --tour", ("console tour_read several operation",)),
    Reading(
        "notes as a table",
        "export notes --region 전북 --date 2026-01-22 --out notes.csv",
        ("console notes_exported 전북_2026-01-22 export",),
    ),
    Reading(
        "of a region", "export notes --region 전북 --out notes.csv", ("console notes_exported 전북 export",)
    ),
    Reading(
        "of all, unredacted", "export notes --raw --out notes.csv", ("console notes_exported all export",)
    ),
    Reading("the access log itself", "export audit --out log.csv", ("console audit_exported all export",)),
    Reading(
        "a notes file, looked at",
        "import notes in.csv --dry-run",
        ("console file_previewed several import",),
    ),
    Reading("brought in", "import notes in.csv", ("console notes_imported 전북_2026-01-22 import",)),
    Reading(
        "a tour file, looked at", "import tour tour.csv --dry-run", ("console file_previewed several import",)
    ),
    Reading(
        "what somebody asked about their own data",
        "requests show {number}",
        ("console request_read {number} rights",),
    ),
    Reading(
        "written down",
        "requests add --kind access",
        ("console request_received … rights",),
    ),
    Reading(
        "answered", "requests answer {number} --result none", ("console request_answered {number} rights",)
    ),
    Reading(
        "one note withdrawn for it, unseen",
        "requests take-out {number} x-1 --region 전북 --date 2026-01-22",
        ("console note_taken_out 전북_2026-01-22 rights",),
    ),
    Reading("all data, into a backup", "backup", ("console backup_taken all backup",)),
    Reading("out of one", "restore kept.db", ("console restored all backup",)),
    Reading("to another database", "move --to sqlite:///there.db", ("console moved all backup",)),
)
"""At the console."""

SILENT = {
    "run": "the bot itself",
    "rehearse": "invented people only",
    "template": "an empty workbook",
    "invite": "makes a link; recorded as `invitation_made`, nobody's data",
    "audit verify": "reads the log, shows numbers",
    "purge": "shows nothing; what retention destroys is recorded (`destroyed`)",
    "doctor": "counts only",
    "evaluate": "reads files, not the database; shows figures and numbers of notes",
    "worksheet": "settings and counts",
    "requests list": "numbers, kinds and days of requests, no words and nobody's name",
    "import tour": "a schedule; recorded as `schedule_changed`",
    "import topics": "topics and how many notes chose those that go; recorded as `topics_changed`",
}
"""Commands that show nobody's words or data."""


def fits(wanted: tuple[str, ...], found: list[str], ids: Mapping[str, str]) -> bool:
    """Whether just these lines were written, in this order."""
    patterns = [re.escape(one.format_map(dict(ids))).replace("…", r"[\w-]+") for one in wanted]
    return len(patterns) == len(found) and all(map(re.fullmatch, patterns, found))
