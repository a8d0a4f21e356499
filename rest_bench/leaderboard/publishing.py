"""A run folder -> a submission: what is published of a run, and which runs are not fit for it."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

import rest_bench
from rest_bench.errors import ConfigError, StoreError
from rest_bench.exporting.source import hub_id
from rest_bench.leaderboard.answers_file import ANSWERS, SUBMISSION, write_answers
from rest_bench.leaderboard.deriving import Derived, Submitted, content_id, derive, judged, record_id
from rest_bench.leaderboard.keys import find_key
from rest_bench.leaderboard.names import Namesakes, folder_name, is_clear
from rest_bench.leaderboard.replanning import Tasks, expected_record, load_tasks, replan, with_plan
from rest_bench.parsing import parse_response, read_final, split_thinking
from rest_bench.planning import PlannedSample
from rest_bench.schema import (
    AdapterInfo,
    Invocation,
    Manifest,
    Record,
    Relationship,
    Response,
    SlotClaim,
    Submission,
    SubmittedSample,
    Submitter,
    ThinkingClaim,
    TracesFile,
)
from rest_bench.scoring import SCORER_VERSION, Judge
from rest_bench.store import IndexedResponses, Run, building_folder, write_text

LOCAL_DATA = "local"
"""What a submission says of data that lay on the submitter's disk: never where."""


class Publisher(NamedTuple):
    """What a run folder does not know of its publication."""

    submitter: Submitter
    submitted_on: str
    model: str | None = None
    """`organisation/name`; the model's own name if it has this form."""
    partial: bool = False
    """Publish a run that holds only a part of its samples, marked as such."""
    numbers_only: bool = False
    """Leave the answers out: nobody can check the numbers then."""
    traces: TracesFile | None = None
    notes: str | None = None


def publish(run: Run, to: Path, publisher: Publisher, data_dir: Path | None = None) -> Path:
    """Write the submission of a run into `to`/ORGANISATION__NAME/ID and return that folder.

    Every number is derived from what is published, as `verify` will do it, and not taken from the run.

    Args:
        run: a whole run; its scores are not needed.
        to: the folder of all submissions.
        publisher: who submits, and how.
        data_dir: where the data files of tasks lie, as for `eval`.

    Raises:
        StoreError: the run is not fit for publication, or is published already.
        ConfigError: the model has no name of the form `organisation/name`, or a setting is out of range.
        TaskError: a task's data are not at hand, or are not those of the run.
    """
    manifest = publishable_manifest(run.manifest, publisher.model)
    tasks = load_tasks(manifest, data_dir)
    _refuse_other_data(run.path, manifest, tasks)
    samples = list(samples_of_run(run, manifest, tasks))
    refuse_keys(run.path, manifest, samples)
    with Judge() as judge:
        submitted = (Submitted(planned.pack, sample) for planned, sample in with_plan(samples, manifest, tasks))
        derived = derive(submitted, manifest, tasks, judge)
    _refuse_unfit(run.path, derived, publisher.partial)
    submission = _make(
        submission_id=content_id(manifest, samples),
        model=manifest.engine.model,
        submitter=publisher.submitter,
        submitted_on=publisher.submitted_on,
        rest_bench_version=rest_bench.__version__,
        partial=derived.is_partial,
        manifest=manifest,
        answers=None,
        traces=publisher.traces,
        cost=derived.tokens.model_copy(update={"wall_time_s": wall_time_s(manifest.invocations)}),
        questions=derived.questions,
        results=derived.results,
        notes=publisher.notes,
    )
    if publisher.numbers_only:
        submission = submission.model_copy(update={"submission_id": record_id(submission)})
    if kind := find_key(record_text(submission)):
        raise ConfigError(f"--notes, --traces-url, --submitter-url: hold what looks like {kind}; leave it out")
    return _write(to, submission, None if publisher.numbers_only else judged(samples, derived))


def _write(to: Path, submission: Submission, samples: Iterable[SubmittedSample] | None) -> Path:
    """Write a submission into its new folder; without samples it holds numbers alone."""
    folder = to / folder_name(submission.model) / submission.submission_id
    if folder.exists():
        raise StoreError(f"{folder}: this run is published already; `rest-bench leaderboard verify` checks it")
    _refuse_namesake(to, submission.model)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with building_folder(folder) as building:
        if samples is not None:
            submission = submission.model_copy(update={"answers": write_answers(building / ANSWERS, samples)})
        write_text(building / SUBMISSION, record_text(submission))
    return folder


