"""Meetings of an answer: one that a question names narrows it, and words are shown under theirs, where five spoke.

A report tells of a quoted note seldom at which meeting it was said. An answer must not tell more of who it was: a meeting
is named, or narrows, only where five voices of the report spoke there; beside a speaker only where five of that group did.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from bot.domain.digest import SHIELD_BELOW
from bot.domain.feedback import Speaker
from bot.domain.ids import MeetingId
from bot.services.questions.editions import OpenDay, Place
from bot.services.unit import Unit
from storage.repositories.search import Spoke

_SHORTEST_TITLE = 4


@dataclass(frozen=True, slots=True)
class Named:
    """The meeting that a question names, with the numbers of the report's notes of it. `few`: fewer than five spoke there,
    or nobody: it narrows nothing."""

    place: Place
    title: str
    numbers: frozenset[str]
    few: bool


async def meeting_named(unit: Unit, question: str, days: Mapping[Place, OpenDay]) -> Named | None:
    """None where no meeting is named, or several are alike. Of titles that hold each other the longest counts."""
    plain = _plain(question)
    found: list[tuple[Place, MeetingId, str]] = []
    if not days:
        return None
    for one in await unit.meetings.between(min(day for _, day in days), max(day for _, day in days)):
        place = (one.region, one.day)
        if place in days and len(_plain(one.title)) >= _SHORTEST_TITLE and _plain(one.title) in plain:
            found.append((place, one.id, one.title))
    longest = max((len(title) for _, _, title in found), default=0)
    found = [one for one in found if len(one[2]) == longest]
    if len(found) != 1:
        return None
    ((place, meeting, title),) = found
    everybody = await _spoke(unit, days[place])
    spoke = [one for one in everybody if one.meeting == meeting]
    small = _of_small_meetings(everybody)
    few = len({one.voice for one in spoke}) < SHIELD_BELOW or 0 < len(small) < SHIELD_BELOW
    return Named(place, title, frozenset(one.number for one in spoke), few)


def _of_small_meetings(spoke: Collection[Spoke]) -> set[str]:
    """The voices of meetings at which fewer than five spoke: what is left of a day without its other meetings. Of five and
    more together nobody can tell which; of fewer the day's answers and its other meetings' would tell them."""
    voices: dict[MeetingId | None, set[str]] = {}
    for one in spoke:
        voices.setdefault(one.meeting, set()).add(one.voice)
    return {voice for some in voices.values() if len(some) < SHIELD_BELOW for voice in some}


@dataclass(frozen=True, slots=True)
class Told:
    """Of a note of an answer: who speaks and at which meeting, as far as either may be told."""

    speaker: Speaker | None
    meeting: str | None


async def told_of(unit: Unit, day: OpenDay, numbers: Collection[str], *, narrowed: bool) -> dict[str, Told]:
    """`narrowed`: the reader knows the meeting, because the question named it."""
    spoke = await _spoke(unit, day)
    titles = {one.id: one.title for one in await unit.meetings.of_day(day.region, day.day)}
    at: dict[MeetingId | None, set[str]] = {}
    cells: dict[tuple[MeetingId | None, Speaker], set[str]] = {}
    for one in spoke:
        at.setdefault(one.meeting, set()).add(one.voice)
        cells.setdefault((one.meeting, one.speaker), set()).add(one.voice)
    told: dict[str, Told] = {}
    for one in spoke:
        if one.number in numbers:
            together = len(cells[one.meeting, one.speaker]) >= SHIELD_BELOW
            many = one.meeting is not None and len(at[one.meeting]) >= SHIELD_BELOW
            speaker = day.speaker_of(one.number, one.speaker)
            if narrowed:
                told[one.number] = Told(speaker if together else None, None)
            elif speaker is None:
                told[one.number] = Told(None, None)
            else:
                told[one.number] = Told(
                    speaker, titles.get(one.meeting) if many and together and one.meeting else None
                )
    return told


async def _spoke(unit: Unit, day: OpenDay) -> list[Spoke]:
    return [one for one in await unit.search.who_spoke(day.region, day.day) if one.number in day.notes]


def _plain(text: str) -> str:
    return "".join(one for one in text if one.isalnum()).casefold()
