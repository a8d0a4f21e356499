"""The properties at the end of reading.md, on generated replies."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rest_bench.parsing import parse_response
from rest_bench.schema import Answer, AnswerType
from tests.parsing.build import make_pack, make_problem, make_response, parse, read

FRAGMENTS = [
    *(
        "<think>",
        "</think>",
        "[THINK]",
        "◁/think▷",
        "<|channel|>analysis",
        "<|channel|>final<|message|>",
        "assistantfinal",
    ),
    *(
        "Q1:",
        "Q2",
        "**Question 3**",
        "Answer to Q2:",
        "第1题：",
        "1.",
        "(2)",
        "| 1 |",
        "First:",
        "Q1 = 1, Q2 = 2",
        "Q0",
        "Q99",
    ),
    *(
        "\\boxed{",
        "\\boxed{12}",
        "\\boxed{}",
        "\\fbox 7",
        "{",
        "}",
        "\\{",
        "\\",
        "$",
        "\\text{",
        "\\begin{aligned}",
        "\\\\",
    ),
    *(
        "```",
        "```python\n",
        "~~~",
        "````",
        "def f():\n    return 1",
        "ANSWER: B",
        "The answer is",
        "A",
        "b",
        "故选C",
        "(C)",
    ),
    *(
        "Final answers:",
        "respectively",
        "\n",
        "\r\n",
        "\n\n",
        " ",
        "\t",
        "-",
        "*",
        ",",
        ";",
        " and ",
        "x = ",
        "12",
        "3/4",
        "%",
    ),
    *("\x00", "\x0b", "\u200f", "\u2028", "\ufeff", "\U0001f600", "１", "²", "٣", "①", "|", ">", "#", "<", "'"),
]
HOSTILE = st.one_of(st.text(), st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join))
LABELS = ["Q{}:", "**Q{}:**", "### Question {}\n", "Problem {}.", "Answer to Q{}:", "第{}题：", "- Q{} gives"]
BLOCK_FILLER = [
    "we add and get {box}.",
    "What is half of this? It is {box}",
    "as in Q{other}, {box}",
    "by Q{other} and Q{another}: {box}",
    "1. add\n2. halve, so\n\n{box}",
    "Step 1: think. {box}\n\nDone.",
    "{surplus} first, but no: {box}",
    "so\n```latex\n{box}\n```",
    "I could not do it.",
]


@st.composite
def blocks(draw: st.DrawFn, level: int) -> list[str]:
    """One labelled block per question; every number occurs in one box only."""
    label = draw(st.sampled_from(LABELS))
    numbers = iter(draw(st.lists(st.integers(10, 99_999), min_size=2 * level, max_size=2 * level, unique=True)))
    made = []
    for k in range(1, level + 1):
        filler = draw(st.sampled_from(BLOCK_FILLER)).format(
            box=f"\\boxed{{{next(numbers)}}}",
            surplus=f"\\boxed{{{next(numbers)}}}",
            other=draw(st.integers(1, level)),
            another=draw(st.integers(1, level)),
        )
        made.append(f"{label.format(k)} {filler}")
    return made


@given(st.data())
def test_shuffling_labelled_blocks_changes_nothing(data: st.DataObject) -> None:
    made = data.draw(st.integers(2, 5).flatmap(blocks))
    shuffled = data.draw(st.permutations(made))
    assert read("\n\n".join(shuffled), len(made)) == read("\n\n".join(made), len(made))


@given(st.data())
def test_a_surplus_box_or_a_restated_question_changes_no_other_slot(data: st.DataObject) -> None:
    made = data.draw(st.integers(2, 5).flatmap(blocks))
    changed = data.draw(st.integers(0, len(made) - 1))
    surplus = data.draw(
        st.sampled_from(
            [" \\boxed{5}", "\n\\boxed{}", "\n\nNote that \\boxed{6}.", " What was asked? See Q1.", " \\boxed{7"]
        )
    )
    before = read("\n\n".join(made), len(made))
    after = read("\n\n".join(block + surplus * (k == changed) for k, block in enumerate(made)), len(made))
    del before[changed], after[changed]
    assert after == before


@given(final=HOSTILE, hidden=HOSTILE, level=st.integers(1, 4), kind=st.sampled_from(["math", "choice", "code"]))
def test_text_in_unfinished_thinking_never_earns_an_answer(
    final: str, hidden: str, level: int, kind: AnswerType
) -> None:
    hidden = hidden.translate({ord(sign): None for sign in "<[◁"}).replace("assistant", "").replace("final", "")
    assert read(f"<think>{hidden}", level, kind) == [None] * level
    assert read(hidden, level, kind, thinking_prefilled=True) == [None] * level
    final = final.translate({ord(sign): None for sign in "<[◁"}).replace("assistant", "")
    assert read(f"{final}\n<think>{hidden}", level, kind) == read(f"{final}\n", level, kind)


@pytest.mark.parametrize("kind", ["math", "choice", "code"])
@given(text=HOSTILE, reasoning=st.none() | HOSTILE, level=st.integers(1, 5), prefilled=st.booleans())
def test_any_text_gives_one_answer_per_problem(
    kind: AnswerType, text: str, reasoning: str | None, level: int, prefilled: bool
) -> None:
    answers = parse(text, level, kind, reasoning=reasoning, thinking_prefilled=prefilled, completion_tokens=9)
    assert [answer.position for answer in answers] == list(range(1, level + 1))
    assert all((answer.text is None) == (answer.found_by == "none") for answer in answers)
    assert "" not in {answer.text for answer in answers}
    assert not any(answer.strict and answer.found_by in ("lenient", "none") for answer in answers)
    if kind == "choice":
        assert {answer.text for answer in answers} <= {*"ABCD", None}


@given(text=HOSTILE, kinds=st.lists(st.sampled_from(["math", "integer", "choice", "code"]), min_size=1, max_size=4))
def test_a_mixed_pack_never_raises(text: str, kinds: list[AnswerType]) -> None:
    answers: tuple[Answer, ...] = parse_response(make_response(text), make_pack(*map(make_problem, kinds)))
    assert len(answers) == len(kinds)


@given(st.lists(st.text(string.digits, min_size=1, max_size=5), min_size=2, max_size=6))
def test_what_a_model_is_told_to_write_is_read_back(answers: list[str]) -> None:
    reply = "\n".join(f"Answer to Q{k}: \\boxed{{{answer}}}" for k, answer in enumerate(answers, start=1))
    assert read(reply, len(answers)) == answers
