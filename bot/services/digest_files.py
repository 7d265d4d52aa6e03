"""A digest as a file in chat: the newest revision that has words, made when its delivery is claimed."""

import re
from collections.abc import Callable
from datetime import datetime

from bot.digest.as_html import Document as Pages
from bot.domain.values import Value
from bot.services.digest_view import DigestView, newest_readable
from bot.services.ports import Document
from bot.services.unit import Unit
from bot.services.wording import Make
from prompts.messages import Messages

_UNFIT = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
"""What no file name may hold on Windows: a region may be called as a tour likes."""

WriteHtml = Callable[[Pages], bytes]


class DigestFiles:
    """The maker of `digest:ID` for `bot.services.wording`."""

    def __init__(self, view: DigestView, messages: Messages, write: WriteHtml) -> None:
        self._view = view
        self._messages = messages
        self._write = write

    async def html(self, unit: Unit, argument: str, language: str, now: datetime) -> Make:
        """A digest that was destroyed meanwhile is said to be, in a file of its own."""
        asked = await unit.digests.by_id(argument)
        stored = None if asked is None else await newest_readable(unit, asked)
        if stored is None:
            gone = self._messages.plain("digest.gone", now=now, language=language)
            return lambda: Document("digest.txt", gone.encode("utf-8-sig"))
        values: dict[str, Value] = {
            "region": stored.region,
            "day": stored.day.isoformat(),
            "revision": stored.revision,
        }
        name = self._messages.plain("digest.file_name", values, now=now, language=language)

        def make() -> Document:
            return Document(
                _UNFIT.sub("_", name), self._write(self._view.document(stored, now=now, language=language))
            )

        return make
