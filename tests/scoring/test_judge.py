import json
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from rest_bench.errors import ScoringError
from rest_bench.schema import Verdict
from rest_bench.scoring import SCORERS, Judge, Question
from rest_bench.scoring import judge as judge_module
from rest_bench.scoring.workers import WorkerPool
from tests.scoring.verdict_table import TABLE, Row

ALGEBRA = Question("math", r"5\sqrt{2}", r"\sqrt{50}")
CASES = Path(__file__).parents[1] / "data/cases"
CORPORA = ("answers.jsonl", "answers_2.jsonl", "own.jsonl")


def questions_of(row: Row) -> dict[Question, Verdict]:
    equal: dict[Question, Verdict] = {Question("math", row.gold, answer): "correct" for answer in row.equal}
    return equal | {Question("math", row.gold, answer): "incorrect" for answer in row.different}


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.number}-{row.gold}")
def test_a_verdict_is_what_the_policy_says(row: Row, judge: Judge) -> None:
    expected = questions_of(row)
    verdicts = dict(zip(expected, judge.judge(list(expected)), strict=True))
    assert {question.answer: verdict for question, verdict in verdicts.items() if verdict != expected[question]} == {}


def cases() -> list[tuple[str, Question, bool]]:
    records = [
        json.loads(line) for name in CORPORA for line in (CASES / name).read_text(encoding="utf-8").strip().split("\n")
    ]
    return [
        (f"{record['id']}-{place}", Question(record["answer_type"], gold, answer), correct)
        for record in records
        if record["answer_type"] != "code"
        for place, (gold, answer, correct) in enumerate(
            zip(record["golds"], record["expected_answers"], record["expected_correct"], strict=True), start=1
        )
        if answer is not None and place not in record["arguable_positions"]
    ]


def test_every_certain_answer_of_the_corpora_gets_its_verdict(judge: Judge) -> None:
    names, questions, correct = zip(*cases(), strict=True)
    verdicts = judge.judge(questions)
    expected = ["correct" if right else "incorrect" for right in correct]
    assert len(names) > 1000
    assert {
        name: verdict for name, verdict, right in zip(names, verdicts, expected, strict=True) if verdict != right
    } == {}


def test_verdicts_come_in_the_order_of_the_questions(judge: Judge) -> None:
    questions = [
        Question("integer", "12", "7"),
        ALGEBRA,
        Question("integer", "12", "12"),
        ALGEBRA,
        Question("choice", "B", "b"),
    ]
    assert judge.judge(questions) == ("incorrect", "correct", "correct", "correct", "correct")


def test_cheap_questions_start_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(pool: WorkerPool, jobs: object) -> list[str | None]:
        raise AssertionError("asked a worker")

    monkeypatch.setattr(WorkerPool, "map", refuse)
    with Judge() as judge:
        easy = [
            ("5", "5.0"),
            ("5", "6"),
            (r"\frac{1}{2}", "0.5"),
            ("8, 27", "27, 8"),
            ("5", "10^{10^{10}}"),
            ("(0,9)", "0<x<9"),
        ]
        verdicts = judge.judge([Question("math", gold, answer) for gold, answer in easy])
    assert verdicts == ("correct", "incorrect", "correct", "correct", "incorrect", "correct")


def refuse_to_judge(question: Question) -> Verdict:
    raise AssertionError("judged again")


def test_a_verdict_is_kept(monkeypatch: pytest.MonkeyPatch, judge: Judge) -> None:
    judge.judge([ALGEBRA])
    monkeypatch.setattr(judge_module, "judge_without_algebra", refuse_to_judge)
    assert judge.judge([ALGEBRA]) == ("correct",)


def test_the_cache_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge_module, "CACHE_SIZE", 10)
    with Judge() as judge:
        for number in range(30):
            judge.judge([Question("integer", "5", str(number))])
        assert len(judge._verdicts) == 10


def test_a_verdict_that_is_asked_for_again_and_again_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge_module, "CACHE_SIZE", 10)
    often = Question("integer", "5", "5")
    with Judge() as judge:
        for number in range(30):
            judge.judge([often, Question("integer", "5", str(number + 10))])
        monkeypatch.setattr(judge_module, "judge_without_algebra", refuse_to_judge)
        assert judge.judge([often]) == ("correct",)


def test_a_judge_that_raises_stops_nothing(monkeypatch: pytest.MonkeyPatch, judge: Judge) -> None:
    def fail(gold: str, answer: str, compare: object) -> Verdict:
        raise IndexError

    monkeypatch.setitem(SCORERS, "math", SCORERS["math"]._replace(judge=fail))
    question = Question("math", "7", "7.000")
    assert judge.judge([question]) == ("correct",)  # the worker process, which was not tampered with, decides


def test_a_question_that_takes_too_long_is_ungraded_and_hurts_no_other() -> None:
    slow = Question("math", "1", r"\int_0^1 \frac{\sin(x^x)}{\cos(e^{x})+x^{x^x}} dx")
    with Judge(workers=1, timeout_s=1) as judge:
        assert judge.judge([ALGEBRA, slow, Question("math", r"2\sqrt{3}", r"\sqrt{12}")]) == (
            "correct",
            "ungraded",
            "correct",
        )


@pytest.mark.parametrize(
    "question",
    [
        Question("integer", "1.5", "1.5"),
        Question("integer", "", "5"),
        Question("math", " ", "5"),
        Question("math", r"\frac{1", "5"),
        Question("choice", "AB", "A"),
        Question("code", "", "print(1)"),
        Question("math", r"5 @@ \sqrt{6}", "5"),
        Question("math", "100000!", "100001!"),
    ],
)
def test_an_unreadable_gold_is_ungraded(judge: Judge, question: Question) -> None:
    assert judge.judge([question]) == ("ungraded",)


@pytest.mark.parametrize(
    "answer", ["garbage ((", r"\frac{", "{{{", r"\begin{pmatrix}", "5 @ 6", "", "\x00", "\\", "x" * 9000]
)
def test_an_unreadable_answer_is_incorrect(judge: Judge, answer: str) -> None:
    assert judge.judge([Question("math", r"\sqrt{5}", answer)]) == ("incorrect",)


def test_a_judge_may_be_asked_from_a_thread(judge: Judge) -> None:
    verdicts: list[Verdict] = []
    thread = threading.Thread(target=lambda: verdicts.extend(judge.judge([Question("math", r"\sqrt{8}", r"2\sqrt 2")])))
    thread.start()
    thread.join()
    assert verdicts == ["correct"]


def test_a_closed_judge_says_so() -> None:
    with Judge() as judge:
        pass
    with pytest.raises(ScoringError):
        judge.judge([ALGEBRA])


SCRIPT = textwrap.dedent(
    r"""
    from rest_bench.scoring import Judge, Question
    with Judge(workers=1) as judge:
        print(judge.judge([Question("math", r"5\sqrt{2}", r"\sqrt{50}")]))
    """
)


@pytest.mark.parametrize("as_file", [True, False])
def test_a_plain_script_needs_no_main_guard(tmp_path: Path, as_file: bool) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    command = [str(script)] if as_file else ["-c", SCRIPT]
    done = subprocess.run(
        [sys.executable, "-W", "error", *command], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert (done.stdout, done.stderr) == ("('correct',)\n", "")


def test_importing_the_package_loads_no_algebra() -> None:
    program = (
        "import sys, rest_bench.scoring; print({'sympy', 'math_verify', 'latex2sympy2_extended'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
