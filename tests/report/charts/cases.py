"""Runs to draw: the worked example, and what charts are likely to stumble over."""

from functools import cache
from typing import NamedTuple

import pandas

from rest_bench.metrics import summarize
from rest_bench.report.charts import Figure, LeftOut, draw
from rest_bench.schema import Score, Summary
from tests.metrics.conftest import TOY_SLOTS, slot, table
from tests.records import make_manifest

OUTCOMES = ("correct", "wrong", "omitted", "truncated", "swapped", "correct")


class Case(NamedTuple):
    """A run, and what is drawn of it."""

    summary: Summary
    scores: pandas.DataFrame
    figures: dict[str, Figure]
    """By kind."""
    left_out: dict[str, str]
    """Kind to the reason."""


def make_case(scores: pandas.DataFrame, task: str = "toy", model: str = "toy-model") -> Case:
    """Return the case of these scores, under other names."""
    levels = tuple(sorted({int(level) for level in scores["level"]}))
    summary = summarize(scores, make_manifest(levels=levels, n_packs=3))
    named = summary.model_copy(update={"model": model, "tasks": {task: summary.tasks["toy"]}})
    scores = scores.assign(task=task)
    return case_of(named, scores)


def case_of(summary: Summary, scores: pandas.DataFrame | None) -> Case:
    figures, left_out = draw(summary, scores)
    (task,) = summary.tasks
    assert all(isinstance(reason, LeftOut) and reason.task == task for reason in left_out)
    return Case(
        summary,
        pandas.DataFrame() if scores is None else scores,
        {figure.kind: figure for figure in figures},
        {reason.kind: reason.why for reason in left_out},
    )


def slots(levels: tuple[int, ...], outcomes: tuple[str, ...] = OUTCOMES, n_packs: int = 4) -> list[Score]:
    """Return the slots of some packs at each level; questions go around."""
    return [
        slot(
            level,
            f"{level}-{pack}",
            position,
            str((pack + position) % n_packs),
            outcomes[(pack * position) % len(outcomes)],
        )
        for level in levels
        for pack in range(n_packs)
        for position in range(1, level + 1)
    ]


def with_thinking(scores: list[Score]) -> list[Score]:
    """Return slots with thinking that is surely divided, and golds of the next position instead of some answers."""
    return [
        score.model_copy(
            update={
                "segment_tokens": 100 * (score.level - score.position) + 10 * int(score.problem_id),
                "segmentation_sure": not score.pack_id.endswith("-3"),
                "thinking_tokens": 100 * score.level,
                "first_correct_tokens": 5 if score.correct else None,
                "answer_trace": "4" if score.correct else None,
                "correct_trace": True if score.correct else None,
                **(
                    {"swapped_from": score.position % score.level + 1, "swap_candidates": 2, "swap_chance": 0.1}
                    if score.outcome == "swapped"
                    else {}
                ),
            }
        )
        for score in scores
    ]


def rows(name: str) -> list[Score]:
    """Return the slots of a case."""
    made = {
        "toy": lambda: [slot(*row) for row in TOY_SLOTS],
        "thinking": lambda: with_thinking(slots((1, 3, 5))),
        "one level": lambda: slots((3,)),
        "only level 1": lambda: with_thinking(slots((1,))),
        "no level 1": lambda: with_thinking(slots((2, 3))),
        "all right": lambda: with_thinking(slots((1, 2), ("correct",))),
        "all lost": lambda: slots((1, 2), ("error",)),
        "30 positions": lambda: with_thinking(slots((1, 30), n_packs=31)),
    }
    return made[name]()


NAMES = ("toy", "thinking", "one level", "only level 1", "no level 1", "all right", "all lost", "30 positions")


@cache
def case(name: str) -> Case:
    """Return a case, made once."""
    return make_case(table(rows(name)))
