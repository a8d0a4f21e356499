"""The page docs/verdicts.md, the table of verdicts and the judge say the same."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from rest_bench.schema import Verdict
from rest_bench.scoring import Judge, Question
from tests.parsing.build import read
from tests.scoring.verdict_table import TABLE

PAGE = Path(__file__).parents[2] / "docs/verdicts.md"
OPTIONS = {"A": "2.5 m/s", "B": "5 m/s", "C": "7.5 m/s", "D": "5 m/s"}
CHOICE_ROWS = (39, 40)


class Example(NamedTuple):
    row: int
    gold: str
    equal: tuple[str, ...]
    different: tuple[str, ...]


def examples() -> list[Example]:
    lines = re.findall(r"^\| (\d+) \|(.+)\|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    return [example_of(int(number), rest) for number, rest in lines]


def example_of(row: int, rest: str) -> Example:
    _, gold, equal, different = (cell.replace(r"\|", "|") for cell in re.split(r"(?<!\\)\|", rest))
    spans = [tuple(re.findall("`([^`]+)`", cell)) for cell in (gold, equal, different)]
    return Example(row, spans[0][0], spans[1], spans[2])


EXAMPLES = examples()
ROWS = sorted({example.row for example in EXAMPLES})


def question(example: Example, answer: str) -> Question:
    if example.row not in CHOICE_ROWS:
        return Question("math", example.gold, answer)
    (letter,) = read(rf"\boxed{{{answer}}}", 1, "choice", options=OPTIONS)
    return Question("choice", example.gold, letter or "")


def test_the_rows_are_numbered_without_a_gap() -> None:
    assert list(range(1, 41)) == ROWS


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example.row}-{example.gold}")
def test_an_example_of_the_page_is_judged_as_the_page_says(example: Example, judge: Judge) -> None:
    said: dict[str, Verdict] = dict.fromkeys(example.equal, "correct")
    said |= dict.fromkeys(example.different, "incorrect")
    verdicts = judge.judge([question(example, answer) for answer in said])
    assert dict(zip(said, verdicts, strict=True)) == said


@pytest.mark.parametrize("row", ROWS)
def test_a_row_of_the_page_has_examples_in_both_directions(row: int) -> None:
    assert any(example.equal for example in EXAMPLES if example.row == row)
    assert any(example.different for example in EXAMPLES if example.row == row)
    if row not in CHOICE_ROWS:
        assert any(entry.equal for entry in TABLE if entry.number == row)
        assert any(entry.different for entry in TABLE if entry.number == row)


def test_the_table_has_no_row_that_the_page_lacks() -> None:
    assert {entry.number for entry in TABLE} <= set(ROWS)


def test_no_answer_is_no_choice() -> None:
    assert read("The car is at rest.", 1, "choice", options=OPTIONS) == [None]
