"""Checkpoints evaluated while a model is trained, with the training of the bundled model for a few steps."""

import json
import random
from contextlib import suppress
from functools import partial
from pathlib import Path

import numpy
import pytest
import torch

from models.train_rest_nano.train import Settings, evaluating, train
from rest_bench.config import RunConfig
from rest_bench.engines import ENGINES
from rest_bench.errors import ConfigError
from rest_bench.integrations.training import CheckpointEvaluator, keeping_random_state, trainer_callback
from rest_bench.store import Run
from tests import scripted


@pytest.fixture
def config(monkeypatch: pytest.MonkeyPatch) -> RunConfig:
    """Settings whose engine needs no model: it answers by the last part of the model's name."""
    monkeypatch.setitem(ENGINES, scripted.NAME, scripted.TARGET)
    monkeypatch.setattr(scripted.ScriptedEngine, "__init__", _by_folder(scripted.ScriptedEngine.__init__))
    return RunConfig(model="set for each step", engine=scripted.NAME, levels=(1, 2), limit=3, temperature=0)


def _by_folder(init: object) -> object:
    def made(self: object, config: RunConfig, longest_prompts: object = tuple) -> None:
        words = (Path(config.model) / "words").read_text()
        assert callable(init)
        init(self, config.model_copy(update={"model": words}), longest_prompts)

    return made


def save(folder: Path, words: str = "right-to-1") -> None:
    folder.mkdir(parents=True)
    (folder / "words").write_text(words)


def test_a_model_is_evaluated_at_the_multiples_of_a_number(config: RunConfig, tmp_path: Path) -> None:
    seen: list[tuple[int, float | None]] = []

    def log(run: Run, step: int) -> None:
        seen.append((step, run.summary.tasks["arithmetic"].levels["2"].accuracy.value))

    evaluator = CheckpointEvaluator(config, tmp_path, every_n_steps=3, log=log)
    runs = [evaluator(step, partial(save, words=f"right-to-{step // 3}")) for step in range(8)]
    assert [run is not None for run in runs] == [False, False, False, True, False, False, True, False]
    assert seen == [(3, 0.5), (6, 1.0)]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["step-000003", "step-000006"]


def test_a_training_started_again_goes_on_with_its_runs(config: RunConfig, tmp_path: Path) -> None:
    evaluator = CheckpointEvaluator(config, tmp_path, every_n_steps=1)
    first = evaluator(1, save)
    assert first is not None
    before = (first.path / "responses.jsonl").read_bytes()
    again = CheckpointEvaluator(config, tmp_path, every_n_steps=1)(1, lambda _folder: None)
    assert again is not None
    assert (again.path / "responses.jsonl").read_bytes() == before
    assert len(again.manifest.invocations) == 2


def test_an_evaluation_draws_no_random_number_of_the_training(config: RunConfig, tmp_path: Path) -> None:
    def draw() -> tuple[float, float, float]:
        return random.random(), float(numpy.random.random()), float(torch.rand(1))

    random.seed(1), numpy.random.seed(1), torch.manual_seed(1)
    expected = draw()
    random.seed(1), numpy.random.seed(1), torch.manual_seed(1)
    with keeping_random_state():
        assert draw() == expected
        torch.manual_seed(5)
    CheckpointEvaluator(config, tmp_path, every_n_steps=1)(1, save)
    assert draw() == expected


def test_the_state_is_given_back_after_a_fault() -> None:
    random.seed(1)
    expected = random.random()
    random.seed(1)
    with suppress(KeyError), keeping_random_state():
        random.seed(9)
        raise KeyError
    assert random.random() == expected


def test_a_number_of_steps_that_makes_no_sense_is_refused(config: RunConfig, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="every_n_steps 0: must be 1 or more"):
        CheckpointEvaluator(config, tmp_path, every_n_steps=0)


def test_a_trainer_has_its_checkpoints_evaluated_on_one_process_only(config: RunConfig, tmp_path: Path) -> None:
    from transformers import TrainerControl, TrainerState, TrainingArguments

    steps: list[int] = []
    callback = trainer_callback(config, log=lambda _run, step: steps.append(step), every_n_saves=2)
    args = TrainingArguments(str(tmp_path), report_to=[], use_cpu=True)
    for step in (5, 10, 15, 20):
        save(tmp_path / f"checkpoint-{step}")
        callback.on_save(args, TrainerState(global_step=step, is_world_process_zero=step != 20), TrainerControl())
    assert steps == [10]
    assert Run(tmp_path / "checkpoint-10" / "rest-bench").summary.tasks["arithmetic"].single.value == 1.0


@pytest.mark.integrations
def test_the_bundled_models_training_leaves_a_curve(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = Settings(seed=0, n_steps=4, questions_per_step=8, peak_rate=2e-3, warmup_steps=1)
    train(settings, tmp_path / "watched", "cpu", evaluating(tmp_path / "watched", 2, limit=4))
    train(settings, tmp_path / "alone", "cpu")
    lines = [json.loads(line) for line in (tmp_path / "watched/evaluations/metrics.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines] == [2, 4]
    assert "step 4  accuracy by level" in capsys.readouterr().out
    watched, alone = (tmp_path / name / "model.safetensors" for name in ("watched", "alone"))
    assert watched.read_bytes() == alone.read_bytes()  # looking on changed nothing
