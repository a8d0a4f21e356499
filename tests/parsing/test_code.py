import pytest

from tests.parsing.build import parse, read

ADD = "def add(a, b):\n    return a + b"
DOUBLE = "def dbl(x):\n    return 2 * x"
FENCED_ADD = f"```python\n{ADD}\n```"
FENCED_DOUBLE = f"```python\n{DOUBLE}\n```"


def indent(text: str, by: str) -> str:
    return "\n".join(by + line for line in text.split("\n"))


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (f"Q1:\n{FENCED_ADD}\n\nQ2:\n{FENCED_DOUBLE}", [ADD, DOUBLE]),
        (f"### Q2\n{FENCED_DOUBLE}\n### Q1\n{FENCED_ADD}", [ADD, DOUBLE]),
        (f"Q1:\n{FENCED_ADD}\n\nNow Q2.\n\n{FENCED_DOUBLE}".replace("\n", "\r\n"), [ADD, DOUBLE]),
        (f"1.\n{FENCED_ADD}\n\n2.\n{FENCED_DOUBLE}", [ADD, DOUBLE]),
        (f"Q1:\n{FENCED_DOUBLE}\nfixed:\n{FENCED_ADD}\nQ2: none", [ADD, None]),
        (f"Q1:\n{FENCED_ADD}\n```python\n\n```\nQ2: none", [ADD, None]),
        (f"Q1:\n{FENCED_ADD}\n```cpp\nint x;\n```\n```\noutput\n```\nQ2:\n```\n{DOUBLE}\n```", [ADD, DOUBLE]),
        (f"Q1:\n```PY\n{ADD}\n```\nQ2:\n~~~Python3 title='x'\n{DOUBLE}\n~~~", [ADD, DOUBLE]),
        (f"Q1:\n```cpp\nint x;\n```\nQ2:\n{FENCED_DOUBLE}", [None, DOUBLE]),
        (f"Q1:\n```python\n# Q2: double\n{ADD}\n```", [f"# Q2: double\n{ADD}", None]),
        (f"**Q1:** ```python\n{ADD}\n```\n**Q2:** ```python\n{DOUBLE}\n```", [ADD, DOUBLE]),
        (f"1. Q1:\n{indent(FENCED_ADD, '   ')}\n2. Q2:\n{indent(FENCED_DOUBLE, '    ')}", [ADD, DOUBLE]),
        (f"> Q1:\n{indent(FENCED_ADD, '> ')}\n\nQ2:\n{FENCED_DOUBLE}", [ADD, DOUBLE]),
        (f"Q1:\n{FENCED_ADD}\nQ2:\n```python\n{DOUBLE}", [ADD, DOUBLE]),
        (f"Q1: take x = 5:\n```\n{ADD}\n```\nQ2:\n```\n{DOUBLE}\n```", [ADD, DOUBLE]),
        (f"{FENCED_ADD}\n\n{FENCED_DOUBLE}", [ADD, DOUBLE]),
        (f"{FENCED_ADD}\n```text\n3\n```\n{FENCED_DOUBLE}", [ADD, DOUBLE]),
        (f"{FENCED_ADD}\n\n{FENCED_DOUBLE}\n{FENCED_ADD}", [None, None]),
        (FENCED_ADD, [None, None]),
        (f"Q1:\n{ADD}\n\nQ2: `{DOUBLE}`", [None, None]),
    ],
)
def test_the_last_program_of_a_section(reply: str, expected: list[str]) -> None:
    answers = parse(reply, 2, "code")
    assert [answer.text for answer in answers] == expected
    assert all(answer.strict == (answer.text is not None) for answer in answers)


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (f"Q1:\n{ADD}\n```\n\nQ2:\n{FENCED_DOUBLE}", [ADD, DOUBLE]),
        (f"Q1:\nHere it is:\n\nimport os\n{ADD}\n```\nDone.\n\nQ2:\n{FENCED_DOUBLE}", [f"import os\n{ADD}", DOUBLE]),
    ],
)
def test_a_lone_closing_fence_ends_the_code_before_it(reply: str, expected: list[str]) -> None:
    first, second = parse(reply, 2, "code")
    assert [first.text, second.text] == expected
    assert (first.found_by, first.strict) == ("lenient", False)
    assert (second.found_by, second.strict) == ("label", True)


def test_a_reply_that_begins_inside_its_fence() -> None:
    assert read(f"{ADD}\n```\nThis adds.", 1, "code") == [ADD]
    assert read("Only words here.\n```\nThis adds.", 1, "code") == ["This adds."]
