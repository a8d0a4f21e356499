"""How often 95 % intervals hold the truth, by what they take for independent: the table of metrics.md 8.2.

Made-up runs of a cyclic design with known chances, new questions each time. `python benchmarks/interval_coverage.py`
prints, for each scenario, the share of 400 runs whose interval holds the mean over all questions there could be.
"""

from typing import NamedTuple

import numpy

from rest_bench.metrics.clusters import hac_se, one_way_se, slot_se, two_way_se
from rest_bench.metrics.intervals import normal_quantile, t_quantile

N_RUNS = 400
N_FOR_TRUTH = 200_000
ABILITY, SPREAD_OF_DIFFICULTY, POSITION_EFFECT, LOAD = 0.5, 1.2, 1.0, 0.1

Numbers = numpy.typing.NDArray[numpy.float64]


class Scenario(NamedTuple):
    """A run: questions, level, repeats, and what ties slots together."""

    title: str
    n_questions: int
    level: int
    repeats: int
    response_effect: float = 0.0
    """SD of what all slots of a response share, in logits."""
    interference: float = 0.0
    """Logits lost for each one that the questions before are harder on average."""


SCENARIOS = (
    Scenario("N=40 s=5 R=8, nothing shared", 40, 5, 8),
    Scenario("  and a response effect of 1", 40, 5, 8, response_effect=1.0),
    Scenario("  and neighbours, gamma .5", 40, 5, 8, response_effect=1.0, interference=0.5),
    Scenario("N=500 s=9 R=1, neighbours, gamma .3", 500, 9, 1, interference=0.3),
)


class Coverage(NamedTuple):
    """Share of the intervals that hold the truth."""

    naive: float
    question: float
    two_way: float
    hac: float


def chances(scenario: Scenario, generator: numpy.random.Generator) -> tuple[Numbers, numpy.typing.NDArray[numpy.int64]]:
    """Return the chance of each slot to be right, by prompt, repeat and position, and the question of each slot."""
    n, level = scenario.n_questions, scenario.level
    steps = numpy.array([*range(1, level), 0])  # prompt i holds i+1, ..., i+s-1 and then i
    question = (numpy.arange(n)[:, None] + steps) % n
    difficulty = generator.normal(0, SPREAD_OF_DIFFICULTY, n)[question]
    before = numpy.cumsum(difficulty, axis=1) - difficulty
    before /= numpy.maximum(1, numpy.arange(level))
    place = numpy.arange(level) / max(1, level - 1)
    logits = ABILITY - difficulty - POSITION_EFFECT * place - LOAD * (level - 1) - scenario.interference * before
    shared = generator.normal(0, scenario.response_effect, (n, scenario.repeats, 1))
    return 1 / (1 + numpy.exp(-(logits[:, None, :] + shared))), question


def coverage(scenario: Scenario, n_runs: int = N_RUNS, seed: int = 0) -> Coverage:
    """Return how often each kind of interval holds the mean over all questions there could be."""
    generator = numpy.random.default_rng(seed)
    truth = chances(scenario._replace(n_questions=N_FOR_TRUTH, repeats=1), generator)[0].mean()
    n, level = scenario.n_questions, scenario.level
    shape = (n, scenario.repeats, level)
    prompt = numpy.broadcast_to(numpy.arange(n)[:, None, None], shape).ravel()
    t, z = t_quantile(n), normal_quantile()
    held = numpy.zeros((n_runs, len(Coverage._fields)), dtype=bool)
    for run in range(n_runs):
        chance, asked = chances(scenario, generator)
        correct = (generator.random(shape) < chance).astype(float).ravel()
        question = numpy.broadcast_to(asked[:, None, :], shape).ravel()
        effects = numpy.bincount(question, weights=correct - correct.mean()) / len(correct)
        half_widths = (
            z * (slot_se(correct) or 0),
            t * (one_way_se(correct, question) or 0),
            t * (two_way_se(correct, question, prompt) or 0),
            t * (hac_se(effects, level - 1) or 0),
        )
        held[run] = abs(correct.mean() - truth) <= numpy.array(half_widths)
    return Coverage(*(float(share) for share in held.mean(axis=0)))


def main() -> None:
    print(f"{'share of 95 % intervals that hold the truth':46}" + "".join(f"{name:>10}" for name in Coverage._fields))
    for scenario in SCENARIOS:
        print(f"{scenario.title:46}" + "".join(f"{share:10.1%}" for share in coverage(scenario)))


if __name__ == "__main__":
    main()
