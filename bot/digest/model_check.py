"""Judges sentences of a language model, in code. What fails does not reach a reader.

Beyond `bot.digest.check`: quotes are looked up in the notes of that theme and printed as they stand there; names,
counted things and words that turn a sentence round must be the notes' own; most words must come from the notes.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.digest.asking import asks
from bot.digest.check import holds
from bot.digest.links import has_link
from bot.digest.model_claims import new_claims, new_names
from bot.digest.model_denials import lost_denials, new_denials
from bot.digest.model_form import Sentence
from bot.digest.model_novelty import misplaced_numbers, new_numbers, new_words
from bot.digest.model_prompt import Fault
from bot.digest.model_words import NEEDLESS, denies, loses, unsaid
from bot.digest.prepare import Prepared
from bot.digest.redact import redact
from bot.digest.redaction.kinds import LINK_MARK
from bot.digest.sentences import sentences
from bot.digest.suspect import is_suspect
from bot.domain.approval import mark_of
from bot.domain.digest import Finding, FindingKind, Quote

MOST_EVIDENCE = 4
"""Notes behind one sentence: what is cited is shown, and a reader looks at few."""
_SHORTEST, _LONGEST = 8, 140
_SHORTEST_QUOTE = 6
"""Letters of a quote: one word proves nothing."""
_REACH = 12
"""Characters behind a quote in which a denial speaks of its last words."""
_LEAST_KOREAN = 0.5
"""The share of a sentence's letters that are Hangul."""
_MARKUP = re.compile(r"[<>{}\[\]`|\\*_#@\n\r\t]|(?<![A-Za-z])n\d+(?![A-Za-z])|https?:")
"""No sentence needs them; `n3` is how the request calls a note."""
_HANGUL = re.compile(r"[가-힣]")
_ASKING = re.compile(r"요청|건의|요구|촉구|바람|달라")


