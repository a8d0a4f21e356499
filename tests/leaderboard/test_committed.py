"""The submissions of this repository are what they say."""

from pathlib import Path

import pytest

from rest_bench.leaderboard.opening import find_submissions
from rest_bench.leaderboard.verifying import verify
from rest_bench.scoring import Judge

FOLDERS = find_submissions(Path(__file__).parents[2] / "leaderboard" / "submissions")


def test_rest_nano_and_smollm2_are_on_the_board() -> None:
    assert {folder.parent.name for folder in FOLDERS} >= {
        "rest-bench__rest-nano",
        "HuggingFaceTB__SmolLM2-135M-Instruct",
    }


@pytest.mark.parametrize("folder", FOLDERS, ids=[f"{folder.parent.name}-{folder.name}" for folder in FOLDERS])
def test_a_committed_submission_is_sound(folder: Path, judge: Judge) -> None:
    verified = verify(folder, judge)
    assert verified.faults == ()
    assert verified.tier in {"re-scored", "reproduced"}
