"""The line, in reading order: tasks -> packs -> prompts -> responses -> answers -> scores -> summary.

The only module that knows the order. `evaluate` runs it all, `score` repeats what needs no engine, `grade` judges
replies made elsewhere, `merge` joins what several machines have done, `compare` sets two runs side by side, `report`
writes the page of a run.
"""

import logging
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, nullcontext
from pathlib import Path
from typing import NamedTuple

from rest_bench import __version__
from rest_bench.comparing import SMALLEST_EFFECT, changed_questions, compare_runs
from rest_bench.config import RunConfig
from rest_bench.engines import IN_BATCHES, STATED, info_of, open_engine, resolve_engine, samples_at_once
from rest_bench.engines.prompt_tokens import open_prompt_tokens
from rest_bench.engines.tokens import respond
from rest_bench.errors import StoreError, UnreachableError
from rest_bench.exporting import Exported
from rest_bench.exporting import export as export_source
from rest_bench.exporting.source import open_source
from rest_bench.forecast import ESTIMATE, NOTHING_KNOWN, Forecast, Known, TokenCounter, make_forecast
from rest_bench.importing import ForeignLog, Wanted, match
from rest_bench.importing.replies import Replies
from rest_bench.interrupts import draining_on_signal
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
from rest_bench.planning import Identity, Plan, PlannedSample, expected_tokens, make_plan, task_record
from rest_bench.profiles import dress
from rest_bench.provenance import begin_invocation, finish_invocation
from rest_bench.reading import extraction_samples, read_extracted, read_sample
from rest_bench.replies import GradedReply, Reply, graded_reply
from rest_bench.report.budget import budget_words
from rest_bench.report.charts import COLUMNS as CHARTED
from rest_bench.report.charts import draw
from rest_bench.report.page import render_comparison, render_page
from rest_bench.report.progress import Monitor
from rest_bench.report.time_left import Work
from rest_bench.schema import Comparison, EngineInfo, Extractor, Manifest, Pack, Prompt
from rest_bench.scoring import Golds, Judge, JudgingAhead, score_many, scorer_version
from rest_bench.settings import is_set, settings_of_call
from rest_bench.showing import show_samples
from rest_bench.store import (
    Answered,
    ExtractionWriter,
    Run,
    RunWriter,
    Sample,
    ShardReader,
    building_folder,
    first_difference,
    log_to,
    write_merged,
    write_text,
)
from rest_bench.tasks.made_with import find_dataset, find_template
from rest_bench.templates import EXTRACTION_VERSION, RecordedTask

logger = logging.getLogger(__name__)

MOST_QUESTIONS = 50
"""Of those that changed between two runs that their page shows."""


RETRIES_FOR_NOTHING = 2
"""Of a server that is only asked whether it still serves the model of a complete folder."""


class Imported(NamedTuple):
    """A run made of a log of another harness."""

    run: Run
    n_samples: int
    """Replies taken in."""
    n_missing: int
    """Samples of the same tasks, levels and repeats that the log has no reply for."""
    n_foreign: int
    """Logged prompts that are none of ours."""
    n_twice: int
    """Replies to a sample that had one already; the first counts."""
    n_errors: int
    """Of the replies taken in, those that are none: errors in the run."""


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
    with Judge() as judge:
        generate(config, plan, monitor, judge)
        return _score(Run(config.run_dir), judge)


def generate(config: RunConfig, plan: Plan, monitor: Monitor, judge: Judge) -> None:
    """Ask a model what is planned and not on disk yet; nothing of the engine is in memory when this returns.

    Args:
        config: as `dress` returned it.
        plan: of the same settings.
        monitor: sees every response.
        judge: judges ahead while the model answers; nothing is scored yet.

    Raises:
        RestBenchError: something that the user can mend.
        Interrupted: by a signal.
    """
    with RunWriter(config.run_dir) as writer, log_to(config.run_dir / "log.jsonl"):
        n_missing = count_missing(config, plan) if config.base_url else None
        # Where nothing is left to ask, nobody waits for a server that starts.
        patient = {} if n_missing != 0 else {"max_retries": min(config.max_retries, RETRIES_FOR_NOTHING)}
        try:
            _ask(config.model_copy(update=patient), plan, monitor, judge, writer)
        except UnreachableError as fault:
            if n_missing != 0:
                raise
            logger.warning("%s; nothing is left to ask", fault)
            monitor.not_checked(plan.n_samples())


