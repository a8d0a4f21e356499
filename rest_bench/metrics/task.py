"""The metrics of one task over its levels (metrics.md 5.1 to 5.3, 8.3, 8.7, 8.8)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from rest_bench.metrics.accuracy import UNCOMPARED, Mean, compare_with_single, sum_effects
from rest_bench.metrics.aggregation import SINGLE, stress_score
from rest_bench.metrics.bootstrap import QuestionSums, bands, bootstrap, drop
from rest_bench.metrics.certainty import detectable, difference_p_value
from rest_bench.metrics.curve import area_under_curve, decay_rate, half_stress_level
from rest_bench.metrics.intervals import Interval
from rest_bench.metrics.level import summarize_level
from rest_bench.metrics.multiplicity import holm
from rest_bench.metrics.reasons import NO_SINGLE
from rest_bench.metrics.responses import Conditions
from rest_bench.metrics.statistics import UNDEFINED, difference
from rest_bench.schema import Estimate, LevelSummary, TaskSummary

if TYPE_CHECKING:
    import pandas

NO_STRESS = "no level above 1"


def summarize_task(tables: "Iterable[tuple[int, pandas.DataFrame]]", conditions: Conditions) -> TaskSummary:
    """Return the metrics of one task over its levels.

    stress = unweighted mean of the accuracies at the levels above 1; drop = single - stress, in [-1, 1], lower is
    better; retention = stress / single, from 0 on, higher is better. Null where level 1 or every level above it is
    missing.

    Args:
        tables: each level with its scores, ascending; they are taken one at a time, and an empty one is left out.
        conditions: design, budgets and seed of the run.
    """
    levels: dict[int, LevelSummary] = {}
    questions: dict[int, pandas.DataFrame] = {}
    single: pandas.DataFrame | None = None
    for level, scores in tables:
        if not scores.empty:
            single = scores if level == SINGLE else single
            levels[level] = summarize_level(scores, single, conditions)
            questions[level] = _by_question(scores)
        del scores  # a run may have many: this table goes before the next one is read
    curve = {level: summary.accuracy.value or 0.0 for level, summary in levels.items()}
    stressed = [level for level in curve if level > SINGLE]
    stress, against_single = UNDEFINED, UNCOMPARED
    value = stress_score(curve)
    if value is not None:
        mean = Mean(value, sum_effects([_effects(questions[level]) / len(stressed) for level in stressed]))
        stress = _clipped(difference(value, mean.effects))
        if SINGLE in questions:
            against_single = compare_with_single(
                mean, Mean(curve[SINGLE], _effects(questions[SINGLE])), conditions.chance
            )
    why = NO_SINGLE if SINGLE not in questions else "" if stressed else NO_STRESS
    return TaskSummary.explained(
        {
            "single": NO_SINGLE,
            "stress": NO_STRESS,
            "drop": why,
            "retention": why or "nothing is right at level 1",
            "retention_above_chance": why or "level 1 is no better than a guess",
            "auc": "there is one level",
            "half_stress_level": _no_half(curve),
            "decay_rate": "fewer than two levels with anything right",
            "drop_p_value": why or "all questions fall by the same amount, or none is asked at every level",
            "drop_bootstrap": why or "all questions fall by the same amount, or there is one",
            "detectable_drop": why or "all questions fall by the same amount, or there is one",
        },
        levels={str(level): summary for level, summary in levels.items()},
        single=levels[SINGLE].accuracy if SINGLE in levels else UNDEFINED,
        stress=stress,
        stress_levels=tuple(stressed),
        **against_single._asdict(),
        auc=area_under_curve(curve),
        half_stress_level=half_stress_level(curve),
        decay_rate=decay_rate(curve),
        drop_p_value=_drop_p_value(against_single.drop, questions, conditions.seed),
        drop_p_values_holm=_adjusted(levels),
        drop_bootstrap=_drop_bootstrap(questions, conditions.seed),
        detectable_drop=detectable(against_single.drop, _n_shared(questions)),
        accuracy_band=_band(questions, conditions.seed),
    )


def _no_half(curve: Mapping[int, float]) -> str:
    if SINGLE not in curve:
        return NO_SINGLE
    return "more than half of level 1 is left at every level" if curve[SINGLE] else "nothing is right at level 1"


def _by_question(scores: "pandas.DataFrame") -> "pandas.DataFrame":
    """Return for each question its right slots and its slots: all that is kept of a level."""
    import pandas

    question = scores["problem_id"].astype(str)
    grouped = scores["correct"].astype(float).groupby(question)
    return pandas.DataFrame({"right": grouped.sum(), "slots": grouped.size()})


def _effects(questions: "pandas.DataFrame") -> "pandas.Series":
    """Return what each question adds to the error of the accuracy (`statistics.cluster_effects`)."""
    n_slots = questions["slots"].sum()
    effects: pandas.Series = (questions["right"] - questions["right"].sum() / n_slots * questions["slots"]) / n_slots
    return effects


def _n_shared(questions: "Mapping[int, pandas.DataFrame]") -> int:
    """Return how many questions are asked at any level."""
    return len(set().union(*(table.index for table in questions.values())))


def _as_sums(questions: "Mapping[int, pandas.DataFrame]") -> QuestionSums:
    """Put the levels side by side, for the bootstrap; a question that a level lacks has no slots there."""
    import pandas

    joined = [
        pandas.concat([table[column] for table in questions.values()], axis=1).fillna(0.0).to_numpy(dtype=float)
        for column in ("right", "slots")
    ]
    return QuestionSums(*joined)


def _drop_p_value(drop_: Estimate, questions: "Mapping[int, pandas.DataFrame]", seed: int) -> float | None:
    """Return the p-value of the drop over all levels, of the questions that are asked at every level (8.3)."""
    if drop_.value is None:
        return None
    import pandas

    means = pandas.concat([table["right"] / table["slots"] for table in questions.values()], axis=1).dropna()
    alone, stressed = means.iloc[:, 0].to_numpy(), means.iloc[:, 1:].mean(axis=1).to_numpy()
    return difference_p_value(drop_, (alone, stressed), seed)


def _drop_bootstrap(questions: "Mapping[int, pandas.DataFrame]", seed: int) -> Interval | None:
    """Return the BCa interval of the drop (8.3)."""
    if SINGLE not in questions or len(questions) == 1:
        return None
    return bootstrap(_as_sums(questions), drop, seed=seed, method="bca").ci


def _band(questions: "Mapping[int, pandas.DataFrame]", seed: int) -> dict[str, Interval | None]:
    """Return intervals of the accuracies that hold together (8.8)."""
    if not questions:
        return {}
    estimates: Sequence[Estimate] = bands(_as_sums(questions), seed=seed).estimates
    return {str(level): _clipped(estimate).ci for level, estimate in zip(questions, estimates, strict=True)}


def _adjusted(levels: Mapping[int, LevelSummary]) -> dict[str, float | None]:
    """Return the p-values of the drops at the levels above 1, by Holm's rule (8.8)."""
    stressed = [level for level in levels if level > SINGLE]
    adjusted = holm([levels[level].drop_p_value for level in stressed])
    return {str(level): p_value for level, p_value in zip(stressed, adjusted, strict=True)}


def _clipped(estimate: Estimate) -> Estimate:
    """Keep the interval of a share inside [0, 1]."""
    if estimate.ci is None:
        return estimate
    return estimate.model_copy(update={"ci": (max(0.0, estimate.ci[0]), min(1.0, estimate.ci[1]))})