def make_submitter(name: str, url: str | None, relationship: Relationship) -> Submitter:
    """Return who answers for a submission.

    Raises:
        ConfigError: a name or an address that cannot be shown.
    """
    try:
        return Submitter(name=name, url=url, relationship=relationship)
    except ValidationError as error:
        fault = error.errors()[0]
        field = {"name": "submitter", "url": "submitter-url"}.get(str(fault["loc"][0]), str(fault["loc"][0]))
        raise ConfigError(f"--{field}: {fault['input']!r:.100} cannot be published ({fault['msg']})") from error


def make_traces(url: str, sha256: str) -> TracesFile:
    """Return where the full replies of a run lie.

    Raises:
        ConfigError: not an http(s) address, or not a SHA-256.
    """
    try:
        return TracesFile(url=url, sha256=sha256)
    except ValidationError as error:
        field = str(error.errors()[0]["loc"][0])
        raise ConfigError(
            f"--traces-{field}: must be {'an http(s) address' if field == 'url' else '64 hex digits'}"
        ) from error


def record_text(record: Record) -> str:
    """Return the only form that a record of a submission has on disk."""
    return record.model_dump_json(indent=1) + "\n"


# --- what of a run is public ------------------------------------------------------------------------------------------


def publishable_manifest(manifest: Manifest, model: str | None) -> Manifest:
    """Return the manifest without anything about the submitter's disk, under the name that the model is known by.

    Raises:
        StoreError: a shard, which is no whole run.
        ConfigError: the model has no name of the form `organisation/name`.
    """
    if manifest.shard is not None:
        raise StoreError("a shard of a run cannot be published; `rest-bench merge` joins the shards")
    return manifest.model_copy(
        update={
            # Where a server stands, and what it calls its folders, is its owner's business.
            "engine": manifest.engine.model_copy(
                update={
                    "model": _hub_id(manifest.engine.model, model),
                    "adapter": manifest.engine.adapter and _publishable_adapter(manifest.engine.adapter),
                    "endpoints": (),
                }
            ),
            "dressing": manifest.dressing.model_copy(update={"profile": Path(manifest.dressing.profile).stem}),
            "tasks": tuple(
                task.model_copy(
                    update={
                        "source": task.source if task.source.startswith("hub: ") else LOCAL_DATA,
                        "template": Path(task.template).name,
                    }
                )
                for task in manifest.tasks
            ),
            "scorer_version": SCORER_VERSION,
            # A kernel's release may carry the name of a machine.
            "invocations": tuple(
                each.model_copy(update={"platform": each.platform.partition("-")[0], "addresses": ()})
                for each in manifest.invocations
            ),
        }
    )


def _publishable_adapter(adapter: AdapterInfo) -> AdapterInfo:
    """Return an adapter whose base goes by its hub id, or by the name of its folder; its revision says which it is."""
    return adapter.model_copy(update={"base_model": hub_id(adapter.base_model, None) or Path(adapter.base_model).name})


def _hub_id(own: str, given: str | None) -> str:
    model = hub_id(own, given)
    if model is None:
        raise ConfigError(
            f"--model-id: the board names models organisation/name, and {Path(given or own).name!r:.100} is none; "
            "give the name that others know the model by"
        )
    if not is_clear(model):
        raise ConfigError(
            f"--model-id {model}: the folder {folder_name(model)} would be that of another model as well; give a name "
            "whose organisation has no __ in it and no _ at its end"
        )
    return model


def _refuse_namesake(to: Path, model: str) -> None:
    others = Namesakes().of(to, model)
    if others:
        raise ConfigError(
            f"--model-id {model}: {to} holds {others[0]}, which differs in capital letters only; give the name as it "
            "is written there"
        )


def wall_time_s(invocations: Iterable[Invocation]) -> float | None:
    """Return how long the calls of `eval` took that ended well; null where none did."""
    times = [
        (datetime.fromisoformat(each.finished_at) - datetime.fromisoformat(each.started_at)).total_seconds()
        for each in invocations
        if each.finished_at is not None
    ]
    return sum(times) if times else None


