import pytest

from rest_bench.parsing.paper import read_paper
from rest_bench.schema import AnswerType
from tests.parsing.build import make_response

NONE = "\\boxed{None}"
NO_CODE = "```python ```"


def paper(text: str, level: int = 2, answer_type: AnswerType = "math", **fields: object) -> tuple[str, ...]:
    return read_paper(make_response(text, **fields), (answer_type,) * level)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"Q2: \boxed{7} Q1: \boxed{12}", (r"\boxed{7}", r"\boxed{12}")),
        (r"\boxed{1}", (r"\boxed{1}", NONE)),
        (r"\boxed{1} \boxed{2} \boxed{3}", (r"\boxed{1}", r"\boxed{2}")),
        (r"\fbox{1} \boxed{}", (r"\boxed{}", NONE)),
        (r"\boxed{\boxed{1}} \boxed{2}", (r"\boxed{\boxed{1}}", r"\boxed{2}")),
        (r"in \boxed, then {x} and \boxed{2}", (r"\boxed, then {x}", r"\boxed{2}")),
        (r"\boxed{1 and \boxed{2}", (NONE, NONE)),
        (r"\boxed{\{1} \boxed{2}} \boxed{3}", (r"\boxed{\{1} \boxed{2}}", r"\boxed{3}")),
        (r"\boxed} {1} {{2}} \boxed{3}", (r"\boxed} {1} {{2}", r"\boxed{3}")),
        ("", (NONE, NONE)),
    ],
)
def test_boxes_are_counted_from_the_left(text: str, expected: tuple[str, ...]) -> None:
    assert paper(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"<think>\boxed{1}</think>\boxed{2}", (r"\boxed{2}", NONE)),
        (r"\boxed{1}</think>\boxed{2}</think>\boxed{3}", (r"\boxed{3}", NONE)),
        (r"\boxed{1}<think>\boxed{2}", (r"\boxed{1}", r"\boxed{2}")),
        (r"<think>\boxed{1}</think>\boxed{2}</think>\boxed{3}", (r"\boxed{2}", r"\boxed{3}")),
        (r"<think>a<think>\boxed{1}</think>\boxed{2}<think>x</think>\boxed{3}", (r"\boxed{2}", r"\boxed{3}")),
        (r"<THINK>\boxed{1}</THINK>\boxed{2}", (r"\boxed{1}", r"\boxed{2}")),
    ],
)
def test_only_closed_lower_case_think_blocks_are_dropped(text: str, expected: tuple[str, ...]) -> None:
    assert paper(text) == expected


def test_reasoning_split_off_by_a_server_is_dropped_unless_it_is_all_there_is() -> None:
    assert paper(r"\boxed{2}", reasoning=r"\boxed{1}") == (r"\boxed{2}", NONE)
    assert paper("", reasoning=r"\boxed{1}", finish_reason="length") == (r"\boxed{1}", NONE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("```python\na\n```\n```python\nb\n```", ("```python\na\n```", "```python\nb\n```")),
        ("```python3\na\n```", ("```python\n3\na\n```", NO_CODE)),
        ("```Python\na\n```", (NO_CODE, NO_CODE)),
        ("````python\na\n```\nb\n````", ("```python\na\n```", NO_CODE)),
        ("```python\nnever closed", (NO_CODE, NO_CODE)),
        ("```python```", ("```python\n\n```", NO_CODE)),
    ],
)
def test_fences_are_counted_from_the_left(text: str, expected: tuple[str, ...]) -> None:
    assert paper(text, answer_type="code") == expected


def test_a_mixed_pack_counts_boxes_and_fences_apart() -> None:
    response = make_response("\\boxed{1}\n```python\na\n```\n\\boxed{2}\n```python\nb\n```")
    assert read_paper(response, ("math", "code", "choice")) == (r"\boxed{1}", "```python\nb\n```", NONE)


def test_an_error_has_no_answers() -> None:
    assert paper(r"\boxed{1}", finish_reason="error") == (NONE, NONE)
