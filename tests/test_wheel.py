"""A built wheel in an empty venv: what a user installs carries its tasks and templates and works."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]

pytestmark = [pytest.mark.wheel, pytest.mark.timeout(600)]


def run(*command: object, cwd: Path) -> str:
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    # In the venv of the tests, which has hatchling: an isolated build would want the network.
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, REPOSITORY, cwd=folder)
    (path,) = folder.glob("*.whl")
    return path


def test_the_wheel_carries_tasks_templates_and_the_model_and_nothing_of_the_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "rest_bench/_data/tasks/arithmetic.yaml" in names
    assert "rest_bench/_data/tasks/data/arithmetic.jsonl" in names
    assert "rest_bench/_data/templates/rest_math.j2" in names
    assert "rest_bench/_data/models/rest-nano/model.safetensors" in names
    assert "rest_bench/_data/models/rest-nano/README.md" in names
    assert "rest_bench/_data/models/profiles.yaml" in names
    assert "rest_bench/report/charts/published.csv" in names
    assert "rest_bench/leaderboard/published_results.csv" in names
    pages = ("index.html.j2", "board.css", "board.js")
    assert {f"rest_bench/_data/leaderboard/site/{name}" for name in pages} < set(names)
    assert "rest_bench/py.typed" in names
    assert {f"rest_bench/report/page/page.{ending}" for ending in ("html.j2", "css", "js")} < set(names)
    assert [name for name in names if not name.startswith(("rest_bench/", "rest_bench-"))] == []


def test_an_installed_wheel_runs_in_an_empty_venv(wheel: Path, tmp_path: Path) -> None:
    run(sys.executable, "-m", "venv", tmp_path / "venv", cwd=tmp_path)
    binaries = tmp_path / "venv" / "bin"
    run(binaries / "pip", "install", "--quiet", "--constraint", REPOSITORY / "constraints.txt", wheel, cwd=tmp_path)
    packs = run(binaries / "rest-bench", "packs", "arithmetic", "--level", 2, "--limit", 3, cwd=tmp_path)
    lines = [json.loads(line) for line in packs.splitlines()]
    with (tmp_path / "replies.jsonl").open("w") as file:
        for line in lines:
            reply = {"pack_id": line["pack_id"], "text": "Q1: \\boxed{1}\nQ2: \\boxed{2}", "finish_reason": "stop"}
            print(json.dumps(reply), file=file)
    summary = run(
        *(binaries / "rest-bench", "eval", "--engine", "replay", "--model", "mine", "--responses", "replies.jsonl"),
        *("--levels", 2, "--limit", 3, "--json"),
        cwd=tmp_path,
    )
    assert json.loads(summary)["tasks"]["arithmetic"]["levels"]["2"]["n_slots"] == 6
    by = ("--model-id", "org/mine", "--submitter", "me", "--relationship", "first_party", "--partial")
    run(binaries / "rest-bench", "publish", "runs/mine", "--to", "submissions", *by, cwd=tmp_path)
    run(binaries / "rest-bench", "leaderboard", "build", "submissions", "--out", "site", cwd=tmp_path)
    assert "org/mine" in (tmp_path / "site" / "tasks" / "arithmetic.html").read_text()
    doctor = json.loads(run(binaries / "rest-bench", "doctor", "--json", cwd=tmp_path))
    (engine,) = [finding for finding in doctor if finding["part"] == "engine transformers"]
    assert engine["remedy"] == "pip install 'rest-bench[transformers]'"
