import pytest
from hypothesis import given
from hypothesis import strategies as st

from rest_bench.scoring.latex import balanced, group_end, inside, nesting, plain, split


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("1, 2", ["1", "2"]),
        ("(1, 2), 3", ["(1, 2)", "3"]),
        (r"\{1, 2\}, [3, 4)", [r"\{1, 2\}", "[3, 4)"]),
        (r"\frac{1,}{2}", [r"\frac{1,}{2}"]),
        (r"\begin{pmatrix}1, 2\end{pmatrix}, 3", [r"\begin{pmatrix}1, 2\end{pmatrix}", "3"]),
        ("1), 2", ["1)", "2"]),
        ("", [""]),
    ],
)
def test_only_commas_outside_brackets_split(text: str, parts: list[str]) -> None:
    assert split(text, lambda token: token == ",")[0] == parts


@given(st.lists(st.sampled_from(["(", ")", "{", "}", r"\{", r"\}", ",", "1", r"\frac", " ", "\\"]), max_size=30))
def test_splitting_loses_no_sign(tokens: list[str]) -> None:
    text = "".join(tokens)
    parts, separators = split(text, lambda token: token == ",")
    assert len(parts) == len(separators) + 1
    assert sorted("".join(parts + separators).replace(" ", "")) == sorted(text.replace(" ", ""))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(1, 2)", ("(", "1, 2", ")")),
        ("[2, 7)", ("[", "2, 7", ")")),
        (r"\{1\}", (r"\{", "1", r"\}")),
        ("(1)(2)", None),
        ("5", None),
        ("(5", None),
        ("", None),
    ],
)
def test_brackets_round_the_whole(text: str, expected: tuple[str, str, str] | None) -> None:
    assert inside(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("{a}", True), (r"\{", True), ("{", False), ("}{", False), (r"\\{", False), ("", True), (r"{\}}", True)],
)
def test_escaped_braces_need_no_partner(text: str, expected: bool) -> None:
    assert balanced(text) == expected


def test_nesting_counts_brackets_in_brackets() -> None:
    assert [nesting(text) for text in ("5", "(5)", "((5), [{6}])")] == [0, 1, 3]


def test_a_group_ends_behind_its_bracket() -> None:
    assert group_end("x{a{b}}c", 1) == 7
    assert group_end("{never", 0) == 6


def test_blanks_count_only_between_numbers() -> None:
    assert plain(r"2 x + \text{two words}") == "2x+twowords"
    assert plain("1, 2") != plain("1,2")
    assert plain("4 2") != plain("42")
