"""`python -m bot requests`: letters and calls are written down and answered, and nothing personal goes where it should not."""

import re

import pytest

from bot.domain.request import RequestKind
from tests.bot.test_commands import notes, shipped
from tests.support.console import Console

SECRET = "가상 편지: 제 이름 가상인물canary을 지워 주십시오."


def added(console: Console, *words: str) -> str:
    said = console.runs("requests", "add", *words).stdout
    found = re.search(r"요구 ([A-Z2-9]{7}) ", said)
    assert found is not None, said
    return found[1]


def test_a_letter_is_written_down_listed_shown_and_answered(console: Console) -> None:
    letter = console.file("letter.txt", SECRET)
    number = added(console, "--kind", "deletion", "--words", letter)
    listed = console.runs("requests", "list").stdout
    assert number in listed
    assert "삭제 · 서면·전화" in listed
    assert "일 남음" in listed
    assert "canary" not in listed
    assert SECRET in console.runs("requests", "show", number.lower()).stdout
    answer = console.file("answer.txt", "가상: 지웠습니다.")
    said = console.runs("requests", "answer", number, "--result", "done", "--words", answer).stdout
    assert "처리 완료로 마쳤습니다." in said
    assert "서면이나 전화로 알려" in said
    assert number not in console.runs("requests", "list").stdout
    ended = console.runs("requests", "list", "--all").stdout
    assert "처리 완료" in ended
    assert "까지 보관" in ended


def test_its_days_run_from_when_it_came(console: Console) -> None:
    number = added(console, "--kind", "access", "--received", "2026-01-22")
    [line] = console.runs("requests", "list").stdout.splitlines()
    assert f"{number} · 열람 · 서면·전화 · 2026-01-22 접수 · 처리 기한 2026-02-02까지" in line
    assert "지남" in line, "the machine's clock is past that year's winter"


def test_the_log_of_access_says_who_and_when_and_nothing_of_what(console: Console) -> None:
    number = added(console, "--kind", "correction", "--words", console.file("letter.txt", SECRET))
    console.runs("requests", "show", number)
    reason = console.file("reason.txt", "가상 까닭canary")
    console.runs("requests", "answer", number, "--result", "refused", "--words", reason)
    out = console.folder / "audit.csv"
    console.runs("export", "audit", "--out", str(out))
    log = out.read_text(encoding="utf-8-sig")
    for act in ("request_received", "request_read", "request_answered"):
        assert log.count(act) == 1
    assert number in log
    assert "canary" not in log


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("answer", "ZZZZZZZ", "--result", "done"), "그런 번호의 요구가 없습니다."),
        (("show", "ZZZZZZZ"), "그런 번호의 요구가 없습니다."),
        (("add", "--kind", "access", "--received", "2999-01-01"), "오늘보다 늦을 수 없습니다."),
        (("add", "--kind", "access", "--words", "/nowhere/letter.txt"), "파일을 읽지 못했습니다"),
    ],
)
def test_what_cannot_be_is_said(console: Console, words: tuple[str, ...], why: str) -> None:
    assert why in console.runs("requests", *words, exits=1).stderr


def test_a_no_without_a_reason_a_second_answer_and_very_long_words_are_refused(console: Console) -> None:
    number = added(console, "--kind", "deletion")
    refused = console.runs("requests", "answer", number, "--result", "refused", exits=1)
    assert "사유를 적으셔야" in refused.stderr
    late = console.file("why.txt", "가상 까닭")
    later = console.runs("requests", "answer", number, "--result", "postponed", "--words", late, exits=1)
    assert "열람 요구만" in later.stderr
    long = console.file("long.txt", "가" * 901)
    assert (
        "901자"
        in console.runs("requests", "answer", number, "--result", "done", "--words", long, exits=1).stderr
    )
    console.runs("requests", "answer", number, "--result", "done")
    again = console.runs("requests", "answer", number, "--result", "done", exits=1)
    assert f"요구 {number}" in again.stderr
    assert "이미 끝났습니다" in again.stderr


@pytest.mark.parametrize("kind", RequestKind)
def test_only_access_can_be_put_off(console: Console, kind: RequestKind) -> None:
    number = added(console, "--kind", kind.value)
    why = console.file("why.txt", "가상 까닭")
    exits = 0 if kind is RequestKind.ACCESS else 1
    console.runs("requests", "answer", number, "--result", "postponed", "--words", why, exits=exits)
    assert ("한 번 연기" in console.runs("requests", "list").stdout) is (kind is RequestKind.ACCESS)


def test_that_nothing_is_held_and_access_without_a_word(console: Console) -> None:
    number = added(console, "--kind", "열람")
    refused = console.runs("requests", "answer", number, "--result", "done", exits=1)
    assert "해당 정보 없음" in refused.stderr
    why = console.file("why.txt", "가상 사유")
    later = console.runs("requests", "answer", number, "--result", "postponed", "--words", why).stdout
    assert "연기한 사실과 사유를" in later
    said = console.runs("requests", "answer", number, "--result", "none").stdout
    assert "해당 정보 없음으로 마쳤습니다." in said


def test_one_note_is_taken_out_unseen_and_the_request_waits_on(console: Console) -> None:
    console.runs("import", "tour", shipped("tour.csv"))
    console.runs(
        "import", "notes", console.file("in.csv", notes(f"x-1,전북,2026-01-22,,,company,company,4,{SECRET}"))
    )
    number = added(console, "--kind", "deletion")
    other = added(console, "--kind", "correction")
    where = ("x-1", "--region", "전북", "--date", "2026-01-22")
    assert "삭제나 처리정지" in console.runs("requests", "take-out", other, *where, exits=1).stderr
    assert "번이 없습니다" in console.runs("requests", "take-out", number, "x-9", *where[1:], exits=1).stderr
    said = console.runs("requests", "take-out", number, *where).output
    assert "의견 x-1" in said
    assert "canary" not in said
    assert number in console.runs("requests", "list").stdout
    assert "이미 거두어져" in console.runs("requests", "take-out", number, *where, exits=1).stderr
    out = console.folder / "notes.csv"
    console.runs("export", "notes", "--raw", "--out", str(out))
    assert "canary" not in out.read_text(encoding="utf-8-sig")


def test_wrong_use_is_wrong_use(console: Console) -> None:
    wrong = console.runs("requests", "add", "--kind", "everything", exits=2).stderr
    assert all(name in wrong for name in ("열람", "정정", "삭제", "처리정지"))
    console.runs("requests", "add", exits=2)
    console.runs("requests", "answer", exits=2)
    console.runs("requests", "take-out", "ZZZZZZZ", "x-1", "--region", "전북", "--date", "어제", exits=2)
