"""The command line: argv -> settings -> one call -> print. Results on stdout, everything else on stderr.

Nothing but typer and rich is imported before a command needs it: `rest-bench --help` answers at once.
"""

import errno
import json
import logging
import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rest_bench.cli_integrations import import_, lm_eval
from rest_bench.cli_leaderboard import leaderboard, publish
from rest_bench.console import (
    DataDir,
    Json,
    ReaderGone,
    RunArgument,
    cell,
    make_table,
    notes_on_stderr,
    results_on_stdout,
    say,
    stderr,
    stdout,
)
from rest_bench.errors import ConfigError, RestBenchError, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rest_bench.config import RunConfig
    from rest_bench.doctor import Finding
    from rest_bench.report.progress import ProgressMonitor
    from rest_bench.schema import Pack
    from rest_bench.store import Run

EXIT_SAMPLES_FAILED = 1
EXIT_NOT_SOUND = 1
EXIT_USER_ERROR = 2
EXIT_INTERRUPTED = 130
FAULTS_OF_A_DISK = frozenset(
    {
        errno.EACCES,
        errno.EDQUOT,
        errno.EFBIG,
        errno.EIO,
        errno.ENAMETOOLONG,
        errno.ENOSPC,
        errno.ENOTDIR,
        errno.EROFS,
    }
)
"""What a user can mend, wherever it is met; any other OSError is a bug."""
EXTRACTOR = "Second model"
"""The heading of its flags."""
EXTRACTOR_MAX_TOKENS = 4096
"""Room for a list of answers, and for a model that thinks before it writes one."""

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="The stress test for reasoning models: several problems in one prompt, and what breaks, where and why.",
)


def main(argv: list[str] | None = None) -> None:
    """Run a command line and exit: 0 done, 1 samples failed, 2 the user's error in one sentence, 130 interrupted."""
    with notes_on_stderr(), _warnings_on_stderr():
        try:
            with results_on_stdout():
                app(argv, prog_name="rest-bench")
        except RestBenchError as error:
            say(f"rest-bench: {error}")
            sys.exit(EXIT_USER_ERROR)
        except KeyboardInterrupt:
            say("rest-bench: interrupted")
            sys.exit(EXIT_INTERRUPTED)
        except ReaderGone:
            sys.exit(0)
        except OSError as error:
            if error.errno not in FAULTS_OF_A_DISK:
                raise
            say(f"rest-bench: {error.filename or 'the disk'}: {error.strerror}; mend that, or give another place")
            sys.exit(EXIT_USER_ERROR)


