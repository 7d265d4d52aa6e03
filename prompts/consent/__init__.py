"""Notices for consent: a file a purpose and version in every language, kept for ever, with a strict loader.

What somebody agreed to must be found again word for word, so a published file is never changed: a new wording is a
new version. `<language>/<purpose>-<version>.toml` holds `since` (the day from which it is shown), `title` and `text`
(Telegram HTML). Which articles a text answers to is said in docs/privacy.
"""

import html
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from string import Formatter

from bot.domain.feedback import Purpose
from bot.domain.languages import KOREAN, spoken

FOLDER = Path(__file__).parent
FIRST_LANGUAGE = KOREAN
VARIABLES = frozenset({"days", "minutes"})
"""What a text may leave open: the retention of notes in days, the life of what ties them to a chat in minutes."""

_NAME = re.compile(r"(?P<purpose>[a-z_]+)-(?P<version>[1-9][0-9]*)\.toml")
_FIELDS = {"since": date, "title": str, "text": str}


class NoticeError(Exception):
    """The notices on file do not fit together: found at start, never shown to people."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One version of the text that is put before people for one purpose. `text` has its variables still open."""

    purpose: Purpose
    version: str
    since: date
    title: str
    text: str

    def filled(self, values: Mapping[str, int]) -> str:
        """The text as people read it (Telegram HTML). Raises NoticeError when a variable is missing."""
        missing = _variables(self.text) - values.keys()
        if missing:
            raise NoticeError(f"{self.purpose}-{self.version}: {sorted(missing)} missing")
        return self.text.format(**{name: html.escape(str(value)) for name, value in values.items()})


class Notices:
    """All notices. Built once by the composition root; raises NoticeError when a purpose has no text, or a language lacks one."""

    def __init__(self, folder: Path = FOLDER) -> None:
        languages = [sub for sub in sorted(folder.iterdir()) if sub.is_dir() and any(sub.glob("*.toml"))]
        self._notices = {sub.name: _load(sub) for sub in languages}
        first = self._notices.get(FIRST_LANGUAGE, {})
        lacking = set(Purpose) - {purpose for purpose, _ in first}
        if lacking:
            raise NoticeError(f"{FIRST_LANGUAGE}: no notice for {sorted(lacking)}")
        for language, notices in self._notices.items():
            if notices.keys() != first.keys():
                raise NoticeError(f"{language}: other notices: {sorted(notices.keys() ^ first.keys())}")

    def current(self, purpose: Purpose, day: date, language: str = FIRST_LANGUAGE) -> Notice:
        """The version in force on `day`: the newest whose `since` has come, else the first."""
        versions = sorted(version for of, version in self._notices[FIRST_LANGUAGE] if of is purpose)
        in_force = [v for v in versions if self._of(purpose, v, language).since <= day]
        return self._of(purpose, in_force[-1] if in_force else versions[0], language)

    def version(self, purpose: Purpose, version: str, language: str = FIRST_LANGUAGE) -> Notice:
        """A text that was agreed to. Raises NoticeError for one that we do not have."""
        if not version.isdecimal() or (purpose, int(version)) not in self._notices[FIRST_LANGUAGE]:
            raise NoticeError(f"no notice {purpose}-{version}")
        return self._of(purpose, int(version), language)

    def _of(self, purpose: Purpose, version: int, language: str) -> Notice:
        """A language that we do not speak is that of bot.domain.languages, else Korean."""
        spoken_to = next(one for one in (language, spoken(language), FIRST_LANGUAGE) if one in self._notices)
        return self._notices[spoken_to][purpose, version]


def _load(folder: Path) -> dict[tuple[Purpose, int], Notice]:
    notices: dict[tuple[Purpose, int], Notice] = {}
    for file in sorted(folder.iterdir()):
        match = _NAME.fullmatch(file.name)
        if match is None or match["purpose"] not in set(Purpose):
            raise NoticeError(f"{file.name} is not the name of a notice")
        purpose = Purpose(match["purpose"])
        notices[purpose, int(match["version"])] = _read(file, purpose, match["version"])
    return notices


def _read(file: Path, purpose: Purpose, version: str) -> Notice:
    fields = tomllib.loads(file.read_text(encoding="utf-8"))
    if fields.keys() != _FIELDS.keys():
        raise NoticeError(f"{file.name}: fields differ: {sorted(fields.keys() ^ _FIELDS.keys())}")
    for name, kind in _FIELDS.items():
        if type(fields[name]) is not kind or not fields[name]:
            raise NoticeError(f"{file.name}: {name} is not a {kind.__name__}")
    unknown = _variables(fields["text"]) - VARIABLES
    if unknown or _variables(fields["title"]):
        raise NoticeError(f"{file.name}: unknown variables: {sorted(unknown) or 'in the title'}")
    text = fields["text"].strip()
    return Notice(purpose, version, fields["since"], fields["title"].strip(), text)


def _variables(text: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)
