"""Interim digests: what readers may see before a day's digest is sent, so that two of them side by side tell of nobody.

Whoever asks twice, a note apart, reads that note by subtraction, and may have seen who was typing (decision 23). So what
an edition shows is decided as of each half hour, by the clock (interim_clock.py): participants' new and changed notes are
taken in five voices at a time, everybody else's with them or alone. What is taken back empties the edition at once, and
the next one waits for the half hour. Nothing here keeps words or times of notes.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.domain.digest import DayNote
from bot.domain.errors import Refusal
from bot.domain.feedback import PARTICIPANTS_DOORS, REISSUE_EVERY, Note, reissue_due
from bot.services.digest_subject import EDITION, Prepared
from bot.services.fingerprints import fingerprint_of, sorting, told_by
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
    """What readers were last shown, and what they are shown next. Both moments are half hours.

    `taken`: the notes as they stood when it was last decided, until they are shown; None: what is shown stays.
    `rests`: nothing is decided before then. `hidden`: it was emptied, and the next one is not made before then.
    `made_for`: as of when what is shown stands, with how many of the day's meetings `begun`. `sorted_as`: a hash of how
    staff had sorted what is shown; when they sort more of it, the same notes are shown anew, sorted.
    """

    shown: Mapping[str, Shown]
    taken: Mapping[str, Shown] | None = None
    rests: datetime | None = None
    hidden: datetime | None = None
    made_for: datetime | None = None
    begun: int = 0
    sorted_as: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "shown": {number: list(one) for number, one in self.shown.items()},
            "taken": None
            if self.taken is None
            else {number: list(one) for number, one in self.taken.items()},
            "rests": None if self.rests is None else self.rests.isoformat(),
            "hidden": None if self.hidden is None else self.hidden.isoformat(),
            "made_for": None if self.made_for is None else self.made_for.isoformat(),
            "begun": self.begun,
            "sorted_as": self.sorted_as,
        }

    def rests_at(self, now: datetime) -> bool:
        return self.rests is not None and now < self.rests


def edition_of(stored: StoredDigest | None) -> Edition:
    """The edition that a row holds, be it emptied; one without notes for any other row."""
    kept = None if stored is None or stored.published_at is not None else stored.body.get(EDITION)
    if kept is None:
        return Edition({})
    taken = kept.get("taken")
    rests, hidden, made_for = (
        None if kept.get(at) is None else datetime.fromisoformat(kept[at])
        for at in ("rests", "hidden", "made_for")
    )
    return Edition(
        _read(kept["shown"]),
        None if taken is None else _read(taken),
        rests,
        hidden,
        made_for,
        kept.get("begun", 0),
        kept.get("sorted_as", ""),
    )


def decided(prepared: Prepared, *, now: datetime) -> Edition:
    """The edition as of `now`, which is a half hour or as soon after it as the clock looks."""
    edition, gone = edition_of(prepared.stored), dict.fromkeys(prepared.gone, _TAKEN_BACK)
    stands = {one.number: _shown(one) for one in prepared.input.notes}
    new = _new(prepared.input.notes, edition.shown)
    taken: dict[str, Shown] | None
    if _voices(new.values()) >= NEW_VOICES:
        taken = stands | gone
    elif _readable(prepared.stored) and new.keys() & edition.shown.keys():
        taken = None  # a changed one, left out, would be told by its absence
    else:
        taken = {number: one for number, one in stands.items() if number not in new}
        taken |= {number: one for number, one in gone.items() if number in edition.shown}
    as_sorted = _sorted_as(one for one in prepared.input.notes if one.number in edition.shown)
    if _readable(prepared.stored) and taken == edition.shown and as_sorted == edition.sorted_as:
        taken = None
    return replace(edition, taken=taken, rests=reissue_due(now), hidden=None)


def for_readers(prepared: Prepared, *, now: datetime, due: datetime) -> Prepared:
    """What readers may see of a day whose digest is sent at `due`: what the clock decided, whenever they ask.

    Raises NothingYet, MadeLater.
    """
    day, edition = prepared.input, edition_of(prepared.stored)
    if edition.hidden is not None and now < edition.hidden:
        raise MadeLater(edition.hidden)
    if _readable(prepared.stored) and (edition.taken is None or _changed_since(day.notes, edition)):
        return replace(prepared, holds=True)
    taken = edition.taken or {}
    notes = [one for one in day.notes if _shown(one) == taken.get(one.number)]
    new = _new(notes, edition.shown)
    if _voices(new.values()) < NEW_VOICES:  # one of them went before anybody was shown it
        notes = [one for one in notes if one.number not in new]
    counted = {number for number, one in taken.items() if one == _TAKEN_BACK}
    if not notes:
        raise NothingYet(due)
    day = replace(day, notes=tuple(notes), withdrawn=len(counted))
    shown = {one.number: _shown(one) for one in notes} | dict.fromkeys(counted, _TAKEN_BACK)
    made_for = None if edition.rests is None else edition.rests - REISSUE_EVERY
    begun = 0 if made_for is None else sum(start <= made_for for start in prepared.starts)
    kept = Edition(shown, None, edition.rests, made_for=made_for, begun=begun, sorted_as=_sorted_as(notes))
    return replace(prepared, input=day, fingerprint=fingerprint_of(day), edition=kept.to_json())


def after_change(stored: StoredDigest, note: Note | None, *, until: datetime) -> StoredDigest:
    """An unsent draft when `note` has become as it is now (None: who knows which changed).

    It goes on showing what it shows when it never showed words of this note that the note does not say any more.
    Otherwise it loses its words, it stays known which notes it showed, and readers see no other before `until`.
    """
    if EDITION not in stored.body:
        return replace(stored, body={}, fingerprint="")
    edition, number = edition_of(stored), "" if note is None else note.number or ""
    if (note is None and not edition.shown) or (note is not None and _may_stay(edition, note)):
        return _forgetting(stored, edition, None if note is None else {number})
    shown = dict(edition.shown)
    if number in shown:
        shown[number] = _TAKEN_BACK
    return _emptied(stored, replace(edition, shown=shown), until)


def after_voice(stored: StoredDigest, notes: Set[str], *, until: datetime) -> StoredDigest:
    """An unsent draft when something became another in all `notes` (numbers), which are one voice's.

    As `after_change`: what shows none of them goes on showing what it shows.
    """
    if EDITION not in stored.body:
        return replace(stored, body={}, fingerprint="")
    edition = edition_of(stored)
    if all(edition.shown.get(number, _TAKEN_BACK) == _TAKEN_BACK for number in notes):
        return _forgetting(stored, edition, notes)
    return _emptied(stored, edition, until)


def _emptied(stored: StoredDigest, edition: Edition, until: datetime) -> StoredDigest:
    """Without words; it stays known which notes it showed."""
    kept = Edition(edition.shown, None, edition.rests, until)
    return replace(stored, body={EDITION: kept.to_json()}, fingerprint="")


def _may_stay(edition: Edition, note: Note) -> bool:
    shown = edition.shown.get(note.number or "")
    return shown is None or (not note.withdrawn and shown[1] in ("", _hash(note.words)))


def _forgetting(stored: StoredDigest, edition: Edition, notes: Set[str] | None) -> StoredDigest:
    """Without what notes said that nobody was shown yet (None: any of them)."""
    if edition.taken is None or (notes is not None and not notes & edition.taken.keys()):
        return stored
    taken = {one: told for one, told in edition.taken.items() if notes is not None and one not in notes}
    return replace(stored, body=stored.body | {EDITION: replace(edition, taken=taken).to_json()})


def _changed_since(notes: Iterable[DayNote], edition: Edition) -> bool:
    """Whether one that is shown became another since it was decided what is shown next."""
    taken = edition.taken or {}
    return any(one.number in edition.shown and _shown(one) != taken.get(one.number) for one in notes)


def _new(notes: Iterable[DayNote], shown: Mapping[str, Shown]) -> dict[str, DayNote]:
    """What participants said that is not as it was shown."""
    return {
        one.number: one
        for one in notes
        if one.source in PARTICIPANTS_DOORS and _shown(one) != shown.get(one.number)
    }


def _voices(notes: Iterable[DayNote]) -> int:
    return len({one.voice for one in notes})


def _readable(stored: StoredDigest | None) -> bool:
    return stored is not None and stored.readable


def _read(kept: Mapping[str, Any]) -> dict[str, Shown]:
    return {number: (one[0], one[1]) for number, one in kept.items()}


def _shown(note: DayNote) -> Shown:
    return _hash(json.dumps(told_by(note), ensure_ascii=False)), _hash(note.words) if note.words else ""


def _sorted_as(notes: Iterable[DayNote]) -> str:
    told = sorting(notes)
    return _hash(json.dumps(told, ensure_ascii=False)) if told else ""


def _hash(told: str) -> str:
    return hashlib.sha256(told.encode()).hexdigest()[:_HASH]
