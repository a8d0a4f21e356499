import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rest_bench.parsing import parse_response
from rest_bench.parsing.candidates import MOST_CANDIDATES
from rest_bench.schema import Answer, Problem
from tests.parsing.build import make_pack, make_problem, make_response, parse
from tests.parsing.traces import labelled, stories

ASKED = ("What is 51 - 77 - 23?", "What is 45 + 33?")
REPLY = r"""<think>
Q1: 51 - 77 - 23
51 - 77 = -26
So the answer is -26.
Wait, let me check.
So the answer is -49.

Q2: 45 + 33
So the answer is 78.

Let me double-check Q1: 51 - 77 - 23
Alternatively, -77 - 23 + 51.
So the answer is -49.
</think>

Answer to Q1: \boxed{-49}
Answer to Q2: \boxed{87}"""


def read(text: str, level: int = 2, **fields: Any) -> tuple[Answer, ...]:
    """Parse a reply whose every line has ten tokens."""
    n_lines = (str(fields.get("reasoning") or "") + text).count("\n") + 1
    response = make_response(text, **{"line_tokens": [10] * n_lines, **fields})
    return parse_response(response, make_pack(*(make_problem("integer", question=each) for each in ASKED[:level])))


def candidates(answer: Answer) -> list[tuple[str, int | None]]:
    return [(candidate.text, candidate.tokens) for candidate in answer.candidates]


def test_candidates_count_from_the_start_of_their_question() -> None:
    first, second = read(REPLY)
    assert candidates(first) == [("-26", 29), ("-49", 48 + 1)]
    assert candidates(second) == [("78", 19)]


def test_a_segment_of_several_parts_is_counted_through() -> None:
    """Question 1 again after question 2: its tokens count on where they stopped."""
    text = REPLY.replace("So the answer is -49.\n</think>", "So the answer is -50.\n</think>")
    (first, _) = read(text)
    assert first.segment_tokens is not None
    assert candidates(first)[-1] == ("-50", 60 + 30 - 1)
    assert first.segment_tokens > 60 + 30 - 1


def test_doubts_and_turns_go_to_their_question() -> None:
    first, second = read(REPLY)
    assert (first.markers, first.switches) == (4, 1), "wait, let me check; let me double-check, alternatively"
    assert (second.markers, second.switches) == (0, 0)


def test_reasoning_that_a_server_split_off_is_read_likewise() -> None:
    thinking, final = REPLY.removeprefix("<think>\n").split("</think>")
    for answer, expected in zip(read(final, reasoning=thinking), read(REPLY), strict=True):
        assert candidates(answer)[0] == candidates(expected)[0]
        assert (answer.markers, answer.switches) == (expected.markers, expected.switches)


def test_a_prompt_that_opened_the_thinking_changes_nothing() -> None:
    first, second = read(REPLY.removeprefix("<think>\n"), thinking_prefilled=True)
    assert candidates(first)[0] == ("-26", 29)
    assert candidates(second) == [("78", 19)]


def test_cut_off_thinking_has_its_candidates() -> None:
    first, second = read(REPLY[: REPLY.index("\nLet me double")], finish_reason="length")
    assert [text for text, _ in candidates(first)] == ["-26", "-49"]
    assert candidates(second)[0][0] == "78"


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        (r"Q1: So the answer is 5. \boxed{5} Q2: \boxed{6}", {}),
        ("<think>\n\n</think>\nQ1: \\boxed{5}", {}),
        ("<think>So the answer is 5.\n\nSo the answer is 6.</think>", {}),
        ("", {"finish_reason": "error"}),
    ],
    ids=["no thinking", "empty thinking", "not surely divided", "error"],
)
def test_without_surely_divided_thinking_nothing_is_claimed(text: str, fields: dict[str, Any]) -> None:
    for answer in read(text, **fields):
        assert answer.candidates == ()
        assert (answer.markers, answer.switches, answer.distinct_tokens) == (None, None, None)


def test_one_question_is_always_sure() -> None:
    (answer,) = read("<think>\nSo x = 5.\nSo x = 6.\n</think>", 1)
    assert [text for text, _ in candidates(answer)] == ["5", "6"]


def test_without_a_token_count_the_candidates_stay() -> None:
    first, _ = read(REPLY, line_tokens=None)
    assert candidates(first) == [("-26", None), ("-49", None)]
    assert (first.markers, first.distinct_tokens) == (4, None)


