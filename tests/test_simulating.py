import json
from pathlib import Path

import pytest

from rest_bench.errors import ConfigError, StoreError
from rest_bench.pipeline import evaluate
from rest_bench.simulating import Comparison, compare, make_settings, prepare, true_summary, write_latents
from rest_bench.store import Run
from tests.records import make_manifest

SMALL = {"problems": 15, "repeats": 2, "levels": (1, 3)}


def run_of(path: Path, **settings: object) -> Run:
    return evaluate(prepare(make_settings({**SMALL, "out": path / "run", **settings})))


def differences(run: Run) -> dict[str, float]:
    """Return how far each metric is from its truth, by level and name; the larger of levels."""
    found: dict[str, float] = {}
    for each in compare(true_summary(run), run.summary):
        assert each.true is not None
        assert each.measured is not None
        found[each.metric] = max(found.get(each.metric, 0.0), abs(each.true - each.measured))
    return found


@pytest.mark.parametrize("scenario", ["swap", "omission", "truncation", "loop"])
def test_what_is_measured_on_texts_is_true(tmp_path: Path, scenario: str) -> None:
    found = differences(run_of(tmp_path, scenario=scenario))
    for name, difference in found.items():
        if name.startswith(("accuracy", "outcomes", "position_accuracy", "truncation", "completion", "all_correct")):
            assert difference == pytest.approx(0, abs=0.012 if name.startswith("outcomes") else 1e-9), name


def test_a_scenario_gives_way_to_what_is_given(tmp_path: Path) -> None:
    run_file = tmp_path / "run.yaml"
    run_file.write_text("scenario: budget\nload-effect: 0.5\n")
    settings = make_settings({"max_tokens": 700}, run_file)
    assert (settings.max_tokens, settings.answers, settings.load_effect) == (700, "inline", 0.5)
    assert settings.position_effect == 0
    assert make_settings({}).position_effect == 1


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"scenario": "rain"}, "--scenario rain: no such scenario; choose one of default, null, "),
        ({"swap_rate": 2}, "--swap-rate: input should be less than or equal to 1 (it is 2)"),
    ],
)
def test_a_wrong_setting_is_one_sentence(given: dict[str, object], sentence: str) -> None:
    with pytest.raises(ConfigError) as caught:
        make_settings(given)
    assert sentence in str(caught.value)


def test_any_task_may_be_asked(tmp_path: Path) -> None:
    config = prepare(make_settings({"tasks": ("arithmetic",), "out": tmp_path / "run", "problems": 5}))
    assert config.tasks == ("arithmetic",)
    assert not (tmp_path / "run").exists()


def test_what_is_true_of_every_slot_is_written_for_people(tmp_path: Path) -> None:
    run = run_of(tmp_path)
    write_latents(run, tmp_path / "latents.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "latents.jsonl").read_text().splitlines()]
    scores = run.scores()
    assert [(row["pack_id"], row["position"], row["correct"]) for row in rows] == list(
        zip(scores["pack_id"], scores["position"], scores["correct"], strict=True)
    )
    assert {"difficulty", "probability", "first_tokens", "outcome", "swapped_from"} <= set(rows[0])
    with pytest.raises(StoreError, match=r"--latents .*: cannot be written"):
        write_latents(run, tmp_path / "no" / "latents.jsonl")


def test_of_another_run_nothing_is_known_to_be_true(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(make_manifest().model_dump_json())
    with pytest.raises(ConfigError, match="was not simulated"):
        true_summary(Run(tmp_path))


def test_a_comparison_is_a_row_of_a_table() -> None:
    row = Comparison("t", "3", "accuracy", 0.5, 0.25, (0.1, 0.4)).as_text()
    assert row == ("t", "3", "accuracy", "0.500", "0.250", "0.100 to 0.400")
    assert Comparison("t", "3", "thinking_tokens: 1", None, 1234.5, None).as_text()[3:] == ("–", "1,234.5", None)