@dataclass(frozen=True, slots=True)
class Judged:
    """A sentence that passes as `finding`, or does not for `faults`.

    `verbatim`: the words of its first note, which say in its place what turns on words that nobody said.
    """

    finding: Finding | None
    faults: tuple[Fault, ...] = ()
    verbatim: Finding | None = None


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges one theme's sentences. `offered`: its notes by the name that the model knows them by.

    `quoting` makes the quote that is printed of a note from the words that were found in it; `on_file` are names to redact.
    `again` are the marks of sentences that an editor wants written another way.
    """

    title: str
    offered: Mapping[str, Prepared]
    quoting: Callable[[Prepared, str], Quote]
    on_file: frozenset[str]
    again: frozenset[str] = frozenset()

    def __call__(self, sentence: Sentence) -> Judged:
        text = " ".join(unicodedata.normalize("NFC", sentence.text).split())
        found, faults = self._evidence(sentence)
        if faults:
            return Judged(None, faults)
        cited = [note.words for note, _ in found]
        faults = tuple(self._faults(text, cited))
        if faults:
            return Judged(None, faults)
        kind = self._kind(sentence, cited)
        numbers = tuple(note.number for note, _ in found)
        quotes = tuple(self.quoting(note, uncut(span, note.words)) for note, span in found)
        finding = Finding(kind, text, numbers, quotes)
        if self._is_turned_down(finding):
            return Judged(None, (Fault.TURNED_DOWN,))
        if not holds(finding, {note.number: note.words for note, _ in found}, verbatim=False):
            return Judged(None, (Fault.NOT_A_REMARK,))
        meant = [uncut(span, note.words) for note, span in found]
        cut = any(loses(text, _tail(span, note.words)) for note, span in found)
        cut = cut or new_denials(text, cited) or lost_denials(text, meant)
        cut = cut or new_claims(text, cited, self.title)
        if cut or self._unsaid(text, cited, meant) or self._asks_alone(text, cited):
            return Judged(None, (Fault.DIRECTION,), self._verbatim(kind, found[0]))
        return Judged(finding)

    def _evidence(self, sentence: Sentence) -> tuple[list[tuple[Prepared, str]], tuple[Fault, ...]]:
        """The notes it cites, each once, with the words quoted as they stand there."""
        if not sentence.evidence:
            return [], (Fault.NO_EVIDENCE,)
        found: dict[str, tuple[Prepared, str]] = {}
        for evidence in sentence.evidence:
            note = self.offered.get(evidence.note)
            if note is None:
                return [], (Fault.UNKNOWN_NOTE,)
            span = locate(evidence.quote, note.words)
            if span is None or is_suspect(span) or LINK_MARK in span:
                return [], (Fault.QUOTE_NOT_FOUND,)
            found.setdefault(evidence.note, (note, span))
        return list(found.values())[:MOST_EVIDENCE], ()

    def _faults(self, text: str, cited: Sequence[str]) -> Iterable[Fault]:
        if not _in_form(text):
            yield Fault.FORM
        if has_link(text) or is_suspect(text) or redact(text, self.on_file).text != text:
            yield Fault.NOT_A_REMARK
        if new_numbers(text, cited) or misplaced_numbers(text, cited):
            yield Fault.NUMBER
        if new_names(text, cited, self.title):
            yield Fault.NAME
        if new_words(text, cited, self.title):
            yield Fault.NEW_WORDS

    @staticmethod
    def _kind(sentence: Sentence, cited: Sequence[str]) -> FindingKind:
        """A complaint is not a request: that takes a note that asks."""
        asked = sentence.kind == "request" and any(map(asks, cited))
        return FindingKind.REQUEST if asked else FindingKind.FINDING

    @staticmethod
    def _unsaid(text: str, cited: Sequence[str], meant: Sequence[str]) -> bool:
        """That something is needed is how a report says that it was asked for."""
        asked = any(map(asks, cited)) and not any(NEEDLESS.search(words) for words in cited)
        return any(family != "필요" or not asked for family in unsaid(text, cited, meant))

    @staticmethod
    def _asks_alone(text: str, cited: Sequence[str]) -> bool:
        """Whether it says that something was asked for which no note asks for."""
        return bool(_ASKING.search(text)) and not any(asks(words) or _ASKING.search(words) for words in cited)

    def _verbatim(self, kind: FindingKind, first: tuple[Prepared, str]) -> Finding | None:
        note, span = first
        said = whole_sentences(span, note.words)
        if is_suspect(said) or LINK_MARK in said:
            return None
        finding = Finding(kind, said, (note.number,), (self.quoting(note, said),))
        return None if self._is_turned_down(finding) else finding

    def _is_turned_down(self, finding: Finding) -> bool:
        return bool(self.again) and mark_of(finding.text, finding.notes) in self.again


def locate(quote: str, words: str) -> str | None:
    """The words of a note that were quoted, as they stand in it (NFC): runs of space may differ, no letter may."""
    pieces = unicodedata.normalize("NFC", quote).split()
    if sum(map(len, pieces)) < _SHORTEST_QUOTE:
        return None
    match = re.search(r"\s+".join(map(re.escape, pieces)), words)
    return match.group() if match else None


def whole_sentences(span: str, words: str) -> str:
    """The sentences of a note that `span` (words of it) stands in."""
    start = words.index(span)
    end = start + len(span)
    around = [one for one in sentences(words) if one.start < end and one.end > start]
    return words[min(start, around[0].start) : max(end, around[-1].end)] if around else span


def uncut(span: str, words: str) -> str:
    """The span, or the whole sentence where it stops short of what denies it (반대 | 하지 않습니다)."""
    return whole_sentences(span, words) if _tail(span, words) else span


def _tail(span: str, words: str) -> str:
    """What follows a span closely in its sentence, where it denies."""
    said = whole_sentences(span, words)
    rest = said[said.index(span) + len(span) :][:_REACH]
    return rest if denies(rest) else ""


def _in_form(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    return (
        _SHORTEST <= len(text) <= _LONGEST
        and not _MARKUP.search(text)
        and all(unicodedata.category(character)[0] not in "C" for character in text)
        and len(_HANGUL.findall(text)) >= _LEAST_KOREAN * len(letters)
    )
