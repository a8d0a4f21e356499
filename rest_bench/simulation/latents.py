"""What is drawn for each slot before anything is known of the budget (metrics.md section 10, steps 1 to 3, 6 and 7)."""

import math
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rest_bench.schema import Pack, Problem
from rest_bench.simulation.draws import logistic, to_exponential, to_normal, uniforms
from rest_bench.simulation.parameters import SimulatorParameters

LAG_ONE = 0.7
"""Share of the swaps that report the gold of the question before."""
FARTHEST_WRONG = 99
"""How far a wrong number lies from the gold at most."""
WRONG_EXPRESSIONS = range(100_000, 1_000_000)
"""Wrong answers to a problem whose gold is no whole number."""
LEAST_WORK = 12
"""Tokens of thinking, besides the result itself, that any solution has."""

STREAMS = (
    "omission",
    "silence",
    "loop",
    "first",
    "extra",
    "revisit",
    "right",
    "wrong",
    "swap",
    "lag",
    "source",
    "summary",
)
"""One for each latent of a slot: another value of one parameter leaves all other draws as they were."""

_WHOLE_NUMBER = re.compile(r"[+-]?\d{1,15}")


class Latents(NamedTuple):
    """What is drawn for one slot."""

    difficulty: float
    """b."""
    predecessor_difficulty: float
    """Mean over the positions before; 0 at position 1."""
    response_effect: float
    """u: the same for all slots of a response."""
    probability: float
    """Of a right result, given the three above."""
    omitted: bool
    silent: bool
    """Left out without a line in the answer."""
    loops: bool
    first_tokens: int
    """S: thinking up to the end of the first solution."""
    extra_tokens: int
    """S E: thinking that follows it."""
    revisits: bool
    """The extra tokens come behind the thinking about the next question."""
    right: bool
    """The result in the thinking is the gold."""
    result: str
    """The result in the thinking."""
    swapped_from: int | None
    """The position whose gold is reported instead of the result."""
    summary_error: bool
    reported: str
    """What the answer says, where it comes to that."""


def difficulty_of(seed: int, problem_id: str, sd: float) -> float:
    """Return the difficulty of a problem, normal around 0; the same in every pack of a run.

    Args:
        seed: of the run.
        problem_id: of the problem.
        sd: spread over the problems.
    """
    return sd * to_normal(uniforms(1, "difficulty", seed, problem_id)[0])


def draw_latents(pack: Pack, parameters: SimulatorParameters) -> tuple[Latents, ...]:
    """Return the latents of each slot of a pack, by position.

    Args:
        pack: of integer, math or choice problems.
        parameters: of the reasoner.
    """
    effect = parameters.response_sd * to_normal(uniforms(1, pack.pack_id, "response")[0])
    difficulties = [difficulty_of(pack.seed, problem.id, parameters.difficulty_sd) for problem in pack.problems]
    columns = [uniforms(pack.level, pack.pack_id, name) for name in STREAMS]
    return tuple(
        _draw_slot(
            pack,
            position,
            {**dict(zip(STREAMS, row, strict=True)), "u": effect},
            difficulties[:position],
            parameters,
        )
        for position, row in enumerate(zip(*columns, strict=True), start=1)
    )


def _draw_slot(
    pack: Pack,
    position: int,
    drawn: Mapping[str, float],
    difficulties: Sequence[float],
    parameters: SimulatorParameters,
) -> Latents:
    *before, difficulty = difficulties
    predecessor_difficulty = sum(before) / len(before) if before else 0.0
    log_odds = _log_odds(parameters, position, pack.level)
    log_odds += drawn["u"] - difficulty - parameters.predecessor_effect * predecessor_difficulty
    probability = logistic(log_odds)
    right = drawn["right"] < probability
    problem = pack.problems[position - 1]
    wrong = _wrong_answer(problem, drawn["wrong"])
    result = problem.gold if right else wrong
    swapped_from = _swap_source(pack.level, position, drawn, parameters.swap_rate)
    summary_error = right and swapped_from is None and drawn["summary"] < parameters.summary_error_rate
    omitted = drawn["omission"] < _omission_chance(parameters, position)
    first_tokens = _first_tokens(parameters, difficulty, pack.level, drawn["first"], len(result.split()))
    mean_extra = parameters.overthinking * (parameters.first_overthinking if position == 1 else 1.0)
    return Latents(
        difficulty=difficulty,
        predecessor_difficulty=predecessor_difficulty,
        response_effect=drawn["u"],
        probability=probability,
        omitted=omitted,
        silent=omitted and drawn["silence"] < parameters.silent_omission,
        loops=not omitted and drawn["loop"] < parameters.loop_rate,
        first_tokens=first_tokens,
        extra_tokens=round(first_tokens * to_exponential(drawn["extra"], mean_extra)),
        revisits=drawn["revisit"] < parameters.revisit_rate,
        right=right,
        result=result,
        swapped_from=swapped_from,
        summary_error=summary_error,
        reported=_reported(pack, result, wrong, swapped_from, summary_error),
    )


def _log_odds(parameters: SimulatorParameters, position: int, level: int) -> float:
    """Return the log-odds of a right result where all problems are of average difficulty."""
    place = (position - 1) / (level - 1) if level > 1 else 0.0
    return parameters.ability - parameters.position_effect * place - parameters.load_effect * (level - 1)


def _omission_chance(parameters: SimulatorParameters, position: int) -> float:
    return logistic(parameters.omission + parameters.omission_by_position * (position - 1)) if position > 1 else 0.0


def _first_tokens(
    parameters: SimulatorParameters, difficulty: float, level: int, uniform: float, result_tokens: int
) -> int:
    log_tokens = parameters.log_tokens + parameters.log_tokens_by_difficulty * difficulty
    log_tokens += parameters.log_tokens_sd * to_normal(uniform) - parameters.compression * math.log(level)
    return max(round(math.exp(log_tokens)), LEAST_WORK + result_tokens)


def _swap_source(level: int, position: int, drawn: Mapping[str, float], swap_rate: float) -> int | None:
    if level == 1 or drawn["swap"] >= swap_rate:
        return None
    if position > 1 and drawn["lag"] < LAG_ONE:
        return position - 1
    others = [other for other in range(1, level + 1) if other != position]
    return others[int(drawn["source"] * len(others))]


def _reported(pack: Pack, result: str, wrong: str, swapped_from: int | None, summary_error: bool) -> str:
    if swapped_from is not None:
        return pack.problems[swapped_from - 1].gold
    return wrong if summary_error else result


def _wrong_answer(problem: Problem, uniform: float) -> str:
    """Return an answer that is not the gold: another letter, a number near it, or any number where it is none."""
    if problem.answer_type == "choice":
        letters = [option.letter for option in problem.options if option.letter != problem.gold]
        return letters[int(uniform * len(letters))] if letters else "Z"
    if _WHOLE_NUMBER.fullmatch(problem.gold):
        step = 1 + int(uniform * 2 * FARTHEST_WRONG)
        return str(int(problem.gold) + (step if step <= FARTHEST_WRONG else FARTHEST_WRONG - step))
    return str(WRONG_EXPRESSIONS[int(uniform * len(WRONG_EXPRESSIONS))])
