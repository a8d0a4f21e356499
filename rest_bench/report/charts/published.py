"""What is published of the REST protocol, for a comparison (arXiv 2507.10541v2).

`published.csv` names its source in its first line and stands beside this module; the numbers are as published, faults
included.
"""

import csv
from functools import cache
from importlib.resources import files
from typing import NamedTuple

BENCHMARKS = {
    "gsm8k": "GSM8K",
    "math500": "MATH500",
    "amc23": "AMC23",
    "aime24": "AIME24",
    "aime25": "AIME25",
    "gpqa_diamond": "GPQA",
    "livecodebench": "LiveCodeBench",
}
"""Task to the name of its benchmark in the paper."""


class Published(NamedTuple):
    """Accuracy of a model at a level, as published."""

    model: str
    benchmark: str
    level: int
    accuracy: float
    """In percent, by the paper's reading."""


def published(task: str) -> tuple[Published, ...]:
    """Return what is published of a task; nothing for a task that is none of the paper's."""
    benchmark = BENCHMARKS.get(task)
    return tuple(row for row in _all() if row.benchmark == benchmark)


@cache
def _all() -> tuple[Published, ...]:
    text = (files("rest_bench.report.charts") / "published.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return tuple(
        Published(row["model"], row["benchmark"], int(row["stress_level"]), float(row["accuracy"])) for row in rows
    )
