"""How the thinking of a response was shared out over its questions (metrics.md 7.6 to 7.8, 7.11).

Only responses whose thinking could be divided surely, and counted, tell; `segmentation_sure` says how many. A question
that the thinking never reached has 0 tokens and stays in.
"""

import math
from typing import TYPE_CHECKING, Any, TypeAlias

from rest_bench.metrics.reasons import NOT_DIVIDED, against_single
from rest_bench.metrics.statistics import UNDEFINED, clustered_mean
from rest_bench.schema import REACHED_TOKENS, Allocation

if TYPE_CHECKING:
    import numpy
    import pandas

    Matrix: TypeAlias = numpy.ndarray[tuple[int, int], numpy.dtype[numpy.float64]]

FEWEST_FOR_RANKS = 3
"""Questions of a response whose order says anything."""
ROUNDING = 1e-12
EVENNESS = ("allocation_entropy", "allocation_gini", "allocation_gini_normalised")
COMPRESSIONS = ("compression", "first_position_compression")
BY_DIFFICULTY = ("allocation_difficulty", "allocation_difficulty_given_position")


def allocate(scores: "pandas.DataFrame", level: int, single: "pandas.DataFrame | None" = None) -> Allocation:
    """Return how thinking was shared out over the positions of one level.

    Args:
        scores: the slots of one task at this level, with the columns of `schema.Score`.
        level: positions per response.
        single: the slots of level 1, or None where the run has none.
    """
    known = scores["segmentation_sure"].dropna()
    tokens, questions = by_response(scores, level)
    alone = "there is one position" if level == 1 else ""
    against = against_single(scores, single)
    unknown = NOT_DIVIDED if not len(tokens) else ""
    ties = "tokens or difficulties are tied in every response"
    if level < FEWEST_FOR_RANKS:
        ties = f"there are fewer than {FEWEST_FOR_RANKS} positions"
    return Allocation.explained(
        {
            "segmentation_sure": "no thinking is visible",
            "thinking_tokens": NOT_DIVIDED,
            "reach": NOT_DIVIDED,
            "first_share_ratio": unknown or NOT_DIVIDED,
            "abandonment": alone or NOT_DIVIDED,
            **dict.fromkeys(EVENNESS, alone or NOT_DIVIDED),
            **dict.fromkeys(COMPRESSIONS, against or NOT_DIVIDED),
            **dict.fromkeys(BY_DIFFICULTY, against or unknown or ties),
        },
        segmentation_sure=None if known.empty else float(known.astype(float).mean()),
        **_by_position(tokens, questions, level),
        allocation_entropy=entropy(tokens),
        allocation_gini=gini(tokens),
        allocation_gini_normalised=normalised_gini(tokens),
        **_against_single(scores, single, tokens, questions),
    )


def _by_position(tokens: "Matrix", questions: "pandas.Index", level: int) -> dict[str, Any]:
    import numpy
    import pandas

    if not len(tokens):
        return {"thinking_tokens": None, "first_share_ratio": UNDEFINED, "reach": None, "abandonment": None}
    reach = tuple(float(share) for share in (tokens >= REACHED_TOKENS).mean(axis=0))
    totals = pandas.Series(tokens.sum(axis=1))
    ratio = level * pandas.Series(tokens[:, 0]) / totals.where(totals > 0)
    return {
        "thinking_tokens": tuple(float(median) for median in numpy.median(tokens, axis=0)),
        "first_share_ratio": clustered_mean(ratio, pandas.Series(numpy.asarray(questions.astype(str))[::level])),
        "reach": reach,
        "abandonment": reach[0] - reach[-1] if level > 1 else None,
    }


def _against_single(
    scores: "pandas.DataFrame", single: "pandas.DataFrame | None", tokens: "Matrix", questions: "pandas.Index"
) -> dict[str, float | None]:
    if single is None or single is scores:
        return dict.fromkeys((*COMPRESSIONS, *BY_DIFFICULTY))
    difficulty = _difficulty(single, questions).reshape(tokens.shape)
    return {
        "compression": compression(scores, single),
        "first_position_compression": compression(scores[scores["position"] == 1], single),
        "allocation_difficulty": rank_correlation(tokens, difficulty),
        "allocation_difficulty_given_position": rank_correlation_given_position(tokens, difficulty),
    }


def by_response(scores: "pandas.DataFrame", level: int) -> "tuple[Matrix, pandas.Index]":
    """Return the tokens by response (row) and position (column), and the questions in the same order, row by row.

    Only whole responses whose thinking could be divided surely, and counted.
    """
    import numpy
    import pandas

    is_sure = (scores["segmentation_sure"].eq(True) & scores["segment_tokens"].notna()).to_numpy(dtype=bool)
    packs = pandas.factorize(scores["pack_id"])[0]
    n_sure = numpy.bincount(packs[is_sure], minlength=packs.max(initial=0) + 1)
    rows = numpy.flatnonzero(is_sure & (n_sure[packs] == level))
    rows = rows[numpy.lexsort((scores["position"].to_numpy()[rows], packs[rows]))]
    tokens = scores["segment_tokens"].to_numpy(dtype=float, na_value=numpy.nan)[rows].reshape(-1, level)
    return tokens, pandas.Index(scores["problem_id"].array[rows])


def entropy(tokens: "Matrix") -> float | None:
    """Return how evenly thinking is shared out: H = -sum w ln w / ln s, mean over responses, in [0, 1]; 1 is even.

    w = a question's share of its response's thinking tokens; null for one position (metrics.md 7.6).
    """
    import numpy

    level, shares = tokens.shape[1], _shares(tokens)
    if level == 1 or not len(shares):
        return None
    logs = numpy.log(shares, where=shares > 0, out=numpy.zeros_like(shares))
    return float(-(shares * logs).sum(axis=1).mean() / math.log(level)) + 0.0


