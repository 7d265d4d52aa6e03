"""Sorts a day's notes: by the topic their author (or staff) chose, else as proposed (bot.digest.grouping), and what
has no known topic under its meeting.

Nothing is guessed here: a wrong theme is worse than none. Notes of near-identical wording in one place are
merged into the first; what says nothing is set aside with its reason.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from bot.digest.grouping.proposals import NOTHING, Proposals
from bot.digest.meaning import is_meaningless
from bot.digest.prepare import Prepared
from bot.domain.digest import DayInput, Merged, SetAside, SetAsideReason, Topic
from bot.domain.feedback import NoteKind

STAFF_KINDS = frozenset({NoteKind.PROMISE, NoteKind.HEARSAY, NoteKind.REQUEST})
"""Kinds that staff mark by a button; such a note reaches the reader apart, with or without a topic."""

_TOKEN = re.compile(r"(?P<number>-?\d+(?:[^\w\s]+\d+)*)|[^\W\d_ㄱ-ㅣᄀ-ᇿ]+|[%‰+<>=→←↑↓$₩€]|\?")
"""Numbers with what stands inside them (3.5, 1,000, 3~5), letters, and signs that change what is said."""
_REPEATED = re.compile(r"(\D)\1{2,}")


@dataclass(frozen=True, slots=True)
class Group:
    """Notes of one topic, or of a theme that was proposed (its topic has no key). `notes` stand for themselves; `echoes` were merged into one of them."""

    topic: Topic
    notes: tuple[Prepared, ...]
    echoes: tuple[Prepared, ...]

    @property
    def everything(self) -> tuple[Prepared, ...]:
        return (*self.notes, *self.echoes)


@dataclass(frozen=True, slots=True)
class Leftover:
    """Notes of one meeting (None: not known) whose theme is not known."""

    meeting: str | None
    notes: tuple[Prepared, ...]


@dataclass(frozen=True, slots=True)
class Grouped:
    """Every note of the day is in exactly one of the five."""

    groups: tuple[Group, ...]
    apart: tuple[Prepared, ...]
    leftovers: tuple[Leftover, ...]
    merged: tuple[Merged, ...]
    set_aside: tuple[SetAside, ...]


def same_wording(words: str) -> str:
    """What two notes must share to be near-identical: letters and numbers, without case, space or punctuation.

    Numbers stay apart and whole, and signs that change what is said stay (%, ?, →): "10명" and "100명",
    "3.5%" and "35%", "1 2" and "12" are not the same words.
    """
    tokens = []
    for match in _TOKEN.finditer(unicodedata.normalize("NFKC", words).casefold()):
        number, token = match.group("number"), match.group()
        tokens.append(number.replace(",", "") + "|" if number else _REPEATED.sub(r"\1", token))
    return "".join(tokens)


def _reason_to_set_aside(note: Prepared) -> SetAsideReason | None:
    if not note.words:
        if note.note.unworded is not None:
            return note.note.unworded
        return SetAsideReason.NO_WORDS if note.note.rating is None else SetAsideReason.RATING_ONLY
    return SetAsideReason.MEANINGLESS if is_meaningless(note.words) else None


def _merge(notes: Iterable[Prepared]) -> tuple[tuple[Prepared, ...], tuple[Prepared, ...], list[Merged]]:
    """Those that stand, those merged into one of them, and which into which.

    What staff marked is never merged: the same words twice are two promises.
    """
    first: dict[str, Prepared] = {}
    echoes: dict[str, list[Prepared]] = {}
    for note in notes:
        own = note.number if note.note.kind in STAFF_KINDS else ""
        into = first.setdefault(f"{own} {same_wording(note.words) or note.words}", note)
        if into is not note:
            echoes.setdefault(into.number, []).append(note)
    merged = [Merged(into, tuple(echo.number for echo in some)) for into, some in echoes.items()]
    return tuple(first.values()), tuple(echo for some in echoes.values() for echo in some), merged


def _set_aside(
    notes: tuple[Prepared, ...], proposed: dict[str, SetAsideReason]
) -> tuple[list[Prepared], tuple[SetAside, ...]]:
    remaining: list[Prepared] = []
    aside: dict[SetAsideReason, list[str]] = {}
    for note in notes:
        reason = _reason_to_set_aside(note) or proposed.get(note.number)
        if reason is None:
            remaining.append(note)
        else:
            aside.setdefault(reason, []).append(note.number)
    return remaining, tuple(
        SetAside(reason, tuple(aside[reason])) for reason in SetAsideReason if reason in aside
    )


@dataclass(frozen=True, slots=True)
class _Places:
    """Where notes may go. `themes` are those of the day's buttons, then those that were proposed, by key."""

    buttons: dict[str, Topic]
    proposed: dict[str, Topic]
    theme_of: dict[str, str]
    """Of a note that was proposed for one (by number): the theme's key."""

    def theme(self, note: Prepared) -> str | None:
        """What people said goes before what was proposed; what staff marked is never proposed for anything."""
        if (chosen := note.note.filed_under(self.buttons)) is not None:
            return chosen
        return None if note.note.kind in STAFF_KINDS else self.theme_of.get(note.number)


