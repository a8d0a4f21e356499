"""Reading is linear in the length of the reply: guards against hanging on hostile or very long ones."""

import pytest

from rest_bench.parsing import parse_response
from tests.parsing.build import make_pack, make_problem, make_response, parse

SIZE = 50_000
UNITS = [
    *(
        "-",
        "*",
        " ",
        "\n",
        "\t",
        "|",
        "#",
        "> ",
        "`",
        "~",
        "$",
        "{",
        "}",
        "\\",
        "<",
        "(",
        ".",
        "1",
        "a",
        "✅",
        "\u200f",
        "1.",
    ),
    *(
        "Q1",
        "Q1 ",
        "Q1: ",
        "Q1. ",
        "Q1: x\n",
        "Q1, ",
        "and Q1 ",
        "**Q1** ",
        "第1题",
        "1. x\n",
        "(1) ",
        "First: x\n",
        "problem ",
    ),
    *(
        "\\boxed{",
        "\\boxed{1} ",
        "\\boxed{1}, ",
        "\\boxed{1}\n",
        "\\boxed{1\n\n",
        "\\boxed{1;2,3} ",
        "\\boxed ",
        "\\begin{aligned}",
    ),
    *(
        "Q1: \\boxed{1}, Q2: \\boxed{2}; ",
        "| Q1 | 12 |\n",
        "Final answers: x\n",
        "Q1: x\nFinal answers: \\boxed{1}\n",
        "Q1: $x ",
    ),
    *("```\n", "```python\n", "```python\nx=1\n```\n", "x = 1\n```\n\n", "~~~\n", "x ``` y\n", "\\text{", "<b>", "1️⃣"),
    *(
        "<think>",
        "</think>",
        "<think></think>",
        "<think><thinking></think>",
        "[THINK]",
        "<|channel|>analysis",
        "assistantfina",
    ),
    *(
        "Antwort: B ",
        "Die richtige Antwort ist ",
        "السؤال 1: ",
        "الإجابة: ب ",
        "答えはBではない",
        "Frage 1. ",
        "1. Frage: ",
        "Q9: x\n",
    ),
    *(
        "<tool_call>",
        "<tool_call></tool_call>",
        "</s>",
        "<|im_end|>\n",
        "\u2028",
        "\r",
        "\u200f1",
        '{"question": 1, ',
        "e\u0301",
    ),
    *("The answer is B. ", "answer to x ", "answer\n", "答案", "选A", "A, ", "the ", "answers "),
]


@pytest.mark.timeout(60)
@pytest.mark.parametrize("unit", UNITS)
def test_no_repeated_text_hangs(unit: str) -> None:
    text = unit * (SIZE // len(unit))
    pack = make_pack(make_problem("math"), make_problem("choice"), make_problem("code"))
    assert len(parse_response(make_response(text), pack)) == 3
    assert len(parse_response(make_response(f"Q1: a\nQ2: b\nQ3: {text}"), pack)) == 3


@pytest.mark.timeout(60)
@pytest.mark.parametrize("unit", ["-", "*", "_", "#", " ", ">", "|", "`", "\t"])
def test_one_line_of_20000_marks_before_a_label_is_read(unit: str) -> None:
    answers = parse(f"Q1: \\boxed{{12}}\n{unit * 20_000}\nQ2: \\boxed{{7}}\n{unit * 20_000} Q3: x", 2)
    assert answers[0].text == "12"


@pytest.mark.timeout(120)
def test_a_reply_of_five_megabytes_is_read() -> None:
    block = "Q{}: The quick brown fox jumps over Q2 and gets $x = \\frac{{1}}{{2}}$, so we have \\boxed{{12}}.\n\n"
    text = "".join(block.format(k % 3 + 1) for k in range(56_000))
    assert len(text) > 5_000_000
    assert [answer.text for answer in parse(text, 3)] == ["12", "12", "12"]


def test_a_million_opening_braces_and_a_deep_nest_are_read() -> None:
    assert [answer.text for answer in parse("{" * 1_000_000 + "\\boxed{12}", 1)] == ["12"]
    assert [answer.text for answer in parse("\\boxed{" * 100_000 + "12" + "}" * 100_000, 1)] == ["12"]
