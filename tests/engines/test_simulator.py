import json
from pathlib import Path

import pytest

from rest_bench.config import RunConfig
from rest_bench.engines.simulator import SimulatorEngine
from rest_bench.errors import ConfigError, EngineError, StoreError
from rest_bench.pipeline import evaluate, merge
from rest_bench.planning import Identity, make_plan
from rest_bench.schema import Prompt, Response
from rest_bench.simulation import parameters_of, simulate
from rest_bench.store import Run
from tests.engines.prompts import make_prompt

SHORT = {"log_tokens": 4.0}


def config_of(**settings: object) -> RunConfig:
    own = {"model": "simulator", "engine": "simulator", "levels": (1, 3), "limit": 12, "max_tokens": 600}
    parameters = {**SHORT, **settings.pop("parameters", {})}  # type: ignore[dict-item]
    return RunConfig.model_validate({**own, **settings, "simulator_parameters": parameters})


def prompts_of(config: RunConfig, engine: SimulatorEngine) -> list[Prompt]:
    samples = make_plan(config).samples()
    return [sample.prompt for sample in Identity(config, engine.info).to_ask(samples, frozenset())]


def respond(config: RunConfig, step: int = 1) -> dict[str, Response]:
    with SimulatorEngine(config) as engine:
        responses = list(engine.generate(prompts_of(config, engine)[::step], config.sampling))
    return {response.sample_id: response for response in responses}


def test_a_response_depends_neither_on_order_nor_on_what_else_is_asked() -> None:
    config = config_of(repeats=2)
    whole = respond(config)
    assert len(whole) == 48
    assert whole == respond(config, step=-1)
    assert respond(config, step=5).items() <= whole.items()


def test_repeats_and_seeds_differ_and_the_difficulty_of_a_problem_does_not() -> None:
    texts = {response.text for response in respond(config_of(repeats=3, levels=(3,))).values()}
    assert len(texts) == 36
    assert not texts & {response.text for response in respond(config_of(levels=(3,), seed=1)).values()}


def test_tokens_are_words() -> None:
    for response in respond(config_of()).values():
        assert response.completion_tokens == len(response.text.split()) <= 600
        assert response.line_tokens is not None
        assert sum(response.line_tokens) == response.completion_tokens


def test_a_run_resumed_or_shared_out_is_the_run_itself(tmp_path: Path) -> None:
    whole = evaluate(config_of(out=tmp_path / "whole"))
    evaluate(config_of(out=tmp_path / "resumed", levels=(3,)))
    resumed = evaluate(config_of(out=tmp_path / "resumed"))
    shards = [tmp_path / name for name in ("one", "two")]
    for index, path in enumerate(shards, start=1):
        evaluate(config_of(out=path, shard=f"{index}/2"))
    merged = merge(shards, tmp_path / "merged").run
    assert whole.summary == resumed.summary == merged.summary


def test_the_truth_of_a_run_is_worked_out_from_its_folder(tmp_path: Path) -> None:
    run = evaluate(config_of(out=tmp_path / "run", parameters={"ability": 2.0}))
    manifest = Run(run.path).manifest
    parameters = parameters_of(manifest.engine.revision or "")
    assert parameters.ability == 2.0
    correct = [
        slot.correct
        for sample in run.samples()
        for slot in simulate(sample.pack, parameters, manifest.sampling.max_tokens).slots
    ]
    assert correct == run.scores()["correct"].tolist()


def test_other_parameters_are_another_run(tmp_path: Path) -> None:
    evaluate(config_of(out=tmp_path / "run", levels=(1,)))
    with pytest.raises(StoreError, match=r'another revision .*"swap_rate": 0\.5'):
        evaluate(config_of(out=tmp_path / "run", levels=(1,), parameters={"swap_rate": 0.5}))


def test_a_prompt_of_another_run_has_no_golds() -> None:
    config = config_of()
    with SimulatorEngine(config) as engine:
        (response,) = engine.generate([make_prompt(1)], config.sampling)
    assert response.finish_reason == "error"
    assert "none of this run" in str(response.error)


def test_programs_are_refused(tmp_path: Path) -> None:
    task = tmp_path / "programs.yaml"
    tests = json.dumps([{"input": "1", "output": "1"}])
    (tmp_path / "programs.jsonl").write_text(json.dumps({"question": "Echo.", "tests": tests}) + "\n")
    task.write_text(
        "{name: programs, title: Programs, answer_type: code, levels: [1], repeats: 1, template: rest_code, source: "
        "{local: {path: programs.jsonl, format: jsonl, question: question, tests: tests}}}"
    )
    with pytest.raises(EngineError, match="task programs wants programs"):
        SimulatorEngine(config_of(tasks=(str(task),), levels=(1,)))


def test_a_wrong_parameter_is_the_users_error() -> None:
    with pytest.raises(ConfigError, match="swap_rate"):
        SimulatorEngine(config_of(parameters={"swap_rate": 2}))
