import os
import re
import subprocess
from pathlib import Path

import pytest

from rest_bench.provenance import _git_commit, begin_invocation, finish_invocation
from tests.records import make_manifest


def test_an_invocation_says_what_it_ran_with() -> None:
    invocation = begin_invocation(make_manifest().engine)
    assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$", invocation.started_at)
    assert invocation.finished_at is None
    assert "cores" in invocation.hardware


@pytest.mark.parametrize(
    ("script", "shown"),
    [
        (
            "echo 'NVIDIA H100 80GB HBM3'; echo 'NVIDIA H100 80GB HBM3'; echo 'NVIDIA L4'",
            "; 2 x NVIDIA H100 80GB HBM3; 1 x NVIDIA L4; device",
        ),
        ("echo 'no driver' >&2; exit 9", " cores; device"),
        ("", " cores; device"),
    ],
    ids=["three GPUs", "a driver that fails", "no GPU"],
)
def test_the_gpus_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, shown: str) -> None:
    tool = tmp_path / "nvidia-smi"
    tool.write_text(f"#!/bin/sh\n{script}\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert shown in begin_invocation(make_manifest().engine).hardware


def test_without_a_driver_no_gpu_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert " cores; device" in begin_invocation(make_manifest().engine).hardware


def test_only_the_last_invocation_is_finished() -> None:
    manifest = make_manifest()
    twice = manifest.model_copy(update={"invocations": manifest.invocations * 2})
    first, last = finish_invocation(twice).invocations
    assert first.finished_at is None
    assert last.finished_at is not None


def test_the_commit_of_a_checkout_is_named_with_its_changes(tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        command = ["git", "-C", str(tmp_path), "-c", "user.name=t", "-c", "user.email=t@example.org", *arguments]
        subprocess.run(command, check=True, capture_output=True)

    git("init")
    (tmp_path / "file").write_text("a")
    git("add", "file")
    git("commit", "-m", "first")
    clean = _git_commit(tmp_path)
    assert clean is not None
    assert re.fullmatch("[0-9a-f]{40}", clean)
    (tmp_path / "file").write_text("b")
    assert _git_commit(tmp_path) == clean + "+changes"


def test_an_installed_package_has_no_commit(tmp_path: Path) -> None:
    assert _git_commit(tmp_path) is None