def _ask(config: RunConfig, plan: Plan, monitor: Monitor, judge: Judge, writer: RunWriter) -> None:
    with open_engine(config, plan.longest_prompts) as engine, JudgingAhead(judge, read_sample) as ahead:
        info = info_of(config, engine)
        identity = Identity(config, info)
        manifest = make_manifest(config, plan, info)
        answered = writer.begin(manifest, plan.samples(), trust_endpoint=config.trust_endpoint)
        warn_of_damage(answered.n_unreadable, config.run_dir)
        n_asked = 0
        left = count_left(plan, identity, answered)
        monitor.expects(_work(config, left, answered))
        monitor.started(plan.n_samples(), plan.n_samples() - sum(left.values()))
        in_progress: dict[str, Pack] = {}
        samples = identity.to_ask(plan.submission_order(answered.observed), answered.done)
        with closing(monitor), draining_on_signal(engine.drain, monitor.draining):
            for response in engine.generate(prompts_of(samples, in_progress), config.sampling):
                writer.append(response)
                monitor.finished(response)
                n_asked += 1
                pack = in_progress.pop(response.pack_id, None)
                if pack is not None and info.engine != "replay":  # replayed ones are all there: no time to use
                    ahead.offer(pack, response)
        writer.write_manifest(finish_invocation(Run(config.run_dir).manifest, n_asked))


def score(path: Path) -> Run:
    """Read and judge the stored responses of a run again, and write scores and summary; needs no engine.

    Responses are read one at a time: no run is held in memory as text. Doing it twice writes the same bytes.
    """
    with Judge() as judge:
        return _score(Run(path), judge)


def _score(run: Run, judge: Judge) -> Run:
    extractor = run.extractor
    read = (read_sample(*sample[:2]) if extractor is None else read_extracted(sample) for sample in run.samples())
    run.write_scores(score_many(read, judge, Golds(run.problems)))
    name = None if extractor is None else extractor.engine.model
    manifest = run.manifest
    version = scorer_version(task.answer_type for task in manifest.tasks)  # that of the first time may differ
    manifest = manifest.model_copy(update={"scorer_version": version})
    run.write_summary(summarize_levels(lambda task, level: run.level_scores(task, level, COLUMNS), manifest, name))
    return run


def extract(path: Path, config: RunConfig, monitor: Monitor | None = None) -> None:
    """Have a second model list the answers of a run's replies; `score` then has its accuracy beside the others.

    What was listed before is not asked again. Programs are not listed, nor replies without a final text.

    Args:
        path: a run folder.
        config: of the second model.
        monitor: sees every reply.

    Raises:
        RestBenchError: something that the user can mend.
        Interrupted: by a signal.
    """
    monitor, run = monitor or Monitor(), Run(path)
    with ExtractionWriter(path) as writer, log_to(path / "log.jsonl"), open_engine(config) as engine:
        info = info_of(config, engine)
        identity = Identity(config, info)
        answered = writer.begin(
            Extractor(
                engine=info,
                sampling=config.sampling,
                dressing=config.dressing,
                prompt_version=EXTRACTION_VERSION,
            )
        )
        left, n_samples = Counter[tuple[str, int]](), 0
        for sample in extraction_samples(run):
            n_samples += 1
            left[sample.pack.task, sample.pack.level] += identity.sample_id(sample) not in answered.done
        monitor.expects(_work(config, left, answered))
        monitor.started(n_samples, n_samples - left.total())
        samples = identity.to_ask(extraction_samples(run), answered.done)
        with closing(monitor), draining_on_signal(engine.drain, monitor.draining):
            for reply in engine.generate(prompts_of(samples, {}), config.sampling):
                writer.append(reply)
                monitor.finished(reply)


