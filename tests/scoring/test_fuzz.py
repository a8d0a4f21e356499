"""No answer breaks the judge: 10,000 random and mutated ones."""

import pytest

from rest_bench.schema import Verdict
from rest_bench.scoring import SCORERS, Judge, Question
from rest_bench.scoring.latex import balanced
from rest_bench.scoring.math import NeedsAlgebraError
from tests.scoring.fuzz import GOLDS, Attempt, attempts

SEEDS = range(10)
PER_SEED = 1_000
VERDICTS = ("correct", "incorrect", "ungraded")


def no_algebra(gold: str, answer: str) -> bool:
    raise NeedsAlgebraError


def judge_cheaply(attempt: Attempt) -> Verdict | None:
    """Judge in this process, so that a fault is seen; null where it takes algebra."""
    try:
        return SCORERS["math"].judge(attempt.gold, attempt.answer, no_algebra)
    except NeedsAlgebraError:
        return None


@pytest.mark.parametrize("seed", SEEDS)
def test_no_answer_is_a_fault_and_verdicts_do_not_change(seed: int) -> None:
    tried = list(attempts(PER_SEED, seed))
    verdicts = [judge_cheaply(attempt) for attempt in tried]
    assert set(verdicts) <= {*VERDICTS, None}
    assert [judge_cheaply(attempt) for attempt in tried] == verdicts


@pytest.mark.parametrize("seed", SEEDS)
def test_an_answer_that_cannot_be_read_is_never_correct(seed: int) -> None:
    unreadable = [
        attempt
        for attempt in attempts(PER_SEED, seed)
        if not balanced(attempt.answer) and attempt.answer.strip() != attempt.gold.strip()
    ]
    assert len(unreadable) > PER_SEED // 20
    assert {judge_cheaply(attempt) for attempt in unreadable} == {"incorrect"}


@pytest.mark.parametrize("gold", GOLDS)
def test_a_gold_equals_itself_and_not_nothing(gold: str) -> None:
    assert judge_cheaply(Attempt(gold, f" {gold}\n")) == "correct"
    assert {judge_cheaply(Attempt(gold, nothing)) for nothing in ("", "  ", "\n")} == {"incorrect"}


@pytest.mark.parametrize("answer_type", ["integer", "choice"])
def test_other_types_of_answer_stand_it_too(answer_type: str) -> None:
    gold = {"integer": "42", "choice": "B"}[answer_type]
    scorer = SCORERS["integer" if answer_type == "integer" else "choice"]
    for attempt in attempts(PER_SEED, seed=99):
        try:
            assert scorer.judge(gold, attempt.answer, no_algebra) in ("correct", "incorrect")
        except NeedsAlgebraError:
            assert answer_type == "integer"


def test_the_worker_processes_stand_it_too(judge: Judge) -> None:
    undecided = [attempt for attempt in attempts(5 * PER_SEED, seed=7) if judge_cheaply(attempt) is None][:300]
    questions = [Question("math", *attempt) for attempt in undecided]
    verdicts = judge.judge(questions)
    assert len(verdicts) == 300
    assert set(verdicts) <= set(VERDICTS)
    assert judge.judge(questions) == verdicts
