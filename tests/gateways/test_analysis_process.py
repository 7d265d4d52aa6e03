"""The child that reads Korean: killed, hung, talking nonsense, idle; and the real one with texts of every kind."""

import asyncio
import contextlib
import os
import resource
import signal
import subprocess
import sys
import time
import unicodedata
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.digest.ports import AnalysisFailed
from bot.gateways.analysis import frames, process
from bot.gateways.analysis.identity import reading_version
from bot.gateways.analysis.process import KoreanAnalyst, Patience
from tests.support import analysis_child as child

VERSION = reading_version()
FAST = Patience(start=5.0, request=0.3, idle=60.0, rest=60.0)


class Played:
    """An analyst whose child is the one of tests.support, and how often that was started."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "starts"
        self.analyst = KoreanAnalyst()

    def open(self, *how: str, patience: Patience = FAST) -> KoreanAnalyst:
        command = (sys.executable, "-I", "-S", str(Path(child.__file__)), str(self._file), VERSION, *how)
        self.analyst = KoreanAnalyst(patience, started_by=command)
        return self.analyst

    @property
    def pids(self) -> list[int]:
        return [int(line) for line in self._file.read_text().split()] if self._file.exists() else []


@pytest.fixture
async def played(tmp_path: Path) -> AsyncIterator[Played]:
    """Whatever a test does, no process is left."""
    played = Played(tmp_path)
    yield played
    await played.analyst.close()
    assert [pid for pid in played.pids if _lives(pid)] == []


def _lives(pid: int) -> bool:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


async def _words(analyst: KoreanAnalyst, *texts: str) -> list[str]:
    return [" ".join(one.words) for one in await analyst.read(texts)]


async def test_nothing_is_started_before_somebody_asks_and_one_child_answers_all(played: Played) -> None:
    analyst = played.open()
    assert await _words(analyst) == []
    assert played.pids == []
    texts = [f"가상 의견 {number}" for number in range(200)]
    answers = await asyncio.gather(*(_words(analyst, *texts) for _ in range(3)))
    assert answers == [texts] * 3
    assert len(played.pids) == 1


async def test_memory_is_bounded_by_what_is_asked_at_once(
    played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []
    exchange = process._exchange

    async def listened(to: asyncio.subprocess.Process, payload: bytes) -> bytes:
        asked.append(frames.texts_of(payload))
        return await exchange(to, payload)

    monkeypatch.setattr(process, "_exchange", listened)
    await played.open().read(["짧음"] * 65 + ["긴" * 3_999] * 7 + ["가" * 1_000_000])
    assert max(map(len, asked)) == process.AT_ONCE
    assert max(sum(map(len, batch)) for batch in asked) <= process.CHARACTERS_AT_ONCE
    assert asked[-1][-1] == "가" * process.LONGEST


@pytest.mark.parametrize("what", [child.DIES, child.HANGS, child.BABBLES, child.BOASTS, child.STALE])
async def test_a_text_that_kills_the_child_is_left_out_and_nothing_else_is(played: Played, what: str) -> None:
    answers = await played.open().read(["하나", "둘", what, "넷"])
    assert [one.words for one in answers] == [("하나",), ("둘",), (), ("넷",)]
    assert {one.version for one in answers} == {VERSION}
    assert len(played.pids) > 2


async def test_a_text_that_cannot_be_read_costs_no_child(played: Played) -> None:
    assert await _words(played.open(), "하나", child.REFUSED, "셋") == ["하나", "", "셋"]
    assert len(played.pids) == 1


async def test_a_child_that_was_killed_is_started_again(played: Played) -> None:
    analyst = played.open()
    await analyst.read(["하나"])
    os.kill(played.pids[0], signal.SIGKILL)
    assert await _words(analyst, "둘", "셋") == ["둘", "셋"]
    assert len(played.pids) == 2


@pytest.mark.parametrize("how", ["not at all", "never", "old"])
async def test_where_no_child_can_be_had_it_is_said_and_not_tried_each_time(played: Played, how: str) -> None:
    analyst = played.open(how, patience=Patience(start=0.5, request=0.3, rest=60.0))
    for _ in range(3):
        with pytest.raises(AnalysisFailed):
            await analyst.read(["하나"])
    assert len(played.pids) == 1


async def test_after_its_rest_it_is_tried_again(played: Played) -> None:
    analyst = played.open("not at all", patience=Patience(start=5.0, rest=0.0))
    for _ in range(2):
        with pytest.raises(AnalysisFailed):
            await analyst.read(["하나"])
    assert len(played.pids) == 2


async def test_a_program_that_is_not_there_is_no_crash() -> None:
    async with KoreanAnalyst(started_by=("/nowhere/가상",)) as analyst:
        with pytest.raises(AnalysisFailed):
            await analyst.read(["하나"])


async def test_whoever_is_cancelled_leaves_no_answer_to_the_next(played: Played) -> None:
    analyst = played.open(patience=Patience(start=5.0, request=60.0))
    await analyst.read(["하나"])
    asking = asyncio.create_task(analyst.read([child.HANGS]))
    while not analyst._turn.locked():
        await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert await _words(analyst, "둘") == ["둘"]
    assert len(played.pids) == 2


async def test_it_goes_when_nobody_asks_and_comes_back(played: Played) -> None:
    analyst = played.open(patience=Patience(start=5.0, request=5.0, idle=0.01))
    await analyst.read(["하나"])
    assert analyst._idle is not None
    async with asyncio.timeout(5):
        while analyst.pid is not None or _lives(played.pids[0]):
            await asyncio.sleep(0)
    assert await _words(analyst, "둘") == ["둘"]


async def test_closed_while_it_works_it_is_gone(played: Played) -> None:
    analyst = played.open(patience=Patience(start=5.0, request=60.0))
    await analyst.read(["하나"])
    asking = asyncio.create_task(analyst.read([child.HANGS]))
    while not analyst._turn.locked():
        await asyncio.sleep(0)
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    await analyst.close()
    assert not _lives(played.pids[0])


HORRORS = (
    "",
    " \t\n\r\x00\x07\x1b",
    "\ud800 짝 없는 글자 \udfff",
    "\ufeff\u200b\u2060\u202e뒤집힌 말\u202c\u00ad",
    unicodedata.normalize("NFD", "통근버스가 없습니다") + "\u0301" * 300,
    "👩\u200d👩\u200d👧🏽\U000e0041\U000e007f 🇰🇷",
    "ㅋㅋㅋㅋ ㅠㅠ ㄱㄴㄷ \u1100\u1161\u11a8",
    "＝ＨＹＰＥＲＬＩＮＫ（“１”） ﷽ \u2028\u2029 \uffff",
    "버스" * 20_000,
    "산업단지에 통근버스가 없어서 출근하기 어렵습니다.",
)


async def test_the_real_one_reads_every_text_humbly_and_alike() -> None:
    """One start of the real child, which takes three seconds: whatever can be said about it is said here."""
    async with KoreanAnalyst() as analyst:
        answers = await analyst.read(HORRORS)
        again = await analyst.read(HORRORS[-1:])
        pid = analyst.pid
        assert pid is not None
        status = dict(line.split(":\t", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
        environment = Path(f"/proc/{pid}/environ").read_bytes()
        limits = [resource.prlimit(pid, one) for one in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE)]
        yields = os.getpriority(os.PRIO_PROCESS, pid)
    assert len(answers) == len(HORRORS)
    assert {one.version for one in answers} == {VERSION}
    assert again == answers[-1:]
    assert {"통근", "버스", "출근"} <= set(answers[-1].words)
    assert answers[0].is_blank
    assert int(status["VmHWM"].split()[0]) < 700_000
    assert yields == min(19, os.getpriority(os.PRIO_PROCESS, 0) + 10)
    assert b"TOKEN" not in environment
    assert b"HOME" not in environment
    assert limits == [(0, 0), (0, 0)]
    assert not _lives(pid)


def test_the_real_one_dies_with_its_parent() -> None:
    """A parent that is killed says nothing to it: its input ends."""
    code = (
        "import subprocess, sys, threading\n"
        "from bot.gateways.analysis.process import command\n"
        "child = subprocess.Popen(command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={})\n"
        "print(child.pid, flush=True)\n"
        "threading.Event().wait()\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert _lives(pid)
        parent.kill()
    until = time.monotonic() + 10
    while _lives(pid) and time.monotonic() < until:
        time.sleep(0.01)
    assert not _lives(pid)
