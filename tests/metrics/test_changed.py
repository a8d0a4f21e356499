import pandas
import pytest

from rest_bench.metrics import changed_questions_of
from rest_bench.schema import ChangedQuestion


def slots(*rows: tuple[str, str, bool]) -> pandas.DataFrame:
    return pandas.DataFrame(rows, columns=["pack_id", "problem_id", "correct"])


A = slots(("p1", "1", True), ("p1", "2", True), ("p2", "1", True), ("p3", "1", False))


def test_shares_are_over_all_slots_of_the_packs_that_both_have() -> None:
    b = slots(("p1", "1", False), ("p1", "2", True), ("p2", "1", True))
    assert list(changed_questions_of("toy", [(A, b)])) == [
        ChangedQuestion(task="toy", problem_id="1", n_slots=2, right_a=1.0, right_b=0.5)
    ]


def test_levels_are_taken_together() -> None:
    b = slots(("p1", "1", False), ("p1", "2", False), ("p2", "1", False), ("p3", "1", True))
    found = {each.problem_id: each for each in changed_questions_of("toy", [(A, b), (A, A)])}
    assert found["1"].n_slots == 6
    assert [found["1"].right_a, found["1"].right_b] == pytest.approx([4 / 6, 3 / 6])
    assert (found["2"].right_a, found["2"].right_b) == (1.0, 0.5)


def test_runs_of_other_packs_are_compared_by_question() -> None:
    b = slots(("q1", "1", False), ("q1", "9", False))
    (found,) = changed_questions_of("toy", [(A, b)])
    assert (found.problem_id, found.right_b, found.n_slots) == ("1", 0.0, 1)


def test_equal_runs_change_nothing() -> None:
    assert list(changed_questions_of("toy", [(A, A)])) == []
