"""Rows of choices, read as a task file says."""

from collections.abc import Mapping, Sequence

from rest_bench.schema import Problem
from rest_bench.tasks.problems import build_problems
from rest_bench.tasks.rows import Row
from rest_bench.tasks.taskfile import TaskFile


def fields(**keys: object) -> TaskFile:
    """Return a task file of a choice with these field keys, `option_order` among them."""
    order = keys.pop("option_order", None)
    return TaskFile.model_validate(
        {
            "name": "toy",
            "title": "Toy",
            "answer_type": "choice",
            "levels": [1],
            "repeats": 1,
            "template": "rest_choice",
            "option_order": order,
            "source": {"local": {"path": "toy.jsonl", "format": "jsonl", "question": "q", "answer": "a", **keys}},
        }
    )


def rows_of(cells: Sequence[Mapping[str, object]]) -> list[Row]:
    """Return rows that stand nowhere in particular."""
    return [Row(f"row {number}", dict({"q": "?", **row}.items())) for number, row in enumerate(cells, start=1)]


def read(*cells: Mapping[str, object], **keys: object) -> tuple[Problem, ...]:
    """Return the problems of these rows."""
    file = fields(**keys)
    assert file.source.local is not None
    return build_problems(rows_of(cells), file.source.local, file)


def shown(problem: Problem) -> tuple[tuple[str, ...], str]:
    """Return the texts of the options in the order shown, and the letter of the right one."""
    return tuple(option.text for option in problem.options), problem.gold
