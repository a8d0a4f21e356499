"""The line, in reading order: tasks -> packs -> prompts -> responses -> answers -> scores -> summary.

The only module that knows the order. `evaluate` runs it all, `score` repeats what needs no engine, `grade` judges
replies made elsewhere.
"""

import hashlib
import logging
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from types import FrameType

from rest_bench.config import RunConfig
from rest_bench.engines import Engine, open_engine
from rest_bench.errors import StoreError
from rest_bench.metrics import COLUMNS, summarize_levels
from rest_bench.parsing import parse_response
from rest_bench.planning import Identity, Plan, PlannedTask, make_plan
from rest_bench.profiles import dress
from rest_bench.provenance import begin_invocation, finish_invocation
from rest_bench.replies import GradedReply, Reply, graded_reply
from rest_bench.report.progress import Monitor
from rest_bench.schema import Answer, EngineInfo, Manifest, Pack, Response, TaskRecord
from rest_bench.scoring import SCORER_VERSION, Judge, score_many
from rest_bench.store import Answered, Run, RunWriter, Sample, log_to

logger = logging.getLogger(__name__)


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
    config = dress(config)
    plan = make_plan(config)
    refuse_unwanted_resume(config)
    generate(config, plan, monitor)
    return score(config.run_dir)


def generate(config: RunConfig, plan: Plan, monitor: Monitor) -> None:
    """Ask a model what is planned and not on disk yet; nothing of the engine is in memory when this returns.

    Raises:
        RestBenchError: something that the user can mend.
        Interrupted: by a signal.
    """
    with (
        RunWriter(config.run_dir) as writer,
        log_to(config.run_dir / "log.jsonl"),
        open_engine(config, plan.longest_prompts) as engine,
    ):
        identity = Identity(config, engine.info)
        answered = writer.begin(make_manifest(config, plan, engine.info), plan.samples())
        warn_of_damage(answered.n_unreadable, config.run_dir)
        monitor.started(plan.n_samples(), count_done(plan, identity, answered))
        prompts = identity.prompts(plan.submission_order(answered.observed), answered.done)
        with closing(monitor), draining_on_signal(engine, monitor):
            for response in engine.generate(prompts, config.sampling):
                writer.append(response)
                monitor.finished(response)
        writer.write_manifest(finish_invocation(Run(config.run_dir).manifest))


def score(path: Path) -> Run:
    """Read and judge the stored responses of a run again, and write scores and summary; needs no engine.

    Responses are read one at a time: no run is held in memory as text. Doing it twice writes the same bytes.
    """
    run = Run(path)
    with Judge() as judge:
        run.write_scores(score_many(parsed(run.samples()), judge))
    run.write_summary(summarize_levels(partial(run.level_scores, columns=COLUMNS), run.manifest))
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


# --- what a run is ----------------------------------------------------------------------------------------------------


def count_done(plan: Plan, identity: Identity, answered: Answered) -> int:
    """Return how many of the planned samples are on disk already."""
    if not answered.done:
        return 0
    return sum(identity.sample_id(sample) in answered.done for sample in plan.samples())


def make_manifest(config: RunConfig, plan: Plan, info: EngineInfo) -> Manifest:
    """Return the manifest of a run that begins now."""
    return Manifest(
        engine=info,
        sampling=config.sampling,
        dressing=config.dressing,
        shard=plan.shard,
        design=config.design,
        seed=config.seed,
        tasks=tuple(_task_record(part) for part in plan.tasks),
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
