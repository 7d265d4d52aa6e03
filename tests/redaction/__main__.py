"""`python -m tests.redaction [--failures] [--seed N] [--count N]`: recall and false alarms of both halves.

The generators are written from how people write, not from the recogniser. Every form and every sentence belongs to one of
two halves: **seen**, which may be looked at while the recogniser is mended, and **held out**, which may not; `--failures`
shows what failed in the seen half only. All people, numbers and addresses are invented.
"""

import argparse
from collections.abc import Callable, Iterator

from tests.redaction import halves

_NAMES = {halves.SEEN: "seen", halves.HELD_OUT: "held out"}


def _table(
    make: Callable[[int, int, int], Iterator[halves.Sample]], count: int, seed: int, *, failures: bool
) -> None:
    for half, name in _NAMES.items():
        measure = halves.measured(make(half, count, seed + half))
        print(
            f"{make.__name__}, {name}: {measure.wrong.total()} wrong of {measure.all.total()} ({measure.share_wrong:.2%})"
        )
        print("  " + ", ".join(f"{kind} {measure.wrong[kind]}/{many}" for kind, many in measure.all.items()))
        if failures and half == halves.SEEN:
            for sample, left in measure.failed:
                print(f"    {sample.kind}: {sample.text!r} -> {left!r}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--failures", action="store_true")
    parser.add_argument("--seed", type=int, default=20260122)
    parser.add_argument("--count", type=int, default=2000)
    given = parser.parse_args()
    _table(halves.positives, given.count, given.seed, failures=given.failures)
    _table(halves.harmless, given.count, given.seed, failures=given.failures)
    _table(halves.later_positives, given.count, given.seed, failures=given.failures)
    _table(halves.later_harmless, given.count, given.seed, failures=given.failures)
