"""Writes a digest extractively: everything it says is quoted, nothing is claimed about who agrees with whom.

A theme shows one to three central sentences, one to three requests apart, all that staff marked as request,
promise or hearsay, and what stands apart. A single voice makes no theme: it stands alone as a minority.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.digest.choose import Candidate, candidates, choose
from bot.digest.contrast import ENOUGH, concedes, contrast
from bot.digest.count import average_rating, by_speaker, rated_voices
from bot.digest.group import STAFF_KINDS, Group, Grouped
from bot.digest.grouping.library import library_of
from bot.digest.keywords import Words
from bot.digest.matters import Matters
from bot.digest.minority import stands_apart
from bot.digest.points import best_points
from bot.digest.prepare import Prepared
from bot.digest.sides import Side, large_sides
from bot.digest.support import Support
from bot.digest.titles import title_of
from bot.digest.units import Unit, clean_spans, units
from bot.digest.vectors import Weights, centre
from bot.domain.approval import mark_of
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
        self._words = Words(note.words for group in grouped.groups for note in group.notes)
        self._matters = Matters(
            library_of(day.topics), [note.words for group in grouped.groups for note in group.notes]
        )
        self._again = day.editing.again_marks
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
        found = [unit for unit in self._quotable(remarks) if not self._is_rejected(unit)]
        ranked = candidates(found, [self._weights.vector(unit.text) for unit in found], middle)
        said = [note.note for note in group.everything]
        against = {note.number for note in remarks if contrast(note.words) >= ENOUGH or concedes(note.words)}
        plain = [
            one for one in ranked if one.unit.voice not in spoken and one.unit.note.number not in against
        ]
        texts = [note.words for note in group.notes]
        label = self._matters.label(group.topic, texts)
        points = best_points(plain, Support(texts, self._words, label), self._matters.names(label))
        findings = self._chosen(
            ranked, [point.unit for point in points], spoken, large_sides(by_speaker(said))
        )
        findings += self._marked(note for note in group.notes if note.note.kind in STAFF_KINDS)
        findings += [self._finding(unit, FindingKind.MINORITY) for unit in apart]
        quotes = tuple(self._quote(point.unit.note, point.clause, named=True) for point in points)
        by = by_speaker(said)
        category = group.topic.title
        return Theme(
            title=title_of(label, quotes, sum(by.values())) if quotes else category,
            notes=tuple(note.number for note in group.everything),
            by_speaker=by,
            rating_average=average_rating(said),
            findings=tuple(findings),
            rated_voices=rated_voices(said),
            category=category,
            title_quotes=quotes,
            label=label if quotes else "",
            topic=group.topic.key,
        )

    def _chosen(
        self, ranked: list[Candidate], titled: list[Unit], spoken: set[str], sides: tuple[Side, ...]
    ) -> list[Finding]:
        """What is told, then what is asked. The sentences of the title are among them."""
        heard: set[Speaker] = set()
        parts = {asks: [one for one in ranked if one.unit.asks is asks] for asks in (False, True)}
        first = {
            asks: [one for one in part if any(one.unit is unit for unit in titled)]
            for asks, part in parts.items()
        }
        for some in first.values():
            spoken |= {one.unit.voice for one in some}
        turns = sides if len(sides) > 1 else ()
        most = max(MOST_SENTENCES, 2 * len(turns))
        many = len({one.unit.voice for one in ranked}) > 2 * MOST_SENTENCES
        chosen: dict[bool, list[Unit]] = {}
        # With few voices, what they ask must not be lost to what they tell: one is quoted per voice.
        for asks in (False, True) if many else (True, False):
            chosen[asks] = choose(parts[asks], most, spoken, heard, first=first[asks], sides=turns)
        return [
            self._finding(unit, FindingKind.REQUEST if asks else FindingKind.FINDING)
            for asks in (False, True)
            for unit in chosen[asks]
        ]

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

    def _is_rejected(self, unit: Unit) -> bool:
        """Whether an editor wants something else in place of this sentence."""
        return bool(self._again) and mark_of(unit.text, (unit.note.number,)) in self._again

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

    def _may_name(self, note: Prepared) -> bool:
        """Whether who spoke may be said: of a group of five voices that day, in words that no other group said alike."""
        return note.note.speaker in self._named and note.number not in self._several

    def _quote(self, note: Prepared, text: str, *, named: bool) -> Quote:
        return Quote(note.number, text, note.note.speaker if named and self._may_name(note) else None)


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
