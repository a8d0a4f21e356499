import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug import Request, Response

from rest_bench import cli, doctor
from rest_bench.config import RunConfig
from rest_bench.doctor import Finding
from rest_bench.simulation.settings import SimulationSettings
from rest_bench.store import Run
from tests.commands import Command
from tests.engines.faulty_server import MODEL, FaultyServer, completion, refuses, replies
from tests.shared import shared_file

REPOSITORY = Path(__file__).parents[1]


EVAL = ("eval", "--engine", "scripted", "--model", "right-to-2", "--levels", "1,3", "--limit", "5", "--out", "run")

TOY = """
name: toy
title: Toy
answer_type: integer
levels: [1, 2]
repeats: 1
template: rest_math
source:
  local: {path: toy.jsonl, format: jsonl, question: question, answer: answer}
"""


def write_toy(folder: Path) -> None:
    (folder / "toy.yaml").write_text(TOY)
    lines = [{"question": f"What is {number} + 1?", "answer": str(number + 1)} for number in range(3)]
    (folder / "toy.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))


# --- eval, score, report ----------------------------------------------------------------------------------------------


def test_eval_prints_the_table_on_stdout_and_the_rest_on_stderr(command: Command) -> None:
    code, out, err = command(*EVAL)
    assert code == 0
    assert "arithmetic: accuracy in % by level" in out
    assert "PARTIAL" in out
    assert "10 packs to answer" in err
    assert "run folder: run" in err


def test_eval_prints_json_where_a_program_reads(command: Command) -> None:
    code, out, _ = command(*EVAL, "--json")
    assert code == 0
    assert json.loads(out)["tasks"]["arithmetic"]["levels"]["3"]["position_accuracy"] == [1.0, 1.0, 0.0]


def test_report_writes_figures_and_names_them(command: Command, tmp_path: Path) -> None:
    command(*EVAL)
    code, out, err = command("report", "run", "--figures", "plots")
    assert code == 0
    assert out.splitlines()[0] == "plots/arithmetic-stress.svg"
    assert {Path(line) for line in out.splitlines()} == {
        path.relative_to(tmp_path) for path in Path(tmp_path, "plots").iterdir()
    }
    assert "no figure swaps of arithmetic: no wrong answer" in err
    printed = json.loads(command("report", "run", "--figures", "plots", "--json")[1])
    assert printed["written"] == out.splitlines()
    assert {"task": "arithmetic", "kind": "swaps"}.items() <= printed["left_out"][-2].items()


def test_report_writes_the_page_and_names_it(command: Command) -> None:
    command(*EVAL)
    assert command("report", "run", "--html") == (0, "run/report.html\n", "")
    page = Path("run/report.html").read_bytes()
    assert page.startswith(b"<!DOCTYPE html>")
    written = json.loads(command("report", "run", "--html", "--out", "page.html", "--json")[1])
    assert written == {"written": ["page.html"]}
    assert Path("page.html").read_bytes() == page


def test_figures_need_a_folder(command: Command, tmp_path: Path) -> None:
    command(*EVAL)
    (tmp_path / "taken").write_text("")
    code, out, err = command("report", "run", "--figures", "taken")
    assert (code, out) == (2, "")
    assert err == "rest-bench: taken: is a file; name a folder for the figures\n"


def test_score_and_report_print_more_than_eval_printed(command: Command) -> None:
    _, brief, _ = command(*EVAL)
    assert "More tables: rest-bench report run" in brief
    code, whole, _ = command("score", "run")
    assert code == 0
    assert command("report", "run")[:2] == (0, whole)
    shown = {line for line in brief.splitlines() if line[:1] == " "}
    assert shown < set(whole.splitlines()), "the tables of eval are part of the report"
    assert "outcomes in % of slots" in whole
    assert "outcomes in % of slots" not in brief
    _, text, _ = command("report", "run", "--json")
    assert json.loads(text) == json.loads(Path("run/summary.json").read_text())


def test_a_dry_run_says_the_plan_and_loads_no_model(command: Command) -> None:
    code, out, _ = command("eval", "--model", "nowhere", "--levels", "1,2", "--max-tokens", "10", "--dry-run")
    assert code == 0
    assert ["arithmetic", "2", "300", "0", "36", "38", "–", "–", "3,000"] in [line.split() for line in out.splitlines()]
    assert "Prompt tokens are estimated" in out
    assert not Path("runs").exists()


def test_a_dry_run_counts_what_the_folder_holds(command: Command) -> None:
    command(*EVAL)
    more = [*EVAL[:-3], "6", *EVAL[-2:], "--dry-run", "--tokens-per-s", "5", "--json"]
    code, out, _ = command(*more)
    assert code == 0
    forecast = json.loads(out)
    assert (forecast["max_tokens"], forecast["prompt_tokens_exact"], forecast["tokens_per_s"]) == (32768, False, 5)
    low, high = forecast["levels"]
    assert (high["level"], high["n_samples"]) == (3, 6)
    # A sixth problem changes the packs that wrap around, and every reply has 10 tokens.
    n_left = high["n_samples"] - high["n_done"]
    assert (low["n_done"], high["n_done"]) == (5, 3)
    assert (high["expected_completion_tokens"], high["max_completion_tokens"]) == (n_left * 10, n_left * 32768)
    assert (high["expected_s"], high["max_s"]) == (n_left * 2, n_left * 32768 / 5)
    assert [level["n_done"] for level in json.loads(command(*more, "--model", "right-to-1")[1])["levels"]] == [0, 0]
    assert [level["n_done"] for level in json.loads(command(*more, "--seed", "1")[1])["levels"]] == [0, 0]


def test_settings_come_from_a_run_file_and_flags_win(command: Command, tmp_path: Path) -> None:
    (tmp_path / "run.yaml").write_text("engine: scripted\nmodel: right-to-9\nlevels: [3]\nlimit: 5\nout: run\n")
    code, out, _ = command("eval", "--config", "run.yaml", "--model", "right-to-1", "--json")
    assert code == 0
    assert json.loads(out)["model"] == "right-to-1"


def test_failed_samples_are_said_and_the_exit_code_tells(command: Command) -> None:
    code, _, err = command(*EVAL[:4], "right-to-2,fails-third", *EVAL[5:])
    assert code == cli.EXIT_SAMPLES_FAILED
    assert "1 samples failed (the first: the server went away); the same command asks them again" in err


def test_an_interrupted_eval_exits_130_and_the_same_command_goes_on(command: Command) -> None:
    arguments = [*EVAL[:4], "right-to-2,interrupts-itself", *EVAL[5:]]
    code, _, err = command(*arguments)
    assert code == 130
    assert "interrupt again to stop at once" in err
    assert "the same command goes on from there" in err
    assert len(Path("run/responses.jsonl").read_text().splitlines()) == 4
    assert command("score", "run")[0] == 0


def test_a_signal_from_outside_is_drained(tmp_path: Path) -> None:
    arguments = ["--engine", "scripted", "--model", "right-to-2,slow", "--levels", "1", "--out", str(tmp_path / "run")]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.scripted", "eval", *arguments],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    responses = tmp_path / "run" / "responses.jsonl"
    until = time.monotonic() + 60
    while time.monotonic() < until and not (responses.exists() and responses.stat().st_size):
        time.sleep(0.01)
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "interrupted" in err
    assert "Traceback" not in err
    assert 1 <= len(responses.read_text().splitlines()) < 300


def test_shards_are_merged_and_what_is_there_is_said(command: Command) -> None:
    for index in (1, 2):
        assert command(*EVAL[:-1], f"shard-{index}", "--shard", f"{index}/2")[0] == 0
    command(*EVAL)
    _, whole, _ = command("report", "run")
    code, out, err = command("merge", "shard-2", "shard-1", "--out", "merged")
    assert code == 0
    head, _, *rows = out.split("\n")[1:-2]
    assert head.split() == ["task", "level", "planned", "answered", "failed", "missing"]
    assert [row.split() for row in rows] == [
        ["arithmetic", "1", "5", "5", "0", "0"],
        ["arithmetic", "3", "5", "5", "0", "0"],
    ]
    assert err == "run folder: merged\n"
    assert command("report", "merged")[:2] == (0, whole)


def test_a_merge_of_what_is_there_says_what_is_missing(command: Command) -> None:
    command(*EVAL[:-1], "shard-3", "--shard", "3/3")
    code, out, err = command("merge", "shard-3", "--out", "merged")
    assert (code, out) == (2, "")
    assert "shards 1/3, 2/3 are missing; 1 of 5 samples of arithmetic at level 1;" in err
    code, out, _ = command("merge", "shard-3", "--out", "merged", "--partial")
    assert code == 0
    assert "missing shards: 1/3, 2/3" in out
    _, text, _ = command("merge", "shard-3", "--out", "again", "--partial", "--json")
    level = {"task": "arithmetic", "level": 1, "n_planned": 5, "n_answered": 1, "n_failed": 0}
    assert json.loads(text) == {
        "n_shards": 3,
        "missing_shards": [1, 2],
        "is_complete": False,
        "levels": [level, {**level, "level": 3}],
    }


# --- tasks, packs, grade, doctor --------------------------------------------------------------------------------------


def test_tasks_lists_what_is_at_hand(command: Command) -> None:
    code, out, _ = command("tasks")
    assert code == 0
    assert "arithmetic" in out
    _, text, _ = command("tasks", "--json")
    listed = {task["name"]: task for task in json.loads(text)}
    assert set(listed) >= {"gsm8k", "math500", "amc23", "aime24", "aime25", "gpqa_diamond", "arithmetic"}
    assert listed["arithmetic"]["data"] == "embedded"
    assert listed["gsm8k"]["levels"] == [1, 3, 6, 9, 12]


def test_packs_prints_one_line_a_pack_with_its_messages(command: Command, tmp_path: Path) -> None:
    write_toy(tmp_path)
    code, out, _ = command("packs", "toy.yaml", "--level", "2")
    lines = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [line["problem_ids"] for line in lines] == [["2", "1"], ["3", "2"], ["1", "3"]]
    assert set(lines[0]) == {"pack_id", "task", "level", "repeat", "problem_ids", "messages"}
    assert lines[0]["messages"][0]["content"].startswith("Q1: What is 1 + 1?\n\nQ2: What is 0 + 1?\n\n")


def test_packs_of_gsm8k(command: Command) -> None:
    data_dir = shared_file("data/rest")
    code, out, _ = command("packs", "gsm8k", "--level", "3", "--data-dir", data_dir)
    assert code == 0
    assert len(out.splitlines()) == 1319


def test_packs_out_replies_in(command: Command, tmp_path: Path) -> None:
    """One's own inference code: print packs, answer them, replay the answers."""
    write_toy(tmp_path)
    _, out, _ = command("packs", "toy.yaml", "--level", "2")
    with (tmp_path / "replies.jsonl").open("w") as file:
        for line in map(json.loads, out.splitlines()):
            first, second = (int(problem_id) for problem_id in line["problem_ids"])
            text = f"Answer to Q1: \\boxed{{{first}}}\nAnswer to Q2: \\boxed{{{second}}}"
            print(json.dumps({"pack_id": line["pack_id"], "text": text, "finish_reason": "stop"}), file=file)
    replay = ("--engine", "replay", "--responses", "replies.jsonl", "--tasks", "toy.yaml", "--levels", "2", "--json")
    code, out, err = command("eval", "--model", "mine", *replay)
    assert code == 0, err
    assert json.loads(out)["tasks"]["toy"]["levels"]["2"]["accuracy"]["value"] == 1.0


def test_packs_with_golds_need_only_a_response_to_be_graded(command: Command, tmp_path: Path) -> None:
    """One's own inference code, without a run."""
    write_toy(tmp_path)
    _, out, _ = command("packs", "toy.yaml", "--level", "2", "--golds")
    with (tmp_path / "replies.jsonl").open("w") as file:
        for line in map(json.loads, out.splitlines()):
            first, second = line["golds"]
            print(json.dumps({**line, "response": f"Q1: \\boxed{{{first}}}\n\nQ2: \\boxed{{{second}0}}"}), file=file)
    code, out, _ = command("grade", "replies.jsonl")
    assert code == 0
    assert [json.loads(line)["correct"] for line in out.splitlines()] == [[True, False]] * 3


def test_grade_prints_the_schema_of_its_lines(command: Command) -> None:
    import jsonschema

    code, out, _ = command("grade", "--schema")
    assert code == 0
    schema = json.loads(out)
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    lines = (REPOSITORY / "tests/data/cases/answers.jsonl").read_text(encoding="utf-8").splitlines()
    assert [error.message for line in lines for error in validator.iter_errors(json.loads(line))] == []
    good = json.loads(lines[0])
    for bad in ({**good, "stress_level": 0}, {**good, "finish_reason": "tired"}, {"id": "x"}, {**good, "golds": 1}):
        assert not validator.is_valid(bad)
    assert all("description" in field for field in schema["properties"].values())


def test_grade_without_replies_says_what_it_needs(command: Command) -> None:
    code, _, err = command("grade")
    assert code == 2
    assert "IN.jsonl is missing" in err


def test_grade_writes_one_line_for_each_reply(command: Command, tmp_path: Path) -> None:
    line = {
        "id": "r1",
        "stress_level": 2,
        "answer_type": "integer",
        "golds": ["12", "7"],
        "response": "Q1: \\boxed{12}\n\nQ2: I do not know.",
    }
    (tmp_path / "in.jsonl").write_text(json.dumps(line) + "\n")
    code, out, _ = command("grade", "in.jsonl")
    assert code == 0
    assert json.loads(out) == {
        "id": "r1",
        "answers": ["12", None],
        "correct": [True, False],
        "outcomes": ["correct", "omitted"],
        "found_by": ["label", "none"],
        "paper_answers": ["\\boxed{12}", "\\boxed{None}"],
        "paper_correct": [True, False],
    }
    assert command("grade", "in.jsonl", "--out", "out.jsonl")[:2] == (0, "")
    assert (tmp_path / "out.jsonl").read_text() == out


def test_doctor_says_what_works(command: Command) -> None:
    code, out, _ = command("doctor")
    assert code == 0
    assert "engine replay" in out
    _, text, _ = command("doctor", "--json")
    assert {finding["part"] for finding in json.loads(text)} >= {"python", "engine transformers"}


def test_doctor_exits_1_where_no_run_would_work(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Finding("judge", False, "it does not start", "pip install it again")
    monkeypatch.setattr(doctor, "examine", lambda: iter([broken]))
    code, out, _ = command("doctor")
    assert code == cli.EXIT_NOT_SOUND
    assert "pip install it again" in out
    assert command("doctor", "--json")[0] == cli.EXIT_NOT_SOUND


# --- the user's errors ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("eval", "--model", "m", "--tasks", "gsm9k"), "no such task: gsm9k"),
        (("eval", "--model", "m", "--levels", "301"), "level 301 is not possible with 300 problems"),
        (("eval", "--model", "m", "--levels", "1,x"), "--levels: "),
        (("eval", "--model", "m", "--design", "random"), "--design: "),
        (("eval", "--model", "m", "--engine", "lmdeploy"), "--engine lmdeploy: no such engine"),
        (("eval", "--tasks", "arithmetic"), "--model: missing"),
        (("eval", "--model", "m", "--config", "absent.yaml"), "--config absent.yaml: cannot be read"),
        (("eval", "--model", "m", "--engine", "replay"), "--engine replay: needs --responses"),
        (("eval", "--model", "m", "--tasks", "gsm8k", "--data-dir", "nowhere"), "no data file gsm8k/test.jsonl"),
        (("eval", "--model", "./no/such/folder", "--engine", "transformers"), "no/such/folder"),
        (("packs", "nothing.yaml", "--level", "2"), "nothing.yaml"),
        (("score", "nowhere"), "nowhere: not a run folder"),
        (("report", "nowhere"), "nowhere: not a run folder"),
        (("report", "nowhere", "--html"), "nowhere: not a run folder"),
        (("report", "run", "--out", "page.html"), "--out: is the file of --html"),
        (("report", "run", "--html", "--figures", "plots"), "--html, --figures: give one of them"),
        (("simulate", "--scenario", "rain"), "--scenario rain: no such scenario"),
        (("simulate", "--swap-rate", "2"), "--swap-rate: "),
        (("compare", "nowhere", "elsewhere"), "nowhere: not a run folder"),
        (("merge", "nowhere", "--out", "run"), "nowhere: not a run folder"),
        (("grade", "nowhere.jsonl"), "nowhere.jsonl: cannot be read"),
    ],
)
def test_a_users_error_is_one_sentence_and_exit_2(command: Command, arguments: tuple[str, ...], sentence: str) -> None:
    code, out, err = command(*arguments)
    assert code == 2
    assert out == ""
    assert sentence in err
    assert "Traceback" not in err
    assert len(err.strip().splitlines()) == 1
    assert err.startswith("rest-bench: ")


