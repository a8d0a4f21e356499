"""A task of numbered problems for the simulated reasoner, written as a task file beside its data."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from rest_bench.errors import StoreError
from rest_bench.simulation.draws import uniforms
from rest_bench.simulation.latents import difficulty_of

SimulatedType = Literal["integer", "choice"]

FILE = "simulated"
SMALLEST_GOLD = 100
GOLD_STEP = 7
"""Golds lie so far apart on average: wrong numbers equal the gold of another problem about as often as in AIME."""
_GOODS = "barrels bottles bricks cables candles carpets crates drums engines ladders lamps lenses magnets mirrors"
GOODS = tuple(_GOODS.split())
_PLACES = "Arden Birka Corvo Delos Ebrach Fosna Gadir Hamar Istra Jarva Kalmar Lund Modra Narva Orsa Pula Riga"
PLACES = tuple(_PLACES.split())

_TASK = """\
# Made by `rest-bench simulate`.
name: {file}
title: Simulated problems
answer_type: {answer_type}
levels: [1, 3, 5]
repeats: 4
template: {template}
difficulty_source: {scale}
source:
  local:
    path: {file}.jsonl
    format: jsonl
    id: id
    question: question
    answer: answer
    difficulty: difficulty
"""
_CHOICE = """\
    wrong: [wrong_1, wrong_2, wrong_3]
option_order: shuffled
option_seed: {seed}
"""


class SimulatedTask(NamedTuple):
    """What is asked of a simulated reasoner."""

    n_problems: int
    answer_type: SimulatedType = "integer"
    exam_order: bool = False
    """Listed from easy to hard."""
    seed: int = 0
    """Draws numbers and difficulties; that of the run, so that the reasoner draws the same ones."""
    difficulty_sd: float = 1.2


def write_task(folder: Path, task: SimulatedTask) -> Path:
    """Write a task file and its data into a folder, and return the path of the file.

    Raises:
        StoreError: the folder holds another simulated task, or cannot be written.
    """
    rows = [json.dumps(row) for row in make_rows(task)]
    scale = f"simulated, normal around 0 with sd {task.difficulty_sd:g}, seed {task.seed}"
    keys = _TASK + (_CHOICE if task.answer_type == "choice" else "")
    template = "rest_choice" if task.answer_type == "choice" else "rest_math"
    content = keys.format(file=FILE, answer_type=task.answer_type, template=template, scale=scale, seed=task.seed)
    path = folder / f"{FILE}.yaml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write_once(folder / f"{FILE}.jsonl", "".join(f"{row}\n" for row in rows))
        _write_once(path, content)
    except OSError as error:
        raise StoreError(f"{folder}: cannot be written ({error.strerror})") from error
    return path


def make_rows(task: SimulatedTask) -> Iterator[dict[str, str | float]]:
    """Yield the problems as rows; true sums with different golds, whose difficulty has nothing to do with the sum."""
    ids = [f"{number:04d}" for number in range(1, task.n_problems + 1)]
    difficulties = {name: difficulty_of(task.seed, name, task.difficulty_sd) for name in ids}
    ranks = uniforms(task.n_problems, "gold", task.seed)
    golds = {
        index: SMALLEST_GOLD + GOLD_STEP * rank
        for rank, index in enumerate(sorted(range(len(ids)), key=ranks.__getitem__))
    }
    rows = [
        {**_row(index, golds[index], task), "id": name, "difficulty": difficulties[name]}
        for index, name in enumerate(ids)
    ]
    yield from sorted(rows, key=lambda row: row["difficulty"]) if task.exam_order else rows


def _row(index: int, gold: int, task: SimulatedTask) -> dict[str, str | float]:
    came, left, goods, place = uniforms(4, "problem", task.seed, index)
    came_in, went_out = 11 + int(came * 900), 11 + int(left * 900)
    place_name = f"{PLACES[int(place * len(PLACES))]} {index + 1}"
    question = (
        f"The depot of {place_name} held {gold + went_out} {GOODS[int(goods * len(GOODS))]} in the morning. "
        f"During the day {came_in} were delivered and {came_in + went_out} were sent away. How many are left?"
    )
    wrong = {f"wrong_{number}": str(gold + step) for number, step in enumerate((-10, 10, 100), start=1)}
    return {"question": question, "answer": str(gold), **(wrong if task.answer_type == "choice" else {})}


def _write_once(path: Path, content: str) -> None:
    if not path.exists():
        path.write_text(content, encoding="utf-8")
    elif path.read_text(encoding="utf-8") != content:
        raise StoreError(f"{path}: holds other simulated problems; use another --out")
