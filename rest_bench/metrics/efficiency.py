"""How much of the thinking about a question led to its answer (metrics.md 7.1 to 7.5).

Only slots whose thinking could be divided surely, and counted, tell. Right answers inside the thinking are found by
rule (boxes, `the answer is`, `so x = 5`): one that is stated otherwise is not seen. Where no thinking states any
answer, as in programs, all that rests on them is null.
"""

from typing import TYPE_CHECKING

from rest_bench.metrics.reasons import NO_CANDIDATES, NOT_DIVIDED
from rest_bench.metrics.statistics import UNDEFINED, clustered_mean, median_of_known
from rest_bench.schema import Efficiency

if TYPE_CHECKING:
    import pandas

NOT_JUDGED = ("error", "ungraded")


def efficiency(scores: "pandas.DataFrame", level: int, budget_tokens: int) -> Efficiency:
    """Return how efficient the thinking of one level was.

    Args:
        scores: the slots of one task at this level, with the columns of `schema.Score`.
        level: positions per response.
        budget_tokens: that a response may have.
    """
    is_sure = scores["segmentation_sure"].eq(True) & scores["segment_tokens"].notna()
    sure = scores.loc[is_sure]
    question = sure["problem_id"]
    spent = sure["segment_tokens"].astype(float)
    first = sure["first_correct_tokens"].astype(float)
    has_candidates = bool(sure["correct_trace"].notna().any())
    is_wrong = ~sure["correct"].astype(bool) & ~sure["outcome"].isin(NOT_JUDGED)
    brevity = weighted_by_brevity(spent, sure["correct"].astype(float), budget_tokens / level)
    why = NOT_DIVIDED if sure.empty else "" if has_candidates else NO_CANDIDATES
    return Efficiency.explained(
        {
            "first_correct_tokens": why or "no thinking states a right answer",
            "post_solution_share": why or "no thinking states a right answer",
            "outcome_efficiency": why,
            "process_efficiency": NOT_DIVIDED,
            "underthinking": why or "every answer is right",
            "auc_oaa": NOT_DIVIDED,
        },
        first_correct_tokens=median_of_known(first),
        post_solution_share=clustered_mean(post_solution(spent, first), question),
        outcome_efficiency=clustered_mean(until_solution(spent, first), question) if has_candidates else UNDEFINED,
        process_efficiency=clustered_mean(in_new_rounds(spent, sure["distinct_tokens"].astype(float)), question),
        underthinking=clustered_mean(after_solution(spent[is_wrong], first[is_wrong]), question)
        if has_candidates
        else UNDEFINED,
        auc_oaa=clustered_mean(brevity, question),
    )


def post_solution(spent: "pandas.Series", first: "pandas.Series") -> "pandas.Series":
    """Return how much of the thinking comes after the first right answer: (T - F) / T, in [0, 1], low is good.

    Of the slots that have a right answer in their thinking; missing for the others (metrics.md 7.1).

    Args:
        spent: T, thinking tokens by slot.
        first: F, tokens to the first right answer, NaN where there is none.
    """
    return 1 - first / spent.where(spent > 0)


def until_solution(spent: "pandas.Series", first: "pandas.Series") -> "pandas.Series":
    """Return the share of thinking that a right answer took: F / T, 0 without one, in [0, 1], high is good.

    It mixes accuracy and brevity (metrics.md 7.2; arXiv 2412.21187 eq. 1).

    Args:
        spent: T, thinking tokens by slot.
        first: F, tokens to the first right answer, NaN where there is none.
    """
    return (first / spent.where(spent > 0)).fillna(0.0)


def in_new_rounds(spent: "pandas.Series", distinct: "pandas.Series") -> "pandas.Series":
    """Return the share of thinking in rounds that repeat no earlier one: D / T, in (0, 1], high is good.

    A cheap proxy: rounds end with stated answers and count as repeated by their n-grams (metrics.md 7.3; arXiv
    2412.21187 eq. 2).

    Args:
        spent: T, thinking tokens by slot; missing for slots without any.
        distinct: D, tokens in new rounds.
    """
    return distinct / spent.where(spent > 0)


def after_solution(spent: "pandas.Series", first: "pandas.Series") -> "pandas.Series":
    """Return how much thinking wrong answers spent after they had the right one: 1 - F / T, 0 without one.

    In [0, 1], low is good (metrics.md 7.4; arXiv 2501.18585).

    Args:
        spent: T, thinking tokens of the slots with a wrong answer or none.
        first: F, tokens to the first right answer in the thinking, NaN where there is none.
    """
    return (1 - first / spent.where(spent > 0)).fillna(0.0)


def weighted_by_brevity(spent: "pandas.Series", correct: "pandas.Series", most_tokens: float) -> "pandas.Series":
    """Return accuracy weighted by brevity: correct max(0, 1 - T / most), in [0, 1], high is good.

    Its mean is the area under the accuracy that counts only thinking shorter than t, over t from 0 to `most_tokens`
    (metrics.md 7.5; arXiv 2508.13141, by response).

    Args:
        spent: T, thinking tokens.
        correct: 1 where the answer is right, else 0.
        most_tokens: from which a right answer counts nothing; above 0.
    """
    return correct * (1 - spent / most_tokens).clip(lower=0.0)


def overthinking_f1(area: float, accuracy: float) -> float:
    """Return the harmonic mean of an area under the overthinking curve and an accuracy on hard questions, in [0, 1].

    0 where both are 0 (metrics.md 7.5; OptimalThinkingBench, arXiv 2508.13141).
    """
    return 2 * area * accuracy / (area + accuracy) if area + accuracy > 0 else 0.0
