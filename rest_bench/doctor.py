"""What is installed, what works, what is missing and how to get it: `rest-bench doctor`."""

import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import NamedTuple

import rest_bench

CORE = ("datasets", "jinja2", "math-verify", "pandas", "pyarrow", "pydantic", "rich", "scipy", "typer")
"""Packages that every installation of rest-bench brings."""


class Finding(NamedTuple):
    """One line of the diagnosis."""

    part: str
    works: bool
    detail: str
    remedy: str = ""
    """The command or the sentence that mends it."""


def examine() -> Iterator[Finding]:
    """Yield what is found, part by part; imports torch only where it is installed."""
    yield Finding(
        "python", sys.version_info >= (3, 11), sys.version.split()[0], "rest-bench needs Python 3.11 or newer"
    )
    yield Finding("rest-bench", True, rest_bench.__version__)
    for package in CORE:
        yield _package(package, "pip install --force-reinstall rest-bench")
    yield _vllm_engine()
    yield _transformers_engine()
    yield _openai_engine()
    yield Finding("engine replay", True, "needs --responses FILE")


def _package(name: str, remedy: str) -> Finding:
    try:
        return Finding(name, True, version(name))
    except PackageNotFoundError:
        return Finding(name, False, "not installed", remedy)


def _vllm_engine() -> Finding:
    if find_spec("vllm") is None:
        return Finding("engine vllm", False, "vllm not installed", "pip install 'rest-bench[vllm]'")
    # Found by its module: the builds for other hardware are distributions of other names.
    return Finding("engine vllm", True, "vllm found")


def _openai_engine() -> Finding:
    try:
        return Finding("engine openai", True, f"openai {version('openai')}, needs --base-url URL")
    except PackageNotFoundError:
        return Finding("engine openai", False, "openai not installed", "pip install openai")


def _transformers_engine() -> Finding:
    part = "engine transformers"
    missing = [name for name in ("torch", "transformers") if find_spec(name) is None]
    if missing:
        remedy = "pip install 'rest-bench[transformers]'"
        return Finding(part, False, f"{' and '.join(missing)} not installed", remedy)
    import torch

    device = "cpu"
    if torch.cuda.is_available():
        device = f"cuda ({torch.cuda.device_count()} x {torch.cuda.get_device_name()})"
    elif torch.backends.mps.is_available():
        device = "mps"
    return Finding(part, True, f"transformers {version('transformers')}, torch {version('torch')}, device {device}")
