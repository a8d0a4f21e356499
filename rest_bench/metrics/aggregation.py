"""From levels to a score, and from benchmarks to one number (metrics.md 1.1, 5.1).

Equal weights, whatever the number of slots, and never over a subset: a mean that skips what is missing is another
number under the same name, as three published models show (metrics.md 3.1).
"""

from collections.abc import Mapping, Sequence

SINGLE = 1


def stress_score(accuracy: Mapping[int, float]) -> float | None:
    """Return St, the unweighted mean of the accuracies at the levels above 1; in [0, 1], higher is better.

    None without such a level. Compare only scores of the same levels. SRC paper 3.2.

    Args:
        accuracy: a_s by level.
    """
    stressed = [share for level, share in accuracy.items() if level > SINGLE]
    return sum(stressed) / len(stressed) if stressed else None


def overall_score(scores: Sequence[float | None]) -> float | None:
    """Return the unweighted mean over benchmarks; in [0, 1], higher is better; None where any of them lacks it.

    Args:
        scores: of each benchmark.
    """
    known = [score for score in scores if score is not None]
    return sum(known) / len(known) if known and len(known) == len(scores) else None
