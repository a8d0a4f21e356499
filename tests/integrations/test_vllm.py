"""vLLM through lm-eval, as a task and as an engine, against our own vLLM engine (`make test-vllm`)."""

from pathlib import Path

import pytest

from rest_bench.config import packaged_dir
from rest_bench.store import Run
from tests.integrations.conftest import Harness

pytestmark = [pytest.mark.vllm, pytest.mark.timeout(1200)]

NANO = packaged_dir("models") / "rest-nano"
LIMIT = 24
ARGUMENTS = '"dtype": "float32", "enforce_eager": true, "gpu_memory_utilization": 0.3'
SETTINGS = ("--levels", "4,6", "--limit", LIMIT, "--temperature", 0, "--max-tokens", 600)


def positions(run: Run) -> dict[str, tuple[float, ...]]:
    levels = run.summary.tasks["arithmetic"].levels
    return {level: found.position_accuracy for level, found in levels.items()}


def test_positions_are_equal_through_lm_eval_and_without_it(harness: Harness, tmp_path: Path) -> None:
    vllm = ("--engine", "vllm", "--dtype", "float32", "--enforce-eager", "--gpu-memory-utilization", 0.3)
    harness("rest-bench", "eval", "--model", "rest-nano", *vllm, *SETTINGS, "--out", "ours")
    ours = positions(Run(tmp_path / "ours"))
    assert 0 < sum(ours["6"]) < 6

    engine = ("--engine", "lm-eval", "--lm-eval-model", "vllm", "--lm-eval-args", f"{{{ARGUMENTS}}}")
    harness("rest-bench", "eval", "--model", "rest-nano", *engine, *SETTINGS, "--out", "engine")
    assert positions(Run(tmp_path / "engine")) == ours

    harness("rest-bench", "lm-eval", "export", "--out", "tasks", "--tasks", "arithmetic", "--limit", LIMIT)
    harness(
        *("lm_eval", "run", "--model", "vllm", "--batch_size", "auto", "--apply_chat_template"),
        *("--model_args", f'{{"pretrained": "{NANO}", "max_model_len": 1024, {ARGUMENTS}}}'),
        *("--include_path", "tasks", "--tasks", "rest_arithmetic_s4,rest_arithmetic_s6"),
        *("--gen_kwargs", '{"temperature": 0, "do_sample": false, "max_gen_toks": 600}'),
        *("--log_samples", "--output_path", "log"),
    )
    harness("rest-bench", "import", "lm-eval", "log", "--out", "task")
    assert positions(Run(tmp_path / "task")) == ours
