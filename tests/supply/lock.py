"""A lock file as values: what stands in it, without asking any index."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.markers import Marker
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import NormalizedName, canonicalize_name
from packaging.version import Version

_HASH = re.compile(r"--hash=(sha256:[0-9a-f]{64})(?=\s|$)")


class NotALock(Exception):
    """A line that is no exact requirement; the text says which."""


@dataclass(frozen=True, slots=True)
class Locked:
    """One version of one package, where its marker holds, and the files that may be installed for it."""

    name: NormalizedName
    version: Version
    marker: str
    hashes: frozenset[str]

    def is_for(self, environment: Mapping[str, str]) -> bool:
        """Whether a machine of this kind installs it."""
        return not self.marker or Marker(self.marker).evaluate(dict(environment))


def read_lock(file: Path) -> tuple[Locked, ...]:
    """Every entry, in the file's order. Raises NotALock."""
    joined = file.read_text(encoding="utf-8").replace("\\\n", " ")
    lines = (line.strip() for line in joined.splitlines())
    return tuple(_entry(line) for line in lines if line and not line.startswith("#"))


def _entry(line: str) -> Locked:
    said = line.split(" --hash=", 1)[0].strip()
    try:
        requirement = Requirement(said)
    except InvalidRequirement:
        raise NotALock(f"not a requirement: {said}") from None
    exact = list(requirement.specifier)
    if len(exact) != 1 or exact[0].operator != "==" or "*" in exact[0].version or requirement.url:
        raise NotALock(f"not one exact version: {said}")
    return Locked(
        canonicalize_name(requirement.name),
        Version(exact[0].version),
        "" if requirement.marker is None else str(requirement.marker),
        frozenset(_HASH.findall(line)),
    )
