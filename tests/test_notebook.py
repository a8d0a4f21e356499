"""docs/notebook.md runs as it stands, on a run of the default task."""

import re
from pathlib import Path

import pandas
import pytest

import rest_bench
from rest_bench.config import make_config
from rest_bench.engines import ENGINES
from rest_bench.errors import StoreError
from rest_bench.pipeline import evaluate
from tests import scripted

PAGE = (Path(__file__).parent.parent / "docs" / "notebook.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Return a folder in which runs/demo is a run."""
    monkeypatch.setitem(ENGINES, scripted.NAME, scripted.TARGET)
    monkeypatch.chdir(tmp_path)
    settings = {"engine": "scripted", "model": "right-to-2", "levels": (1, 3), "limit": 5, "out": Path("runs/demo")}
    evaluate(make_config(settings))
    return tmp_path


def test_the_code_of_the_page_runs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert len(BLOCKS) >= 3
    names: dict[str, object] = {}
    for block in BLOCKS:
        exec(compile(block, "docs/notebook.md", "exec"), names)  # the page is the test
    printed = capsys.readouterr().out
    assert "accuracy_percent" in printed
    assert "position" in printed


def test_the_page_names_every_figure() -> None:
    from rest_bench.report.charts.drawing import MAKERS

    assert all(f"`{kind}`" in PAGE for kind in MAKERS)


def test_a_loaded_run_reads_each_file_once(folder: Path) -> None:
    run = rest_bench.load_run("runs/demo")
    assert run.path == Path("runs/demo")
    assert isinstance(run.scores, pandas.DataFrame)
    assert run.scores is run.scores
    assert run.summary is run.summary
    assert run.manifest.engine.model == "right-to-2"
    assert {figure.task for figure in run.figures()} == {"arithmetic"}
    assert repr(run) == "load_run('runs/demo')"


def test_a_folder_without_a_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="not a run folder"):
        rest_bench.load_run(tmp_path)