def test_a_question_never_reached_has_no_candidates_and_no_doubts() -> None:
    _, second = read("<think>\nQ1: 51 - 77\nSo the answer is", finish_reason="length")
    assert (second.segment_tokens, second.candidates, second.markers, second.distinct_tokens) == (0, (), 0, 0)


def test_the_answer_counts_as_stated_where_the_thinking_goes_on_to_it() -> None:
    thinking = "<think>\nSo x = 3.\nThe area {} 12 as 3 * 4 is 12.\n</think>\n\\boxed{{{}}}"
    (answer,) = read(thinking.format("comes to", "12"), 1)
    assert [text for text, _ in candidates(answer)] == ["3", "12"]
    (answer,) = read(thinking.format("comes to", "2"), 1)
    assert [text for text, _ in candidates(answer)] == ["3"], "a part of a number is no value"


def test_rounds_that_repeat_count_once() -> None:
    """metrics.md 7.3: rounds of 40, 30 and 30 tokens, the third repeats the first: 70 of 100 are new."""
    draw = random.Random(0)
    one, two = (" ".join(f"w{draw.randint(0, 10_000)}" for _ in range(n)) for n in (40, 30))
    rounds = [f"{one}. So x = 5.", f"{two}. So x = 6.", f"{one}. So x = 5."]
    (answer,) = read("\n".join(rounds), 1, reasoning="", line_tokens=[40, 30, 30], thinking_prefilled=True)
    assert answer.segment_tokens == 100
    assert answer.distinct_tokens == pytest.approx(70, abs=1), "a full stop stands behind each value"


def test_golds_are_never_looked_at() -> None:
    draw = random.Random(0)
    asked = stories(3, draw)
    text = "<think>" + "\n\n".join(piece.text for piece in labelled(asked, draw)) + "</think>"
    problems = [story.problem for story in asked]
    read_with = []
    for gold in ("1", "217"):
        pack = make_pack(*(problem.model_copy(update={"gold": gold}) for problem in problems))
        read_with.append(parse_response(make_response(text, completion_tokens=500), pack))
    assert read_with[0] == read_with[1]
    assert all(answer.candidates for answer in read_with[0])


def test_the_candidates_of_hostile_thinking_are_bounded() -> None:
    text = "".join(f"So the answer is {k}. " for k in range(20_000))
    (answer,) = parse(f"<think>{text}</think>", 1, completion_tokens=100_000)
    assert len(answer.candidates) == MOST_CANDIDATES
    assert answer.candidates[-1].text == "19999"


def test_problems_of_one_pack_are_read_by_their_own_type() -> None:
    options = {"A": "x", "B": "y"}
    problems: list[Problem] = [make_problem("integer"), make_problem("choice", options), make_problem("code")]
    text = "<think>\nQ1: So x = 5.\n\nQ2: So the answer is B. So x = 7.\n\nQ3: So x = 9.\n</think>"
    answers = parse_response(make_response(text), make_pack(*problems))
    assert [[candidate.text for candidate in answer.candidates] for answer in answers] == [["5"], ["B"], []]


FRAGMENTS = [
    *("<think>", "</think>", "Q1:", "Q2", "question 3", "So the answer is 5.", "\\boxed{7}", "Thus x = 8.\n", "Wait, "),
    *("\n", "\n\n", "Alternatively", "5", "8 ", "So ", "= 4.", "\x00", "😀", "the answer is B"),
]


@given(
    text=st.lists(st.sampled_from(FRAGMENTS), max_size=60).map("".join),
    level=st.integers(1, 4),
    per_line=st.lists(st.integers(0, 50), min_size=1, max_size=5),
)
def test_tokens_of_candidates_rise_and_stay_within_the_segment(text: str, level: int, per_line: list[int]) -> None:
    line_tokens = [per_line[k % len(per_line)] for k in range(text.count("\n") + 1)]
    for answer in parse(text, level, "math", line_tokens=line_tokens):
        tokens = [candidate.tokens for candidate in answer.candidates]
        assert None not in tokens
        assert tokens == sorted(tokens, key=lambda count: count or 0)
        if answer.segment_tokens is not None and answer.segmentation_sure:
            assert all(0 <= (count or 0) <= answer.segment_tokens for count in tokens)
            assert answer.distinct_tokens is not None
            assert 0 <= answer.distinct_tokens <= answer.segment_tokens
