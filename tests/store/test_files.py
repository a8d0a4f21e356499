import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from rest_bench.errors import StoreError
from rest_bench.store import Run, building_folder, write_text
from tests.store.build import begin, make_score


def test_a_damaged_manifest_is_named_with_its_field(tmp_path: Path) -> None:
    with begin(tmp_path):
        pass
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    manifest["sampling"]["temperature"] = "warm"
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(StoreError, match=r"manifest\.json: cannot be read at sampling\.temperature"):
        _ = Run(tmp_path).manifest


def test_a_failed_write_leaves_the_old_scores(tmp_path: Path) -> None:
    with begin(tmp_path):
        pass
    run = Run(tmp_path)
    run.write_scores([(make_score(1, "2"),)])

    def failing() -> object:
        yield (make_score(1, "3"),)
        raise ValueError("the judge broke")

    with pytest.raises(ValueError, match="the judge broke"):
        run.write_scores(failing())  # type: ignore[arg-type]
    assert run.scores()["answer"].tolist() == ["2"]
    assert [path.name for path in tmp_path.iterdir() if "part" in path.name] == []


def test_a_new_folder_appears_when_it_is_whole(tmp_path: Path) -> None:
    with building_folder(tmp_path / "deep" / "new") as hidden:
        (hidden / "file").write_text("text")
        assert [path.name[0] for path in (tmp_path / "deep").iterdir()] == ["."]
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["new"]
    assert (tmp_path / "deep" / "new" / "file").read_text() == "text"


def build(path: Path, before_the_end: Callable[[], object]) -> None:
    with building_folder(path) as hidden:
        (hidden / "file").write_text("text")
        before_the_end()


def test_a_folder_that_fails_is_gone(tmp_path: Path) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(tmp_path / "new", interrupt)
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_is_taken_meanwhile_is_left_alone(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="new: cannot be written"):
        build(tmp_path / "new", lambda: (tmp_path / "new" / "theirs").mkdir(parents=True))
    assert [path.name for path in tmp_path.rglob("*")] == ["new", "theirs"]


def test_a_device_or_a_pipe_keeps_its_place(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_text(pipe, "text")
    assert os.read(reading, 100) == b"text"
    os.close(reading)
    assert [path.name for path in tmp_path.iterdir()] == ["pipe"]
    assert pipe.is_fifo()
