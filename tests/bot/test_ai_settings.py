"""Settings of the language model: where words may go is decided at the start, in words."""

import pytest

from bot.outside import language_model
from bot.settings import Settings, SettingsProblem, read_settings

HERE = "http://127.0.0.1:8000/v1"
FAR = "https://llm.example.kr/v1"


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def read(monkeypatch: pytest.MonkeyPatch, **values: str) -> Settings:
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return read_settings(None)


@pytest.mark.parametrize(
    ("values", "abroad"),
    [
        ({"OPENAI_MODEL": "m", "OPENAI_BASE_URL": HERE}, False),
        (
            {"OPENAI_MODEL": "m", "OPENAI_BASE_URL": FAR, "AI_TRUSTED_HOSTS": "a.example, LLM.example.kr"},
            False,
        ),
        ({"OPENAI_MODEL": "m", "OPENAI_BASE_URL": FAR, "EXTERNAL_AI": "on"}, True),
        ({"OPENAI_MODEL": "m", "EXTERNAL_AI": "on"}, True),
    ],
)
def test_a_model_that_may_be_asked(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, str], *, abroad: bool
) -> None:
    model = language_model(read(monkeypatch, **values))
    assert model is not None
    assert (model.name, model.abroad) == ("m", abroad)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"OPENAI_BASE_URL": HERE}, "OPENAI_MODEL"),
        ({"OPENAI_API_KEY": "sk-invented"}, "OPENAI_MODEL"),
        ({"OPENAI_MODEL": "m"}, "api.openai.com"),
        ({"OPENAI_MODEL": "m", "OPENAI_BASE_URL": FAR}, "llm.example.kr"),
        ({"OPENAI_MODEL": "m", "OPENAI_BASE_URL": FAR, "AI_TRUSTED_HOSTS": "example.kr"}, "llm.example.kr"),
        ({"OPENAI_TRANSCRIBE_MODEL": "m", "OPENAI_BASE_URL": FAR}, "llm.example.kr"),
        ({"OPENAI_MODEL": "m", "OPENAI_BASE_URL": "http://127.0.0.1@evil.example/v1"}, "OPENAI_BASE_URL"),
        ({"OPENAI_MODEL": "m", "OPENAI_BASE_URL": HERE, "AI_TRUSTED_HOSTS": "https://a.example"}, "AI_TRUSTED_HOSTS"),
        ({"OPENAI_MODEL": "m", "OPENAI_BASE_URL": HERE, "AI_BUDGET": "-1"}, "AI_BUDGET"),
        ({"OPENAI_MODEL": "m", "OPENAI_BASE_URL": HERE, "AI_TIMEOUT": "0"}, "AI_TIMEOUT"),
        ({"EXTERNAL_AI": "maybe"}, "EXTERNAL_AI"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, str], told: str
) -> None:
    with pytest.raises(SettingsProblem) as problem:
        read(monkeypatch, **values)
    assert told in str(problem.value)
    assert "sk-invented" not in str(problem.value)


def test_without_a_model_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert language_model(read(monkeypatch)) is None
    assert language_model(read(monkeypatch, OPENAI_TRANSCRIBE_MODEL="m", OPENAI_BASE_URL=HERE)) is None
