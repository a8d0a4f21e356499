"""Named reasoners in which one thing is wrong, and everything at once: the table of metrics.md section 10."""

from collections.abc import Mapping
from typing import NamedTuple

from rest_bench.schema import DesignName
from rest_bench.simulation.parameters import NEVER, SimulatorParameters

PLENTY = 1_000_000
"""A budget that no response without a loop comes near."""
SHORT_LOG_TOKENS = 5.0
"""About 150 tokens to a first solution: the scenarios need no long texts."""


class Scenario(NamedTuple):
    """A reasoner, and how it is asked."""

    parameters: SimulatorParameters
    max_tokens: int
    design: DesignName
    about: str
    """What is not null in it."""


NULL = SimulatorParameters(
    position_effect=0.0,
    load_effect=0.0,
    response_sd=0.0,
    log_tokens=SHORT_LOG_TOKENS,
    overthinking=0.0,
    first_overthinking=1.0,
    compression=0.0,
    omission=NEVER,
    omission_by_position=0.0,
    loop_rate=0.0,
    swap_rate=0.0,
    summary_error_rate=0.0,
    revisit_rate=0.0,
    mention_rate=1.0,
)
"""Nothing but the ability and the difficulties."""


def _scenario(about: str, max_tokens: int = PLENTY, design: DesignName = "cyclic", **changed: float | str) -> Scenario:
    return Scenario(NULL.model_copy(update=changed), max_tokens, design, about)


SCENARIOS: Mapping[str, Scenario] = {
    "default": Scenario(SimulatorParameters(), 20_000, "cyclic", "everything"),
    "null": _scenario("nothing"),
    "position": _scenario("a later position is harder", position_effect=1.0),
    "budget": _scenario("the budget ends before the last questions", 620, answers="inline"),
    "interference": _scenario("hard predecessors hurt", design="shuffled", predecessor_effect=0.5),
    "load": _scenario("a fuller prompt is harder", load_effect=0.1),
    "swap": _scenario("answers are mixed up", swap_rate=0.1),
    "omission": _scenario("questions are left out", omission=-4.0, omission_by_position=0.8, silent_omission=0.5),
    "truncation": _scenario("the budget ends before the answers", 1100),
    "loop": _scenario("thinking falls into endless repetitions", 4000, loop_rate=0.03, answers="inline"),
    "overthinking": _scenario(
        "thinking goes on, most of all about the first", overthinking=0.8, first_overthinking=2.0
    ),
    "unnamed": _scenario("the thinking names half of its questions", mention_rate=0.5),
    "returns": _scenario("the thinking comes back to questions", revisit_rate=0.5, overthinking=0.8),
    "correlation": _scenario("answers of one response have something in common", response_sd=1.0),
    "easy-first": _scenario("hard predecessors hurt, easy ones first", design="easy-first", predecessor_effect=0.5),
    "hard-first": _scenario("hard predecessors hurt, hard ones first", design="hard-first", predecessor_effect=0.5),
}
"""By name; numbers are those of section 10 where it gives them."""
