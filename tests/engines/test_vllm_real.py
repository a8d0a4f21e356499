"""SmolLM2-135M-Instruct in real vLLM, beside the same model in transformers (`make test-vllm`)."""

import subprocess
import sys
from pathlib import Path

import pytest

from rest_bench.schema import Response
from rest_bench.store import Run
from tests.models import smollm2_folder

pytestmark = [pytest.mark.vllm, pytest.mark.timeout(1200), pytest.mark.filterwarnings("default")]

MAX_TOKENS = 40


def answered(out: Path, *settings: str) -> tuple[Run, dict[str, Response]]:
    command = [sys.executable, "-m", "rest_bench", "eval", "--model", str(smollm2_folder()), "--out", str(out)]
    command += ["--temperature", "0", "--dtype", "float32", "--levels", "1,3", "--limit", "4"]
    command += ["--max-tokens", str(MAX_TOKENS), *settings]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stderr
    run = Run(out)
    return run, {sample.pack.pack_id: sample.response for sample in run.samples()}


def test_a_public_model_is_the_same_in_vllm_and_in_transformers(tmp_path: Path) -> None:
    here, replies = answered(tmp_path / "vllm", "--engine", "vllm", "--enforce-eager")
    there, expected = answered(tmp_path / "transformers", "--engine", "transformers", "--batch-size", "1")
    assert len(replies) == 8
    assert here.manifest.engine.chat_template_sha256 == there.manifest.engine.chat_template_sha256 is not None
    assert here.manifest.engine.revision == there.manifest.engine.revision is not None
    assert here.manifest.engine.dtype == there.manifest.engine.dtype == "float32"
    for pack_id, reply in replies.items():
        assert reply.prompt_tokens == expected[pack_id].prompt_tokens
        assert sum(reply.line_tokens or ()) == reply.completion_tokens
        assert (reply.completion_tokens == MAX_TOKENS) or reply.finish_reason == "stop"
        assert reply.text.strip()
    # Two libraries add in another order: where two words are almost equally likely, they may choose differently.
    same = [pack_id for pack_id in replies if replies[pack_id].text == expected[pack_id].text]
    assert len(same) >= 6
