"""The commands that meet other harnesses: tasks for lm-eval, and logs of lm-eval and inspect_ai as runs."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rest_bench.console import DataDir, Json, say
from rest_bench.errors import ConfigError

if TYPE_CHECKING:
    from rest_bench.importing import ForeignLog, Wanted

lm_eval = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Tasks for lm-evaluation-harness, named rest_TASK_sLEVEL.",
)
import_ = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Make a run of the replies that another harness logged.",
)

Tasks = Annotated[
    list[str] | None, typer.Option(help="Names or files, with commas between.", metavar="TEXT", show_default=False)
]
Levels = Annotated[
    list[str] | None, typer.Option(help="With commas between; default: each task's own.", show_default=False)
]
Out = Annotated[Path, typer.Option(metavar="RUN", help="The run folder to make.", show_default=False)]
Design = Annotated[str | None, typer.Option(help="The rule that made the packs.", show_default=False)]
Seed = Annotated[int | None, typer.Option(help="Of packing.", show_default=False)]
Limit = Annotated[int | None, typer.Option(min=1, help="Only the first N problems.", show_default=False)]
Model = Annotated[str | None, typer.Option(help="The model's name; default: as the log has it.", show_default=False)]


# --- tasks for lm-eval ------------------------------------------------------------------------------------------------


@lm_eval.command("path")
def path() -> None:
    """Print the folder of the packaged tasks, for `lm_eval run --include_path`."""
    from rest_bench.integrations.lm_eval.files import PACKAGED

    print(PACKAGED)


@lm_eval.command("export")
def export(
    out: Annotated[Path, typer.Option(metavar="DIR", help="The folder that the files go into.", show_default=False)],
    tasks: Tasks = None,
    levels: Levels = None,
    design: Annotated[str, typer.Option(help="The rule that makes packs.")] = "cyclic",
    seed: Annotated[int, typer.Option(help="Of packing.")] = 0,
    repeats: Annotated[int | None, typer.Option(min=1, help="Default: the task's own.", show_default=False)] = None,
    limit: Limit = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Write task files for lm-eval: one a level, a group a task, and rest_all."""
    from rest_bench.integrations.lm_eval.files import Choice, export_tasks, packaged_tasks

    choice = Choice(
        tasks=_split(tasks) or packaged_tasks(),
        levels=_numbers(levels),
        design=design,
        seed=seed,
        repeats=repeats,
        limit=limit,
        data_dir=data_dir,
    )
    written = export_tasks(choice, out)
    if as_json:
        print(json.dumps({"written": [str(file) for file in written]}))
        return
    for file in written:
        print(file)


# --- logs of other harnesses ------------------------------------------------------------------------------------------


@import_.command("lm-eval")
def import_lm_eval(
    log: Annotated[
        Path, typer.Argument(metavar="DIR", help="OUTPUT_PATH/MODEL of lm_eval, or a samples file.", show_default=False)
    ],
    out: Out,
    model: Model = None,
    tasks: Tasks = None,
    levels: Levels = None,
    design: Design = None,
    seed: Seed = None,
    limit: Limit = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Import samples that lm-eval logged (--log_samples): of our tasks, or of any whose prompts are ours."""
    from rest_bench.importing import Wanted, open_lm_eval_log

    wanted = Wanted(model, _split(tasks), _numbers(levels), design, seed, limit, data_dir)
    _import(open_lm_eval_log(log), wanted, out, as_json)


@import_.command("inspect")
def import_inspect(
    logs: Annotated[
        list[Path], typer.Argument(metavar="LOG", help="Logs of inspect_ai, or folders of them.", show_default=False)
    ],
    out: Out,
    model: Model = None,
    tasks: Tasks = None,
    levels: Levels = None,
    design: Design = None,
    seed: Seed = None,
    limit: Limit = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Import logs of inspect_ai; those of several levels of one model become one run."""
    from rest_bench.importing import Wanted, open_inspect_log

    wanted = Wanted(model, _split(tasks), _numbers(levels), design, seed, limit, data_dir)
    _import(open_inspect_log(logs), wanted, out, as_json)


def _import(log: "ForeignLog", wanted: "Wanted", out: Path, as_json: bool) -> None:
    from rest_bench.console import stdout
    from rest_bench.pipeline import import_log
    from rest_bench.report.terminal import brief_tables

    imported = import_log(log, wanted, out)
    summary = imported.run.summary
    if as_json:
        print(summary.model_dump_json(indent=2))
    else:
        for part in brief_tables(summary, str(out)):
            stdout().print(part)
    notes = [
        f"{imported.n_errors} of them are errors: no reply, or one that did not end as it should"
        if imported.n_errors
        else "",
        f"{imported.n_missing} samples of these tasks and levels are not in the log" if imported.n_missing else "",
        f"{imported.n_foreign} logged prompts are none of ours" if imported.n_foreign else "",
        f"{imported.n_twice} replies came twice, the first counts" if imported.n_twice else "",
    ]
    say("; ".join([f"{imported.n_samples} samples imported", *filter(None, notes)]))
    say(f"run folder: {out}")


def _split(values: list[str] | None) -> tuple[str, ...]:
    from rest_bench.flags import split_values

    return tuple(split_values(values or []))


def _numbers(values: list[str] | None) -> tuple[int, ...]:
    try:
        return tuple(int(value) for value in _split(values))
    except ValueError as error:
        raise ConfigError(f"--levels: give whole numbers with commas between, such as 1,3,5 ({error})") from error
