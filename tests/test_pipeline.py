import json
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from rest_bench.config import RunConfig
from rest_bench.engines import ENGINES
from rest_bench.errors import ConfigError, EngineError, PackingError, StoreError, TaskError
from rest_bench.interrupts import Interrupted
from rest_bench.metrics import summarize
from rest_bench.pipeline import evaluate, extract, foresee, grade, make_manifest, report, score
from rest_bench.planning import make_plan
from rest_bench.replies import read_replies
from rest_bench.schema import EngineInfo, Response
from rest_bench.store import Run
from tests import scripted

REPOSITORY = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def _scripted_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENGINES, scripted.NAME, scripted.TARGET)


def config(out: Path, **changes: object) -> RunConfig:
    settings = {"model": "right-to-2", "engine": "scripted", "levels": (1, 3), "limit": 6, "out": out}
    return RunConfig.model_validate({**settings, **changes})


def test_the_page_of_a_run_is_the_same_each_time(tmp_path: Path) -> None:
    evaluate(config(tmp_path / "run"))
    written = report(tmp_path / "run")
    assert written == tmp_path / "run" / "report.html"
    page = written.read_bytes()
    assert b"All 12 samples of the run." in page
    score(tmp_path / "run")
    assert report(tmp_path / "run", tmp_path / "other.html").read_bytes() == page


def test_a_page_that_cannot_be_written_leaves_no_part(tmp_path: Path) -> None:
    evaluate(config(tmp_path / "run"))
    with pytest.raises(StoreError, match="cannot be written"):
        report(tmp_path / "run", tmp_path / "no" / "page.html")
    assert not (tmp_path / "no").exists()


def sample_ids(run: Run) -> list[str]:
    lines = (run.path / "responses.jsonl").read_text().splitlines()
    return [Response.model_validate_json(line).sample_id for line in lines]


# --- the whole line ---------------------------------------------------------------------------------------------------


def test_the_whole_line_from_a_task_to_a_summary(tmp_path: Path) -> None:
    run = evaluate(config(tmp_path / "run"))
    levels = run.summary.tasks["arithmetic"].levels
    assert levels["1"].accuracy.value == 1.0
    assert levels["3"].accuracy.value == pytest.approx(2 / 3)
    assert levels["3"].position_accuracy == (1.0, 1.0, 0.0)
    assert levels["3"].outcomes["wrong"] == pytest.approx(1 / 3)
    assert levels["3"].drop_by_outcome is not None
    assert levels["3"].drop_by_outcome["wrong"] == pytest.approx(1 / 3)
    assert (levels["3"].n_swap_eligible, levels["3"].swap_rate.value, levels["3"].swap_excess.value) == (6, 0, 0)
    assert levels["3"].index_shift_gain == 0
    assert run.summary.tasks["arithmetic"].drop.value == pytest.approx(1 / 3)
    assert run.summary.config.partial
    assert {path.name for path in run.path.iterdir()} >= {
        "manifest.json",
        "packs.jsonl",
        "responses.jsonl",
        "scores.parquet",
        "summary.json",
    }
    (invocation,) = run.manifest.invocations
    assert invocation.finished_at is not None


def test_every_sampling_field_in_force_stands_in_the_manifest(tmp_path: Path) -> None:
    run = evaluate(config(tmp_path / "run", temperature=0.0, max_tokens=77, top_k=5))
    sampling = json.loads((run.path / "manifest.json").read_text())["sampling"]
    assert sampling == {
        "temperature": 0.0,
        "top_p": 0.95,
        "top_k": 5,
        "min_p": 0.0,
        "repetition_penalty": 1.0,
        "max_tokens": 77,
    }


def test_scoring_again_writes_the_same_bytes(tmp_path: Path) -> None:
    run = evaluate(config(tmp_path / "run"))
    before = [(run.path / name).read_bytes() for name in ("scores.parquet", "summary.json")]
    score(run.path)
    assert [(run.path / name).read_bytes() for name in ("scores.parquet", "summary.json")] == before