def gini(tokens: "Matrix") -> float | None:
    """Return how unevenly thinking is shared out: G = sum |w_i - w_j| / (2 s^2 mean w), mean over responses.

    In [0, (s - 1) / s], 0 is even; null for one position (metrics.md 7.6).
    """
    import numpy

    level, shares = tokens.shape[1], _shares(tokens)
    if level == 1 or not len(shares):
        return None
    ranked = numpy.sort(shares, axis=1)
    weights = 2 * numpy.arange(1, level + 1) - level - 1
    return float((ranked * weights).sum(axis=1).mean() / level)


def normalised_gini(tokens: "Matrix") -> float | None:
    """Return G s / (s - 1), in [0, 1] whatever the level; null for one position (metrics.md 7.6)."""
    level, value = tokens.shape[1], gini(tokens)
    return None if value is None else value * level / (level - 1)


def compression(scores: "pandas.DataFrame", single: "pandas.DataFrame") -> float | None:
    """Return how much shorter questions are thought about than alone: the median over questions of a ratio of means.

    R(s) = mean tokens of a question here / mean tokens of it at level 1; below 1 is shorter; null where no question has
    both (metrics.md 7.7).

    Args:
        scores: slots of a level.
        single: slots of level 1.
    """
    alone, stressed = _mean_tokens(single), _mean_tokens(scores)
    shared = alone.index[alone > 0].intersection(stressed.index)
    return None if shared.empty else float((stressed[shared] / alone[shared]).median())


def rank_correlation(tokens: "Matrix", difficulty: "Matrix") -> float | None:
    """Return whether harder questions get more thinking: Spearman's rho within a response, mean over responses.

    In [-1, 1], above 0 is good. Responses whose tokens or difficulties are all tied, or not all known, are left out;
    null without any other, and for fewer than three positions (metrics.md 7.8).

    Args:
        tokens: by response and position.
        difficulty: of the same questions, NaN where unknown.
    """
    import numpy

    w, d = _centred_ranks(tokens, difficulty)
    scale = numpy.sqrt((w**2).sum(axis=1) * (d**2).sum(axis=1))
    tells = scale > 0
    return float(((w * d).sum(axis=1)[tells] / scale[tells]).mean()) if tells.any() else None


def rank_correlation_given_position(tokens: "Matrix", difficulty: "Matrix") -> float | None:
    """Return the correlation of thinking and difficulty that their common dependence on the position does not explain.

    The partial correlation (r_wd - r_wp r_dp) / sqrt((1 - r_wp^2) (1 - r_dp^2)) of ranks within a response, pooled over
    responses; null where it is undefined, and for fewer than three positions (metrics.md 7.8).
    """
    import numpy

    w, d = _centred_ranks(tokens, difficulty)
    p = numpy.broadcast_to(numpy.arange(w.shape[1]) - (w.shape[1] - 1) / 2, w.shape)

    def r(x: "Matrix", y: "Matrix") -> float:
        scale = math.sqrt(float((x**2).sum()) * float((y**2).sum()))
        return float((x * y).sum()) / scale if scale > 0 else math.nan

    r_wd, r_wp, r_dp = r(w, d), r(w, p), r(d, p)
    unexplained = (1 - r_wp**2) * (1 - r_dp**2)
    return (r_wd - r_wp * r_dp) / math.sqrt(unexplained) if unexplained > ROUNDING else None


def _shares(tokens: "Matrix") -> "Matrix":
    """Return each response's tokens as shares; a response without thinking about any question has none."""
    totals = tokens.sum(axis=1, keepdims=True)
    has_any = totals[:, 0] > 0
    shares: Matrix = tokens[has_any] / totals[has_any]
    return shares


def _mean_tokens(scores: "pandas.DataFrame") -> "pandas.Series":
    is_sure = scores["segmentation_sure"].eq(True) & scores["segment_tokens"].notna()
    tokens: pandas.Series = (
        scores.loc[is_sure, "segment_tokens"]
        .astype(float)
        .groupby(scores.loc[is_sure, "problem_id"], observed=True)
        .mean()
    )
    return tokens


def _difficulty(single: "pandas.DataFrame", questions: "pandas.Index") -> "numpy.ndarray[Any, Any]":
    """Return 1 - accuracy at level 1 of each question, NaN where it was not asked there."""
    import pandas

    right = single["correct"].astype(float).groupby(single["problem_id"], observed=True).mean()
    codes, distinct = pandas.factorize(questions)
    by_code = 1 - right.reindex(pandas.Index(distinct)).to_numpy(dtype=float)
    difficulty: numpy.ndarray[Any, Any] = by_code[codes]
    return difficulty


def _centred_ranks(tokens: "Matrix", difficulty: "Matrix") -> "tuple[Matrix, Matrix]":
    """Return both as ranks within their response, minus their mean; responses that cannot tell are left out."""
    import numpy

    usable = ~numpy.isnan(difficulty).any(axis=1) & (tokens.sum(axis=1) > 0)
    if tokens.shape[1] < FEWEST_FOR_RANKS:
        usable[:] = False
    w, d = _ranks(tokens[usable]), _ranks(difficulty[usable])
    middle = (tokens.shape[1] + 1) / 2
    varies = (w != middle).any(axis=1) & (d != middle).any(axis=1)
    return w[varies] - middle, d[varies] - middle


def _ranks(values: "Matrix") -> "Matrix":
    """Return the rank of each value in its row, from 1; equal ones share the mean of theirs."""
    import numpy

    ranks = numpy.full(values.shape, 0.5)
    for column in values.T:
        other = column[:, None]
        ranks += (other < values) + 0.5 * (other == values)
    return ranks
