"""The model's client judged by llmock, an independent endpoint that breaks on demand and says how a client behaved.

Its own process on a free port, one for the module: it starts in a second or two.
"""

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request as HttpRequest
from urllib.request import urlopen

import pytest

from bot.digest.grouping.proposals import Proposals, Proposed
from bot.digest.model_form import ThemeText
from bot.digest.ports import Answer, ModelFailed, Request, Trouble
from bot.domain.endpoint import endpoint
from bot.gateways.clock import SystemClock
from bot.gateways.language_model import OpenAiModel, Patience, Policy
from bot.services.ai_memory import Remembering
from bot.services.ai_patience import Patient
from bot.services.ai_sorting import Sorted, sort_day
from tests.support.days import day_of, note
from tests.support.sorting import case

LLMOCK = Path(sys.executable).parent / "llmock"
REQUEST = Request("규칙", "자료", 1500)
GOOD = json.dumps({"findings": []})


class Mock:
    """The running llmock: what comes next is told it, what came it tells."""

    def __init__(self, url: str) -> None:
        self.url = url

    def _call(self, method: str, path: str, body: object = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        with urlopen(HttpRequest(f"{self.url}/_llmock/{path}", data, method=method), timeout=10) as answer:
            return json.loads(answer.read())

    def reset(self) -> None:
        self._call("POST", "reset", {})

    def script(self, *behaviors: dict[str, Any]) -> None:
        self._call("POST", "scenario", {"behaviors": list(behaviors)})

    def verdict(self) -> dict[str, Any]:
        told: dict[str, Any] = self._call("GET", "verdict")
        return told

    def requests(self) -> int:
        return int(self._call("GET", "requests")["count"])


@pytest.fixture(scope="module")
def running() -> Iterator[Mock]:
    command = [str(LLMOCK), "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            assert process.stdout is not None
            for line in process.stdout:
                if match := re.search(r"running on (http://127\.0\.0\.1:[1-9]\d+)", line):
                    break
            else:
                raise AssertionError("llmock did not start")
            yield Mock(match[1])
        finally:
            process.terminate()


@pytest.fixture
def mock(running: Mock) -> Mock:
    running.reset()
    return running


async def ask(mock: Mock, *, seconds: float = 30, answer: float = 20) -> Answer[ThemeText]:
    patience = Patience(connect=5, answer=answer)
    model = OpenAiModel(endpoint(f"{mock.url}/v1"), "gpt-4o", "an-invented-key", Policy(), patience=patience)
    until = asyncio.get_running_loop().time() + seconds
    return await Patient(model, SystemClock().sleep, until).complete(REQUEST, ThemeText)


async def failure(mock: Mock, **how: float) -> Trouble:
    with pytest.raises(ModelFailed) as failed:
        await ask(mock, **how)
    return failed.value.trouble


async def test_it_answers_in_the_schema_that_it_was_given(mock: Mock) -> None:
    answer = await ask(mock)
    assert isinstance(answer.value, ThemeText)
    assert answer.tokens > 0
    assert not answer.estimated


async def test_a_limit_is_waited_out_and_the_client_is_found_to_behave(mock: Mock) -> None:
    mock.script(
        {"type": "fail", "status": 429, "retry_after": 0.3},
        {"type": "fail", "status": 503},
        {"type": "reply", "text": GOOD},
    )
    assert (await ask(mock)).value == ThemeText(findings=[])
    assert mock.requests() == 3
    verdict = mock.verdict()
    assert [one for one in verdict["findings"] if one["severity"] == "error"] == [], verdict


@pytest.mark.parametrize(
    ("status", "trouble", "times"),
    [
        (401, Trouble.REFUSED, 1),
        (404, Trouble.REFUSED, 1),
        (400, Trouble.REFUSED, 2),
        (500, Trouble.UNREACHABLE, 4),
    ],
)
async def test_what_no_retry_can_mend_is_not_retried(
    mock: Mock, monkeypatch: pytest.MonkeyPatch, status: int, trouble: Trouble, times: int
) -> None:
    async def at_once(_: SystemClock, seconds: float) -> None:
        assert seconds >= 0

    monkeypatch.setattr(SystemClock, "sleep", at_once)
    mock.script({"type": "fail", "status": status, "times": None})
    assert await failure(mock) is trouble
    assert mock.requests() == times


async def test_a_limit_beyond_the_time_is_not_waited_for(mock: Mock) -> None:
    mock.script({"type": "fail", "status": 429, "retry_after": 3600, "times": None})
    assert await failure(mock) is Trouble.RATE_LIMITED
    assert mock.requests() == 1


async def test_it_is_slow(mock: Mock) -> None:
    mock.script({"type": "delay", "seconds": 3})
    assert await failure(mock, answer=0.2) is Trouble.TIMEOUT


@pytest.mark.parametrize("text", ["안녕하세요", GOOD[:-2], "", "null"])
async def test_what_it_says_in_another_form_is_malformed(mock: Mock, text: str) -> None:
    mock.script({"type": "reply", "text": text, "times": None})
    assert await failure(mock) is Trouble.MALFORMED
    assert mock.requests() == 2


async def test_a_cut_answer_is_no_answer(mock: Mock) -> None:
    mock.script({"type": "reply", "text": GOOD, "finish_reason": "length", "times": None})
    assert await failure(mock) is Trouble.MALFORMED


def patient(mock: Mock, *, seconds: float = 30, answer: float = 20) -> Remembering:
    patience = Patience(connect=5, answer=answer)
    model = OpenAiModel(endpoint(f"{mock.url}/v1"), "gpt-4o", "an-invented-key", Policy(), patience=patience)
    until = asyncio.get_running_loop().time() + seconds
    return Remembering("gpt-4o", Patient(model, SystemClock().sleep, until), {}, abroad=False)


async def sorting(mock: Mock, *, answer: float = 20) -> Sorted:
    """Twenty notes that nobody filed, before this endpoint; `OFFLINE` is what there is without it."""
    notes = (note(f"전북-{n}", f"{n}호 통근버스가 한 시간에 한 대뿐입니다.", topic=None) for n in range(20))
    asked = case(day_of(*notes), OFFLINE)
    return await sort_day(patient(mock, answer=answer), asked, OFFLINE, asyncio.Semaphore(4))


OFFLINE = Proposals((Proposed("통근버스", None, ("전북-1", "전북-2", "전북-3")),))


async def test_notes_and_topics_that_it_makes_up_leave_the_offline_proposal(mock: Mock) -> None:
    """llmock answers in the schema, and knows nothing of the notes."""
    mock.script({"type": "fail", "status": 429, "retry_after": 0.1}, {"type": "fail", "status": 503})
    told = await sorting(mock)
    assert (told.proposals, told.trouble) == (OFFLINE, Trouble.TOO_MANY_DROPPED)
    verdict = mock.verdict()
    assert [one for one in verdict["findings"] if one["severity"] == "error"] == [], verdict


@pytest.mark.parametrize("text", ["안녕하세요", '{"notes": [{"note": "n1", "to', "", '{"notes": {}}'])
async def test_a_sorting_in_another_form_leaves_it_too_and_says_why(mock: Mock, text: str) -> None:
    mock.script({"type": "reply", "text": text, "times": None})
    told = await sorting(mock)
    assert (told.proposals, told.trouble) == (OFFLINE, Trouble.MALFORMED)


async def test_a_good_sorting_comes_through(mock: Mock) -> None:
    placed = [{"note": f"n{n}", "topic": "t1" if n % 2 else "t2", "name": ""} for n in range(1, 21)]
    mock.script({"type": "reply", "text": json.dumps({"notes": placed}), "times": None})
    told = await sorting(mock)
    assert told.trouble is None
    assert mock.requests() == 2, "twice: most of them are known to the model alone"


@pytest.mark.parametrize(
    ("behavior", "trouble"),
    [
        ({"type": "fail", "status": 401, "times": None}, Trouble.REFUSED),
        ({"type": "fail", "status": 429, "retry_after": 3600, "times": None}, Trouble.RATE_LIMITED),
        ({"type": "delay", "seconds": 3}, Trouble.TIMEOUT),
    ],
)
async def test_what_concerns_every_batch_is_the_callers_to_deal_with(
    mock: Mock, behavior: dict[str, Any], trouble: Trouble
) -> None:
    mock.script(behavior)
    with pytest.raises(ModelFailed) as failed:
        await sorting(mock, answer=0.5)
    assert failed.value.trouble is trouble
