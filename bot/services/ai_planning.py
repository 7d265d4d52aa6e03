"""What a language model is to write about a day: made of the offline proposal first, and again of what the model sorted."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.digest.grouping.proposals import NOTHING, Proposals
from bot.digest.model_digest import tasks
from bot.digest.model_theme import Task
from bot.digest.pipeline import Outline, outline
from bot.digest.ports import Trouble
from bot.digest.sorting.case import Case, case_of
from bot.domain.digest import DayInput
from bot.services.ai_sorting import Sorted
from bot.services.note_reading import Grounds


@dataclass(frozen=True, slots=True)
class Plan:
    """A day before the model writes. `withheld`: why it does not see, or did not sort, all that it might have.

    `unsorted` is the day as without the model: what is extractive is made of it. `spent`: tokens of the sorting.
    """

    made: Outline
    tasks: tuple[Task, ...]
    withheld: Trouble | None
    unsorted: Outline
    offline: Proposals
    case: Case
    spent: int = 0

    def sorted(self, told: Sorted, spent: int, *, abroad: bool) -> "Plan":
        """With what the model said about notes that nobody filed. Takes as long as an outline: not on the loop."""
        if told.proposals is self.offline:
            return replace(self, withheld=told.trouble or self.withheld, spent=spent)
        made = outline(self.made.day, told.proposals)
        wanted, withheld = _tasks(made, abroad=abroad)
        return replace(self, made=made, tasks=wanted, withheld=told.trouble or withheld, spent=spent)


def plan_of(day: DayInput, grounds: Grounds | None, *, abroad: bool) -> Plan:
    offline = NOTHING if grounds is None else grounds.proposals(day)
    made = outline(day, offline)
    wanted, withheld = _tasks(made, abroad=abroad)
    return Plan(made, wanted, withheld, made, offline, case_of(day, made.notes, offline, abroad=abroad))


def _tasks(made: Outline, *, abroad: bool) -> tuple[tuple[Task, ...], Trouble | None]:
    everything = tasks(made, abroad=False)
    if not abroad:
        return everything, None
    allowed = tasks(made, abroad=True)
    return allowed, Trouble.NOT_ALLOWED if _offered(allowed) < _offered(everything) else None


def _offered(wanted: Iterable[Task]) -> int:
    return sum(len(task.offered) for task in wanted)
