import pytest

from rest_bench.errors import ConfigError
from rest_bench.simulation.parameters import (
    SimulatorParameters,
    parameters_of,
    read_parameters,
    revision_of,
    write_parameters,
)


def test_the_defaults_are_those_of_the_definition() -> None:
    parameters = SimulatorParameters()
    assert (parameters.ability, parameters.position_effect, parameters.load_effect) == (0.5, 1, 0.1)
    assert (parameters.predecessor_effect, parameters.response_sd) == (0, 0.5)
    assert (parameters.overthinking, parameters.first_overthinking, parameters.compression) == (0.8, 2, 0.3)
    assert (parameters.omission, parameters.omission_by_position, parameters.silent_omission) == (-4, 0.8, 0.5)
    assert (parameters.loop_rate, parameters.swap_rate, parameters.summary_error_rate) == (0.01, 0.02, 0.02)


def test_parameters_survive_writing_and_reading() -> None:
    parameters = SimulatorParameters(ability=2.0, answers="inline")
    assert read_parameters(write_parameters(parameters)) == parameters
    assert parameters_of(revision_of(parameters)) == parameters
    assert revision_of(parameters) == '{"ability": 2.0, "answers": "inline", "version": 1}'


def test_another_value_is_another_revision() -> None:
    assert revision_of(SimulatorParameters()) != revision_of(SimulatorParameters(swap_rate=0.03))
    assert revision_of(SimulatorParameters(swap_rate=0.02)) == revision_of(SimulatorParameters())


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"speed": 3}', "--simulator-parameters, speed: no such parameter"),
        ('{"swap_rate": 3}', "--simulator-parameters, swap_rate: input should be less than or equal to 1"),
        ('{"answers": "nowhere"}', "--simulator-parameters, answers: input should be 'summary' or 'inline'"),
        ("[]", "--simulator-parameters, all: "),
    ],
)
def test_a_fault_is_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_parameters(text)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_truth_of_another_version_is_not_known() -> None:
    with pytest.raises(ConfigError, match="another version"):
        parameters_of('{"version": 0}')
