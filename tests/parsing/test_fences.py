import pytest

from rest_bench.parsing.fences import find_fences
from tests.parsing.build import read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("```python\na\n```", [("python", "a")]),
        ("~~~\na\n```\nb\n~~~~", [("", "a\n```\nb")]),
        ("```python\na\n``` no\n```", [("python", "a\n``` no")]),
        ("inline ```x``` and ``` y", []),
        ("```x``` on its own line", []),
        ("```python\n  a\n    b\n```", [("python", "a\n  b")]),
        ("```\n\n```", [("", "")]),
        ("```python", [("python", "")]),
        ("- ```py\n  a\n  ```", [("py", "a")]),
    ],
)
def test_fences_are_read_as_in_commonmark(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(fence.language, fence.code) for fence in find_fences(text)] == expected


def test_ticks_inside_a_longer_or_less_indented_fence_are_code() -> None:
    code = 'def f():\n    """\n    ```\n    f()\n    ```\n    """'
    assert read(f"Q1:\n```python\n{code}\n```", 1, "code") == [code]
    assert read(f"Q1:\n````python\n```\n{code}\n````", 1, "code") == [f"```\n{code}"]
