"""All figures of a run, in the order they are read."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from rest_bench.errors import ConfigError
from rest_bench.report.charts.budget import budget
from rest_bench.report.charts.figure import Figure, plain
from rest_bench.report.charts.outcomes import drop, outcomes, outcomes_by_position
from rest_bench.report.charts.parts import Part
from rest_bench.report.charts.positions import triangle
from rest_bench.report.charts.stress import stress
from rest_bench.report.charts.swaps import swap_lags, swaps
from rest_bench.report.charts.thinking import allocation, solution, thinking
from rest_bench.schema import Summary

if TYPE_CHECKING:
    import pandas

COLUMNS = (
    "task",
    "level",
    "pack_id",
    "position",
    "outcome",
    "segment_tokens",
    "segmentation_sure",
    "first_correct_tokens",
    "swapped_from",
)
"""Of the scores: what the charts need beyond the summary."""
NOT_IN_NAMES = re.compile(r"[^a-z0-9]+")
LONGEST_STEM = 40

MAKERS: Mapping[str, Callable[[Part], Figure | str]] = {
    "stress": stress,
    "positions": triangle,
    "outcomes": outcomes,
    "outcomes-by-position": outcomes_by_position,
    "drop": drop,
    "budget": budget,
    "thinking": thinking,
    "allocation": allocation,
    "solution": solution,
    "swaps": swaps,
    "swap-lags": swap_lags,
}
"""Kind of figure to what makes it, or says why there is none."""


class LeftOut(NamedTuple):
    """A figure that a run has no numbers for."""

    task: str
    kind: str
    why: str
    """A short sentence without a full stop."""


class Drawing(NamedTuple):
    """All figures of a run, and those it has no numbers for."""

    figures: tuple[Figure, ...]
    left_out: tuple[LeftOut, ...]


def draw(summary: Summary, scores: "pandas.DataFrame | None" = None) -> Drawing:
    """Return the figures of a run, task by task, and what it has no numbers for.

    Args:
        summary: of the run.
        scores: its scores with the columns `COLUMNS`, or None: then those figures are left out that need them.

    Raises:
        ConfigError: altair is missing.
    """
    try:
        import altair  # noqa: F401
    except ImportError as error:
        raise ConfigError("figures need altair; pip install 'altair>=6,<7'") from error
    made = [(part, kind, make(part)) for part in parts(summary, scores) for kind, make in MAKERS.items()]
    return Drawing(
        tuple(figure for _, _, figure in made if isinstance(figure, Figure)),
        tuple(LeftOut(part.task, kind, why) for part, kind, why in made if isinstance(why, str)),
    )


def figures(summary: Summary, scores: "pandas.DataFrame | None" = None) -> tuple[Figure, ...]:
    """Return the figures of a run, task by task; `draw` also says which are left out and why."""
    return draw(summary, scores).figures


def parts(summary: Summary, scores: "pandas.DataFrame | None") -> Iterator[Part]:
    """Yield each task of a run, with a stem for file names that no other task has."""
    stems: set[str] = set()
    for name, task in summary.tasks.items():
        if not task.levels:
            continue
        stem = _stem(name, stems)
        stems.add(stem)
        yield Part(
            task=name,
            label=plain(name),
            stem=stem,
            model=plain(summary.model),
            summary=task,
            levels={int(level): part for level, part in task.levels.items()},
            scores=None if scores is None else scores[scores["task"] == name],
        )


def _stem(name: str, taken: set[str]) -> str:
    stem = NOT_IN_NAMES.sub("-", name.lower()).strip("-")[:LONGEST_STEM] or "task"
    number = 1
    while (unique := stem if number == 1 else f"{stem}-{number}") in taken:
        number += 1
    return unique
