"""The judge on invented cases: a good one passes, and each promise broken is said."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.faults.judge import LABEL, Case, judge
from tests.faults.ledger import Entry, Line
from tests.faults.memory import Memory
from tests.faults.values import Death, Ending, ReminderSeen, RowSeen, Seen, UpdateSeen

NOW = datetime(2026, 1, 22, tzinfo=UTC)
STAFF, OTHER = 7_000_000_001, 7_000_000_002
WORDS = "가상 의견 00001번입니다."
ROW = RowSeen("d-1", "reply:10:0", "reply", "sent", 1, False, False, STAFF, 5, NOW, None, None, NOW, None)
REMINDER = ReminderSeen("s", "전북", "m-1", 60, NOW, NOW + timedelta(minutes=50), "planned")


def line(entry: Entry, seconds: float = 100.0, **fields: object) -> Line:
    return Line(entry, NOW + timedelta(seconds=seconds), seconds, fields)


def message(delivery: str, seconds: float = 100.0, **fields: object) -> Line:
    said = {"method": "sendMessage", "chat": STAFF, "text": "다음 일정", "silent": False, "message": 5}
    return line(Entry.CALL, seconds, **said | {"delivery": delivery} | fields)


ASKED = line(Entry.ASKED, 90.0, update=10, chat=STAFF, kind="message", says="/next")
TAKEN = line(Entry.TAKEN, 91.0, updates=[10])
SAID = message("d-1")
LEFT = line(Entry.EVENT, 95.0, what="note left", words=WORDS, chat=OTHER)
DOUBT = line(Entry.FAULT, 99.0, what="reset after acceptance", method="sendMessage", delivery="d-1")
AGAIN = message("d-1", 160.0, text=f"{LABEL} 다음 일정", silent=True)
GOOD = Case(
    lines=(ASKED, TAKEN, SAID, LEFT),
    rows={
        "d-1": ROW,
        "d-2": replace(ROW, id="d-2", dedup="reminder:m-1:60:p-1", kind="reminder", state="expired"),
    },
    last=Seen((), (), frozenset({10}), (WORDS,)),
    deaths=(
        Death(1, Ending.AT_RANDOM, None, frozenset(), -9),
        Death(2, Ending.TERMINATED, None, frozenset(), 0, 1.5),
    ),
    reminders=(REMINDER,),
    stayed={STAFF: "전북"},
    staff=frozenset({STAFF}),
    ids={STAFF: "p-1"},
    logs=(),
)


def with_lines(*lines: Line) -> Case:
    return replace(GOOD, lines=lines)


def with_row(row: RowSeen) -> Case:
    return replace(GOOD, rows={**GOOD.rows, row.id: row})


def test_a_good_case_passes() -> None:
    assert judge(GOOD) == []
    later = replace(ROW, id="d-3", dedup="x", state="planned", due_at=NOW + timedelta(hours=1))
    assert judge(with_row(later)) == []
    assert judge(with_lines(ASKED, TAKEN, DOUBT, SAID, AGAIN, LEFT)) == []


CASES: Sequence[tuple[Case, str]] = (
    (with_lines(ASKED, TAKEN, SAID, AGAIN, LEFT), "d-1: arrived 2 times with 0 doubts"),
    (with_lines(ASKED, TAKEN, DOUBT, SAID, message("d-1", 160.0), LEFT), "without its label, or aloud"),
    (
        with_lines(ASKED, TAKEN, DOUBT, SAID, message("d-1", 160.0, text=LABEL, silent=False), LEFT),
        "without its label, or aloud",
    ),
    (with_lines(ASKED, TAKEN, DOUBT, DOUBT, SAID, AGAIN, AGAIN, LEFT), "d-1: arrived 3 times"),
    (with_lines(ASKED, TAKEN, SAID, message("", 130.0), LEFT), "no delivery"),
    (with_lines(ASKED, TAKEN, SAID, message("d-9", 130.0), LEFT), "d-9: arrived, and no row was ever seen"),
    (with_lines(ASKED, TAKEN, LEFT), "d-1: said to be sent, and never arrived"),
    (with_row(replace(ROW, id="d-3", dedup="x", state="planned", due_at=NOW)), "d-3: still planned"),
    (with_row(replace(ROW, id="d-3", dedup="x", state="sending")), "d-3: still sending"),
    (with_row(replace(ROW, id="d-3", dedup="x", state="unknown")), "d-3: given up as unknown after 0 doubts"),
    (with_row(replace(ROW, id="d-3", dedup="x", state="unknown")), "1 deliveries given up, 0 alerted"),
    (with_row(replace(ROW, id="d-3", state="expired")), "reply:10:0: 2 rows"),
    (replace(GOOD, last=replace(GOOD.last, seen_updates=frozenset())), "update 10 was acknowledged and is not kept"),
    (replace(GOOD, last=replace(GOOD.last, inbox=(UpdateSeen(10, "waiting", 1),))), "updates still wait"),
    (with_lines(ASKED, SAID, LEFT), "1 updates never taken"),
    (replace(GOOD, rows={}, lines=(ASKED, TAKEN, LEFT)), "/next (10): 0 answers planned"),
    (replace(GOOD, last=replace(GOOD.last, notes=())), "a note was left and is there 0 times"),
    (replace(GOOD, last=replace(GOOD.last, notes=(WORDS, WORDS))), "a note is there twice"),
    (with_lines(ASKED, TAKEN, DOUBT, SAID, replace(AGAIN, seconds=100.5), LEFT), "2 messages within 1.0 s"),
    (with_lines(ASKED, TAKEN, message("d-1", text="가상 회의-제주-001"), LEFT), "the schedule of another region"),
    (
        with_lines(
            ASKED, TAKEN, SAID, LEFT,
            line(Entry.EVENT, 110.0, what="left", chat=OTHER),
            message("d-2", 120.0, chat=OTHER, text="가상 회의-전북-001"),
        ),
        "told a schedule 10 s after leaving",
    ),
    (replace(GOOD, rows={"d-1": ROW}), "no row for a reminder of 60 minutes"),
    (replace(GOOD, deaths=(Death(2, Ending.TERMINATED, None, frozenset(), 0, 21.0),)), "SIGTERM ended with 0 after 21.0 s"),
    (replace(GOOD, deaths=(Death(2, Ending.TERMINATED, None, frozenset(), 1, 1.0),)), "SIGTERM ended with 1"),
    (replace(GOOD, deaths=(Death(2, Ending.TERMINATED, None, frozenset({"d-1"}), 0, 1.0),)), "SIGTERM left 1"),
)  # fmt: skip


@pytest.mark.parametrize(("case", "words"), CASES, ids=[str(number) for number in range(len(CASES))])
def test_a_broken_promise_is_said(case: Case, words: str) -> None:
    assert any(words in said for said in judge(case)), judge(case)


def test_thirty_messages_a_second_are_let_through_and_one_more_is_not() -> None:
    def hasty(count: int) -> Case:
        many = [message(f"e-{number}", 100.0 + number / 100, chat=STAFF + number) for number in range(count)]
        rows = {f"e-{number}": replace(ROW, id=f"e-{number}", dedup=f"e-{number}") for number in range(count)}
        return replace(
            with_lines(ASKED, TAKEN, message("d-1", 50.0), LEFT, *many), rows={**GOOD.rows, **rows}
        )

    assert judge(hasty(30)) == []
    assert judge(hasty(31)) == ["31 messages within 1.0 s (all)"]


def test_a_name_in_a_log_is_found(tmp_path: Path) -> None:
    log = tmp_path / "life-00001.log"
    log.write_text('{"event": "update failed", "failure": "TypeError"}\n', encoding="utf-8")
    assert judge(replace(GOOD, logs=(log,))) == []
    log.write_text('{"event": "hello 가상실무001"}\n', encoding="utf-8")
    assert judge(replace(GOOD, logs=(log,))) == ["life-00001.log: holds '가상실무'"]


def test_what_was_destroyed_is_remembered_and_what_lingers_is_said() -> None:
    memory = Memory()
    private = replace(ROW, id="d-5", private=True, state="planned", due_at=NOW)
    memory.look(replace(GOOD.last, deliveries=(private, ROW)))
    assert list(memory.overdue(NOW)) == [f"d-5: reply still planned ten minutes after {NOW}"]
    assert list(memory.overdue(NOW - timedelta(minutes=1))) == []
    memory.look(
        replace(GOOD.last, deliveries=(replace(private, state="expired", chat=None, dedup="", due_at=None),))
    )
    assert memory.rows["d-5"] == replace(private, state="expired", due_at=None)
    assert list(memory.overdue(NOW)) == []


def test_a_row_that_is_gone_ended() -> None:
    memory = Memory()
    memory.look(replace(GOOD.last, deliveries=(replace(ROW, state="planned", due_at=NOW),)))
    memory.look(GOOD.last)
    assert memory.rows["d-1"].state == "expired"


def test_a_key_is_free_again_when_nothing_had_left() -> None:
    memory, again = Memory(), replace(ROW, id="d-8")
    memory.look(replace(GOOD.last, deliveries=(replace(ROW, state="planned", attempts=0, due_at=NOW),)))
    memory.look(replace(GOOD.last, deliveries=(again,)))
    assert memory.rows["d-1"].state == "gone"
    assert not list(memory.overdue(NOW + timedelta(hours=1)))
    assert (
        judge(replace(GOOD, lines=(ASKED, TAKEN, message("d-8"), LEFT), rows={**GOOD.rows, **memory.rows}))
        == []
    )


def test_an_id_that_was_kept_for_a_week_is_remembered() -> None:
    memory = Memory()
    memory.look(GOOD.last)
    memory.look(replace(GOOD.last, seen_updates=frozenset({11})))
    assert memory.updates == {10, 11}


def test_what_telegram_forgot_was_not_acknowledged() -> None:
    forgotten = line(Entry.FORGOTTEN, 92.0, updates=[11])
    asked = line(Entry.ASKED, 91.0, update=11, chat=STAFF, kind="message", says="/next")
    assert judge(with_lines(ASKED, TAKEN, asked, forgotten, SAID, LEFT)) == []


def test_what_a_life_inherits_is_not_its_own_leaving() -> None:
    killed = Death(1, Ending.AT_RANDOM, None, frozenset({"d-1"}), -9)
    stopped = Death(2, Ending.TERMINATED, None, frozenset({"d-1"}), 0, 0.1)
    assert judge(replace(GOOD, deaths=(killed, stopped))) == []


def test_a_row_may_go_with_the_person() -> None:
    gone = line(Entry.EVENT, 110.0, what="left", chat=OTHER)
    said = message("d-9", 105.0, chat=OTHER)
    assert judge(with_lines(ASKED, TAKEN, SAID, said, LEFT, gone)) == []
