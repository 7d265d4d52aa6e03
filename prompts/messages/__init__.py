"""Message files and their strict loader: every key in every language, every variable given and used.

A template is Telegram HTML (only tags that Telegram knows). Values are escaped; `{name:html}` marks one that
is HTML already. Other specs: `date`, `time`, `when`, `left` (time from now), `span`, and the particle pairs
of prompts.korean (`{title:이가}`).
"""

import html
import tomllib
from collections.abc import Mapping
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path
from string import Formatter

from bot.domain.values import Phrase, Value
from prompts import korean

FOLDER = Path(__file__).parent
FIRST_LANGUAGE = "ko"


class WordsError(Exception):
    """A message file or a call does not fit: found at start or in tests, never shown to people."""


_SPECS = frozenset({"", "html", "date", "time", "when", "left", "span"}) | korean.PARTICLES.keys()


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
        """The message as Telegram HTML. A language we do not speak falls back to Korean.

        Raises WordsError for an unknown key and for variables that are missing or not used.
        """
        values = values or {}
        template = self._template(key, language if language in self._languages else FIRST_LANGUAGE)
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
            case "date", datetime():
                return korean.written_date(value.astimezone(self._zone).date())
            case "date", date():
                return korean.written_date(value)
            case "time", datetime():
                return korean.written_time(value.astimezone(self._zone))
            case "when", datetime():
                local = value.astimezone(self._zone)
                return f"{korean.written_date(local.date())} {korean.written_time(local)}"
            case "left", datetime():
                return korean.written_span(value - now)
            case "span", int() | float():
                return korean.written_span(timedelta(minutes=value))
            case "", str() | int() | float():
                return html.escape(str(value), quote=False)
            case pair, str() if pair in korean.PARTICLES:
                return html.escape(korean.with_particle(value, pair), quote=False)
        raise WordsError(f"{spec!r} cannot show a {type(value).__name__}")
