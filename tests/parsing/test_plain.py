"""Marks that nobody sees, line ends, end tokens and tool calls; and where the plain text stands in the one it is of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rest_bench.parsing.places import find_places
from rest_bench.parsing.plain import Origins, read_plain, without_marks
from tests.parsing.build import make_problem, parse, read

MARKS = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u200c\u200d\u2060\ufeff\u00ad"


@pytest.mark.parametrize("mark", MARKS, ids=[f"U+{ord(mark):04X}" for mark in MARKS])
def test_marks_are_dropped_before_labels_boxes_and_letters_are_looked_for(mark: str) -> None:
    assert read_plain(f"a{mark}b{mark}") == "ab"
    assert read(f"{mark}Q{mark}2: \\box{mark}ed{{{mark}7{mark}}}\nQ1{mark}: 1{mark}2", 2) == ["12", "7"]
    assert read(f"ANS{mark}WER: {mark}B{mark}", 1, "choice") == ["B"]


@pytest.mark.parametrize("end", ["\n", "\r", "\u2028", "\u2029", "\u0085", "\r\n"])
def test_every_line_end_is_one(end: str) -> None:
    assert read(f"Q2: 7{end}Q1: 12{end}", 2) == ["12", "7"]
    code = f"Q1:{end}```python{end}a = 1{end}b = 2{end}```{end}"
    assert read(code, 1, "code") == ["a = 1\nb = 2"]


@pytest.mark.parametrize(
    "token",
    [
        "<|im_end|>",
        "<|eot_id|>",
        "</s>",
        "<end_of_turn>",
        "<|endoftext|>",
        "<|return|>",
        "<｜end▁of▁sentence｜>",
        "<|EOT|>",
        "<eos>",
    ],
)
def test_end_tokens_behind_a_reply_are_no_part_of_it(token: str) -> None:
    assert read(f"ANSWER: B{token}", 1, "choice") == ["B"]
    assert read(f"Answer: b{token}\n{token}", 1, "choice") == ["B"]
    assert read(f"Q1: 12\nQ2: 7{token}", 2) == ["12", "7"]
    assert read(f"```python\na = 1\n```{token}", 1, "code") == ["a = 1"]
    assert read(f"```python\na = 1\n{token} \n", 1, "code") == ["a = 1"]


@pytest.mark.parametrize("text", ["3 < x > 2", "a <b> c</b>", "x </t>", "<|im_end|> in the middle", "[1, 2]"])
def test_what_is_no_end_token_stays(text: str) -> None:
    assert read_plain(text) == text


def test_a_tool_call_before_the_answers_answers_nothing() -> None:
    call = '<tool_call>\n{"name": "python", "arguments": "print(\\\\boxed{11})"}\n</tool_call>\n'
    assert read(call + "\\boxed{12}\n\\boxed{7}", 2) == ["12", "7"]
    assert read("<tool_call>Q2: \\boxed{5}</tool_call>\nQ1: \\boxed{12}", 2) == ["12", None]
    # The last thing said is all there is.
    assert read("<tool_call>\\boxed{12}</tool_call>", 1) == ["12"]
    assert read("<tool_call>\\boxed{11} Q1: \\boxed{12}", 1) == ["12"]


@given(st.text(alphabet="ab\u200e\u200b\r\n\u2028"))
def test_a_span_of_the_plain_text_is_the_same_text_in_the_original(text: str) -> None:
    plain = read_plain(text)
    origins = Origins(text)
    for start in range(len(plain)):
        for end in range(start + 1, len(plain) + 1):
            first, last = origins.span(start, end)
            assert read_plain(text[first:last] + "x")[:-1] == plain[start:end] or "\r" in text
            assert text[first] == plain[start] or text[first] in "\r\u2028"


def test_places_are_those_of_the_text_as_it_came() -> None:
    text = "\u200fQ1: \u200f\\boxed{\u200e12\u200e}\n\u200fQ2: wo\u00adrds \\boxed{7}"
    problems = (make_problem("math"), make_problem("math"))
    answers = [(answer.text, answer.found_by) for answer in parse(text, 2)]
    assert [text for text, _ in answers] == ["12", "7"]
    places = find_places(text, problems, answers)
    assert [text[place[0] : place[1]] for place in places if place] == ["\\boxed{\u200e12\u200e}", "\\boxed{7}"]


def test_marks_alone_are_dropped_from_a_value() -> None:
    assert without_marks("\u200e1\u200b2\r") == "12\r"
