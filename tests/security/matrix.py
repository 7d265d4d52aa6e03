"""Who may do what in chat, said once more and apart from the code: every row is tried for everybody (test_matrix.py).

A row's attempts stand as they are made: `say` words or a command, `send` a kind of message, `press` a button's data.
`{meeting}` and its like are of the region 전북, `{tour}` of all, of one staff member there (`{note}`, `{file}`), of one participant
(`{secret}`, `{fresh}`, `{request}`) and of one administrator there (`{token}`, `{claim}`); test_uniform.py puts in what does not exist.

| cell | meaning |
| --- | --- |
| yes | done |
| own | answered with what is of their own region; nothing of this one is shown or changed |
| no | "not allowed", whether or not what it is about exists |
| void | "this button cannot be used" |
| talk | "write to me in private" |
| - | no answer |
| noted | no answer; that messages reach this person, or not, is remembered |
| n/a | cannot happen: nobody presses a button anonymously |
| a message's key | these words |

Everything but `yes`, `own` and `noted` changes nothing.
"""

from dataclasses import dataclass

PRIVATE = (
    "outsider",
    "participant",
    "staff",
    "staff elsewhere",
    "manager",
    "manager elsewhere",
    "admin",
    "admin elsewhere",
    "former staff",
)
"""In their own chat with the bot. "elsewhere": their grant is of 강원, what it is about is of 전북."""
GROUP = ("staff, group", "outsider, group", "anonymous admin, group")
WHO = PRIVATE + GROUP

WORDS = {
    "no": "common.not_allowed",
    "void": "common.button_unknown",
    "talk": "common.write_in_private",
}


@dataclass(frozen=True, slots=True)
class Row:
    """Something that can be asked of the bot, in all its forms, and what comes of it for everybody in `WHO`."""

    what: str
    attempts: tuple[str, ...]
    cells: dict[str, str]


def _row(what: str, attempts: str, private: str, group: str) -> Row:
    cells = (*private.split(), *group.split())
    assert len(cells) == len(WHO), f"{what}: {len(cells)} cells"
    return Row(what, tuple(attempts.split("; ")), dict(zip(WHO, cells, strict=True)))


_TALK, _PRESSED, _HUSH = "talk talk talk", "talk talk n/a", "- - -"
_INTRO = "group.introduction " * 3
_VISITOR = "help.visitor help.visitor yes yes yes yes yes yes help.visitor"

COMMANDS = (
    _row("be greeted", "say /start", _VISITOR, _INTRO),
    _row("ask for help", "say /help", _VISITOR, _INTRO),
    _row("open a meeting's code", "say /start m_{code}", "yes yes yes yes yes yes yes yes yes", _TALK),
    _row("open an invitation", "say /start i_{token}", "yes yes yes yes yes yes yes yes yes", _TALK),
    _row("what is next", "say /next", "no no yes own yes own yes own no", "yes no no"),
    _row("today's schedule", "say /today", "no no yes own yes own yes own no", "yes no no"),
    _row("file a note", "say /note", "no no yes own no no no no no", _TALK),
    _row("show a code", "say /qr", "no no yes own no no yes own no", _TALK),
    _row("report a delay", "say /late", "no no yes own no no no no no", _TALK),
    _row("read a digest", "say /digest", "no no yes own yes own no no no", _TALK),
    _row("ask the notes", "say /ask 가상 통근버스", "no no yes own yes own no no no", _TALK),
    _row("sort notes without a topic", "say /triage", "no no yes own no no no no no", _TALK),
    _row("invite", "say /invite", "no no no no no no yes own no", _TALK),
    _row("name who approves digests", "say /approvers", "no no no no no no yes own no", _TALK),
    _row("see people", "say /people", "no no no no no no yes own no", _TALK),
    _row("send files", "say /files", "no no yes yes no no yes yes no", _TALK),
    _row("see the service's state", "say /status", "no no yes own no no yes own no", _TALK),
    _row(
        "settings",
        "say /settings",
        "settings.visitor settings.visitor yes yes yes yes yes yes settings.visitor",
        _TALK,
    ),
    _row("one's own data", "say /privacy", "yes yes yes yes yes yes yes yes yes", _TALK),
    _row(
        "see requests about personal data, as administrator of all regions", "say /requests", "no " * 9, _TALK
    ),
    _row("an unknown command", "say /weather", "common.not_understood " * 9, _HUSH),
)

