from collections.abc import Sequence
from typing import Any

import pytest

from rest_bench.schema import Answer, AnswerType, Candidate, FinishReason, Score
from rest_bench.scoring import Judge, Question, score_answers
from rest_bench.scoring.traces import NO_TRACE, Trace, judge_traces
from tests.scoring.build import answers_of, pack_of, response_of


def stated(*texts: str) -> tuple[Candidate, ...]:
    """Return candidates that stand at 10, 20, 30 ... tokens."""
    return tuple(Candidate(text=text, tokens=10 * k) for k, text in enumerate(texts, start=1))


def score(
    judge: Judge,
    gold: str,
    text: str | None,
    *candidates: str,
    answer_type: AnswerType = "integer",
    finish: FinishReason = "stop",
    **fields: Any,
) -> Score:
    pack = pack_of((gold,), answer_type)
    traced = {"candidates": stated(*candidates), "segmentation_sure": True, "segment_tokens": 100, **fields}
    (found,) = score_answers(pack, response_of(pack, finish), answers_of(pack, text, **traced), judge)
    return found


def test_the_first_right_statement_and_the_last_one_are_told(judge: Judge) -> None:
    found = score(judge, "7", "7", "5", "7", "8", "7", "6")
    assert (found.first_correct_tokens, found.answer_trace, found.correct_trace) == (20, "6", False)
    found = score(judge, "7", "7", "5", "7.0")
    assert (found.first_correct_tokens, found.answer_trace, found.correct_trace) == (20, "7.0", True)


def test_without_statements_nothing_is_told(judge: Judge) -> None:
    found = score(judge, "7", "7")
    assert (found.first_correct_tokens, found.answer_trace, found.correct_trace) == (None, None, None)


def test_a_right_statement_without_a_count_is_right_all_the_same(judge: Judge) -> None:
    candidates = (Candidate(text="7", tokens=None),)
    found = score(judge, "7", None, candidates=candidates, segment_tokens=None)
    assert (found.first_correct_tokens, found.correct_trace) == (None, True)


SUMMARIES: list[tuple[str, str | None, Sequence[str], dict[str, Any], str]] = [
    ("the thinking was right, the reply is not", "8", ["7"], {}, "summary"),
    ("the thinking was wrong, the reply too, otherwise", "8", ["5"], {}, "summary"),
    ("the reply says what the thinking stated last", "8", ["7", "8"], {}, "wrong"),
    ("the same in another spelling", "8.0", ["8"], {}, "wrong"),
    ("right in spite of it", "7", ["8"], {}, "correct"),
    ("found and not reported", None, ["7"], {}, "summary"),
    ("found within a few tokens and not reported", None, ["7"], {"segment_tokens": 19}, "omitted"),
    ("reached, nothing stated, nothing reported", None, [], {"segment_tokens": 20}, "wrong"),
    ("hardly reached, nothing reported", None, [], {"segment_tokens": 19}, "omitted"),
    ("not counted, nothing reported", None, [], {"segment_tokens": None}, "omitted"),
    ("not counted, found and not reported", None, ["7"], {"segment_tokens": None}, "omitted"),
    ("not surely divided, nothing reported", None, [], {"segmentation_sure": False}, "omitted"),
    ("no thinking", None, [], {"segmentation_sure": None, "segment_tokens": None}, "omitted"),
    ("cut off", None, ["7"], {"finish": "length"}, "truncated"),
    ("cut off in a loop", None, ["7"], {"finish": "length", "looped": True}, "repetition"),
    ("a wrong answer, then cut off", "8", ["7"], {"finish": "length"}, "wrong"),
    ("in another form than asked for", "8", ["7"], {"strict": False, "found_by": "lenient"}, "format"),
]


@pytest.mark.parametrize(
    ("text", "candidates", "fields", "expected"), [case[1:] for case in SUMMARIES], ids=[case[0] for case in SUMMARIES]
)
def test_a_summary_error_is_told_from_others(
    judge: Judge, text: str | None, candidates: Sequence[str], fields: dict[str, Any], expected: str
) -> None:
    assert score(judge, "7", text, *candidates, **fields).outcome == expected


def test_a_swapped_answer_is_no_summary_error(judge: Judge) -> None:
    pack = pack_of(("4", "7"))
    answers = answers_of(pack, "7", "7", candidates=stated("4"), segmentation_sure=True, segment_tokens=100)
    assert [found.outcome for found in score_answers(pack, response_of(pack), answers, judge)] == ["swapped", "correct"]


@pytest.mark.parametrize(("tokens", "expected"), [(0, "wrong"), (90, "summary")], ids=["without", "with"])
def test_what_the_reply_gives_for_a_question_without_thinking_may_be_its_own(
    judge: Judge, tokens: int, expected: str
) -> None:
    """The thinking about a question without a name may have been taken for that about the one before."""
    pack = pack_of(("4", "7"))
    first, second = answers_of(pack, "5", "8", segmentation_sure=True, segment_tokens=100)
    first = first.model_copy(update={"candidates": stated("5", "8")})
    second = second.model_copy(update={"segment_tokens": tokens, "candidates": ()})
    scores = score_answers(pack, response_of(pack), (first, second), judge)
    assert [score.outcome for score in scores] == [expected, "wrong"]


def test_letters_are_judged_like_answers(judge: Judge) -> None:
    found = score(judge, "B", "A", "C", "B", answer_type="choice")
    assert (found.outcome, found.first_correct_tokens, found.correct_trace) == ("summary", 20, True)


def test_what_cannot_be_compared_is_no_summary_error(judge: Judge) -> None:
    unjudged = _Ungraded()
    pack = pack_of(("7",))
    answers = answers_of(pack, "8", candidates=stated("7"))
    ((trace,),) = judge_traces([(pack, answers)], [["incorrect"]], unjudged)
    assert trace == Trace(None, "7", None, contradicted=False)


class _Ungraded(Judge):
    def judge(self, questions: Sequence[Question]) -> tuple[Any, ...]:
        return ("ungraded",) * len(questions)


class _Counting(Judge):
    """Counts what it is asked."""

    asked = 0

    def judge(self, questions: Sequence[Question]) -> tuple[Any, ...]:
        self.asked += len(questions)
        return super().judge(questions)


def test_statements_behind_a_right_one_are_not_judged() -> None:
    pack = pack_of(("7",) * 3)
    answers: tuple[Answer, ...] = answers_of(pack, "7", "7", "7", candidates=stated("7", *map(str, range(20, 40))))
    with _Counting() as judge:
        traces = judge_traces([(pack, answers)] * 2, [["correct"] * 3] * 2, judge)
        assert judge.asked == 2 * 6, "the first and the last statement of six slots"
    assert {trace.first_correct_tokens for row in traces for trace in row} == {10}


def test_every_slot_has_its_trace() -> None:
    pack = pack_of(("7", "8"))
    answers = (*answers_of(pack, "7", "8", candidates=stated("7"))[:1], *answers_of(pack, "7", "8")[1:])
    with Judge() as judge:
        assert judge_traces([], [], judge) == []
        ((first, second),) = judge_traces([(pack, answers)], [["correct", "correct"]], judge)
    assert (first.answer_trace, second) == ("7", NO_TRACE)
