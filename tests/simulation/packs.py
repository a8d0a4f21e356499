"""Packs of numbered sums for the tests of the simulator."""

from collections.abc import Iterator

from rest_bench.packing import iter_packs
from rest_bench.schema import AnswerType, Option, Pack, Problem, Task

LETTERS = "ABCD"


def make_task(n: int = 40, answer_type: AnswerType = "integer") -> Task:
    """Return a task of n problems whose golds are all different (letters, where they are to be chosen)."""
    return Task(
        name="sums",
        title="Sums",
        answer_type=answer_type,
        levels=(1, 5),
        repeats=1,
        template="rest_math",
        template_source="{% for problem in problems %}{{ problem.question }}{% endfor %}",
        problems=tuple(make_problem(number, answer_type) for number in range(n)),
        source="tests",
        file_sha256="",
        data_sha256="",
    )


def make_problem(number: int, answer_type: AnswerType = "integer") -> Problem:
    is_choice = answer_type == "choice"
    return Problem(
        id=f"p{number:03d}",
        question=f"A depot held {3000 + 210 * number} crates and {40 + number} more came in; how many are there?",
        gold=LETTERS[number % 4] if is_choice else str(3040 + 211 * number),
        answer_type=answer_type,
        options=tuple(Option(letter=letter, text=f"option {letter}") for letter in LETTERS) if is_choice else (),
    )


def make_packs(
    level: int = 5, n: int = 40, repeats: int = 1, answer_type: AnswerType = "integer", seed: int = 0
) -> Iterator[Pack]:
    task = make_task(n, answer_type)
    for repeat in range(repeats):
        yield from iter_packs(task, level, seed=seed, repeat=repeat)
