"""The locks agree with pyproject.toml and each other; every way in which they may not is seen."""

from dataclasses import replace
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.supply.lock import Locked, NotALock, read_lock
from tests.supply.locks import Installed, Project, installed_here, main, problems, read_project

ROOT = Path(__file__).parents[2]
HASH = frozenset({"sha256:" + "0" * 64})


def locked(name: str, version: str = "1.0", marker: str = "") -> Locked:
    return Locked(canonicalize_name(name), Version(version), marker, HASH)


def here(version: str = "1.0", *needs: str) -> Installed:
    return Installed(Version(version), tuple(map(Requirement, needs)))


PROJECT = Project((Requirement("web[fast]>=1"),), (Requirement("tester"),))
INSTALLED = {
    canonicalize_name(name): what
    for name, what in {
        "web": here("1.0", "core>=1", "speed; extra == 'fast'", "unused; extra == 'slow'"),
        "core": here(),
        "speed": here(),
        "tester": here("1.0", "core<2", "wincore; sys_platform == 'win32'"),
        "pip": here(),
    }.items()
}
RUN = (locked("web"), locked("core"), locked("speed"))
WHOLE = (*RUN, locked("tester"))


def test_ours_agree(capsys: pytest.CaptureFixture[str]) -> None:
    assert main() == 0, capsys.readouterr().out
    run, whole = read_lock(ROOT / "requirements-run.lock"), read_lock(ROOT / "requirements.lock")
    assert not {"pytest", "mypy", "aiogram", "playwright"} & {one.name for one in run}
    assert len(whole) > len(run) > 40
    assert list(problems(PROJECT, WHOLE, RUN, INSTALLED)) == []


@pytest.mark.parametrize(
    ("whole", "run", "said"),
    [
        (WHOLE[:-1], RUN, "requirements.lock: tester is missing (pyproject.toml asks for it)"),
        ((*WHOLE[:1], *WHOLE[2:]), RUN, "requirements.lock: core is missing (web asks for it)"),
        (WHOLE, RUN[:-1], "requirements-run.lock: speed is missing (web asks for it)"),
        (WHOLE, WHOLE, "requirements-run.lock: tester: nobody asks for it"),
        ((*WHOLE, locked("left")), RUN, "requirements.lock: left: nobody asks for it"),
        (
            (locked("web", "0.9"), *WHOLE[1:]),
            RUN,
            "requirements.lock: web 0.9 does not fit >=1 (pyproject.toml asks for it)",
        ),
        (
            (locked("web"), locked("core", "2.0"), *WHOLE[2:]),
            RUN,
            "requirements.lock: core 2.0 does not fit <2 (tester asks for it)",
        ),
        (
            (locked("web", "1.1"), *WHOLE[1:]),
            RUN,
            "requirements.lock: web 1.1 is locked, 1.0 installed (make setup)",
        ),
        (
            (locked("web", "1.1"), *WHOLE[1:]),
            RUN,
            "requirements-run.lock: web 1.0 is not so in requirements.lock",
        ),
        (
            (replace(WHOLE[0], hashes=frozenset({"sha256:" + "1" * 64})), *WHOLE[1:]),
            RUN,
            "requirements-run.lock: web 1.0 is not so in requirements.lock",
        ),
        ((replace(WHOLE[0], hashes=frozenset()), *WHOLE[1:]), RUN, "requirements.lock: web has no hash"),
        (
            (*WHOLE, locked("wincore", marker="sys_platform == 'win32'")),
            RUN,
            "pyproject.toml: [tool.hyeonjang.licences-elsewhere] does not tell the licence of wincore, which is not installed here",
        ),
    ],
)
def test_what_does_not_agree_is_said(whole: tuple[Locked, ...], run: tuple[Locked, ...], said: str) -> None:
    assert said in list(problems(PROJECT, whole, run, INSTALLED))


def test_what_is_installed_and_in_no_lock_is_said() -> None:
    more = {**INSTALLED, canonicalize_name("by-hand"): here()}
    assert list(problems(PROJECT, WHOLE, RUN, more)) == [
        "requirements.lock: by-hand is installed and not locked"
    ]


@pytest.mark.parametrize(
    "line", ["web>=1", "web", "web==1.*", "web @ https://example.invalid/web.whl", "-e ."]
)
def test_only_exact_versions_are_a_lock(tmp_path: Path, line: str) -> None:
    file = tmp_path / "some.lock"
    file.write_text(f"{line}\n")
    with pytest.raises(NotALock):
        read_lock(file)


def test_every_need_of_the_product_is_bounded() -> None:
    """A bound from above for what may break us; tzdata is data."""
    project = read_project(ROOT / "pyproject.toml")
    open_above = {one.name for one in project.run if not any(part.operator == "<" for part in one.specifier)}
    assert open_above == {"tzdata"}
    assert canonicalize_name("pip-licenses") in installed_here()
