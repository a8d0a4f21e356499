"""Rows -> Problems: golds, options and tests, each checked, with the row and column of any fault."""

import hashlib
import json
import math
import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from rest_bench.errors import TaskError
from rest_bench.schema import CodeTest, Option, Problem
from rest_bench.tasks.cells import read_cell, read_optional_text, read_text, replace_surrogates
from rest_bench.tasks.options import OptionReader
from rest_bench.tasks.rows import Row
from rest_bench.tasks.taskfile import Fields, GoldRule, TaskFile


class _Numbered(NamedTuple):
    """A row that becomes a problem."""

    number: int
    """From 1, those that are left out counted too."""
    problem_id: str
    row: Row


def build_problems(rows: Iterable[Row], fields: Fields, task_file: TaskFile) -> tuple[Problem, ...]:
    """Turn rows into the problems of a task.

    Raises:
        TaskError: a cell is missing, empty or of the wrong kind, an id occurs twice, options or their answer are in
            doubt, or there is no row at all.
    """
    numbered = _number(rows, fields, task_file)
    options = None
    if task_file.answer_type == "choice":
        options = OptionReader([each.row for each in numbered], fields, task_file)
    problems = tuple(_build_problem(each, fields, task_file, options) for each in numbered)
    for name in ("starter_code", "fn_name"):
        column = getattr(fields, name)
        # Without them every problem would be one that reads standard input.
        if column is not None and all(column not in each.row.cells for each in numbered):
            raise TaskError(f"task {task_file.name}: no row has the column {column!r} of {name}")
    return problems


def _number(rows: Iterable[Row], fields: Fields, task_file: TaskFile) -> list[_Numbered]:
    """Return the rows with their ids, without those that the task file leaves out."""
    numbered: list[_Numbered] = []
    first_seen: dict[str, str] = {}
    left_out = {str(problem_id) for problem_id in fields.leave_out}
    for number, row in enumerate(rows, start=1):
        problem_id = str(number) if fields.id is None else read_text(row, fields.id)
        if problem_id in first_seen:
            raise TaskError(f"{row.where}: the id {problem_id!r:.80} stands already at {first_seen[problem_id]}")
        first_seen[problem_id] = row.where
        if problem_id not in left_out:
            numbered.append(_Numbered(number, problem_id, row))
    if unknown := sorted(left_out - first_seen.keys()):
        raise TaskError(f"task {task_file.name}: `leave_out` names the id {unknown[0]!r:.80}, which its data lack")
    if not numbered:
        raise TaskError(f"task {task_file.name}: its data holds no problem")
    return numbered


def hash_problems(problems: Sequence[Problem]) -> str:
    """Return the sha256 over what is asked and what judges it, equal for equal problems of any file format."""
    kept = {"id", "question", "gold", "options", "starter_code", "fn_name", "tests"}
    content = [problem.model_dump(mode="json", include=kept) for problem in problems]
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _build_problem(
    numbered: _Numbered, fields: Fields, task_file: TaskFile, option_reader: OptionReader | None
) -> Problem:
    number, problem_id, row = numbered
    if not isinstance(read_cell(row, fields.question), str):
        raise TaskError(f"{row.where}: the question in column {fields.question!r} is not text")
    options: tuple[Option, ...] = ()
    tests: tuple[CodeTest, ...] = ()
    if option_reader is not None:
        options, gold = option_reader.read(row, number, problem_id)
    elif task_file.answer_type == "code":
        tests = _read_tests(row, fields.tests)
        # The tests judge, however many; a gold is what a table shows.
        gold = f"tests: {len(tests)}"
    else:
        gold = _read_gold(row, fields)
    return Problem(
        id=problem_id,
        question=read_text(row, fields.question),
        gold=gold,
        answer_type=task_file.answer_type,
        options=options,
        starter_code=read_optional_text(row, fields.starter_code),
        fn_name=read_optional_text(row, fields.fn_name),
        tests=tests,
        difficulty=_read_difficulty(row, fields.difficulty),
        metadata={name: text for name in fields.metadata if (text := read_optional_text(row, name)) is not None},
    )


def _read_difficulty(row: Row, column: str | int | None) -> float | None:
    if column is None:
        return None
    try:
        difficulty = float(read_text(row, column))
    except ValueError as error:
        raise TaskError(f"{row.where}: the difficulty in column {column!r} is no number") from error
    if not math.isfinite(difficulty):
        raise TaskError(f"{row.where}: the difficulty in column {column!r} is {difficulty}, which is no value")
    return difficulty


# --- golds ------------------------------------------------------------------------------------------------------------


def _as_written(text: str) -> str | None:
    return text


def _after_hashes(text: str) -> str | None:
    _, found, gold = text.rpartition("#### ")
    return gold.replace(",", "") if found else None


def _last_box(text: str) -> str | None:
    _, found, tail = text.rpartition("\\boxed{")
    depth = 1
    for brace in re.finditer(r"\\.|[{}]", tail, re.DOTALL):
        depth += {"{": 1, "}": -1}.get(brace[0], 0)
        if depth == 0:
            return tail[: brace.start()] if found else None
    return None


def _whole_number(text: str) -> str | None:
    number = re.fullmatch(r"([+-]?[0-9]+)(?:\.0*)?", text.strip())
    return number[1] if number else None


GOLD_RULES: dict[GoldRule, Callable[[str], str | None]] = {
    "as_written": _as_written,
    "after_hashes": _after_hashes,
    "last_box": _last_box,
    "whole_number": _whole_number,
}
"""From the text of the answer column to the gold, or null where the rule finds none."""


def _read_gold(row: Row, fields: Fields) -> str:
    gold = GOLD_RULES[fields.gold_rule](read_text(row, fields.answer))
    if gold is None or not gold.strip():
        raise TaskError(f"{row.where}: gold_rule {fields.gold_rule} finds no gold in column {fields.answer!r}")
    return gold.strip()


# --- tests ------------------------------------------------------------------------------------------------------------


def _read_tests(row: Row, column: str | int | None) -> tuple[CodeTest, ...]:
    tests = read_cell(row, column)
    if isinstance(tests, str):
        try:
            tests = json.loads(tests)
        except (ValueError, RecursionError) as error:
            raise TaskError(f"{row.where}: the tests in column {column!r} are not valid JSON ({error})") from error
    if not isinstance(tests, list) or not tests or not all(_is_test(test) for test in tests):
        raise TaskError(f"{row.where}: column {column!r} must be a list of objects with the texts `input` and `output`")
    return tuple(
        CodeTest(input=replace_surrogates(test["input"]), output=replace_surrogates(test["output"])) for test in tests
    )


def _is_test(test: object) -> bool:
    return isinstance(test, dict) and isinstance(test.get("input"), str) and isinstance(test.get("output"), str)
