"""The main job with a real model: SmolLM2-135M-Instruct answers packs of gsm8k and arithmetic."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rest_bench.store import Run
from tests.models import smollm2_folder
from tests.shared import shared_file

pytestmark = [pytest.mark.real_model, pytest.mark.timeout(900)]


def command(out: Path, *settings: str) -> list[str]:
    return [
        *(sys.executable, "-m", "rest_bench", "eval", "--model", str(smollm2_folder()), "--out", str(out)),
        *("--temperature", "0", "--batch-size", "2", *settings),
    ]


def test_gsm8k_killed_half_way_goes_on_and_asks_no_sample_twice(tmp_path: Path) -> None:
    data_dir = str(shared_file("data/rest"))
    settings = ("--tasks", "gsm8k", "--data-dir", data_dir, "--levels", "1,3", "--limit", "4", "--max-tokens", "48")
    responses = tmp_path / "killed" / "responses.jsonl"
    process = subprocess.Popen(command(tmp_path / "killed", *settings), stderr=subprocess.DEVNULL)
    until = time.monotonic() + 300
    while time.monotonic() < until and not (responses.exists() and responses.stat().st_size):
        time.sleep(0.05)
    process.kill()
    process.wait()
    n_before = len(responses.read_bytes().splitlines())
    assert 1 <= n_before < 8
    subprocess.run(command(tmp_path / "killed", *settings), check=True, capture_output=True, timeout=600)
    lines = [json.loads(line) for line in responses.read_text().splitlines()]
    assert len({line["sample_id"] for line in lines}) == len(lines) == 8
    assert all(sum(line["line_tokens"]) == line["completion_tokens"] for line in lines)
    run = Run(tmp_path / "killed")
    assert {level: part.n_slots for level, part in run.summary.tasks["gsm8k"].levels.items()} == {"1": 4, "3": 12}
    assert len(run.manifest.invocations) == 2


def test_arithmetic_is_answered_judged_and_counted(tmp_path: Path) -> None:
    """So small a model puts no answer into a box: what is tested is that its real text goes through the whole line."""
    settings = ("--levels", "1,2", "--limit", "12", "--max-tokens", "64", "--batch-size", "12")
    subprocess.run(command(tmp_path / "run", *settings), check=True, capture_output=True, timeout=800)
    run = Run(tmp_path / "run")
    samples = list(run.samples())
    assert all(sample.response.text.strip() for sample in samples)
    assert {sample.response.finish_reason for sample in samples} <= {"stop", "length"}
    assert all(0 < (sample.response.completion_tokens or 0) <= 64 for sample in samples)
    levels = run.summary.tasks["arithmetic"].levels
    assert {level: part.n_slots for level, part in levels.items()} == {"1": 12, "2": 24}
    for part in levels.values():
        assert part.outcomes["error"] == part.outcomes["ungraded"] == 0.0
        assert sum(part.outcomes.values()) == pytest.approx(1)
