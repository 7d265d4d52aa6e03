"""`python -m tests.supply.advisories`: is a vulnerability known in what the lock holds?

`uv audit` (the uv that the Makefile pins) asks OSV about every entry of requirements.lock, for whichever machine it is.
Names and versions leave, nothing else. ADVISORIES_URL names another service that speaks OSV's API (a mirror).

Exit 1: something is known, or uv did not understand its task. Exit 0: nothing is known; **or** the advisories could not
be had within `WITHIN` seconds, which is said and is no failure: a network that is down must not turn a check red. It is
no success either: whoever releases looks at the words, or sets ADVISORIES=required, which makes it exit 1.
Accepted ones stand in pyproject.toml, [tool.hyeonjang.accepted-advisories], each with its reason.
"""

import json
import os
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from tests.supply.lock import Locked, read_lock

ROOT = Path(__file__).parents[2]
OSV = "https://api.osv.dev/"
WITHIN = 20
_SOURCE = 'source = { registry = "." }'
"""uv's lock wants an index; an empty folder is one, and no package is looked up anywhere."""
_SAID = 1
"""uv's exit code when something is known; 0 nothing, 2 it could not tell."""


class Known(Enum):
    """What came of asking."""

    NOTHING = "nothing"
    SOMETHING = "something"
    NOT_HAD = "not had"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Answer:
    """`lines`: what to print about it."""

    known: Known
    lines: Sequence[str]


def as_uv_lock(entries: Iterable[Locked]) -> str:
    """The same versions as uv's own lock of an empty project: the only form that `uv audit` reads without an index."""
    places = [f'name = "{one.name}"\nversion = "{one.version}"\n{_SOURCE}' for one in entries]
    needs = ",\n".join("{ " + place.replace("\n", ", ") + " }" for place in places)
    head = 'version = 1\nrevision = 3\nrequires-python = ">=3.11"\n'
    project = f'[[package]]\nname = "locked"\nversion = "0"\nsource = {{ virtual = "." }}\ndependencies = [\n{needs}\n]\n'
    return "\n".join([head, project, *(f"[[package]]\n{place}\n" for place in places)])


def ask(
    entries: Sequence[Locked], accepted: Iterable[str], service: str, *, within: float = WITHIN
) -> Answer:
    """What `service` knows. Never raises for a network."""
    with tempfile.TemporaryDirectory() as folder:
        at = Path(folder)
        (at / "uv.lock").write_text(as_uv_lock(entries), encoding="utf-8")
        needs = ", ".join(f'"{one.name}"' for one in entries)
        (at / "pyproject.toml").write_text(
            f'[project]\nname = "locked"\nversion = "0"\nrequires-python = ">=3.11"\ndependencies = [{needs}]\n',
            encoding="utf-8",
        )
        ignore = [part for one in accepted for part in ("--ignore", one)]
        try:
            done = subprocess.run(
                [*_uv_audit(), "--service-url", service, *ignore],
                cwd=at,
                env={**os.environ, "UV_HTTP_RETRIES": "1", "UV_HTTP_TIMEOUT": "5"},
                capture_output=True,
                text=True,
                timeout=within,
            )
        except subprocess.TimeoutExpired:
            return Answer(Known.NOT_HAD, [f"no answer within {within:g} s"])
    return _answer(done, service)


def _answer(done: subprocess.CompletedProcess[str], service: str) -> Answer:
    """uv says 2 for a service that it cannot reach and for a lock that it cannot read alike: only its words tell."""
    if done.returncode in (0, _SAID):
        found = json.loads(done.stdout)["vulnerabilities"]
        lines = [_line(one) for one in found]
        return Answer(Known.SOMETHING if done.returncode or lines else Known.NOTHING, lines)
    lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    away = service.rstrip("/") in done.stderr or "requires network access" in done.stderr
    return Answer(Known.NOT_HAD if away else Known.BROKEN, lines)


def _line(one: Mapping[str, object]) -> str:
    where = one["dependency"]
    assert isinstance(where, dict)
    fixed = one.get("fix_versions") or ["no version yet"]
    assert isinstance(fixed, list)
    return f"{where['name']} {where['version']}: {one['id']}, mended in {', '.join(map(str, fixed))}: {one['summary']}"


def _uv_audit() -> tuple[str, ...]:
    """uv beside this Python, where `make setup` puts it. The command is a preview: the Makefile pins its version."""
    return (
        str(Path(sys.executable).with_name("uv")),
        *("audit", "--frozen", "--no-cache", "--no-config", "--output-format", "json"),
        *("--preview-features", "audit-command,json-output"),
    )


def accepted_advisories(file: Path) -> Mapping[str, str]:
    """Ids that somebody looked at, with the reason why they do not concern us."""
    tool = tomllib.loads(file.read_text(encoding="utf-8")).get("tool", {})
    accepted: Mapping[str, str] = tool.get("hyeonjang", {}).get("accepted-advisories", {})
    return accepted


def main(service: str | None = None, *, required: bool | None = None) -> int:
    service = service or os.environ.get("ADVISORIES_URL") or OSV
    required = os.environ.get("ADVISORIES") == "required" if required is None else required
    accepted = accepted_advisories(ROOT / "pyproject.toml")
    entries = read_lock(ROOT / "requirements.lock")
    answer = ask(entries, accepted, service)
    match answer.known:
        case Known.NOTHING:
            print(f"No known vulnerability in {len(entries)} locked packages ({len(accepted)} accepted).")
        case Known.SOMETHING:
            print("KNOWN VULNERABILITIES in requirements.lock:", *answer.lines, sep="\n  ")
        case Known.NOT_HAD:
            print(
                f"NOT CHECKED for known vulnerabilities: {service} could not be asked.",
                *answer.lines,
                sep="\n  ",
            )
        case Known.BROKEN:
            print("uv could not read what it was to check:", *answer.lines, sep="\n  ")
    return int(
        answer.known in (Known.SOMETHING, Known.BROKEN) or (required and answer.known is Known.NOT_HAD)
    )


if __name__ == "__main__":
    sys.exit(main())
