"""Approval (결재): somebody looks at a day's digest before managers get it, and what they decided about its sentences.

An editor has WAITS to answer, then a deputy as long; then it goes out marked 미결재. Nobody types words into a digest: a
sentence is left out, or written again of the same notes.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

WAITS = timedelta(minutes=30)
"""How long each of the two is waited for (contract.md: DIGEST_APPROVAL)."""
_MARK = 16


class Office(StrEnum):
    """In which capacity somebody decides about a draft. The deputy's turn comes when the editor did not answer."""

    EDITOR = "editor"
    DEPUTY = "deputy"


class ApprovalState(StrEnum):
    DRAFT = "draft"
    APPROVED = "approved"
    UNAPPROVED = "unapproved"  # 미결재: nobody answered in time, or nobody could be asked


@dataclass(frozen=True, slots=True)
class Decision:
    """About one sentence: a hash of it with its notes, and the numbers of these, whose change makes it void."""

    mark: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Editing:
    """What was decided about a day's sentences. `dropped` are left out, `again` are not written that way any more."""

    dropped: tuple[Decision, ...] = ()
    again: tuple[Decision, ...] = ()

    @property
    def dropped_marks(self) -> frozenset[str]:
        return frozenset(one.mark for one in self.dropped)

    @property
    def again_marks(self) -> frozenset[str]:
        return frozenset(one.mark for one in self.again)

    @property
    def is_empty(self) -> bool:
        return not self.dropped and not self.again

    def only_of(self, notes: Collection[str]) -> "Editing":
        """Decisions that rest on nothing but these notes (numbers)."""
        return Editing(_of(self.dropped, notes), _of(self.again, notes))

    def to_json(self) -> dict[str, Any]:
        return {
            name: [[one.mark, list(one.notes)] for one in decisions]
            for name, decisions in (("dropped", self.dropped), ("again", self.again))
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any] | None) -> "Editing":
        if not kept:
            return cls()
        dropped, again = (
            tuple(Decision(mark, tuple(notes)) for mark, notes in kept.get(name, ()))
            for name in ("dropped", "again")
        )
        return cls(dropped, again)


NOTHING_DECIDED = Editing()


def _of(decisions: Iterable[Decision], notes: Collection[str]) -> tuple[Decision, ...]:
    return tuple(one for one in decisions if set(one.notes) <= set(notes))


@dataclass(frozen=True, slots=True)
class Approval:
    """What the stamp says of a digest's approval. `revision` is the one that was decided about; a later one was not.

    `dropped` and `again`: sentences left out, and had written again; `left_out`: the notes whose words are nowhere for it.
    """

    state: ApprovalState
    office: Office | None = None
    at: datetime | None = None
    revision: int = 1
    dropped: int = 0
    again: int = 0
    left_out: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "state": self.state.value,
            "office": None if self.office is None else self.office.value,
            "at": None if self.at is None else self.at.isoformat(),
            "revision": self.revision,
            "dropped": self.dropped,
            "again": self.again,
            "left_out": list(self.left_out),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Approval":
        return cls(
            state=ApprovalState(kept["state"]),
            office=None if kept["office"] is None else Office(kept["office"]),
            at=None if kept["at"] is None else datetime.fromisoformat(kept["at"]),
            revision=kept["revision"],
            dropped=kept["dropped"],
            again=kept["again"],
            left_out=tuple(kept["left_out"]),
        )


def mark_of(text: str, notes: Iterable[str]) -> str:
    """By which a sentence is known again, of whatever kind it is said to be."""
    told = json.dumps([text, sorted(notes)], ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()[:_MARK]


def decision_about(text: str, notes: Iterable[str]) -> Decision:
    numbers = tuple(notes)
    return Decision(mark_of(text, numbers), numbers)
