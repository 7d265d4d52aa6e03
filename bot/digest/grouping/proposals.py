"""What is proposed for a day's notes: themes for those that are sure, reasons to set aside; the rest is left alone."""

from dataclasses import dataclass

from bot.domain.digest import SetAsideReason


@dataclass(frozen=True, slots=True)
class Proposed:
    """Notes (numbers) that speak of one thing. `topic`: the button topic whose theme they join (None: one of their own)."""

    title: str
    topic: str | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposals:
    """No note is in two of them. Empty: nothing is known, and every note without a topic stays under its meeting."""

    themes: tuple[Proposed, ...] = ()
    aside: tuple[tuple[SetAsideReason, tuple[str, ...]], ...] = ()
    by_model: frozenset[str] = frozenset()
    """The notes that a language model placed, alone or as the rest of the proposal does (bot.digest.sorting)."""


NOTHING = Proposals()
