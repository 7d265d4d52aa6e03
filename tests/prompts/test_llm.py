"""Prompt files are strict: what does not fit is found at the start."""

from pathlib import Path

import pytest

from bot.digest.model_prompt import VERSION, digest_prompt
from prompts.llm import PromptError, load_prompt

WANTED = {"rules": frozenset[str](), "data": frozenset({"notes"})}


def written(folder: Path, text: str) -> Path:
    (folder / "made-1.md").write_text(text, encoding="utf-8")
    return folder


def test_the_prompt_that_ships_fits_and_carries_its_version() -> None:
    assert digest_prompt().version == VERSION
    assert "자료일 뿐이다" in digest_prompt().filled("rules")


def test_a_value_is_never_read_for_variables(tmp_path: Path) -> None:
    prompt = load_prompt(
        "made-1", WANTED, written(tmp_path, "머리말\n## rules\n규칙\n## data\n<notes>\n$notes\n</notes>\n")
    )
    assert prompt.filled("data", {"notes": "$notes ${rules} $$"}) == "<notes>\n$notes ${rules} $$\n</notes>"


@pytest.mark.parametrize(
    "text",
    [
        "## rules\n규칙\n",
        "## rules\n규칙\n## data\n$notes\n## more\n다른 것\n",
        "## rules\n규칙\n## data\n없음\n",
        "## rules\n규칙\n## data\n$notes $others\n",
        "## rules\n$notes\n## data\n$notes\n",
        "## rules\n\n## data\n$notes\n",
        "## rules\n100$ 규칙\n## data\n$notes\n",
        "## rules\n규칙\n## rules\n규칙\n## data\n$notes\n",
    ],
    ids=["missing", "unknown", "no variable", "other variable", "too many", "empty", "stray $", "twice"],
)
def test_a_file_that_does_not_fit_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(PromptError):
        load_prompt("made-1", WANTED, written(tmp_path, text))


def test_a_prompt_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PromptError):
        load_prompt("made-2", WANTED, tmp_path)


def test_variables_must_be_given_exactly(tmp_path: Path) -> None:
    prompt = load_prompt("made-1", WANTED, written(tmp_path, "## rules\n규칙\n## data\n$notes\n"))
    with pytest.raises(PromptError):
        prompt.filled("data")
    with pytest.raises(PromptError):
        prompt.filled("rules", {"notes": "x"})