def test_the_summary_is_that_of_the_whole_table_at_once(tmp_path: Path) -> None:
    run = evaluate(config(tmp_path / "run", levels=(1, 2, 3), repeats=2, model="right-to-2,fails-third"))
    written = (run.path / "summary.json").read_text()
    assert written == summarize(run.scores(), run.manifest).model_dump_json(indent=2) + "\n"


def test_the_order_in_which_responses_arrive_changes_no_score(tmp_path: Path) -> None:
    run = evaluate(config(tmp_path / "run"))
    before = (run.path / "scores.parquet").read_bytes()
    responses = run.path / "responses.jsonl"
    responses.write_text("".join(reversed(responses.read_text().splitlines(keepends=True))))
    score(run.path)
    assert (run.path / "scores.parquet").read_bytes() == before


def test_each_sample_has_its_own_seed(tmp_path: Path) -> None:
    run = evaluate(config(tmp_path / "run", repeats=2))
    seeds = [sample.response.seed for sample in run.samples()]
    assert len(set(seeds)) == len(seeds) == 24
    assert all(seed is not None and 0 <= seed < 2**63 for seed in seeds)


def test_the_manifest_says_how_often_a_guess_is_right(tmp_path: Path) -> None:
    (tmp_path / "toy.jsonl").write_text('{"question": "Which?", "answer": "x", "b": "y", "c": "z", "d": "w"}\n' * 4)
    (tmp_path / "toy.yaml").write_text(
        "name: toy\ntitle: Toy\nanswer_type: choice\nlevels: [1, 2]\nrepeats: 1\ntemplate: rest_choice\n"
        "source:\n  local: {path: toy.jsonl, format: jsonl, question: question, answer: answer, wrong: [b, c, d]}\n"
    )
    tasks = (str(tmp_path / "toy.yaml"), "arithmetic")
    settings = config(tmp_path / "run", tasks=tasks, levels=(1, 2))
    plan = make_plan(settings)
    info = EngineInfo(engine="scripted", engine_version="1", model="m")
    assert [task.chance for task in make_manifest(settings, plan, info).tasks] == [0.25, 0]


def test_mixed_packs_hold_problems_of_several_tasks(tmp_path: Path) -> None:
    (tmp_path / "toy.jsonl").write_text('{"question": "What is 1 + 1?", "answer": "2"}\n' * 3)
    (tmp_path / "toy.yaml").write_text(
        "name: toy\ntitle: Toy\nanswer_type: integer\nlevels: [1, 2]\nrepeats: 1\ntemplate: rest_math\n"
        "source:\n  local: {path: toy.jsonl, format: jsonl, question: question, answer: answer}\n"
    )
    tasks = ("arithmetic", str(tmp_path / "toy.yaml"))
    run = evaluate(config(tmp_path / "run", tasks=tasks, design="mixed", levels=(2,)))
    ((name, task),) = run.summary.tasks.items()
    assert name == "arithmetic+toy"
    assert task.levels["2"].accuracy.value == 1.0


# --- going on ---------------------------------------------------------------------------------------------------------


def test_a_finished_run_asks_nothing_again(tmp_path: Path) -> None:
    run = evaluate(config(tmp_path / "run"))
    before = sample_ids(run)
    assert sample_ids(evaluate(config(tmp_path / "run"))) == before


def test_levels_and_limit_may_grow_in_the_same_folder(tmp_path: Path) -> None:
    evaluate(config(tmp_path / "run", levels=(1,)))
    run = evaluate(config(tmp_path / "run", levels=(2,), limit=8))
    assert {level: part.n_packs for level, part in run.summary.tasks["arithmetic"].levels.items()} == {"1": 6, "2": 8}
    run = evaluate(config(tmp_path / "run", levels=(1,), limit=8))
    assert run.summary.tasks["arithmetic"].levels["1"].n_packs == 8
    assert len(set(sample_ids(run))) == len(sample_ids(run)) == 16
    assert len(run.manifest.invocations) == 3


def test_another_model_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    evaluate(config(tmp_path / "run"))
    with pytest.raises(StoreError, match="another model"):
        evaluate(config(tmp_path / "run", model="right-to-3"))


def test_no_resume_never_touches_a_run_that_is_there(tmp_path: Path) -> None:
    run = evaluate(config(tmp_path / "run"))
    with pytest.raises(StoreError, match="holds a run already; use another --out"):
        evaluate(config(tmp_path / "run", resume=False))
    assert len(sample_ids(run)) == 12


