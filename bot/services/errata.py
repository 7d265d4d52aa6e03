"""What a digest that is sent tells against the one before it: what is late, what an erratum says, what is to be erased.

Kept with the newest published revision alone, as hashes of its notes: which note came or changed is told by comparing. An
earlier revision loses them with its words (`scrub_earlier`), so that no hash of withdrawn words is left anywhere.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.delivery import Draft
from bot.domain.digest import SHIELD_BELOW, DayInput, Digest
from bot.domain.errata import Changes, in_order
from bot.domain.values import Phrase
from bot.services.fingerprints import names_by_note, told_by
from storage.repositories.digests import StoredDigest

SENT = "sent"
"""In a published digest's body: what `Sent` holds."""
MOST_LISTED = 100
"""Numbers in one erratum; of more it says that there are many (a message holds 4,096 characters)."""
_HASH = 16
_LISTED = ("added", "changed", "withdrawn")


@dataclass(frozen=True, slots=True)
class Sent:
    """What readers have by a published digest: its notes by number with a hash of all that each says.

    `late`: those that the day's first digest did not have. `erased`: the last revision that took words away, and when.
    """

    notes: Mapping[str, str]
    late: frozenset[str] = frozenset()
    erased: tuple[int, datetime] | None = None

    def to_json(self) -> dict[str, Any]:
        erased = None if self.erased is None else [self.erased[0], self.erased[1].isoformat()]
        return {"notes": dict(self.notes), "late": in_order(self.late), "erased": erased}


def sent_in(stored: StoredDigest) -> Sent | None:
    """What a published row knows of it; None for a draft, and for one that an earlier version sent."""
    kept = stored.body.get(SENT)
    if kept is None:
        return None
    at = kept["erased"]
    erased = None if at is None else (at[0], datetime.fromisoformat(at[1]))
    return Sent(kept["notes"], frozenset(kept["late"]), erased)


def first_sent(day: DayInput) -> Sent:
    """What the day's first digest tells."""
    return Sent(note_hashes(day))


def sent_after(
    before: StoredDigest, day: DayInput, *, revision: int, now: datetime
) -> tuple[Sent, Changes | None]:
    """What a revision tells, and what it changes against `before`; None: before is of a version that kept nothing."""
    had, has = sent_in(before), note_hashes(day)
    if had is None:
        return Sent(has, erased=(revision, now)), None
    changes = Changes(
        added=frozenset(has.keys() - had.notes.keys()),
        changed=frozenset(
            number for number in has.keys() & had.notes.keys() if has[number] != had.notes[number]
        ),
        withdrawn=frozenset(had.notes.keys() - has.keys()),
    )
    erased = (revision, now) if changes.takes_words else had.erased
    return Sent(has, (had.late | changes.added) & has.keys(), erased), changes


def unchanged_since(before: StoredDigest, day: DayInput) -> frozenset[str]:
    """The notes (numbers) that say what they said in what was sent before."""
    had, has = sent_in(before), note_hashes(day)
    return frozenset() if had is None else frozenset(n for n, told in has.items() if had.notes.get(n) == told)


def erratum(stored: StoredDigest, digest: Digest, changes: Changes | None) -> Draft:
    """What is said to somebody who had an earlier revision (None: what changed is not known)."""
    return Draft(
        "errata.told",
        {
            "region": stored.region,
            "day": stored.day,
            "revision": stored.revision,
            "lines": _lines(digest, changes),
        },
    )


def changes_in(draft: Draft) -> Changes | None:
    """What an erratum that waits says; None where it lists nothing."""
    lines = draft.values["lines"]
    listed: dict[str, frozenset[str]] = {}
    for line in lines if isinstance(lines, tuple) else ():
        _, name = line.key.split(".")
        if name in ("few", "many", "unknown"):
            return None
        if name in _LISTED:
            listed[name] = frozenset(str(line.values["notes"]).split(", "))
    return Changes(**listed)


def _lines(digest: Digest, changes: Changes | None) -> tuple[Phrase, ...]:
    """Numbers, where the ledger may be shown (bot.digest.shield): it lists them too."""
    if changes is None:
        return (Phrase("errata.unknown"),)
    if digest.numbers.voices < SHIELD_BELOW:
        return (Phrase("errata.few"),)
    numbers = {name: in_order(getattr(changes, name)) for name in _LISTED}
    count = sum(map(len, numbers.values()))
    if count > MOST_LISTED:
        return (Phrase("errata.many"),)
    if not count:
        return (Phrase("errata.counts_only"),)
    return tuple(Phrase(f"errata.{name}", {"notes": ", ".join(one)}) for name, one in numbers.items() if one)


def note_hashes(day: DayInput) -> dict[str, str]:
    """Of all that is told of each note: also of the names that are left out of it, which may come on file later."""
    names = names_by_note(day)
    told = {
        note.number: json.dumps([told_by(note), names[note.number]], ensure_ascii=False) for note in day.notes
    }
    return {number: hashlib.sha256(one.encode()).hexdigest()[:_HASH] for number, one in told.items()}
