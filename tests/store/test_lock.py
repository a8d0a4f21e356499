import subprocess
import sys
from pathlib import Path

import pytest

from rest_bench.errors import StoreError
from rest_bench.store import RunWriter, is_being_written
from tests.store.build import begin


def test_two_writers_of_one_folder_are_refused(tmp_path: Path) -> None:
    with begin(tmp_path):
        program = (
            f"from pathlib import Path; from rest_bench.store import RunWriter; RunWriter(Path({str(tmp_path)!r}))"
        )
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)
    assert "another process is writing to this run" in done.stderr
    with begin(tmp_path):
        pass


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"file: cannot be written \(File exists\)"):
        RunWriter(tmp_path / "file")


def test_a_folder_says_whether_it_is_being_written_and_stays_as_it_is(tmp_path: Path) -> None:
    assert not is_being_written(tmp_path)
    with begin(tmp_path):
        assert is_being_written(tmp_path)
    before = (tmp_path / ".lock").stat().st_mtime_ns
    assert not is_being_written(tmp_path)
    assert (tmp_path / ".lock").stat().st_mtime_ns == before