def test_failed_samples_are_asked_again(tmp_path: Path) -> None:
    run = evaluate(config(tmp_path / "run", model="right-to-2,fails-third", levels=(1,)))
    assert run.summary.tasks["arithmetic"].levels["1"].outcomes["error"] == pytest.approx(1 / 6)
    # Only the failed one is missing now, so that it is no longer the third.
    run = evaluate(config(tmp_path / "run", model="right-to-2,fails-third", levels=(1,)))
    assert run.summary.tasks["arithmetic"].levels["1"].accuracy.value == 1.0
    assert len(sample_ids(run)) == 7


def test_an_engine_that_breaks_loses_nothing(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="the model went away"):
        evaluate(config(tmp_path / "run", model="right-to-2,breaks"))
    assert len(sample_ids(Run(tmp_path / "run"))) == 3


@pytest.mark.parametrize("model", ["right-to-2,interrupts-itself", "right-to-2,insists"])
def test_an_interrupt_keeps_what_is_finished_and_the_same_call_goes_on(tmp_path: Path, model: str) -> None:
    with pytest.raises(Interrupted):
        evaluate(config(tmp_path / "run", model=model))
    done = sample_ids(Run(tmp_path / "run"))
    # The first interrupt lets the sample in progress finish, the second one does not.
    assert len(done) == (4 if "interrupts-itself" in model else 3)
    for _ in range(5):
        try:
            run = evaluate(config(tmp_path / "run", model=model))
        except Interrupted:
            continue
        break
    assert sample_ids(run)[: len(done)] == done
    assert len(set(sample_ids(run))) == len(sample_ids(run)) == 12


def test_an_evaluation_runs_outside_the_main_thread(tmp_path: Path) -> None:
    thread = threading.Thread(target=evaluate, args=[config(tmp_path / "run")])
    thread.start()
    thread.join()
    assert Run(tmp_path / "run").summary.tasks["arithmetic"].levels["1"].accuracy.value == 1.0


def test_a_run_killed_at_any_moment_ends_with_every_sample_once(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.scripted", "eval", "--engine", "scripted", "--model", "right-to-2,slow"]
    command += ["--levels", "1,3", "--limit", "20", "--out", str(tmp_path / "killed")]
    responses = tmp_path / "killed" / "responses.jsonl"
    for wanted_bytes in (1, 2_000, 5_000):
        process = subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 60
        while time.monotonic() < until and (not responses.exists() or responses.stat().st_size < wanted_bytes):
            time.sleep(0.005)
        process.kill()
        process.wait()
        assert process.returncode == -9, "it was killed before it was done"
    subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True, timeout=100)
    run = Run(tmp_path / "killed")
    assert len(set(sample_ids(run))) == len(sample_ids(run)) == 40
    whole = evaluate(config(tmp_path / "whole", model="right-to-2,slow", limit=20))
    assert run.summary == whole.summary
    assert run.scores().equals(whole.scores())


# --- planning and bad input -------------------------------------------------------------------------------------------


def test_a_level_above_the_number_of_problems_is_refused_before_any_model_is_loaded(tmp_path: Path) -> None:
    with pytest.raises(PackingError, match="level 7 is not possible with 6 problems"):
        evaluate(config(tmp_path / "run", levels=(7,)))
    assert not (tmp_path / "run").exists()


def test_an_unknown_task_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    with pytest.raises(TaskError, match="did you mean arithmetic"):
        evaluate(config(tmp_path / "run", tasks=("arithmetik",)))


def test_an_unknown_engine_is_refused_with_the_names_there_are(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="choose one of auto, vllm, openai, transformers, lm-eval, replay"):
        evaluate(config(tmp_path / "run", engine="vlm"))


