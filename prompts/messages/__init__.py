"""Message files and their strict loader: every key in every language, every variable given and used.

A template is Telegram HTML (only tags that Telegram knows). Values are escaped; `{name:html}` marks one that
is HTML already. Other specs: `date`, `time`, `when`, `left` (time from now), `span`, each as the language writes it;
the particle pairs of prompts.korean (`{title:이가}`); and `s`, the plural's letter (`{count} comment{count:s}`).
A variable must be used in every language, with whatever spec that language needs.
"""

import html
import tomllib
from collections.abc import Mapping
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path
from string import Formatter
from typing import Protocol

from bot.domain.languages import ENGLISH, KOREAN, spoken
from bot.domain.values import Phrase, Value
from prompts import english, korean

FOLDER = Path(__file__).parent
FIRST_LANGUAGE = KOREAN


class WordsError(Exception):
    """A message file or a call does not fit: found at start or in tests, never shown to people."""


class _Writes(Protocol):
    """How a language writes dates, times and spans: prompts.korean and prompts.english."""

    def written_date(self, day: date) -> str: ...

    def written_time(self, moment: datetime) -> str: ...

    def written_when(self, moment: datetime) -> str: ...

    def written_span(self, span: timedelta) -> str: ...


_WRITES: Mapping[str, _Writes] = {KOREAN: korean, ENGLISH: english}
_SPECS = frozenset({"", "html", "date", "time", "when", "left", "span", "s"}) | korean.PARTICLES.keys()


def _variables(template: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(template) if name is not None)


def _require_sound(key: str, template: str) -> None:
    """What would otherwise fail only when somebody should read it: stray braces, unknown specs."""
    try:
        fields = [
            (name, spec, bang) for _, name, spec, bang in Formatter().parse(template) if name is not None
        ]
    except ValueError as error:
        raise WordsError(f"{key}: {error}") from None
    for name, spec, bang in fields:
        if not name.isidentifier() or bang is not None or spec not in _SPECS:
            raise WordsError(f"{key}: {{{name}:{spec}}} is not a variable")


def _load(folder: Path) -> dict[str, str]:
    templates: dict[str, str] = {}
    for file in sorted(folder.glob("*.toml")):
        for name, template in tomllib.loads(file.read_text(encoding="utf-8")).items():
            if not isinstance(template, str) or not template.strip():
                raise WordsError(f"{file.name}: {name} is not a message")
            _require_sound(f"{file.stem}.{name}", template)
            templates[f"{file.stem}.{name}"] = template.rstrip()
    return templates


class Messages:
    """All messages in all languages. Built once by the composition root.

    `zone` is where people live: times in messages are shown in it.
    Raises WordsError when languages differ in their keys or in the variables of a key.
    """

    def __init__(self, zone: tzinfo, folder: Path = FOLDER) -> None:
        self._zone = zone
        self._languages = {d.name: _load(d) for d in sorted(folder.iterdir()) if (d / "common.toml").exists()}
        first = self._languages[FIRST_LANGUAGE]
        for language, templates in self._languages.items():
            if templates.keys() != first.keys():
                raise WordsError(f"{language}: other keys: {sorted(templates.keys() ^ first.keys())}")
            for key, template in templates.items():
                if _variables(template) != _variables(first[key]):
                    raise WordsError(f"{language}: {key} uses other variables")

    @property
    def languages(self) -> frozenset[str]:
        return frozenset(self._languages)

    def language_for(self, language: str) -> str:
        """The language that a reader of `language` gets: it, else what bot.domain.languages says, else Korean."""
        if language in self._languages:
            return language
        return known if (known := spoken(language)) in self._languages else FIRST_LANGUAGE

    def keys(self) -> frozenset[str]:
        return frozenset(self._languages[FIRST_LANGUAGE])

    def variables(self, key: str) -> frozenset[str]:
        return _variables(self._template(key, FIRST_LANGUAGE))

    def text(
        self,
        key: str,
        values: Mapping[str, Value] | None = None,
        *,
        now: datetime,
        language: str = FIRST_LANGUAGE,
    ) -> str:
        """The message as Telegram HTML. For a language that we do not speak see `language_for`.

        Raises WordsError for an unknown key and for variables that are missing or not used.
        """
        values = values or {}
        language = self.language_for(language)
        template = self._template(key, language)
        wanted = _variables(template)
        if wanted != values.keys():
            raise WordsError(f"{key}: variables differ: {sorted(wanted ^ values.keys())}")
        parts: list[str] = []
        for literal, name, spec, _ in Formatter().parse(template):
            parts.append(literal)
            if name is not None:
                parts.append(self._shown(values[name], spec or "", now, language))
        return "".join(parts).rstrip()

    def plain(
        self,
        key: str,
        values: Mapping[str, Value] | None = None,
        *,
        now: datetime,
        language: str = FIRST_LANGUAGE,
    ) -> str:
        """The same words without markup, for buttons and pages that escape by themselves."""
        return html.unescape(self.text(key, values, now=now, language=language))

    def _template(self, key: str, language: str) -> str:
        try:
            return self._languages[language][key]
        except KeyError:
            raise WordsError(f"no message {key} in {language}") from None

    def _shown(self, value: Value, spec: str, now: datetime, language: str) -> str:
        match spec, value:
            case "", Phrase():
                return self.text(value.key, value.values, now=now, language=language)
            case "", tuple():
                return "\n".join(self._shown(phrase, "", now, language) for phrase in value)
            case "html", str():
                return value
            case "", str() | int() | float():
                return html.escape(str(value), quote=False)
            case "s", int() | str():
                return english.plural(value)
            case pair, str() if pair in korean.PARTICLES:
                return html.escape(korean.with_particle(value, pair), quote=False)
            case _, datetime() | date() | int() | float():
                return self._shown_time(value, spec, now, _WRITES.get(language, korean))
        raise WordsError(f"{spec!r} cannot show a {type(value).__name__}")

    def _shown_time(self, value: Value, spec: str, now: datetime, writes: _Writes) -> str:
        match spec, value:
            case "date", datetime():
                return writes.written_date(value.astimezone(self._zone).date())
            case "date", date():
                return writes.written_date(value)
            case "time", datetime():
                return writes.written_time(value.astimezone(self._zone))
            case "when", datetime():
                return writes.written_when(value.astimezone(self._zone))
            case "left", datetime():
                return writes.written_span(value - now)
            case "span", int() | float():
                return writes.written_span(timedelta(minutes=value))
        raise WordsError(f"{spec!r} cannot show a {type(value).__name__}")
