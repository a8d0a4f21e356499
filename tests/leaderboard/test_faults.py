from pathlib import Path

import pytest

from rest_bench.leaderboard.faults import Examination, Fault, StoppedError


def test_a_fault_is_a_sentence_with_file_field_expected_and_found() -> None:
    fault = Fault(Path("a/submission.json"), None, "partial", "True", "False")
    assert str(fault) == "a/submission.json: partial: expected True, found False"
    assert str(fault._replace(line=3)) == "a/submission.json line 3: partial: expected True, found False"


def test_an_examination_stops_only_at_faults() -> None:
    exam = Examination(Path("a"))
    exam.compare("f", 1, 1, "x")
    exam.at_most("f", 5, 5, "x", 1)
    exam.at_most("f", None, 5, "x", 1)
    exam.at_most("f", 0, None, "x", 1)
    exam.stop_at_faults()
    exam.at_most("f", 6, 5, "x", 1)
    exam.at_most("f", 1, None, "x", 2)
    exam.compare("", 1, 2, "y")
    assert [(fault.file, fault.line) for fault in exam.faults] == [
        (Path("a/f"), 1),
        (Path("a/f"), 2),
        (Path("a"), None),
    ]
    with pytest.raises(StoppedError):
        exam.stop_at_faults()
