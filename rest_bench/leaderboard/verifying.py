"""Is a submission what it says: every pack, prompt, answer and number of it, made again from the task's data.

A submission may be anybody's. What is read is bounded, links and folders are not followed, and each fault is one
sentence that names the file, the field, what was expected and what was found.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from rest_bench.errors import PackingError, StoreError
from rest_bench.leaderboard.answers_file import (
    ANSWERS,
    MOST_FILE_BYTES,
    MOST_SAMPLES,
    DamagedAnswersError,
    file_sha256,
    read_answers,
)
from rest_bench.leaderboard.deriving import Derived, Submitted, content_id, derive
from rest_bench.leaderboard.differing import differences, show
from rest_bench.leaderboard.keys import find_key
from rest_bench.leaderboard.publishing import (
    LOCAL_DATA,
    SUBMISSION,
    folder_name,
    submission_text,
    submitted_sample,
    wall_time_s,
)
from rest_bench.leaderboard.replanning import Tasks, expected_record, load_tasks, replan
from rest_bench.planning import PlannedSample, sample_seed
from rest_bench.schema import AnswersFile, Manifest, Submission, SubmittedSample, Tier
from rest_bench.scoring import SCORER_VERSION, Judge
from rest_bench.store import IndexedResponses

FILES = (SUBMISSION, ANSWERS, "reproduction.json", "reproduction.jsonl.zst")
MOST_RECORD_BYTES = 20_000_000
"""Of submission.json: some 2,000 questions at ten levels of seven tasks take a tenth of it."""
MOST_FAULTS = 50
"""Of one submission that are said; one damaged line can make hundreds."""

Model = TypeVar("Model", bound=BaseModel)


class Fault(NamedTuple):
    """One thing that a submission says and that is not so."""

    file: Path
    line: int | None
    """Counted from 1; null where it is about the whole file."""
    field: str
    expected: str
    found: str

    def __str__(self) -> str:
        """Return the fault as one sentence."""
        line = "" if self.line is None else f" line {self.line}"
        return f"{self.file}{line}: {self.field}: expected {self.expected}, found {self.found}"


class Verified(NamedTuple):
    """What came of checking one submission."""

    folder: Path
    submission: Submission | None
    """Null where it cannot be read."""
    sha256: str | None
    """Of submission.json, which holds the hash of the answers."""
    tier: Tier | None
    """Null where there is a fault."""
    faults: tuple[Fault, ...]
    n_more_faults: int = 0


class _StoppedError(Exception):
    """Nothing further of this submission can be checked."""


def find_submissions(root: Path) -> list[Path]:
    """Return the folders of submissions under `root`, or `root` itself where it is one, in order.

    Raises:
        StoreError: there is no such folder, or no submission in it.
    """
    if not root.is_dir():
        raise StoreError(f"{root}: no such folder; give the folder of submissions, or one of them")
    if (root / SUBMISSION).exists():
        return [root]
    # A folder counts by its depth, whatever is in it: one without submission.json is a fault and not overlooked.
    found = sorted(
        folder
        for model in root.iterdir()
        if model.is_dir() and not model.is_symlink()
        for folder in model.iterdir()
        if folder.is_dir() or folder.is_symlink()
    )
    if not found:
        raise StoreError(f"{root}: holds no submission; they lie in ORGANISATION__MODEL/ID/{SUBMISSION}")
    return found


def verify(folder: Path, judge: Judge, data_dir: Path | None = None, traces: Path | None = None) -> Verified:
    """Check one submission.

    Args:
        folder: that holds submission.json.
        judge: gives the verdicts.
        data_dir: where the data files of tasks lie.
        traces: responses.jsonl of the run, to check also what the submission claims of its thinking.

    Raises:
        TaskError: a task's data are not at hand; nothing can be said of the submission then.
    """
    check = _Check(folder, judge, data_dir)
    try:
        check.files()
        submission = check.record()
        check.head(submission)
        tier: Tier = "self-reported"
        if submission.answers is not None:
            check.answers(submission, submission.answers, traces)
            tier = "re-scored"
        else:
            check.numbers_alone(submission)
    except _StoppedError:
        pass
    faults = check.faults
    return Verified(
        folder,
        check.submission,
        file_sha256(folder / SUBMISSION) if check.submission is not None else None,
        None if faults else tier,
        tuple(faults[:MOST_FAULTS]),
        max(0, len(faults) - MOST_FAULTS),
    )


class _Check:
    """The checks of one submission, in order; each adds the faults that it finds."""

    def __init__(self, folder: Path, judge: Judge, data_dir: Path | None) -> None:
        self.faults: list[Fault] = []
        self.submission: Submission | None = None
        self._folder, self._judge, self._data_dir = folder, judge, data_dir

    def fault(self, file: str, field: str, expected: str, found: str, line: int | None = None) -> None:
        self.faults.append(Fault(self._folder / file if file else self._folder, line, field, expected, found))

    def stop(self) -> None:
        if self.faults:
            raise _StoppedError

    # --- the folder ---------------------------------------------------------------------------------------------------

    def files(self) -> None:
        """Only known, ordinary files of bounded size."""
        if self._folder.is_symlink():
            self.fault("", "folder", "a folder", "a link")
            self.stop()
        for path in sorted(self._folder.iterdir()):
            if path.name not in FILES:
                self.fault("", "files", f"only {', '.join(FILES)}", show(path.name))
            elif path.is_symlink() or not path.is_file():
                self.fault(path.name, "file", "an ordinary file", "a link" if path.is_symlink() else "something else")
            else:
                most = MOST_RECORD_BYTES if path.suffix == ".json" else MOST_FILE_BYTES
                if (size := path.stat().st_size) > most:
                    self.fault(path.name, "size", f"at most {most} bytes", str(size))
        if not (self._folder / SUBMISSION).is_file():
            self.fault(SUBMISSION, "file", "a submission", "none")
        self.stop()

    def record(self) -> Submission:
        """submission.json is a submission, and spelled in the only way."""
        text = (self._folder / SUBMISSION).read_bytes()
        try:
            submission = Submission.model_validate_json(text)
        except ValidationError as error:
            for each in error.errors():
                field = ".".join(str(part) for part in each["loc"]) or "content"
                self.fault(SUBMISSION, field, each["msg"], show(each["input"]))
            raise _StoppedError from error
        if submission_text(submission).encode() != text:
            self.fault(SUBMISSION, "content", "the form that `publish` writes", "another spelling of the same record")
        self.submission = submission
        return submission

    def head(self, submission: Submission) -> None:
        """What can be said without the task's data."""
        place = (self._folder.resolve().parent.name, self._folder.resolve().name)
        expected_place = (folder_name(submission.model), submission.submission_id)
        if place != expected_place:
            self.fault("", "folder", "/".join(expected_place), "/".join(place))
        manifest = submission.manifest
        same = {
            "manifest.engine.model": (submission.model, manifest.engine.model),
            "manifest.shard": (None, manifest.shard),
            "manifest.scorer_version": (SCORER_VERSION, manifest.scorer_version),
        }
        for field, (expected, found) in same.items():
            self.compare(SUBMISSION, expected, found, field)
        try:
            self.compare(SUBMISSION, wall_time_s(manifest.invocations), submission.cost.wall_time_s, "cost.wall_time_s")
        except (TypeError, ValueError) as error:
            self.fault(SUBMISSION, "manifest.invocations", "times as ISO 8601, in UTC", str(error))
        for number, task in enumerate(manifest.tasks):
            if task.source != LOCAL_DATA and not task.source.startswith("hub: "):
                self.fault(SUBMISSION, f"manifest.tasks.{number}.source", "local or hub: ...", show(task.source))
        if (submission.answers is None) == (self._folder / ANSWERS).exists():
            self.fault(
                ANSWERS,
                "file",
                "none" if submission.answers is None else "the answers",
                "a file" if submission.answers is None else "none",
            )
        if kind := find_key(submission_text(submission)):
            self.fault(SUBMISSION, "content", "no key or password", f"what looks like {kind}")
        self.planned_sizes(manifest)
        self.stop()

    def planned_sizes(self, manifest: Manifest) -> None:
        """Nothing is planned that would take for ever to make again."""
        names = Counter(task.name for task in manifest.tasks)
        for name, count in names.items():
            self.compare(SUBMISSION, 1, count, f"manifest.tasks.{name}: entries")
        for task in manifest.tasks:
            levels = [level.level for level in task.levels]
            if levels != sorted(set(levels)):
                self.fault(SUBMISSION, f"manifest.tasks.{task.name}.levels", "each once, ascending", show(levels))
            for level in task.levels:
                if not 1 <= level.level <= level.n_packs or not 1 <= level.repeats <= level.n_packs:
                    self.fault(
                        SUBMISSION,
                        f"manifest.tasks.{task.name}.levels.{level.level}",
                        "level and repeats between 1 and the number of packs",
                        f"level {level.level}, {level.repeats} repeats, {level.n_packs} packs",
                    )
        n_packs = sum(level.n_packs for task in manifest.tasks for level in task.levels)
        if n_packs > MOST_SAMPLES:
            self.fault(SUBMISSION, "manifest.tasks: packs in all", f"at most {MOST_SAMPLES}", str(n_packs))

    # --- the answers --------------------------------------------------------------------------------------------------

    def answers(self, submission: Submission, said: AnswersFile, traces: Path | None) -> None:
        """The answers belong to the packs of the plan, and every number follows from them."""
        manifest = submission.manifest
        self.compare(ANSWERS, said.sha256, file_sha256(self._folder / ANSWERS), "sha256")
        self.stop()
        samples = self.lines(ANSWERS, said)
        tasks = self.tasks(manifest)
        self.compare(SUBMISSION, content_id(manifest, samples), submission.submission_id, "submission_id")
        self.match_packs(ANSWERS, manifest, tasks, samples, is_partial=submission.partial)
        self.stop()
        if traces is not None:
            self.traces(manifest, tasks, samples, traces)
        derived = derive(_with_packs(replan(manifest, tasks), samples), manifest, tasks, self._judge)
        for number, (sample, correct) in enumerate(zip(samples, derived.correct, strict=True), start=1):
            self.compare(ANSWERS, correct, sample.correct, "correct", number)
        self.numbers(submission, derived)

    def lines(self, file: str, said: AnswersFile) -> list[SubmittedSample]:
        """Read the samples, with no key among them."""
        samples = []
        try:
            for number, sample in enumerate(read_answers(self._folder / file, said), start=1):
                samples.append(sample)
                if kind := find_key(sample.model_dump_json()):
                    self.fault(file, "text", "no key or password", f"what looks like {kind}", number)
        except DamagedAnswersError as error:
            self.fault(file, error.fault.field, error.fault.expected, error.fault.found, error.fault.line)
            raise _StoppedError from error
        return samples

    def tasks(self, manifest: Manifest) -> Tasks:
        """The tasks of the submission are those that are installed here, problem by problem."""
        tasks = load_tasks(manifest, self._data_dir)
        for number, record in enumerate(manifest.tasks):
            try:
                expected = expected_record(record, manifest, tasks)
            except PackingError as error:
                self.fault(SUBMISSION, f"manifest.tasks.{number}.levels", "levels that can be packed", str(error))
                continue
            # A task file may gain a comment, and each reader has it from somewhere else.
            kept = {"source": record.source, "file_sha256": record.file_sha256}
            self.compare(SUBMISSION, expected.model_copy(update=kept), record, f"manifest.tasks.{number}")
        self.stop()
        return tasks

    def match_packs(
        self, file: str, manifest: Manifest, tasks: Tasks, samples: Sequence[SubmittedSample], *, is_partial: bool
    ) -> None:
        """Each sample is of a pack of the plan, in its order, once, and none is missing."""
        lines: dict[str, int] = {}
        for number, sample in enumerate(samples, start=1):
            if sample.pack_id in lines:
                self.fault(file, "pack_id", "each pack once", f"{sample.pack_id} again", number)
            lines.setdefault(sample.pack_id, number)
        at = 0
        n_missing = 0
        for planned in replan(manifest, tasks):
            pack_id = planned.pack.pack_id
            if pack_id not in lines:
                n_missing += 1
                if not is_partial and n_missing <= MOST_FAULTS:
                    self.fault(file, "pack_id", pack_id, "no such line")
                continue
            number = lines.pop(pack_id)
            if number < at:
                self.fault(file, "pack_id", "the order of the plan", f"{pack_id} out of it", number)
            at = max(at, number)
            self.sample(file, number, planned, samples[number - 1], manifest)
        for pack_id, number in lines.items():
            self.fault(file, "pack_id", "a pack of the plan", pack_id, number)

    def sample(
        self, file: str, number: int, planned: PlannedSample, sample: SubmittedSample, manifest: Manifest
    ) -> None:
        """One sample was asked what the plan asks, and says nothing of itself that cannot be."""
        pack, thinking = planned.pack, sample.thinking
        self.compare(file, planned.prompt.sha256, sample.prompt_sha256, "prompt_sha256", number)
        if sample.seed is not None:
            self.compare(file, sample_seed(pack, manifest.seed), sample.seed, "seed", number)
        self.compare(file, pack.level, len(sample.correct), "correct: positions", number)
        self.compare(file, pack.level, len(thinking.slots), "thinking.slots: positions", number)
        self.at_most(file, sample.completion_tokens, manifest.sampling.max_tokens, "completion_tokens", number)
        self.at_most(file, thinking.tokens, sample.completion_tokens, "thinking.tokens", number)
        self.at_most(file, thinking.loop_onset_tokens, sample.completion_tokens, "thinking.loop_onset_tokens", number)
        segments = [slot.segment_tokens for slot in thinking.slots if slot.segment_tokens is not None]
        self.at_most(file, sum(segments), thinking.tokens, "thinking.slots: segment_tokens in all", number)
        if sample.finish_reason == "error":
            self.compare(file, "", sample.text, "text of an error", number)

    def traces(self, manifest: Manifest, tasks: Tasks, samples: Sequence[SubmittedSample], path: Path) -> None:
        """What is claimed of the thinking is what the full replies hold."""
        lines = {sample.pack_id: number for number, sample in enumerate(samples, start=1)}
        with IndexedResponses(path) as responses:
            for planned in replan(manifest, tasks):
                if (number := lines.get(planned.pack.pack_id)) is None:
                    continue
                response = responses.of_pack(planned.pack.pack_id)
                if response is None:
                    self.fault(ANSWERS, "pack_id", "a reply in the traces", "none", number)
                    continue
                sample = samples[number - 1]
                expected = submitted_sample(planned, response).model_copy(update={"correct": sample.correct})
                self.compare(ANSWERS, expected, sample, "", number)

    # --- the numbers --------------------------------------------------------------------------------------------------

    def numbers(self, submission: Submission, derived: Derived) -> None:
        """Every number is what follows from the answers."""
        self.compare(SUBMISSION, derived.is_partial, submission.partial, "partial")
        self.compare(SUBMISSION, derived.tokens.prompt_tokens, submission.cost.prompt_tokens, "cost.prompt_tokens")
        self.compare(
            SUBMISSION, derived.tokens.completion_tokens, submission.cost.completion_tokens, "cost.completion_tokens"
        )
        self.compare(SUBMISSION, derived.questions, submission.questions, "questions")
        self.compare(SUBMISSION, derived.results, submission.results, "results")
        if derived.n_ungraded:
            self.fault(SUBMISSION, "answers that could not be judged", "0", str(derived.n_ungraded))

    def numbers_alone(self, submission: Submission) -> None:
        """Numbers without answers at least agree with each other."""
        for task, levels in submission.results.tasks.items():
            for level, found in levels.levels.items():
                counts = submission.questions.get(task, {}).get(level)
                field = f"results.tasks.{task}.levels.{level}.accuracy.value"
                if counts is None or not sum(counts.slots) or len(counts.right) != len(counts.slots):
                    self.fault(
                        SUBMISSION, f"questions.{task}.{level}", "right and slots of each question", show(counts)
                    )
                else:
                    self.compare(SUBMISSION, sum(counts.right) / sum(counts.slots), found.accuracy.value, field)

    # --- comparing ----------------------------------------------------------------------------------------------------

    def compare(self, file: str, expected: object, found: object, field: str, line: int | None = None) -> None:
        for each in differences(expected, found, field):
            self.fault(file, each.field, each.expected, each.found, line)

    def at_most(self, file: str, found: int | None, most: int | None, field: str, line: int) -> None:
        if found is not None and found > (most or 0):
            self.fault(file, field, f"at most {most or 0}", str(found), line)


def _with_packs(planned: Iterable[PlannedSample], samples: Sequence[SubmittedSample]) -> Iterator[Submitted]:
    """Yield the samples, which are known to be in the order of the plan, with their packs."""
    remaining = iter(samples)
    sample = next(remaining, None)
    for pack, _ in planned:
        if sample is not None and sample.pack_id == pack.pack_id:
            yield Submitted(pack, sample)
            sample = next(remaining, None)
