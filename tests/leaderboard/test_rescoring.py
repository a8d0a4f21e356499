from pathlib import Path

import pytest

from rest_bench.errors import StoreError
from rest_bench.leaderboard.answers_file import REPRODUCTION, SUBMISSION
from rest_bench.leaderboard.publishing import make_submitter
from rest_bench.leaderboard.reproducing import reproduce
from rest_bench.leaderboard.rescoring import rescore
from rest_bench.leaderboard.verifying import verify
from rest_bench.scoring import SCORER_VERSION, Judge
from rest_bench.store import Run
from tests.leaderboard.build import change_lines, change_record, read_lines, read_record


def as_older(folder: Path) -> int:
    """Make a submission that an older version wrote: other metrics, one verdict another; return its number of slots."""
    found = []

    def misjudge(lines: list[dict[str, object]]) -> None:
        line = next(line for line in lines if line["correct"] == [True])
        line["correct"] = [False]
        found.append(line)

    change_lines(misjudge)(folder)
    change_record(lambda record: record.update(results={"score": 1.0}))(folder)
    change_record(lambda record: record["manifest"].update(scorer_version="0"))(folder)
    return len(found)


def test_nothing_moves_while_the_scorer_is_the_same(submission: Path, judge: Judge) -> None:
    before = (submission / SUBMISSION).read_bytes()
    rescored = rescore(submission, judge)
    assert rescored is not None
    assert rescored.scorer_version == SCORER_VERSION
    assert [(moved.level, moved.n_now_right, moved.n_now_wrong) for moved in rescored.moved] == [(1, 0, 0), (3, 0, 0)]
    assert all(moved.before == moved.after for moved in rescored.moved)
    assert (submission / SUBMISSION).read_bytes() == before


def test_what_an_older_version_judged_otherwise_moves(submission: Path, judge: Judge) -> None:
    assert as_older(submission) == 1
    rescored = rescore(submission, judge)
    assert rescored is not None
    assert rescored.scorer_version == "0"
    first = rescored.moved[0]
    assert (first.task, first.level, first.n_now_right, first.n_now_wrong) == ("arithmetic", 1, 1, 0)
    assert first.after - first.before == pytest.approx(1 / first.n_slots)
    assert read_record(submission)["results"] == {"score": 1.0}


def test_what_is_rewritten_is_sound(submission: Path, judge: Judge) -> None:
    as_older(submission)
    rescored = rescore(submission, judge, write=True)
    assert rescored is not None
    verified = verify(submission, judge)
    assert (verified.tier, verified.faults) == ("re-scored", ())
    assert verified.submission == rescored.submission
    assert read_lines(submission)  # under the same id: what was answered is the same


def test_a_second_run_is_taken_away_as_it_was_compared_with_the_old_verdicts(
    submission: Path, run: Run, judge: Judge
) -> None:
    reproduce(submission, run, make_submitter("Another lab", None, "other"), "2026-02-28")
    rescore(submission, judge)
    assert (submission / REPRODUCTION).exists()
    rescore(submission, judge, write=True)
    assert not (submission / REPRODUCTION).exists()


def test_numbers_alone_cannot_be_judged(submission: Path, judge: Judge) -> None:
    (submission / "answers.jsonl.zst").unlink()
    change_record(lambda record: record.update(answers=None))(submission)
    assert rescore(submission, judge) is None


@pytest.mark.parametrize("content", ["[]", "{", "[" * 100_000, '{"results": {}}', "{}"])
def test_what_is_no_submission_is_one_sentence(submission: Path, judge: Judge, content: str) -> None:
    (submission / SUBMISSION).write_text(content)
    with pytest.raises(StoreError, match=r"submission\.json: no submission .*; it cannot be scored again"):
        rescore(submission, judge)


def test_faulty_packs_are_not_judged(submission: Path, judge: Judge) -> None:
    change_lines(lambda lines: lines[0].update(prompt_sha256="0" * 64))(submission)
    with pytest.raises(StoreError, match=r"line 1: prompt_sha256: expected .*; it cannot be scored again"):
        rescore(submission, judge)