def report(path: Path, out: Path | None = None) -> Path:
    """Write the page of a scored run, one HTML file with nothing to load, and return where it is.

    The same run gives the same bytes.

    Args:
        path: a run folder.
        out: the file to write; report.html in the run folder if not given.

    Raises:
        StoreError: the run was not scored yet, or the file cannot be written.
        ConfigError: what draws the charts is not installed.
    """
    run, out = Run(path), out or path / "report.html"
    summary, manifest = run.summary, run.manifest
    drawing = draw(summary, run.scores(CHARTED))
    write_text(out, render_page(summary, manifest, drawing, show_samples(run), _budget(run)))
    return out


def _budget(run: Run) -> str:
    manifest = run.manifest
    return budget_words(manifest.sampling.max_tokens, manifest.engine.max_context_tokens, run.shortest_prompts())


def grade(replies: Iterable[Reply], judge: Judge | None = None) -> Iterator[GradedReply]:
    """Read and judge replies made elsewhere, in order and a chunk at a time; needs no run.

    Args:
        replies: from a file, or made of dicts.
        judge: whose worker processes are used; one of its own if not given, closed at the end.
    """
    with Judge() if judge is None else nullcontext(judge) as used:
        waiting: deque[Reply] = deque()

        def samples() -> Iterator[Sample]:
            for reply in replies:
                waiting.append(reply)
                yield Sample(reply.pack, reply.response)

        for scores in score_many((read_sample(*sample[:2]) for sample in samples()), used):
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
    version = scorer_version(task.answer_type for shard in found for task in shard.manifest.tasks)
    manifest = merge_manifests(found, version)
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


def compare(path_a: Path, path_b: Path, smallest_effect: float = SMALLEST_EFFECT) -> Comparison:
    """Return run B against run A, paired by question, over what both have; needs no engine and writes nothing.

    Args:
        path_a: a scored run folder.
        path_b: another one.
        smallest_effect: the smallest difference of interest, as a share.

    Raises:
        StoreError: a folder holds no scored run, or there is nothing that both have.
    """
    return compare_runs(path_a, path_b, smallest_effect)


def compare_page(path_a: Path, path_b: Path, out: Path, smallest_effect: float = SMALLEST_EFFECT) -> Comparison:
    """Write the page of two runs side by side, one HTML file with nothing to load, and return what it shows.

    Args:
        path_a: a scored run folder.
        path_b: another one.
        out: the file to write.
        smallest_effect: the smallest difference of interest, as a share.

    Raises:
        StoreError: as `compare`, or the file cannot be written.
        ConfigError: what draws the charts is not installed.
    """
    comparison = compare_runs(path_a, path_b, smallest_effect)
    changed = list(changed_questions(path_a, path_b))
    write_text(out, render_comparison(comparison, changed[:MOST_QUESTIONS], len(changed), __version__))
    return comparison


def export(
    path: Path,
    name: str,
    out: Path,
    model_id: str | None = None,
    push: str | None = None,
    places: Sequence[Path] = (),
) -> Exported:
    """Write a scored run in a format of other people (`exporting.FORMATS`), and return the files.

    Args:
        path: a run folder.
        name: of the format.
        out: the folder that the files go under.
        model_id: organisation/name; the model's own name if it has this form.
        push: a hub repository that gets a pull request with the files.
        places: task files of one's own and folders, where templates of the run may lie that have moved; for formats
            that hold prompts.

    Raises:
        RestBenchError: something that the user can mend.
    """
    source = open_source(Run(path), model_id, find_dataset)

    def load_tasks() -> dict[str, RecordedTask]:
        return {
            record.name: RecordedTask(record.name, record.answer_type, record.template, find_template(record, places))
            for record in source.manifest.tasks
        }

    return export_source(source, name, out, load_tasks, push)


