"""Where tests find other people's benchmark files, which are not part of this repository."""

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("REST_BENCH_TEST_SHARED", Path(__file__).parents[2] / "shared"))


def shared_file(name: str) -> Path:
    """Return the path of a shared file or folder; skip the test where the shared folder is absent.

    A file missing from a shared folder that is there is a failure, not a skip.
    """
    if not SHARED.is_dir():
        pytest.skip(f"benchmark files not at hand: no folder {SHARED}")
    path = SHARED / name
    assert path.exists(), f"{path} is missing"
    return path
