"""The console of a fresh installation."""

from pathlib import Path

import pytest

from bot.settings import Settings
from tests.support.console import Console


@pytest.fixture
def console(tmp_path: Path, template: Path, monkeypatch: pytest.MonkeyPatch) -> Console:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("ANALYSIS", "off")  # a child process would take seconds; tests of it say so
    monkeypatch.chdir(tmp_path)
    console = Console(tmp_path)
    monkeypatch.setenv("DATA_DIR", str(console.data))
    console.data.mkdir()
    (console.data / "hyeonjang.db").write_bytes(template.read_bytes())
    return console
