"""`evaluate` at the console: figures as a table and as JSON, demands, the real gateway; the database is left alone."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from bot.digest.grouping.library import shipped_topics
from tests.support.console import Console
from tests.support.labelled import DATA, labelled
from tests.support.model_endpoint import endpoint_beside
from tests.support.model_sorters import obeying_names, sorter
from tests.support.model_writers import obedient
from tests.support.sorting import case, labels_of

EDGE, JEONBUK = str(DATA / "edge_cases.csv"), str(DATA / "jeonbuk_2026-01-22.csv")


def scored(console: Console, *words: str, exits: int = 0) -> Any:
    return json.loads(console.runs("evaluate", *words, "--json", "-", exits=exits).stdout)


def figure(told: Any, name: str, place: int = 0) -> float:
    value: float = told["days"][place]["figures"][name]["value"]
    return value


def test_the_table_has_a_column_a_day_and_a_total(console: Console) -> None:
    out = console.runs("evaluate", EDGE, JEONBUK, "--buttons", "0.7").stdout
    head, notes = out.splitlines()[:2]
    assert head.split() == ["서남권", "2026-02-13", "전북", "2026-01-22", "합계"]
    assert notes.split() == ["의견", "notes", "50", "130", "180"]
    assert "드러난 소수의견 minority" in out
    assert out.splitlines()[-1] == "모든 기준을 지켰습니다."


def test_json_says_the_same_and_can_be_saved(console: Console) -> None:
    told = scored(console, EDGE, "--buttons", "1")
    assert (told["engine"], told["passed"], told["buttons"]) == ("extractive", True, 1.0)
    assert told["days"][0]["file"] == "edge_cases.csv"
    assert figure(told, "purity") == 1.0
    assert figure(told, "recall") == 1.0
    assert told["demands"]["quotes"] == 1.0
    file = console.folder / "scores.json"
    console.runs("evaluate", EDGE, "--buttons", "1", "--json", str(file))
    assert json.loads(file.read_text()) == told


def test_a_demand_that_is_not_met_ends_with_1_and_says_which(console: Console) -> None:
    out = console.runs("evaluate", EDGE, "--require", "placed=.6", exits=1).stdout
    assert "✗ 서남권 2026-02-13: 주제를 찾은 의견 0.00 (0/35), 기준 0.6 이상" in out
    assert out.splitlines()[-1] == "지키지 못한 기준이 있습니다."
    assert scored(console, EDGE, "--require", "placed=.6", exits=1)["days"][0]["missed"] == ["placed"]
    console.runs("evaluate", EDGE, "--buttons", "1", "--require", "placed=.6,themes=15,minority=1")


def test_what_makes_no_sense_is_wrong_use_and_what_cannot_be_read_is_said(console: Console) -> None:
    for wrong in (("--require", "beauty=1"), ("--buttons", "2"), ("--engine", "oracle")):
        console.runs("evaluate", EDGE, *wrong, exits=2)
    assert "파일을 읽지 못했습니다" in console.runs("evaluate", "nowhere.csv", exits=1).stderr
    tour = console.file("x.csv", "key,title\n1,2\n")
    assert "의견을 찾지 못했습니다: x.csv" in console.runs("evaluate", tour, exits=1).stderr
    assert "OPENAI_MODEL" in console.runs("evaluate", EDGE, "--engine", "model", exits=1).stderr


def test_a_file_without_labels_is_scored_as_far_as_it_goes(console: Console) -> None:
    lines = "".join(
        f"가-{n},전북,2026-01-22,{n}호 통근버스가 늦습니다.,주거·교통·문화\n" for n in range(1, 6)
    )
    own = console.file("own.csv", "note_id,region,date,text,topic\n" + lines + "가-9,전북,2026-01-99,버스,\n")
    out = console.runs("evaluate", own).stdout
    assert "own.csv" in out.splitlines()[0]
    assert "purity" not in out
    told = scored(console, own)
    assert figure(told, "placed") == 1.0
    assert figure(told, "unbalanced") == 0


def test_topics_and_annotations_may_be_ones_own(console: Console) -> None:
    topics = console.file("topics.toml", '[[topic]]\nkey = "bus"\ntitle = "버스"\n')
    tags = console.file("tags.csv", "note_id,file,tag\n가-1,,minority\n")
    own = console.file(
        "own.csv", "note_id,region,date,text,topic\n가-1,전북,2026-01-22,버스가 늦습니다.,bus\n"
    )
    assert figure(scored(console, own, "--topics", topics, "--annotations", tags), "minority") == 1.0
    console.runs("evaluate", own, exits=1)
    assert "topics" in console.runs("evaluate", own, "--topics", tags, exits=1).stderr


@pytest.mark.parametrize("obeys", [False, True])
def test_the_model_is_asked_through_the_gateway_and_the_database_is_left_alone(
    console: Console, monkeypatch: pytest.MonkeyPatch, obeys: bool
) -> None:
    before = _state(console.data)
    with endpoint_beside() as served:
        monkeypatch.setenv("OPENAI_BASE_URL", served.url)
        monkeypatch.setenv("OPENAI_MODEL", "가상모형-1")
        if obeys:
            served.otherwise = obedient("카나리아7731")
            served.sorts = obeying_names(["카나리아7731"])
        told = scored(console, JEONBUK, "--engine", "model", "--buttons", "0.7")
    engine = told["days"][0]["engine"]
    assert served.requests
    assert engine["fallback_reason"] == ("too_many_dropped" if obeys else None)
    assert engine["kind"] == ("extractive" if obeys else "language_model")
    assert _state(console.data) == before


def test_a_models_themes_are_scored(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody tapped, nothing is proposed offline: what is placed, a model that understands the notes placed."""
    [one] = labelled(Path(JEONBUK).name, topics=shipped_topics())
    with endpoint_beside() as served:
        served.sorts = sorter(labels_of(one, case(one.day)).get)
        monkeypatch.setenv("OPENAI_BASE_URL", served.url)
        monkeypatch.setenv("OPENAI_MODEL", "가상모형-1")
        monkeypatch.setenv("ANALYSIS", "off")
        told = scored(console, JEONBUK, "--engine", "model", "--require", "purity=.95,placed=.7,themes=15")
    day = told["days"][0]
    assert day["engine"]["prompt_version"] == "digest-1+sort-1"
    assert day["placed_by"]["model"] > 80
    assert (day["placed_by"]["participant"], day["placed_by"]["proposal"]) == (0, 0)


def test_the_budget_holds_for_the_run(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AI_BUDGET", "100")
    with endpoint_beside() as served:
        monkeypatch.setenv("OPENAI_BASE_URL", served.url)
        monkeypatch.setenv("OPENAI_MODEL", "가상모형-1")
        out = console.runs("evaluate", JEONBUK, "--engine", "model", "--buttons", "1").stdout
    assert not served.requests
    assert "※ 전북 2026-01-22: 발췌로 대신하였습니다(budget)." in out


def test_no_words_of_notes_are_printed_or_logged(console: Console) -> None:
    result = console.runs("evaluate", EDGE, JEONBUK, "--require", "minority=2,good_lost=-1", exits=1)
    for words in ("010-", "example.kr", "통근버스", "야적장"):
        assert words not in result.output


def _state(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }
