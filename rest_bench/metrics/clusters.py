"""Standard errors of a mean of slots that are not independent (metrics.md 8.1, 8.2).

Which one depends on what would be drawn anew. For the same questions again, only the sampling of the model is noise:
`fixed_benchmark_se`. For other questions like these, the questions are the clusters: `one_way_se`, and with neighbours
in a prompt that disturb each other `two_way_se` or `hac_se`. `slot_se` takes slots for independent and is there to be
compared: it covers 45 % where it promises 95 %. All of them are in [0, inf), in the unit of the slots, lower is better.
"""

import math
from typing import TYPE_CHECKING

from rest_bench.metrics.arrays import Codes, Numbers, as_codes, as_numbers, crossed, same_length

if TYPE_CHECKING:
    import numpy.typing

FEWEST = 2
"""Clusters without which there is no standard error."""


def slot_se(correct: "numpy.typing.ArrayLike") -> float | None:
    """Return the naive standard error sd(y) / sqrt(n), as if slots were independent; None for fewer than two slots.

    Args:
        correct: y, 0 or 1 for each slot.
    """
    numbers = as_numbers(correct)
    if len(numbers) < FEWEST:
        return None
    return float(numbers.std(ddof=1)) / math.sqrt(len(numbers))


def one_way_se(
    correct: "numpy.typing.ArrayLike", cluster: "numpy.typing.ArrayLike", *, finite: bool = True
) -> float | None:
    """Return the cluster-robust standard error SE_cl; None for fewer than two clusters (metrics.md 8.2).

    (1/n) sqrt(G / (G - 1) sum_g (sum_{slots of g} (y - ybar))^2). Use it with t of G - 1 degrees of freedom. SRC Miller
    arXiv 2411.00640 equation 4; the finite-cluster factor G / (G - 1) is Inspect's.

    Args:
        correct: y, 0 or 1 for each slot.
        cluster: the question of each slot, or its prompt.
        finite: with the factor G / (G - 1).
    """
    numbers = as_numbers(correct)
    codes, n_clusters = as_codes(cluster)
    same_length(numbers, codes)
    if n_clusters < FEWEST:
        return None
    return math.sqrt(_variance(numbers, codes, finite=finite))


def two_way_se(
    correct: "numpy.typing.ArrayLike",
    question: "numpy.typing.ArrayLike",
    prompt: "numpy.typing.ArrayLike",
    *,
    finite: bool = True,
) -> float | None:
    """Return the standard error for slots that share a question or a prompt (metrics.md 8.2).

    sqrt(V_question + V_prompt - V_both), each V a squared `one_way_se`. That can fall below 0, and then it is the
    larger of the first two. None for fewer than two questions or two prompts. SRC Cameron, Gelbach and Miller 2011.

    Args:
        correct: y, 0 or 1 for each slot.
        question: of each slot.
        prompt: the pack of each slot, or the response.
        finite: with the factor G / (G - 1) in each of the three.
    """
    numbers = as_numbers(correct)
    questions, n_questions = as_codes(question)
    prompts, n_prompts = as_codes(prompt)
    same_length(numbers, questions, prompts)
    if min(n_questions, n_prompts) < FEWEST:
        return None
    both, _ = crossed(questions, prompts)
    one_way = [_variance(numbers, codes, finite=finite) for codes in (questions, prompts)]
    variance = sum(one_way) - _variance(numbers, both, finite=finite)
    return math.sqrt(variance if variance > 0 else max(one_way))


def hac_se(effects: "numpy.typing.ArrayLike", bandwidth: int, *, finite: bool = True) -> float | None:
    """Return the standard error for questions whose neighbours in the data disturb them (metrics.md 8.2).

    sqrt(sum_{|l| <= L} (1 - |l| / (L + 1)) sum_i e_i e_{i+l}), indices modulo N: Newey and West's estimator with
    Bartlett weights on a circle, as the cyclic design puts questions less than s apart into one prompt. Bandwidth 0 is
    `one_way_se`.

    Args:
        effects: of each question in the order of the data, `statistics.cluster_effects`; they sum to 0.
        bandwidth: L, the level minus 1.
        finite: with the factor N / (N - 1).

    Returns:
        None for fewer than two questions, or than 2 L + 1: the circle would be counted twice.
    """
    import numpy

    numbers = as_numbers(effects)
    n_questions = len(numbers)
    if n_questions < max(FEWEST, 2 * bandwidth + 1):
        return None
    variance = float(numbers @ numbers)
    for lag in range(1, bandwidth + 1):
        variance += 2 * (1 - lag / (bandwidth + 1)) * float(numbers @ numpy.roll(numbers, -lag))
    return math.sqrt(max(0.0, variance) * (n_questions / (n_questions - 1) if finite else 1.0))


def fixed_benchmark_se(
    correct: "numpy.typing.ArrayLike", prompt: "numpy.typing.ArrayLike", repeat: "numpy.typing.ArrayLike"
) -> float | None:
    """Return SE_pred, the noise of sampling alone: how far a rerun on the same questions may be off (metrics.md 8.1).

    (1/n) sqrt(sum_i R_i v_i), v_i the variance over its R_i runs of the number of right answers of prompt i; with R
    runs of each of N prompts this is sqrt(sum_i v_i / R) / (N s). SRC law of total variance, Miller arXiv 2411.00640.

    Args:
        correct: y, 0 or 1 for each slot.
        prompt: of each slot, the same label in all its runs (`Responses.prompt`).
        repeat: the run of each slot.

    Returns:
        None without slots and where any prompt was run once: its noise is unknown.
    """
    import numpy

    numbers = as_numbers(correct)
    prompts, n_prompts = as_codes(prompt)
    runs, _ = as_codes(repeat)
    same_length(numbers, prompts, runs)
    if not n_prompts:
        return None
    responses, n_responses = crossed(prompts, runs)
    sums = numpy.bincount(responses, weights=numbers, minlength=n_responses)
    owner = numpy.zeros(n_responses, dtype=numpy.int64)
    owner[responses] = prompts
    n_runs = numpy.bincount(owner, minlength=n_prompts)
    if n_runs.min() < FEWEST:
        return None
    means = numpy.bincount(owner, weights=sums, minlength=n_prompts) / n_runs
    squares = numpy.bincount(owner, weights=(sums - means[owner]) ** 2, minlength=n_prompts)
    return math.sqrt(float((n_runs * squares / (n_runs - 1)).sum())) / len(numbers)


def effective_n(share: float | None, se: float | None) -> float | None:
    """Return a (1 - a) / SE^2: of how many independent answers a share is worth, (0, inf), higher is better.

    None where the standard error is unknown or 0, and at shares of 0 and 1 (metrics.md 8.4).

    Args:
        share: a, in [0, 1].
        se: its standard error.
    """
    if share is None or not se or share in (0.0, 1.0):
        return None
    return share * (1 - share) / se**2


def _variance(numbers: Numbers, codes: Codes, *, finite: bool) -> float:
    """Return the squared cluster-robust standard error."""
    import numpy

    sums = numpy.bincount(codes, weights=numbers - numbers.mean())
    factor = len(sums) / (len(sums) - 1) if finite else 1.0
    return factor * float(sums @ sums) / len(numbers) ** 2
