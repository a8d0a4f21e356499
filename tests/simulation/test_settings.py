from rest_bench.simulation import SimulatorParameters
from rest_bench.simulation.settings import SimulationSettings


def test_the_reasoner_and_the_problems_are_parts_of_the_settings() -> None:
    settings = SimulationSettings(ability=2.0, problems=7, seed=4, exam_order=True, difficulty_sd=3.0)
    assert settings.parameters == SimulatorParameters(ability=2.0, difficulty_sd=3.0)
    assert settings.task == (7, "integer", True, 4, 3.0)


def test_every_setting_is_explained() -> None:
    assert all(field.description for field in SimulationSettings.model_fields.values())
