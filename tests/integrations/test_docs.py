"""Every block of docs/integrations.md is executed as it stands: nobody is given a command that does not work."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from rest_bench.config import packaged_dir
from rest_bench.store import Run

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "integrations.md").read_text(encoding="utf-8")
LIGHTEVAL = ROOT / ".venv-lighteval" / "bin"


def block(heading: str, language: str = "sh") -> str:
    section = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL)
    assert section is not None, heading
    (found,) = re.findall(rf"^```{language}\n(.*?)^```", section[1], re.MULTILINE | re.DOTALL)
    return str(found)


def execute(heading: str, folder: Path, *more: Path, language: str = "sh") -> str:
    """Run a block in a folder, with the commands of this environment and of others behind them."""
    path = os.pathsep.join([str(Path(sys.executable).parent), *map(str, more), os.environ["PATH"]])
    offline = {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "OMP_NUM_THREADS": "2", "PYTHONPATH": str(ROOT)}
    shell = (
        ["bash", "-euo", "pipefail", "-c"] if language == "sh" else [sys.executable, "-W", "error::UserWarning", "-c"]
    )
    done = subprocess.run(
        [*shell, block(heading, language)],
        cwd=folder,
        env={**os.environ, "PATH": path, **offline},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return done.stdout


def accuracy(run: Path, level: str = "4") -> float | None:
    return Run(run).summary.tasks["arithmetic"].levels[level].accuracy.value


# --- the routes -------------------------------------------------------------------------------------------------------


def tasks_for_lm_eval(folder: Path) -> None:
    out = execute("Tasks for lm-eval", folder)
    assert re.search(r"\|rest_arithmetic_s4\|.*rest_acc ", out)
    (results,) = folder.glob("lm-eval-results/*/results_*.json")
    found = json.loads(results.read_text())["results"]["rest_arithmetic_s4"]
    assert found["rest_acc,none"] > 0.5
    assert found["rest_think_tokens_pos4,none"] > 20


def engine_of_lm_eval(folder: Path) -> None:
    assert "rest-nano on lm-eval" in execute("lm-eval's models as an engine", folder)
    assert accuracy(folder / "runs/lm-eval-engine", "1") == 1.0


def imported_from_lm_eval(folder: Path) -> None:
    execute("Samples of lm-eval as a run", folder)
    mine, imported = (folder / "runs" / name / "scores.parquet" for name in ("mine", "imported"))
    assert mine.read_bytes() == imported.read_bytes()


def tasks_for_inspect(folder: Path) -> None:
    assert "question_stderr" in execute("Tasks for inspect_ai", folder)
    assert (accuracy(folder / "runs/from-inspect") or 0) > 0.5


def lighteval(folder: Path) -> None:
    assert LIGHTEVAL.is_dir(), f"{LIGHTEVAL.parent} is missing; run make test-lighteval"
    (folder / "rest-nano").symlink_to(packaged_dir("models") / "rest-nano")
    (folder / "lighteval_rest.py").write_text((ROOT / "examples" / "lighteval_rest.py").read_text())
    graded = [json.loads(line) for line in execute("lighteval", folder, LIGHTEVAL).splitlines() if line.startswith("{")]
    assert len(graded) == 8
    assert sum(sum(line["correct"]) for line in graded) > 16


def plugins(folder: Path) -> None:
    (folder / "tests").symlink_to(ROOT / "tests")
    try:
        out = execute("Plug-ins", folder)
    finally:
        uninstall = [sys.executable, "-m", "pip", "uninstall", "--quiet", "--yes", "rest-bench-example"]
        subprocess.run(uninstall, check=True)
    assert "Colours of flags" in out
    assert re.search(r"plug-in scorer word-set +yes", out)


def library(folder: Path) -> None:
    out = execute("The library", folder, language="python")
    assert re.search(r"^4 +1 +1\.0", out, re.MULTILINE)


def rewards(folder: Path) -> None:
    execute("Rewards in training", folder)
    out = execute("Rewards in training", folder, language="python").splitlines()
    assert out == ["[0.25, 0.25, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]", "0.25"]


def checkpoints(folder: Path) -> None:
    execute("Checkpoints in any training loop", folder, language="python")
    lines = [json.loads(line) for line in (folder / "curve.jsonl").read_text().splitlines()]
    assert [(line["step"], line["arithmetic/single"]) for line in lines] == [(2, 1.0), (4, 1.0)]


def trainer(folder: Path) -> None:
    execute("Checkpoints of a Trainer", folder, language="python")
    lines = [json.loads(line) for line in (folder / "curve.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines] == [1, 2]
    assert (folder / "trained/checkpoint-2/rest-bench/summary.json").is_file()


def trackers(folder: Path) -> None:
    execute("Trackers", folder)
    (line,) = (folder / "numbers.jsonl").read_text().splitlines()
    assert json.loads(line)["arithmetic/level_4/accuracy"] == accuracy(folder / "runs/tracked")


ROUTES: dict[str, Callable[[Path], None]] = {
    "Tasks for lm-eval": tasks_for_lm_eval,
    "lm-eval's models as an engine": engine_of_lm_eval,
    "Samples of lm-eval as a run": imported_from_lm_eval,
    "Tasks for inspect_ai": tasks_for_inspect,
    "lighteval": lighteval,
    "Plug-ins": plugins,
    "The library": library,
    "Rewards in training": rewards,
    "Checkpoints in any training loop": checkpoints,
    "Checkpoints of a Trainer": trainer,
    "Trackers": trackers,
}
"""Heading to what runs its block, and looks at what comes of it."""


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    "heading",
    [
        pytest.param(heading, marks=pytest.mark.lighteval if heading == "lighteval" else pytest.mark.integrations)
        for heading in ROUTES
    ],
)
def test_the_block_of_a_route_works_as_it_stands(heading: str, tmp_path: Path) -> None:
    ROUTES[heading](tmp_path)


def test_every_route_is_executed() -> None:
    assert re.findall(r"^## (.+)$", TEXT, re.MULTILINE) == list(ROUTES)
