"""Sides that stand beside each other in a report: young people and workers, companies, government and institutions.

A side is what its members are, never what they want: nothing here says that anybody agrees or differs.
"""

from collections.abc import Mapping
from enum import StrEnum

from bot.domain.digest import SHIELD_BELOW, Finding
from bot.domain.feedback import Speaker


class Side(StrEnum):
    PEOPLE = "people"
    COMPANIES = "companies"
    OFFICES = "offices"
    STAFF = "staff"
    OTHER = "other"


SIDE_OF = {
    Speaker.YOUTH: Side.PEOPLE,
    Speaker.WORKER: Side.PEOPLE,
    Speaker.COMPANY: Side.COMPANIES,
    Speaker.GOVERNMENT: Side.OFFICES,
    Speaker.INSTITUTION: Side.OFFICES,
    Speaker.STAFF: Side.STAFF,
    Speaker.OTHER: Side.OTHER,
}
VOICES = (Side.PEOPLE, Side.COMPANIES, Side.OFFICES)
"""The sides that a report sets beside each other."""
_LEAST_SHARE = 0.15
"""Of a theme's voices: a smaller side is heard among the others."""


def voices_by_side(by_speaker: Mapping[Speaker, int]) -> dict[Side, int]:
    """Voices by side, in the order of Side; sides without a voice are left out."""
    voices: dict[Side, int] = {}
    for speaker, count in by_speaker.items():
        voices[SIDE_OF[speaker]] = voices.get(SIDE_OF[speaker], 0) + count
    return {side: voices[side] for side in Side if voices.get(side)}


def large_sides(by_speaker: Mapping[Speaker, int]) -> tuple[Side, ...]:
    """The sides whose words stand for themselves in a theme, the largest first: five voices, and a share of them all.

    That several are large is seen from a title. So that no small side follows from it and from the theme's total,
    it must leave five voices that may be anybody's.
    """
    voices = voices_by_side(by_speaker)
    together = sum(voices.values())
    least = max(SHIELD_BELOW, _LEAST_SHARE * together)
    large = sorted((side for side in VOICES if voices.get(side, 0) >= least), key=lambda side: -voices[side])
    most = max(1, together // SHIELD_BELOW - 1)
    return tuple(large[:most])


def side_of(finding: Finding) -> Side | None:
    """The side that a finding's words are of, where all of its quotes may be named and are of one."""
    sides = {SIDE_OF[quote.speaker] if quote.speaker else None for quote in finding.quotes}
    return sides.pop() if len(sides) == 1 else None