_NO_DIALOGUE, _NOT_TAKEN = "feedback.no_dialogue", " ".join(["help.not_taken"] * 4)
MESSAGES = (
    _row(
        "plain words",
        "say 가상 의견입니다",
        f"{_NO_DIALOGUE} yes yes own {_NOT_TAKEN} {_NO_DIALOGUE}",
        _HUSH,
    ),
    _row(
        "words to the bot's name",
        "say @hyeonjang_test_bot 가상 의견입니다",
        f"{_NO_DIALOGUE} yes yes own {_NOT_TAKEN} {_NO_DIALOGUE}",
        _TALK,
    ),
    _row(
        "a voice message or a picture",
        "send voice; send photo",
        f"media.no_dialogue yes yes own {_NOT_TAKEN} media.no_dialogue",
        _HUSH,
    ),
    _row(
        "a file to be brought in",
        "send document",
        "feedback.only_words feedback.only_words yes yes files.not_for_you files.not_for_you yes yes "
        "feedback.only_words",
        _HUSH,
    ),
    _row("anything else", "send sticker", "feedback.only_words " * 9, _HUSH),
    _row("an edited command or word", "send edited", "common.edit_by_button " * 9, _HUSH),
    _row(
        "being blocked and unblocked",
        "send blocked; send unblocked",
        "- - noted noted noted noted noted noted -",
        "n/a n/a n/a",
    ),
)

