"""The bundled model: what it was taught, what its folder holds, and that it breaks down as its card says."""

import json
import random
import re
from collections.abc import Iterator
from itertools import islice, pairwise
from pathlib import Path

import pytest

from models.train_rest_nano import lessons
from rest_bench.config import RunConfig
from rest_bench.packing import make_packs
from rest_bench.pipeline import evaluate
from rest_bench.schema import Problem, Summary
from rest_bench.store import Run
from rest_bench.tasks import load_task
from rest_bench.templates import render

FOLDER = Path(lessons.ROOT) / "models" / "rest-nano"
STRESSED = ("omitted", ("truncated", "repetition"), ("swapped", "shifted"))


def taught(level: int, n_lessons: int, seed: str = "test") -> Iterator[lessons.Lesson]:
    draw, source = random.Random(seed), lessons.questions(seed)
    return (lessons.packed_lesson([next(source) for _ in range(level)], draw) for _ in range(n_lessons))


# --- lessons ----------------------------------------------------------------------------------------------------------


def test_no_evaluated_expression_is_ever_taught() -> None:
    evaluated = {problem.question for problem in load_task("arithmetic").problems}
    asked = {f"What is {question.expression}?" for question in islice(lessons.questions("test"), 20_000)}
    assert len(evaluated) == 300
    assert len(asked) > 10_000
    assert not evaluated & asked


def test_lessons_ask_in_the_prompt_of_the_protocol() -> None:
    task = load_task("arithmetic")
    (lesson,) = taught(3, 1)
    asked = re.findall(r"What is (.+)\?", lesson.prompt)
    problems = [
        Problem(id=str(k), question=f"What is {each}?", gold="0", answer_type="integer") for k, each in enumerate(asked)
    ]
    (pack, *_) = make_packs(task.model_copy(update={"problems": tuple(problems)}), 3, design="cyclic-first")
    assert render(pack, task).messages[0].content == lesson.prompt


@pytest.mark.parametrize("level", [1, 3, 8])
def test_what_a_lesson_says_is_right(level: int) -> None:
    for lesson in taught(level, 50):
        thinking, _, final = lesson.reply.partition("</think>")
        asked = re.findall(r"What is (.+)\?", lesson.prompt)
        golds = [eval(each) for each in asked]  # noqa: S307 (our own sums)
        assert re.findall(r"Answer to Q(\d+): \\boxed\{(-?\d+)\}", final) == [
            (str(k), str(gold)) for k, gold in enumerate(golds, start=1)
        ]
        for left, right in re.findall(r"^(-?\d+ [+-] \d+) = (-?\d+)$", thinking, re.MULTILINE):
            assert eval(left) == int(right)  # noqa: S307


def test_hard_chains_are_checked_again_more_often_than_easy_ones() -> None:
    draw = random.Random(0)
    rechecked: dict[bool, list[bool]] = {True: [], False: []}
    for question in islice(lessons.questions("test"), 3000):
        hard = lessons.carries(question.expression) >= 2
        rechecked[hard].append("Wait" in lessons.solution(question, draw))
    shares = {hard: sum(each) / len(each) for hard, each in rechecked.items()}
    assert shares[True] > 0.5 > 0.2 > shares[False] > 0


CARRIES = [("5 + 3", 0), ("8 + 5", 1), ("12 - 5", 1), ("12 - 1", 0), ("3 - 9", 1), ("3 - 9 + 20 + 1", 2)]


@pytest.mark.parametrize(("expression", "expected"), CARRIES)
def test_steps_that_carry_borrow_or_go_below_zero_are_counted(expression: str, expected: int) -> None:
    assert lessons.carries(expression) == expected


# --- the folder -------------------------------------------------------------------------------------------------------


def test_the_model_is_small_and_fits_every_engine() -> None:
    config = json.loads((FOLDER / "config.json").read_text())
    training = json.loads((FOLDER / "training.json").read_text())
    assert 1_000_000 <= training["n_parameters"] <= 3_000_000
    assert (FOLDER / "model.safetensors").stat().st_size <= 8_000_000
    assert config["architectures"] == ["LlamaForCausalLM"]
    assert config["hidden_size"] // config["num_attention_heads"] == 32


