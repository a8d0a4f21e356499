"""How sure the numbers of a level are, and what a larger run would change (metrics.md section 8)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rest_bench.metrics.arrays import Numbers
from rest_bench.metrics.clusters import (
    effective_n,
    fixed_benchmark_se,
    hac_se,
    one_way_se,
    slot_se,
    two_way_se,
)
from rest_bench.metrics.paired import correlation, mcnemar, p_value, sign_flip_p_value
from rest_bench.metrics.power import detectable_difference
from rest_bench.metrics.reasons import against_single
from rest_bench.metrics.repeated import Counts, count_answers, pass_at_k, pass_hat_k
from rest_bench.metrics.responses import Conditions, Responses
from rest_bench.metrics.statistics import cluster_effects
from rest_bench.metrics.variance import variance_components
from rest_bench.schema import Certainty, DesignName, Estimate

if TYPE_CHECKING:
    import pandas

FEW_QUESTIONS = 50
"""Up to which a difference is tested by flipping signs rather than by t (metrics.md 8.3)."""
NEIGHBOUR_DESIGNS: frozenset[DesignName] = frozenset({"cyclic", "cyclic-first", "reversed"})
"""Those that put questions less than s apart in the data into one pack, whatever the repeat."""
SAME_PACKS_DESIGNS: frozenset[DesignName] = NEIGHBOUR_DESIGNS | {"easy-first", "hard-first"}
"""Those whose repeats ask the same prompts again."""


def certainty(
    scores: "pandas.DataFrame",
    single: "pandas.DataFrame | None",
    responses: Responses | None,
    drop: Estimate,
    conditions: Conditions,
) -> Certainty:
    """Return how sure the accuracy of a level and its drop are.

    Args:
        scores: the slots of one task at one level.
        single: those of level 1, or None.
        responses: the slots of this level, or None where a response lacks some.
        drop: accuracy at level 1 minus accuracy here.
        conditions: design and seed of the run.
    """
    is_single = single is scores
    against = against_single(scores, single)
    means = None if single is None or is_single else shared_means(single, scores)
    errors = standard_errors(scores, responses, conditions.design)
    any_of, all_of = best_and_worst(scores, conditions.design)
    components = None
    if responses is not None and responses.hold_each_question_once:
        components = variance_components(
            scores["correct"].astype(float), scores["problem_id"], scores["position"], scores["pack_id"]
        )
    undefined = {
        "effective_slots": "all questions fare the same, or there is one",
        "drop_p_value": against or "all questions fall by the same amount",
        "drop_correlation": against or "all questions fare the same alone, or here",
        "mcnemar_p_value": against or "a question has more than one answer at a level",
        "detectable_drop": against or "all questions fall by the same amount, or there is one",
        "pass_at_k": "each prompt was asked once, or repeats ask other prompts",
        "pass_hat_k": "each prompt was asked once, or repeats ask other prompts",
        "variance_components": "too few slots of a question to tell it from noise",
    }
    return Certainty.explained(
        undefined,
        standard_errors=errors,
        effective_slots=effective_n(float(scores["correct"].mean()), errors["question"]),
        drop_p_value=None if means is None else difference_p_value(drop, means, conditions.seed),
        drop_correlation=None if means is None else correlation(*means),
        mcnemar_p_value=None if single is None or is_single else flip_p_value(single, scores),
        detectable_drop=None if means is None else detectable(drop, len(means[0])),
        pass_at_k=any_of,
        pass_hat_k=all_of,
        variance_components=None if components is None else components_by_name(components._asdict()),
    )


def standard_errors(
    scores: "pandas.DataFrame", responses: Responses | None, design: DesignName
) -> dict[str, float | None]:
    """Return the standard error of the accuracy for each way in which slots may depend on each other (8.1, 8.2).

    `slot` takes them for independent, `question` is that of every interval, `two_way` also lets slots of a pack hang
    together, `neighbours` questions that stand near each other in the data, and `sampling` is what another run on the
    same questions would differ by; those two need whole responses.
    """
    import numpy

    correct = scores["correct"].astype(float)
    level = int(scores["level"].iloc[0])
    neighbours = two_way = sampling = None
    if responses is not None:
        prompts = numpy.empty(len(scores), dtype=int)
        prompts[responses.row] = responses.prompt[:, None]
        two_way = two_way_se(correct, scores["problem_id"], prompts)
        sampling = fixed_benchmark_se(correct, prompts, scores["repeat"])
    if design in NEIGHBOUR_DESIGNS:
        effects = cluster_effects(correct, scores["problem_id"].astype(str))
        # The first positions of the packs, in their order, are the questions in the order of the data.
        in_order = scores.loc[scores["position"] == 1, "problem_id"].astype(str).drop_duplicates()
        if len(in_order) == len(effects):
            neighbours = hac_se(effects.loc[list(in_order)], level - 1)
    return {
        "slot": slot_se(correct),
        "question": one_way_se(correct, scores["problem_id"]),
        "two_way": two_way,
        "neighbours": neighbours,
        "sampling": sampling,
    }


def shared_means(single: "pandas.DataFrame", scores: "pandas.DataFrame") -> tuple[Numbers, Numbers]:
    """Return the mean of each question that is asked alone and here, x_q and m_q in the same order."""
    import numpy

    alone, here = (
        part["correct"].astype(float).groupby(part["problem_id"].astype(str)).mean() for part in (single, scores)
    )
    shared = alone.index.intersection(here.index)
    return numpy.asarray(alone[shared], dtype=float), numpy.asarray(here[shared], dtype=float)


def difference_p_value(drop: Estimate, means: tuple[Numbers, Numbers], seed: int) -> float | None:
    """Return the p-value of a drop: of the flipped signs for few questions, else of t (8.3)."""
    alone, here = means
    if len(alone) <= FEW_QUESTIONS:
        return sign_flip_p_value(alone - here, seed=seed)
    return p_value(drop, len(alone))


def flip_p_value(single: "pandas.DataFrame", scores: "pandas.DataFrame") -> float | None:
    """Return McNemar's p-value where every question has one answer alone and one here, else None (5.6)."""
    alone, here = (part.set_index(part["problem_id"].astype(str))["correct"].astype(bool) for part in (single, scores))
    if not (alone.index.is_unique and here.index.is_unique):
        return None
    shared = alone.index.intersection(here.index)
    x, y = alone[shared], here[shared]
    return mcnemar(int((x & ~y).sum()), int((~x & y).sum()))


