"""`evaluate`: digests of labelled notes files, scored. Nothing is kept: what the model takes is counted in a database of
its own, which ends with the command; AI_BUDGET caps each run."""

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from bot.commands.desk import Failed
from bot.commands.evaluation_words import NAMES, table, told
from bot.commands.files import read_bytes, read_text
from bot.digest.as_json import to_json
from bot.digest.evaluation.labelled import LabelledDay, with_buttons
from bot.digest.evaluation.reading import read_annotations, read_labelled
from bot.digest.evaluation.scores import Score, judge
from bot.digest.evaluation.values import HARD, Figure, Kind, Value, missed, together
from bot.digest.ledger import Unbalanced
from bot.digest.pipeline import make_digest
from bot.digest.ports import AnalysisFailed, Analyst
from bot.digest.prepare import prepare
from bot.domain.digest import DayInput, Digest, Topic
from bot.domain.errors import Refusal
from bot.domain.reading import read_topics
from bot.gateways.spreadsheet import table_of
from bot.import_reports import refused_lines
from bot.outside import analyst, language_model, system_clock
from bot.rehearse import read_sample
from bot.services.note_reading import Grounds, NoteReading
from bot.settings import Settings
from bot.use_cases import build_writing
from prompts.messages import Messages
from storage.database import Database

ANNOTATIONS = "annotations.csv"
"""Read where it lies beside a file, unless another is named."""
_TOTAL = "합계"
Make = Callable[[DayInput], Awaitable[Digest]]


