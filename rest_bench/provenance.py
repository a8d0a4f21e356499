"""What a run was made with: versions, commit and hardware, for the manifest."""

import os
import platform
import shutil
import subprocess
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import rest_bench
from rest_bench.schema import EngineInfo, Invocation, Manifest


def begin_invocation(info: EngineInfo, settings: Mapping[str, bool | int | float | str] | None = None) -> Invocation:
    """Return the record of a call of `rest-bench eval` that begins now.

    Args:
        info: of the engine.
        settings: of the call, that may change a reply in its last digits.
    """
    return Invocation(
        started_at=_now(),
        finished_at=None,
        rest_bench_version=rest_bench.__version__,
        git_commit=_git_commit(Path(__file__).parents[1]),
        engine_version=info.engine_version,
        python=platform.python_version(),
        platform=platform.platform(),
        hardware=_hardware(info.device),
        settings=settings or {},
        addresses=tuple(endpoint.address for endpoint in info.endpoints),
    )


def finish_invocation(manifest: Manifest, n_asked: int | None = None) -> Manifest:
    """Return the manifest with the time at which its last invocation ended well, and the replies that it added."""
    *earlier, last = manifest.invocations
    ended = last.model_copy(update={"finished_at": _now(), "n_asked": n_asked})
    return manifest.model_copy(update={"invocations": (*earlier, ended)})


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _hardware(device: str | None) -> str:
    gpus = [f"{count} x {name}" for name, count in Counter(_gpu_names()).items()]
    return "; ".join([f"{_cpu_name()}, {os.cpu_count()} cores", *gpus, f"device {device or 'unknown'}"])


def _gpu_names() -> list[str]:
    """Return the names of the NVIDIA GPUs as their driver's tool gives them; none where it is missing or fails."""
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return []
    command = [tool, "--query-gpu=name", "--format=csv,noheader"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=10)
    except (OSError, subprocess.SubprocessError):
        return []
    return [line.strip() for line in done.stdout.splitlines() if line.strip()]


def _cpu_name() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        for line in cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _git_commit(checkout: Path) -> str | None:
    """Return the commit of a checkout that rest-bench runs from; None where it is installed or git is missing."""
    if not (checkout / ".git").exists():
        return None
    try:
        commit = _git(checkout, "rev-parse", "HEAD")
        return commit + ("+changes" if _git(checkout, "status", "--porcelain", "--untracked-files=no") else "")
    except (OSError, subprocess.SubprocessError):
        return None


def _git(checkout: Path, *arguments: str) -> str:
    command = ["git", "-C", str(checkout), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=10).stdout.strip()
