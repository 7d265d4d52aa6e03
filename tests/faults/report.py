"""What the harness found, as a page: docs/reliability.md holds the one of the long form."""

from collections import Counter
from collections.abc import Iterator, Sequence

from tests.faults.outcome import Outcome
from tests.faults.values import Ending

_SHOWN = 40


def points(outcomes: Sequence[Outcome]) -> Counter[str]:
    """How often a bot died at each named point."""
    return Counter(death.point for outcome in outcomes for death in outcome.deaths if death.point is not None)


def table(outcomes: Sequence[Outcome]) -> str:
    """The figures as Markdown, a column a lane."""
    return "\n".join(_lines(outcomes)) + "\n"


def _lines(outcomes: Sequence[Outcome]) -> Iterator[str]:
    yield "| | " + " | ".join([*(outcome.name for outcome in outcomes), "all"]) + " |"
    yield "| --- |" + " --- |" * (len(outcomes) + 1)
    yield _row("killed", [outcome.kills for outcome in outcomes])
    for ending in Ending:
        counts = [sum(death.ending is ending for death in outcome.deaths) for outcome in outcomes]
        yield _row(f"… {ending}", counts)
    doubtful = [sum(bool(death.sending) for death in outcome.deaths) for outcome in outcomes]
    yield _row("… with messages on their way", doubtful)
    names = sorted({name for outcome in outcomes for name in outcome.figures})
    for name in names:
        yield _row(name, [outcome.figures[name] for outcome in outcomes])
    yield _row("real seconds", [round(outcome.real_seconds) for outcome in outcomes])
    yield _row("**wrong**", [len(outcome.wrong) for outcome in outcomes])
    yield ""
    yield "| trial | " + " | ".join([*(outcome.name for outcome in outcomes), "all"]) + " |"
    yield "| --- |" + " --- |" * (len(outcomes) + 1)
    for trial in sorted({trial for outcome in outcomes for trial in outcome.trials}):
        yield _row(trial, [outcome.trials[trial] for outcome in outcomes])
    died = points(outcomes)
    yield ""
    yield f"Died at {len(died)} named points ({sum(died.values())} times):"
    yield ", ".join(f"`{point}` {count}" for point, count in sorted(died.items())) + "."
    for outcome in outcomes:
        for words in outcome.wrong[:_SHOWN]:
            yield f"- {outcome.name}: {words}"


def _row(name: str, counts: Sequence[int]) -> str:
    return f"| {name} | " + " | ".join(f"{count:,}" for count in [*counts, sum(counts)]) + " |"
