"""What a task of another harness asks, one task at one level, and what is said of a reply there.

The packs, the prompts, the reading and the judging are those of every run: only who generates differs.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from pydantic import Field

from rest_bench.config import make_config
from rest_bench.errors import TaskError
from rest_bench.metrics.reply import COLUMNS, reply_metrics
from rest_bench.packing import FIXED_DESIGNS
from rest_bench.planning import PlannedSample, make_plan
from rest_bench.reading import read_sample
from rest_bench.schema import DesignName, Pack, Record, Response, Score, Task
from rest_bench.scoring import score_answers, shared_judge


class AskedLevel(Record):
    """One task at one level, as the settings of another harness name it."""

    task: str
    """A name that `rest-bench tasks` lists, or the path of a task file."""
    level: int = Field(ge=1)
    design: DesignName = "cyclic"
    seed: int = 0
    repeats: int | None = None
    """The task's own if null."""
    limit: int | None = None
    """Only the first N problems; null: all of them."""


class Asked(NamedTuple):
    """What is to be asked."""

    task: Task
    samples: tuple[PlannedSample, ...]
    """In the order of a run. Where repeats ask the same prompts again, those of the first repeat only."""
    repeats: int
    """How often each of `samples` is to be generated."""


def what_is_asked(asked: AskedLevel, data_dir: str | Path | None = None, system_prompt: str | None = None) -> Asked:
    """Return the packs and prompts of one task at one level.

    The designs that make other packs in each repeat (`shuffled`, `disjoint`) give the packs of all repeats, each to be
    generated once.

    Args:
        asked: the task and the settings that make packs.
        data_dir: the folder under which local data files lie; $REST_BENCH_DATA if not given.
        system_prompt: a system message before every prompt.

    Raises:
        RestBenchError: there is no such task or data, or the level does not fit.
    """
    config = make_config(
        {
            "model": "none",  # packs depend on no model
            "tasks": (asked.task,),
            "levels": (asked.level,),
            "data_dir": data_dir or os.environ.get("REST_BENCH_DATA"),
            "system_prompt": system_prompt,
            **asked.model_dump(include={"design", "seed", "repeats", "limit"}),
        }
    )
    plan = make_plan(config)
    (part,) = plan.tasks
    if part.task.answer_type == "code":
        raise TaskError(f"task {part.task.name}: wants programs, which are not run yet; leave it out")
    samples = tuple(plan.samples())
    repeats = part.levels[0].repeats
    if asked.design in FIXED_DESIGNS:
        return Asked(part.task, samples[: len(samples) // repeats], repeats)
    return Asked(part.task, samples, 1)


# --- replies ----------------------------------------------------------------------------------------------------------


def score_reply(pack: Pack, response: Response) -> tuple[Score, ...]:
    """Read and judge one reply, as every run does.

    Raises:
        ScoringError: the judge's worker processes cannot start.
    """
    return score_answers(pack, response, read_sample(pack, response).answers, shared_judge())


def metrics_of(scores: Sequence[Score]) -> dict[str, float]:
    """Return the numbers of one reply (`metrics.reply.reply_metrics`)."""
    return reply_metrics([score.model_dump(include=set(COLUMNS)) for score in scores])
