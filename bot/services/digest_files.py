"""A digest as a file in chat: the newest revision that has words, made when its delivery is claimed."""

import re
from collections.abc import Callable
from datetime import datetime

from bot.digest.edition import edition_in_file_name
from bot.digest.report import FileForm, Report
from bot.domain.values import Value
from bot.services.digest_view import DigestView, newest_readable
from bot.services.digests import digest_of
from bot.services.ports import Document
from bot.services.unit import Unit
from bot.services.wording import Make
from prompts.messages import Messages

_UNFIT = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
"""What no file name may hold on Windows: a region may be called as a tour likes."""


def fit_for_a_name(name: str) -> str:
    return _UNFIT.sub("_", name)


WriteFile = Callable[[Report, FileForm], bytes]
"""Blocks as long as it takes."""


class DigestFiles:
    """The maker of `digest:ID.FORM` for `bot.services.wording`."""

    def __init__(self, view: DigestView, messages: Messages, write: WriteFile) -> None:
        self._view = view
        self._messages = messages
        self._write = write

    async def file(self, unit: Unit, argument: str, language: str, now: datetime) -> Make:
        """A digest that was destroyed meanwhile is said to be, in a file of its own. Without a form it is HTML."""
        digest_id, _, ending = argument.partition(".")
        form = FileForm(ending) if ending in set(FileForm) else FileForm.HTML
        asked = await unit.digests.by_id(digest_id)
        stored = None if asked is None else await newest_readable(unit, asked, now)
        if stored is None or self._view.withholds(stored):
            gone = self._messages.plain("digest.gone", now=now, language=language)
            return lambda: Document("digest.txt", gone.encode("utf-8-sig"))
        values: dict[str, Value] = {
            "region": stored.region,
            "day": stored.day.isoformat(),
            "edition": edition_in_file_name(digest_of(stored), self._view.words(now, language)),
        }
        name = self._messages.plain("digest.file_name", values, now=now, language=language)

        def make() -> Document:
            report = self._view.report(stored, now=now, language=language)
            return Document(f"{fit_for_a_name(name)}.{form.value}", self._write(report, form))

        return make
