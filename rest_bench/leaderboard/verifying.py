"""Is a submission what it says: every pack, prompt, answer and number of it, made again from the task's data."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from rest_bench.errors import TaskError
from rest_bench.leaderboard.answers_file import ANSWERS, REPRODUCED_ANSWERS, REPRODUCTION, SUBMISSION, file_sha256
from rest_bench.leaderboard.bounds import check_bounds, check_counts
from rest_bench.leaderboard.deriving import derive, record_id
from rest_bench.leaderboard.equal_replies import Replies, make_replies
from rest_bench.leaderboard.faults import Examination, Fault
from rest_bench.leaderboard.names import Ids, Namesakes
from rest_bench.leaderboard.opening import (
    Opened,
    check_files,
    check_head,
    check_installed,
    open_record,
    open_submitted_answers,
)
from rest_bench.leaderboard.publishing import submitted_sample
from rest_bench.leaderboard.reproducing import check_reproduction, is_copied, is_reproduced
from rest_bench.schema import Reproduction, Submission, SubmittedSample, Tier
from rest_bench.scoring import SCORER_VERSION, Judge
from rest_bench.store import IndexedResponses

MOST_FAULTS = 50
"""Of one submission that are said; one wrong answer can change hundreds of numbers."""


class Verified(NamedTuple):
    """What came of checking one submission."""

    folder: Path
    tier: Tier | None
    """How far it is to be trusted; null where there is a fault, or it could not be checked."""
    faults: tuple[Fault, ...] = ()
    n_more_faults: int = 0
    """That are not said."""
    unchecked: str | None = None
    """Why it could not be checked, in a sentence."""
    submission: Submission | None = None
    """Null where there is none to be read."""
    reproduction: Reproduction | None = None
    """Null where there is none, or a wrong one."""
    sha256: str | None = None
    """Of the records, which hold the hashes of the answers: what was checked."""
    replies: Replies | None = None
    """What its replies are known by; null where there are none."""


def verify_all(folders: Iterable[Path], data_dir: Path | None = None, traces: Path | None = None) -> Iterator[Verified]:
    """Check submissions one after the other; one that cannot be checked here stops none of the others."""
    namesakes, ids = Namesakes(), Ids()
    with Judge() as judge:
        for folder in folders:
            try:
                yield alone_with_its_id(verify(folder, judge, data_dir, traces, namesakes), ids)
            except TaskError as error:
                yield Verified(folder, None, unchecked=str(error))


def alone_with_its_id(verified: Verified, ids: Ids) -> Verified:
    """Return a sound submission as faulty where another sound one of its board has its id."""
    if verified.tier is None or verified.submission is None:
        return verified
    submission_id = verified.submission.submission_id
    holder = ids.holder(verified.folder, submission_id)
    if holder is None:
        return verified
    found = f"{submission_id}, which {holder.parent.name} has"
    fault = Fault(verified.folder / SUBMISSION, None, "submission_id", "an id of its own", found)
    return Verified(verified.folder, None, (fault,), submission=verified.submission)


def verify(
    folder: Path,
    judge: Judge,
    data_dir: Path | None = None,
    traces: Path | None = None,
    namesakes: Namesakes | None = None,
) -> Verified:
    """Check one submission.

    Args:
        folder: that holds submission.json.
        judge: gives the verdicts.
        data_dir: where the data files of tasks lie.
        traces: responses.jsonl of the run, to check also what the submission claims of its thinking.
        namesakes: of the board, where many submissions of it are checked.

    Raises:
        TaskError: a task's data are not at hand; nothing can be said of the submission then.
    """
    exam = Examination(folder)
    submission = reproduction = replies = None
    tier: Tier = "self-reported"
    with exam.guarding():
        check_files(exam)
        submission = open_record(exam, SUBMISSION, Submission)
        check_bounds(exam, SUBMISSION, submission)
        check_head(exam, submission, namesakes)
        exam.compare(SUBMISSION, SCORER_VERSION, submission.manifest.scorer_version, "manifest.scorer_version")
        exam.stop_at_faults()
        if submission.answers is None:
            _check_numbers_alone(exam, submission)
        else:
            opened = open_submitted_answers(exam, submission, submission.answers, data_dir)
            replies = make_replies(submission, opened.samples)
            _check_numbers(exam, submission, opened, judge)
            tier = "re-scored"
            if traces is not None:
                if submission.traces is not None:
                    exam.compare(SUBMISSION, file_sha256(traces), submission.traces.sha256, "traces.sha256")
                _check_traces(exam, opened, traces)
            reproduction, again = _check_second_run(exam, submission, opened, judge, data_dir)
            if reproduction is not None and is_reproduced(submission, reproduction):
                tier = "re-scored" if is_copied(submission, opened.samples, again) else "reproduced"
    return Verified(
        folder,
        None if exam.faults else tier,
        tuple(exam.faults[:MOST_FAULTS]),
        max(0, len(exam.faults) - MOST_FAULTS),
        submission=submission,
        reproduction=None if exam.faults else reproduction,
        sha256=None if submission is None else records_sha256(folder),
        replies=replies,
    )


def with_faults(folder: Path, faults: Sequence[Fault]) -> Verified:
    """Return what came of a check that found faults alone; of many only the first are said."""
    return Verified(folder, None, tuple(faults[:MOST_FAULTS]), max(0, len(faults) - MOST_FAULTS))


def records_sha256(folder: Path) -> str:
    """Return the hash of what stands for a submission: of its records, which hold the hashes of all else."""
    return "+".join(file_sha256(folder / name) for name in (SUBMISSION, REPRODUCTION) if (folder / name).is_file())


def _check_numbers(exam: Examination, submission: Submission, opened: Opened, judge: Judge) -> None:
    """Every verdict and every number follows from the answers."""
    derived, cost = derive(opened.submitted(), opened.manifest, opened.tasks, judge), submission.cost
    for number, (sample, correct) in enumerate(zip(opened.samples, derived.correct, strict=True), start=1):
        exam.compare(ANSWERS, correct, sample.correct, "correct", number)
    exam.compare(SUBMISSION, derived.is_partial, submission.partial, "partial")
    exam.compare(SUBMISSION, derived.tokens.model_copy(update={"wall_time_s": cost.wall_time_s}), cost, "cost")
    exam.compare(SUBMISSION, derived.questions, submission.questions, "questions")
    exam.compare(SUBMISSION, derived.results, submission.results, "results")
    if derived.n_ungraded:
        exam.fault(SUBMISSION, "answers that could not be judged", "none", str(derived.n_ungraded))


def _check_second_run(
    exam: Examination, submission: Submission, opened: Opened, judge: Judge, data_dir: Path | None
) -> tuple[Reproduction | None, list[SubmittedSample]]:
    """Return the record of a second run with its samples; none where there is none."""
    if not (exam.folder / REPRODUCTION).exists():
        if (exam.folder / REPRODUCED_ANSWERS).exists():
            exam.fault(REPRODUCTION, "file", "the record of the second run", "none")
        return None, []
    if not (exam.folder / REPRODUCED_ANSWERS).exists():
        exam.fault(REPRODUCED_ANSWERS, "file", "the answers of the second run", "none")
        return None, []
    reproduction = open_record(exam, REPRODUCTION, Reproduction)
    check_bounds(exam, REPRODUCTION, reproduction)
    exam.compare(REPRODUCTION, submission.submission_id, reproduction.submission_id, "submission_id")
    return reproduction, check_reproduction(exam, opened, reproduction, judge, data_dir)


def _check_numbers_alone(exam: Examination, submission: Submission) -> None:
    """Numbers without answers at least agree with each other, and nobody can have run them again."""
    check_installed(exam, submission.manifest)
    exam.compare(SUBMISSION, record_id(submission), submission.submission_id, "submission_id")
    for name in (REPRODUCTION, REPRODUCED_ANSWERS):
        if (exam.folder / name).exists():
            exam.fault(name, "file", "none, as there are no answers to compare a second run with", "a file")
    check_counts(exam, submission)


def _check_traces(exam: Examination, opened: Opened, path: Path) -> None:
    """What is claimed of the thinking is what the full replies hold."""
    with IndexedResponses(path) as responses:
        for number, (planned, sample) in enumerate(opened.planned(), start=1):
            response = responses.of_pack(sample.pack_id)
            if response is None:
                exam.fault(ANSWERS, "pack_id", f"a reply to pack {sample.pack_id} in the traces", "none", number)
                continue
            expected = submitted_sample(planned, response).model_copy(update={"correct": sample.correct})
            exam.compare(ANSWERS, expected, sample, "", number)
