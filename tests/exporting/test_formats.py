import base64
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from rest_bench.config import make_config
from rest_bench.errors import ConfigError, EngineError, StoreError, TaskError
from rest_bench.exporting.formats import FORMATS, export
from rest_bench.exporting.source import Source
from rest_bench.importing import Wanted, open_lm_eval_log
from rest_bench.pipeline import evaluate, import_log
from rest_bench.pipeline import export as export_run
from rest_bench.planning import load_task, make_plan
from rest_bench.schema import Task
from rest_bench.simulating import make_settings, prepare
from rest_bench.store import Run


def tasks() -> dict[str, Task]:
    return {"arithmetic": load_task("arithmetic", None)}


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_run_gives_the_same_bytes(source: Source, tmp_path: Path, name: str) -> None:
    first = export(source, name, tmp_path / "a", tasks).files
    second = export(source, name, tmp_path / "b", tasks).files
    assert first
    for one, other in zip(first, second, strict=True):
        assert one.relative_to(tmp_path / "a") == other.relative_to(tmp_path / "b")
        assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_of_a_disk_is_in_an_export(source: Source, tmp_path: Path, name: str) -> None:
    for path in export(source, name, tmp_path, tasks).files:
        text = path.read_text()
        assert str(source.run.path.parent) not in text
        assert "local: " not in text
        assert "NaN" not in text


def test_a_folder_that_cannot_be_made_is_one_sentence(source: Source, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"--out .*: cannot be written"):
        export(source, "csv", tmp_path / "file", tasks)


