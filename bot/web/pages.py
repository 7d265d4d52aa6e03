"""Pages from templates: everything is escaped, a name that is not there is an error, words come from the message files."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.domain.errors import Refusal
from bot.domain.values import Value
from prompts.messages import Messages

TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"

Say = Callable[..., str]
"""Words by their key, with their variables as keywords."""


class Pages:
    """Renders templates in a language. In them, `say` gives plain words and `rich` words with their few tags."""

    def __init__(self, messages: Messages) -> None:
        self._messages = messages
        self._environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    @property
    def languages(self) -> frozenset[str]:
        return self._messages.languages

    def language_for(self, wanted: str) -> str:
        """One that we have words in."""
        return self._messages.language_for(wanted)

    def render(self, template: str, context: Mapping[str, object], *, language: str, now: datetime) -> str:
        """The page as HTML. Raises jinja2.UndefinedError and WordsError for what does not fit."""
        page = self._environment.get_template(template)
        return page.render(
            context, language=language, say=self.say(language, now), rich=partial(self._rich, language, now)
        )

    def say(self, language: str, now: datetime) -> Say:
        """Plain words, for the template to escape."""
        return partial(self._say, language, now)

    def refusal(self, refusal: Refusal, *, language: str, now: datetime) -> str:
        return self._messages.plain(refusal.key, refusal.values, now=now, language=language)

    def _say(self, language: str, now: datetime, key: str, **values: Value) -> str:
        return self._messages.plain(key, values, now=now, language=language)

    def _rich(self, language: str, now: datetime, key: str, **values: Value) -> Markup:
        """The message's own tags stay, its values were escaped by prompts.messages."""
        return Markup(self._messages.text(key, values, now=now, language=language))  # noqa: S704
