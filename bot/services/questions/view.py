"""An answer's words: cut out of the notes when the message leaves, as a report's sections are (decision 7).

A planned answer holds numbers of notes and places in their words, nothing that anybody said. What was changed or taken back
meanwhile is not shown; what is shown hangs on its report's day, and is edited away with it (erasing.py).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.digest.chat_page import Page
from bot.digest.chat_parts import pack
from bot.digest.edition import edition
from bot.digest.prepare import Prepared, prepare
from bot.domain.delivery import COMPOSED, Button, Draft, Need
from bot.domain.digest import Quote
from bot.domain.person import Action
from bot.services.digest_days import DigestDays
from bot.services.digest_subject import section_data
from bot.services.digest_view import SUMMARY
from bot.services.digests import digest_of
from bot.services.questions.editions import OpenDay, open_day, standing
from bot.services.questions.finding import Point
from bot.services.questions.meetings import Told, told_of
from bot.services.questions.writing import Text, Texts
from bot.services.unit import Unit
from bot.services.wording import Compose, Composed
from prompts.messages import Messages
from storage.repositories.digests import StoredDigest

_PREFIX = "ask:"


@dataclass(frozen=True, slots=True)
class Cut:
    """Words of a note by its number: from one character to another of its redacted words."""

    number: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a message of an answer shows of one region's day. `narrowed`: of one meeting, which the reader named; `text`:
    the id of what a model wrote of it (writing.py), shown while it is remembered and its notes stand."""

    cuts: tuple[Cut, ...]
    narrowed: bool = False
    text: str = ""

    def __str__(self) -> str:
        """As it stands in a planned delivery."""
        cuts = [[one.number, one.start, one.end] for one in self.cuts]
        return _PREFIX + json.dumps(
            [self.narrowed, cuts, self.text], ensure_ascii=False, separators=(",", ":")
        )

    @classmethod
    def read(cls, section: str) -> "Answer":
        narrowed, cuts, text = json.loads(section.removeprefix(_PREFIX))
        return cls(tuple(Cut(*one) for one in cuts), narrowed, text)


def draft_of(day: OpenDay, points: Sequence[Point], *, narrowed: bool, text: str = "") -> Draft:
    """The message that shows these points, which are of this day, with a button to its report."""
    cuts = tuple(Cut(one.passage.note.number, one.passage.start, one.passage.end) for one in points)
    button = Button("ask.open_digest", data=section_data(day.digest, SUMMARY))
    return Draft(
        COMPOSED,
        {"digest": day.digest, "section": str(Answer(cuts, narrowed, text)), "part": 0},
        keyboard=((button,),),
        needs=(Need(Action.READ_DIGEST, day.region),),
    )


class AnswerView:
    """The composer of deliveries that show answers; everything else goes to `reports`."""

    def __init__(self, reports: Compose, days: DigestDays, messages: Messages, texts: Texts) -> None:
        self._texts = texts
        self._reports = reports
        self._days = days
        self._messages = messages

    async def __call__(self, unit: Unit, digest: str, section: str, language: str, now: datetime) -> Composed:
        if not section.startswith(_PREFIX):
            return await self._reports(unit, digest, section, language, now)
        changed = self._messages.text("ask.changed", now=now, language=language)
        stored = await unit.digests.by_id(digest)
        day = None if stored is None else await open_day(unit, self._days, stored, now=now)
        if stored is None or day is None:
            return Composed((), changed)
        answer = Answer.read(section)
        text = self._texts.get(answer.text)
        cited = {number for one in (text.findings if text else ()) for number in one.notes}
        numbers = {one.number for one in answer.cuts} | cited
        spoken = await unit.search.numbered(day.region, day.day, numbers)
        notes = {note.number: note for note in prepare(await standing(unit, day, spoken))}
        told = await told_of(unit, day, notes.keys(), narrowed=answer.narrowed)
        page = Page(digest_of(stored), self._messages, now, language)
        _heading(page, stored)
        before = len(page.blocks)
        if text is not None and _stands(text, notes):
            _written(page, text, told)
        else:
            _quoted(page, answer, notes, told)
        return Composed(tuple(pack(page.blocks)) if len(page.blocks) > before else (), changed)


def _heading(page: Page, stored: StoredDigest) -> None:
    which = edition(page.digest, lambda key, values: page.words(key, values))
    page.line("ask.day", {"region": stored.region, "day": stored.day, "edition": which}, leads=True)


def _stands(text: Text, notes: Mapping[str, Prepared]) -> bool:
    """Whether every note that it rests on still says the words that it was written of."""
    quotes = [quote for finding in text.findings for quote in finding.quotes]
    return all(one.note in notes and one.text in notes[one.note].words for one in quotes)


def _written(page: Page, text: Text, told: Mapping[str, Told]) -> None:
    for finding in text.findings:
        quotes = tuple(replace(one, speaker=told[one.note].speaker) for one in finding.quotes)
        page.finding(replace(finding, quotes=quotes), indent=1, context=True)
    page.line("ask.written", {"model": text.model, "prompt_version": text.prompt_version})


def _quoted(page: Page, answer: Answer, notes: Mapping[str, Prepared], told: Mapping[str, Told]) -> None:
    """Words whose meeting may be told stand under it, behind the others."""
    by_meeting: dict[str | None, list[Quote]] = {}
    for cut in answer.cuts:
        note = notes.get(cut.number)
        if note is not None and 0 <= cut.start < cut.end <= len(note.words):
            one = told[cut.number]
            quote = Quote(cut.number, note.words[cut.start : cut.end], one.speaker)
            by_meeting.setdefault(one.meeting, []).append(quote)
    for meeting in sorted(by_meeting, key=lambda title: (title is not None, title or "")):
        if meeting is not None:
            page.line("under", {"title": meeting}, leads=True)
        for quote in by_meeting[meeting]:
            page.quoted(quote, indent=1)
