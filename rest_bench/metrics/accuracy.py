"""Accuracy by level and position, outcomes, single, stress and drop (metrics.md sections 4, 5.1 to 5.4, 6.1, 6.5)."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, get_args

from rest_bench.metrics.budget import budget_split, budget_use
from rest_bench.metrics.certainty import certainty
from rest_bench.metrics.curve import area_under_curve, decay_rate, half_stress_level
from rest_bench.metrics.flips import NO_FLIPS, flips
from rest_bench.metrics.joint import joint_success
from rest_bench.metrics.overthinking import allocate
from rest_bench.metrics.position import positions
from rest_bench.metrics.position_logit import position_effect
from rest_bench.metrics.responses import Conditions, as_responses
from rest_bench.metrics.selection import selection
from rest_bench.metrics.statistics import UNDEFINED, cluster_effects, difference, proportion
from rest_bench.metrics.swaps import swaps
from rest_bench.schema import (
    Accuracy,
    Counts,
    Estimate,
    FoundBy,
    LevelSummary,
    Manifest,
    Outcome,
    Outcomes,
    OverallSummary,
    Summary,
    SummaryConfig,
    TaskRecord,
    TaskSummary,
    Tokens,
)

if TYPE_CHECKING:
    import pandas


class Mean(NamedTuple):
    """An accuracy and what each question adds to its error."""

    value: float
    effects: "pandas.Series"


class AgainstSingle(NamedTuple):
    """An accuracy under stress against that at level 1; the names are those of the summary."""

    drop: Estimate
    retention: Estimate
    retention_above_chance: Estimate


UNCOMPARED = AgainstSingle(UNDEFINED, UNDEFINED, UNDEFINED)

LevelScores: TypeAlias = "Callable[[str, int], pandas.DataFrame]"
"""Gives the scores of a task at a level: one row per slot, at least with the columns `metrics.COLUMNS`."""


def summarize(scores: "pandas.DataFrame", manifest: Manifest, extractor: str | None = None) -> Summary:
    """Return the metrics of a run whose scores are in memory.

    Args:
        scores: one row per slot with the columns of `schema.Score`.
        manifest: of the run the scores belong to.
        extractor: the second model that listed answers, or None.
    """
    tasks = {
        task.name: summarize_task(scores[scores["task"] == task.name].groupby("level"), _conditions(manifest, task))
        for task in manifest.tasks
    }
    return _summary(tasks, manifest, extractor)


def summarize_levels(level_scores: LevelScores, manifest: Manifest, extractor: str | None = None) -> Summary:
    """Return the metrics of a run, asking for the scores of one task and level at a time.

    Args:
        level_scores: gives the scores of a task at a level.
        manifest: of the run the scores belong to.
        extractor: the second model that listed answers, or None.
    """
    tasks = {}
    for task in manifest.tasks:
        levels = sorted(level.level for level in task.levels)
        tables = ((level, level_scores(task.name, level)) for level in levels)
        tasks[task.name] = summarize_task(tables, _conditions(manifest, task))
    return _summary(tasks, manifest, extractor)


def summarize_task(tables: "Iterable[tuple[int, pandas.DataFrame]]", conditions: Conditions) -> TaskSummary:
    """Return the metrics of one task over its levels (metrics.md 5.1, 5.2).

    stress = unweighted mean of the accuracies at the levels above 1; drop = single - stress, in [-1, 1], lower is
    better; retention = stress / single, from 0 on, higher is better. Null where level 1 or every level above it is
    missing.

    Args:
        tables: each level with its scores, ascending; they are taken one at a time, and an empty one is left out.
        conditions: design and budgets of the run.
    """
    levels: dict[str, LevelSummary] = {}
    effects: dict[int, pandas.Series] = {}
    single: pandas.DataFrame | None = None
    for level, scores in tables:
        if not scores.empty:
            single = scores if level == 1 else single
            levels[str(level)] = summarize_level(scores, single, conditions)
            effects[level] = _effects(scores)
        del scores  # a run may have many: this table goes before the next one is read
    single_estimate = levels["1"].accuracy if single is not None else UNDEFINED
    stressed = [level for level in effects if level > 1]
    stress, against_single = UNDEFINED, UNCOMPARED
    if stressed:
        stress_effects = _sum_effects([effects[level] / len(stressed) for level in stressed])
        value = sum(levels[str(level)].accuracy.value or 0.0 for level in stressed) / len(stressed)
        stress = _clipped(difference(value, stress_effects))
        if single_estimate.value is not None:
            single_mean = Mean(single_estimate.value, effects[1])
            against_single = compare_with_single(Mean(value, stress_effects), single_mean, conditions.chance)
    curve = {level: levels[str(level)].accuracy.value or 0.0 for level in effects}
    return TaskSummary(
        levels=levels,
        single=single_estimate,
        stress=stress,
        stress_levels=tuple(stressed),
        **against_single._asdict(),
        auc=area_under_curve(curve),
        half_stress_level=half_stress_level(curve),
        decay_rate=decay_rate(curve),
    )


def summarize_level(
    scores: "pandas.DataFrame", single: "pandas.DataFrame | None", conditions: Conditions
) -> LevelSummary:
    """Return the metrics of one task's scores at one level.

    Every slot counts in the denominator of the accuracies: an answer that is null, ungraded or lost to an engine error
    is not correct. The shares of `outcomes` say how many slots are of which kind.

    Args:
        scores: the slots of this level, at least one.
        single: the slots of level 1, or None where the run has none.
        conditions: design and budgets of the run.
    """
    level = int(scores["level"].iloc[0])
    by_position = scores["correct"].astype(float).groupby(scores["position"]).mean()
    single_value = None if single is None else float(single["correct"].mean())
    responses = as_responses(scores)
    accuracy = accuracies(scores, single, conditions.chance)
    return LevelSummary.of(
        Counts(
            n_packs=int((scores["position"] == 1).sum()),
            n_slots=len(scores),
            n_questions=int(scores["problem_id"].nunique()),
            repeats=int(scores["repeat"].nunique()),
        ),
        accuracy,
        positions([float(share) for share in by_position], single_value),
        NO_FLIPS if single is None or single is scores else flips(single, scores),
        outcomes(scores),
        swaps(scores),
        tokens(scores),
        allocate(scores, level),
        position_effect(scores),
        joint_success(responses, level),
        selection(scores, single),
        budget_use(scores, conditions),
        budget_split(scores, single, responses, conditions),
        certainty(scores, single, responses, accuracy.drop, conditions),
    )


def accuracies(scores: "pandas.DataFrame", single: "pandas.DataFrame | None", chance: float = 0.0) -> Accuracy:
    """Return how often the slots of a level are right, by every reading, and against level 1."""
    correct = scores["correct"].astype(float)
    answered = scores["answer"].notna()
    accuracy = proportion(correct, scores["problem_id"])
    against_single = UNCOMPARED
    if single is not None:
        single_mean = Mean(float(single["correct"].mean()), _effects(single))
        against_single = compare_with_single(Mean(float(correct.mean()), _effects(scores)), single_mean, chance)
    return Accuracy(
        accuracy=accuracy,
        accuracy_strict=proportion(scores["correct_strict"].astype(float), scores["problem_id"]),
        accuracy_paper=_judged_accuracy(scores, "correct_paper"),
        accuracy_extractor=_judged_accuracy(scores, "correct_extractor"),
        readings_differ=_readings_differ(scores),
        **against_single._asdict(),
        completion=float(answered.mean()),
        conditional_accuracy=_mean(correct[answered]),
        all_correct=_mean(correct.groupby(scores["pack_id"]).min()),
    )


def compare_with_single(stressed: Mean, single: Mean, chance: float) -> AgainstSingle:
    """Return drop and retention, paired by question (metrics.md 5.2).

    drop = single - stressed, in [-1, 1], lower is better; retention = stressed / single, from 0 on, higher is better;
    retention above chance = (stressed - chance) / (single - chance), higher is better, negative where the model does
    worse than a guess, and not clipped: the raw one cannot fall below chance / single.
    """
    return AgainstSingle(
        drop=difference(single.value - stressed.value, _sum_effects([single.effects, -stressed.effects])),
        retention=_retention(stressed, single),
        retention_above_chance=_retention(stressed, single, chance),
    )


def _retention(stressed: Mean, single: Mean, chance: float = 0.0) -> Estimate:
    """Return what is left of an accuracy, its error by the delta method: that of (stressed - ratio * single) / base.

    Null where level 1 is no better than chance. The interval ends where the accuracy would be 0, and is null where no
    question differs from another: such an error says nothing.
    """
    base = single.value - chance
    if base <= 0:
        return UNDEFINED
    value = (stressed.value - chance) / base
    ratio = difference(value, _sum_effects([stressed.effects, -value * single.effects]) / base)
    if ratio.ci is None or not ratio.se:
        return ratio.model_copy(update={"ci": None})
    low, high = ratio.ci
    return ratio.model_copy(update={"ci": (max(-chance / base, low), high)})


def outcomes(scores: "pandas.DataFrame") -> Outcomes:
    """Return what became of the slots and responses of a level."""
    finish_reason = scores.loc[scores["position"] == 1, "finish_reason"]
    return Outcomes(
        outcomes=_shares(scores["outcome"], get_args(Outcome)),
        found_by=_shares(scores["found_by"], tuple(name for name in get_args(FoundBy) if name != "extractor")),
        truncation_rate=_mean((finish_reason == "length").astype(float)),
    )


def tokens(scores: "pandas.DataFrame") -> Tokens:
    """Return how long the prompts and responses of a level are."""
    responses = scores[scores["position"] == 1]
    return Tokens(
        prompt_tokens=_mean(responses["prompt_tokens"]),
        completion_tokens=_mean(responses["completion_tokens"]),
        response_thinking_tokens=_median(responses["thinking_tokens"]),
    )


def _summary(tasks: dict[str, TaskSummary], manifest: Manifest, extractor: str | None) -> Summary:
    tasks = {name: task for name, task in tasks.items() if task.levels}
    answered = {(name, int(level)): part.n_packs for name, task in tasks.items() for level, part in task.levels.items()}
    planned = [(task.name, level) for task in manifest.tasks for level in task.levels]
    return Summary(
        model=manifest.engine.model,
        engine=manifest.engine.engine,
        config=SummaryConfig(
            design=manifest.design,
            seed=manifest.seed,
            sampling=manifest.sampling,
            dressing=manifest.dressing,
            extractor=extractor,
            partial=any(
                level.limit is not None or answered.get((name, level.level), 0) < level.n_packs
                for name, level in planned
            ),
        ),
        tasks=tasks,
        overall=_overall(tasks),
    )


def _conditions(manifest: Manifest, task: TaskRecord) -> Conditions:
    return Conditions(
        design=manifest.design,
        seed=manifest.seed,
        max_tokens=manifest.sampling.max_tokens,
        max_context_tokens=manifest.engine.max_context_tokens,
        chance=task.chance,
    )


def _overall(tasks: dict[str, TaskSummary]) -> OverallSummary:
    """Unweighted means over tasks, never over a subset of them (metrics.md 3.1)."""

    def mean(numbers: list[float | None]) -> float | None:
        known = [number for number in numbers if number is not None]
        return sum(known) / len(known) if known and len(known) == len(numbers) else None

    return OverallSummary(
        tasks=tuple(tasks),
        single=mean([task.single.value for task in tasks.values()]),
        stress=mean([task.stress.value for task in tasks.values()]),
        drop=mean([task.drop.value for task in tasks.values()]),
    )


def _effects(scores: "pandas.DataFrame") -> "pandas.Series":
    return cluster_effects(scores["correct"].astype(float), scores["problem_id"])


def _sum_effects(parts: "list[pandas.Series]") -> "pandas.Series":
    """Add effects question by question; a question that one part lacks adds nothing there."""
    total = parts[0]
    for part in parts[1:]:
        total = total.add(part, fill_value=0.0)
    return total


def _judged_accuracy(scores: "pandas.DataFrame", column: str) -> Estimate:
    """Return the accuracy of a reading over the slots where it could be judged."""
    judged = scores.loc[scores[column].notna(), [column, "problem_id"]]
    return proportion(judged[column].astype(float), judged["problem_id"])


def _readings_differ(scores: "pandas.DataFrame") -> float:
    """Return the share of slots whose readings disagree; one that could not be judged disagrees with none."""
    correct = scores["correct"].astype(float)
    paper = scores["correct_paper"].astype(float).fillna(correct)
    return float(((scores["correct_strict"].astype(float) != correct) | (paper != correct)).mean())


def _clipped(estimate: Estimate) -> Estimate:
    """Keep the interval of a share inside [0, 1]."""
    if estimate.ci is None:
        return estimate
    return estimate.model_copy(update={"ci": (max(0.0, estimate.ci[0]), min(1.0, estimate.ci[1]))})


def _shares(values: "pandas.Series", names: tuple[str, ...]) -> dict[str, float]:
    shares = values.value_counts(normalize=True)
    return {name: float(shares.get(name, 0.0)) for name in names}


def _mean(numbers: "pandas.Series") -> float | None:
    known = numbers.dropna()
    return None if known.empty else float(known.mean())


def _median(numbers: "pandas.Series") -> float | None:
    known = numbers.dropna()
    return None if known.empty else float(known.median())