def test_an_empty_reply_is_omitted_and_counts(tmp_path: Path) -> None:
    lines = [
        {"pack_id": pack.pack_id, "text": "", "finish_reason": "stop" if number else "length"}
        for number, (pack, _) in enumerate(make_plan(config(tmp_path, levels=(2,))).samples())
    ]
    replies = tmp_path / "replies.jsonl"
    replies.write_text("".join(json.dumps(line) + "\n" for line in lines))
    run = evaluate(config(tmp_path / "run", engine="replay", responses=replies, levels=(2,)))
    level = run.summary.tasks["arithmetic"].levels["2"]
    assert level.outcomes["omitted"] == pytest.approx(5 / 6)
    assert level.outcomes["truncated"] == pytest.approx(1 / 6)
    assert level.accuracy.value == 0.0


def test_damage_to_the_responses_is_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    run = evaluate(config(tmp_path / "run", levels=(1,)))
    responses = run.path / "responses.jsonl"
    first, *rest = responses.read_bytes().splitlines(keepends=True)
    responses.write_bytes(first[:10] + b"\xff\n" + b"".join(rest))
    run = evaluate(config(tmp_path / "run", levels=(1,)))
    assert "1 lines are no response" in caplog.text
    assert "1 lines are no response" in (run.path / "log.jsonl").read_text()
    assert run.summary.tasks["arithmetic"].levels["1"].accuracy.value == 1.0


def test_replies_made_elsewhere_are_graded_in_order(tmp_path: Path) -> None:
    lines = [
        {
            "id": f"r{number}",
            "stress_level": 2,
            "answer_type": "integer",
            "golds": ["12", str(number)],
            "response": f"Q1: \\boxed{{12}}\n\nQ2: \\boxed{{{number}}}",
        }
        for number in range(300)
    ]
    path = tmp_path / "replies.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    graded = list(grade(read_replies(path)))
    assert [reply.id for reply in graded] == [line["id"] for line in lines]
    assert all(reply.correct == (True, True) for reply in graded)
    assert graded[7].paper_answers == ("\\boxed{12}", "\\boxed{7}")


# --- a second model ---------------------------------------------------------------------------------------------------


def test_a_second_model_that_solves_instead_of_copying_earns_nothing(tmp_path: Path) -> None:
    run = evaluate(config(tmp_path / "run"))
    extract(run.path, config(tmp_path / "unused", model="right-to-9"))
    levels = score(run.path).summary.tasks["arithmetic"].levels
    assert [levels[level].accuracy_extractor.value for level in ("1", "3")] == pytest.approx([1.0, 2 / 3])
    scores = run.scores()
    third = scores[scores["position"] == 3]
    assert third["answer_extractor"].isna().all(), "the right sum does not stand in the reply"
    assert not third["correct_extractor"].astype(bool).any()
    assert run.summary.config.extractor == "right-to-9"


def test_a_reply_without_a_final_text_is_not_shown_to_a_second_model(tmp_path: Path) -> None:
    run = evaluate(config(tmp_path / "run", levels=(1,)))
    path = run.path / "responses.jsonl"
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    lines[0]["text"] = "<think>\nAnswer to Q1: \\boxed{1}"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    extract(run.path, config(tmp_path / "unused", model="right-to-9"))
    assert len((run.path / "extractions.jsonl").read_text().splitlines()) == 5
    assert score(run.path).summary.tasks["arithmetic"].levels["1"].accuracy_extractor.value == pytest.approx(5 / 6)


def test_a_failed_list_is_no_reading_and_is_asked_again(tmp_path: Path) -> None:
    run = evaluate(config(tmp_path / "run", levels=(1,)))
    extract(run.path, config(tmp_path / "unused", model="right-to-9,fails-third"))
    assert score(run.path).scores()["correct_extractor"].notna().sum() == 5
    extract(run.path, config(tmp_path / "unused", model="right-to-9,fails-third"))
    assert score(run.path).scores()["correct_extractor"].notna().sum() == 6
    assert len((run.path / "extractions.jsonl").read_text().splitlines()) == 7


def test_a_forecast_counts_no_replies_of_another_quantization(tmp_path: Path) -> None:
    evaluate(config(tmp_path / "run"))
    for changes, n_done in (({}, [6, 6]), ({"quantization": "fp8"}, [0, 0]), ({"enforce_eager": True}, [6, 6])):
        levels = foresee(config(tmp_path / "run", **changes)).levels
        assert [level.n_done for level in levels] == n_done
