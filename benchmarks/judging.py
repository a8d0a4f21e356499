"""How many answers the judge takes a second, against a plain loop that parses and verifies each with math-verify.

20,000 answers to the problems of math500 in cyclic packs of nine: 70 % are the gold, most of them written in another
way, the others another problem's gold. The plain loop is one process, as people write it, timed on 2,000 of them.
Wants the folder of benchmark files: `python benchmarks/judging.py DATA_DIR`, else $REST_BENCH_DATA.
"""

import logging
import os
import random
import re
import resource
import sys
import time
from collections.abc import Callable, Sequence
from itertools import cycle, islice
from pathlib import Path
from typing import NamedTuple

from rest_bench.packing import make_packs
from rest_bench.scoring import Judge, Question
from rest_bench.tasks import load_task

N_ANSWERS = 20_000
N_PLAIN = 2_000
CHUNK = 256 * 9
"""Questions handed to the judge at once, as scoring a run does."""
LEVEL = 9
SHARE_EQUAL = 0.7
WORKERS = 2


class Item(NamedTuple):
    """A question and its true verdict."""

    question: Question
    is_equal: bool


def swap_terms(text: str) -> str:
    """Write a sum of two or more plain terms in another order: `x^2 + 2x` as `2x + x^2`."""
    terms = re.split(r" ?\+ ?", text)
    plain = len(terms) > 1 and not re.search(r"[-=(){},<>&]", text)
    return " + ".join(reversed(terms)) if plain else text


RESTYLES: tuple[Callable[[str], str], ...] = (
    lambda text: text,
    lambda text: text.replace(r"\frac", r"\dfrac"),
    lambda text: f" {text}.",
    lambda text: rf"\displaystyle {text}",
    lambda text: rf"\boxed{{{text}}}",
    lambda text: text.replace(" ", ""),
    lambda text: text.replace("-", "−").replace(r"\pi", "π"),
    lambda text: re.sub(r"^\\frac\{(\d+)\}\{(\d+)\}$", r"\1/\2", text),
    lambda text: f"{text}.0" if re.fullmatch(r"-?\d+", text) else text,
    lambda text: f"x = {text}" if re.fullmatch(r"-?\d+", text) else text,
    swap_terms,
)
"""Ways in which models write a value; each leaves alone what it does not suit."""
SKELETON = re.compile(r"\\(?:text|mbox)\{[^}]*\}(?:\^\d)?|\^\\circ|x=|_\{?\d+\}?|\\[a-zA-Z]+|[^0-9A-Za-z]")


def skeleton(gold: str) -> str:
    """Return letters and digits without order: golds that share them are not used as wrong answers to each other."""
    return "".join(sorted(SKELETON.sub("", gold) or gold))


def make_items(data_dir: Path) -> list[Item]:
    task = load_task("math500", data_dir)
    rng = random.Random(0)
    golds = [problem.gold for problem in task.problems]
    slots = (problem for pack in cycle(make_packs(task, LEVEL)) for problem in pack.problems)
    items = []
    for problem in islice(slots, N_ANSWERS):
        is_equal = rng.random() < SHARE_EQUAL
        value = problem.gold
        while not is_equal and skeleton(value) == skeleton(problem.gold):
            value = rng.choice(golds)
        items.append(Item(Question("math", problem.gold, rng.choice(RESTYLES)(value)), is_equal))
    return items


class Cost(NamedTuple):
    """What some work took: by the clock, and of all processors together."""

    wall_s: float
    cpu_s: float

    @classmethod
    def now(cls) -> "Cost":
        """Return the costs of this process so far, with those of its processes that have ended."""
        usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return cls(time.perf_counter(), sum(usage.ru_utime + usage.ru_stime for usage in usages))

    def since(self, began: "Cost") -> "Cost":
        """Return what was spent between two moments."""
        return Cost(self.wall_s - began.wall_s, self.cpu_s - began.cpu_s)


def judge_all(items: Sequence[Item]) -> tuple[list[bool], Cost]:
    began = Cost.now()
    verdicts: list[bool] = []
    with Judge(workers=WORKERS) as judge:
        for start in range(0, len(items), CHUNK):
            chunk = judge.judge([item.question for item in items[start : start + CHUNK]])
            verdicts += [verdict == "correct" for verdict in chunk]
    return verdicts, Cost.now().since(began)


def verify_all(items: Sequence[Item]) -> tuple[list[bool], Cost]:
    from math_verify import parse, verify

    logging.disable(logging.ERROR)  # it logs what it cannot parse
    began = Cost.now()
    verdicts = [
        verify(parse(rf"\boxed{{{question.gold}}}"), parse(rf"\boxed{{{question.answer}}}")) for question, _ in items
    ]
    return verdicts, Cost.now().since(began)


def count_wrong(items: Sequence[Item], verdicts: Sequence[bool]) -> str:
    pairs = [(item.is_equal, verdict) for item, verdict in zip(items, verdicts, strict=True)]
    return f"{pairs.count((True, False))} refused, {pairs.count((False, True))} accepted wrongly"


def main() -> None:
    shared = Path(__file__).parents[2] / "shared" / "data" / "rest"
    data_dir = Path(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("REST_BENCH_DATA", shared))
    if not (data_dir / "math500").is_dir():
        print(f"judging: no math500 in {data_dir}; give its folder as an argument")
        return
    items = make_items(data_dir)
    sample = random.Random(1).sample(range(len(items)), N_PLAIN)
    some = [items[place] for place in sample]
    own, cost = judge_all(items)
    plain, plain_cost = verify_all(some)
    times = len(items) / len(some)
    print(
        f"judging: {len(items)} answers in {cost.wall_s:.1f} s ({cost.cpu_s:.1f} s of CPU, {WORKERS} workers), plain "
        f"math-verify {len(some)} in {plain_cost.wall_s:.1f} s ({plain_cost.cpu_s:.1f} s of CPU), ratio "
        f"{times * plain_cost.wall_s / cost.wall_s:.1f} ({times * plain_cost.cpu_s / cost.cpu_s:.1f} of CPU)"
    )
    print(
        f"judging: wrong verdicts: {count_wrong(items, own)} of {len(items)}; on the plain loop's {len(some)}: "
        f"{count_wrong(some, [own[place] for place in sample])}, plain {count_wrong(some, plain)}"
    )


if __name__ == "__main__":
    main()
