"""What must not be found, in every form in which a program could have written it down."""

import base64
import json
import struct
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv6Address
from urllib.parse import quote
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

SEOUL = ZoneInfo("Asia/Seoul")


@dataclass(frozen=True, slots=True)
class Canary:
    """Something that is told by `kind` ("chat id", "name" …) about somebody.

    Numbers must exceed 32 bits: a form of four bytes occurs by chance in a megabyte once in four thousand searches.
    """

    kind: str
    whose: str
    told: int | str | datetime | IPv6Address

    def forms(self) -> frozenset[bytes]:
        match self.told:
            case datetime():
                return frozenset(_of_moment(self.told))
            case IPv6Address():
                return frozenset(_of_address(self.told))
            case int():
                return frozenset(_of_number(self.told))
            case _:
                return frozenset(_of_text(self.told))


def _of_number(number: int) -> Iterable[bytes]:
    """Text, hexadecimal, integers and a float of a record, SQLite's variable-length one (rowids), and all in base64."""
    assert number >= 1 << 32, number
    text, size = str(number).encode(), max(6, (number.bit_length() + 8) // 8)
    yield from (text, f"{number:x}".encode(), f"{number:X}".encode())
    for kept in {6, 8, size}:
        yield number.to_bytes(kept, "big")
        yield number.to_bytes(kept, "little")
    yield struct.pack(">d", number)
    yield struct.pack("<d", number)
    yield _varint(number)
    for data in (text, number.to_bytes(8, "big"), number.to_bytes(8, "little")):
        yield from in_base64(data)


def _of_address(address: IPv6Address) -> Iterable[bytes]:
    """As people and programs write it, its bytes, and those of its /64, which is a household."""
    for text in (str(address), address.exploded, address.exploded.upper(), str(int(address))):
        yield text.encode()
    for data in (address.packed, address.packed[::-1], address.packed[:8]):
        yield data
        yield data.hex().encode()
        yield from in_base64(data)


def _of_text(text: str) -> Iterable[bytes]:
    for form in {text, unicodedata.normalize("NFD", text)}:
        data = form.encode()
        yield data
        yield form.encode("utf-16-le")
        yield form.encode("utf-16-be")
        yield json.dumps(form)[1:-1].encode()
        yield quote(form).encode()
        yield data.hex().encode()
        yield from in_base64(data)


def _of_moment(moment: datetime) -> Iterable[bytes]:
    """To the second, as text in UTC and in Seoul, and as seconds and milliseconds since 1970."""
    for zone in (ZoneInfo("UTC"), SEOUL):
        for form in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y%m%dT%H%M%S"):
            yield moment.astimezone(zone).strftime(form).encode()
    seconds = int(moment.timestamp())
    yield str(seconds).encode()
    yield (seconds * 1000).to_bytes(6, "big")
    yield (seconds * 1_000_000).to_bytes(8, "big")


def in_base64(data: bytes) -> Iterable[bytes]:
    """As it stands inside something longer, at each of the three places that a byte can have."""
    for before, lost in ((0, 0), (1, 2), (2, 3)):
        coded = base64.b64encode(b"\0" * before + data)
        inside = coded[lost : len(coded) - 4] if (before + len(data)) % 3 else coded[lost:]
        yield inside
        yield inside.replace(b"+", b"-").replace(b"/", b"_")


def _varint(number: int) -> bytes:
    parts = [number & 0x7F]
    while number := number >> 7:
        parts.append(number & 0x7F | 0x80)
    return bytes(reversed(parts))


def found(canaries: Iterable[Canary], places: Mapping[str, bytes]) -> list[tuple[str, str, str]]:
    """(kind, whose, place) of everything that is there in any form."""
    known = _triples(places.values())
    hits = []
    for one in set(canaries):
        forms = [form for form in one.forms() if known[_triples_of(form)].all()]
        hits += [
            (one.kind, one.whose, place) for place, data in places.items() if any(f in data for f in forms)
        ]
    return sorted(hits)


def _triples(contents: Iterable[bytes]) -> npt.NDArray[np.bool_]:
    """Which sequences of three bytes occur at all: megabytes are then searched only for what may be in them."""
    known = np.zeros(1 << 24, dtype=np.bool_)
    for content in contents:
        known[_triples_of(content)] = True
    return known


def _triples_of(content: bytes) -> npt.NDArray[np.integer]:
    data = np.frombuffer(content, dtype=np.uint8).astype(np.uint32)
    return data[:-2] << 16 | data[1:-1] << 8 | data[2:]
