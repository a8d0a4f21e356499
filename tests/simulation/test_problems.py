from pathlib import Path

import pytest

from rest_bench.errors import StoreError
from rest_bench.planning import load_task
from rest_bench.simulation.latents import difficulty_of
from rest_bench.simulation.problems import SimulatedTask, SimulatedType, make_rows, write_task


@pytest.mark.parametrize("answer_type", ["integer", "choice"])
def test_the_problems_are_a_task_like_any_other(tmp_path: Path, answer_type: SimulatedType) -> None:
    task = load_task(write_task(tmp_path / "run", SimulatedTask(50, answer_type)))
    assert len(task.problems) == 50
    assert task.answer_type == answer_type
    assert len({problem.question for problem in task.problems}) == 50
    if answer_type == "choice":
        assert {problem.gold for problem in task.problems} == set("ABCD")
    else:
        assert len({problem.gold for problem in task.problems}) == 50


def test_each_problem_is_a_true_sum() -> None:
    for row in make_rows(SimulatedTask(50)):
        numbers = [int(word) for word in str(row["question"]).split() if word.isdigit()][
            1:
        ]  # the first is of its place
        held, came, went = numbers
        assert held + came - went == int(str(row["answer"]))


def test_difficulties_are_those_that_the_reasoner_draws(tmp_path: Path) -> None:
    task = load_task(write_task(tmp_path, SimulatedTask(20, seed=3, difficulty_sd=2.0)))
    for problem in task.problems:
        assert problem.difficulty == difficulty_of(3, problem.id, 2.0)
    assert task.difficulty_source == "simulated, normal around 0 with sd 2, seed 3"


def test_an_exam_is_listed_from_easy_to_hard() -> None:
    plain, exam = (list(make_rows(SimulatedTask(30, exam_order=order))) for order in (False, True))
    assert exam == sorted(plain, key=lambda row: row["difficulty"])
    assert exam != plain


def test_the_same_problems_may_be_written_twice_and_others_not(tmp_path: Path) -> None:
    assert write_task(tmp_path, SimulatedTask(20)) == write_task(tmp_path, SimulatedTask(20))
    with pytest.raises(StoreError, match="holds other simulated problems"):
        write_task(tmp_path, SimulatedTask(21))


def test_a_folder_that_cannot_be_written_is_the_users_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be written"):
        write_task(tmp_path / "file", SimulatedTask(20))
