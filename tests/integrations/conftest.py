"""Real harnesses for tests: their commands run in processes of their own, without a network."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Harness = Callable[..., str]
"""Runs a command of this environment in the folder of the test, and returns what it printed."""


@pytest.fixture
def harness(tmp_path: Path) -> Harness:
    def run(name: str, *arguments: object, code: int = 0, **variables: str) -> str:
        done = subprocess.run(
            [Path(sys.executable).parent / name, *map(str, arguments)],
            cwd=tmp_path,
            env={**os.environ, "HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "OMP_NUM_THREADS": "2", **variables},
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )
        assert done.returncode == code, done.stdout[-2000:] + done.stderr[-4000:]
        return done.stdout + done.stderr

    return run