def submitted_sample(planned: PlannedSample, response: Response) -> SubmittedSample:
    """Return what is published of a response; nothing is judged yet.

    Its thinking stays out: of it there is a hash, and what it says of each question.
    """
    pack = planned.pack
    is_error = response.finish_reason == "error"
    thinking = split_thinking(response)
    final = "" if is_error else thinking.final
    answers = parse_response(response, pack)
    left = response.model_copy(update={"text": final, "reasoning": None})
    first = answers[0]
    return SubmittedSample(
        pack_id=pack.pack_id,
        prompt_sha256=planned.prompt.sha256,
        text=final,
        finish_reason=response.finish_reason,
        prompt_tokens=response.prompt_tokens,
        completion_tokens=response.completion_tokens,
        seed=response.seed,
        correct=(False,) * pack.level,
        thinking=ThinkingClaim(
            sha256=hashlib.sha256(thinking.thinking.encode()).hexdigest() if thinking.thinking else None,
            tokens=first.thinking_tokens,
            tokens_estimated=first.tokens_estimated,
            segmentation_sure=first.segmentation_sure,
            looped=first.looped,
            loop_onset_tokens=first.loop_onset_tokens,
            slots=tuple(
                SlotClaim(
                    paper=None if whole.paper == read.paper else whole.paper,
                    segment_tokens=whole.segment_tokens,
                    candidates=whole.candidates,
                    markers=whole.markers,
                    switches=whole.switches,
                    distinct_tokens=whole.distinct_tokens,
                )
                for whole, read in zip(answers, read_final(left, pack), strict=True)
            ),
        ),
    )


def samples_of_run(run: Run, manifest: Manifest, tasks: Tasks) -> Iterator[SubmittedSample]:
    """Yield what is published of the answered samples of a run, in the order of its plan; nothing is judged yet."""
    with IndexedResponses(run.path / "responses.jsonl") as responses:
        for planned in replan(manifest, tasks):
            if (response := responses.of_pack(planned.pack.pack_id)) is not None:
                yield submitted_sample(planned, response)


def _make(**fields: object) -> Submission:
    try:
        return Submission.model_validate(fields)
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(str(part) for part in fault["loc"])
        raise ConfigError(
            f"this cannot be published: {where}: {fault['msg']} (it is {fault['input']!r:.100})"
        ) from error


# --- what is not fit --------------------------------------------------------------------------------------------------


def _refuse_other_data(path: Path, manifest: Manifest, tasks: Tasks) -> None:
    for record in manifest.tasks:
        expected = expected_record(record, manifest, tasks)
        for field in ("data_sha256", "template_sha256"):
            if getattr(record, field) != getattr(expected, field):
                raise StoreError(
                    f"{path}: task {record.name} was run with other {field.removesuffix('_sha256')} than are here now; "
                    "publish it with the data (--data-dir) and the version of rest-bench that it was run with"
                )


def refuse_keys(path: Path, manifest: Manifest, samples: Iterable[SubmittedSample]) -> None:
    """Raise StoreError where a run holds what looks like a key: what is published once is known for ever."""
    if kind := find_key(manifest.model_dump_json()):
        raise StoreError(
            f"{path}/manifest.json: holds what looks like {kind}; take it out of the settings and run again"
        )
    for sample in samples:
        if kind := find_key(sample.model_dump_json()):
            raise StoreError(
                f"{path}: the reply to pack {sample.pack_id} holds what looks like {kind}; it cannot be published"
            )


def _refuse_unfit(path: Path, derived: Derived, partial: bool) -> None:
    if not derived.results.tasks:
        raise StoreError(f"{path}: holds no response; run `rest-bench eval` first")
    if derived.n_ungraded:
        raise StoreError(
            f"{path}: {derived.n_ungraded} answers could not be judged, and a board cannot count them; "
            "`rest-bench doctor` says what the judge lacks (programs are not run yet)"
        )
    if derived.is_partial and not partial:
        raise StoreError(
            f"{path}: the run holds only a part of its samples (it used --limit, lacks responses, or some ended in an "
            "error); run `rest-bench eval` again to finish it, or publish it marked as partial with --partial"
        )