@pytest.mark.parametrize(
    "arguments",
    [
        ("eval", "--no-such-flag"),
        ("eval", "--model", "m", "--seed", "x"),
        ("packs", "arithmetic"),
        ("packs", "a", "--level", "0"),
        ("fly",),
    ],
)
def test_a_wrong_command_line_exits_2_without_a_traceback(command: Command, arguments: tuple[str, ...]) -> None:
    code, _, err = command(*arguments)
    assert code == 2
    assert "Traceback" not in err


def test_a_bug_keeps_its_traceback(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: Run) -> None:
        raise ZeroDivisionError("a bug")

    command(*EVAL)
    monkeypatch.setattr(Run, "summary", property(broken))
    with pytest.raises(ZeroDivisionError):
        cli.main(["report", "run"])


# --- simulate ---------------------------------------------------------------------------------------------------------


def test_a_simulated_run_is_set_beside_its_truth(command: Command) -> None:
    small = ("simulate", "--problems", 9, "--levels", "1,3", "--repeats", 1, "--log-tokens", 4, "--out", "run")
    code, out, err = command(*small, "--latents", "latents.jsonl")
    assert code == 0
    assert "true of these very replies, and measured on their texts" in out
    assert len(Path("latents.jsonl").read_text().splitlines()) == 9 + 27
    assert "run folder: run" in err
    rows = json.loads(command(*small, "--json")[1])
    assert [row["true"] == row["measured"] for row in rows if row["metric"] == "accuracy"] == [True, True]


