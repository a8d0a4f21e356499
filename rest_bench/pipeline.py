"""The line, in reading order: tasks -> packs -> prompts -> responses -> answers -> scores -> summary.

The only module that knows the order. `evaluate` runs it all, `score` repeats what needs no engine, `grade` judges
replies made elsewhere, `merge` joins what several machines have done.
"""

import hashlib
import logging
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from types import FrameType
from typing import NamedTuple

from rest_bench.config import RunConfig
from rest_bench.engines import Engine, open_engine
from rest_bench.engines.prompt_tokens import open_prompt_tokens
from rest_bench.errors import StoreError
from rest_bench.forecast import ESTIMATE, NOTHING_KNOWN, Forecast, Known, TokenCounter, make_forecast
from rest_bench.merging import (
    Coverage,
    find_coverage,
    find_shards,
    merge_manifests,
    mind_writers,
    packs_in_order,
    refuse_gaps,
    refuse_misfit,
    refuse_overlap,
    refuse_taken,
)
from rest_bench.metrics import COLUMNS, summarize_levels
from rest_bench.parsing import parse_response
from rest_bench.planning import Identity, Plan, PlannedTask, make_plan
from rest_bench.profiles import dress
from rest_bench.provenance import begin_invocation, finish_invocation
from rest_bench.replies import GradedReply, Reply, graded_reply
from rest_bench.report.progress import Monitor
from rest_bench.schema import Answer, EngineInfo, Manifest, Pack, Response, TaskRecord
from rest_bench.scoring import SCORER_VERSION, Judge, score_many
from rest_bench.store import (
    Answered,
    Run,
    RunWriter,
    Sample,
    ShardReader,
    building_folder,
    log_to,
    write_merged,
)

logger = logging.getLogger(__name__)


class Interrupted(KeyboardInterrupt):
    """An evaluation was interrupted; what was finished is on disk, and the same call goes on from there."""


class Merged(NamedTuple):
    """A run put together from its shards."""

    run: Run
    coverage: Coverage


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
    run.write_summary(summarize_levels(lambda task, level: run.level_scores(task, level, COLUMNS), run.manifest))
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


def foresee(config: RunConfig) -> Forecast:
    """Return what a run would cost, by what its folder holds already; loads no model and writes nothing.

    Raises:
        RestBenchError: something that the user can mend.
    """
    config = dress(config)
    plan = make_plan(config)
    tokens = open_prompt_tokens(config)
    counter = ESTIMATE if tokens is None else TokenCounter(tokens.count, True, tokens.max_context_tokens)
    return make_forecast(plan, config.max_tokens, counter, what_is_known(config), config.tokens_per_s)


def merge(paths: Sequence[Path], out: Path, partial: bool = False) -> Merged:
    """Join the shards of a run into a new folder with scores and summary, as a run on one machine would have left it.

    The shards are only read. The new folder appears when it is whole; `evaluate` goes on with what it lacks.

    Args:
        paths: the folders of the shards, in any order.
        out: the folder to make.
        partial: merge what is there; else every sample of the run must have a good response.

    Raises:
        StoreError: folders that are not the shards of one run, are damaged or lack samples, or an `out` that is taken.
    """
    refuse_taken(out, paths)
    found = find_shards(paths)
    manifest = merge_manifests(found, SCORER_VERSION)
    mind_writers(paths, partial)
    with ExitStack() as stack:
        shards = [stack.enter_context(ShardReader(each.run)) for each in found]
        for shard in shards:
            refuse_misfit(shard)
        refuse_overlap(shards)
        coverage = find_coverage(manifest, shards)
        if not partial:
            refuse_gaps(coverage, out)
        folder = stack.enter_context(building_folder(out))
        write_merged(folder, manifest, packs_in_order(manifest, shards))
        score(folder)
    return Merged(Run(out), coverage)


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


def what_is_known(config: RunConfig) -> Known:
    """Return what a run folder holds of this model, without asking the model what it is."""
    if not (config.run_dir / "manifest.json").exists():
        return NOTHING_KNOWN
    run = Run(config.run_dir)
    info = run.manifest.engine
    if info.model != config.model:
        return NOTHING_KNOWN
    identity, answered = Identity(config, info), run.answered()
    return Known(lambda sample: identity.sample_id(sample) in answered.done, answered.observed)


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
