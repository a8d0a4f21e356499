import gzip
import json
from pathlib import Path

import pytest

from rest_bench.errors import StoreError
from rest_bench.importing import open_lm_eval_log
from rest_bench.importing.lm_eval_files import find_samples, read_results
from tests.importing.logs import DATE, lm_eval_line, write_lm_eval


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    lines = [lm_eval_line(k, f"prompt {k}", ["x"]) for k in range(50)]
    return write_lm_eval(tmp_path / "log", lines, results={"lm_eval_version": "0.4.13"})


def compress(folder: Path, end: str = ".gz") -> None:
    for path in list(folder.iterdir()):
        content = path.read_bytes()
        path.unlink()
        path.with_name(path.name + end).write_bytes(gzip.compress(content))


@pytest.mark.parametrize("end", [".gz", ""], ids=["named so", "not named so"])
def test_compressed_files_are_read(folder: Path, end: str) -> None:
    compress(folder, end)
    log = open_lm_eval_log(folder)
    assert [sample.prompt for sample in log.samples()] == [f"prompt {k}" for k in range(50)]
    assert log.info.engine_version.startswith("lm_eval 0.4.13")


@pytest.mark.parametrize("damage", ["cut", "flipped"])
def test_a_compressed_file_that_is_damaged_is_one_sentence(folder: Path, damage: str) -> None:
    compress(folder)
    path = find_samples(folder)[0].path
    content = bytearray(path.read_bytes())
    if damage == "cut":
        del content[len(content) // 2 :]
    else:
        content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"jsonl\.gz: is compressed, and cut or damaged .*; copy it again"):
        list(open_lm_eval_log(folder).samples())


def test_a_task_whose_name_holds_a_date_is_read(tmp_path: Path) -> None:
    write_lm_eval(tmp_path, [lm_eval_line(0, "x", ["y"])], task="of_2025-01-01T00")
    (found,) = find_samples(tmp_path)
    assert (found.task, found.date) == ("of_2025-01-01T00", DATE)


def test_results_are_those_of_the_newest_samples(tmp_path: Path) -> None:
    for year in ("2026", "2027"):
        date = DATE.replace("2026", year)
        write_lm_eval(tmp_path, [lm_eval_line(0, "x", ["y"])], task=f"t{year}", results={"year": year}, date=date)
    assert read_results(find_samples(tmp_path)) == {"year": "2027"}
    (tmp_path / f"results_{DATE.replace('2026', '2027')}.json").write_text(json.dumps([1]))
    assert read_results(find_samples(tmp_path)) == {}


def test_nothing_to_read_is_one_sentence(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(StoreError, match=r"holds no samples_TASK_DATE\.jsonl; give the folder of --output_path"):
            find_samples(path)
