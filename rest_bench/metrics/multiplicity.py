"""P-values of several tests at once (metrics.md 8.8).

A family is what one sentence is about: the levels of a model on a benchmark, the pairs of models, a panel of metrics.
`holm` for claims, `benjamini_hochberg` for exploring. Bands over levels or positions are `bootstrap.bands`.
"""

from collections.abc import Sequence


def holm(p_values: Sequence[float | None]) -> tuple[float | None, ...]:
    """Return Holm's adjusted p-values, in [0, 1], in the order given.

    The k-th smallest of m becomes max_{j <= k} min(1, (m - j + 1) p_j): claims below 0.05 hold all together with 95 %.
    SRC Holm 1979.

    Args:
        p_values: in [0, 1]; one that is None was no test, counts for none, and stays None.
    """
    order = _ascending(p_values)
    adjusted: list[float | None] = [None] * len(p_values)
    largest = 0.0
    for rank, (p, place) in enumerate(order):
        largest = max(largest, min(1.0, (len(order) - rank) * p))
        adjusted[place] = largest
    return tuple(adjusted)


def benjamini_hochberg(p_values: Sequence[float | None]) -> tuple[float | None, ...]:
    """Return Benjamini and Hochberg's adjusted p-values, in [0, 1], in the order given.

    The k-th smallest of m becomes min_{j >= k} (m / j) p_j: of what is below 0.05, 5 % are expected to be false. Never
    above `holm`. SRC Benjamini and Hochberg 1995.

    Args:
        p_values: as for `holm`.
    """
    order = _ascending(p_values)
    adjusted: list[float | None] = [None] * len(p_values)
    smallest = 1.0
    for rank, (p, place) in reversed(list(enumerate(order, start=1))):
        smallest = min(smallest, len(order) / rank * p)
        adjusted[place] = smallest
    return tuple(adjusted)


def _ascending(p_values: Sequence[float | None]) -> list[tuple[float, int]]:
    order = sorted((p, place) for place, p in enumerate(p_values) if p is not None)
    for p, place in order:
        if not 0 <= p <= 1:
            raise ValueError(f"p-value {place} is {p}")
    return order
