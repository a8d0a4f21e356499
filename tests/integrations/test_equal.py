"""One greedy model, asked through our engine, through lm-eval and through inspect_ai: equal to the last slot."""

import json
from pathlib import Path

import pytest

from rest_bench.config import packaged_dir
from rest_bench.store import Run
from tests.integrations.conftest import Harness

pytestmark = [pytest.mark.integrations, pytest.mark.timeout(900)]

NANO = packaged_dir("models") / "rest-nano"
LEVELS, LIMIT, MAX_TOKENS = (4, 6), 24, 800
MODEL_ARGS = f'{{"pretrained": "{NANO}", "dtype": "float32"}}'


@pytest.fixture
def ours(harness: Harness, tmp_path: Path) -> Run:
    levels = ",".join(map(str, LEVELS))
    settings = ("--levels", levels, "--limit", LIMIT, "--temperature", 0, "--max-tokens", MAX_TOKENS)
    harness("rest-bench", "eval", "--model", "rest-nano", "--engine", "transformers", *settings, "--out", "ours")
    return Run(tmp_path / "ours")


def slots(run: Run) -> list[tuple[object, ...]]:
    """Return what was answered in every slot, and how it was judged; the causes of errors take tokens, too."""
    readings = ["answer", "found_by", "correct", "correct_strict", "answer_paper", "correct_paper"]
    columns = ["level", "pack_id", "position", *readings]
    scores = run.scores(columns).sort_values(columns[:3])
    return [tuple(row) for row in scores.itertuples(index=False)]


def assert_equal(run: Run, ours: Run) -> None:
    assert slots(run) == slots(ours)
    for level in map(str, LEVELS):
        theirs, own = (each.summary.tasks["arithmetic"].levels[level] for each in (run, ours))
        assert theirs.position_accuracy == own.position_accuracy
    assert (
        min(ours.summary.tasks["arithmetic"].levels["6"].position_accuracy[:2]) > 0.3
    )  # there is something to compare
    assert ours.summary.tasks["arithmetic"].levels["6"].accuracy.value not in (0, 1)


def test_through_a_task_of_lm_eval(harness: Harness, ours: Run, tmp_path: Path) -> None:
    harness("rest-bench", "lm-eval", "export", "--out", "tasks", "--tasks", "arithmetic", "--limit", LIMIT)
    names = ",".join(f"rest_arithmetic_s{level}" for level in LEVELS)
    greedy = f'{{"temperature": 0, "do_sample": false, "max_gen_toks": {MAX_TOKENS}}}'
    out = harness(
        *("lm_eval", "run", "--model", "hf", "--model_args", MODEL_ARGS, "--batch_size", 24),
        *("--include_path", "tasks", "--tasks", names, "--apply_chat_template", "--gen_kwargs", greedy),
        *("--log_samples", "--output_path", "lm-eval-log"),
    )
    assert "acc_pos6" in out
    harness("rest-bench", "import", "lm-eval", "lm-eval-log", "--out", "theirs")
    assert_equal(Run(tmp_path / "theirs"), ours)
    (results,) = tmp_path.glob("lm-eval-log/*/results_*.json")
    found = json.loads(results.read_text())["results"]
    for level in LEVELS:
        own = ours.summary.tasks["arithmetic"].levels[str(level)].position_accuracy
        positions = range(1, level + 1)
        theirs = [found[f"rest_arithmetic_s{level}"][f"rest_acc_pos{position},none"] for position in positions]
        assert theirs == pytest.approx(own, abs=1e-12)


def test_through_a_model_of_lm_eval(harness: Harness, ours: Run, tmp_path: Path) -> None:
    levels = ",".join(map(str, LEVELS))
    settings = ("--levels", levels, "--limit", LIMIT, "--temperature", 0, "--max-tokens", MAX_TOKENS)
    engine = ("--engine", "lm-eval", "--lm-eval-model", "hf", "--lm-eval-args", '{"dtype": "float32"}')
    out = harness("rest-bench", "eval", "--model", "rest-nano", *engine, *settings, "--out", "theirs")
    assert out.count("hands over text alone") == 1
    assert_equal(Run(tmp_path / "theirs"), ours)


def test_through_inspect(harness: Harness, ours: Run, tmp_path: Path) -> None:
    model = ("--model", "hf/rest-nano", "-M", f"model_path={NANO}", "-M", "device=cpu", "-M", "dtype=float32")
    how = ("-M", "do_sample=false", "--max-tokens", MAX_TOKENS, "--max-connections", 24, "--display", "none")
    for level in LEVELS:
        task = ("rest_bench/arithmetic", "-T", f"level={level}", "-T", f"limit={LIMIT}")
        harness("inspect", "eval", *task, *model, *how, "--log-dir", "logs")
    harness("rest-bench", "import", "inspect", "logs", "--out", "theirs")
    assert_equal(Run(tmp_path / "theirs"), ours)
