"""examples/lighteval_rest.py: its join and its preview here, and the whole route in real lighteval."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest

from rest_bench.store import Run
from tests.commands import Command

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "lighteval_rest.py"
LIGHTEVAL_VENV = ROOT / ".venv-lighteval"
MAX_TOKENS = 800


@pytest.fixture(scope="module")
def example() -> ModuleType:
    spec = importlib.util.spec_from_file_location(EXAMPLE.stem, EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def pack(pack_id: str, prompt: str = "Q1: 1 + 1?\n\nQ2: 2 + 2?", **fields: object) -> dict[str, Any]:
    return {
        "pack_id": pack_id,
        "messages": [{"role": "user", "content": prompt}],
        "id": pack_id,
        "stress_level": 2,
        "answer_type": "integer",
        "golds": ["2", "4"],
        **fields,
    }


def saved(pack_id: str, reply: str, prompt: str = "Q1: 1 + 1?\n\nQ2: 2 + 2?", **fields: object) -> dict[str, Any]:
    """Return a row as lighteval saves it, without what nobody reads."""
    return {
        "doc": {"query": prompt, "specific": {"pack_id": pack_id}},
        "model_response": {"text": [reply], "text_post_processed": ["no thinking"], "reasonings": [], **fields},
    }


def write_packs(path: Path, *packs: dict[str, Any]) -> None:
    path.write_text("".join(json.dumps(each) + "\n" for each in packs), encoding="utf-8")


# --- the join ---------------------------------------------------------------------------------------------------------


def test_replies_find_their_packs_by_id_in_any_order(example: ModuleType) -> None:
    packs = {"a": pack("a"), "b": pack("b", golds=["5", "6"])}
    lines = list(example.reply_lines([saved("b", "of b"), saved("a", "of a")], packs))
    assert [(line["id"], line["golds"], line["response"]) for line in lines] == [
        ("b", ["5", "6"], "of b"),
        ("a", ["2", "4"], "of a"),
    ]


def test_what_a_server_split_off_and_what_is_not_known_is_said(example: ModuleType) -> None:
    (line,) = example.reply_lines([saved("a", "4", reasonings=["hm"])], {"a": pack("a")}, thinking_prefilled=True)
    assert line["reasoning_content"] == "hm"
    assert line["finish_reason"] is None
    assert line["thinking_prefilled"] is True


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ([saved("x", "4")], "pack x, which is not among the packs"),
        ([{**saved("a", "4"), "doc": {"query": "?", "specific": None}}], "pack None, which is not among"),
        ([saved("a", "4"), saved("a", "5")], "two replies to pack a"),
        ([saved("a", "4", prompt="Q1: 1 + 1? ")], "pack a was asked in other words"),
    ],
)
def test_a_row_of_other_packs_is_refused(example: ModuleType, rows: list[dict[str, Any]], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        list(example.reply_lines(rows, {"a": pack("a")}))


def test_packs_that_cannot_be_joined_are_refused(example: ModuleType, tmp_path: Path) -> None:
    write_packs(tmp_path / "packs.jsonl", pack("a"), pack("a"))
    with pytest.raises(ValueError, match="pack a occurs twice"):
        example.read_packs(tmp_path / "packs.jsonl")
    write_packs(tmp_path / "packs.jsonl", {"pack_id": "a"})
    with pytest.raises(ValueError, match="pack a has no golds"):
        example.read_packs(tmp_path / "packs.jsonl")


def join(details: Path, packs: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(EXAMPLE), str(details), str(packs)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_details_become_lines_that_grade_reads(command: Command, tmp_path: Path) -> None:
    packs, details, replies = (tmp_path / name for name in ("packs.jsonl", "details.parquet", "replies.jsonl"))
    write_packs(packs, pack("a"), pack("b"), pack("c"))
    thought = r"<think>3 or 5</think>1. \boxed{2}" + "\n" + r"2. \boxed{5}"
    rows = [saved("b", thought), saved("a", r"Q1: \boxed{2}; Q2: \boxed{4} ☺")]
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), details)
    joined = join(details, packs)
    assert joined.returncode == 0, joined.stderr
    assert joined.stderr == "2 of 3 packs have a reply; the others are left out\n"
    replies.write_text(joined.stdout, encoding="utf-8")
    code, out, err = command("grade", replies)
    assert code == 0, err
    graded = {line["id"]: line["correct"] for line in map(json.loads, out.splitlines())}
    assert graded == {"b": [True, False], "a": [True, True]}

    write_packs(packs, pack("c"))
    joined = join(details, packs)
    assert joined.returncode == 1
    assert joined.stderr.startswith("lighteval_rest.py: the details hold a reply to pack b, which is not among")
    assert len(joined.stderr.splitlines()) == 1


# --- the preview ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("response", "answers"),
    [
        (r"Answer to Q1: \boxed{7} Answer to Q2: \boxed{8}", {1: "7", 2: "8"}),
        (r"Q2: \boxed{8}. Q1: \boxed{6}, no, \boxed{7}", {2: "8", 1: "7"}),
        (r"**Question 1** \boxed{\frac{1}{2}}", {1: r"\frac{1}{2}"}),
        (r"\boxed{7} and \boxed{8}", {1: "7", 2: "8"}),
        (r"<think>Q1: \boxed{1}</think>Q1: \boxed{7}", {1: "7"}),
        (r"Q1: \boxed{1}</think>Q1: \boxed{7}", {1: "7"}),
        (r"<think>Q1: \boxed{1}", {}),
        (r"Q1: \boxed{7", {1: "7"}),
        ("Q1: 7", {}),
        ("", {}),
    ],
)
def test_labelled_answers(example: ModuleType, response: str, answers: dict[int, str]) -> None:
    assert example.labelled_answers(response) == answers


@pytest.mark.parametrize(
    ("answer", "other"),
    [(r"\text{(B)}", "b"), (r"\dfrac{1}{2}", r"\frac{1}{2}"), ("1,234", "1234"), ("$ 7 $.", "7")],
)
def test_writings_of_one_answer(example: ModuleType, answer: str, other: str) -> None:
    assert example.normalised(answer) == example.normalised(other)


def test_the_preview_is_a_share_of_positions(example: ModuleType) -> None:
    assert example.preview_accuracy(r"Q1: \boxed{2} Q2: \boxed{5}", ["2", "4"]) == 0.5
    assert example.preview_accuracy("", ["2", "4"]) == 0.0


# --- real lighteval ---------------------------------------------------------------------------------------------------


@pytest.fixture
def lighteval() -> Path:
    """The lighteval command in its own environment, which cannot hold rest-bench as well."""
    program = LIGHTEVAL_VENV / "bin" / "lighteval"
    if not program.is_file():
        pytest.fail(f"{program} is missing; run make test-lighteval")
    return program


def run_in(folder: Path, *arguments: object) -> str:
    done = subprocess.run(
        [str(argument) for argument in arguments],
        cwd=folder,
        env={
            **os.environ,
            "HF_HOME": str(folder / "hf"),
            "HF_HUB_OFFLINE": "1",
            "OMP_NUM_THREADS": "1",
            "REST_BENCH_MAX_TOKENS": str(MAX_TOKENS),
            "REST_BENCH_PACKS": "packs",
        },
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


@pytest.mark.lighteval
@pytest.mark.timeout(600)
def test_lighteval_asks_what_a_run_asks_and_is_judged_the_same(lighteval: Path, tmp_path: Path) -> None:
    own = (sys.executable, "-m", "rest_bench")
    (tmp_path / "packs").mkdir()
    (tmp_path / "model").symlink_to(ROOT / "models" / "rest-nano")  # a relative path keeps its cache out of the folder
    packs = tmp_path / "packs" / "packs.jsonl"
    packs.write_text(
        run_in(tmp_path, *own, "packs", "arithmetic", "--level", "4", "--limit", "8", "--golds"), encoding="utf-8"
    )
    model = "model_name=model,batch_size=1,cache_dir=cache"
    custom = ("rest_bench", "--custom-tasks", EXAMPLE, "--save-details", "--output-dir", "results")
    assert "rest_preview_accuracy" in run_in(tmp_path, lighteval, "accelerate", model, *custom)
    (details,) = (tmp_path / "results" / "details" / "model").glob("*/details_*.parquet")
    replies, graded_path = tmp_path / "replies.jsonl", tmp_path / "graded.jsonl"
    replies.write_text(run_in(tmp_path, sys.executable, EXAMPLE, details, packs), encoding="utf-8")
    run_in(tmp_path, *own, "grade", replies, "--out", graded_path)

    settings = ("--temperature", "0", "--max-tokens", MAX_TOKENS, "--tasks", "arithmetic", "--levels", "4")
    run_in(tmp_path, *own, "eval", "--model", "rest-nano", *settings, "--limit", "8", "--out", "run")
    run = Run(tmp_path / "run")
    responses = {sample.pack.pack_id: sample.response for sample in run.samples()}

    rows = pyarrow.parquet.read_table(details).to_pylist()
    n_prompt_tokens = {
        row["doc"]["specific"]["pack_id"]: len(row["model_response"]["input_tokens"]) for row in rows
    }  # the packed prompt itself is compared by the join
    assert n_prompt_tokens == {pack_id: response.prompt_tokens for pack_id, response in responses.items()}

    lines = [json.loads(line) for line in replies.read_text(encoding="utf-8").splitlines()]
    assert {line["id"]: line["response"] for line in lines} == {
        pack_id: response.text for pack_id, response in responses.items()
    }
    assert all("</think>" in line["response"] for line in lines)

    graded = {
        (line["id"], position): verdict
        for line in map(json.loads, graded_path.read_text(encoding="utf-8").splitlines())
        for position, verdict in enumerate(
            zip(line["answers"], line["correct"], line["outcomes"], strict=True), start=1
        )
    }
    slots = run.scores(("pack_id", "position", "answer", "correct", "outcome")).itertuples()
    expected = {(slot.pack_id, slot.position): (slot.answer, slot.correct, slot.outcome) for slot in slots}
    assert len(graded) == 32
    assert graded == expected
    assert {correct for _, correct, _ in graded.values()} == {True, False}
