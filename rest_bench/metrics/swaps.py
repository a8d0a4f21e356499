"""Answers that went to another question of the pack (metrics.md 5.7, 5.8)."""

from typing import TYPE_CHECKING

from rest_bench.metrics.statistics import UNDEFINED, cluster_effects, difference, proportion
from rest_bench.schema import Estimate, Swaps

if TYPE_CHECKING:
    import pandas


def swaps(scores: "pandas.DataFrame") -> Swaps:
    """Return how often the wrong answers of a level belong to another slot.

    A wrong answer is eligible where another slot of its pack has a gold unlike its own; letters are equal by chance,
    so that only answers to open questions are.

    swap_rate = eligible answers that equal the gold of another slot / eligible answers, in [0, 1], lower is better.
    swap_excess = (matches - expected matches) / eligible answers, where an answer is expected to match as many of the
    other slots as it matches golds outside the pack: 0 is chance, 1 the most, slightly negative by luck.
    swap_lags counts matches by position of the gold less position of the answer.
    index_shift_gain = (answers in the best alignment of answers to golds that keeps their order - answers right in
    their place) / slots, in [0, 1]: the most that misplaced answers cost, and no score. Null where no answer to an
    open question was read.

    Args:
        scores: the slots of a level with `problem_id`, `position`, `correct` and the four columns of swaps.
    """
    candidates, chance, swapped_from, aligned = (
        scores[name].astype(float) for name in ("swap_candidates", "swap_chance", "swapped_from", "aligned_position")
    )
    eligible = candidates > 0
    questions = scores.loc[eligible, "problem_id"]
    matched = swapped_from[eligible].notna().astype(float)
    lags = (swapped_from - scores["position"])[eligible].dropna().astype(int).value_counts().sort_index()
    is_open = bool(candidates.notna().any() or aligned.notna().any())
    undefined = {
        "swap_rate": "no wrong answer to an open question has another gold in its pack",
        "swap_excess": "no wrong answer to an open question has another gold in its pack, or none is outside the packs",
        "index_shift_gain": "no answer to an open question was read",
    }
    return Swaps.explained(
        undefined,
        n_swap_eligible=int(eligible.sum()),
        swap_rate=proportion(matched, questions),
        swap_excess=_excess(matched, chance[eligible], questions),
        swap_lags={str(lag): int(count) for lag, count in lags.items()},
        index_shift_gain=float(aligned.notna().mean() - scores["correct"].mean()) if is_open else None,
    )


def _excess(matched: "pandas.Series", chance: "pandas.Series", questions: "pandas.Series") -> Estimate:
    """Return the mean of matches above what golds outside the pack match, over the answers where that is known."""
    above = (matched - chance).dropna()
    return UNDEFINED if above.empty else difference(float(above.mean()), cluster_effects(above, questions[above.index]))
