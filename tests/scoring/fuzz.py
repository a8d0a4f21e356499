"""Answers that nobody would write: golds cut, doubled and mixed with brackets, commands, signs and digits."""

import random
from collections.abc import Iterator
from typing import NamedTuple

from tests.scoring.verdict_table import TABLE

GOLDS = tuple(dict.fromkeys(row.gold for row in TABLE))
PIECES: tuple[str, ...] = (
    *"{}()[]<>|,;:.!?=+-*/^_&%$#@~'\"\\ \n\t",
    *"0123456789xyzeiABC",
    *"−–√π∞≤≥≠≈∪∈ℝ±½³₈°％５，（）、。€\u200b\u0305漢é🙂",
    *(
        r"\frac",
        r"\frac{",
        r"\sqrt",
        r"\sqrt{",
        r"\text{",
        r"\text{or}",
        r"\text{and}",
        r"\boxed{",
        r"\left(",
        r"\right",
    ),
    *(
        r"\begin{pmatrix}",
        r"\end{pmatrix}",
        r"\begin{cases}",
        r"\\",
        r"\cdot",
        r"\pm",
        r"\cup",
        r"\infty",
        r"\{",
        r"\}",
    ),
    *(
        r"\overline{",
        r"^{",
        "_{",
        r"\,",
        r"\!",
        r"\%",
        r"\$",
        r"\circ",
        r"\pi",
        r"\le",
        r"\ne",
        r"\approx",
        r"\Rightarrow",
    ),
    *(r"\binom{5}{2}", "10^{10}", "!", "5!", r"\log", r"\sin", r"\mod", r"\int", r"\sum", r"\setminus", r"\mathbb{R}"),
    *(
        "or",
        "and",
        "x=",
        "since",
        "base 8",
        "Answer:",
        "cm",
        "per",
        "million",
        "1,234",
        "0.333...",
        "e-7",
        "NaN",
        "None",
    ),
)


class Attempt(NamedTuple):
    """An answer for a gold."""

    gold: str
    answer: str


def attempts(count: int, seed: int) -> Iterator[Attempt]:
    """Yield random answers, the same for the same seed: mutated golds, and sometimes pieces alone."""
    rng = random.Random(seed)
    for _ in range(count):
        gold = rng.choice(GOLDS)
        text = "" if rng.random() < 0.1 else rng.choice((gold, gold, rng.choice(GOLDS)))
        for _ in range(rng.choice((1, 1, 2, 3, 8))):
            text = mutate(text, rng)
        yield Attempt(gold, text)


def mutate(text: str, rng: random.Random) -> str:
    """Change one thing of a text."""
    start, end = sorted((rng.randint(0, len(text)), rng.randint(0, len(text))))
    match rng.randrange(6):
        case 0:
            return text[:start] + rng.choice(PIECES) + text[start:]
        case 1:
            return text[:start] + text[start + 1 :]
        case 2:
            return text[:start] + text[end:]
        case 3:
            return text[:end] + text[start:]
        case 4:
            return rng.choice(PIECES) + text + rng.choice(PIECES)
        case _:
            return text[:start] + "".join(rng.choices(PIECES, k=rng.randint(1, 6))) + text[end:]
