"""How often answers are right, read in several ways, and against level 1 (metrics.md 5.1, 5.2, 6.1)."""

from typing import TYPE_CHECKING, NamedTuple, Self

from rest_bench.metrics.reasons import NO_SINGLE
from rest_bench.metrics.statistics import UNDEFINED, cluster_effects, difference, proportion
from rest_bench.schema import Accuracy, Estimate

if TYPE_CHECKING:
    import pandas


class Mean(NamedTuple):
    """An accuracy and what each question adds to its error."""

    value: float
    effects: "pandas.Series"

    @classmethod
    def of(cls, scores: "pandas.DataFrame") -> Self:
        """Return the accuracy of slots."""
        correct = scores["correct"].astype(float)
        return cls(float(correct.mean()), cluster_effects(correct, scores["problem_id"]))


class AgainstSingle(NamedTuple):
    """An accuracy under stress against that at level 1; the names are those of the summary."""

    drop: Estimate
    retention: Estimate
    retention_above_chance: Estimate


UNCOMPARED = AgainstSingle(UNDEFINED, UNDEFINED, UNDEFINED)


def accuracies(scores: "pandas.DataFrame", single: "pandas.DataFrame | None", chance: float = 0.0) -> Accuracy:
    """Return how often the slots of a level are right, by every reading, and against level 1."""
    correct = scores["correct"].astype(float)
    answered = scores["answer"].notna()
    accuracy = proportion(correct, scores["problem_id"])
    against_single = UNCOMPARED
    if single is not None:
        against_single = compare_with_single(Mean.of(scores), Mean.of(single), chance)
    undefined = {
        "drop": NO_SINGLE,
        "retention": NO_SINGLE if single is None else "nothing is right at level 1",
        "retention_above_chance": NO_SINGLE if single is None else "level 1 is no better than a guess",
        "accuracy_paper": "the paper's reading could not be judged",
        "accuracy_extractor": "no second model listed the answers",
        "conditional_accuracy": "no slot was answered",
    }
    return Accuracy.explained(
        undefined,
        accuracy=accuracy,
        accuracy_strict=proportion(scores["correct_strict"].astype(float), scores["problem_id"]),
        accuracy_paper=_judged_accuracy(scores, "correct_paper"),
        accuracy_extractor=_judged_accuracy(scores, "correct_extractor"),
        readings_differ=_readings_differ(scores),
        **against_single._asdict(),
        completion=float(answered.mean()),
        conditional_accuracy=float(correct[answered].mean()) if answered.any() else None,
        all_correct=float(correct.groupby(scores["pack_id"]).min().mean()),
    )


def compare_with_single(stressed: Mean, single: Mean, chance: float) -> AgainstSingle:
    """Return drop and retention, paired by question (metrics.md 5.2).

    drop = single - stressed, in [-1, 1], lower is better; retention = stressed / single, from 0 on, higher is better;
    retention above chance = (stressed - chance) / (single - chance), higher is better, negative where the model does
    worse than a guess, and not clipped: the raw one cannot fall below chance / single.
    """
    return AgainstSingle(
        drop=difference(single.value - stressed.value, sum_effects([single.effects, -stressed.effects])),
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
    ratio = difference(value, sum_effects([stressed.effects, -value * single.effects]) / base)
    if ratio.ci is None:
        return ratio
    low, high = ratio.ci
    return ratio.model_copy(update={"ci": (max(-chance / base, low), high)})


def sum_effects(parts: "list[pandas.Series]") -> "pandas.Series":
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
