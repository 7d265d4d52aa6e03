"""A day's notes sorted by a stand-in for a language model, without a database."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from bot.digest.evaluation.labelled import LabelledDay
from bot.digest.grouping.proposals import NOTHING, Proposals
from bot.digest.prepare import prepare
from bot.digest.sorting.case import Case, case_of
from bot.digest.visible import visible
from bot.domain.digest import DayInput
from bot.services.ai_memory import Remembering
from bot.services.ai_sorting import Sorted, sort_day
from tests.support.model_writers import Writer


def case(day: DayInput, offline: Proposals = NOTHING, *, abroad: bool = False) -> Case:
    return case_of(day, prepare(day), offline, abroad=abroad)


def sorted_by(
    sorts: Callable[[str], dict[str, Any]], day: DayInput, offline: Proposals = NOTHING
) -> tuple[Sorted, Writer]:
    """What the model's answers made of the day, and the model that was asked."""
    writer = Writer(sorts=sorts)
    remembering = Remembering("m", writer, {}, abroad=False)
    return asyncio.run(sort_day(remembering, case(day, offline), offline, asyncio.Semaphore(4))), writer


def labels_of(one: LabelledDay, of: Case) -> Mapping[str, str | None]:
    """What a person says that each shown text speaks of: a good model's understanding."""
    labels = {visible(text): one.label(notes[0].number) for text, notes in of.notes.items()}
    return {text: label.theme if label.has_theme else None for text, label in labels.items()}