def detectable(drop: Estimate, n_questions: int) -> float | None:
    """Return the smallest true drop that a run like this finds in four of five cases (8.7): 2.80 standard errors."""
    return None if not drop.se else detectable_difference(n_questions, n_questions * drop.se**2)


def best_and_worst(
    scores: "pandas.DataFrame", design: DesignName
) -> tuple[dict[str, float] | None, dict[str, float] | None]:
    """Return pass@k and pass^k by k = 1, 2, 4, ... up to the repeats (8.5); None for one repeat.

    A unit is a question at a position: what one prompt asks again and again. Where repeats ask other prompts there is
    none, but at level 1.
    """
    level = int(scores["level"].iloc[0])
    if level > 1 and design not in SAME_PACKS_DESIGNS:
        return None, None
    counts: Counts = count_answers(scores["correct"].astype(float), scores["problem_id"], scores["position"])
    fewest = int(counts.answers.min())
    ks = sorted({2**power for power in range(fewest.bit_length()) if 2**power <= fewest} | {fewest})
    if fewest < 2:
        return None, None
    any_of, all_of = ({k: metric(counts, k) for k in ks} for metric in (pass_at_k, pass_hat_k))
    return _known(any_of), _known(all_of)


def components_by_name(components: Mapping[str, object]) -> dict[str, float]:
    """Return the variances that the design can tell apart, by name."""
    return {name: float(value) for name, value in components.items() if isinstance(value, float)}


def _known(by_k: Mapping[int, float | None]) -> dict[str, float]:
    return {str(k): value for k, value in by_k.items() if value is not None}
