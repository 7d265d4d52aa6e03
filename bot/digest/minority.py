"""Which notes of a theme stand apart: the quiet remark that a choice by likeness would bury.

Four signs, the surest first: the author says so ("다른 의견입니다"); the note sets itself against what others say
("…는 말씀들 많은데 저는", bot.digest.contrast); one person (two of thirty) speaks where everybody else is of another
group; no other note uses such words. None of them says that anybody is for or
against anything.
"""

import re
from collections.abc import Mapping
from statistics import median

from bot.digest.contrast import ENOUGH, contrast
from bot.digest.group import Group
from bot.digest.prepare import Prepared
from bot.digest.units import Unit, units
from bot.digest.vectors import Vector, likeness
from bot.domain.digest import SHIELD_BELOW
from bot.domain.feedback import Speaker

_SAYS_SO = re.compile(
    r"소수\s?의견|다른\s?의견(?:입니다|이에요|이요|인데)|의견이\s?(?:좀\s?)?다(?:릅|르|른데)|생각이\s?(?:좀\s?)?다(?:릅|르|름|른)|^반대로"
    r"|[.!?]\s*반대로\s|반댈세|(?:저는|나는|전)\s?반대(?:입니다|합니다|예요|에요)|동의(?:하지|가)\s?않|동의\s?못|반대만\s?하는"
)
_PEOPLE_WHO_COME_ALONE = frozenset({Speaker.YOUTH, Speaker.WORKER, Speaker.OTHER})
_OFFICIAL = frozenset({Speaker.GOVERNMENT, Speaker.INSTITUTION, Speaker.STAFF})
"""An office whose words are unlike the others' has another task, not another opinion."""
_MOST = 3
_MOST_AGAINST = 4
_GREATEST_SHARE = 0.2
"""Dissent of more than a fifth of the voices is a side, not a minority: it is quoted among the findings."""
_TWO, _MANY = 2, 30
"""Two voices of a group are as alone among thirty as one is among fifteen."""
_FAR = 0.6
"""Words are unlike the others' when they are nearer to the theme's middle by less than this part of the usual."""
_LONGEST = 160


def _declared(group: Group, voices: int) -> list[Prepared]:
    saying = [note for note in group.notes if _SAYS_SO.search(note.words)]
    if len({note.note.voice for note in saying}) > max(1, round(voices * _GREATEST_SHARE)):
        return []
    return saying[:_MOST]


def _against_the_others(group: Group, voices: int) -> list[Prepared]:
    """Notes that set themselves against what others say, by how plainly they do; few, or it is a side."""
    signs = {note.number: contrast(note.words) for note in group.notes if note.quotable_whole}
    found = [note for note in group.notes if signs.get(note.number, 0) >= ENOUGH]
    found.sort(key=lambda note: -signs[note.number])
    return found[: min(_MOST_AGAINST, max(1, round(voices * _GREATEST_SHARE)))]


def _alone(group: Group) -> list[Prepared]:
    """Notes of the only voice of its group (of two among many), for groups whose members come as private people."""
    voices: dict[Speaker, set[str]] = {}
    for note in group.everything:
        voices.setdefault(note.note.speaker, set()).add(note.note.voice)
    few = _TWO if sum(map(len, voices.values())) >= _MANY else 1
    lonely = {speaker for speaker in _PEOPLE_WHO_COME_ALONE if len(voices.get(speaker, ())) <= few}
    return [note for note in group.notes if note.note.speaker in lonely]


def stands_apart(group: Group, vectors: Mapping[str, Vector], middle: Vector) -> list[Unit]:
    """What is quoted as 소수의견, one per voice; empty in a theme of fewer than five voices, where all are few.

    `vectors` by note number, `middle` is the theme's common direction.
    """
    voices = len({note.note.voice for note in group.everything})
    if voices < SHIELD_BELOW:
        return []
    notes = _declared(group, voices) + _against_the_others(group, voices) + _alone(group)
    chosen = _one_each(notes, _MOST + _MOST_AGAINST + _TWO * len(_PEOPLE_WHO_COME_ALONE))
    if chosen:
        return chosen
    near = {note.number: likeness(vectors[note.number], middle) for note in group.notes}
    usual = median(near.values()) * _FAR
    unlike = [
        n
        for n in group.notes
        if near[n.number] < usual and n.quotable_whole and n.note.speaker not in _OFFICIAL
    ]
    return _one_each(sorted(unlike, key=lambda note: near[note.number]), 1, shape=0.5)


def _one_each(notes: list[Prepared], limit: int, *, shape: float = 0.0) -> list[Unit]:
    chosen: dict[str, Unit] = {}
    for note in notes:
        if note.note.voice in chosen or len(chosen) == limit:
            continue
        unit = _telling(note)
        if unit is not None and unit.shape >= shape:
            chosen[note.note.voice] = unit
    return list(chosen.values())


def _telling(note: Prepared) -> Unit | None:
    """The whole note where it is short: what stands apart is seldom one sentence. Otherwise its best piece."""
    pieces = units(note)
    if not pieces:
        return None
    best = max(pieces, key=lambda piece: (bool(_SAYS_SO.search(piece.text)), piece.shape, len(piece.text)))
    if note.quotable_whole and len(note.words) <= _LONGEST and "\n" not in note.words:
        return Unit(
            note, note.words, any(piece.asks for piece in pieces), min(piece.shape for piece in pieces)
        )
    return best
