"""The verdict, from the outside: Telegram's ledger, the rows, the logs. Each function gives what is wrong, in words; nothing is fine."""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.faults.chaos import SURE
from tests.faults.ledger import Entry, Line
from tests.faults.memory import GONE
from tests.faults.people import COMMANDS
from tests.faults.values import Death, Ending, ReminderSeen, RowSeen, Seen

LABEL = "[다시 보냄]"
FINAL = frozenset({"sent", "failed", "expired", GONE})
FATE_UNKNOWN = "delivery_unknown"
DRAINED_WITHIN = 20.0
CANARIES = (
    "가상실무",
    "가상간부",
    "가상관리자",
    "가상참여",
    "가상손님",
    "가상모임",
    "통근버스",
    "canary_token",
    "그냥 한마디",
)
"""Parts of every name, word and secret that the harness brings in: none may be in a log."""
_OVERALL, _CHAT, _GROUP = (30, 1.0), (1, 1.0), (20, 60.0)


@dataclass(frozen=True, slots=True)
class Case:
    """All that is known of one lane. `rows`: each delivery as it was last seen whole; `last`: the database at the end."""

    lines: Sequence[Line]
    rows: Mapping[str, RowSeen]
    last: Seen
    deaths: Sequence[Death]
    reminders: Sequence[ReminderSeen]
    stayed: Mapping[int, str]
    """Staff and managers who kept their role to the end, with their region."""
    staff: frozenset[int]
    """Those of them who are told of every meeting."""
    ids: Mapping[int, str]
    """Their ids in the database, by chat."""
    logs: Sequence[Path]


def judge(case: Case) -> list[str]:
    """Everything that is wrong; empty when all promises were kept."""
    return [
        *_sent_once(case),
        *_final(case),
        *_taken_updates(case),
        *_answers(case),
        *_notes(case),
        *_limits(case.lines),
        *_audience(case),
        *_reminders(case),
        *_drained(case.deaths),
        *_canaries(case.logs),
    ]


def doubts(case: Case) -> Counter[str]:
    """How often the fate of each delivery was in doubt: struck ambiguously, or on its way when the bot died."""
    struck = Counter(
        line.text("delivery")
        for line in case.lines
        if line.entry is Entry.FAULT and line.text("what") not in {str(one) for one in SURE}
    )
    for death in case.deaths:
        struck.update(death.sending)
    del struck[""]
    return struck


def sends(lines: Iterable[Line]) -> Iterator[Line]:
    """Accepted messages, without edits, answers and menus."""
    return (line for line in lines if line.entry is Entry.CALL and line.text("method").startswith("send"))


def _sent_once(case: Case) -> Iterator[str]:
    doubtful, left = doubts(case), set(_left(case.lines))
    accepted: defaultdict[str, list[Line]] = defaultdict(list)
    for line in sends(case.lines):
        accepted[line.text("delivery")].append(line)
    if accepted.pop("", None):
        yield "a message left that is no delivery"
    for delivery, lines in accepted.items():
        if len(lines) > 2 or len(lines) > 1 + doubtful[delivery]:
            yield f"{delivery}: arrived {len(lines)} times with {doubtful[delivery]} doubts"
        for again in lines[1:]:
            if not again.text("text").startswith(LABEL) or not again.fields.get("silent"):
                yield f"{delivery}: came again without its label, or aloud"
        if delivery not in case.rows and lines[0].number("chat") not in left:
            yield f"{delivery}: arrived, and no row was ever seen"
    for row in case.rows.values():
        if row.kind != "edit" and row.state == "sent" and row.id not in accepted:
            yield f"{row.id}: said to be sent, and never arrived"


def _final(case: Case) -> Iterator[str]:
    doubtful, given_up = doubts(case), 0
    for row in case.rows.values():
        if row.state == "unknown" and row.due_at is None:
            given_up += 1
            if doubtful[row.id] < 2:
                yield f"{row.id}: given up as unknown after {doubtful[row.id]} doubts"
        elif row.state == "planned" and row.due_at is not None and row.due_at > case.lines[-1].at:
            continue  # planned for later on purpose
        elif row.state not in FINAL:
            yield f"{row.id}: still {row.state} ({row.kind}, due {row.due_at})"
    if case.last.audit.get(FATE_UNKNOWN, 0) < given_up:
        yield f"{given_up} deliveries given up, {case.last.audit.get(FATE_UNKNOWN, 0)} alerted"
    keys = Counter(row.dedup for row in case.rows.values() if row.state != GONE)
    yield from (f"{key}: {count} rows" for key, count in keys.items() if count > 1)