@pytest.fixture(scope="module", params=["rest_math", "words.j2"], ids=["packaged words", "own words"])
def own_run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run of a task file of one's own, with its data elsewhere."""
    folder = tmp_path_factory.mktemp("own")
    (folder / "data").mkdir()
    rows = [{"q": f"{k} + 1?", "a": str(k + 1)} for k in range(4)]
    (folder / "data" / "toy.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (folder / "words.j2").write_text("{% for problem in problems %}\nQ: {{ problem.question }}\n{% endfor %}\n")
    (folder / "toy.yaml").write_text(
        f"name: toy\ntitle: Toy\nanswer_type: integer\nlevels: [1, 2]\nrepeats: 1\ntemplate: {request.param}\n"
        "source:\n  local: {path: toy.jsonl, format: jsonl, question: q, answer: a}\n"
    )
    return evaluate(prepare(make_settings({**asked(folder), "repeats": 1, "out": folder / "run"})))


def asked(folder: Path) -> dict[str, object]:
    return {"tasks": (str(folder / "toy.yaml"),), "levels": (1, 2), "data_dir": folder / "data"}


@pytest.mark.parametrize("name", FORMATS)
def test_a_run_of_a_task_file_of_ones_own_is_exported(own_run: Run, tmp_path: Path, name: str) -> None:
    places = [own_run.path.parent / "toy.yaml"]
    if name == "hf-eval-results":
        with pytest.raises(ConfigError, match="task toy has no data set on the hub"):
            export_run(own_run.path, name, tmp_path, "org/model", places=places)
        return
    files = export_run(own_run.path, name, tmp_path, "org/model", places=places).files
    assert all(file.stat().st_size for file in files)
    if name == "lm-eval":
        plan = make_plan(make_config({"model": "m", **asked(own_run.path.parent)}))
        prompts = {sample.pack.pack_id: sample.prompt.messages[0].content for sample in plan.samples()}
        lines = [json.loads(line) for file in files[1:] for line in file.read_text().splitlines()]
        assert len(lines) == 8
        assert {line["doc"]["pack_id"]: line["arguments"]["gen_args_0"]["arg_0"] for line in lines} == prompts


def test_an_export_of_ones_own_task_comes_back_as_the_same_run(own_run: Run, tmp_path: Path) -> None:
    folder = own_run.path.parent
    export_run(own_run.path, "lm-eval", tmp_path / "out", places=[folder])
    log = open_lm_eval_log(tmp_path / "out")
    with pytest.raises(TaskError, match=r"no such task: toy; .* or the path of a task file"):
        import_log(log, Wanted(), tmp_path / "back")
    found = import_log(log, Wanted(tasks=(str(folder / "toy.yaml"),), data_dir=folder / "data"), tmp_path / "back")
    assert (found.n_samples, found.n_missing, found.n_foreign) == (8, 0, 0)
    assert (found.run.path / "scores.parquet").read_bytes() == (own_run.path / "scores.parquet").read_bytes()


def test_an_export_with_prompts_needs_no_data(own_run: Run, tmp_path: Path) -> None:
    """Questions are in the run folder, and so is what the words around them must be."""
    folder = tmp_path / "copied"
    shutil.copytree(own_run.path, folder)
    if own_run.manifest.tasks[0].template == "rest_math":
        assert export_run(folder, "lm-eval", tmp_path / "out").files
    else:
        found = export_run(folder, "lm-eval", tmp_path / "out", places=[own_run.path.parent])
        assert found.files


class Hub:
    """Takes commits as the hub does, and keeps what was sent."""

    def __init__(self, server: HTTPServer) -> None:
        self.server = server
        self.commits: list[tuple[str, str, list[dict[str, object]]]] = []
        server.expect_request("/api/models/org/model/preupload/main").respond_with_handler(self.preupload)
        server.expect_request("/api/models/org/model/commit/main").respond_with_handler(self.commit)
        server.expect_request("/api/datasets/org/data/preupload/main").respond_with_handler(self.preupload)
        server.expect_request("/api/datasets/org/data/commit/main").respond_with_handler(self.commit)

    def preupload(self, request: Request) -> Response:
        files = [
            {"path": file["path"], "uploadMode": "regular", "shouldIgnore": False}
            for file in request.get_json()["files"]
        ]
        return Response(json.dumps({"files": files}), content_type="application/json")

    def commit(self, request: Request) -> Response:
        lines = [json.loads(line) for line in request.get_data().decode().splitlines()]
        self.commits.append((request.path, str(request.args.get("create_pr")), lines))
        repository = self.server.url_for("/org/model")
        answer = {
            "success": True,
            "commitUrl": f"{repository}/commit/0123456789abcdef",
            "commitOid": "0123456789abcdef",
            "pullRequestUrl": f"{repository}/discussions/7",
        }
        return Response(json.dumps(answer), content_type="application/json")


def test_results_become_a_pull_request(source: Source, tmp_path: Path, httpserver: HTTPServer) -> None:
    hub = Hub(httpserver)
    exported = export(source, "hf-eval-results", tmp_path, tasks, "org/model", httpserver.url_for("").rstrip("/"))
    assert exported.pull_request == httpserver.url_for("/org/model/discussions/7")
    ((path, create_pr, lines),) = hub.commits
    assert path == "/api/models/org/model/commit/main"
    assert create_pr == "1"
    assert [line["value"]["path"] for line in lines if line["key"] == "file"] == [".eval_results/rest-bench.yaml"]  # type: ignore[index]


CARD = "---\nlicense: mit\nmodel-index:\n- name: model\n  results: []\n---\n# A model\n"
PUSH = """
import sys
from pathlib import Path
from rest_bench.pipeline import export
print(export(Path(sys.argv[1]), "model-index", Path(sys.argv[2]), "org/model", push="org/model").pull_request)
"""


def test_a_model_card_is_merged_and_keeps_what_it_says(source: Source, tmp_path: Path, httpserver: HTTPServer) -> None:
    """In a process of its own: the hub library takes the hub's address when it is imported."""
    hub = Hub(httpserver)
    card = Response(CARD, headers={"ETag": '"1"', "X-Repo-Commit": "0" * 40, "Content-Length": str(len(CARD))})
    httpserver.expect_request("/org/model/resolve/main/README.md").respond_with_response(card)
    httpserver.expect_request("/api/validate-yaml").respond_with_json({"errors": [], "warnings": []})
    settings = {"HF_ENDPOINT": httpserver.url_for("").rstrip("/"), "HF_HOME": str(tmp_path / "hub"), "HF_TOKEN": "x"}
    done = subprocess.run(
        [sys.executable, "-c", PUSH, str(source.run.path), str(tmp_path / "out")],
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    ((_, create_pr, lines),) = hub.commits
    assert create_pr == "1"
    (file,) = (line["value"] for line in lines if line["key"] == "file")
    written = base64.b64decode(file["content"]).decode()  # type: ignore[index]
    assert file["path"] == "README.md"  # type: ignore[index]
    assert "license: mit" in written
    assert "# A model" in written
    assert "1 problems a prompt" in written


def test_a_store_of_results_is_a_dataset(source: Source, tmp_path: Path, httpserver: HTTPServer) -> None:
    hub = Hub(httpserver)
    export(source, "eee", tmp_path, tasks, "org/data", httpserver.url_for("").rstrip("/"))
    assert [path for path, _, _ in hub.commits] == ["/api/datasets/org/data/commit/main"]


def test_a_hub_that_refuses_is_one_sentence(source: Source, tmp_path: Path, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/api/models/org/model/preupload/main").respond_with_data("no", status=401)
    with pytest.raises(EngineError, match=r"--push org/model: the hub did not take it .*HF_TOKEN") as caught:
        export(source, "hf-eval-results", tmp_path, tasks, "org/model", httpserver.url_for("").rstrip("/"))
    assert "\n" not in str(caught.value)
    assert (tmp_path / ".eval_results" / "rest-bench.yaml").is_file()


def test_a_hub_that_is_away_is_one_sentence(source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)  # the hub library waits between its attempts
    with pytest.raises(EngineError, match="--push org/model: the hub did not take it"):
        export(source, "csv", tmp_path, tasks, "org/model", "http://127.0.0.1:9")


def test_a_name_that_is_none_is_one_sentence(source: Source, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="--push a/b/c: the hub did not take it"):
        export(source, "csv", tmp_path, tasks, "a/b/c", "http://127.0.0.1:9")
