"""The line, in reading order: tasks -> packs -> prompts -> responses -> answers -> scores -> summary.

The only module that knows the order. `evaluate` runs it all, `score` repeats what needs no engine, `grade` judges
replies made elsewhere.
"""

import hashlib
import json
import logging
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import FrameType
from typing import NamedTuple

from rest_bench import tasks as task_files
from rest_bench.config import RunConfig
from rest_bench.engines import Engine, open_engine
from rest_bench.errors import StoreError, TaskError
from rest_bench.metrics import summarize
from rest_bench.packing import make_packs, mix_tasks
from rest_bench.parsing import parse_response
from rest_bench.provenance import begin_invocation, finish_invocation
from rest_bench.replies import GradedReply, Reply, graded_reply
from rest_bench.report.progress import Monitor
from rest_bench.schema import (
    Answer,
    EngineInfo,
    Manifest,
    Pack,
    PlannedLevel,
    Prompt,
    Response,
    Task,
    TaskRecord,
)
from rest_bench.scoring import SCORER_VERSION, Judge, score_many, unreadable_gold
from rest_bench.store import Run, RunWriter, Sample, log_to
from rest_bench.templates import render

logger = logging.getLogger(__name__)


class PlannedTask(NamedTuple):
    """A task with what is asked of it."""

    task: Task
    """With the problems in use, which `--limit` may cut."""
    n_problems: int
    """Without the limit."""
    levels: tuple[PlannedLevel, ...]
    packs: tuple[Pack, ...]
    """Level by level, repeat by repeat."""


class PlannedSample(NamedTuple):
    """One sample to be: what its prompt is made from and how it is known."""

    task: Task
    pack: Pack
    prompt_sha256: str


class Interrupted(KeyboardInterrupt):
    """An evaluation was interrupted; what was finished is on disk, and the same call goes on from there."""


# --- the line ---------------------------------------------------------------------------------------------------------


def evaluate(config: RunConfig, monitor: Monitor | None = None) -> Run:
    """Evaluate a model and return its run folder, with scores and summary.

    A folder that holds a part of these samples is gone on with. An interrupt (SIGINT, SIGTERM) lets the samples in
    progress finish; a second one does not wait for them.

    Raises:
        RestBenchError: something that the user can mend.
        Interrupted: by a signal.
    """
    monitor = monitor or Monitor()
    plan = make_plan(config)
    refuse_unwanted_resume(config)
    with RunWriter(config.run_dir) as writer, log_to(config.run_dir / "log.jsonl"), open_engine(config) as engine:
        samples = plan_samples(plan)
        index = writer.begin(
            make_manifest(config, plan, engine.info), ((sample.pack, sample.prompt_sha256) for sample in samples)
        )
        warn_of_damage(index.n_unreadable, config.run_dir)
        pending = [sample for sample in samples if sample_id(sample, engine.info, config) not in index.done]
        monitor.started(len(samples), len(samples) - len(pending))
        with closing(monitor), draining_on_signal(engine, monitor):
            for response in engine.generate(make_prompts(pending, engine.info, config), config.sampling):
                writer.append(response)
                monitor.finished(response)
        writer.write_manifest(finish_invocation(Run(config.run_dir).manifest))
    return score(config.run_dir)


def score(path: Path) -> Run:
    """Read and judge the stored responses of a run again, and write scores and summary; needs no engine.

    Responses are read one at a time: no run is held in memory as text. Doing it twice writes the same bytes.
    """
    run = Run(path)
    with Judge() as judge:
        run.write_scores(score_many(parsed(run.samples()), judge))
    run.write_summary(summarize(run.scores(), run.manifest))
    return run


def grade(replies: Iterable[Reply]) -> Iterator[GradedReply]:
    """Read and judge replies made elsewhere, one at a time and in order; needs no run."""
    with Judge() as judge:
        waiting: deque[Reply] = deque()

        def samples() -> Iterator[Sample]:
            for reply in replies:
                waiting.append(reply)
                yield Sample(reply.pack, reply.response)

        for scores in score_many(parsed(samples()), judge):
            yield graded_reply(waiting.popleft(), scores)


def parsed(samples: Iterable[Sample]) -> Iterator[tuple[Pack, Response, tuple[Answer, ...]]]:
    """Yield each sample with the answers read from it."""
    for pack, response in samples:
        yield pack, response, parse_response(response, pack)


# --- planning ---------------------------------------------------------------------------------------------------------


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


