from typing import Any

import pytest

from rest_bench.schema import FinishReason, Outcome, Verdict
from rest_bench.scoring import Judge, score_answers
from rest_bench.scoring.outcomes import outcomes_of
from tests.scoring.build import answers_of, pack_of, response_of


def outcomes(
    judge: Judge, golds: tuple[str, ...], texts: tuple[str | None, ...], finish: FinishReason = "stop", **fields: Any
) -> list[Outcome]:
    pack = pack_of(golds)
    scores = score_answers(pack, response_of(pack, finish), answers_of(pack, *texts, **fields), judge)
    return [score.outcome for score in scores]


def test_the_running_example_of_the_metrics_has_its_shares(judge: Judge) -> None:
    b_c_a = outcomes(judge, ("7", "9", "4"), ("7", None, "7"))
    c_a_b = outcomes(judge, ("9", "4", "7"), ("5", "4", None), "length")
    a_b_c = outcomes(judge, ("4", "7", "9"), ("4", "7", "9"))
    assert b_c_a == ["correct", "omitted", "swapped"]
    assert c_a_b == ["wrong", "correct", "truncated"]
    assert a_b_c == ["correct"] * 3


SINGLE: list[tuple[str, str | None, FinishReason, dict[str, Any], Outcome]] = [
    ("right", "4", "stop", {}, "correct"),
    ("right though cut later", "4", "length", {}, "correct"),
    ("right though not in a box", "4", "stop", {"strict": False, "found_by": "lenient"}, "correct"),
    ("wrong", "5", "stop", {}, "wrong"),
    ("wrong and cut later", "5", "length", {}, "wrong"),
    ("wrong and looping later", "5", "repetition", {"looped": True}, "wrong"),
    ("wrong and not in a box", "5", "stop", {"strict": False, "found_by": "lenient"}, "format"),
    ("wrong, not in a box, cut", "5", "length", {"strict": False, "found_by": "lenient"}, "truncated"),
    ("none", None, "stop", {}, "omitted"),
    ("none and cut", None, "length", {}, "truncated"),
    ("none and cut in a loop", None, "length", {"looped": True}, "repetition"),
    ("none, stopped by a loop detector", None, "repetition", {}, "repetition"),
    ("none, loops but stopped by itself", None, "stop", {"looped": True}, "omitted"),
    ("engine failure", None, "error", {}, "error"),
]


@pytest.mark.parametrize(
    ("text", "finish", "fields", "expected"), [case[1:] for case in SINGLE], ids=[c[0] for c in SINGLE]
)
def test_one_slot(
    judge: Judge, text: str | None, finish: FinishReason, fields: dict[str, Any], expected: Outcome
) -> None:
    assert outcomes(judge, ("4",), (text,), finish, **fields) == [expected]


def test_an_engine_failure_counts_for_every_slot(judge: Judge) -> None:
    assert outcomes(judge, ("4", "7"), (None, None), "error") == ["error", "error"]


PACKS: list[tuple[str, tuple[str, ...], tuple[str | None, ...], list[Outcome]]] = [
    ("shift by one", ("4", "7", "9", "2"), ("4", "9", "2", None), ["correct", "shifted", "shifted", "omitted"]),
    ("shift back", ("4", "7", "9"), ("1", "4", "7"), ["wrong", "shifted", "shifted"]),
    ("one alone is a swap", ("4", "7", "9"), ("4", "9", "8"), ["correct", "swapped", "wrong"]),
    ("exchanged neighbours differ in direction", ("4", "7", "9"), ("7", "4", "9"), ["swapped", "swapped", "correct"]),
    ("same distance but a gap between",
     ("4", "7", "9", "2"), ("7", "7", "2", "2"), ["swapped", "correct", "swapped", "correct"]),
    ("equal golds", ("4", "4", "9"), ("4", "4", "4"), ["correct", "correct", "swapped"]),
    ("another gold in another spelling", ("4", "7"), ("7.0", "7"), ["swapped", "correct"]),
]  # fmt: skip


@pytest.mark.parametrize(("golds", "texts", "expected"), [case[1:] for case in PACKS], ids=[case[0] for case in PACKS])
def test_mixed_up_questions(
    judge: Judge, golds: tuple[str, ...], texts: tuple[str | None, ...], expected: list[Outcome]
) -> None:
    assert outcomes(judge, golds, texts) == expected


def test_a_gold_that_equals_the_own_one_explains_nothing(judge: Judge) -> None:
    pack = pack_of(("18 min", "18"), "math")
    scores = score_answers(pack, response_of(pack), answers_of(pack, "18 s", "18"), judge)
    assert [score.outcome for score in scores] == ["wrong", "correct"]


def test_letters_are_never_swapped(judge: Judge) -> None:
    pack = pack_of(("A", "B", "C"), "choice")
    scores = score_answers(pack, response_of(pack), answers_of(pack, "B", "C", "C"), judge)
    assert [score.outcome for score in scores] == ["wrong", "wrong", "correct"]


@pytest.mark.parametrize(("text", "expected"), [("print(1)", "ungraded"), (None, "omitted")])
def test_a_program_is_not_judged_without_a_sandbox(judge: Judge, text: str | None, expected: Outcome) -> None:
    pack = pack_of(("",), "code")
    (score,) = score_answers(pack, response_of(pack), answers_of(pack, text), judge)
    assert (score.outcome, score.correct, score.correct_paper) == (expected, False, None)


def test_outcomes_need_one_verdict_per_answer() -> None:
    pack = pack_of(("4", "7"))
    verdicts: list[Verdict] = ["correct"]
    with pytest.raises(ValueError, match="zip"):
        outcomes_of("stop", answers_of(pack, "4", "7"), verdicts, {})
