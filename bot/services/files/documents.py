"""Files that the bot sends: made when their delivery is claimed. What needs the database first, the rest outside of it."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.reading import TableKind
from bot.services.files.templates import Template, template_of
from bot.services.ports import Document
from bot.services.unit import Unit
from bot.services.wording import Make
from prompts.messages import Messages

WriteTemplate = Callable[[Template], bytes]
"""A template as an XLSX."""


class FileDocuments:
    """Makers for `bot.services.wording`: `template:tour`, `template:notes` and `import_report:FILE`."""

    def __init__(self, messages: Messages, write: WriteTemplate) -> None:
        self._messages = messages
        self._write = write

    async def template(self, unit: Unit, argument: str, language: str, now: datetime) -> Make:
        wanted = template_of(self._messages, TableKind(argument), language, now)
        return lambda: Document(wanted.name, self._write(wanted))

    async def report(self, unit: Unit, argument: str, language: str, now: datetime) -> Make:
        """With a byte order mark: editors on Windows take it for CP949 otherwise. Destroyed ones are said to be."""
        text = await unit.incoming.report(argument)
        if text is None:
            text = self._messages.plain("files.report_gone", now=now, language=language)
        name = self._messages.plain("files.report_name", now=now, language=language)
        content = text.encode("utf-8-sig", "replace")
        return lambda: Document(name, content)
