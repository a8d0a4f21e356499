from pathlib import Path

import pytest

from rest_bench.errors import StoreError
from rest_bench.leaderboard.opening import find_submissions


def test_submissions_lie_two_folders_down(submission: Path) -> None:
    root = submission.parents[1]
    (root / ".git" / "objects").mkdir(parents=True)
    (root / "README.md").write_text("")
    assert find_submissions(root) == [submission]
    assert find_submissions(submission.parent) == [submission]
    assert find_submissions(submission) == [submission]


def test_a_folder_without_a_record_is_not_overlooked(submission: Path) -> None:
    (submission.parent / "zzz").mkdir()
    assert find_submissions(submission.parents[1]) == [submission, submission.parent / "zzz"]


def test_a_folder_without_submissions_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no such folder"):
        find_submissions(tmp_path / "none")
    with pytest.raises(StoreError, match="holds no submission; they lie in"):
        find_submissions(tmp_path)
