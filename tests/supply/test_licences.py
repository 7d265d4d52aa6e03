"""The list of licences in pyproject.toml bites: an unknown one, a copyleft one and a dual one that is not listed fail."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def check(python_path: Path, package: str) -> subprocess.CompletedProcess[str]:
    """`pip-licenses` as `make check` runs it, seeing one more package."""
    seeing = f"import runpy, sys; sys.path.insert(0, {str(python_path)!r}); sys.argv = ['pip-licenses', '--packages', {package!r}]; runpy.run_module('piplicenses', run_name='__main__')"
    return subprocess.run(
        [sys.executable, "-c", seeing], cwd=ROOT, capture_output=True, text=True, timeout=30
    )


@pytest.mark.parametrize(
    ("metadata", "passes"),
    [
        ("License-Expression: MIT", True),
        ("License: BSD License\nClassifier: License :: OSI Approved :: BSD License", True),
        ("", False),
        ("License: see file", False),
        ("License-Expression: AGPL-3.0-only", False),
        ("License-Expression: GPL-3.0-or-later AND MIT", False),
        ("Classifier: License :: Other/Proprietary License", False),
    ],
)
def test_what_is_not_listed_fails(tmp_path: Path, metadata: str, *, passes: bool) -> None:
    folder = tmp_path / "invented_part-1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(
        f"Metadata-Version: 2.4\nName: invented-part\nVersion: 1.0\n{metadata}\n"
    )
    done = check(tmp_path, "invented-part")
    assert (done.returncode == 0) is passes, done.stdout + done.stderr
    assert "invented-part" in done.stdout + done.stderr
