"""The formats by name, and how a run is written in one of them or sent to the hub."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Literal, NamedTuple

from rest_bench.errors import EngineError, StoreError, one_line
from rest_bench.exporting.every_eval_ever import eee_files
from rest_bench.exporting.hub import eval_results_files, model_index, model_index_files
from rest_bench.exporting.lm_eval import lm_eval_files
from rest_bench.exporting.source import Source
from rest_bench.exporting.tables import csv_files
from rest_bench.store import replacing
from rest_bench.templates import Templated

Files = Iterator[tuple[str, Iterable[str]]]
"""Paths inside the output folder, each with its text in pieces: no large run is in memory as text."""
LoadTasks = Callable[[], Mapping[str, Templated]]
Repository = Literal["model", "dataset"]


class Format(NamedTuple):
    """A format of other people."""

    words: str
    repository: Repository
    """The kind of hub repository that holds such files."""
    files: Callable[[Source, LoadTasks], Files]


FORMATS: dict[str, Format] = {
    "csv": Format("a row a slot and a row a level", "dataset", lambda source, _: csv_files(source)),
    "hf-eval-results": Format(
        "evaluation results of a model repository", "model", lambda source, _: eval_results_files(source)
    ),
    "model-index": Format("the older results of a model card", "model", lambda source, _: model_index_files(source)),
    "eee": Format("Every Eval Ever 0.3.0", "dataset", lambda source, _: eee_files(source)),
    "lm-eval": Format(
        "results and samples of lm-evaluation-harness",
        "dataset",
        lambda source, tasks: lm_eval_files(source, dict(tasks())),
    ),
}


class Exported(NamedTuple):
    """What an export left."""

    files: tuple[Path, ...]
    pull_request: str | None
    """Its address, where the files were sent to the hub."""


def export(
    source: Source, name: str, out: Path, load_tasks: LoadTasks, push: str | None = None, endpoint: str | None = None
) -> Exported:
    """Write a run in another format, and open a pull request with it if wanted.

    Args:
        source: the run.
        name: of the format.
        out: the folder that the files go under.
        load_tasks: gives the tasks of the run, for the formats that hold prompts.
        push: a hub repository, organisation/name.
        endpoint: of the hub; its own settings decide if not given.

    Raises:
        StoreError: a file cannot be written.
        ConfigError: the run cannot be said in this format.
        EngineError: the hub refused the pull request, or cannot be reached.
    """
    written = []
    for path, pieces in FORMATS[name].files(source, load_tasks):
        target = out / path
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"--out {out}: cannot be written ({error.strerror}); give another folder") from error
        with (
            replacing(target) as temporary,
            temporary.open("w", encoding="utf-8", errors="replace", newline="") as file,
        ):
            file.writelines(pieces)
        written.append(target)
    address = None if push is None else _push(source, name, out, written, push, endpoint)
    return Exported(tuple(written), address)


def _push(
    source: Source, name: str, out: Path, written: list[Path], repository: str, endpoint: str | None
) -> str | None:
    """Open a pull request; the token is the hub library's own business (HF_TOKEN, or a login)."""
    from huggingface_hub import CommitOperationAdd, HfApi, metadata_update
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError

    message = f"Add results of rest-bench {source.version}"
    try:
        if name == "model-index":
            return str(metadata_update(repository, model_index(source), create_pr=True, commit_message=message))
        operations = [
            CommitOperationAdd(path_in_repo=path.relative_to(out).as_posix(), path_or_fileobj=str(path))
            for path in written
        ]
        found = HfApi(endpoint=endpoint).create_commit(
            repository,
            operations,
            commit_message=message,
            repo_type=FORMATS[name].repository,
            create_pr=True,
        )
    # The bases are the errors of whichever HTTP library the hub's own uses.
    except (*HfHubHTTPError.__bases__, HFValidationError, OSError, ValueError) as error:
        raise EngineError(
            f"--push {repository}: the hub did not take it ({one_line(error)}); the files lie in {out}: check the "
            "name and HF_TOKEN, or add them by hand"
        ) from error
    return None if found.pr_url is None else str(found.pr_url)