def _taken_updates(case: Case) -> Iterator[str]:
    asked = {line.number("update"): line for line in case.lines if line.entry is Entry.ASKED}
    lost = 0
    for update in _taken(case.lines):
        if update not in case.last.seen_updates:
            if asked[update].text("says") != "poison":
                yield f"update {update} was acknowledged and is not kept"
            lost += 1
    waiting = [one.update_id for one in case.last.inbox if one.state == "waiting"]
    if waiting:
        yield f"updates still wait: {waiting[:5]}"
    over = {*_taken(case.lines), *_taken(case.lines, Entry.FORGOTTEN)}
    missed = sorted({update for update in asked if update is not None} - over)
    if missed:
        yield f"{len(missed)} updates never taken: {missed[:5]}"


def _taken(lines: Iterable[Line], entry: Entry = Entry.TAKEN) -> list[int]:
    taken: list[int] = []
    for line in lines:
        if line.entry is entry:
            updates = line.fields["updates"]
            assert isinstance(updates, list)
            taken += updates
    return taken


def _answers(case: Case) -> Iterator[str]:
    """A plain command of somebody with a role is answered by one delivery, however often its update came."""
    answered = Counter(row.dedup.rpartition(":")[0] for row in case.rows.values() if row.state != GONE)
    taken = set(_taken(case.lines))
    for line in case.lines:
        update = line.number("update")
        if line.entry is not Entry.ASKED or update not in taken or line.text("says") not in COMMANDS:
            continue
        if line.number("chat") in case.stayed and answered[f"reply:{update}"] != 1:
            yield f"{line.text('says')} ({update}): {answered[f'reply:{update}']} answers planned"


def _notes(case: Case) -> Iterator[str]:
    kept = Counter(case.last.notes)
    for line in case.lines:
        if line.entry is Entry.EVENT and line.text("what") == "note left" and kept[line.text("words")] != 1:
            yield f"a note was left and is there {kept[line.text('words')]} times"
    yield from ("a note is there twice" for words, count in kept.items() if words and count > 1)


def _left_at(line: Line) -> float:
    """When a message left the bot, as Telegram's limits measure it here (even_limits.py)."""
    return line.seconds - (line.number("delay") or 0) / 1000


def _limits(lines: Sequence[Line]) -> Iterator[str]:
    every: deque[float] = deque()
    chats: defaultdict[int, deque[float]] = defaultdict(deque)
    refused = sum(line.entry is Entry.EVENT and line.text("what") == "too fast" for line in lines)
    if refused:
        yield f"{refused} messages were refused for their speed"
    for at, chat in sorted((_left_at(line), line.number("chat") or 0) for line in sends(lines)):
        for (count, seconds), window in ((_OVERALL, every), (_CHAT if chat > 0 else _GROUP, chats[chat])):
            while window and window[0] <= at - seconds:
                window.popleft()
            window.append(at)
            if len(window) > count:
                yield f"{len(window)} messages within {seconds} s ({'all' if window is every else chat})"


def _audience(case: Case) -> Iterator[str]:
    """A region's meetings are told to those who belong to it, and to nobody who left."""
    left = _left(case.lines)
    for line in case.lines:
        chat = line.number("chat") or 0
        if line.entry is not Entry.CALL or "회의-" not in line.text("text"):
            continue
        if chat in left and line.seconds > left[chat]:
            yield f"told a schedule {line.seconds - left[chat]:.0f} s after leaving"
        if chat in case.stayed and f"회의-{case.stayed[chat]}-" not in line.text("text"):
            yield "told the schedule of another region"


def _left(lines: Iterable[Line]) -> dict[int, float]:
    """When somebody had everything about themselves deleted: chat, and the harness's seconds."""
    gone = (line for line in lines if line.entry is Entry.EVENT and line.text("what") == "left")
    return {line.number("chat") or 0: line.seconds for line in gone}


def _reminders(case: Case) -> Iterator[str]:
    """Every reminder that was decided reached everybody of its region as one row."""
    planned = {row.dedup for row in case.rows.values() if row.kind == "reminder"}
    for reminder in case.reminders:
        if reminder.meeting is None or reminder.state != "planned":
            continue
        for chat, region in case.stayed.items():
            key = f"reminder:{reminder.meeting}:{reminder.lead_minutes}:{case.ids[chat]}"
            if chat in case.staff and region == reminder.region and key not in planned:
                yield f"no row for a reminder of {reminder.lead_minutes} minutes"


def _drained(deaths: Iterable[Death]) -> Iterator[str]:
    before: frozenset[str] = frozenset()
    for death in deaths:
        inherited, before = before, death.sending
        if death.ending is not Ending.TERMINATED:
            continue
        if death.code != 0 or death.seconds > DRAINED_WITHIN:
            yield f"life {death.life}: SIGTERM ended with {death.code} after {death.seconds:.1f} s"
        if own := death.sending - inherited:  # who is stopped at the start has not looked at the one before
            yield f"life {death.life}: SIGTERM left {len(own)} on their way"


def _canaries(logs: Iterable[Path]) -> Iterator[str]:
    for log in logs:
        text = log.read_text(encoding="utf-8", errors="replace")
        yield from (f"{log.name}: holds {canary!r}" for canary in CANARIES if canary in text)
