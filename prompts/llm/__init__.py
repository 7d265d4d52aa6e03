"""Prompts for a language model: a file a purpose and version, with a strict loader.

`<name>-<version>.md` holds sections under `## <section>`; what stands before the first is for whoever edits the file.
`$name` is a variable. A digest is stamped with name and version, so a file whose words change gets the next number.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template

FOLDER = Path(__file__).parent
_SECTION = re.compile(r"^## (?P<name>[a-z_]+)$", re.MULTILINE)


class PromptError(Exception):
    """A prompt file or a call does not fit: found at start or in tests."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt in one version. `version` is what a digest is stamped with (`digest-1`)."""

    version: str
    sections: Mapping[str, Template]

    def filled(self, section: str, values: Mapping[str, str] | None = None) -> str:
        """A section with its variables put in; values are never read for variables. Raises PromptError."""
        values = values or {}
        template = self.sections[section]
        if set(template.get_identifiers()) != values.keys():
            raise PromptError(f"{self.version}: {section} has other variables than {sorted(values)}")
        return template.substitute(values)


def load_prompt(version: str, wanted: Mapping[str, frozenset[str]], folder: Path = FOLDER) -> Prompt:
    """The prompt file of this name and version, which must have just these sections with just these variables.

    Raises PromptError.
    """
    file = folder / f"{version}.md"
    if not file.is_file():
        raise PromptError(f"no prompt {version}")
    pieces = _SECTION.split(file.read_text(encoding="utf-8"))
    names, bodies = pieces[1::2], [body.strip() for body in pieces[2::2]]
    if len(set(names)) != len(names) or set(names) != wanted.keys():
        raise PromptError(f"{version}: other sections: {sorted(set(names) ^ wanted.keys())}")
    sections = {name: Template(body) for name, body in zip(names, bodies, strict=True)}
    for name, template in sections.items():
        if not template.template or not template.is_valid():
            raise PromptError(f"{version}: {name} is empty or has a stray $")
        if set(template.get_identifiers()) != wanted[name]:
            raise PromptError(f"{version}: {name} has other variables than {sorted(wanted[name])}")
    return Prompt(version, sections)
