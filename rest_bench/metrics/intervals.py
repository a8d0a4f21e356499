"""Intervals of one number: t, Wilson, Beta (metrics.md 8.2, 8.4).

A share near 0 or 1, or of fewer than a few hundred questions, gets no normal interval (Bowyer arXiv 2503.01747).
Only `scipy.special` is used, which is all that `scipy.stats` would do here, for a quarter of its memory.
"""

import math

CONFIDENCE = 0.95

Interval = tuple[float, float]


def t_quantile(n_clusters: int, confidence: float = CONFIDENCE) -> float:
    """Return how many standard errors an interval reaches to each side, of t with n_clusters - 1 degrees of freedom.

    Args:
        n_clusters: at least two.
        confidence: of the two-sided interval, in (0, 1).
    """
    from scipy.special import stdtrit

    return float(stdtrit(n_clusters - 1, (1 + confidence) / 2))


def normal_quantile(confidence: float = CONFIDENCE) -> float:
    """Return the same of the normal distribution: 1.96 for 95 %.

    Args:
        confidence: of the two-sided interval, in (0, 1).
    """
    from scipy.special import ndtri

    return float(ndtri((1 + confidence) / 2))


def wilson_interval(share: float, n: float, quantile: float | None = None) -> Interval | None:
    """Return Wilson's interval of a share; inside [0, 1], narrower is better; None for n = 0 (metrics.md 8.4).

    (a + z^2 / 2n -+ z sqrt(a (1 - a) / n + z^2 / 4n^2)) / (1 + z^2 / n). Of slots in clusters, n is the effective
    number (`clusters.effective_n`) and the quantile is that of t.

    Args:
        share: in [0, 1].
        n: independent answers, one per question; it need not be whole.
        quantile: 1.96 if None.
    """
    if n <= 0:
        return None
    z = normal_quantile() if quantile is None else quantile
    shrink = 1 + z**2 / n
    centre = (share + z**2 / (2 * n)) / shrink
    half_width = z * math.sqrt(share * (1 - share) / n + z**2 / (4 * n**2)) / shrink
    return max(0.0, centre - half_width), min(1.0, centre + half_width)


def beta_interval(right: float, n: float, prior: float = 1.0, confidence: float = CONFIDENCE) -> Interval | None:
    """Return the equal-tailed credible interval of Beta(prior + k, prior + n - k); None for n = 0 (metrics.md 8.4).

    Inside [0, 1], narrower is better. For answers that are independent: one slot per question.

    Args:
        right: answers that are right, k.
        n: answers.
        prior: 1 for the uniform prior, 0.5 for Jeffreys'.
        confidence: in (0, 1).

    Raises:
        ValueError: k is not in [0, n].
    """
    from scipy.special import betaincinv

    if not 0 <= right <= n:
        raise ValueError(f"{right} right of {n} answers")
    if n == 0:
        return None
    tail = (1 - confidence) / 2
    low, high = (float(betaincinv(prior + right, prior + n - right, share)) for share in (tail, 1 - tail))
    return low, high