class By(StrEnum):
    """Who writes."""

    EXTRACTIVE = "extractive"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be evaluated. `buttons`: the share of good notes whose label is tapped as a topic."""

    files: Sequence[Path]
    by: By = By.EXTRACTIVE
    annotations: Path | None = None
    topics: Path | None = None
    buttons: float = 0.0
    demands: dict[Figure, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """`lines` for people; `as_json` for programs; `passed`: no hard check broken, every demand met."""

    lines: list[str]
    as_json: dict[str, Any]
    passed: bool


@dataclass(frozen=True, slots=True)
class _Scored:
    day: LabelledDay
    digest: dict[str, Any]
    score: Score

    @property
    def title(self) -> str:
        return f"{self.day.day.region} {self.day.day.day.isoformat()}"


async def evaluate(settings: Settings, wish: Wish) -> Evaluation:
    """Raises Failed for a file that cannot be read, a model that is not set, a digest that does not balance."""
    topics = _topics(wish.topics)
    refused: list[str] = []
    days = [
        with_buttons(day, wish.buttons) if wish.buttons else day
        for file in wish.files
        for day in _days(settings, file, wish, topics, refused)
    ]
    scored = []
    async with _writer(settings, wish.by) as make:
        for day in days:
            try:
                digest = to_json(await make(day.day))
            except Unbalanced as unbalanced:
                title = f"{day.day.region} {day.day.day.isoformat()}"
                raise Failed(
                    f"{title}: 의견의 수가 맞지 않아 보고를 만들지 못했습니다({unbalanced})."
                ) from None
            scored.append(_Scored(day, digest, await asyncio.to_thread(judge, day, digest)))
    return _told(scored, wish, refused)


def _topics(file: Path | None) -> tuple[Topic, ...]:
    try:
        return read_topics(read_text(file) if file else read_sample().topics)
    except Refusal as refusal:
        raise Failed(f"주제 파일을 읽지 못했습니다: {file}({refusal.key})") from None


def _days(
    settings: Settings, file: Path, wish: Wish, topics: Sequence[Topic], refused: list[str]
) -> tuple[LabelledDay, ...]:
    beside = file.with_name(ANNOTATIONS)
    annotated = wish.annotations or (beside if beside.exists() else None)
    tags = read_annotations(table_of(read_bytes(annotated)), file.name) if annotated else {}
    read = read_labelled(file.name, table_of(read_bytes(file)), settings.timezone, topics, tags)
    lines = refused_lines(Messages(settings.timezone), read.refused, system_clock().now())
    if not read.days:
        raise Failed("\n".join([f"의견을 찾지 못했습니다: {file.name}", *lines]))
    refused += [f"{file.name} {line}" for line in lines]
    return read.days


@asynccontextmanager
async def _writer(settings: Settings, by: By) -> AsyncIterator[Make]:
    """Who makes the digests, while the block runs: as for a day of the database, with what the analyst reads in it."""
    async with analyst(settings) as reader:
        reading = None if reader is None else NoteReading(reader)
        if by is By.EXTRACTIVE:
            yield lambda day: _extractive(day, reader, reading)
            return
        writing = build_writing(settings, language_model(settings), system_clock())
        if writing is None:
            raise Failed("언어모형이 설정되어 있지 않습니다. OPENAI_MODEL을 정해 주십시오.")
        with tempfile.TemporaryDirectory() as folder:
            counting = Database(f"sqlite+aiosqlite:///{folder}/tokens.db")
            try:
                await counting.migrate()

                async def by_model(day: DayInput) -> Digest:
                    grounds = await _grounds(day, reader, reading)
                    return await writing.write(counting.open_unit, day, writing.until(), grounds)

                yield by_model
            finally:
                await counting.close()


async def _extractive(day: DayInput, reader: Analyst | None, reading: NoteReading | None) -> Digest:
    grounds = await _grounds(day, reader, reading)
    if grounds is None:
        return await asyncio.to_thread(make_digest, day)
    return await asyncio.to_thread(lambda: make_digest(day, proposals=grounds.proposals(day)))


async def _grounds(day: DayInput, reader: Analyst | None, reading: NoteReading | None) -> Grounds | None:
    """What proposals rest on. Raises Failed when the analyst is on and does not answer: its figures would be others."""
    if reader is None or reading is None:
        return None
    notes = await asyncio.to_thread(prepare, day)
    try:
        views = await reading.learn(day.topics)
        found = await reader.read([note.words for note in notes])
    except AnalysisFailed:
        raise Failed(
            "분석기가 답하지 않습니다. python -m bot doctor로 살펴보시거나 ANALYSIS=off로 다시 하십시오."
        ) from None
    return Grounds({note.note.id: one for note, one in zip(notes, found, strict=True)}, views)


def _told(scored: Sequence[_Scored], wish: Wish, refused: list[str]) -> Evaluation:
    demands = {**HARD, **wish.demands}
    broken = {place: missed(one.score.values, demands) for place, one in enumerate(scored)}
    total = together(one.score.values for one in scored)
    columns = [(one.title, one.score.values) for one in scored]
    if len(scored) > 1:
        columns.append((_TOTAL, total))
    lines = [*refused, *table(columns)]
    for place, one in enumerate(scored):
        engine = one.digest["engine"]
        if engine["fallback_reason"]:
            lines.append(f"※ {one.title}: 발췌로 대신하였습니다({engine['fallback_reason']}).")
        lines += [_missed(one, figure, demands[figure]) for figure in broken[place]]
    passed = not any(broken.values())
    lines.append("모든 기준을 지켰습니다." if passed else "지키지 못한 기준이 있습니다.")
    as_json = {
        "engine": wish.by.value,
        "buttons": wish.buttons,
        "passed": passed,
        "demands": {figure.value: limit for figure, limit in demands.items()},
        "days": [_day(one, broken[place]) for place, one in enumerate(scored)],
        "total": _values(total),
    }
    return Evaluation(lines, as_json, passed)


def _missed(one: _Scored, figure: Figure, limit: float) -> str:
    found = told(figure, one.score.values.get(figure))
    bound = "이하" if figure.kind is Kind.FAULTS else "이상"
    behind = ", ".join(one.score.faults.get(figure, ())[:10])
    return f"✗ {one.title}: {NAMES[figure]} {found}, 기준 {limit:g} {bound}" + (
        f" [{behind}]" if behind else ""
    )


def _day(one: _Scored, broken: Sequence[Figure]) -> dict[str, Any]:
    return {
        "file": one.day.source,
        "region": one.day.day.region,
        "date": one.day.day.day.isoformat(),
        "engine": one.digest["engine"],
        "placed_by": one.digest["placed_by"],
        "figures": _values(one.score.values),
        "faults": {figure.value: list(some) for figure, some in one.score.faults.items()},
        "missed": [figure.value for figure in broken],
    }


def _values(values: Mapping[Figure, Value]) -> dict[str, Any]:
    return {
        figure.value: {
            "value": round(value.number(figure.kind), 4),
            "part": round(value.part, 4),
            "of": value.whole,
        }
        for figure, value in values.items()
    }


def as_text(evaluation: Evaluation) -> str:
    """The JSON form, in UTF-8 as it is."""
    return json.dumps(evaluation.as_json, ensure_ascii=False, indent=2)
