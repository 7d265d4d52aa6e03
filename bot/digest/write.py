"""Writes a digest extractively: everything it says is quoted, nothing is claimed about who agrees with whom.

A theme shows one to three central sentences, one to three requests apart, all that staff marked as request,
promise or hearsay, and what stands apart. A single voice makes no theme: it stands alone as a minority.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.digest.choose import candidates, choose
from bot.digest.count import average_rating, by_speaker, rated_voices
from bot.digest.group import STAFF_KINDS, Group, Grouped
from bot.digest.minority import stands_apart
from bot.digest.prepare import Prepared
from bot.digest.units import Unit, clean_spans, units
from bot.digest.vectors import Weights, centre
from bot.domain.digest import SHIELD_BELOW, DayInput, Finding, FindingKind, Quote, Theme, Unplaced
from bot.domain.feedback import NoteKind, Speaker

MOST_SENTENCES = 3
"""Of one theme: central sentences, and as many requests (one to three each)."""
_LONGEST_CONTEXT = 600
"""A note up to this long stands whole behind its sentence; of a longer one, the sentence alone."""
_KINDS = {
    NoteKind.REQUEST: FindingKind.REQUEST,
    NoteKind.PROMISE: FindingKind.PROMISE,
    NoteKind.HEARSAY: FindingKind.HEARSAY,
}


@dataclass(frozen=True, slots=True)
class Written:
    """What was written before the checks."""

    themes: tuple[Theme, ...]
    minority: tuple[Finding, ...]
    apart: tuple[Finding, ...]
    unplaced: tuple[Unplaced, ...]


class Writer:
    """Holds what all themes of a day share: the weights of words, and which groups are large enough to name."""

    def __init__(self, day: DayInput, grouped: Grouped) -> None:
        self._titles = {meeting.key: meeting.title for meeting in day.meetings}
        self._weights = Weights(note.words for group in grouped.groups for note in group.notes)
        self._named = {s for s, voices in by_speaker(day.notes).items() if voices >= SHIELD_BELOW} | {
            Speaker.STAFF
        }
        speakers = {note.number: note.speaker for note in day.notes}
        self._several = {
            merged.into
            for merged in grouped.merged
            if any(speakers[n] != speakers[merged.into] for n in merged.notes)
        }

    def theme(self, group: Group) -> Theme:
        remarks = [note for note in group.notes if note.note.kind not in STAFF_KINDS]
        vectors = {note.number: self._weights.vector(note.words) for note in group.notes}
        middle = centre(vectors.values())
        apart = stands_apart(group, vectors, middle)
        spoken: set[str] = {unit.voice for unit in apart}
        heard: set[Speaker] = set()
        found = self._quotable(remarks)
        ranked = candidates(found, [self._weights.vector(unit.text) for unit in found], middle)
        asking = [one for one in ranked if one.unit.asks]
        telling = [one for one in ranked if not one.unit.asks]
        if len({note.note.voice for note in remarks}) > 2 * MOST_SENTENCES:
            told = choose(telling, MOST_SENTENCES, spoken, heard)
            asked = choose(asking, MOST_SENTENCES, spoken, heard)
        else:  # with few voices, what they ask must not be lost to what they tell: one is quoted per voice
            asked = choose(asking, MOST_SENTENCES, spoken, heard)
            told = choose(telling, MOST_SENTENCES, spoken, heard)
        findings = [self._finding(unit, FindingKind.FINDING) for unit in told]
        findings += [self._finding(unit, FindingKind.REQUEST) for unit in asked]
        findings += self._marked(note for note in group.notes if note.note.kind in STAFF_KINDS)
        findings += [self._finding(unit, FindingKind.MINORITY) for unit in apart]
        said = [note.note for note in group.everything]
        return Theme(
            title=group.topic.title,
            notes=tuple(note.number for note in group.everything),
            by_speaker=by_speaker(said),
            rating_average=average_rating(said),
            findings=tuple(findings),
            rated_voices=rated_voices(said),
        )

    def alone(self, group: Group) -> tuple[list[Finding], list[Finding]]:
        """A topic with one voice: its minority findings, and what staff marked."""
        minority = []
        for note in group.notes:
            best = max(units(note), key=lambda unit: unit.shape, default=None)
            if note.note.kind not in STAFF_KINDS and best is not None:
                minority.append(self._finding(best, FindingKind.MINORITY, about=group.topic.title))
        marked = self._marked((n for n in group.notes if n.note.kind in STAFF_KINDS), about=group.topic.title)
        return minority, marked

    def apart(self, notes: Iterable[Prepared]) -> list[Finding]:
        return self._marked(notes)

    def unplaced(self, meeting: str | None, notes: tuple[Prepared, ...]) -> Unplaced:
        return Unplaced(
            meeting=meeting,
            meeting_title=self._titles.get(meeting) if meeting else None,
            notes=tuple(note.number for note in notes),
            quotes=tuple(
                self._quote(note, words, named=True) for note in notes for words in clean_spans(note)
            ),
        )

    @staticmethod
    def _quotable(notes: list[Prepared]) -> list[Unit]:
        """Pieces of notes without a link or an order in them; of the others only when there is nothing else."""
        good = [unit for note in notes if note.quotable_whole for unit in units(note)]
        return good or [unit for note in notes for unit in units(note)]

    def _marked(self, notes: Iterable[Prepared], about: str | None = None) -> list[Finding]:
        """What staff marked with a button: always in the digest, whole where it is short."""
        findings = []
        for note in notes:
            spans = clean_spans(note)
            if spans:
                kind = _KINDS[note.note.kind]
                quotes = tuple(self._quote(note, span, named=True) for span in spans)
                findings.append(Finding(kind, spans[0], (note.number,), quotes, about))
        return findings

    def _finding(self, unit: Unit, kind: FindingKind, about: str | None = None) -> Finding:
        quote = self.quote_behind(unit.note, unit.text, named=kind is not FindingKind.MINORITY)
        return Finding(kind, unit.text, (unit.note.number,), (quote,), about)

    def quote_behind(self, note: Prepared, words: str, *, named: bool = True) -> Quote:
        """The quote behind a sentence that rests on `words` of a note: the whole note where it is short."""
        whole = note.quotable_whole and len(note.words) <= _LONGEST_CONTEXT
        return self._quote(note, note.words if whole else words, named=named)

    def _quote(self, note: Prepared, text: str, *, named: bool) -> Quote:
        speaker = note.note.speaker
        sayable = named and speaker in self._named and note.number not in self._several
        return Quote(note.number, text, speaker if sayable else None)


def write(day: DayInput, grouped: Grouped) -> Written:
    writer = Writer(day, grouped)
    themes: list[Theme] = []
    minority: list[Finding] = []
    apart = writer.apart(grouped.apart)
    for group in grouped.groups:
        if len({note.note.voice for note in group.everything}) > 1:
            themes.append(writer.theme(group))
            continue
        alone, marked = writer.alone(group)
        minority += alone
        apart += marked
        quoted = {number for finding in (*alone, *marked) for number in finding.notes}
        if not all(note.number in quoted for note in group.notes):
            themes.append(writer.theme(group))
            minority = [one for one in minority if one not in alone]
            apart = [one for one in apart if one not in marked]
    unplaced = tuple(writer.unplaced(leftover.meeting, leftover.notes) for leftover in grouped.leftovers)
    return Written(tuple(themes), tuple(minority), tuple(apart), unplaced)
