"""Which edition of a digest it is, in words: a revision, or an interim one as of a half hour (decision 23)."""

from collections.abc import Callable

from bot.domain.digest import Digest
from bot.domain.values import Value

Words = Callable[[str, dict[str, Value]], str]
"""A message in its reader's language, as plain text."""


def edition(digest: Digest, words: Words) -> str:
    """제2판, or 중간 집계(10:00 기준)."""
    if digest.interim is None:
        return words("interim_mark.revision", {"revision": digest.revision})
    return words("interim_mark.edition", {"as_of": digest.interim})


def edition_in_file_name(digest: Digest, words: Words) -> str:
    """As `edition`, without the colon that no file name may hold."""
    if digest.interim is None:
        return edition(digest, words)
    hour, minute = words("interim_mark.clock", {"as_of": digest.interim}).split(":")
    return words("interim_mark.in_file_name", {"hour": hour, "minute": minute})


def document_title(digest: Digest, words: Words) -> str:
    """Region, day and, of an interim one, that it is."""
    day: dict[str, Value] = {"region": digest.region, "day": digest.day, "year": digest.day.year}
    if digest.interim is None:
        return words("digest.document_title", day)
    return words("interim_mark.document_title", day | {"as_of": digest.interim})