def import_log(log: ForeignLog, wanted: Wanted, out: Path) -> Imported:
    """Make a run of the replies that another harness logged, with scores and summary.

    A log read a second time adds what it has gained; nothing is counted twice.

    Args:
        log: opened by `importing.open_lm_eval_log` or `open_inspect_log`.
        wanted: what the user says of it.
        out: the run folder.

    Raises:
        RestBenchError: the log holds none of our prompts, or `out` holds another run.
    """
    with Replies() as replies:
        matched = match(log, wanted, replies)
        config, plan = matched.config.model_copy(update={"out": out}), matched.plan
        info = log.info.model_copy(update={"model": config.model})
        with RunWriter(out) as writer:
            manifest = make_manifest(config, plan, info)
            hardware = {"hardware": f"not known: imported from {log.path.name}"}
            invocations = tuple(each.model_copy(update=hardware) for each in manifest.invocations)
            known = {"dressing": log.dressing, "invocations": invocations}
            answered = writer.begin(manifest.model_copy(update=known), plan.samples())
            for pack, prompt in Identity(config, info).to_ask(plan.samples(), answered.done):
                if (reply := replies.of_pack(pack.pack_id)) is not None:
                    writer.append(respond(prompt, **{"seed": None, **reply}))
            writer.write_manifest(finish_invocation(Run(out).manifest))
        n_missing = plan.n_samples() - matched.n_found
    counts = (matched.n_found, n_missing, matched.n_foreign, matched.n_twice, matched.n_errors)
    return Imported(score(out), *counts)


def prompts_of(samples: Iterable[PlannedSample], in_progress: dict[str, Pack]) -> Iterator[Prompt]:
    """Yield the prompts of samples, and remember the packs until their responses come."""
    for pack, prompt in samples:
        in_progress[pack.pack_id] = pack
        yield prompt


# --- what a run is ----------------------------------------------------------------------------------------------------


def count_missing(config: RunConfig, plan: Plan) -> int | None:
    """Return how many planned samples the run folder lacks, by its own record of the engine.

    Null where it holds no run, or one that differs from this one in what makes a sample what it is.
    """
    if not (config.run_dir / "manifest.json").exists():
        return None
    run = Run(config.run_dir)
    manifest = run.manifest
    now = manifest.model_copy(
        update={
            "engine": manifest.engine.model_copy(update={"engine": resolve_engine(config), "model": config.model}),
            "sampling": config.sampling,
            "dressing": config.dressing,
            "shard": plan.shard,
            "design": config.design,
            "seed": config.seed,
            "tasks": tuple(task_record(part) for part in plan.tasks),
        }
    )
    if first_difference(manifest, now) is not None:
        return None
    return sum(count_left(plan, Identity(config, manifest.engine), run.answered()).values())


def count_left(plan: Plan, identity: Identity, answered: Answered) -> dict[tuple[str, int], int]:
    """Return how many of the planned samples are not on disk yet, by task and level."""
    if not answered.done:
        return {(part.task.name, level.level): plan.n_packs(level) for part in plan.tasks for level in part.levels}
    left = Counter[tuple[str, int]]()
    for sample in plan.samples():
        left[sample.pack.task, sample.pack.level] += identity.sample_id(sample) not in answered.done
    return left


def _work(config: RunConfig, left: Mapping[tuple[str, int], int], answered: Answered) -> Work:
    """Return what a monitor is told of the work ahead."""
    in_batches = resolve_engine(config) in IN_BATCHES
    return Work(left, samples_at_once(config), in_batches, answered.observed, expected_tokens)


def what_is_known(config: RunConfig) -> Known:
    """Return what a run folder holds of this model, without asking the model what it is."""
    if not (config.run_dir / "manifest.json").exists():
        return NOTHING_KNOWN
    run = Run(config.run_dir)
    info = run.manifest.engine
    if info.model != config.model or any(
        getattr(info, name) != (getattr(config, name) if is_set(config, name) else None) for name in STATED
    ):
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
        tasks=tuple(task_record(part) for part in plan.tasks),
        scorer_version=scorer_version(part.task.answer_type for part in plan.tasks),
        invocations=(begin_invocation(info, settings_of_call(config)),),
    )


# --- what was there before ------------------------------------------------------------------------------------------


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
