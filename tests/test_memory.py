"""What an evaluation holds in memory for each sample: a few numbers and never its text.

Whole processes at ten thousand and a hundred thousand samples are measured by benchmarks/eval_memory.py.
"""

import json
import shutil
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from rest_bench.config import RunConfig
from rest_bench.pipeline import generate, score
from rest_bench.planning import make_plan
from rest_bench.report.progress import Monitor
from rest_bench.scoring import Judge, scores

N_PROBLEMS = 10
SMALL, LARGE = 3, 15
"""Repeats of each problem."""
TEXT_CHARS = 20_000


def config(folder: Path, repeats: int) -> RunConfig:
    responses = folder / f"replies-{repeats}.jsonl"
    settings = {"engine": "replay", "model": "theirs", "responses": responses, "out": folder / f"run-{repeats}"}
    return RunConfig.model_validate({**settings, "levels": (1,), "repeats": repeats, "limit": N_PROBLEMS})


def write_replies(settings: RunConfig) -> None:
    assert settings.responses is not None
    with settings.responses.open("w") as lines:
        for number, sample in enumerate(make_plan(settings).samples()):
            text = f"<think>{number:0{TEXT_CHARS}}</think>\n\\boxed{{{number}}}"
            lines.write(json.dumps({"pack_id": sample.pack.pack_id, "text": text, "finish_reason": "stop"}) + "\n")


def generate_afresh(folder: Path, repeats: int) -> None:
    settings = config(folder, repeats)
    shutil.rmtree(settings.run_dir, ignore_errors=True)
    with Judge() as judge:
        generate(settings, make_plan(settings), Monitor(), judge)


def score_again(folder: Path, repeats: int) -> None:
    score(config(folder, repeats).run_dir)


def bytes_per_sample(work: Callable[[int], None]) -> float:
    """Return by how much the peak grows with each sample; the first call loads what does not grow."""
    work(SMALL)
    peaks = []
    for repeats in (SMALL, LARGE):
        tracemalloc.start()
        try:
            work(repeats)
            peaks.append(tracemalloc.get_traced_memory()[1])
        finally:
            tracemalloc.stop()
    return (peaks[1] - peaks[0]) / ((LARGE - SMALL) * N_PROBLEMS)


def test_no_text_is_kept_from_the_first_sample_to_the_summary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scores, "CHUNK", 8)  # responses that are in memory together
    for repeats in (SMALL, LARGE):
        write_replies(config(tmp_path, repeats))
    assert bytes_per_sample(lambda repeats: generate_afresh(tmp_path, repeats)) < 1_000
    # The rows of scores that wait to be written together are the most of it.
    assert bytes_per_sample(lambda repeats: score_again(tmp_path, repeats)) < TEXT_CHARS / 4
