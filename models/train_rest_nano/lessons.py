"""What rest-nano learns from: chains of additions and subtractions, asked as rest-bench asks, answered with thinking.

The chains come from the generator of the task `arithmetic`, without the expressions of the task file, so that the model
has never seen an evaluated problem.
"""

import json
import random
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
GENERATOR = runpy.run_path(str(ROOT / "tasks" / "data" / "make_arithmetic.py"))
TASK_FILE = ROOT / "tasks" / "data" / "arithmetic.jsonl"

CLOSING = "\nAnswer the above questions one by one. Remember to put your final answer within \\boxed{}."
RECHECK_BY_CARRIES = (0.02, 0.2, 0.6, 0.9)
"""How often a solution is checked again, by how many of its steps carry or borrow (the last: three or more)."""
PLAIN_SHARE = 0.08
"""Of the prompts with one question, how many stand alone: no label and no closing sentence."""
PLAIN_PROMPTS = ("What is {}?", "{} = ?", "Calculate {}.", "Please work out {} step by step.", "{}")


class Question(NamedTuple):
    """One chain."""

    expression: str
    answer: int


class Lesson(NamedTuple):
    """One prompt with the reply to learn."""

    prompt: str
    reply: str


def held_out() -> frozenset[str]:
    """Return the expressions of the task file."""
    lines = TASK_FILE.read_text(encoding="utf-8").splitlines()
    return frozenset(json.loads(line)["question"].removeprefix("What is ").removesuffix("?") for line in lines)


def questions(seed: str) -> Iterator[Question]:
    """Yield endless questions, the three difficulties in random turns, none of them in the task file."""
    evaluated = held_out()
    draw = random.Random(seed)
    bands: tuple[Any, ...] = GENERATOR["BANDS"]
    streams = [GENERATOR["chains"](band, seed) for band in bands]
    while True:
        expression, answer = next(draw.choice(streams))
        if expression not in evaluated:
            yield Question(expression, answer)


def steps(expression: str) -> list[tuple[int, str, int, int]]:
    """Return the (left, sign, right, result) of a chain, worked from left to right."""
    first, *rest = expression.split()
    total, taken = int(first), []
    for sign, operand in zip(rest[::2], rest[1::2], strict=True):
        result = total + int(operand) if sign == "+" else total - int(operand)
        taken.append((total, sign, int(operand), result))
        total = result
    return taken


def carries(expression: str) -> int:
    """Return how many steps of a chain carry or borrow between their digits, or change the sign."""
    return sum(_carries(*step) for step in steps(expression))


def _carries(left: int, sign: str, right: int, result: int) -> bool:
    if left < 0 or result < 0:
        return True
    return left % 10 + right % 10 > 9 if sign == "+" else left % 10 < right % 10


def worked(left: int, sign: str, right: int, result: int) -> str:
    """Return a step as it is worked out: tens first, then ones, as in `87 + 29 = 107 + 9 = 116`."""
    tens, ones = right // 10 * 10, right % 10
    if not tens or not ones:
        return f"{left} {sign} {right} = {result}\n"
    halfway = left + tens if sign == "+" else left - tens
    return f"{left} {sign} {right} = {halfway} {sign} {ones} = {result}\n"


def solution(question: Question, draw: random.Random) -> str:
    """Return the thinking about one question: its steps, its result and sometimes a second look."""
    taken = steps(question.expression)
    text = "".join(worked(*step) for step in taken) + f"So the answer is {question.answer}.\n"
    if draw.random() < RECHECK_BY_CARRIES[min(carries(question.expression), len(RECHECK_BY_CARRIES) - 1)]:
        again = "".join(f"{left} {sign} {right} = {result}\n" for left, sign, right, result in taken)
        text += f"Wait, let me check.\n{again}Yes, {question.answer}.\n"
    return text


def packed_lesson(asked: list[Question], draw: random.Random) -> Lesson:
    """Return a prompt of the protocol with the reply that labels every answer."""
    labelled = list(enumerate(asked, start=1))
    prompt = "".join(f"Q{k}: What is {question.expression}?\n\n" for k, question in labelled) + CLOSING
    thinking = "\n".join(f"Q{k}: {question.expression}\n{solution(question, draw)}" for k, question in labelled)
    answers = "\n".join(f"Answer to Q{k}: \\boxed{{{question.answer}}}" for k, question in labelled)
    return Lesson(prompt, f"<think>\n{thinking}</think>\n\n{answers}")


def plain_lesson(question: Question, draw: random.Random) -> Lesson:
    """Return one question as anybody would type it."""
    prompt = draw.choice(PLAIN_PROMPTS).format(question.expression)
    return Lesson(prompt, f"<think>\n{solution(question, draw)}</think>\n\nThe answer is \\boxed{{{question.answer}}}.")


def lesson(level: int, source: Iterator[Question], draw: random.Random) -> Lesson:
    """Return the next lesson of a level."""
    asked = [next(source) for _ in range(level)]
    if level == 1 and draw.random() < PLAIN_SHARE:
        return plain_lesson(asked[0], draw)
    return packed_lesson(asked, draw)
