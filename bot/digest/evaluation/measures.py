"""How well one partition of notes agrees with another: purity, recall of themes, mutual information.

Labels and clusters are parallel sequences. NMI and AMI are normalised by the arithmetic mean of the entropies;
AMI is corrected for chance under the permutation model (Vinh, Epps, Bailey, JMLR 11, 2010).
"""

import math
from collections import Counter
from collections.abc import Hashable, Sequence

LARGE_ENOUGH = 5
"""A label of fewer notes is not expected to become a theme."""
_MOSTLY = 0.6
"""Of a digest's theme so much must be of the label, …"""
_HOLDS = 0.4
"""… and of the label so much must be in that theme."""

Labels = Sequence[Hashable]


def pure(truth: Labels, clusters: Labels) -> int:
    """How many notes bear the commonest label of their cluster."""
    inside: dict[Hashable, Counter[Hashable]] = {}
    for label, cluster in zip(truth, clusters, strict=True):
        inside.setdefault(cluster, Counter())[label] += 1
    return sum(max(counts.values()) for counts in inside.values())


def recalled(truth: Labels, clusters: Labels, *, but: Hashable) -> tuple[int, int]:
    """How many labels of LARGE_ENOUGH notes have a theme that is theirs, and how many there are.

    `but` is the cluster of notes that are in no theme.
    """
    wanted = {label: count for label, count in Counter(truth).items() if count >= LARGE_ENOUGH}
    sizes = Counter(clusters)
    both = Counter(zip(truth, clusters, strict=True))
    found = {
        label
        for (label, cluster), count in both.items()
        if cluster != but
        and label in wanted
        and count >= _MOSTLY * sizes[cluster]
        and count >= _HOLDS * wanted[label]
    }
    return len(found), len(wanted)


def _entropy(counts: Sequence[int], total: int) -> float:
    return -sum(count / total * math.log(count / total) for count in counts if count)


def _mutual(truth: Labels, clusters: Labels) -> float:
    total = len(truth)
    rows, columns = Counter(truth), Counter(clusters)
    both = Counter(zip(truth, clusters, strict=True))
    return sum(
        count / total * math.log(total * count / (rows[label] * columns[cluster]))
        for (label, cluster), count in both.items()
    )


def _expected(rows: Sequence[int], columns: Sequence[int], total: int) -> float:
    """What two random partitions of these sizes would share."""
    log = [math.lgamma(n + 1) for n in range(total + 1)]
    found = 0.0
    for row, row_times in Counter(rows).items():
        for column, column_times in Counter(columns).items():
            least, most = max(1, row + column - total), min(row, column)
            for both in range(least, most + 1):
                chance = (
                    log[row] + log[column] + log[total - row] + log[total - column]
                    - log[total] - log[both] - log[row - both] - log[column - both]
                    - log[total - row - column + both]
                )  # fmt: skip
                gain = both / total * math.log(total * both / (row * column))
                found += row_times * column_times * gain * math.exp(chance)
    return found


def agreement(truth: Labels, clusters: Labels) -> tuple[float, float] | None:
    """NMI and AMI, from 0 (chance; AMI may be below) to 1; None when there is nothing to compare."""
    if not truth:
        return None
    rows, columns = list(Counter(truth).values()), list(Counter(clusters).values())
    total = len(truth)
    mean = (_entropy(rows, total) + _entropy(columns, total)) / 2
    if mean == 0:
        return 1.0, 1.0
    shared, chance = _mutual(truth, clusters), _expected(rows, columns, total)
    adjusted = (shared - chance) / (mean - chance) if abs(mean - chance) > 1e-12 else 1.0
    return shared / mean, adjusted
