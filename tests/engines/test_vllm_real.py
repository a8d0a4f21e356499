"""SmolLM2-135M-Instruct in real vLLM, beside the same model in transformers (`make test-vllm`)."""

import subprocess
import sys
from pathlib import Path

import pytest

from rest_bench.config import packaged_dir
from rest_bench.schema import Response
from rest_bench.store import Run
from tests.models import make_adapter, smollm2_folder

pytestmark = [pytest.mark.vllm, pytest.mark.timeout(1200), pytest.mark.filterwarnings("default")]

MAX_TOKENS = 40


def answered(out: Path, *settings: str, model: Path | None = None) -> tuple[Run, dict[str, Response]]:
    command = [sys.executable, "-m", "rest_bench", "eval", "--model", str(model or smollm2_folder()), "--out", str(out)]
    command += ["--temperature", "0", "--dtype", "float32", "--levels", "1,3", "--limit", "4"]
    command += ["--max-tokens", str(MAX_TOKENS), *settings]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
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


def test_an_adapter_is_the_same_in_vllm_and_in_transformers(tmp_path: Path) -> None:
    base = packaged_dir("models") / "rest-nano"
    adapter = make_adapter(tmp_path / "adapter", base)
    here, replies = answered(tmp_path / "vllm", "--engine", "vllm", "--enforce-eager", model=adapter)
    there, expected = answered(tmp_path / "transformers", "--engine", "transformers", model=adapter)
    _, of_base = answered(tmp_path / "base", "--engine", "transformers", model=base)
    assert here.manifest.engine.adapter == there.manifest.engine.adapter is not None
    same = [pack_id for pack_id in replies if replies[pack_id].text == expected[pack_id].text]
    assert len(same) >= 6
    assert sum(replies[pack_id].text == of_base[pack_id].text for pack_id in replies) <= 2


def test_what_vllm_itself_refuses_of_an_adapter_is_one_sentence(tmp_path: Path) -> None:
    adapter = make_adapter(tmp_path / "adapter", packaged_dir("models") / "rest-nano", use_dora=True)
    command = [sys.executable, "-m", "rest_bench", "eval", "--model", str(adapter), "--engine", "vllm"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, cwd=tmp_path)
    assert done.returncode == 2
    assert f"--model {adapter}: vLLM refuses it (ValueError: vLLM does not yet support DoRA.)" in done.stderr


def test_an_adapter_that_was_never_trained_is_not_taken_for_one(tmp_path: Path) -> None:
    adapter = make_adapter(tmp_path / "adapter", packaged_dir("models") / "rest-nano", scale=0.0)
    command = [sys.executable, "-m", "rest_bench", "eval", "--model", str(adapter), "--engine", "vllm"]
    command += ["--enforce-eager", "--limit", "2", "--levels", "1", "--max-tokens", "5"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, cwd=tmp_path)
    assert done.returncode == 2
    assert "vLLM answers with it as its base does, so the adapter was never trained" in done.stderr
