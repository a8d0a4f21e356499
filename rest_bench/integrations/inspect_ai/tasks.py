"""Tasks for inspect_ai: `inspect eval rest_bench/math500 -T level=5`, one Sample a pack."""

from collections.abc import Callable

from inspect_ai import Epochs, Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import GenerateConfig
from inspect_ai.solver import generate

from rest_bench.integrations.asked import AskedLevel, what_is_asked
from rest_bench.integrations.inspect_ai.scoring import rest_scorer
from rest_bench.planning import PlannedSample
from rest_bench.schema import Sampling
from rest_bench.tasks import packaged_names, task_settings


@task
def rest(
    task: str = "arithmetic",
    level: int = 4,
    design: str = "cyclic",
    seed: int = 0,
    repeats: int | None = None,
    limit: int | None = None,
    data_dir: str | None = None,
) -> Task:
    """Return any task at one level.

    The sampling of the protocol is the default; `--temperature`, `--top-p` and `--max-tokens` of inspect_ai override
    it. Repeats are epochs.

    Args:
        task: a name that `rest-bench tasks` lists, or the path of a task file.
        level: problems in one prompt.
        design: the rule that makes packs.
        seed: of packing.
        repeats: the task's own if not given.
        limit: only the first N problems.
        data_dir: where local data lie; $REST_BENCH_DATA if not given.
    """
    asked = AskedLevel.model_validate(
        {"task": task, "level": level, "design": design, "seed": seed, "repeats": repeats, "limit": limit}
    )
    found = what_is_asked(asked, data_dir)
    sampling = Sampling()
    return Task(
        name=f"rest_{found.task.name}_s{level}",
        dataset=MemoryDataset(
            [_sample(sample) for sample in found.samples], name=found.task.name, location=found.task.source
        ),
        solver=generate(),
        scorer=rest_scorer(level, {sample.pack.pack_id: sample.pack for sample in found.samples}),
        epochs=Epochs(found.repeats, "mean"),
        config=GenerateConfig(temperature=sampling.temperature, top_p=sampling.top_p, max_tokens=sampling.max_tokens),
        metadata={"rest_bench": {**asked.model_dump(), "task": task, "repeats": found.repeats}},
    )


def _sample(planned: PlannedSample) -> Sample:
    (message,) = planned.prompt.messages
    pack = planned.pack
    return Sample(
        id=pack.pack_id,
        input=message.content,
        target=[problem.gold for problem in pack.problems],
        metadata={
            "pack_id": pack.pack_id,
            "level": pack.level,
            "repeat": pack.repeat,
            "problem_ids": [problem.id for problem in pack.problems],
        },
    )


def _named(name: str) -> Callable[..., Task]:
    """Return a task of inspect_ai that asks one of ours."""
    highest = max(task_settings(name).levels)

    @task(name=name)
    def packaged(
        level: int = highest,
        design: str = "cyclic",
        seed: int = 0,
        repeats: int | None = None,
        limit: int | None = None,
        data_dir: str | None = None,
    ) -> Task:
        return rest(name, level, design, seed, repeats, limit, data_dir)

    return packaged


TASKS = {name: _named(name) for name in packaged_names() if task_settings(name).answer_type != "code"}
"""The tasks that come with rest-bench, at their highest level unless `-T level=` says another."""
