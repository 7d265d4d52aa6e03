"""What was read in one text: its words and two vectors of its meaning. Made once, at intake, and kept with the note.

It is made of a note's words: whoever destroys a note destroys its reading. About 1.7 KB as bytes.
"""

import json
import struct
import sys
import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SENSE_SIZE = 512
"""Numbers of the sentence encoder's vector (Universal Sentence Encoder, multilingual)."""
GIST_SIZE = 150
"""Numbers of the vector made of the words' own vectors (out of the morphological analyser's language model)."""

_MAGIC = b"HR1"
_HEAD = struct.Struct("<3sI")
_FLOAT = np.dtype("<f2")
_MOST_BYTES = 1 << 20
"""What the words of a reading may take unpacked: a guard against a forged one, far above the longest note's."""


class ReadingInvalid(ValueError):
    """Bytes that are no reading of this form: cut, forged, or of another version of the form."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase; the text that was read holds it at `start` to `end` (characters)."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading:
    """`words`: content words in their order, verbs ending in 다. `forms`: nouns and compounds of neighbouring nouns.

    `sense` and `gist` are little-endian half floats, empty when there was nothing to read; `gist` is not of length 1.
    Readings of different `version`s cannot be compared: what is not of the running version is read again.
    """

    version: str
    words: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    sense: bytes = b""
    gist: bytes = b""

    def __post_init__(self) -> None:
        for vector, size in ((self.sense, SENSE_SIZE), (self.gist, GIST_SIZE)):
            if len(vector) not in (0, size * _FLOAT.itemsize):
                raise ReadingInvalid("a vector of another size")

    @property
    def is_blank(self) -> bool:
        return not self.sense

    def to_bytes(self) -> bytes:
        parts = {
            "v": self.version,
            "w": self.words,
            "f": self.forms,
            "p": [[one.text, one.start, one.end] for one in self.phrases],
        }
        packed = zlib.compress(json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode(), 6)
        return _HEAD.pack(_MAGIC, len(packed)) + packed + self.sense + self.gist

    @classmethod
    def from_bytes(cls, data: bytes) -> "Reading":
        """Raises ReadingInvalid."""
        try:
            magic, size = _HEAD.unpack_from(data)
            words_end = _HEAD.size + size
            unpacker = zlib.decompressobj()
            parts = json.loads(unpacker.decompress(data[_HEAD.size : words_end], _MOST_BYTES))
            if magic != _MAGIC or not unpacker.eof:
                raise ReadingInvalid("not a reading")
            vectors = data[words_end:]
            sense_end = SENSE_SIZE * _FLOAT.itemsize if len(vectors) >= SENSE_SIZE * _FLOAT.itemsize else 0
            return cls(
                version=str(parts["v"]),
                words=tuple(map(_shared, parts["w"])),
                forms=tuple(map(_shared, parts["f"])),
                phrases=tuple(Phrase(_shared(text), int(start), int(end)) for text, start, end in parts["p"]),
                sense=vectors[:sense_end],
                gist=vectors[sense_end:],
            )
        except ReadingInvalid:
            raise
        except (struct.error, zlib.error, ValueError, KeyError, TypeError) as error:
            raise ReadingInvalid("not a reading") from error


def _shared(word: object) -> str:
    """A day's notes say the same words: each is held once, however many say it."""
    return sys.intern(str(word))


def packed(vector: NDArray[np.floating]) -> bytes:
    """A vector as a reading keeps it. What no half float can hold (too large, not a number) becomes 0."""
    return np.nan_to_num(vector.astype(_FLOAT), nan=0.0, posinf=0.0, neginf=0.0).tobytes()


def unpacked(vectors: list[bytes], size: int) -> NDArray[np.float32]:
    """Vectors out of readings, one a row; a row of zeros for an empty one."""
    blank = bytes(size * _FLOAT.itemsize)
    joined = b"".join(vector or blank for vector in vectors)
    return np.frombuffer(joined, _FLOAT).reshape(len(vectors), size).astype(np.float32)
