"""One task at one level in two runs: what differs (metrics.md 8.3)."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy

from rest_bench.metrics.accuracy import Mean, sum_effects
from rest_bench.metrics.contrasts import Contrast, contrast, question_mean, two_run_se
from rest_bench.metrics.paired import correlation, flip_counts, mcnemar
from rest_bench.metrics.pairing import Paired, Side
from rest_bench.metrics.reasons import NO_SINGLE, NOT_DIVIDED
from rest_bench.metrics.responses import as_floats
from rest_bench.schema import ComparedLevel, ComparedMetric, Direction, OrderEffect, Unit

if TYPE_CHECKING:
    import pandas

NOTHING_RIGHT = "nothing is right at level 1"
NO_BETTER_THAN_CHANCE = "level 1 is no better than a guess"
RESIDUALS = ("residual_drop", "residual_drop_at_end")
"""Columns that stand beside the scores, and metrics."""

Pair: TypeAlias = tuple[Mean, Mean]
"""A number of run A and of run B."""
Found: TypeAlias = "Contrast | str"
"""A difference, or why there is none."""


class Rule(NamedTuple):
    """What is good of a number, and what it counts."""

    direction: Direction
    unit: Unit
    of_responses: bool = False
    """Slots of a prompt share it: its error lets them hang together."""


RULES: dict[str, Rule] = {
    "single": Rule("higher", "share"),
    "stress": Rule("higher", "share"),
    "accuracy": Rule("higher", "share"),
    "drop": Rule("lower", "share"),
    "retention": Rule("higher", "ratio"),
    "retention_above_chance": Rule("higher", "ratio"),
    "accuracy_strict": Rule("higher", "share"),
    "accuracy_paper": Rule("higher", "share"),
    "residual_drop": Rule("lower", "share", of_responses=True),
    "residual_drop_at_end": Rule("lower", "share", of_responses=True),
    "truncation_rate": Rule("lower", "share", of_responses=True),
    # Fewer tokens are cheaper, and may be what is lacking: neither is good in itself.
    "completion_tokens": Rule("neither", "tokens", of_responses=True),
    "thinking_tokens": Rule("neither", "tokens"),
}
"""Every number that is compared, in the order it is shown; the names are those of the summary."""


def _column(name: str) -> "Callable[[pandas.DataFrame], numpy.ndarray]":
    return lambda slots: as_floats(slots[name])


def _cut_off(slots: "pandas.DataFrame") -> numpy.ndarray:
    is_cut: numpy.ndarray = slots["finish_reason"].eq("length").to_numpy(dtype=float)
    return numpy.where(slots["finish_reason"].isna(), numpy.nan, is_cut)


def _sure_tokens(slots: "pandas.DataFrame") -> numpy.ndarray:
    """Return the thinking tokens of each slot where it is surely known which those are."""
    is_sure = as_floats(slots["segmentation_sure"]) == 1
    return numpy.where(is_sure, as_floats(slots["segment_tokens"]), numpy.nan)


VALUES: "dict[str, Callable[[pandas.DataFrame], numpy.ndarray]]" = {
    "accuracy_strict": _column("correct_strict"),
    "accuracy_paper": _column("correct_paper"),
    "residual_drop": _column("residual_drop"),
    "residual_drop_at_end": _column("residual_drop_at_end"),
    "truncation_rate": _cut_off,
    "completion_tokens": _column("completion_tokens"),
    "thinking_tokens": _sure_tokens,
}
"""Metric to what each slot counts; NaN where that is not known."""

MISSING = {
    "accuracy_paper": "the paper's reading could not be judged",
    "truncation_rate": "nobody noted how the responses ended",
    "completion_tokens": "nobody counted them",
    "thinking_tokens": NOT_DIVIDED,
}
"""Why no slot of both runs may count anything."""


class LevelContrasts(NamedTuple):
    """What is kept of a level."""

    paired: "dict[str, object]"
    """The fields of `ComparedLevel` beside its metrics."""
    accuracy: Pair
    found: dict[str, Found]
    """By metric."""


def contrast_level(
    paired: Paired, single: Pair | None, *, level: int, chance: float, no_residual: str
) -> LevelContrasts:
    """Return what differs between two runs at one level.

    Args:
        paired: the slots, with the columns `RESIDUALS`.
        single: accuracies at level 1, or None where it is missing.
        level: s.
        chance: accuracy of a guess.
        no_residual: why these columns hold nothing, where they do.
    """
    right = [as_floats(side.slots["correct"]) for side in paired.sides]
    means = [
        question_mean(values, side.question, paired.names) for values, side in zip(right, paired.sides, strict=True)
    ]
    accuracy = means[0], means[1]
    found: dict[str, Found] = {"accuracy": contrast(*accuracy)}
    if level > 1:
        found |= against_single(accuracy, single, chance)
    for name in VALUES:
        if level > 1 or name not in RESIDUALS:
            why = no_residual if name in RESIDUALS else MISSING.get(name, "")
            found[name] = _of_slots(paired, name, why)
    return LevelContrasts(_facts(paired, (right[0], right[1])), accuracy, found)


def against_single(stressed: Pair, single: Pair | None, chance: float) -> dict[str, Found]:
    """Return drop and retention of two runs, as `accuracy.compare_with_single` has them of one.

    Args:
        stressed: accuracies under stress.
        single: accuracies at level 1, or None.
        chance: accuracy of a guess; 0 leaves `retention_above_chance` out, as it is `retention`.
    """
    names = ["drop", "retention", *(["retention_above_chance"] if chance else [])]
    if single is None:
        return dict.fromkeys(names, NO_SINGLE)
    drops = [
        Mean(alone.value - under.value, sum_effects([alone.effects, -under.effects]))
        for alone, under in zip(single, stressed, strict=True)
    ]
    found: dict[str, Found] = {"drop": contrast(drops[0], drops[1])}
    for name, guess in zip(names[1:], (0.0, chance), strict=False):
        ratios = [_retention(under, alone, guess) for under, alone in zip(stressed, single, strict=True)]
        if ratios[0] is None or ratios[1] is None:
            found[name] = NO_BETTER_THAN_CHANCE if guess else NOTHING_RIGHT
        else:
            found[name] = contrast(ratios[0], ratios[1])
    return found


def compared_level(
    kept: LevelContrasts, metrics: Mapping[str, ComparedMetric], order_effect: OrderEffect | None
) -> ComparedLevel:
    """Return the record of a level.

    Args:
        kept: of the level.
        metrics: its differences with their verdicts.
        order_effect: of the two runs, where they are about the order.
    """
    return ComparedLevel.model_validate({**kept.paired, "metrics": metrics, "order_effect": order_effect})


def _retention(stressed: Mean, single: Mean, chance: float) -> Mean | None:
    """Return what is left of an accuracy; its error by the delta method, as in `accuracy.compare_with_single`."""
    base = single.value - chance
    if base <= 0:
        return None
    value = (stressed.value - chance) / base
    return Mean(value, sum_effects([stressed.effects, -value * single.effects]) / base)


def _of_slots(paired: Paired, name: str, why: str) -> Found:
    """Return the difference of a number that slots count, over those where it is known in both runs."""
    values = [VALUES[name](side.slots) for side in paired.sides]
    known = _known_in_both(paired, values)
    if not known[0].any():
        return why or "no slot of both runs has it"
    values = [part[mask] for part, mask in zip(values, known, strict=True)]
    questions = [side.question[mask] for side, mask in zip(paired.sides, known, strict=True)]
    means = [question_mean(*part, paired.names) for part in zip(values, questions, strict=True)]
    se = None
    if RULES[name].of_responses:
        prompts = [side.prompt[mask] for side, mask in zip(paired.sides, known, strict=True)]
        se = two_run_se((values[0], values[1]), (questions[0], questions[1]), (prompts[0], prompts[1]))
    return contrast(means[0], means[1], se)


def _known_in_both(paired: Paired, values: list[numpy.ndarray]) -> list[numpy.ndarray]:
    """Return which slots of A and of B are compared: the same places of packs, or all slots of the same questions."""
    known = [~numpy.isnan(part) for part in values]
    if paired.by_pack:
        return [known[0] & known[1]] * 2
    asked = [numpy.unique(side.question[mask]) for side, mask in zip(paired.sides, known, strict=True)]
    shared = numpy.intersect1d(asked[0], asked[1])
    return [mask & numpy.isin(side.question, shared) for side, mask in zip(paired.sides, known, strict=True)]


def _facts(paired: Paired, right: tuple[numpy.ndarray, numpy.ndarray]) -> dict[str, object]:
    by_question = [
        _question_means(values, side, len(paired.names)) for values, side in zip(right, paired.sides, strict=True)
    ]
    is_one_answer = all(len(side.slots) == paired.n_questions for side in paired.sides)
    flips = flip_counts(by_question[0], by_question[1]) if is_one_answer else None
    return {
        "paired_by": "pack" if paired.by_pack else "question",
        "n_questions": paired.n_questions,
        "n_slots": tuple(len(side.slots) for side in paired.sides),
        "n_packs": tuple(side.n_packs for side in paired.sides),
        "left_out_packs": tuple(side.left_out_packs for side in paired.sides),
        "left_out_questions": tuple(side.left_out_questions for side in paired.sides),
        "repeats": tuple(side.n_repeats for side in paired.sides),
        "ungraded": tuple(_count(side, "ungraded") for side in paired.sides),
        "errors": tuple(_count(side, "error") for side in paired.sides),
        "only_right": flips,
        "mcnemar_p_value": None if flips is None else mcnemar(*flips),
        "correlation": correlation(by_question[0], by_question[1]),
    }


def _question_means(values: numpy.ndarray, side: Side, n_names: int) -> numpy.ndarray:
    counts = numpy.bincount(side.question, minlength=n_names)
    sums = numpy.bincount(side.question, weights=values, minlength=n_names)
    means: numpy.ndarray = sums[counts > 0] / counts[counts > 0]
    return means


def _count(side: Side, outcome: str) -> int:
    return int(side.slots["outcome"].eq(outcome).sum())
