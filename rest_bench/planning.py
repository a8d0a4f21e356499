"""What a run will ask, and in which order: task files -> packs -> samples with their ids. No model is needed for it.

Packs are made one after the other, whenever somebody goes through them: a run of a million samples holds none of them.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from heapq import nlargest
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from rest_bench import tasks as task_files
from rest_bench.config import RunConfig
from rest_bench.errors import ConfigError, TaskError
from rest_bench.packing import iter_packs, make_packs, mix_tasks
from rest_bench.schema import EngineInfo, Observed, Pack, PlannedLevel, Prompt, Shard, Task, TaskRecord
from rest_bench.scoring import unreadable_gold
from rest_bench.templates import render

LONGEST_PROMPTS = 64
"""Prompts that an engine sees before it reserves memory for a context: the longest text need not have most tokens."""


class PlannedTask(NamedTuple):
    """A task with what is asked of it."""

    task: Task
    """With the problems in use, which `--limit` may cut."""
    n_problems: int
    """Without the limit."""
    levels: tuple[PlannedLevel, ...]
    """Ascending; of the whole run, whatever the shard."""


class PlannedSample(NamedTuple):
    """One sample to be."""

    pack: Pack
    prompt: Prompt
    """Without sample id and seed, which depend on the model."""


class Plan:
    """Every sample of a run, or of one shard of it."""

    def __init__(self, tasks: tuple[PlannedTask, ...], config: RunConfig) -> None:
        self.tasks = tasks
        self.shard = parse_shard(config.shard)
        self._config = config

    def samples(self) -> Iterator[PlannedSample]:
        """Yield the samples in the order of the run folder: task, level, repeat, pack."""
        for part in self.tasks:
            for level in part.levels:
                for repeat in range(level.repeats):
                    yield from (self._sample(part.task, pack) for pack in self._packs(part.task, level.level, repeat))

    def submission_order(self, observed: Mapping[tuple[str, int], Observed] | None = None) -> Iterator[PlannedSample]:
        """Yield the samples in the order in which an engine should begin them.

        Those with the longest expected replies go first, so that at the end no long one runs on alone; the repeats of a
        pack stand side by side, so that an engine can keep what it computed of their prompt.
        """
        expected = [
            (expected_tokens(observed or {}, part.task.name, level.level), part.task, level)
            for part in self.tasks
            for level in part.levels
        ]
        for _, task, level in sorted(expected, key=lambda each: -each[0]):
            repeats = [self._packs(task, level.level, repeat) for repeat in range(level.repeats)]
            for packs in zip(*repeats, strict=True):
                yield from (self._sample(task, pack) for pack in packs)

    def packs(self, task_name: str, level: int, repeat: int) -> Iterator[Pack]:
        """Yield the packs of one task, level and repeat; none where the run does not ask them."""
        for part in self.tasks:
            if part.task.name == task_name and any(
                planned.level == level and repeat < planned.repeats for planned in part.levels
            ):
                yield from self._packs(part.task, level, repeat)

    def n_samples(self) -> int:
        """Return how many samples there are in all."""
        return sum(self.n_packs(level) for part in self.tasks for level in part.levels)

    def n_packs(self, level: PlannedLevel) -> int:
        """Return how many packs of a level there are, over all repeats."""
        n_packs = level.n_packs // level.repeats
        return (n_packs if self.shard is None else self.shard.share(n_packs)) * level.repeats

    def longest_prompts(self) -> list[Prompt]:
        """Return the prompts with most characters, of the largest level of each task."""
        largest = (
            self._sample(part.task, pack).prompt
            for part in self.tasks
            for pack in self._packs(part.task, part.levels[-1].level, repeat=0)
        )
        return nlargest(LONGEST_PROMPTS, largest, key=lambda prompt: sum(len(each.content) for each in prompt.messages))

    def _packs(self, task: Task, level: int, repeat: int) -> Iterator[Pack]:
        packs = iter_packs(task, level, design=self._config.design, seed=self._config.seed, repeat=repeat)
        if self.shard is None:
            return packs
        # Every level is spread over all shards: a shard of one level only would end long before or after the others.
        return islice(packs, self.shard.index - 1, None, self.shard.count)

    def _sample(self, task: Task, pack: Pack) -> PlannedSample:
        return PlannedSample(pack, render(pack, task, self._config.system_prompt))


def make_plan(config: RunConfig) -> Plan:
    """Return what a run asks, before any model is loaded.

    Raises:
        ConfigError: the shard does not exist.
        TaskError: a task file, its data or a gold cannot be read.
        PackingError: a level or design that the problems do not allow.
    """
    tasks = [load_task(name, config.data_dir) for name in dict.fromkeys(config.tasks)]
    if len({task.name for task in tasks}) < len(tasks):
        raise TaskError("--tasks: two task files have the same name; rename one of them")
    if config.design == "mixed":
        tasks = [mix_tasks(tuple(tasks), config.seed)]
    return Plan(tuple(_plan_task(task, config) for task in tasks), config)


def load_task(name_or_path: str | Path, data_dir: Path | None = None) -> Task:
    """Load a task and make sure that its scorer can read every gold.

    Raises:
        TaskError: the task file, its data or a gold cannot be read.
    """
    task = task_files.load_task(name_or_path, data_dir)
    for problem in task.problems:
        if fault := unreadable_gold(problem):
            raise TaskError(
                f"task {task.name}, problem {problem.id}: the gold {problem.gold!r:.80} cannot be judged as "
                f"{problem.answer_type} ({fault}); mend it in {task.source} or change answer_type"
            )
    return task


def task_record(part: PlannedTask) -> TaskRecord:
    """Return what a manifest says of a planned task."""
    task = part.task
    return TaskRecord(
        name=task.name,
        answer_type=task.answer_type,
        n_problems=part.n_problems,
        levels=part.levels,
        source=task.source,
        file_sha256=task.file_sha256,
        data_sha256=task.data_sha256,
        template=task.template,
        template_sha256=hashlib.sha256(task.template_source.encode()).hexdigest(),
        option_order=task.option_order,
        difficulty_source=task.difficulty_source,
        chance=sum(1 / len(problem.options) for problem in task.problems if problem.options) / len(task.problems),
    )


def parse_shard(text: str | None) -> Shard | None:
    """Return the shard that `i/N` names, i counted from 1.

    Raises:
        ConfigError: i is larger than N.
    """
    if text is None:
        return None
    index, count = map(int, text.split("/"))
    if index > count:
        raise ConfigError(f"--shard {text}: there are only {count} shards; choose 1/{count} to {count}/{count}")
    return Shard(index=index, count=count)


def _plan_task(task: Task, config: RunConfig) -> PlannedTask:
    used = task_files.first_problems(task, config.limit) if config.limit else task
    repeats = config.repeats or task.repeats
    levels = []
    for level in sorted(set(config.levels or task.levels)):
        n_packs = len(make_packs(used, level, design=config.design, seed=config.seed))
        levels.append(PlannedLevel(level=level, repeats=repeats, limit=config.limit, n_packs=n_packs * repeats))
    return PlannedTask(used, len(task.problems), tuple(levels))


# --- expectations -----------------------------------------------------------------------------------------------------


def expected_tokens(observed: Mapping[tuple[str, int], Observed], task: str, level: int) -> float:
    """Return how long a reply is expected to be, to compare with others of the same run.

    The mean of the replies to this task at this level where there are any; else `level` times the mean for one problem
    of this task at other levels, of all tasks, or 1 where nothing is known.
    """
    own = observed.get((task, level))
    if own is not None:
        return own.completion_tokens / own.n_responses
    of_task = {key: seen for key, seen in observed.items() if key[0] == task}
    return level * _tokens_per_problem(of_task or observed)


def _tokens_per_problem(observed: Mapping[tuple[str, int], Observed]) -> float:
    n_problems = sum(level * seen.n_responses for (_, level), seen in observed.items())
    return sum(seen.completion_tokens for seen in observed.values()) / n_problems if n_problems else 1.0


# --- identity ---------------------------------------------------------------------------------------------------------


class Identity:
    """What, besides the prompt, makes the samples of a run what they are; gives each its id and its seed."""

    def __init__(self, config: RunConfig, info: EngineInfo) -> None:
        self._seed = config.seed
        self._parts: list[object] = [
            info.model,
            info.revision,
            info.chat_template_sha256,
            info.refused_parameters,
            config.chat_template_kwargs,
            config.reasoning_effort,
            config.extra_body,
            config.sampling.model_dump(),
        ]
        if info.arguments is not None:
            self._parts.append(info.arguments)
        if info.adapter is not None:
            self._parts.append({"adapter": info.adapter.identity})

    def sample_id(self, sample: PlannedSample) -> str:
        """Return the name of a sample: 32 hex digits of a hash of everything that makes it what it is."""
        own = [sample.prompt.sha256, sample_seed(sample.pack, self._seed), sample.pack.repeat]
        return _sha256([*own, *self._parts]).hex()[:32]

    def to_ask(self, samples: Iterable[PlannedSample], done: frozenset[str]) -> Iterator[PlannedSample]:
        """Yield the samples that are not done yet, each prompt with its sample id and seed."""
        for sample in samples:
            sample_id = self.sample_id(sample)
            if sample_id not in done:
                seed = sample_seed(sample.pack, self._seed)
                prompt = sample.prompt.model_copy(update={"sample_id": sample_id, "seed": seed})
                yield PlannedSample(sample.pack, prompt)


def sample_seed(pack: Pack, seed: int) -> int:
    """Return the seed of a sample, 63 bits hashed from run seed, pack id and repeat.

    One seed for all would give every prompt the same noise, and equal prompts equal text.
    """
    return int.from_bytes(_sha256(["seed", seed, pack.pack_id, pack.repeat])[:8], "big") >> 1


def _sha256(identity: object) -> bytes:
    return hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).digest()
