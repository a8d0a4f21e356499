"""Two runs on the same questions, metric by metric (metrics.md 8.3, 8.8).

A task is looked at level by level: of a level nothing is kept but its means and what each question adds to their
errors, and level 1, which the others are compared with.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from rest_bench.metrics.accuracy import Mean, sum_effects
from rest_bench.metrics.aggregation import SINGLE
from rest_bench.metrics.budget import residuals
from rest_bench.metrics.compared_level import (
    RESIDUALS,
    RULES,
    Found,
    LevelContrasts,
    Pair,
    against_single,
    compared_level,
    contrast_level,
)
from rest_bench.metrics.contrasts import contrast, needed_questions, verdict
from rest_bench.metrics.multiplicity import holm
from rest_bench.metrics.order import order_effect
from rest_bench.metrics.pairing import pair_slots
from rest_bench.metrics.reasons import NO_SINGLE
from rest_bench.metrics.responses import Conditions, as_responses
from rest_bench.metrics.statistics import UNDEFINED
from rest_bench.schema import ComparedMetric, ComparedTask, Estimate, OrderEffect, Unit

if TYPE_CHECKING:
    import pandas

    Tables: TypeAlias = tuple[pandas.DataFrame, pandas.DataFrame]

COLUMNS = (
    "level",
    "pack_id",
    "repeat",
    "position",
    "problem_id",
    "outcome",
    "correct",
    "correct_strict",
    "correct_paper",
    "finish_reason",
    "prompt_tokens",
    "completion_tokens",
    "segment_tokens",
    "segmentation_sure",
)
"""What is looked at, of `schema.Score`."""

NO_STRESS = "no level above 1"


class Settings(NamedTuple):
    """What a comparison depends on, beside the scores."""

    a: Conditions
    b: Conditions
    smallest_effect: float
    """The smallest difference of interest: of shares and ratios as it stands, of tokens as a share of them."""
    easy_first: Literal["a", "b"] | None = None
    """Which run has the easy questions first, where the other one has the hard ones first and nothing else differs."""

    @property
    def same_design(self) -> bool:
        """Both runs make the same packs, as far as they hold the same problems."""
        return self.a.design == self.b.design and (self.a.design != "shuffled" or self.a.seed == self.b.seed)


def compare_task(tables: "Iterable[tuple[int, Tables]]", settings: Settings) -> ComparedTask | None:
    """Return one task of run B against run A; None where they share no question at any level.

    Args:
        tables: each level that both runs have, with the scores of A and of B, ascending; they are taken one at a time,
            and a level without scores in either is left out.
        settings: conditions of both runs.
    """
    levels: dict[int, LevelContrasts] = {}
    orders: dict[int, OrderEffect] = {}
    singles: Tables | None = None
    for level, both in tables:
        if both[0].empty or both[1].empty:
            continue
        singles = both if level == SINGLE else singles
        extended, why = _with_residuals(both, singles, settings)
        paired = pair_slots(*extended, same_design=settings.same_design or level == SINGLE)
        if paired is not None:
            single = levels[SINGLE].accuracy if SINGLE in levels else None
            levels[level] = contrast_level(paired, single, level=level, chance=settings.a.chance, no_residual=why)
            if settings.easy_first is not None and level > SINGLE:
                orders[level] = order_effect(*(both if settings.easy_first == "a" else both[::-1]))
        del both, extended, paired  # a run may have many: these tables go before the next ones are read
    if not levels:
        return None
    metrics = _records(levels, settings)
    return ComparedTask(
        stress_levels=tuple(level for level in levels if level > SINGLE),
        metrics={
            name: _record(name, each, _p_value(each), settings)
            for name, each in _of_task(levels, settings.a.chance).items()
        },
        levels={str(level): compared_level(kept, metrics[level], orders.get(level)) for level, kept in levels.items()},
    )


def _with_residuals(both: "Tables", singles: "Tables | None", settings: Settings) -> "tuple[Tables, str]":
    """Add what of the drop the budget leaves at each slot, by all of a run's single replies, or return why not."""
    added, reasons = [], []
    for number, (table, conditions) in enumerate(zip(both, (settings.a, settings.b), strict=True)):
        single = None if singles is None else singles[number]
        left = residuals(table, single, as_responses(table), conditions)
        if isinstance(left, str):
            reasons.append(left)
        values = (float("nan"),) * 2 if isinstance(left, str) else left
        added.append(table.assign(**dict(zip(RESIDUALS, values, strict=True))))
    return (added[0], added[1]), reasons[0] if reasons else ""


def _of_task(levels: Mapping[int, LevelContrasts], chance: float) -> dict[str, Found]:
    """Return the numbers of a task over its levels, the drop first: it is what a stress test is about."""
    stressed = [kept.accuracy for level, kept in levels.items() if level > SINGLE]
    single = levels[SINGLE].accuracy if SINGLE in levels else None
    found: dict[str, Found] = {"single": NO_SINGLE if single is None else contrast(*single)}
    if not stressed:
        return {**dict.fromkeys(("drop", "retention"), NO_STRESS), **found, "stress": NO_STRESS}
    stress: Pair = (_average([a for a, _ in stressed]), _average([b for _, b in stressed]))
    return {**against_single(stress, single, chance), **found, "stress": contrast(*stress)}


def _average(means: list[Mean]) -> Mean:
    """Return the unweighted mean over levels."""
    n = len(means)
    return Mean(sum(mean.value for mean in means) / n, sum_effects([mean.effects / n for mean in means]))


def _records(levels: Mapping[int, LevelContrasts], settings: Settings) -> dict[int, dict[str, ComparedMetric]]:
    """Return the metrics of each level, with p-values adjusted for the number of levels (8.8)."""
    records: dict[int, dict[str, ComparedMetric]] = {level: {} for level in levels}
    for name in RULES:
        family = {level: kept.found[name] for level, kept in levels.items() if name in kept.found}
        adjusted = holm([_p_value(found) for found in family.values()])
        for (level, found), p_value in zip(family.items(), adjusted, strict=True):
            records[level][name] = _record(name, found, p_value, settings)
    return records


def _p_value(found: Found) -> float | None:
    return None if isinstance(found, str) else found.p_value


def _record(name: str, found: Found, adjusted: float | None, settings: Settings) -> ComparedMetric:
    rule = RULES[name]
    if isinstance(found, str):
        return ComparedMetric(
            a=None,
            b=None,
            difference=UNDEFINED,
            p_value=None,
            p_value_holm=None,
            n_questions=0,
            direction=rule.direction,
            unit=rule.unit,
            verdict=None,
            questions_needed=None,
            undefined=found,
        )
    scale = (abs(found.a) + abs(found.b)) / 2 if rule.unit == "tokens" else 1.0
    needed = needed_questions(found, settings.smallest_effect * scale)
    return ComparedMetric(
        a=found.a,
        b=found.b,
        difference=_within(found.estimate, rule.unit),
        p_value=found.p_value,
        p_value_holm=adjusted,
        n_questions=found.n_questions,
        direction=rule.direction,
        unit=rule.unit,
        verdict=verdict(found, adjusted, rule.direction, needed),
        questions_needed=needed,
    )


def _within(estimate: Estimate, unit: Unit) -> Estimate:
    """Keep the interval of a difference of shares inside [-1, 1]; drops may differ by more, up to 2."""
    if unit != "share" or estimate.ci is None or abs(estimate.value or 0.0) > 1:
        return estimate
    return estimate.model_copy(update={"ci": (max(-1.0, estimate.ci[0]), min(1.0, estimate.ci[1]))})
