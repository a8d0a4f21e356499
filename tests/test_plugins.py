"""What other packages add, proven with two packages that pip installs: one that works and one that is broken."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from rest_bench import tasks
from rest_bench.engines import engine_names, find_engine
from rest_bench.errors import PluginError, TaskError
from rest_bench.plugins import KINDS, owner, plugins
from rest_bench.scoring import Judge, Question, find_scorer, scorer_version
from rest_bench.scoring.scorers import _plugin_scorer
from rest_bench.store import Run
from tests.commands import Command

PACKAGES = Path(__file__).parent / "plugins"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that pip has installed both packages into."""
    folder = tmp_path_factory.mktemp("site")
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--target", str(folder)]
    packages = [str(PACKAGES / "example"), str(PACKAGES / "broken")]
    subprocess.run([sys.executable, "-m", "pip", "install", *options, *packages], check=True)
    return folder


@pytest.fixture(autouse=True)
def installed(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(site)
    monkeypatch.setenv("PYTHONPATH", str(site))  # for the workers of the judge
    _plugin_scorer.cache_clear()


@pytest.mark.filterwarnings("ignore:task task-")
def test_another_package_adds_a_task_an_engine_and_a_scorer(command: Command, tmp_path: Path) -> None:
    words = json.dumps({"words": "white and red"})
    run = ("--tasks", "palette", "--engine", "parrot", "--model", "polly", "--engine-args", words, "--out", "run")
    code, out, err = command("eval", *run, "--json")
    assert code == 0, err
    levels = json.loads(out)["tasks"]["palette"]["levels"]
    assert {level: found["accuracy"]["value"] for level, found in levels.items()} == {
        "1": pytest.approx(1 / 3),  # the flag of Japan, in whatever order
        "2": pytest.approx(1 / 3),
    }
    manifest = Run(tmp_path / "run").manifest
    assert manifest.scorer_version.endswith(", word-set by rest-bench-example 1.2.0")
    assert manifest.engine.arguments == words


@pytest.mark.filterwarnings("ignore:task task-")
@pytest.mark.parametrize("format_name", ["lm-eval", "csv", "eee", "model-index"])
def test_a_run_of_an_answer_type_of_another_package_is_exported(
    command: Command, tmp_path: Path, format_name: str
) -> None:
    run = ("--tasks", "palette", "--engine", "parrot", "--model", "polly", "--out", "run")
    assert command("eval", *run, "--engine-args", '{"words": "red"}')[0] == 0
    code, out, err = command("export", "run", "--format", format_name, "--out", "out", "--json")
    assert code == 0, err
    assert all((tmp_path / name).stat().st_size for name in json.loads(out)["written"])


@pytest.mark.filterwarnings("ignore:task task-")
def test_other_settings_of_an_engine_are_other_samples(command: Command) -> None:
    run = ("eval", "--tasks", "palette", "--engine", "parrot", "--model", "polly", "--out", "run")
    assert command(*run, "--engine-args", '{"words": "red"}')[0] == 0
    code, _, err = command(*run, "--engine-args", '{"words": "blue"}')
    assert code == 2
    assert "holds a run with another engine arguments" in err


def test_plugins_are_known_by_name_and_owner_without_being_loaded() -> None:
    found = {kind: {name: owner(point) for name, point in plugins(kind).items()} for kind in KINDS}
    assert found == {
        "task": {
            "palette": "rest-bench-example 1.2.0",
            "task-is-missing": "rest-bench-broken 0.0.1",
            "task-raises": "rest-bench-broken 0.0.1",
        },
        "engine": {
            "engine-is-none": "rest-bench-broken 0.0.1",
            "engine-raises": "rest-bench-broken 0.0.1",
            "parrot": "rest-bench-example 1.2.0",
        },
        "scorer": {
            "scorer-is-none": "rest-bench-broken 0.0.1",
            "scorer-raises": "rest-bench-broken 0.0.1",
            "word-set": "rest-bench-example 1.2.0",
        },
    }
    assert "rest_bench_broken" not in sys.modules
    assert engine_names()[-3:] == ("engine-is-none", "engine-raises", "parrot")


def test_a_hang_or_a_fault_of_a_scorer_costs_one_verdict_and_not_the_run() -> None:
    answers = ("white red", "blue", "a scorer that hangs", "a scorer that raises", "red and white")
    with Judge(workers=1, timeout_s=1.0) as judge:
        verdicts = judge.judge([Question("word-set", "red, white", answer) for answer in answers])
    assert verdicts == ("correct", "incorrect", "ungraded", "ungraded", "correct")


def test_the_version_of_a_scorer_names_its_package_only_where_it_judges() -> None:
    assert scorer_version(["math", "word-set", "integer", "word-set"]) == (
        f"{scorer_version(['math'])}, word-set by rest-bench-example 1.2.0"
    )


# --- broken ones ------------------------------------------------------------------------------------------------------


def test_a_broken_task_is_named_and_the_others_are_listed() -> None:
    with pytest.warns(UserWarning, match="rest-bench-broken") as warned:
        names = tasks.task_names()
    assert "palette" in names
    assert not {"task-raises", "task-is-missing"} & set(names)
    missing, raised = sorted(str(warning.message) for warning in warned)
    assert missing.startswith("task task-is-missing of rest-bench-broken 0.0.1: `rest_bench_broken:NO_SUCH_FILE` gives")
    assert raised == (
        "task task-raises of rest-bench-broken 0.0.1 cannot be loaded from `rest_bench_broken.raises:TASK` "
        "(RuntimeError: this module has a fault); mend or uninstall that package"
    )


def test_a_broken_engine_is_refused_in_a_sentence(command: Command) -> None:
    for name, fault in (
        ("engine-raises", "RuntimeError: this module has a fault"),
        ("engine-is-none", "is 'a text', which is no class with generate"),
    ):
        code, _, err = command("eval", "--engine", name, "--model", "m", "--limit", "2", "--levels", "1")
        assert code == 2
        assert err.startswith(f"rest-bench: engine {name} of rest-bench-broken 0.0.1")
        assert fault in err
        assert len(err.strip().splitlines()) == 1


def test_a_broken_scorer_is_refused_before_anything_is_asked(command: Command, tmp_path: Path) -> None:
    palette = PACKAGES / "example" / "rest_bench_example"
    (tmp_path / "palette.jsonl").write_bytes((palette / "palette.jsonl").read_bytes())
    for name, fault in (
        ("scorer-raises", "cannot be loaded from `rest_bench_broken.raises:SCORER`"),
        ("scorer-is-none", "which has not both of unreadable(problem) and judge(gold, answer, compare)"),
    ):
        task = tmp_path / "palette.yaml"
        task.write_text((palette / "palette.yaml").read_text().replace("word-set", name))
        code, _, err = command("eval", "--tasks", str(task), "--engine", "parrot", "--model", "m")
        assert code == 2
        assert err.startswith(f"rest-bench: scorer {name} of rest-bench-broken 0.0.1")
        assert fault in err


def test_doctor_says_which_plugins_work_and_is_content_without_the_broken(command: Command) -> None:
    code, out, _ = command("doctor", "--json")
    assert code == 0
    found = {each["part"]: each for each in json.loads(out) if each["part"].startswith("plug-in ")}
    assert {part for part, each in found.items() if each["works"]} == {
        "plug-in task palette",
        "plug-in engine parrot",
        "plug-in scorer word-set",
    }
    broken = found["plug-in scorer scorer-raises"]
    assert (broken["works"], broken["remedy"]) == (False, "mend or uninstall rest-bench-broken 0.0.1")
    assert len(found) == 9


def test_an_unknown_scorer_is_told_from_a_misspelt_one(tmp_path: Path) -> None:
    path = tmp_path / "palette.yaml"
    text = (PACKAGES / "example" / "rest_bench_example" / "palette.yaml").read_text()
    path.write_text(text.replace("word-set", "maths"))
    with pytest.raises(
        TaskError, match=r"must be one of integer, math, choice, code, scorer-is-none, .*word-set, not 'ma"
    ):
        tasks.load_task(path)
    with pytest.raises(PluginError, match="answer_type maths: no such scorer"):
        find_scorer("maths")


def test_built_in_names_win(monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_engine("replay").__name__ == "ReplayEngine"  # type: ignore[attr-defined]
    assert find_scorer("math").judge(r"\frac{1}{2}", "0.5", lambda _gold, _answer: False) == "correct"
