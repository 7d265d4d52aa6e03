"""One theme in a language model's hands: what it gets to see, what is asked of it, what is kept of its answers."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.digest.group import STAFF_KINDS, Group
from bot.digest.model_check import Judge, Judged
from bot.digest.model_form import Sentence, ThemeText
from bot.digest.model_prompt import Fault, Rejected, ask, ask_again
from bot.digest.ports import LanguageModel, ModelFailed, Request
from bot.digest.prepare import Prepared
from bot.digest.redaction.kinds import LINK_MARK
from bot.digest.units import clean_spans
from bot.digest.vectors import Weights, centre, likeness
from bot.domain.digest import Finding, FindingKind, Theme
from bot.domain.feedback import Source

MAY_GO_ABROAD = frozenset({Source.STAFF, Source.IMPORT})
"""Whose words may go to a machine that is not the operator's (docs/privacy.md). Participants
agreed to no such receiver: theirs stay, and are written extractively."""
MOST_CHARACTERS = 8000
"""Of all notes in one request: small models read about as many tokens. What is nearest to the theme's middle goes first."""
MOST_OF_A_KIND = 3


@dataclass(frozen=True, slots=True)
class Task:
    """A theme to be written. `place` is its place in the digest; `offered` are notes by the name the model gets for them."""

    place: int
    title: str
    offered: dict[str, Prepared]
    judge: Judge

    @property
    def words(self) -> dict[str, str]:
        return {name: _words(note) for name, note in self.offered.items()}

    @property
    def request(self) -> Request:
        return ask(self.title, self.words)


@dataclass(frozen=True, slots=True)
class Text:
    """What is left of a model's words on a theme after the checks, and what they cost. `dropped` sentences were given up."""

    findings: tuple[Finding, ...]
    dropped: int
    tokens: int
    estimated: bool = False


def offered_notes(theme: Theme, group: Group, *, abroad: bool) -> list[Prepared]:
    """The notes that the model may write about: not those that reach the reader anyway (what staff marked, what stands
    apart), not those that may not leave, nothing of an order to a summariser."""
    apart = {n for finding in theme.findings if finding.kind is FindingKind.MINORITY for n in finding.notes}
    notes = [
        note
        for note in group.notes
        if note.note.kind not in STAFF_KINDS
        and note.number not in apart
        and (not abroad or note.note.source in MAY_GO_ABROAD)
        and _words(note).replace(LINK_MARK, "").strip()
    ]
    return _fitting(notes)


def _words(note: Prepared) -> str:
    return "\n".join(clean_spans(note))


def _fitting(notes: list[Prepared]) -> list[Prepared]:
    if sum(len(note.words) for note in notes) <= MOST_CHARACTERS:
        return notes
    weights = Weights(note.words for note in notes)
    vectors = {note.number: weights.vector(note.words) for note in notes}
    middle = centre(vectors.values())
    near = sorted(notes, key=lambda note: -likeness(vectors[note.number], middle))
    kept: set[str] = set()
    room = MOST_CHARACTERS
    for note in near:
        room -= len(note.words)
        if room >= 0:
            kept.add(note.number)
    return [note for note in notes if note.number in kept]


async def write_theme(model: LanguageModel, task: Task) -> Text:
    """Asks once, and once more for what did not pass. Raises ModelFailed when the first answer does not come.

    What fails for words that turn a sentence round gives way to the words of its note; anything else is dropped.
    """
    first = await model.complete(task.request, ThemeText)
    judged = _judge(task.judge, _wanted(first.value.findings))
    failed = [(sentence, verdict) for sentence, verdict in judged if verdict.finding is None]
    tokens, estimated, second = first.tokens, first.estimated, list[tuple[Sentence, Judged]]()
    if failed:
        try:
            rejected = [Rejected(sentence, verdict.faults) for sentence, verdict in failed]
            again = await model.complete(ask_again(task.title, task.words, rejected), ThemeText)
            second = _judge(task.judge, again.value.findings[: len(failed)])
            tokens, estimated = tokens + again.tokens, estimated or again.estimated
        except ModelFailed as failure:  # what passed stands by itself
            tokens, estimated = tokens + failure.tokens, estimated or failure.estimated
    still = [verdict for _, verdict in second or failed if verdict.finding is None]
    standing = [verdict.finding for _, verdict in (*judged, *second)] + [
        verdict.verbatim for verdict in still
    ]
    findings = tuple({one.text: one for one in standing if one is not None}.values())
    return Text(findings, len(judged) - len(findings), tokens, estimated)


def _wanted(sentences: Sequence[Sentence]) -> list[Sentence]:
    """The first MOST_OF_A_KIND findings and requests: as many as were asked for, whatever came."""
    kinds = ("finding", "request")
    return [s for kind in kinds for s in [one for one in sentences if one.kind == kind][:MOST_OF_A_KIND]]


def _judge(judge: Judge, sentences: Sequence[Sentence]) -> list[tuple[Sentence, Judged]]:
    seen: set[str] = set()
    judged = []
    for sentence in sentences:
        verdict = Judged(None, (Fault.REPEATED,)) if sentence.text in seen else judge(sentence)
        seen.add(sentence.text)
        judged.append((sentence, verdict))
    return judged
