"""Write arithmetic.jsonl: chains of additions and subtractions in three difficulty bands, the same bytes on any Python.

Run it without arguments; the file lands beside this script.
"""

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

SEED = "rest-bench arithmetic 1"
PROBLEMS_PER_BAND = 100
LOWEST, HIGHEST = -99, 199
"""Of the answer and of every partial result on the way to it."""


class Band(NamedTuple):
    """How the problems of one difficulty look."""

    difficulty: int
    operations: int
    smallest: int
    largest: int


BANDS = (
    Band(difficulty=1, operations=1, smallest=2, largest=20),
    Band(difficulty=2, operations=2, smallest=2, largest=50),
    Band(difficulty=3, operations=3, smallest=10, largest=99),
)


def numbers(seed: str) -> Iterator[int]:
    """Yield endless 64-bit numbers: hashes of a counter, since the `random` module may change between versions."""
    counter = 0
    while True:
        yield int.from_bytes(sha256(f"{seed} {counter}".encode()).digest()[:8], "big")
        counter += 1


def chains(band: Band, seed: str = SEED) -> Iterator[tuple[str, int]]:
    """Yield endless (expression, answer) pairs of one band; repeats occur."""
    draw = numbers(f"{seed} band {band.difficulty}")
    span = band.largest - band.smallest + 1
    while True:
        answer = band.smallest + next(draw) % span
        expression, partial_results = str(answer), []
        for _ in range(band.operations):
            sign = 1 - 2 * (next(draw) % 2)
            operand = band.smallest + next(draw) % span
            answer += sign * operand
            expression += f" {'+' if sign > 0 else '-'} {operand}"
            partial_results.append(answer)
        if all(LOWEST <= value <= HIGHEST for value in partial_results):
            yield expression, answer


def distinct(band: Band) -> list[tuple[str, int]]:
    """Return the first PROBLEMS_PER_BAND distinct chains of one band."""
    kept: dict[str, int] = {}
    for expression, answer in chains(band):
        kept.setdefault(expression, answer)
        if len(kept) == PROBLEMS_PER_BAND:
            break
    return list(kept.items())


def problem_lines() -> Iterator[str]:
    """Yield the lines of the file, the bands taking turns, so that any three problems in a row hold all of them."""
    for number, turn in enumerate(zip(*(distinct(band) for band in BANDS), strict=True), start=1):
        for band, (expression, answer) in zip(BANDS, turn, strict=True):
            problem = {
                "id": f"{band.difficulty}-{number:03d}",
                "question": f"What is {expression}?",
                "answer": str(answer),
                "difficulty": band.difficulty,
            }
            yield json.dumps(problem) + "\n"


def main() -> None:
    """Write the file."""
    Path(__file__).with_name("arithmetic.jsonl").write_bytes("".join(problem_lines()).encode())


if __name__ == "__main__":
    main()
