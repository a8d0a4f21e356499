import json
from pathlib import Path

from rest_bench.integrations.lm_eval.files import PACKAGED
from tests.commands import Command


def test_the_folder_of_the_packaged_tasks_is_printed(command: Command) -> None:
    code, out, _ = command("lm-eval", "path")
    assert (code, out.strip()) == (0, str(PACKAGED))
    assert (PACKAGED / "rest_all.yaml").is_file()


def test_tasks_are_exported_and_their_files_named(command: Command, tmp_path: Path) -> None:
    chosen = ("--tasks", "arithmetic,gsm8k", "--levels", "2,3", "--limit", 10, "--seed", 1)
    code, out, err = command("lm-eval", "export", "--out", "tasks", *chosen, "--json")
    assert code == 0, err
    written = {Path(file).name for file in json.loads(out)["written"]}
    assert written == {path.name for path in (tmp_path / "tasks").iterdir()}
    assert {"rest_arithmetic_s2.yaml", "rest_gsm8k_s3.yaml", "rest_all.yaml"} <= written


def test_a_level_that_is_no_number_is_refused(command: Command) -> None:
    code, _, err = command("lm-eval", "export", "--out", "tasks", "--levels", "two")
    assert code == 2
    assert err.startswith("rest-bench: --levels: give whole numbers with commas between, such as 1,3,5")


def exported(command: Command) -> str:
    run = ("--engine", "scripted", "--model", "right-to-2", "--levels", "1,3", "--limit", 6, "--out", "run")
    assert command("eval", *run)[0] == 0
    assert command("export", "run", "--format", "lm-eval", "--out", "exported")[0] == 0
    return "exported"


def test_an_export_comes_back_as_the_same_run(command: Command, tmp_path: Path) -> None:
    log = exported(command)
    code, out, err = command("import", "lm-eval", log, "--out", "back", "--model", "right-to-2")
    assert code == 0, err
    assert "arithmetic: accuracy in % by level" in out
    assert "12 samples imported" in err
    first, second = ((tmp_path / name / "summary.json").read_text() for name in ("run", "back"))
    assert first == second
    scores, back = ((tmp_path / name / "scores.parquet").read_bytes() for name in ("run", "back"))
    assert scores == back


def test_replies_that_are_none_are_said(command: Command, tmp_path: Path) -> None:
    log = exported(command)
    (path,) = (tmp_path / log).glob("*/samples_rest_arithmetic_s3_*.jsonl")
    first, *others = path.read_text().splitlines()
    path.write_text("\n".join([json.dumps({**json.loads(first), "resps": [[None]]}), *others, '{"cut']))
    code, _, err = command("import", "lm-eval", log, "--out", "back")
    assert code == 0, err
    assert "12 samples imported; 1 of them are errors: no reply, or one that did not end as it should" in err
    assert f"{path.name}: 1 lines are left out; the first: " in err


def test_a_part_of_a_log_may_be_chosen(command: Command) -> None:
    log = exported(command)
    code, out, err = command("import", "lm-eval", log, "--out", "part", "--levels", "3", "--json")
    assert code == 0, err
    assert list(json.loads(out)["tasks"]["arithmetic"]["levels"]) == ["3"]
    assert "6 logged prompts are none of ours" in err  # those of level 1
    code, _, err = command("import", "lm-eval", log, "--out", "other", "--tasks", "gsm8k")
    assert code == 2
    assert "holds no sample of gsm8k; it holds arithmetic" in err


def test_a_folder_without_samples_is_refused_with_what_to_do(command: Command, tmp_path: Path) -> None:
    code, _, err = command("import", "lm-eval", tmp_path, "--out", "run")
    assert code == 2
    assert "run lm_eval with --log_samples" in err
    assert not (tmp_path / "run").exists()


def test_the_numbers_go_to_a_tracker_if_wanted(command: Command, tmp_path: Path) -> None:
    run = ("--engine", "scripted", "--model", "right-to-2", "--levels", "1,3", "--limit", 6, "--out", "run")
    code, _, err = command("eval", *run, "--tracker", "jsonl", "--tracker-project", "numbers.jsonl")
    assert code == 0, err
    (line,) = (tmp_path / "numbers.jsonl").read_text().splitlines()
    assert json.loads(line)["arithmetic/level_3/accuracy"] == 2 / 3
