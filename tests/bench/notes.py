"""Notes in any number: the development corpora's sentences put together anew, with other figures, so that few are alike."""

import random
import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from bot.digest.grouping.library import shipped_topics
from bot.domain.digest import DayInput, DayMeeting, DayNote
from bot.domain.feedback import Note, NoteKind, Source, Speaker, Voice
from bot.domain.ids import MeetingId, NoteId, Region, VoiceId
from tests.support.corpus import rows

REGION: Final = Region("전북")
MEETINGS: Final = 6
_CORPORA: Final = (
    "jeonbuk_2026-01-22",
    "southeast_2026-01-23",
    "plain_gangwon_2026-02-04",
    "plain_chungcheong_2026-02-06",
)
_FIGURE: Final = re.compile(r"\d+")
_SENTENCE: Final = re.compile(r"[^.!?\n]+[.!?\n]*")
_SPEAKERS: Final = (Speaker.YOUTH, Speaker.WORKER, Speaker.COMPANY, Speaker.GOVERNMENT, Speaker.INSTITUTION)


def texts(count: int, seed: int = 1) -> Iterator[str]:
    """As many texts of some 30 to 300 characters: a note, and mostly a sentence or two of others that speak of the same."""
    draw = random.Random(seed)
    by_theme: dict[str, list[str]] = {}
    for name in _CORPORA:
        for row in rows(name):
            by_theme.setdefault(row["theme"], []).append(row["text"])
    themes = sorted(by_theme, key=lambda theme: -len(by_theme[theme]))
    weights = [len(by_theme[theme]) for theme in themes]
    for theme in draw.choices(themes, weights, k=count):
        words = draw.choice(by_theme[theme])
        for _ in range(draw.choice((0, 1, 1, 2, 2, 2))):
            others = _SENTENCE.findall(draw.choice(by_theme[theme])) or [""]
            words = f"{words} {draw.choice(others).strip()}"
        yield _FIGURE.sub(lambda found: str(draw.randint(2, 10 ** len(found.group()[:4]))), words)


def kept(
    count: int, day: date, seed: int = 1, *, topics: float = 0.0, first: str = "v"
) -> tuple[list[Voice], list[Note]]:
    """Rows for a region's day, each its own voice, dealt to MEETINGS meetings; a share of `topics` tapped one.

    `first`: what the voices' ids begin with.
    """
    draw = random.Random(seed)
    keys = [topic.key for topic in shipped_topics()]
    voices, notes = [], []
    for at, words in enumerate(texts(count, seed)):
        meeting = MeetingId(f"id-m{draw.randrange(MEETINGS)}")
        voices.append(Voice(VoiceId(f"{first}{at:020d}"), meeting, draw.choice(_SPEAKERS)))
        notes.append(
            Note(
                id=NoteId(f"{draw.getrandbits(128):032x}"),
                voice=voices[-1].id,
                meeting=meeting,
                region=REGION,
                day=day,
                source=Source.CHAT,
                kind=NoteKind.REMARK,
                rating=draw.choice((None, 1, 2, 3, 3, 4, 5)),
                topic=draw.choice(keys) if draw.random() < topics else None,
                words=words,
            )
        )
    return voices, notes


def as_input(voices: Sequence[Voice], notes: Sequence[Note]) -> DayInput:
    """The same as the pipeline takes it in."""
    speakers = {voice.id: voice.speaker for voice in voices}
    day_notes = tuple(
        DayNote(
            id=note.id,
            number=f"{REGION}-{place}",
            voice=note.voice,
            speaker=speakers[note.voice],
            kind=note.kind,
            meeting=str(note.meeting).removeprefix("id-"),
            rating=note.rating,
            topic=note.topic,
            words=note.words,
        )
        for place, note in enumerate(notes, start=1)
    )
    meetings = tuple(DayMeeting(f"m{at}", f"가상 간담회 {at}", at) for at in range(MEETINGS))
    return DayInput(REGION, notes[0].day, 1, day_notes, meetings, shipped_topics())
