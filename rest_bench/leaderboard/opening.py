"""A folder that may be anybody's -> a submission whose form, packs and prompts are right; nothing is judged yet.

What is read is bounded, and no link is followed.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple, TypeVar

from pydantic import ValidationError

from rest_bench.errors import PackingError, StoreError
from rest_bench.leaderboard.answers_file import (
    ANSWERS,
    MOST_FILE_BYTES,
    MOST_SAMPLES,
    REPRODUCED_ANSWERS,
    REPRODUCTION,
    SUBMISSION,
    DamagedAnswersError,
    file_sha256,
    read_answers,
)
from rest_bench.leaderboard.bounds import MOST_LEVEL, MOST_LEVELS
from rest_bench.leaderboard.deriving import Submitted, content_id
from rest_bench.leaderboard.differing import show
from rest_bench.leaderboard.faults import Examination, StoppedError
from rest_bench.leaderboard.keys import find_key
from rest_bench.leaderboard.names import Namesakes, folder_name, is_clear, may_be_task
from rest_bench.leaderboard.publishing import LOCAL_DATA, record_text, wall_time_s
from rest_bench.leaderboard.replanning import Tasks, expected_record, load_tasks, missing_task, replan, with_plan
from rest_bench.planning import PlannedSample, sample_seed
from rest_bench.schema import (
    SUBMISSION_VERSION,
    AnswersFile,
    Manifest,
    PlannedLevel,
    Record,
    SubmissionHead,
    SubmittedSample,
    TaskRecord,
)
from rest_bench.tasks import task_names

FILES = (SUBMISSION, ANSWERS, REPRODUCTION, REPRODUCED_ANSWERS)
MOST_RECORD_BYTES = 20_000_000
"""Of submission.json: 2,000 questions at ten levels of seven tasks take a tenth of it."""
MOST_MISSING = 50
"""Missing lines that are named."""

Kind = TypeVar("Kind", bound=Record)


class Opened(NamedTuple):
    """The answers of a manifest, known to be those of its plan."""

    manifest: Manifest
    tasks: Tasks
    samples: list[SubmittedSample]
    """In the order of the plan."""

    def planned(self) -> Iterator[tuple[PlannedSample, SubmittedSample]]:
        """Return each sample with what was planned."""
        return with_plan(self.samples, self.manifest, self.tasks)

    def submitted(self) -> Iterator[Submitted]:
        """Return each sample with its pack."""
        return (Submitted(planned.pack, sample) for planned, sample in self.planned())


def find_submissions(root: Path) -> list[Path]:
    """Return the folders of submissions under `root` in order: of all models or of one, or `root` itself.

    Raises:
        StoreError: there is no such folder, or no submission in it.
    """
    if not root.is_dir():
        raise StoreError(f"{root}: no such folder; give the folder of submissions, or one of them")
    if (root / SUBMISSION).exists():
        return [root]
    below = sorted(path for path in root.iterdir() if path.is_dir() and not path.name.startswith("."))
    models = [root] if any((path / SUBMISSION).exists() for path in below) else below
    # A folder counts by its depth, whatever is in it: one without submission.json is a fault and not overlooked.
    found = [path for model in models for path in sorted(model.iterdir()) if not path.name.startswith(".")]
    if not found:
        raise StoreError(f"{root}: holds no submission; they lie in ORGANISATION__MODEL/ID/{SUBMISSION}")
    return found


# --- the folder and its records ---------------------------------------------------------------------------------------


def check_files(exam: Examination) -> None:
    """Make sure of a folder with only known, ordinary files of bounded size.

    Raises:
        StoppedError: there is a fault.
    """
    if exam.folder.is_symlink() or exam.folder.parent.is_symlink() or not exam.folder.is_dir():
        exam.fault("", "folder", "a folder", "a link" if exam.folder.is_dir() else "something else")
        raise StoppedError
    for path in sorted(exam.folder.iterdir()):
        if path.name not in FILES:
            exam.fault("", "files", f"only {', '.join(FILES)}", show(path.name))
        elif path.is_symlink() or not path.is_file():
            exam.fault(path.name, "file", "an ordinary file", "a link" if path.is_symlink() else "something else")
        else:
            most = MOST_RECORD_BYTES if path.suffix == ".json" else MOST_FILE_BYTES
            if (size := path.stat().st_size) > most:
                exam.fault(path.name, "size", f"at most {most} bytes", str(size))
    if not (exam.folder / SUBMISSION).is_file():
        exam.fault(SUBMISSION, "file", "a submission", "none")
    exam.stop_at_faults()


def open_record(exam: Examination, file: str, kind: type[Kind]) -> Kind:
    """Return the record that a JSON file of the folder holds, spelled in its only form.

    Raises:
        StoppedError: it is no such record.
    """
    content = (exam.folder / file).read_bytes()
    try:
        record = kind.model_validate_json(content)
    except ValidationError as error:
        for each in error.errors():
            exam.fault(file, ".".join(map(str, each["loc"])) or "content", each["msg"], show(each["input"]))
        raise StoppedError from error
    # A key given twice, or anything else that no reader of the record sees, would be a second version of it.
    if record_text(record).encode() != content:
        exam.fault(file, "content", "the form that `publish` writes", "another spelling of the same record")
    if kind_of_key := find_key(record_text(record)):
        exam.fault(file, "content", "no key or password", f"what looks like {kind_of_key}")
    return record


def check_head(exam: Examination, submission: SubmissionHead, namesakes: Namesakes | None = None) -> None:
    """Make sure of what can be said without the task's data.

    Args:
        exam: takes the faults.
        submission: is looked at.
        namesakes: of the board, where many submissions of it are checked.

    Raises:
        StoppedError: there is a fault.
    """
    folder = exam.folder.resolve()
    if not is_clear(submission.model):
        exam.fault(SUBMISSION, "model", "an organisation without __ in it and _ at its end", show(submission.model))
    for other in (namesakes or Namesakes()).of(folder.parent.parent, submission.model):
        unlike = f"no other model whose name differs from {folder_name(submission.model)} in capital letters only"
        exam.fault("", "folder", unlike, show(other))
    place, expected = (folder.parent.name, folder.name), (folder_name(submission.model), submission.submission_id)
    if place != expected:
        exam.fault("", "folder", "/".join(expected), "/".join(place))
    exam.compare(SUBMISSION, SUBMISSION_VERSION, submission.submission_version, "submission_version")
    exam.compare(SUBMISSION, submission.model, submission.manifest.engine.model, "manifest.engine.model")
    exam.compare(SUBMISSION, None, submission.manifest.shard, "manifest.shard")
    check_day(exam, SUBMISSION, "submitted_on", submission.submitted_on)
    try:
        spent = wall_time_s(submission.manifest.invocations)
        exam.compare(SUBMISSION, spent, submission.cost.wall_time_s, "cost.wall_time_s")
    except (TypeError, ValueError) as error:
        exam.fault(SUBMISSION, "manifest.invocations", "times as ISO 8601, in UTC", str(error))
    if (submission.answers is None) == (exam.folder / ANSWERS).exists():
        none_said = submission.answers is None
        exam.fault(ANSWERS, "file", "none" if none_said else "the answers", "a file" if none_said else "none")
    check_sizes(exam, SUBMISSION, submission.manifest)


def check_sizes(exam: Examination, file: str, manifest: Manifest) -> None:
    """Make sure that nothing is planned that would take for ever to make again.

    Raises:
        StoppedError: there is a fault.
    """
    if len(manifest.tasks) > MOST_LEVELS:
        exam.fault(file, "manifest.tasks", f"at most {MOST_LEVELS}", str(len(manifest.tasks)))
    for name, count in Counter(task.name for task in manifest.tasks).items():
        exam.compare(file, 1, count, f"manifest.tasks: entries of {name[:80]}")
    for number, task in enumerate(manifest.tasks):
        _check_planned(exam, file, f"manifest.tasks.{number}", task)
    n_packs = sum(level.n_packs for task in manifest.tasks for level in task.levels)
    if n_packs > MOST_SAMPLES:
        exam.fault(file, "manifest.tasks: packs in all", f"at most {MOST_SAMPLES}", str(n_packs))
    exam.stop_at_faults()


def check_day(exam: Examination, file: str, field: str, day: str) -> None:
    """Make sure that a day is not to come; somewhere on earth it is tomorrow already."""
    latest = datetime.now(UTC).date() + timedelta(days=1)
    if date.fromisoformat(day) > latest:
        exam.fault(file, field, f"a day up to {latest}", day)


def check_installed(exam: Examination, manifest: Manifest) -> None:
    """Make sure that a board has only tasks that are installed: nothing else says what a name stands for.

    Raises:
        StoppedError: there is a fault.
    """
    for number, task in enumerate(manifest.tasks):
        if (missing := missing_task(task.name, manifest.design)) is not None:
            installed = f"a task that is installed ({', '.join(task_names())})"
            exam.fault(SUBMISSION, f"manifest.tasks.{number}.name", installed, show(missing))
    exam.stop_at_faults()


def _check_planned(exam: Examination, file: str, field: str, task: TaskRecord) -> None:
    if task.source != LOCAL_DATA and not task.source.startswith("hub: "):
        exam.fault(file, f"{field}.source", "local, or hub: and its name", show(task.source))
    if not may_be_task(task.name):
        exam.fault(file, f"{field}.name", "a name that the board has no other use for", show(task.name))
    levels = [level.level for level in task.levels]
    if not (len(levels) <= MOST_LEVELS and task.n_problems <= MOST_SAMPLES):
        exam.fault(file, field, f"at most {MOST_LEVELS} levels and {MOST_SAMPLES} problems", show(task.n_problems))
    if levels != sorted(set(levels)):
        exam.fault(file, f"{field}.levels", "each level once, ascending", show(levels))
    for level in task.levels:
        _check_level(exam, file, f"{field}.levels", level)


def _check_level(exam: Examination, file: str, field: str, level: PlannedLevel) -> None:
    if level.level > MOST_LEVEL or level.n_packs > MOST_SAMPLES:
        found = f"{show(level.level)} in each of {show(level.n_packs)} packs"
        exam.fault(file, field, f"at most {MOST_LEVEL} questions in a pack", found)
    elif not (level.level >= 1 and 1 <= level.repeats <= level.n_packs):
        found = f"level {level.level}, {level.repeats} repeats, {level.n_packs} packs"
        exam.fault(file, field, "a pack or more for each repeat of each level", found)
    if level.limit is not None and level.limit < 1:
        exam.fault(file, field, "a limit of 1 or more, or none", str(level.limit))


# --- the answers and their plan ---------------------------------------------------------------------------------------


def open_submitted_answers(
    exam: Examination, submission: SubmissionHead, said: AnswersFile, data_dir: Path | None
) -> Opened:
    """Return the answers of a submission.

    Raises:
        StoppedError: they are damaged, or not those of its plan.
        TaskError: a task's data are not at hand.
    """
    samples = read_samples(exam, ANSWERS, said)
    tasks = open_tasks(exam, SUBMISSION, submission.manifest, data_dir)
    opened = Opened(submission.manifest, tasks, samples)
    match_plan(exam, ANSWERS, opened, all_wanted=not submission.partial)
    exam.compare(SUBMISSION, content_id(submission.manifest, samples), submission.submission_id, "submission_id")
    exam.stop_at_faults()
    return opened


def read_samples(exam: Examination, file: str, said: AnswersFile) -> list[SubmittedSample]:
    """Read the samples of a file, with no key among them.

    Raises:
        StoppedError: the file is not the one that was said, or damaged.
    """
    exam.compare(file, said.sha256, file_sha256(exam.folder / file), "sha256")
    exam.stop_at_faults()
    samples = []
    try:
        for number, sample in enumerate(read_answers(exam.folder / file, said), start=1):
            samples.append(sample)
            if kind := find_key(sample.model_dump_json()):
                exam.fault(file, "text", "no key or password", f"what looks like {kind}", number)
    except DamagedAnswersError as error:
        exam.fault(file, error.fault.field, error.fault.expected, error.fault.found, error.fault.line)
        raise StoppedError from error
    return samples


def open_tasks(exam: Examination, file: str, manifest: Manifest, data_dir: Path | None) -> Tasks:
    """Return the tasks of a manifest, which must be those that are installed here, problem by problem.

    Raises:
        StoppedError: they are others.
        TaskError: there is no such task here, or its data are not at hand.
    """
    tasks = load_tasks(manifest, data_dir)
    for number, record in enumerate(manifest.tasks):
        try:
            expected = expected_record(record, manifest, tasks)
        except PackingError as error:
            exam.fault(file, f"manifest.tasks.{number}.levels", "levels that can be packed", str(error))
            continue
        # A task file may gain a comment, and everybody has the data from somewhere else.
        kept = {"source": record.source, "file_sha256": record.file_sha256}
        exam.compare(file, expected.model_copy(update=kept), record, f"manifest.tasks.{number}")
    exam.stop_at_faults()
    return tasks


def match_plan(exam: Examination, file: str, opened: Opened, *, all_wanted: bool) -> None:
    """Make sure that each sample is of a pack of the plan, in its order, once, and none is missing."""
    lines = _lines_by_pack(exam, file, opened.samples)
    furthest = n_missing = 0
    for planned in replan(opened.manifest, opened.tasks):
        pack_id = planned.pack.pack_id
        if pack_id not in lines:
            n_missing += 1
            if all_wanted and n_missing <= MOST_MISSING:
                exam.fault(file, "pack_id", f"a line for pack {pack_id}", "none")
            continue
        number = lines.pop(pack_id)
        if number < furthest:
            exam.fault(file, "pack_id", "the order of the plan", f"{pack_id} out of it", number)
        furthest = max(furthest, number)
        _check_sample(exam, file, number, planned, opened)
    for pack_id, number in lines.items():
        exam.fault(file, "pack_id", "a pack of the plan", pack_id, number)


def _lines_by_pack(exam: Examination, file: str, samples: Sequence[SubmittedSample]) -> dict[str, int]:
    lines: dict[str, int] = {}
    for number, sample in enumerate(samples, start=1):
        if sample.pack_id in lines:
            exam.fault(file, "pack_id", "each pack once", f"{sample.pack_id} again", number)
        lines.setdefault(sample.pack_id, number)
    return lines


def _check_sample(exam: Examination, file: str, number: int, planned: PlannedSample, opened: Opened) -> None:
    """Make sure that a sample was asked what the plan asks, and says nothing of itself that cannot be."""
    manifest, sample = opened.manifest, opened.samples[number - 1]
    level, thinking = planned.pack.level, sample.thinking
    exam.compare(file, planned.prompt.sha256, sample.prompt_sha256, "prompt_sha256", number)
    if sample.seed is not None:
        exam.compare(file, sample_seed(planned.pack, manifest.seed), sample.seed, "seed", number)
    exam.compare(file, level, len(sample.correct), "correct: positions", number)
    exam.compare(file, level, len(thinking.slots), "thinking.slots: positions", number)
    exam.at_most(file, sample.completion_tokens, manifest.sampling.max_tokens, "completion_tokens", number)
    exam.at_most(file, thinking.tokens, sample.completion_tokens, "thinking.tokens", number)
    exam.at_most(file, thinking.loop_onset_tokens, sample.completion_tokens, "thinking.loop_onset_tokens", number)
    segments = [slot.segment_tokens for slot in thinking.slots if slot.segment_tokens is not None]
    exam.at_most(file, sum(segments), thinking.tokens, "thinking.slots: segment_tokens in all", number)
    if sample.finish_reason == "error":
        exam.compare(file, "", sample.text, "text of an error", number)
