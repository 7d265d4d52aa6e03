"""The samples of a half, and the measure of the redaction over them."""

import random
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

from bot.digest.redact import redact
from bot.digest.redaction.known import names_on_file
from tests.redaction import hands, later, papers, people, secrets, sentences, traps
from tests.redaction.secrets import Form

SEEN, HELD_OUT = 0, 1
_T = TypeVar("_T")
_KINDS: Final[dict[str, tuple[tuple[Form, ...], Sequence[str], int]]] = {
    "mobile": (secrets.MOBILE, sentences.REACH, 6),
    "land line": (secrets.LAND, sentences.REACH, 3),
    "resident": (secrets.RESIDENT, sentences.PAPER, 3),
    "business": (secrets.BUSINESS, sentences.PAPER, 2),
    "card": (secrets.CARD, sentences.PAPER, 2),
    "account": (papers.ACCOUNT, sentences.PAPER, 3),
    "plate": (papers.PLATE, sentences.PAPER, 2),
    "passport": (papers.PASSPORT, sentences.PAPER, 2),
    "mail": (papers.MAIL, sentences.REACH, 3),
    "known name": (people.KNOWN, sentences.PERSON, 3),
    "name and title": (people.TITLED, sentences.PERSON, 3),
    "name after a label": (people.LABELLED, sentences.SAID, 1),
}
"""Forms, the sentences around them, and how many of the samples are of the kind."""
_TRAPS: Final = {
    "documents": traps.DOCUMENTS, "money": traps.MONEY, "times": traps.TIMES, "quantities": traps.QUANTITIES, "models": traps.MODELS,
    "places": traps.PLACES, "figures": traps.FIGURES, "words": traps.WORDS, "titles": traps.TITLES,
}  # fmt: skip
_MARKED: Final = re.compile("⟦(.*?)⟧", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Sample:
    """A note in NFC and where its secrets stand: offsets of the letters and figures nobody may read."""

    kind: str
    text: str
    secret: frozenset[int] = frozenset()


@dataclass(slots=True)
class Measure:
    """Samples and failures by kind; `failed` holds the samples themselves, with what became of them."""

    all: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    failed: list[tuple[Sample, str]] = field(default_factory=list)

    @property
    def share_wrong(self) -> float:
        return self.wrong.total() / self.all.total()


def _half(of: Sequence[_T], half: int) -> Sequence[_T]:
    return of[half::2]


def _sample(kind: str, marked: str) -> Sample:
    """Takes the signs ⟦ ⟧ out of the text and remembers what stood between them."""
    text, secret, at = "", set[int](), 0
    for found in _MARKED.finditer(marked):
        text += unicodedata.normalize("NFC", marked[at : found.start()])
        inner = unicodedata.normalize("NFC", found.group(1))
        secret |= {len(text) + place for place, each in enumerate(inner) if each.isalnum()}
        text, at = text + inner, found.end()
    text += unicodedata.normalize("NFC", marked[at:])
    return Sample(kind, text, frozenset(secret))


def positives(half: int, count: int, seed: int) -> Iterator[Sample]:
    """Notes with personal data. Some are NFD or hold a hidden character elsewhere; both come out as people send them."""
    draw = random.Random(seed)
    kinds = [kind for kind, (_, _, weight) in _KINDS.items() for _ in range(weight)]
    for at in range(count):
        kind = kinds[at % len(kinds)]
        forms, around, _ = _KINDS[kind]
        sentence = draw.choice(_half(around, half))
        yield _sample(kind, sentence.format(draw.choice(_half(forms, half))(draw)))


def harmless(half: int, count: int, seed: int) -> Iterator[Sample]:
    """Notes in which nothing is personal."""
    draw = random.Random(seed)
    kinds = list(_TRAPS)
    for at in range(count):
        kind = kinds[at % len(kinds)]
        shape = traps.filled(draw.choice(_half(_TRAPS[kind], half)), draw)
        text = draw.choice(_half(traps.ABOUT, half)).format(shape)
        yield Sample(kind, unicodedata.normalize("NFC", hands.wide(text) if draw.random() < 0.05 else text))


def later_positives(_: int, count: int, seed: int) -> Iterator[Sample]:
    """The set of `later.py`, form by form."""
    draw = random.Random(seed)
    for at in range(count):
        yield _sample(f"form {at % len(later.FORMS)}", later.FORMS[at % len(later.FORMS)](draw))


def later_harmless(half: int, count: int, seed: int) -> Iterator[Sample]:
    """Its traps, each in the sentences of a half."""
    draw = random.Random(seed)
    for at in range(count):
        shape = later.TRAPS[at % len(later.TRAPS)]
        yield _sample("trap", draw.choice(_half(traps.ABOUT, half)).format(traps.filled(shape, draw)))


def measured(samples: Iterator[Sample]) -> Measure:
    """A positive is wrong when one secret character is left; a trap when anything is taken out."""
    on_file = names_on_file(people.ON_FILE, ("산단 통근버스", "청년 간담회", "전북"))
    measure = Measure()
    for sample in samples:
        taken = redact(sample.text, on_file)
        covered = {at for span in taken.spans for at in range(span.start, span.end)}
        measure.all[sample.kind] += 1
        if sample.secret - covered or (not sample.secret and taken.spans):
            measure.wrong[sample.kind] += 1
            measure.failed.append((sample, taken.text))
    return measure