def _places(day: DayInput, proposals: Proposals) -> _Places:
    buttons = {topic.key: topic for topic in day.topics if not topic.is_rest}
    proposed: dict[str, Topic] = {}
    theme_of: dict[str, str] = {}
    for place, theme in enumerate(proposals.themes):
        key = theme.topic if theme.topic in buttons else f"{_PROPOSED}{place}"
        if key not in buttons:
            proposed[key] = Topic("", theme.title)
        theme_of |= {number: key for number in theme.notes if number not in theme_of}
    return _Places(buttons, proposed, theme_of)


_PROPOSED = "~"
"""Begins no key of a topic file."""


def group(day: DayInput, notes: tuple[Prepared, ...], proposals: Proposals = NOTHING) -> Grouped:
    """The notes (in the order of their numbers) sorted. Themes with more voices come first.

    A proposal counts only for notes whose author chose no topic (or the rest topic) and that staff neither sorted nor marked.
    """
    places = _places(day, proposals)
    doubtful = {number: reason for reason, numbers in proposals.aside for number in numbers}
    filed = {
        note.number
        for note in notes
        if note.note.filed_under(places.buttons) is not None or note.note.kind in STAFF_KINDS
    }
    said, set_aside = _set_aside(notes, {n: reason for n, reason in doubtful.items() if n not in filed})
    by_theme: dict[str, list[Prepared]] = {}
    by_meeting: dict[str | None, list[Prepared]] = {}
    apart: list[Prepared] = []
    meetings = {meeting.key: meeting.order for meeting in day.meetings}
    for note in said:
        theme = places.theme(note)
        if theme is not None:
            by_theme.setdefault(theme, []).append(note)
        elif note.note.kind in STAFF_KINDS:
            apart.append(note)
        else:
            meeting = note.note.meeting if note.note.meeting in meetings else None
            by_meeting.setdefault(meeting, []).append(note)
    merged: list[Merged] = []
    groups: list[Group] = []
    for key, topic in (places.buttons | places.proposed).items():
        if key in by_theme:
            standing, echoes, some = _merge(by_theme[key])
            groups.append(Group(topic, standing, echoes))
            merged += some
    leftovers: list[Leftover] = []
    for meeting in sorted(by_meeting, key=lambda key: (key is None, meetings.get(key or "", 0), key or "")):
        standing, _, some = _merge(by_meeting[meeting])
        leftovers.append(Leftover(meeting, standing))
        merged += some
    groups.sort(key=lambda one: -len({note.note.voice for note in one.everything}))
    return Grouped(tuple(groups), tuple(apart), tuple(leftovers), tuple(merged), set_aside)
