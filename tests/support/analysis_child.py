"""A child process that behaves as told: `python analysis_child.py STARTS_FILE VERSION [how it starts]`.

Each start adds a line (its process id) to STARTS_FILE. A text is read word by word, unless it says what to do instead.
"""

import json
import os
import struct
import sys
import threading
import zlib
from pathlib import Path

DIES, HANGS, BABBLES, BOASTS, STALE, REFUSED = "죽음", "멈춤", "쓰레기", "거짓길이", "옛판", "못읽음"


def reading(version: str, text: str) -> bytes:
    """In the form of bot.digest.grouping.reading, without numpy, which takes longer to load than all the rest."""
    parts = {"v": version, "w": text.split(), "f": [], "p": []}
    packed = zlib.compress(json.dumps(parts).encode())
    return struct.pack("<3sI", b"HR1", len(packed)) + packed


def frame(payload: bytes) -> bytes:
    return struct.pack(">I", len(payload)) + payload


def answer(texts: list[str], version: str) -> bytes:
    together = " ".join(texts)
    if DIES in together:
        os._exit(9)
    if HANGS in together:
        threading.Event().wait()
    if BABBLES in together:
        return b"\x00\x00\x00\x20 no answer at all"
    if BOASTS in together:
        return b"\xff\xff\xff\xff"
    if REFUSED in together:
        return frame(b"FValueError")
    told = "0" if STALE in together else version
    return frame(b"R" + b"".join(frame(reading(told, text)) for text in texts))


def main() -> None:
    starts, version, *how = sys.argv[1:]
    with Path(starts).open("a", encoding="utf-8") as file:
        file.write(f"{os.getpid()}\n")
    if how == ["not at all"]:
        sys.exit(1)
    if how == ["never"]:
        threading.Event().wait()
    said = sys.stdout.buffer
    said.write(frame(b"H" + ("0" if how == ["old"] else version).encode()))
    said.flush()
    while head := sys.stdin.buffer.read(4):
        texts = json.loads(sys.stdin.buffer.read(int.from_bytes(head, "big")))
        said.write(answer(texts, version))
        said.flush()


if __name__ == "__main__":
    main()
