"""Interim digests: what readers may see before a day's digest is sent, so that two of them side by side tell of nobody.

Whoever asks twice, a note apart, reads that note by subtraction, and may have seen who was typing (decision 23). So an
edition takes participants' new and changed notes in only five voices at a time and once a half hour; what its author
takes back empties the edition at once, and the next one waits for the half hour. Nothing here keeps words or times of notes.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.domain.digest import DayNote
from bot.domain.errors import Refusal
from bot.domain.feedback import PARTICIPANTS_DOORS, Note, reissue_due
from bot.services.digest_subject import EDITION, Prepared
from bot.services.fingerprints import fingerprint_of, told_by
from storage.repositories.digests import StoredDigest

NEW_VOICES = 5
"""Voices that speak anew before an edition takes them in: as many as any printed count needs (decision 11)."""
_HASH = 16
_TAKEN_BACK = ("", "")

Shown = tuple[str, str]
"""Of a note that an edition shows: a hash of all that it says, and of its words ("": it has none)."""


class NothingYet(Refusal):
    """There is no edition: too few spoke, or nobody. The two are not told apart."""

    def __init__(self, due: datetime) -> None:
        super().__init__("interim.nothing_yet", {"due": due})


class MadeLater(Refusal):
    """Something that the edition showed is not to be shown any more; the next one comes at `at`."""

    def __init__(self, at: datetime) -> None:
        super().__init__("interim.made_later", {"at": at})


@dataclass(frozen=True, slots=True)
class Edition:
    """What readers were last shown. Both moments are half hours.

    `rests`: no voices are taken in before then. `hidden`: it was emptied, and the next one is not made before then.
    """

    shown: Mapping[str, Shown]
    rests: datetime | None = None
    hidden: datetime | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "shown": {number: list(one) for number, one in self.shown.items()},
            "rests": None if self.rests is None else self.rests.isoformat(),
            "hidden": None if self.hidden is None else self.hidden.isoformat(),
        }


def edition_of(stored: StoredDigest | None) -> Edition:
    """The edition that a row holds, be it emptied; one without notes for any other row."""
    kept = None if stored is None or stored.published_at is not None else stored.body.get(EDITION)
    if kept is None:
        return Edition({})
    shown = {number: (one[0], one[1]) for number, one in kept["shown"].items()}
    rests, hidden = (
        None if kept[at] is None else datetime.fromisoformat(kept[at]) for at in ("rests", "hidden")
    )
    return Edition(shown, rests, hidden)


def for_readers(prepared: Prepared, *, now: datetime, due: datetime) -> Prepared:
    """What readers may see of a day whose digest is sent at `due`. Raises NothingYet, MadeLater.

    Others than participants are no secret: their notes are always as they stand.
    """
    day, stored, edition = prepared.input, prepared.stored, edition_of(prepared.stored)
    if edition.hidden is not None and now < edition.hidden:
        raise MadeLater(edition.hidden)
    new = {
        one.number: one
        for one in day.notes
        if one.source in PARTICIPANTS_DOORS and _shown(one) != edition.shown.get(one.number)
    }
    counted = prepared.gone
    rested = edition.rests is None or edition.rests <= now
    if rested and len({one.voice for one in new.values()}) >= NEW_VOICES:
        rests: datetime | None = reissue_due(now)
    elif stored is not None and stored.readable and new.keys() & edition.shown.keys():
        return replace(prepared, holds=True)  # a changed one, left out, would be told by its absence
    else:
        rests, counted = edition.rests, counted & edition.shown.keys()
        notes = tuple(one for one in day.notes if one.number not in new)
        day = replace(day, notes=notes, withdrawn=len(counted))
    if not day.notes:
        raise NothingYet(due)
    shown = {one.number: _shown(one) for one in day.notes} | dict.fromkeys(counted, _TAKEN_BACK)
    fingerprint = fingerprint_of(day)
    return replace(prepared, input=day, fingerprint=fingerprint, edition=Edition(shown, rests).to_json())


def keeps_showing(stored: StoredDigest, note: Note | None) -> bool:
    """Whether a draft may go on showing what it shows when `note` has become as it is now (None: who knows which).

    An edition may when it never showed words of this note that the note does not say any more.
    """
    if note is None or not stored.readable or EDITION not in stored.body:
        return False
    shown = edition_of(stored).shown.get(note.number or "")
    return shown is None or (not note.withdrawn and shown[1] in ("", _hash(note.words)))


def emptied(stored: StoredDigest, note: Note | None, *, until: datetime | None) -> StoredDigest:
    """A draft without its words; of an edition it stays known which notes it showed, but not what `note` said.

    `until`: readers see no other before then.
    """
    if EDITION not in stored.body:
        return replace(stored, body={}, fingerprint="")
    edition = edition_of(stored)
    shown = dict(edition.shown)
    if note is not None and note.number in shown:
        shown[note.number] = _TAKEN_BACK
    kept = replace(edition, shown=shown, hidden=until or edition.hidden)
    return replace(stored, body={EDITION: kept.to_json()}, fingerprint="")


def _shown(note: DayNote) -> Shown:
    return _hash(json.dumps(told_by(note), ensure_ascii=False)), _hash(note.words) if note.words else ""


def _hash(told: str) -> str:
    return hashlib.sha256(told.encode()).hexdigest()[:_HASH]
