"""One note of somebody else is taken out, because a person whom it names asked for it (개인정보 보호법 36, 37조).

Nobody is shown what the note says: whoever does this has read the digest or the letter. The request stays open, for its
answer is a person's.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.access_log import Why, region_day
from bot.domain.errors import Refusal
from bot.domain.ids import Region
from bot.domain.request import Request, RequestKind
from bot.services.note_keeping import take_back
from bot.services.requests.answering import RequestUnknown
from bot.services.revisions import alone_with_notes
from bot.services.unit import Unit
from storage.repositories.audit import AuditEntry

TAKEN_OUT = "note_taken_out"
ASKS_FOR_IT = frozenset({RequestKind.DELETION, RequestKind.SUSPENSION})
"""Kinds of request that a note is taken out for. What is to be put right, its author puts right."""


class NotAskedFor(Refusal):
    """A request of another kind takes nothing out."""

    def __init__(self, request: Request) -> None:
        super().__init__("taking_out.other_kind", {"number": request.number})


class NoSuchNote(Refusal):
    """The region's day has no note that is cited so."""

    def __init__(self, cited: "Cited") -> None:
        super().__init__(
            "taking_out.no_such_note", {"number": cited.number, "region": cited.region, "day": cited.day}
        )


class TakenOutAlready(Refusal):
    """By its author, or by an earlier go: nothing of it is left, and nothing was changed."""

    def __init__(self, cited: "Cited") -> None:
        super().__init__("taking_out.taken_out_already", {"number": cited.number})


@dataclass(frozen=True, slots=True)
class Cited:
    """A note as a digest cites it: numbers are given out anew for each region's day."""

    region: Region
    day: date
    number: str

    @classmethod
    def typed(cls, region: str, day: date, number: str) -> "Cited":
        """As somebody typed it: a console may hand on Hangul in pieces (NFD)."""
        region, number = (unicodedata.normalize("NFC", text.strip()) for text in (region, number))
        return cls(Region(region), day, number)


async def take_out(unit: Unit, code: str, cited: Cited, *, now: datetime) -> Request:
    """Withdraws the note as its author's withdrawal does, with earlier wordings of staff; on record with the request.

    A published digest of its day is called again at once. Alone with the notes: an author who changes this one in the
    same instant finds it withdrawn, and brings no word back.
    Raises RequestUnknown, RequestClosed, NotAskedFor, NoSuchNote, TakenOutAlready; then nothing was changed.
    """
    await alone_with_notes(unit)
    request = await unit.requests.by_number(code.strip().upper())
    if request is None:
        raise RequestUnknown
    request.require_open()
    if request.kind not in ASKS_FOR_IT:
        raise NotAskedFor(request)
    note = await unit.notes.by_number(cited.region, cited.day, cited.number)
    voice = None if note is None else await unit.voices.by_id(note.voice)
    if note is None or voice is None:
        raise NoSuchNote(cited)
    if note.withdrawn:
        raise TakenOutAlready(cited)
    await take_back(unit, note, voice, now=now)
    await unit.notes.forget_revisions(note.id)
    whose = region_day(note.region, note.day)
    await unit.audit.record(AuditEntry(now, None, TAKEN_OUT, request.number, {}, whose, Why.RIGHTS))
    return request
