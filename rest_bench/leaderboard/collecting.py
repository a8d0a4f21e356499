"""The submissions that a board is built from: checked now, or known to be those that were checked before."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import get_args

from rest_bench.errors import ConfigError, TaskError
from rest_bench.leaderboard.answers_file import (
    ANSWERS,
    REPRODUCED_ANSWERS,
    REPRODUCTION,
    SUBMISSION,
    DamagedAnswersError,
    file_sha256,
    read_answers,
)
from rest_bench.leaderboard.bounds import check_bounds, check_counts
from rest_bench.leaderboard.curves import make_curve
from rest_bench.leaderboard.deriving import content_id, record_id
from rest_bench.leaderboard.equal_replies import Replies, read_replies
from rest_bench.leaderboard.faults import Examination
from rest_bench.leaderboard.names import Ids, Namesakes
from rest_bench.leaderboard.opening import check_files, check_head, check_installed, open_record
from rest_bench.leaderboard.rows import SubmittedEntry, submitted_rows
from rest_bench.leaderboard.verifying import Verified, alone_with_its_id, records_sha256, verify
from rest_bench.schema import Reproduction, Submission, Tier
from rest_bench.scoring import Judge


def read_verified(path: Path) -> dict[str, Tier]:
    """Return what `verify --format json` found: the hash of each sound submission to its tier.

    Raises:
        ConfigError: the file cannot be read, or is no such list.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        sound = {each["sha256"]: each["tier"] for each in found if each["tier"] is not None}
        if not set(sound.values()) <= set(get_args(Tier)):
            raise ValueError("a tier that there is not")
    except (OSError, KeyError, RecursionError, TypeError, ValueError) as error:
        raise ConfigError(
            f"--verified {path}: cannot be read ({type(error).__name__}: {error}); give what "
            "`rest-bench leaderboard verify --format json` printed"
        ) from error
    return sound


def collect(
    folders: Iterable[Path], verified: Mapping[str, Tier] | None = None, data_dir: Path | None = None
) -> Iterator[Verified]:
    """Yield each submission with its tier; what was verified before is only looked at for changes.

    A submission that cannot be checked here, for want of its task's data, is as good as its submitter's word.

    Args:
        folders: of the submissions.
        verified: the hash of a submission to its tier, as `read_verified` returns it.
        data_dir: where the data files of tasks lie.
    """
    namesakes, ids = Namesakes(), Ids()
    with Judge() as judge:
        for folder in folders:
            yield alone_with_its_id(_drawable(_collect(folder, judge, verified or {}, data_dir, namesakes)), ids)


def _collect(
    folder: Path, judge: Judge, verified: Mapping[str, Tier], data_dir: Path | None, namesakes: Namesakes
) -> Verified:
    exam = Examination(folder)
    with exam.guarding():
        submission, reproduction = _open(exam, namesakes)
        sha256 = records_sha256(folder)
        if tier := verified.get(sha256):
            replies = read_replies(folder, submission)
            return Verified(
                folder, tier, submission=submission, reproduction=reproduction, sha256=sha256, replies=replies
            )
        try:
            return verify(folder, judge, data_dir, None, namesakes)
        except TaskError as error:
            _check_id(exam, submission)
            check_counts(exam, submission)
            exam.stop_at_faults()
            replies = read_replies(folder, submission)
            return Verified(
                folder, "self-reported", unchecked=str(error), submission=submission, sha256=sha256, replies=replies
            )
    return Verified(folder, None, tuple(exam.faults))


def _check_id(exam: Examination, submission: Submission) -> None:
    """The id is that of the answers, or of the numbers alone, also where nothing else can be checked."""
    if submission.answers is None:
        expected = record_id(submission)
    else:
        try:
            expected = content_id(submission.manifest, read_answers(exam.folder / ANSWERS, submission.answers))
        except DamagedAnswersError as error:
            exam.fault(ANSWERS, error.fault.field, error.fault.expected, error.fault.found, error.fault.line)
            return
    exam.compare(SUBMISSION, expected, submission.submission_id, "submission_id")


def _drawable(verified: Verified) -> Verified:
    """Return a submission as faulty where no row or curve can be made of its numbers."""
    if verified.tier is None or verified.submission is None:
        return verified
    exam = Examination(verified.folder)
    with exam.guarding():
        for row in submitted_rows(SubmittedEntry(verified.submission, verified.tier)):
            make_curve(row.levels)
    return Verified(verified.folder, None, tuple(exam.faults)) if exam.faults else verified


def replies_beside(folders: Iterable[Path], checked: Iterable[Path]) -> Iterator[Replies]:
    """Yield what the replies of a board are known by, but for those that are checked; nothing is judged."""
    known = {folder.resolve() for folder in checked}
    for folder in folders:
        if folder.resolve() in known:
            continue
        replies = None
        with Examination(folder).guarding():
            submission, _ = _open(Examination(folder), Namesakes())
            replies = read_replies(folder, submission)
        if replies is not None:
            yield replies


def _open(exam: Examination, namesakes: Namesakes) -> tuple[Submission, Reproduction | None]:
    """Return the records of a folder, whose files are those that they name."""
    check_files(exam)
    submission = open_record(exam, SUBMISSION, Submission)
    check_bounds(exam, SUBMISSION, submission)
    check_head(exam, submission, namesakes)
    check_installed(exam, submission.manifest)
    if submission.answers is not None:
        exam.compare(ANSWERS, submission.answers.sha256, file_sha256(exam.folder / ANSWERS), "sha256")
    reproduction = None
    if (exam.folder / REPRODUCTION).exists():
        reproduction = open_record(exam, REPRODUCTION, Reproduction)
        check_bounds(exam, REPRODUCTION, reproduction)
        if (exam.folder / REPRODUCED_ANSWERS).exists():
            found = file_sha256(exam.folder / REPRODUCED_ANSWERS)
            exam.compare(REPRODUCED_ANSWERS, reproduction.answers.sha256, found, "sha256")
    exam.stop_at_faults()
    return submission, reproduction