def test_think_tags_are_tokens_but_not_special_ones() -> None:
    import transformers

    tokenizer = transformers.AutoTokenizer.from_pretrained(FOLDER)
    ids = tokenizer("<think>1</think>")["input_ids"]
    assert len(ids) == 3
    assert tokenizer.decode(ids, skip_special_tokens=True) == "<think>1</think>"
    assert tokenizer.decode(tokenizer("a<|end|>")["input_ids"], skip_special_tokens=True) == "a"


@pytest.mark.parametrize("text", ["Héllo,\t wörld \n\n -5 - -5", "日本 🙂", " <think> ", "\\boxed{-12}\r\n"])
def test_its_tokenizer_keeps_any_text(text: str) -> None:
    import transformers

    tokenizer = transformers.AutoTokenizer.from_pretrained(FOLDER)
    assert tokenizer.decode(tokenizer(text)["input_ids"]) == text


def accuracy_of_card(text: str) -> dict[str, float]:
    """Return the accuracy in % by level that a model card states."""
    return {
        level: float(value) for level, value in re.findall(r"^\| (\d+) \| ([\d.]+) \| [\d.]+ to", text, re.MULTILINE)
    }


def test_the_card_states_an_accuracy_for_every_level_of_the_task() -> None:
    stated = accuracy_of_card((FOLDER / "README.md").read_text(encoding="utf-8"))
    assert {str(level) for level in load_task("arithmetic").levels} <= set(stated)
    assert stated["1"] >= 97
    assert stated["8"] < 50


# --- what it does -----------------------------------------------------------------------------------------------------


def run(out: Path, **settings: object) -> Summary:
    evaluate(
        RunConfig.model_validate({"model": "rest-nano", "temperature": 0, "out": out, "batch_size": 64, **settings})
    )
    return Run(out).summary


def test_it_thinks_and_answers_one_problem_and_fails_many(tmp_path: Path) -> None:
    summary = run(tmp_path / "run", engine="transformers", device="cpu", levels=(1, 8), limit=24)
    single, stressed = (summary.tasks["arithmetic"].levels[level] for level in ("1", "8"))
    assert (single.accuracy.value or 0) >= 0.9
    assert (stressed.accuracy.value or 0) <= 0.7
    assert single.thinking_tokens is not None
    assert single.thinking_tokens[0] > 10


@pytest.mark.real_model
@pytest.mark.timeout(900)
def test_its_accuracy_falls_smoothly_with_level_and_position(tmp_path: Path) -> None:
    summary = run(tmp_path / "run", engine="transformers", device="cpu", levels=(1, 2, 4, 6, 8, 10))
    levels = summary.tasks["arithmetic"].levels
    curve = [levels[level].accuracy.value or 0.0 for level in ("1", "2", "4", "6", "8")]
    assert curve[0] >= 0.97
    assert curve[-1] < 0.5
    falls = [before - after for before, after in pairwise(curve)]
    assert min(falls) > -0.01
    assert max(falls) < 0.45
    for level in ("6", "8"):
        positions = levels[level].position_accuracy
        half = len(positions) // 2
        assert sum(positions[:half]) / half > sum(positions[half:]) / half + 0.1
    failures = {name: max(levels[level].outcomes[name] for level in ("8", "10")) for name in levels["8"].outcomes}
    for kinds in STRESSED:
        assert sum(failures[kind] for kind in ([kinds] if isinstance(kinds, str) else kinds)) > 0
    from models.train_rest_nano.card import card

    published = accuracy_of_card((FOLDER / "README.md").read_text(encoding="utf-8"))
    written = accuracy_of_card(card(Run(tmp_path / "run"), json.loads((FOLDER / "training.json").read_text())))
    # Another processor rounds otherwise, and a greedy reply may turn at a near tie.
    assert {level: pytest.approx(published[level], abs=2) for level in written} == written


@pytest.mark.vllm
@pytest.mark.timeout(900)
@pytest.mark.filterwarnings("default")  # importing vLLM warns of what others have deprecated
def test_vllm_and_transformers_give_the_same_answers(tmp_path: Path) -> None:
    answers = []
    for engine, settings in (("transformers", {"device": "cpu"}), ("vllm", {"enforce_eager": True})):
        run(tmp_path / engine, engine=engine, levels=(1,), **settings)
        rows = Run(tmp_path / engine).scores()
        answers.append(dict(zip(rows["problem_id"], rows["answer"], strict=True)))
    ours, theirs = answers
    assert len(ours) == len(theirs) == 300
    same = sum(ours[problem_id] == theirs[problem_id] for problem_id in ours)
    assert same / len(ours) >= 0.98