_NOT_THEIRS = "invitation.invalid"
BUTTONS = (
    _row(
        "take an invitation", "press iv:{token}", "yes yes yes yes yes yes invitation.own yes yes", _PRESSED
    ),
    _row(
        "choose a role to invite for",
        "press in:staff; press in:manager; press in:admin",
        "no no no no no no yes own no",
        _PRESSED,
    ),
    _row(
        "invite for this region",
        "press in:staff:{region}; press in:manager:{region}; press in:admin:{region}",
        "no no no no no no yes no no",
        _PRESSED,
    ),
    _row(
        "invite for all regions",
        "press in:staff:all; press in:manager:all; press in:admin:all",
        "no no no no no no no no no",
        _PRESSED,
    ),
    _row(
        "confirm or decline who took an invitation",
        "press ic:y:{claim}; press ic:n:{claim}",
        f"no no {_NOT_THEIRS} {_NOT_THEIRS} {_NOT_THEIRS} {_NOT_THEIRS} yes {_NOT_THEIRS} no",
        _PRESSED,
    ),
    _row("turn the list of people", "press pe:p:0", "no no no no no no yes own no", _PRESSED),
    _row(
        "take grants back",
        "press pe:s:{person}; press pe:x:{person}",
        "no no no no no no yes people.gone no",
        _PRESSED,
    ),
    _row("a meeting's code", "press qr:{meeting}", "no no yes no no no yes no no", _PRESSED),
    _row(
        "move a meeting",
        "press lt:{meeting}; press lt:{meeting}:20:0; press lt:{meeting}:20:1; press lt:{meeting}:20:0:{revision}; "
        "press lt:{meeting}:20:1:{revision}",
        "no no yes no no no no no no",
        _PRESSED,
    ),
    _row("stop moving a meeting", "press lt:x", "no no yes yes no no no no no", _PRESSED),
    _row("a day's digest", "press dd:{meeting}", "no no yes no yes no no no no", _PRESSED),
    _row(
        "a digest's section or file",
        "press dg:{digest}:sum; press dg:{digest}:{section}; press dg:{digest}:file; press dg:{digest}:fhtml; press dg:{digest}:fhwpx",
        "no no yes no yes no no no no",
        _PRESSED,
    ),
    _row(
        "a section or file of the tour's report",
        "press tr:{tour}:sum; press tr:{tour}:day; press tr:{tour}:file; press tr:{tour}:fhtml",
        "no no no no yes own no no no",
        _PRESSED,
    ),
    _row(
        "sort a note of the region, pass it over, go back to it",
        "press so:T:{note}:jobs; press so:s:{note}; press so:b:{note}; press so:a:{note}",
        "no no yes no no no no no no",
        _PRESSED,
    ),
    _row("a day's notes without a topic", "press so:d:{meeting}", "no no yes no no no no no no", _PRESSED),
    _row("begin to sort, or stop", "press so:l; press so:x", "no no yes own no no no no no", _PRESSED),
    _row(
        "decide about a draft, as who was asked to approve it",
        "press ap:{digest}:1:y; press ap:{digest}:1:d0; press ap:{digest}:1:D0; press ap:{digest}:1:w0; press ap:{digest}:1:b",
        "no no no no yes no no no no",
        _PRESSED,
    ),
    _row(
        "name who approves this region's digests",
        "press av:s:{region}; press av:editor:{region}; press av:deputy:{region}; press av:x:{region}; "
        "press an:editor:{region}:{person}",
        "no no no no no no yes no no",
        _PRESSED,
    ),
    _row("a template", "press fl:t:tour; press fl:t:notes", "no no yes yes no no yes yes no", _PRESSED),
    _row(
        "bring a file in, or drop it",
        "press fl:a:{file}:2; press fl:c:{file}:2; press fl:x:{file}:2",
        "no no yes no no no no no no",
        _PRESSED,
    ),
    _row(
        "change one's own staff note",
        "press n:k:{note}:request; press n:t:{note}; press n:T:{note}:jobs; press n:e:{note}; press n:o:{note}; "
        "press n:m:{note}:{second}; press n:x:{note}; press n:X:{note}; press n:b:{note}",
        "no no yes void no no no no no",
        _PRESSED,
    ),
    _row("aim the next note at a meeting", "press n:p:{meeting}", "no no yes no no no no no no", _PRESSED),
    _row(
        "file words that wait at a meeting",
        "press n:c:{meeting}",
        "no no yes no no no no no no",
        _PRESSED,
    ),
    _row(
        "answer the questions of a feedback under way",
        "press f:c:{fresh}:abroad; press f:y:{fresh}; press f:n:{fresh}; press f:s:{fresh}:youth; "
        "press f:r:{fresh}:4; press f:t:{fresh}:jobs; press f:w:{fresh}",
        "feedback.step_over yes " + "feedback.step_over " * 7,
        _PRESSED,
    ),
    _row(
        "an author's power over a note, for whoever holds its secret",
        "press f:e:{secret}; press f:a:{secret}:words; press f:S:{secret}:worker; press f:R:{secret}:2; "
        "press f:T:{secret}:jobs; press f:x:{secret}; press f:X:{secret}; press f:m:{secret}; press f:d:{secret}; "
        "press f:w:{secret}",
        "yes yes yes yes yes yes yes yes yes",
        _PRESSED,
    ),
    _row("be told before a meeting", "press f:b:{later}", "yes yes yes yes yes yes yes yes yes", _PRESSED),
    _row(
        "read the notices, have one's data destroyed",
        "press p:notice; press p:delete; press p:keep; press p:confirm",
        "yes yes yes yes yes yes yes yes yes",
        _PRESSED,
    ),
    _row("have one's own staff notes", "press p:export", "no no yes yes yes yes yes yes no", _PRESSED),
    _row(
        "ask about one's own data",
        "press rq:a; press rq:k:access; press rq:k:correction; press rq:k:deletion; press rq:k:suspension",
        "yes yes yes yes yes yes yes yes yes",
        _PRESSED,
    ),
    _row(
        "see, change or take back one's own request",
        "press rq:s:{request}; press rq:w:{request}; press rq:n:{request}; press rq:x:{request}; press rq:X:{request}",
        "void yes void void void void void void void",
        _PRESSED,
    ),
    _row(
        "have messages sent again",
        "press rq:l",
        "void void yes yes yes yes yes yes void",
        _PRESSED,
    ),
    _row(
        "answer a request, as administrator of all regions",
        "press ra:l; press ra:s:{request}; press ra:d:{request}; press ra:r:{request}; press ra:p:{request}; "
        "press ra:y:{request}; press ra:o:{request}; press ra:m:{request}; press ra:n:{request}",
        "no no no no no no no no no",
        _PRESSED,
    ),
    _row("choose a language", "press se:ko; press se:en", "no no yes yes yes yes yes yes no", _PRESSED),
    _row("choose reminders", "press se:on; press se:off", "no no no no yes yes no no no", _PRESSED),
    _row("a button that was never ours", "press zz:{meeting}", "void " * 9, "void void n/a"),
)

ROWS = COMMANDS + MESSAGES + BUTTONS
