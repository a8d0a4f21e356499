import os
from pathlib import Path

import pandas
import pytest

from rest_bench.errors import StoreError
from rest_bench.schema import Score
from rest_bench.store.scores import SCORES_PER_WRITE, read_level, write_scores


def make_score(number: int, task: str, level: int) -> Score:
    return Score(
        task=task,
        level=level,
        design="cyclic",
        pack_id=f"{number:016x}",
        repeat=0,
        position=1,
        problem_id=f"problem {number % 7}",
        gold="1",
        answer=None if number % 3 == 0 else "1",
        found_by="label",
        outcome="correct" if number % 2 else "wrong",
        correct=bool(number % 2),
        correct_strict=bool(number % 2),
        correct_paper=None,
        answer_paper="1",
        finish_reason="stop",
        prompt_tokens=5,
        completion_tokens=None,
        thinking_tokens=number,
        swap_chance=number / 8 if number % 2 == 0 else None,
        tokens_estimated=False,
        seed=number,
    )


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a table of several chunks, whose tasks and levels are mixed."""
    path = tmp_path_factory.mktemp("scores") / "scores.parquet"
    numbers = range(SCORES_PER_WRITE + 1500)
    write_scores(path, ((make_score(number, "ab"[number > 9000], 1 + number // 3000),) for number in numbers))
    return path


@pytest.mark.parametrize("name", ["seed", "level", "completion_tokens"])
def test_a_number_that_fits_no_column_is_said(tmp_path: Path, name: str) -> None:
    score = make_score(1, "a", 1).model_copy(update={name: 2**63})
    with pytest.raises(StoreError, match="is too large"):
        write_scores(tmp_path / "scores.parquet", [(score,)])


@pytest.mark.parametrize(("task", "level"), [("a", 1), ("a", 4), ("b", 4), ("b", 3)])
def test_a_level_is_read_as_it_stands_in_the_whole_table(table: Path, task: str, level: int) -> None:
    whole = pandas.read_parquet(table)
    expected = whole[(whole["task"] == task) & (whole["level"] == level)].reset_index(drop=True)
    columns = ["pack_id", "problem_id", "answer", "outcome", "correct", "correct_paper", "thinking_tokens"]
    read = read_level(table, task, level, columns)
    assert list(read) == columns
    assert len(read) == len(expected)
    for column in columns:
        assert read[column].astype(object).where(read[column].notna(), None).tolist() == (
            expected[column].astype(object).where(expected[column].notna(), None).tolist()
        )


def test_text_comes_as_categories_in_order(table: Path) -> None:
    outcomes = read_level(table, "a", 2, ["outcome"])["outcome"]
    assert outcomes.cat.categories.tolist() == ["correct", "wrong"]


def test_a_level_that_is_not_there_has_no_rows(table: Path) -> None:
    assert read_level(table, "c", 1, ["outcome"]).empty
    assert read_level(table, "a", 9, ["outcome"]).empty


def test_row_groups_may_end_anywhere(table: Path, tmp_path: Path) -> None:
    import pyarrow.parquet

    other = tmp_path / "scores.parquet"
    pyarrow.parquet.write_table(pyarrow.parquet.read_table(table), other, row_group_size=700)
    columns = ["pack_id", "outcome"]
    assert read_level(other, "b", 4, columns).astype(object).equals(read_level(table, "b", 4, columns).astype(object))


def test_the_folder_of_a_run_may_have_any_name(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"r\xe9sum\xe9") / "scores.parquet"
    path.parent.mkdir()
    write_scores(path, [(make_score(1, "t", 1),)])
    assert len(read_level(path, "t", 1, ["correct"])) == 1
