import pytest

from rest_bench.simulation.parameters import SimulatorParameters
from rest_bench.simulation.scenarios import NULL, SCENARIOS, SHORT_LOG_TOKENS
from rest_bench.simulation.truth import simulate
from tests.simulation.packs import make_packs

EFFECTS = {"null": set(), "position": {"position_effect"}, "load": {"load_effect"}, "swap": {"swap_rate"}}


@pytest.mark.parametrize(("name", "changed"), EFFECTS.items())
def test_one_thing_is_not_null(name: str, changed: set[str]) -> None:
    own, null = SCENARIOS[name].parameters, NULL
    assert {
        field for field in SimulatorParameters.model_fields if getattr(own, field) != getattr(null, field)
    } == changed


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_parameters_of_a_scenario_are_in_range(name: str) -> None:
    parameters = SCENARIOS[name].parameters
    assert SimulatorParameters.model_validate(parameters.model_dump()) == parameters
    assert name == "default" or parameters.log_tokens == SHORT_LOG_TOKENS


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("budget", "truncated"),
        ("swap", "swapped"),
        ("omission", "omitted"),
        ("truncation", "truncated"),
        ("loop", "repetition"),
    ],
)
def test_a_scenario_shows_what_it_is_about(name: str, outcome: str) -> None:
    scenario = SCENARIOS[name]
    slots = [
        slot
        for pack in make_packs(repeats=3)
        for slot in simulate(pack, scenario.parameters, scenario.max_tokens).slots
    ]
    share = sum(slot.outcome == outcome for slot in slots) / len(slots)
    assert 0.02 < share < 0.6
