"""The submissions that a board is built from: checked now, or known to be those that were checked before."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import get_args

from rest_bench.errors import ConfigError, TaskError
from rest_bench.leaderboard.answers_file import ANSWERS, REPRODUCED_ANSWERS, REPRODUCTION, SUBMISSION, file_sha256
from rest_bench.leaderboard.equal_replies import Replies, read_replies
from rest_bench.leaderboard.faults import Examination, StoppedError
from rest_bench.leaderboard.names import Namesakes
from rest_bench.leaderboard.opening import check_files, check_head, check_installed, open_record
from rest_bench.leaderboard.verifying import Verified, records_sha256, verify
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
    namesakes = Namesakes()
    with Judge() as judge:
        for folder in folders:
            exam = Examination(folder)
            try:
                submission, reproduction = _open(exam, namesakes)
            except StoppedError:
                yield Verified(folder, None, tuple(exam.faults))
                continue
            sha256 = records_sha256(folder)
            if tier := (verified or {}).get(sha256):
                replies = read_replies(folder, submission)
                yield Verified(
                    folder, tier, submission=submission, reproduction=reproduction, sha256=sha256, replies=replies
                )
                continue
            try:
                yield verify(folder, judge, data_dir, None, namesakes)
            except TaskError as error:
                replies = read_replies(folder, submission)
                yield Verified(
                    folder, "self-reported", unchecked=str(error), submission=submission, sha256=sha256, replies=replies
                )


def replies_beside(folders: Iterable[Path], checked: Iterable[Path]) -> Iterator[Replies]:
    """Yield what the replies of a board are known by, but for those that are checked; nothing is judged."""
    known = {folder.resolve() for folder in checked}
    for folder in folders:
        if folder.resolve() in known:
            continue
        try:
            submission, _ = _open(Examination(folder), Namesakes())
        except StoppedError:
            continue
        if (replies := read_replies(folder, submission)) is not None:
            yield replies


def _open(exam: Examination, namesakes: Namesakes) -> tuple[Submission, Reproduction | None]:
    """Return the records of a folder, whose files are those that they name."""
    check_files(exam)
    submission = open_record(exam, SUBMISSION, Submission)
    check_head(exam, submission, namesakes)
    check_installed(exam, submission.manifest)
    if submission.answers is not None:
        exam.compare(ANSWERS, submission.answers.sha256, file_sha256(exam.folder / ANSWERS), "sha256")
    reproduction = None
    if (exam.folder / REPRODUCTION).exists():
        reproduction = open_record(exam, REPRODUCTION, Reproduction)
        if (exam.folder / REPRODUCED_ANSWERS).exists():
            found = file_sha256(exam.folder / REPRODUCED_ANSWERS)
            exam.compare(REPRODUCED_ANSWERS, reproduction.answers.sha256, found, "sha256")
    exam.stop_at_faults()
    return submission, reproduction
