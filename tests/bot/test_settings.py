"""Settings: one reading, all problems together, and the example file that lists the same names."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from bot.settings import NOT_YET, Settings, SettingsProblem, read_settings

EXAMPLE = Path(__file__).parents[2] / ".env.example"
NAME = re.compile(r"^([A-Z_]+)=(.*)$", re.MULTILINE)


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_the_example_lists_exactly_the_settings() -> None:
    names = [name for name, _ in NAME.findall(EXAMPLE.read_text(encoding="utf-8"))]
    assert sorted(names) == sorted(field.upper() for field in Settings.model_fields)


def test_the_example_shows_the_defaults() -> None:
    assert read_settings(EXAMPLE).model_dump() == read_settings(None).model_dump()


def test_the_example_explains_every_name_and_marks_what_comes_later() -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    for before, line in pairwise(lines):
        if (match := NAME.match(line)) and match[1] not in ("PORT",):
            assert before.startswith("# "), line
            assert before.startswith("# [next]") == (match[1] in NOT_YET), line


def test_all_problems_are_reported_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "banana")
    monkeypatch.setenv("TIMEZONE", "Asia/Nowhere")
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "secret-looking")
    with pytest.raises(SettingsProblem) as problem:
        read_settings(None)
    text = str(problem.value)
    assert all(name in text for name in ("PORT", "TIMEZONE", "TELEGRAM_BOT_TOKEN"))
    assert "secret-looking" not in text


def test_a_reserved_name_that_is_set_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://example.invalid")
    assert read_settings(None).set_but_not_used == ["PUBLIC_URL"]


def test_a_plain_database_address_gets_its_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody@localhost/x")
    assert read_settings(None).database == "postgresql+psycopg://somebody@localhost/x"
