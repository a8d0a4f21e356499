"""Our tasks in the real lm-eval, which gives the model `dummy` for what needs no reply worth reading."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from rest_bench.config import make_config, packaged_dir
from rest_bench.errors import ConfigError
from rest_bench.integrations.lm_eval.files import PACKAGED, Choice, export_tasks, packaged_tasks
from rest_bench.planning import make_plan
from rest_bench.store import Run
from tests.integrations.conftest import Harness

pytestmark = [pytest.mark.integrations, pytest.mark.timeout(900), pytest.mark.filterwarnings("default")]

LOGGED = ("--log_samples", "--output_path", "out")
NANO = str(packaged_dir("models") / "rest-nano")


def load(folder: Path, name: str, **metadata: Any) -> Any:
    from lm_eval.tasks import TaskManager

    manager = TaskManager(include_path=str(folder), include_defaults=False, metadata=metadata)
    return manager.load([name])["tasks"][name]


def contexts(task: Any, **template: Any) -> list[str]:
    task.build_all_requests(limit=None, rank=0, world_size=1, **template)
    return [instance.args[0] for instance in task.instances]


def exported(tmp_path: Path, **choice: Any) -> Path:
    export_tasks(Choice(("arithmetic",), (2,), limit=6, **choice), tmp_path / "tasks")
    return tmp_path / "tasks"


def prompts(**settings: object) -> list[str]:
    plan = make_plan(make_config({"model": "m", "levels": (2,), "limit": 6, **settings}))
    return [sample.prompt.messages[0].content for sample in plan.samples()]


def test_all_packaged_tasks_pass_its_own_check(harness: Harness) -> None:
    names = [path.stem for path in PACKAGED.glob("*.yaml")]
    assert len(names) == 1 + sum(2 + 5 for _ in packaged_tasks())
    out = harness("lm_eval", "validate", "--include_path", PACKAGED, "--tasks", ",".join(names))
    assert "All tasks found and valid" in out


def test_what_is_asked_is_our_prompt_byte_for_byte(tmp_path: Path) -> None:
    assert contexts(load(exported(tmp_path), "rest_arithmetic_s2")) == prompts()


def test_a_chat_template_goes_around_the_prompt(tmp_path: Path) -> None:
    def template(messages: Sequence[dict[str, str]], add_generation_prompt: bool = True) -> str:
        ((role, content),) = ((message["role"], message["content"]) for message in messages)
        return f"<{role}>{content}<answer>"

    task = load(exported(tmp_path), "rest_arithmetic_s2")
    found = contexts(task, apply_chat_template=True, chat_template=template, fewshot_as_multiturn=False)
    assert found == [f"<user>{prompt}<answer>" for prompt in prompts()]


def test_repeats_are_its_own_where_prompts_are_the_same(tmp_path: Path) -> None:
    task = load(exported(tmp_path, repeats=3), "rest_arithmetic_s2")
    assert contexts(task) == prompts()
    assert {instance.repeats for instance in task.instances} == {3}


def test_repeats_are_documents_where_prompts_differ(tmp_path: Path) -> None:
    task = load(exported(tmp_path, repeats=3, design="shuffled"), "rest_arithmetic_s2")
    found = contexts(task)
    assert found == prompts(design="shuffled", repeats=3)
    assert len(found) == 18


def test_local_data_come_from_metadata(tmp_path: Path) -> None:
    (tmp_path / "data" / "gsm8k").mkdir(parents=True)
    rows = [{"question": f"1 + {number}?", "answer": f"#### {number + 1}"} for number in range(3)]
    (tmp_path / "data" / "gsm8k" / "test.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    task = load(PACKAGED, "rest_gsm8k_s3", data_dir=str(tmp_path / "data"))
    assert next(doc["golds"] for doc in task.eval_docs) == ["2", "3", "1"]


# --- replies ----------------------------------------------------------------------------------------------------------


def judged(task: Any, *replies: str) -> dict[str, float]:
    doc = task.eval_docs[0]
    filled = [reply.format(*doc["golds"]) for reply in replies]
    found: dict[str, float] = task.process_results(doc, [filled])
    return found


def test_a_reply_is_read_by_its_labels(tmp_path: Path) -> None:
    task = load(exported(tmp_path), "rest_arithmetic_s2")
    contexts(task)
    found = judged(task, "Q2: \\boxed{{{1}}}")
    assert {name: found[f"rest_{name}"] for name in ("acc", "acc_pos1", "acc_pos2", "paper", "answered")} == {
        "acc": 0.5,
        "acc_pos1": 0.0,
        "acc_pos2": 1.0,
        "paper": 0.0,
        "answered": 0.5,
    }


def test_repeats_count_as_their_mean(tmp_path: Path) -> None:
    task = load(exported(tmp_path, repeats=3), "rest_arithmetic_s2")
    contexts(task)
    right = "Q1: \\boxed{{{0}}}\nQ2: \\boxed{{{1}}}"
    assert judged(task, right, "nothing", "nothing")["rest_acc"] == pytest.approx(1 / 3)
    assert judged(task, right, "<think>and", right)["rest_truncated"] == pytest.approx(1 / 3)


def test_another_filter_may_hand_over_one_reply(tmp_path: Path) -> None:
    task = load(exported(tmp_path), "rest_arithmetic_s2")
    contexts(task)
    doc = task.eval_docs[0]
    assert task.process_results(doc, ["Q1: \\boxed{%s}" % doc["golds"][0]])["rest_acc"] == 0.5  # noqa: UP031 - braces


def test_thinking_that_the_prompt_began_is_no_answer(tmp_path: Path) -> None:
    def template(messages: Sequence[dict[str, str]], add_generation_prompt: bool = True) -> str:
        return f"{messages[0]['content']}<think>\n"

    cut = "Q1 gives \\boxed{{{0}}} and Q2 gives \\boxed{{{1}}}, so"
    task = load(exported(tmp_path), "rest_arithmetic_s2")
    contexts(task, apply_chat_template=True, chat_template=template, fewshot_as_multiturn=False)
    assert (judged(task, cut)["rest_acc"], judged(task, cut)["rest_truncated"]) == (0.0, 1.0)


def test_thinking_is_counted_with_the_models_tokenizer(tmp_path: Path) -> None:
    reply = "<think>\nQ1: 1 + 1 = 2\n\nQ2: 2 + 2 = 4\n</think>\n\nAnswer to Q1: \\boxed{{{0}}}"
    with_tokenizer = load(exported(tmp_path), "rest_arithmetic_s2", pretrained=NANO)
    contexts(with_tokenizer)
    found = judged(with_tokenizer, reply)
    assert 5 < found["rest_think_tokens_pos1"] < 30
    without = load(exported(tmp_path), "rest_arithmetic_s2")
    contexts(without)
    assert "rest_think_tokens_pos1" not in judged(without, reply)


# --- the command ------------------------------------------------------------------------------------------------------


def test_groups_average_levels_and_files_hold_no_nan(harness: Harness, tmp_path: Path) -> None:
    export_tasks(Choice(("arithmetic",), (1, 2, 3), limit=4), tmp_path / "tasks")
    tasks = ("--include_path", tmp_path / "tasks", "--tasks", "rest_arithmetic")
    harness("lm_eval", "run", "--model", "dummy", *tasks, "--log_samples", "--output_path", tmp_path / "out")
    (results,) = tmp_path.glob("out/*/results_*.json")

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    found = json.loads(results.read_text(), parse_constant=refuse)
    assert (
        found["groups"]["rest_arithmetic"]["rest_acc,none"]
        == found["groups"]["rest_arithmetic_stress"]["rest_acc,none"]
        == 0.0
    )
    levels = {
        name.rpartition("::")[2]: values for name, values in found["results"].items()
    }  # 0.5 names their group, too
    stress = {name.rpartition("::")[2] for name in found["group_subtasks"]["rest_arithmetic_stress"]}
    assert stress == {"rest_arithmetic_s2", "rest_arithmetic_s3"}
    assert levels["rest_arithmetic_s2"]["rest_answered,none"] == 0.0
    harness("rest-bench", "import", "lm-eval", "out", "--out", "run")
    assert set(Run(tmp_path / "run").summary.tasks["arithmetic"].levels) == {"1", "2", "3"}
    assert Run(tmp_path / "run").manifest.tasks[0].levels[0].limit == 4


def test_a_packaged_task_is_answered_and_its_log_comes_back_as_a_run(harness: Harness, tmp_path: Path) -> None:
    model = ("--model", "hf", "--model_args", json.dumps({"pretrained": NANO, "dtype": "float32"}), "--batch_size", 2)
    tasks = ("--include_path", PACKAGED, "--tasks", "rest_arithmetic_s2", "--apply_chat_template")
    greedy = '{"temperature": 0, "do_sample": false, "max_gen_toks": 400}'
    out = harness("lm_eval", "run", *model, *tasks, "--gen_kwargs", greedy, *LOGGED, "--limit", 2)
    assert "not found in registry" not in out
    (results,) = tmp_path.glob("out/*/results_*.json")
    found = json.loads(results.read_text())["results"]["rest_arithmetic_s2"]
    harness("rest-bench", "import", "lm-eval", "out", "--out", "run")
    level = Run(tmp_path / "run").summary.tasks["arithmetic"].levels["2"]
    assert level.n_packs == 2
    assert [response.finish_reason for _, response, _ in Run(tmp_path / "run").samples()] == [None, None]
    assert found["rest_acc,none"] == level.accuracy.value == 1.0
    assert found["rest_think_tokens_pos1,none"] > 10


def test_a_model_of_it_is_an_engine(harness: Harness, tmp_path: Path) -> None:
    engine = ("--engine", "lm-eval", "--lm-eval-model", "hf", "--lm-eval-args", '{"dtype": "float32"}')
    asked = ("--levels", 2, "--limit", 2, "--temperature", 0, "--max-tokens", 400, "--out", "run")
    harness("rest-bench", "eval", "--model", "rest-nano", *engine, *asked)
    assert Run(tmp_path / "run").summary.tasks["arithmetic"].levels["2"].accuracy.value == 1.0


def test_a_reply_that_is_none_is_no_answer(tmp_path: Path) -> None:
    task = load(exported(tmp_path, repeats=2), "rest_arithmetic_s2")
    contexts(task)
    doc = task.eval_docs[0]
    right = "\n".join(f"Q{k}: \\boxed{{{gold}}}" for k, gold in enumerate(doc["golds"], start=1))
    for handed_over in ([[right, None]], [right, None]):  # as 0.4 does, and as 0.5
        assert task.process_results(doc, handed_over)["rest_acc"] == 0.5


def test_other_repeats_than_those_packed_are_refused(tmp_path: Path) -> None:
    task = load(exported(tmp_path, repeats=3), "rest_arithmetic_s2")
    task.set_repeats(3)
    with pytest.raises(ConfigError, match=r"rest_arithmetic_s2: its repeats are 3, .* rest-bench lm-eval export"):
        task.set_repeats(5)


def test_missing_data_are_told_in_a_sentence(harness: Harness, tmp_path: Path) -> None:
    tasks = ("--include_path", PACKAGED, "--tasks", "rest_gsm8k_s3")
    out = harness("lm_eval", "run", "--model", "dummy", *tasks, code=1, REST_BENCH_DATA=str(tmp_path))
    assert ": task gsm8k: no data file gsm8k/test.jsonl in" in out
