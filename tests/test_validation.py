"""The benchmark that validates the metrics, on runs small enough for every day."""

from types import ModuleType

import pytest

from rest_bench.schema import LevelSummary
from rest_bench.scoring import Judge
from rest_bench.simulation.scenarios import SCENARIOS
from tests.scripts import load_benchmark


@pytest.fixture(scope="module")
def validation() -> ModuleType:
    return load_benchmark("validation")


def test_every_scenario_is_validated_by_metrics_that_exist(validation: ModuleType) -> None:
    assert set(validation.CHECKS) == set(SCENARIOS)
    for checks in validation.CHECKS.values():
        assert {check.metric.partition(".")[0] for check in checks} <= set(LevelSummary.model_fields)


@pytest.mark.parametrize("name", ["position", "swap", "loop"])
def test_estimates_are_near_the_truth_in_small_runs(validation: ModuleType, name: str) -> None:
    with Judge() as judge:
        trials = [
            validation.run_trial(SCENARIOS[name], seed, judge, validation.Size(30, 2), "judged") for seed in range(2)
        ]
    rows = [validation.assess(name, check, trials) for check in validation.CHECKS[name]]
    assert None not in rows
    for row in rows:
        if row.metric.startswith(("accuracy", "outcomes", "swap")):
            assert row.bias == pytest.approx(0, abs=0.06), row.metric


def test_texts_are_read_as_what_they_are(validation: ModuleType) -> None:
    with Judge() as judge:
        trial = validation.run_trial(SCENARIOS["omission"], 0, judge, validation.Size(20, 1), "text")
    reading = validation.assess_reading("omission", [trial])
    assert (reading.n_slots, reading.answers, reading.outcomes, reading.confusions) == (100, 1, 1, "none")
    assert reading.tokens > 0.85
    text = "\n".join(validation.page([], [reading], 0))
    assert "| omission | 100 | 100.00% | 100.00% |" in text
