"""The console with a language model: the sample day written by it, and every reason why not, with the settings as given."""

import json
from collections.abc import Iterator
from importlib import resources
from typing import Any

import pytest

from bot.rehearsal import sample
from tests.support.console import Console
from tests.support.contract import check_digest
from tests.support.model_endpoint import Served, endpoint_beside, refusal
from tests.support.model_sorters import obeying_names
from tests.support.model_writers import obedient

ASKED = ("digest", "--region", "전북", "--date", "2026-01-22")
NAME = "notes-jeonbuk-2026-01-22.csv"


@pytest.fixture
def served(console: Console, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """The endpoint in the settings, the sample's tour and notes in the database."""
    for kind, name in (("tour", "tour.csv"), ("notes", NAME)):
        console.runs("import", kind, str(resources.files(sample) / name))
    with endpoint_beside() as served:
        monkeypatch.setenv("OPENAI_BASE_URL", served.url)
        monkeypatch.setenv("OPENAI_MODEL", "가상모형-1")
        yield served


def digest(console: Console, *more: str) -> Any:
    body = json.loads(console.runs(*ASKED, *more).stdout)
    check_digest(body)
    return body


def test_the_days_digest_is_written_by_the_model_once(console: Console, served: Served) -> None:
    body = digest(console)
    engine = body["engine"]
    themes = len(body["themes"])
    assert (engine["kind"], engine["model"], engine["prompt_version"]) == (
        "language_model",
        "가상모형-1",
        "digest-1",
    )
    assert (engine["fallback_reason"], engine["tokens"]) == (None, 321 * len(served.requests))
    assert body["ledger"]["received"] == 130
    assert body["checks"] == {
        "findings": body["checks"]["passed"],
        "passed": body["checks"]["passed"],
        "dropped": 0,
    }
    assert digest(console, "--publish") == body
    assert len(served.writing) == themes, "the second command made nothing anew"
    text = console.runs(*ASKED, "--format", "text").stdout
    assert f"AI로 작성됨(가상모형-1, 지침 digest-1, 토큰 {engine['tokens']})" in text
    html = console.runs(*ASKED, "--format", "html").stdout
    assert "따옴표가 없는 문장은 AI(가상모형-1)로 작성됨" in html


def test_the_model_gets_no_name_no_number_of_a_note_and_no_personal_data(
    console: Console, served: Served
) -> None:
    body = digest(console)
    sent = json.dumps(served.requests, ensure_ascii=False)
    numbers = [number for theme in body["themes"] for number in theme["note_ids"]]
    assert len(numbers) > 50
    assert not [number for number in numbers if number in sent]
    assert "010-" not in sent
    assert "tools" not in sent


def test_a_model_that_obeys_notes_gets_nothing_into_the_digest(console: Console, served: Served) -> None:
    served.otherwise = obedient("카나리아7731")
    served.sorts = obeying_names(["카나리아7731"])
    body = digest(console)
    assert body["engine"]["fallback_reason"] == "too_many_dropped"
    assert "카나리아7731" not in json.dumps(body, ensure_ascii=False)


@pytest.mark.parametrize(
    ("setting", "value", "reason"),
    [("AI_BUDGET", "100", "budget"), ("OPENAI_BASE_URL", "http://127.0.0.1:9/v1", "unreachable")],
)
def test_why_it_was_not_written_is_said(
    console: Console, served: Served, monkeypatch: pytest.MonkeyPatch, setting: str, value: str, reason: str
) -> None:
    async def at_once(*_: object) -> None:
        return None

    monkeypatch.setattr("bot.gateways.clock.SystemClock.sleep", at_once)
    monkeypatch.setenv(setting, value)
    body = digest(console)
    assert (body["engine"]["kind"], body["engine"]["fallback_reason"]) == ("extractive", reason)
    assert body["themes"][0]["findings"]
    assert served.requests == []


def test_a_refusal_costs_nothing_but_the_models_words(console: Console, served: Served) -> None:
    served.script.extend([refusal(401)] * 9)
    body = digest(console)
    assert body["engine"]["fallback_reason"] == "refused"
    assert body["engine"]["tokens"] == 0


def test_words_do_not_go_to_a_host_that_was_not_named(
    console: Console, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "https://llm.example.invalid/v1")
    said = console.runs(*ASKED, exits=1)
    assert "EXTERNAL_AI=off" in said.stderr
    assert "llm.example.invalid" in said.stderr
    assert served.requests == []