def make_plan(config: RunConfig) -> tuple[PlannedTask, ...]:
    """Return what a run asks, task by task, before any model is loaded."""
    tasks = [load_task(name, config.data_dir) for name in dict.fromkeys(config.tasks)]
    if len({task.name for task in tasks}) < len(tasks):
        raise TaskError("--tasks: two task files have the same name; rename one of them")
    if config.design == "mixed":
        tasks = [mix_tasks(tuple(tasks), config.seed)]
    return tuple(plan_task(task, config) for task in tasks)


def plan_task(task: Task, config: RunConfig) -> PlannedTask:
    """Pack one task at every level and repeat of the configuration."""
    used = task_files.first_problems(task, config.limit) if config.limit else task
    repeats = config.repeats or task.repeats
    levels: list[PlannedLevel] = []
    packs: list[Pack] = []
    for level in sorted(set(config.levels or task.levels)):
        made = [
            pack
            for repeat in range(repeats)
            for pack in make_packs(used, level, design=config.design, seed=config.seed, repeat=repeat)
        ]
        levels.append(PlannedLevel(level=level, repeats=repeats, limit=config.limit, n_packs=len(made)))
        packs.extend(made)
    return PlannedTask(used, len(task.problems), tuple(levels), tuple(packs))


def plan_samples(plan: Iterable[PlannedTask]) -> list[PlannedSample]:
    """Render every prompt once for its hash; the text is not kept."""
    return [PlannedSample(part.task, pack, render(pack, part.task).sha256) for part in plan for pack in part.packs]


def make_prompts(samples: Iterable[PlannedSample], info: EngineInfo, config: RunConfig) -> Iterator[Prompt]:
    """Yield the prompts of these samples, each with its sample id and seed."""
    for sample in samples:
        yield render(sample.pack, sample.task).model_copy(
            update={"sample_id": sample_id(sample, info, config), "seed": sample_seed(sample.pack, config.seed)}
        )


def sample_seed(pack: Pack, seed: int) -> int:
    """Return the seed of a sample, 63 bits hashed from run seed, pack id and repeat.

    One seed for all would give every prompt the same noise, and equal prompts equal text.
    """
    return int.from_bytes(_sha256(["seed", seed, pack.pack_id, pack.repeat])[:8], "big") >> 1


def sample_id(sample: PlannedSample, info: EngineInfo, config: RunConfig) -> str:
    """Return the name of a sample: a hash of everything that makes it what it is."""
    identity = [
        sample.prompt_sha256,
        info.model,
        info.revision,
        info.chat_template_sha256,
        config.sampling.model_dump(),
        sample_seed(sample.pack, config.seed),
        sample.pack.repeat,
    ]
    return _sha256(identity).hex()[:32]


def make_manifest(config: RunConfig, plan: Iterable[PlannedTask], info: EngineInfo) -> Manifest:
    """Return the manifest of a run that begins now."""
    return Manifest(
        engine=info,
        sampling=config.sampling,
        design=config.design,
        seed=config.seed,
        tasks=tuple(_task_record(part) for part in plan),
        scorer_version=SCORER_VERSION,
        invocations=(begin_invocation(info),),
    )


def _task_record(part: PlannedTask) -> TaskRecord:
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
    )


def _sha256(identity: object) -> bytes:
    return hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).digest()


# --- interruption and damage ------------------------------------------------------------------------------------------


def refuse_unwanted_resume(config: RunConfig) -> None:
    """Raise StoreError where `--no-resume` meets a folder that holds a run: nothing finished is ever deleted."""
    if not config.resume and (config.run_dir / "manifest.json").exists():
        raise StoreError(f"{config.run_dir}: holds a run already; use another --out, or --resume to go on with it")


def warn_of_damage(n_unreadable: int, path: Path) -> None:
    """Say that lines of responses.jsonl were left out."""
    if n_unreadable:
        logger.warning(
            "%s: %d lines are no response (the file was damaged or edited); those samples are asked again",
            path / "responses.jsonl",
            n_unreadable,
        )


@contextmanager
def draining_on_signal(engine: Engine, monitor: Monitor) -> Iterator[None]:
    """Let the first SIGINT or SIGTERM drain the engine, and the second one stop it at once.

    Raises:
        Interrupted: at the end of the block, or at the second signal.
    """
    arrived: list[int] = []

    def on_signal(number: int, _frame: FrameType | None) -> None:
        if arrived:
            raise Interrupted
        arrived.append(number)
        engine.drain()
        monitor.draining()

    with _signal_handlers(on_signal):
        yield
    if arrived:
        raise Interrupted


@contextmanager
def _signal_handlers(handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    earlier = {}
    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            earlier[number] = signal.signal(number, handler)
    except ValueError:  # only the main thread may set handlers; elsewhere the caller's own are in force
        yield
        return
    try:
        yield
    finally:
        for number, previous in earlier.items():
            signal.signal(number, previous)
