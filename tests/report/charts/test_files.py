from pathlib import Path

import pytest

from rest_bench.errors import StoreError
from rest_bench.report.charts import write_figures
from tests.report.charts.cases import case


def test_each_figure_is_written_three_times_and_other_files_stay(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "figures"
    folder.mkdir(parents=True)
    (folder / "mine.txt").write_text("mine")
    figures = [case("toy").figures[kind] for kind in ("stress", "positions")]
    written = list(write_figures(figures, folder))
    assert [path.name for path in written] == [
        f"toy-{kind}.{ending}" for kind in ("stress", "positions") for ending in ("svg", "png", "csv")
    ]
    assert all(path.stat().st_size > 50 for path in written)
    assert (folder / "mine.txt").read_text() == "mine"
    assert list(write_figures(figures[:1], folder)) == written[:3], "a second time, over the first"


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(StoreError, match=r"taken: is a file; name a folder"):
        list(write_figures([], tmp_path / "taken"))
    with pytest.raises(StoreError, match=r"taken.*cannot be written"):
        list(write_figures([], tmp_path / "taken" / "below"))


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "toy-stress.svg").mkdir()
    with pytest.raises(StoreError, match=r"toy-stress\.svg: cannot be written \(Is a directory\)"):
        list(write_figures([case("toy").figures["stress"]], tmp_path))
