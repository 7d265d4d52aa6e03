"""Nothing that looks like a secret is in the tree, in whatever file."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LEFT_OUT = (
    {".git", ".venv", "node_modules", "__pycache__", "data", "build"}
    | {f".{name}_cache" for name in ("mypy", "pytest", "ruff", "import_linter")}
    | {".hypothesis"}
)
"""What .gitignore leaves out of a clone; `data` at the root only."""
SHAPES = {
    "a Telegram token": r"(?<!\d)\d{8,10}:[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])",
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    "an OpenAI key": r"(?<![A-Za-z0-9])sk-(?:proj-)?[A-Za-z0-9_]{20,}",
    "an AWS key": r"(?<![A-Z0-9])AKIA[0-9A-Z]{16}(?![A-Z0-9])",
    "a GitHub token": r"(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{22,})",
    "a Slack token": r"xox[abeoprs]-[A-Za-z0-9-]{10,}",
    "a Google key": r"AIza[0-9A-Za-z_-]{35}",
    "a package index's token": r"(?:pypi|npm)[-_][A-Za-z0-9_-]{36,}(?![a-z])",
    "an invitation": r"\?start=i_[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])",
}


def files() -> Iterator[Path]:
    for folder, below, names in os.walk(ROOT):
        at_root = Path(folder) == ROOT
        below[:] = [name for name in below if name not in LEFT_OUT or (name == "data" and not at_root)]
        yield from (Path(folder, name) for name in names if not (at_root and name == ".env"))


def found_in(text: str) -> list[str]:
    return [what for what, shape in SHAPES.items() if re.search(shape, text)]


def test_no_file_holds_one() -> None:
    seen = list(files())
    held = {
        f"{file.relative_to(ROOT)}: {what}"
        for file in seen
        if file.is_file()
        for what in found_in(file.read_bytes().decode("utf-8", "ignore"))
    }
    assert held == set()
    assert {"README.md", "settings.py", "Makefile", ".env.example", "tour.csv"} <= {
        file.name for file in seen
    }


@pytest.mark.parametrize(
    "text",
    [
        "1234567890:" + "A" * 35,
        "-----BEGIN " + "RSA PRIVATE KEY-----",
        "sk-" + "a1" * 12,
        "AKIA" + "A1" * 8,
        "ghp_" + "a" * 36,
        "xoxb-" + "1" * 12,
        "AIza" + "x" * 35,
        "pypi-" + "Ag" * 20,
        "https://t.me/some_bot?start=i_" + "a" * 43,
    ],
)
def test_each_shape_is_seen(text: str) -> None:
    assert len(found_in(f"x {text} y")) == 1


def test_the_settings_file_is_kept_out_and_its_example_holds_no_value() -> None:
    assert ".env" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    secrets = re.findall(
        r"^(TELEGRAM_BOT_TOKEN|WEBHOOK_SECRET|DATABASE_URL|OPENAI_API_KEY|SMTP_URL)=(.*)$", example, re.M
    )
    assert len(secrets) == 5
    assert {value for _name, value in secrets} == {""}
