"""Readings of the labelled notes and of the library that ships, made by the real packages in a process of their own.

Run as a program it reads a JSON list of texts from its input and writes their readings, each after its length.
"""

import json
import struct
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from bot.digest.grouping.library import Library, library_of, shipped_topics
from bot.digest.grouping.reading import Reading
from bot.digest.grouping.views import TopicViews, topic_views
from bot.digest.prepare import prepare
from bot.domain.digest import DayInput, Topic
from bot.domain.ids import NoteId
from tests.support.corpus import corpus_day, rows

_ROOT = Path(__file__).parents[2]
_HEAD = struct.Struct("<I")
DEVELOPMENT = ("jeonbuk_2026-01-22", "southeast_2026-01-23", "edge_cases")
PLAIN = ("plain_gangwon_2026-02-04", "plain_chungcheong_2026-02-06")
INDIRECT = ("indirect_daegyeong_2026-02-05", "indirect_daily_life")


def read(texts: Sequence[str]) -> tuple[Reading, ...]:
    program = [sys.executable, "-m", "tests.support.reading_corpora"]
    asked = json.dumps(list(texts)).encode()
    done = subprocess.run(program, input=asked, stdout=subprocess.PIPE, cwd=_ROOT, check=True, timeout=100)
    readings, at = [], 0
    while at < len(done.stdout):
        (size,) = _HEAD.unpack_from(done.stdout, at)
        readings.append(Reading.from_bytes(done.stdout[at + _HEAD.size : at + _HEAD.size + size]))
        at += _HEAD.size + size
    return tuple(readings)


@cache
def of_everything() -> Callable[[str], Reading]:
    """The reading of any text of the labelled sets, of the questions and of the library. Takes some seconds, once a process."""
    texts = {note.words for name in (*DEVELOPMENT, *PLAIN, *INDIRECT) for note in prepare(corpus_day(name))}
    listed = sorted(
        {*texts, *library_of(shipped_topics()).texts, *(row["question"] for row in rows("questions"))}
    )
    return dict(zip(listed, read(listed), strict=True)).__getitem__


def readings_of(day: DayInput) -> dict[NoteId, Reading]:
    return {note.note.id: of_everything()(note.words) for note in prepare(day)}


def views_for(topics: Sequence[Topic]) -> TopicViews:
    return _views(library_of(topics))


@cache
def _views(library: Library) -> TopicViews:
    return topic_views(library, [of_everything()(text) for text in library.texts])


def _main() -> None:
    from bot.gateways.analysis.korean import Korean

    for reading in Korean().read(json.loads(sys.stdin.buffer.read())):
        data = reading.to_bytes()
        sys.stdout.buffer.write(_HEAD.pack(len(data)) + data)


if __name__ == "__main__":
    _main()
