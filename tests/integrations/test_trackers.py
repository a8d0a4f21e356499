"""The hook for trackers: a file in the default suite, the real trackers under the marker `integrations`."""

import json
import math
import os
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rest_bench.config import RunConfig
from rest_bench.engines import ENGINES
from rest_bench.errors import ConfigError, StoreError
from rest_bench.integrations.trackers import TRACKERS, flat_metrics, log_run
from rest_bench.pipeline import evaluate
from rest_bench.store import Run
from tests import scripted


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setitem(ENGINES, scripted.NAME, scripted.TARGET)
    monkeypatch.chdir(tmp_path)
    settings = {"model": "right-to-2", "engine": scripted.NAME, "levels": (1, 3), "limit": 6, "out": tmp_path / "run"}
    return evaluate(RunConfig.model_validate(settings))


def test_numbers_have_names_with_slashes_and_their_intervals_beside_them(run: Run) -> None:
    found = flat_metrics(run.summary)
    level = run.summary.tasks["arithmetic"].levels["3"]
    assert found["arithmetic/level_3/accuracy"] == level.accuracy.value == pytest.approx(2 / 3)
    assert level.accuracy.ci is not None
    assert (
        found["arithmetic/level_3/accuracy_ci_low"],
        found["arithmetic/level_3/accuracy_ci_high"],
    ) == level.accuracy.ci
    assert [found[f"arithmetic/level_3/position_{position}/accuracy"] for position in (1, 2, 3)] == [1.0, 1.0, 0.0]
    assert found["arithmetic/drop"] == pytest.approx(1 / 3)
    assert sum(found[f"arithmetic/level_3/outcome/{outcome}"] for outcome in level.outcomes) == pytest.approx(1)


def test_what_is_not_defined_is_left_out(run: Run) -> None:
    found = flat_metrics(run.summary)
    assert "arithmetic/level_1/drop" not in found
    assert all(math.isfinite(value) for value in found.values())


def test_a_file_gets_a_line_a_run(run: Run, tmp_path: Path) -> None:
    for step in (10, 20):
        sent = log_run(run, "jsonl", project="curve.jsonl", step=step)
    lines = [json.loads(line) for line in (tmp_path / "curve.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines] == [10, 20]
    assert lines[0]["run"] == "run"
    assert sent == flat_metrics(run.summary) == {key: value for key, value in lines[1].items() if "/" in key}


def test_without_a_name_the_file_lies_beside_the_run(run: Run, tmp_path: Path) -> None:
    log_run(run, "jsonl")
    assert json.loads((tmp_path / "metrics.jsonl").read_text())["step"] is None


def test_faults_are_sentences(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(
        ConfigError, match="--tracker neptune: no such tracker; choose one of jsonl, mlflow, trackio, wa"
    ):
        log_run(run, "neptune")
    with pytest.raises(StoreError, match="cannot be written"):
        log_run(run, "jsonl", project=str(tmp_path / "no" / "such" / "folder.jsonl"))
    for tracker in set(TRACKERS) - {"jsonl"}:
        monkeypatch.setitem(sys.modules, tracker, None)
        with pytest.raises(ConfigError, match=f"install it with pip install {tracker}"):
            log_run(run, tracker)


# --- the real ones ----------------------------------------------------------------------------------------------------


@pytest.mark.integrations
@pytest.mark.filterwarnings("default")
def test_mlflow_holds_the_numbers_by_step(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import mlflow

    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    mlflow.set_tracking_uri((tmp_path / "mlruns").as_uri())
    log_run(run, "mlflow", project="stress", step=3)
    experiment = mlflow.get_experiment_by_name("stress")
    (own,) = mlflow.MlflowClient().search_runs([experiment.experiment_id])
    assert own.data.metrics == flat_metrics(run.summary)
    assert own.data.params["model"] == "right-to-2"
    assert own.info.run_name == "run"
    with mlflow.start_run() as open_run:
        log_run(run, "mlflow", step=7)
        assert mlflow.active_run() is not None  # it is the caller's
    history = mlflow.MlflowClient().get_metric_history(open_run.info.run_id, "arithmetic/level_3/accuracy")
    assert [(each.step, each.value) for each in history] == [(7, pytest.approx(2 / 3))]


def wandb_records(data: bytes) -> Iterator[bytes]:
    """Yield the records of an offline file: a header, then LevelDB's log format in blocks of 32 KiB."""
    place, record = 7, b""
    while place < len(data):
        left = 32768 - place % 32768
        if left < 7:
            place += left
            continue
        length, kind = int.from_bytes(data[place + 4 : place + 6], "little"), data[place + 6]
        piece = data[place + 7 : place + 7 + length]
        place += 7 + length
        record = piece if kind in (1, 2) else record + piece  # whole or first; middle or last
        if kind in (1, 4):
            yield record


@pytest.mark.integrations
@pytest.mark.filterwarnings("default")
def test_wandb_writes_the_numbers_without_a_network(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import wandb
    from wandb.proto import wandb_internal_pb2

    monkeypatch.setenv("WANDB_MODE", "offline")
    monkeypatch.setenv("WANDB_DIR", str(tmp_path))
    log_run(run, "wandb", project="stress", step=3)
    assert wandb.run is None  # its own run is closed
    (path,) = tmp_path.glob("wandb/offline-run-*/run-*.wandb")
    found = {}
    for data in wandb_records(path.read_bytes()):
        record = wandb_internal_pb2.Record()
        record.ParseFromString(data)
        for item in record.history.item:
            found["/".join(item.nested_key) or item.key] = json.loads(item.value_json)
    expected = flat_metrics(run.summary)
    assert {name: found[name] for name in expected} == pytest.approx(expected)
    with wandb.init(project="stress") as open_run:
        log_run(run, "wandb", step=7)
        assert wandb.run is open_run  # it is the caller's


@pytest.mark.integrations
@pytest.mark.filterwarnings("default")
def test_trackio_keeps_the_numbers_in_its_folder(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKIO_DIR", str(tmp_path / "trackio"))
    assert "trackio" not in sys.modules, "it reads its folder from the environment when it is imported"
    log_run(run, "trackio", project="stress", step=3)
    (database,) = (tmp_path / "trackio").glob("*stress*.db")
    with sqlite3.connect(database) as connection:
        ((step, metrics),) = connection.execute("SELECT step, metrics FROM metrics").fetchall()
    assert step == 3
    assert json.loads(metrics) == pytest.approx(flat_metrics(run.summary))
    assert os.environ["TRACKIO_DIR"]
