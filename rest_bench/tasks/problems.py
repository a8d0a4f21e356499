"""Rows -> Problems: golds, options and tests, each checked, with the row and column of any fault."""

import hashlib
import json
import math
import re
from collections.abc import Callable, Iterable, Sequence

from rest_bench.errors import TaskError
from rest_bench.schema import CodeTest, Option, Problem
from rest_bench.tasks.rows import Row
from rest_bench.tasks.taskfile import Fields, GoldRule, TaskFile

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def build_problems(rows: Iterable[Row], fields: Fields, task_file: TaskFile) -> tuple[Problem, ...]:
    """Turn rows into the problems of a task.

    Raises:
        TaskError: a cell is missing, empty or of the wrong kind, an id occurs twice, or there is no row at all.
    """
    problems: list[Problem] = []
    first_seen: dict[str, str] = {}
    for number, row in enumerate(rows, start=1):
        problem = _build_problem(row, number, fields, task_file)
        if problem.id in first_seen:
            raise TaskError(f"{row.where}: the id {problem.id!r:.80} stands already at {first_seen[problem.id]}")
        first_seen[problem.id] = row.where
        problems.append(problem)
    if not problems:
        raise TaskError(f"task {task_file.name}: its data holds no problem")
    return tuple(problems)


def hash_problems(problems: Sequence[Problem]) -> str:
    """Return the sha256 over what is asked and what judges it, equal for equal problems of any file format."""
    kept = {"id", "question", "gold", "options", "starter_code", "fn_name", "tests"}
    content = [problem.model_dump(mode="json", include=kept) for problem in problems]
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _build_problem(row: Row, number: int, fields: Fields, task_file: TaskFile) -> Problem:
    problem_id = str(number) if fields.id is None else _text(row, fields.id)
    question = _cell(row, fields.question)
    if not isinstance(question, str):
        raise TaskError(f"{row.where}: the question in column {fields.question!r} is not text")
    options: tuple[Option, ...] = ()
    tests: tuple[CodeTest, ...] = ()
    if task_file.answer_type == "choice":
        options, gold = _order_options(row, number, problem_id, fields, task_file)
    elif task_file.answer_type == "code":
        tests = _read_tests(row, fields.tests)
        # The tests judge, however many; a gold is what a table shows.
        gold = f"tests: {len(tests)}"
    else:
        gold = _read_gold(row, fields)
    return Problem(
        id=problem_id,
        question=_replace_surrogates(question),
        gold=gold,
        answer_type=task_file.answer_type,
        options=options,
        starter_code=_optional_text(row, fields.starter_code),
        fn_name=_optional_text(row, fields.fn_name),
        tests=tests,
        difficulty=_read_difficulty(row, fields.difficulty),
        metadata={name: text for name in fields.metadata if (text := _optional_text(row, name)) is not None},
    )


# --- cells ------------------------------------------------------------------------------------------------------------


def _cell(row: Row, column: str | int | None) -> object:
    """Return a cell that is there and not blank."""
    if column is None or column not in row.cells:
        names = ", ".join(repr(name) for name in row.cells if isinstance(name, str))
        raise TaskError(f"{row.where}: no column {column!r}; it has {names[:500]}")
    cell = row.cells[column]
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        raise TaskError(f"{row.where}: column {column!r} is empty")
    return cell


def _text(row: Row, column: str | int | None) -> str:
    cell = _cell(row, column)
    if isinstance(cell, str):
        return _replace_surrogates(cell)
    if isinstance(cell, float) and not math.isfinite(cell):
        raise TaskError(f"{row.where}: column {column!r} is {cell}, which is no value")
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return repr(cell)
    raise TaskError(f"{row.where}: column {column!r} is neither text nor a number")


def _optional_text(row: Row, column: str | int | None) -> str | None:
    return None if column is None or row.cells.get(column) in (None, "") else _text(row, column)


def _read_difficulty(row: Row, column: str | int | None) -> float | None:
    if column is None:
        return None
    try:
        difficulty = float(_text(row, column))
    except ValueError as error:
        raise TaskError(f"{row.where}: the difficulty in column {column!r} is no number") from error
    if not math.isfinite(difficulty):
        raise TaskError(f"{row.where}: the difficulty in column {column!r} is {difficulty}, which is no value")
    return difficulty


def _replace_surrogates(text: str) -> str:
    """Return the text with each lone surrogate, which a JSON escape can make, as U+FFFD: it could never be written."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


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
    gold = GOLD_RULES[fields.gold_rule](_text(row, fields.answer))
    if gold is None or not gold.strip():
        raise TaskError(f"{row.where}: gold_rule {fields.gold_rule} finds no gold in column {fields.answer!r}")
    return gold.strip()


# --- options and tests ------------------------------------------------------------------------------------------------


def _order_options(
    row: Row, number: int, problem_id: str, fields: Fields, task_file: TaskFile
) -> tuple[tuple[Option, ...], str]:
    """Return the options in the order shown, and the letter of the correct one."""
    texts = [_text(row, column) for column in (fields.answer, *fields.wrong)]
    if task_file.option_order == "shuffled":
        seed = task_file.option_seed or 0
        order = sorted(range(len(texts)), key=lambda index: _digest(seed, problem_id, index))
    else:
        order = [(index + number) % len(texts) for index in range(len(texts))]
    options = tuple(Option(letter=letter, text=texts[index]) for letter, index in zip(LETTERS, order, strict=False))
    return options, LETTERS[order.index(0)]


def _digest(*parts: object) -> bytes:
    return hashlib.sha256(json.dumps(parts).encode()).digest()


def _read_tests(row: Row, column: str | int | None) -> tuple[CodeTest, ...]:
    tests = _cell(row, column)
    if isinstance(tests, str):
        try:
            tests = json.loads(tests)
        except (ValueError, RecursionError) as error:
            raise TaskError(f"{row.where}: the tests in column {column!r} are not valid JSON ({error})") from error
    if not isinstance(tests, list) or not tests or not all(_is_test(test) for test in tests):
        raise TaskError(f"{row.where}: column {column!r} must be a list of objects with the texts `input` and `output`")
    return tuple(
        CodeTest(input=_replace_surrogates(test["input"]), output=_replace_surrogates(test["output"])) for test in tests
    )


def _is_test(test: object) -> bool:
    return isinstance(test, dict) and isinstance(test.get("input"), str) and isinstance(test.get("output"), str)