@app.callback(invoke_without_command=True)
def _top(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        import rest_bench

        print(rest_bench.__version__)
        raise typer.Exit


# --- eval -------------------------------------------------------------------------------------------------------------


@app.command(
    "eval",
    add_help_option=False,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    options_metavar="--model M [OPTIONS]",
)
def evaluate(context: typer.Context) -> None:
    """Evaluate a model: ask, read, judge, and write a run folder."""
    # The flags are made from RunConfig, whose import would double the time that `rest-bench --help` takes.
    from rest_bench.config import RunConfig

    _run_with_flags("eval", RunConfig, _evaluate, context.args or ["--help"])


def _run_with_flags(name: str, kind: Any, command: Any, arguments: list[str]) -> None:
    from rest_bench.flags import with_flags_of

    flags = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    flags.command()(with_flags_of(kind, command, Json))
    flags(arguments, prog_name=f"rest-bench {name}")


def _evaluate(settings: dict[str, object], run_file: Path | None, as_json: bool) -> None:
    """Evaluate a model: ask, read, judge, and write a run folder."""
    from rest_bench.config import make_config
    from rest_bench.pipeline import evaluate
    from rest_bench.report.progress import ProgressMonitor

    config = _with_data_dir(make_config(settings, run_file))
    if config.dry_run:
        _print_plan(config, as_json)
        return
    monitor = ProgressMonitor(stderr())
    with _saying_what_an_interrupt_left(config.run_dir):
        run = evaluate(config, monitor)
    _say_where_from(run, monitor, as_json)
    _print_summary(run, as_json)
    say(f"run folder: {run.path}")
    if config.tracker is not None:
        from rest_bench.integrations.trackers import log_run

        log_run(run, config.tracker, project=config.tracker_project)
    _exit_if_failed(monitor)


@app.command(
    "simulate",
    add_help_option=False,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    options_metavar="[OPTIONS]",
)
def simulate(context: typer.Context) -> None:
    """Evaluate a reasoner with known parameters, and compare what is measured with what is true."""
    from rest_bench.simulation.settings import SimulationSettings

    _run_with_flags("simulate", SimulationSettings, _simulate, context.args)


def _simulate(settings: dict[str, object], run_file: Path | None, as_json: bool) -> None:
    """Evaluate a reasoner with known parameters, and compare what is measured with what is true."""
    from rest_bench.pipeline import evaluate
    from rest_bench.report.progress import ProgressMonitor
    from rest_bench.simulating import compare, make_settings, prepare, true_summary, write_latents

    simulation = make_settings(settings, run_file)
    config = _with_data_dir(prepare(simulation))
    with _saying_what_an_interrupt_left(config.run_dir):
        run = evaluate(config, monitor := ProgressMonitor(stderr()))
    if simulation.latents is not None:
        write_latents(run, simulation.latents)
    comparisons = compare(true_summary(run), run.summary)
    if as_json:
        print(json.dumps([comparison._asdict() for comparison in comparisons]))
        return
    _say_where_from(run, monitor, as_json)
    _print_summary(run, as_json)
    table = make_table("task", "level", "metric", "true", "measured", "interval")
    for comparison in comparisons:
        table.add_row(*map(cell, comparison.as_text()))
    stdout().print("true of these very replies, and measured on their texts", table)
    say(f"run folder: {run.path}")


@contextmanager
def _saying_what_an_interrupt_left(run_dir: Path) -> "Iterator[None]":
    from rest_bench.interrupts import Interrupted

    try:
        yield
    except Interrupted:
        say(
            f"rest-bench: interrupted; what was finished is in {run_dir}: the same command goes on from there, "
            f"`rest-bench score {run_dir}` counts what is there"
        )
        sys.exit(EXIT_INTERRUPTED)


def _say_where_from(run: "Run", monitor: "ProgressMonitor", as_json: bool) -> None:
    """Say before any number that nothing was asked; beside JSON on stderr, which holds one object only."""
    if monitor.n_found is None:
        return
    from rest_bench.report.origin import nothing_asked

    sentence = nothing_asked(run.manifest, monitor.n_found, checked=monitor.is_checked)
    if as_json:
        say(sentence)
    else:
        print(sentence)


def _exit_if_failed(monitor: "ProgressMonitor") -> None:
    if monitor.n_failed:
        say(
            f"rest-bench: {monitor.n_failed} samples failed (the first: {monitor.first_error}); "
            "the same command asks them again"
        )
        sys.exit(EXIT_SAMPLES_FAILED)


def _with_data_dir(config: "RunConfig") -> "RunConfig":
    """Return the settings with the data folder that the environment names, where none was given."""
    if config.data_dir is not None or "REST_BENCH_DATA" not in os.environ:
        return config
    return config.model_copy(update={"data_dir": Path(os.environ["REST_BENCH_DATA"])})


def _print_plan(config: "RunConfig", as_json: bool) -> None:
    from rest_bench.pipeline import foresee
    from rest_bench.report.plan import forecast_table

    forecast = foresee(config)
    if as_json:
        print(json.dumps({**forecast._asdict(), "levels": [level._asdict() for level in forecast.levels]}))
        return
    for part in forecast_table(forecast):
        stdout().print(part)


# --- tasks and packs --------------------------------------------------------------------------------------------------


@app.command()
def tasks(data_dir: DataDir = None, as_json: Json = False) -> None:
    """List the tasks: size, levels, answer type, and whether their data is at hand."""
    from rest_bench.tasks import list_tasks

    listings = list_tasks(data_dir)
    if as_json:
        print(json.dumps([listing._asdict() for listing in listings], default=list))
        return
    table = make_table(*listings[0]._fields)
    for listing in listings:
        table.add_row(*map(cell, listing))
    stdout().print(table)


@app.command()
def packs(
    task: Annotated[str, typer.Argument(metavar="TASK", help="A task's name or its file.", show_default=False)],
    level: Annotated[int, typer.Option(min=1, help="How many problems share a prompt.", show_default=False)],
    design: Annotated[str, typer.Option(help="The rule that makes packs.")] = "cyclic",
    seed: int = 0,
    repeats: Annotated[int | None, typer.Option(help="Default: the task's own.", show_default=False)] = None,
    limit: Annotated[int | None, typer.Option(help="Only the first N problems.", show_default=False)] = None,
    golds: Annotated[
        bool, typer.Option("--golds", help="Add what `grade` needs: put `response` into each line, and it grades.")
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Print the packs of a task as JSON lines with rendered messages, for one's own inference code."""
    from rest_bench.config import make_config
    from rest_bench.planning import make_plan

    # `packs` reaches no model; the settings that make packs are the same as those of `eval`.
    config = make_config(
        {
            "model": "none",
            "tasks": (task,),
            "levels": (level,),
            "design": design,
            "seed": seed,
            "repeats": repeats,
            "limit": limit,
            "data_dir": data_dir,
        }
    )
    for pack, prompt in make_plan(config).samples():
        line = {
            "pack_id": pack.pack_id,
            "task": pack.task,
            "level": pack.level,
            "repeat": pack.repeat,
            "problem_ids": [problem.id for problem in pack.problems],
            "messages": [message.model_dump() for message in prompt.messages],
            **(_golds(pack) if golds else {}),
        }
        print(json.dumps(line, ensure_ascii=False))


def _golds(pack: "Pack") -> dict[str, object]:
    """Return the fields of a reply line (`grade --schema`) that the model has no part in."""
    options = [{option.letter: option.text for option in problem.options} for problem in pack.problems]
    return {
        "id": pack.pack_id,
        "stress_level": pack.level,
        "answer_type": pack.problems[0].answer_type,
        "golds": [problem.gold for problem in pack.problems],
        **({"options": options} if any(options) else {}),
    }


# --- grade, score, merge, report, compare -----------------------------------------------------------------------------


@app.command()
def grade(
    replies: Annotated[
        Path | None, typer.Argument(metavar="IN.jsonl", help="Replies with their golds.", show_default=False)
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write here instead of stdout.", show_default=False)] = None,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema of a line of IN.jsonl.")] = False,
) -> None:
    """Judge replies made elsewhere: one line in, one line out; needs no run."""
    from rest_bench.replies import read_replies, reply_schema

    if schema:
        print(json.dumps(reply_schema(), indent=2))
        return
    if replies is None:
        raise ConfigError("grade: IN.jsonl is missing; give a file of replies, whose form `grade --schema` prints")
    from rest_bench.pipeline import grade

    if out is not None and out.exists() and replies.exists() and out.samefile(replies):
        raise ConfigError(f"--out {out}: is the file of replies itself; give another file")
    lines = (graded.model_dump_json() for graded in grade(read_replies(replies)))
    if out is None:
        for line in lines:
            print(line)
        return
    try:
        with out.open("w", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in lines)
    except OSError as error:
        raise StoreError(f"--out {out}: cannot be written ({error.strerror})") from error


@app.command()
def score(
    path: RunArgument,
    extractor_model: Annotated[
        str | None,
        typer.Option(
            help="A second model that lists the answers of each reply, for an accuracy beside the others.",
            show_default=False,
            rich_help_panel=EXTRACTOR,
        ),
    ] = None,
    base_url: Annotated[
        list[str] | None,
        typer.Option(help="The address of its server; give several to share the work.", rich_help_panel=EXTRACTOR),
    ] = None,
    max_tokens: Annotated[
        int | None,
        typer.Option(
            help=f"Its output budget for one reply (default {EXTRACTOR_MAX_TOKENS}).",
            show_default=False,
            rich_help_panel=EXTRACTOR,
        ),
    ] = None,
    concurrency: Annotated[
        int | None,
        typer.Option(help="Requests in flight (default 128).", show_default=False, rich_help_panel=EXTRACTOR),
    ] = None,
    api_key_env: Annotated[
        str | None,
        typer.Option(
            help="The environment variable that holds its key (default OPENAI_API_KEY).",
            show_default=False,
            rich_help_panel=EXTRACTOR,
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Read and judge the stored responses of a run again; needs no engine."""
    from rest_bench.flags import split_values
    from rest_bench.pipeline import extract, score
    from rest_bench.report.progress import ProgressMonitor

    settings = {
        "base_url": split_values(base_url or []),
        "max_tokens": max_tokens,
        "concurrency": concurrency,
        "api_key_env": api_key_env,
    }
    monitor = ProgressMonitor(stderr())
    if config := _extractor_config(extractor_model, {name: value for name, value in settings.items() if value}):
        with _saying_what_an_interrupt_left(path):
            extract(path, config, monitor)
    _print_summary(score(path), as_json, whole=True)
    _exit_if_failed(monitor)


def _extractor_config(model: str | None, settings: dict[str, object]) -> "RunConfig | None":
    """Return how the second model is asked: greedily, so that it lists the same twice."""
    from rest_bench.config import make_config

    if model is None:
        if settings:
            raise ConfigError("--extractor-model: missing; say which model at this address lists the answers")
        return None
    if "base_url" not in settings:
        raise ConfigError(f"--extractor-model {model}: give the address of its server with --base-url")
    fixed = {"model": model, "engine": "openai", "temperature": 0.0, "max_tokens": EXTRACTOR_MAX_TOKENS}
    return make_config({**fixed, **settings})


@app.command()
def merge(
    paths: Annotated[list[Path], typer.Argument(metavar="RUN", help="The folders of the shards.", show_default=False)],
    out: Annotated[Path, typer.Option(help="The folder to make.", show_default=False)],
    partial: Annotated[bool, typer.Option("--partial", help="Merge what is there.")] = False,
    as_json: Json = False,
) -> None:
    """Join the shards of a run (`eval --shard i/N`) into one run folder."""
    from rest_bench.pipeline import merge

    run, coverage = merge(paths, out, partial)
    say(f"run folder: {run.path}")
    if as_json:
        levels = [level._asdict() for level in coverage.levels]
        print(json.dumps({**coverage._asdict(), "is_complete": coverage.is_complete, "levels": levels}))
        return
    table = make_table("task", "level", "planned", "answered", "failed", "missing")
    for level in coverage.levels:
        table.add_row(*map(cell, (*level, level.n_planned - level.n_answered - level.n_failed)))
    stdout().print(table)
    if coverage.missing_shards:
        names = ", ".join(f"{index}/{coverage.n_shards}" for index in coverage.missing_shards)
        stdout().print(f"missing shards: {names}")


@app.command()
def report(
    path: RunArgument,
    html: Annotated[bool, typer.Option("--html", help="Write one HTML file with charts and samples instead.")] = False,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Of --html; default: report.html in the run folder.", show_default=False),
    ] = None,
    figures: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write each plot as SVG, PNG and CSV instead.", show_default=False),
    ] = None,
    as_json: Json = False,
) -> None:
    """Print the tables of a run, or its summary as JSON, or write its page or its figures."""
    if html and figures is not None:
        raise ConfigError("--html, --figures: give one of them, then the other")
    if html:
        _write_page(path, out, as_json)
        return
    if out is not None:
        raise ConfigError("--out: is the file of --html; without it the report is printed")
    from rest_bench.store import Run

    if figures is not None:
        _write_figures(Run(path), figures, as_json)
        return
    _print_summary(Run(path), as_json, whole=True)


def _write_page(path: Path, out: Path | None, as_json: bool) -> None:
    from rest_bench.pipeline import report

    written = str(report(path, out))
    print(json.dumps({"written": [written]}) if as_json else written)


def _write_figures(run: "Run", folder: Path, as_json: bool) -> None:
    from rest_bench.report.charts import COLUMNS, draw, write_figures

    drawing = draw(run.summary, run.scores(COLUMNS))
    written = []
    for written_path in write_figures(drawing.figures, folder):
        written.append(str(written_path))
        if not as_json:
            print(written_path)
    if as_json:
        print(json.dumps({"written": written, "left_out": [left_out._asdict() for left_out in drawing.left_out]}))
        return
    for left_out in drawing.left_out:
        say(f"no figure {left_out.kind} of {left_out.task}: {left_out.why}")


@app.command()
def compare(
    run_a: Annotated[Path, typer.Argument(metavar="RUN_A", help="A run folder.", show_default=False)],
    run_b: Annotated[Path, typer.Argument(metavar="RUN_B", help="Another one, set against it.", show_default=False)],
    smallest_effect: Annotated[
        float, typer.Option(help="The smallest difference of interest, as a share: it decides what is underpowered.")
    ] = 0.02,
    html: Annotated[bool, typer.Option("--html", help="Write one HTML file with charts instead.")] = False,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Of --html; default: comparison.html here.", show_default=False),
    ] = None,
    as_json: Json = False,
) -> None:
    """Compare two runs, paired by question: differences with intervals, and a verdict for each number."""
    if out is not None and not html:
        raise ConfigError("--out: is the file of --html; without it the comparison is printed")
    if not 0 < smallest_effect < 1:
        raise ConfigError(f"--smallest-effect {smallest_effect}: give a share between 0 and 1; 0.02 is two points")
    from rest_bench.pipeline import compare, compare_page
    from rest_bench.report.comparison import comparison_tables

    if html:
        page = out or Path("comparison.html")
        compare_page(run_a, run_b, page, smallest_effect)
        print(json.dumps({"written": [str(page)]}) if as_json else page)
        return

    comparison = compare(run_a, run_b, smallest_effect)
    if as_json:
        print(comparison.model_dump_json(indent=2))
        return
    for part in comparison_tables(comparison):
        stdout().print(part)


@app.command()
def export(
    path: RunArgument,
    format_: Annotated[
        str, typer.Option("--format", help="csv, hf-eval-results, model-index, eee or lm-eval.", show_default=False)
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help="The folder that the files go under.", show_default=False)],
    model_id: Annotated[
        str | None,
        typer.Option(metavar="ORG/NAME", help="The name that others know the model by.", show_default=False),
    ] = None,
    push: Annotated[
        str | None,
        typer.Option(metavar="REPO", help="Open a pull request there, on the Hugging Face hub.", show_default=False),
    ] = None,
    tasks: Annotated[
        list[str] | None,
        typer.Option(
            help="Task files of your own that the run was made with, where they have moved; commas between.",
            metavar="FILE",
            show_default=False,
        ),
    ] = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Write a run in a format of other people: tables, model cards, result stores, harnesses."""
    from rest_bench.exporting import FORMATS
    from rest_bench.flags import split_values
    from rest_bench.pipeline import export

    if format_ not in FORMATS:
        raise ConfigError(f"--format {format_:.40}: no such format; choose one of {', '.join(FORMATS)}")
    places = [*map(Path, split_values(tasks or [])), *filter(None, [data_dir])]
    exported = export(path, format_, out, model_id, push, places)
    if as_json:
        print(json.dumps({"written": [str(file) for file in exported.files], "pull_request": exported.pull_request}))
        return
    for file in exported.files:
        print(file)
    if exported.pull_request is not None:
        print(exported.pull_request)


# --- the leaderboard --------------------------------------------------------------------------------------------------

app.command()(publish)
app.add_typer(leaderboard, name="leaderboard")


# --- other harnesses --------------------------------------------------------------------------------------------------

app.add_typer(lm_eval, name="lm-eval")
app.add_typer(import_, name="import")


@app.command()
def doctor(as_json: Json = False) -> None:
    """Say what is installed, what works, what is missing and how to get it; exit 1 where no run would work."""
    from rest_bench.doctor import examine, is_sound

    findings = list(examine())
    _print_findings(findings, as_json)
    if not is_sound(findings):
        sys.exit(EXIT_NOT_SOUND)


# --- printing ---------------------------------------------------------------------------------------------------------


def _print_findings(findings: "list[Finding]", as_json: bool) -> None:
    if as_json:
        print(json.dumps([finding._asdict() for finding in findings]))
        return
    table = make_table("part", "works", "detail", "how to get it")
    for finding in findings:
        table.add_row(
            finding.part, "yes" if finding.works else "no", finding.detail, "" if finding.works else finding.remedy
        )
    stdout().print(table)


def _print_summary(run: "Run", as_json: bool, *, whole: bool = False) -> None:
    if as_json:
        print(run.summary.model_dump_json(indent=2))
        return
    from rest_bench.report.budget import budget_words
    from rest_bench.report.terminal import brief_tables, summary_tables

    console, manifest = stdout(), run.manifest
    budget = budget_words(manifest.sampling.max_tokens, manifest.engine.max_context_tokens, run.shortest_prompts())
    for part in summary_tables(run.summary, budget) if whole else brief_tables(run.summary, str(run.path), budget):
        console.print(part)


class _StderrWarnings(logging.Handler):
    """Says each warning once: a file that is read three times warns three times of its damage."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._said: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        message = f"rest-bench: {record.levelname.lower()}: {record.getMessage()}"
        if message not in self._said:
            self._said.add(message)
            say(message)


@contextmanager
def _warnings_on_stderr() -> "Iterator[None]":
    logger, handler = logging.getLogger("rest_bench"), _StderrWarnings()
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.removeHandler(handler)


if __name__ == "__main__":
    main()
