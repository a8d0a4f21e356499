"""The models of the paper's table, with what was found wrong in it (arXiv 2507.10541v2, seven benchmarks).

The paper as published (ACL 2026, long.1296) has nine benchmarks; its tables are not these.

Accuracies by level are those of the appendix, single and Stress those of the project page. Where the four levels above
1 do not give the printed Stress score, their mean is taken, and a note says what was printed.
"""

import csv
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from rest_bench.report.charts.published import BENCHMARKS, published

SOURCE = "arXiv 2507.10541v2"
N_QUESTIONS = {
    "gsm8k": 1319,
    "math500": 500,
    "amc23": 40,
    "aime24": 30,
    "aime25": 30,
    "gpqa_diamond": 198,
    "livecodebench": 279,
}
"""By task; all tasks of the paper, whose unweighted mean is its overall score."""
CHANCE = {"gpqa_diamond": 0.25}
"""Accuracy of a guess."""
ROUNDED = 0.00015
"""How far a mean of printed numbers may be from a printed mean: both were rounded, some truncated."""
FEWER_LEVELS = frozenset({"O3-mini", "O4-mini", "Gemini-2.5-flash-thinking", "Deepseek-R1"})
SWAPPED = frozenset({"Qwen-2.5-Math-7B-SimpleRL-Zoo", "Open-Reasoner-Zero-7B"})
"""On AMC23."""
NEMOTRON = (
    "Its system message, which switches thinking on, was sent for AIME and AMC only: the fall on GSM8K, MATH500, GPQA "
    "and code may come from that."
)


class PublishedScore(NamedTuple):
    """What is published of one model on one task, as shares."""

    model: str
    task: str
    single: float
    stress: float
    """The mean of the levels above 1 where all four are known, else as printed."""
    levels: dict[int, float]
    """Empty where the appendix lacks the model."""
    notes: tuple[str, ...]


@cache
def published_scores() -> tuple[PublishedScore, ...]:
    """Return every model and task of the paper's table, in its order."""
    appendix: dict[tuple[str, str], dict[int, float]] = {}
    for task in BENCHMARKS:
        for row in published(task):
            appendix.setdefault((row.model, task), {})[row.level] = row.accuracy / 100
    tasks = {benchmark: task for task, benchmark in BENCHMARKS.items()}
    return tuple(
        _score(row["model"], tasks[row["benchmark"]], float(row["single"]) / 100, float(row["stress"]) / 100, appendix)
        for row in _results()
        if row["benchmark"] in tasks
    )


@cache
def published_levels(task: str) -> tuple[int, ...]:
    """Return the levels that the paper asks of a task: only rows of the same levels are compared; none of others."""
    return tuple(sorted({row.level for row in published(task)}))


def _score(
    model: str, task: str, single: float, printed: float, appendix: dict[tuple[str, str], dict[int, float]]
) -> PublishedScore:
    levels = dict(sorted(appendix.get((model, task), {}).items()))
    above = [accuracy for level, accuracy in levels.items() if level > 1]
    stress = sum(above) / len(above) if len(above) == 4 else printed
    return PublishedScore(model, task, single, stress, levels, tuple(_notes(model, task, single, printed, levels)))


def _notes(model: str, task: str, single: float, printed: float, levels: dict[int, float]) -> list[str]:
    above = [accuracy for level, accuracy in levels.items() if level > 1]
    notes = []
    if len(above) < 4:
        notes.append("Stress as printed: the paper does not give all levels.")
    elif abs(sum(above) / 4 - printed) > ROUNDED:
        why = ""
        if task == "amc23" and model in SWAPPED:
            why = ", as the AMC23 Stress scores of Qwen-2.5-Math-7B-SimpleRL-Zoo and Open-Reasoner-Zero-7B are swapped"
        elif model in FEWER_LEVELS:
            why = ", a mean of fewer levels"
        notes.append(f"Stress is the mean of the four levels; printed: {printed:.2%}{why}.".replace("%", " %"))
    if 1 in levels and abs(levels[1] - single) > ROUNDED:
        notes.append(f"Single as in the main table; the appendix has {levels[1]:.2%} at level 1.".replace("%", " %"))
    if "nemotron" in model.lower() and task in {"gsm8k", "math500", "gpqa_diamond", "livecodebench"}:
        notes.append(NEMOTRON)
    return notes


def _results() -> list[dict[str, str]]:
    text = (files("rest_bench.leaderboard") / "published_results.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))
