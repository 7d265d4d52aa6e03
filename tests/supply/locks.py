"""`python -m tests.supply.locks`: the two lock files agree with pyproject.toml, with each other and with what is installed.

Without a network. What a package asks for is read from its installed metadata, so the answer holds for this kind of
machine; what is locked for others only is compared between the files, and its licence is told in pyproject.toml.
Exit 0 all agree, 1 a line for each that does not.
"""

import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import cast

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name
from packaging.version import Version

from tests.supply.lock import Locked, NotALock, read_lock

ROOT = Path(__file__).parents[2]
WHOLE, RUN = "requirements.lock", "requirements-run.lock"
MEND = "make lock compiles both anew"
_TOOLS = frozenset({"pip", "setuptools", "uv", "wheel", "hyeonjang"})
"""What makes the environment, and the product itself: installed, never locked."""


@dataclass(frozen=True, slots=True)
class Installed:
    """What metadata says of one package here."""

    version: Version
    needs: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class Project:
    """What pyproject.toml asks for. `elsewhere`: licences of what is locked for other kinds of machine only."""

    run: tuple[Requirement, ...]
    dev: tuple[Requirement, ...]
    elsewhere: Mapping[NormalizedName, str] = field(default_factory=dict)


def read_project(file: Path) -> Project:
    whole = tomllib.loads(file.read_text(encoding="utf-8"))
    project = whole["project"]
    elsewhere = whole.get("tool", {}).get("hyeonjang", {}).get("licences-elsewhere", {})
    return Project(
        tuple(map(Requirement, project["dependencies"])),
        tuple(map(Requirement, project["optional-dependencies"]["dev"])),
        {canonicalize_name(name): str(licence) for name, licence in elsewhere.items()},
    )


def installed_here() -> dict[NormalizedName, Installed]:
    return {
        canonicalize_name(one.metadata["Name"]): Installed(Version(one.version), _needs(one))
        for one in distributions()
    }


def _needs(one: Distribution) -> tuple[Requirement, ...]:
    return tuple(map(Requirement, one.requires or ()))


def problems(
    project: Project,
    whole: tuple[Locked, ...],
    run: tuple[Locked, ...],
    installed: Mapping[NormalizedName, Installed],
) -> Iterator[str]:
    """A line for everything that does not agree; none when all is well."""
    environment = cast(Mapping[str, str], default_environment())
    for lock, entries in ((WHOLE, whole), (RUN, run)):
        yield from (f"{lock}: {one.name} has no hash" for one in entries if not one.hashes)
    here = {one.name: one for one in whole if one.is_for(environment)}
    yield from _against_installed(here, installed)
    yield from _parts(WHOLE, here, (*project.run, *project.dev), installed)
    run_here = {one.name: one for one in run if one.is_for(environment)}
    yield from _parts(RUN, run_here, project.run, installed)
    known = set(whole)
    yield from (f"{RUN}: {one.name} {one.version} is not so in {WHOLE}" for one in run if one not in known)
    for name in sorted({one.name for one in whole} - here.keys() - project.elsewhere.keys()):
        yield f"pyproject.toml: [tool.hyeonjang.licences-elsewhere] does not tell the licence of {name}, which is not installed here"


def _against_installed(
    here: Mapping[NormalizedName, Locked], installed: Mapping[NormalizedName, Installed]
) -> Iterator[str]:
    for name in sorted(installed.keys() - here.keys() - _TOOLS):
        yield f"{WHOLE}: {name} is installed and not locked"
    for name, one in here.items():
        found = installed.get(name)
        if found is None:
            yield f"{WHOLE}: {name} is locked and not installed (make setup)"
        elif found.version != one.version:
            yield f"{WHOLE}: {name} {one.version} is locked, {found.version} installed (make setup)"


def _parts(
    lock: str,
    here: Mapping[NormalizedName, Locked],
    asked: tuple[Requirement, ...],
    installed: Mapping[NormalizedName, Installed],
) -> Iterator[str]:
    """What is asked for, directly or by a part, stands in the lock in a fitting version, and nothing else does."""
    reached: set[tuple[NormalizedName, str]] = set()
    waiting = [("pyproject.toml", one, frozenset({""})) for one in asked]
    while waiting:
        whose, need, extras = waiting.pop()
        if need.marker is not None and not any(need.marker.evaluate({"extra": one}) for one in extras):
            continue
        name = canonicalize_name(need.name)
        one = here.get(name)
        if one is None:
            yield f"{lock}: {name} is missing ({whose} asks for it)"
        elif not need.specifier.contains(one.version, prereleases=True):
            yield f"{lock}: {name} {one.version} does not fit {need.specifier} ({whose} asks for it)"
        for extra in {"", *need.extras} - {known for at, known in reached if at == name}:
            reached.add((name, extra))
            parts = installed[name].needs if name in installed else ()
            waiting += [(name, part, frozenset({extra})) for part in parts]
    yield from (
        f"{lock}: {name}: nobody asks for it" for name in here.keys() - {at for at, _extra in reached}
    )


def main() -> int:
    try:
        found = sorted(
            set(
                problems(
                    read_project(ROOT / "pyproject.toml"),
                    read_lock(ROOT / WHOLE),
                    read_lock(ROOT / RUN),
                    installed_here(),
                )
            )
        )
    except NotALock as wrong:
        found = [str(wrong)]
    print("\n".join([*found, MEND]) if found else f"{WHOLE} and {RUN} agree with pyproject.toml.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
