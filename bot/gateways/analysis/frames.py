"""What the bot and its child say to each other over two pipes: frames of a length (four bytes, big-endian) and that many bytes.

A request is a JSON list of texts in ASCII (a lone surrogate survives as an escape); an answer is a letter and what belongs to it.
Standard library only: the child imports it before anything else.
"""

import json
import struct
from collections.abc import Iterable, Sequence

HEAD = struct.Struct(">I")
MOST_BYTES = 16 << 20
"""No frame is longer: a length beyond it is garbage."""

HELLO, READ, FAILED = b"H", b"R", b"F"
"""First bytes of an answer: the packages are loaded; readings; these texts could not be read."""


class Garbled(Exception):
    """Bytes that are no frame, or no answer to what was asked."""


def frame(payload: bytes) -> bytes:
    return HEAD.pack(len(payload)) + payload


def length_of(head: bytes) -> int:
    """Raises Garbled."""
    (length,) = HEAD.unpack(head)
    if length > MOST_BYTES:
        raise Garbled
    return int(length)


def asked(texts: Sequence[str]) -> bytes:
    return json.dumps(list(texts)).encode("ascii")


def texts_of(payload: bytes) -> list[str]:
    return [str(text) for text in json.loads(payload)]


def answered(parts: Iterable[bytes]) -> bytes:
    return READ + b"".join(map(frame, parts))


def parts_of(payload: bytes, count: int) -> list[bytes]:
    """Exactly `count` of them. Raises Garbled."""
    if payload[:1] != READ:
        raise Garbled
    parts, at = [], 1
    while at < len(payload):
        head = payload[at : at + HEAD.size]
        if len(head) < HEAD.size:
            raise Garbled
        end = at + HEAD.size + length_of(head)
        if end > len(payload):
            raise Garbled
        parts.append(payload[at + HEAD.size : end])
        at = end
    if len(parts) != count:
        raise Garbled
    return parts