def test_every_parameter_of_the_reasoner_is_a_flag_of_simulate(command: Command) -> None:
    code, out, _ = command("simulate", "--help")
    assert code == 0
    assert [name for name in SimulationSettings.model_fields if f"--{name.replace('_', '-')}" not in out] == []


# --- settings ---------------------------------------------------------------------------------------------------------


def test_every_setting_is_a_flag_of_eval(command: Command) -> None:
    code, out, _ = command("eval", "--help")
    assert code == 0
    assert [name for name in RunConfig.model_fields if f"--{name.replace('_', '-')}" not in out] == []


def test_the_data_folder_may_stand_in_the_environment(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REST_BENCH_DATA", str(shared_file("data/rest")))
    code, out, _ = command("eval", "--model", "m", "--tasks", "amc23", "--levels", "1", "--dry-run")
    assert code == 0
    assert ["amc23", "1", "320"] in [line.split()[:3] for line in out.splitlines()]
    assert len(command("packs", "aime24", "--level", "2", "--repeats", "1")[1].splitlines()) == 30


LOCALES = [
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
    {"PYTHONIOENCODING": "latin-1:strict", "LC_ALL": "C"},
]


@pytest.mark.parametrize("locale", LOCALES, ids=str)
def test_packs_and_grades_are_utf8_in_any_locale(tmp_path: Path, locale: dict[str, str]) -> None:
    question = "Wie groß ist 千 + é \U0001f600?"
    (tmp_path / "tâche.yaml").write_text(TOY.replace("Toy", "Täfelchen"), encoding="utf-8")
    (tmp_path / "toy.jsonl").write_text(json.dumps({"question": question, "answer": "2"}) + "\n", encoding="utf-8")

    def run(*arguments: str) -> str:
        program = (sys.executable, "-m", "rest_bench", *arguments)
        environment = {**os.environ, **locale, "PYTHONPATH": str(REPOSITORY)}
        done = subprocess.run(program, cwd=tmp_path, env=environment, capture_output=True, check=True, timeout=60)
        return done.stdout.decode("utf-8")

    line = json.loads(run("packs", "tâche.yaml", "--level", "1", "--golds"))
    assert question in line["messages"][0]["content"]
    (tmp_path / "in.jsonl").write_text(json.dumps({**line, "id": "é千", "response": "\\boxed{千\ud800}"}) + "\n")
    graded = json.loads(run("grade", "in.jsonl"))
    assert (graded["id"], graded["paper_answers"]) == ("é千", ["\\boxed{千\ufffd}"])


PRINTING = [
    ("tasks",),
    ("tasks", "--json"),
    ("packs", "arithmetic", "--level", "1", "--limit", "1"),
    ("packs", "arithmetic", "--level", "8"),
    ("grade", "--schema"),
    ("leaderboard", "schema"),
    ("lm-eval", "path"),
    ("eval", "--help"),
    ("--version",),
    ("eval", "--engine", "scripted", "--model", "right-to-2", "--levels", "1", "--limit", "2"),
    ("eval", "--engine", "scripted", "--model", "right-to-2", "--levels", "1", "--limit", "2", "--json"),
]


@pytest.mark.parametrize("arguments", PRINTING, ids=" ".join)
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_results_that_cannot_be_written_are_never_a_success(
    command: Command, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    with Path("/dev/full").open("w") as full:
        monkeypatch.setattr(sys, "stdout", full)
        code, _, err = command(*arguments)
    assert code == 2
    assert err.splitlines()[-1].startswith("rest-bench: standard output: cannot be written (No space left on device)")
    assert "Traceback" not in err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_what_the_interpreter_would_flush_last_is_not_lost_in_silence() -> None:
    shell = f"{sys.executable} -m rest_bench packs arithmetic --level 1 --limit 1 > /dev/full"
    done = subprocess.run(shell, shell=True, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_grades_that_cannot_be_written_are_said(command: Command, tmp_path: Path) -> None:
    line = {"id": "a", "stress_level": 1, "answer_type": "integer", "golds": [2], "response": "\\boxed{2}"}
    (tmp_path / "in.jsonl").write_text(json.dumps(line) + "\n")
    code, _, err = command("grade", "in.jsonl", "--out", "/dev/full")
    assert (code, err) == (2, "rest-bench: --out /dev/full: cannot be written (No space left on device)\n")
    code, _, err = command("grade", "in.jsonl", "--out", "in.jsonl")
    assert (code, err) == (2, "rest-bench: --out in.jsonl: is the file of replies itself; give another file\n")
    assert json.loads((tmp_path / "in.jsonl").read_text()) == line


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("leaderboard", "schema", "--out", "file/inside"), "file/inside: Not a directory"),
        (("leaderboard", "schema", "--out", "x" * 300), "File name too long"),
        (("lm-eval", "export", "--out", "file/inside", "--limit", "1"), "Not a directory"),
    ],
)
def test_a_place_that_takes_no_files_is_a_users_error(
    command: Command, tmp_path: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    (tmp_path / "file").touch()
    code, _, err = command(*arguments)
    assert code == 2
    assert sentence in err
    assert len(err.splitlines()) == 1


def test_score_says_once_how_many_lines_it_left_out(command: Command, tmp_path: Path) -> None:
    assert command(*EVAL)[0] == 0
    responses = tmp_path / "run" / "responses.jsonl"
    first, second, *others = responses.read_bytes().splitlines(keepends=True)
    responses.write_bytes(b"".join([first[:40] + b"\n", b"\0" * 40 + b"\n", *others, second[:-1]]))
    code, _, err = command("score", "run")
    assert code == 0
    assert (
        err.count("run/responses.jsonl: 2 lines are no response, and the last line is cut short; they are left out")
        == 1
    )
    responses.write_bytes(b"".join([first, second, *others]))
    (tmp_path / "run" / "extractions.jsonl").write_bytes(b"{}\n")
    assert "run/extractions.jsonl: 1 lines are no response; they are left out" in command("score", "run")[2]


def test_a_reader_that_goes_away_is_no_error() -> None:
    shell = f"{sys.executable} -m rest_bench packs arithmetic --level 8 | head -n 1"
    done = subprocess.run(shell, shell=True, capture_output=True, text=True, check=True, timeout=60)
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr == ""


def test_simulate_looks_for_data_there_too(command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    monkeypatch.setenv("REST_BENCH_DATA", str(tmp_path / "data"))
    code, _, err = command("simulate", "--tasks", "amc23", "--levels", "1", "--out", "run")
    assert code == 2
    assert f"no data file amc23/test.jsonl in {tmp_path / 'data'}" in err


def test_the_version_is_printed(command: Command) -> None:
    code, out, _ = command("--version")
    assert code == 0
    assert out[0].isdigit()


def test_the_help_of_a_command_without_arguments_is_shown(command: Command) -> None:
    assert "--model" in command("eval")[1]


# --- a second model ---------------------------------------------------------------------------------------------------


@pytest.fixture
def server() -> Iterator[FaultyServer]:
    server = FaultyServer()
    yield server
    server.stop()


def test_score_asks_a_second_model_for_its_list_once(command: Command, server: FaultyServer) -> None:
    command(*EVAL)
    before = json.loads(Path("run/summary.json").read_text())["tasks"]["arithmetic"]["levels"]["1"]

    def lists_all(request: Request) -> Response:
        text = json.loads(request.get_data())["messages"][-1]["content"]
        boxes = re.findall(r"Answer to Q(\d+): \\boxed\{(-?\d+)\}", text)
        return completion("".join(f"Q{number}: {answer}\n" for number, answer in boxes))

    server.always = lists_all
    flags = ("score", "run", "--extractor-model", MODEL, "--base-url", server.url)
    code, out, err = command(*flags)
    assert code == 0, err
    assert "extractor: as org/served-model lists the answers; no other number here uses its list." in out
    assert {body["temperature"] for body in server.requests} == {0}
    assert len(server.requests) == 10
    level = json.loads(Path("run/summary.json").read_text())["tasks"]["arithmetic"]["levels"]["1"]
    assert level.pop("accuracy_extractor")["value"] == 1.0
    assert before.pop("accuracy_extractor")["value"] is None
    assert before["undefined"].pop("accuracy_extractor") == "no second model listed the answers"
    assert level == before, "nothing else changed"
    assert command(*flags)[1] == command("score", "run")[1] == command("report", "run")[1] == out
    assert len(server.requests) == 10, "what it listed before is not asked again"


def test_a_second_model_that_fails_is_said_and_asked_again(command: Command, server: FaultyServer) -> None:
    command(*EVAL)
    server.script.extend([refuses("too long for me")])
    server.always = replies("Q1: NONE")
    flags = ("score", "run", "--extractor-model", MODEL, "--base-url", server.url, "--concurrency", "1")
    code, _, err = command(*flags)
    assert code == cli.EXIT_SAMPLES_FAILED
    assert "1 samples failed" in err
    assert command(*flags)[0] == 0
    assert len(server.requests) == 11


def test_a_second_model_needs_an_address_and_a_name(command: Command) -> None:
    command(*EVAL)
    assert "give the address of its server with --base-url" in command("score", "run", "--extractor-model", "m")[2]
    assert "--extractor-model: missing" in command("score", "run", "--base-url", "http://127.0.0.1:1/v1")[2]


# --- compare ----------------------------------------------------------------------------------------------------------


def test_two_runs_are_compared(command: Command) -> None:
    command(*EVAL)
    command(*EVAL[:4], "right-to-1", *EVAL[5:-1], "other")
    code, out, err = command("compare", "run", "other")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[:2] == ["A  run · right-to-2 on scripted", "B  other · right-to-1 on scripted"]
    assert lines[3].startswith("arithmetic: underpowered: too few questions to tell whether B breaks less or more")
    assert ["model", "right-to-2", "right-to-1", "compared"] in [line.split() for line in lines]
    comparison = json.loads(command("compare", "run", "other", "--json")[1])
    drop = comparison["tasks"]["arithmetic"]["metrics"]["drop"]
    assert (drop["a"], drop["b"]) == (pytest.approx(1 / 3), pytest.approx(2 / 3))
    assert drop["p_value"] == 1 / 16, "five questions that all fall alike: two of 32 patterns of signs"
    assert comparison["smallest_effect"] == 0.02


def test_two_runs_are_compared_on_a_page(command: Command, tmp_path: Path) -> None:
    command(*EVAL)
    command(*EVAL[:4], "right-to-1", *EVAL[5:-1], "other")
    assert command("compare", "run", "other", "--html") == (0, "comparison.html\n", "")
    assert "other" in (tmp_path / "comparison.html").read_text()
    code, out, _ = command("compare", "run", "other", "--html", "--out", "there.html", "--json")
    assert (code, json.loads(out)) == (0, {"written": ["there.html"]})
    code, _, err = command("compare", "run", "other", "--out", "there.html")
    assert code == 2
    assert "--out: is the file of --html" in err


def test_a_run_that_is_compared_with_itself_is_said(command: Command) -> None:
    command(*EVAL)
    code, out, _ = command("compare", "run", "run")
    assert code == 0
    assert "RUN_A and RUN_B are the same folder: every difference is 0." in out


def test_what_cannot_be_compared_is_a_users_error(command: Command) -> None:
    command(*EVAL)
    command(*EVAL[:6], "2", *EVAL[7:-1], "other")
    code, out, err = command("compare", "run", "other")
    assert (code, out) == (2, "")
    assert "share no level of arithmetic (1, 3 and 2); compare like with like" in err
    assert command("compare", "run", "run", "--smallest-effect", "2")[0] == 2
    Path("other/summary.json").unlink()
    assert "run `rest-bench score other`" in command("compare", "run", "other")[2]


# --- export -----------------------------------------------------------------------------------------------------------


def test_a_run_is_exported_and_its_files_are_named(command: Command, tmp_path: Path) -> None:
    command(*EVAL)
    code, out, _ = command("export", "run", "--format", "csv", "--out", "tables")
    assert (code, out) == (0, "tables/slots.csv\ntables/levels.csv\n")
    code, out, _ = command("export", "run", "--format", "lm-eval", "--out", "lm", "--model-id", "org/m", "--json")
    assert code == 0
    assert all(Path(path).is_file() for path in json.loads(out)["written"])
    assert json.loads(out)["pull_request"] is None


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ("--format", "xml"),
            "--format xml: no such format; choose one of csv, hf-eval-results,",
        ),
        (("--format", "hf-eval-results"), "task arithmetic has no data set on the hub"),
        (("--format", "csv", "--model-id", "x"), "--model-id: must be organisation/name"),
    ],
)
def test_what_cannot_be_exported_is_a_users_error(command: Command, arguments: tuple[str, ...], sentence: str) -> None:
    command(*EVAL)
    code, _, err = command("export", "run", *arguments, "--out", "there")
    assert code == 2
    assert sentence in err
