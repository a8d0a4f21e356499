import pytest
from hypothesis import given
from hypothesis import strategies as st

from rest_bench.scoring.cleanup import clean
from rest_bench.scoring.compare import names_in, same
from rest_bench.scoring.shapes import Shape
from rest_bench.scoring.structure import read_shape


def shape(text: str) -> Shape:
    return read_shape(clean(text))


def same_text(gold: str, answer: str) -> bool:
    return gold.replace(" ", "") == answer.replace(" ", "")


TEXTS = ["5", "5 cm", r"\frac{1}{2}", "1, 2", r"\{1, 2\}", "(1,2)", "[1,2)", "x>3", "x=5", "3x+4y=14", "x=3, y=4",
         "1:2:3", r"\begin{pmatrix}1\\2\end{pmatrix}", "Evelyn", "204_5", r"50\%",
         "x+y>3", r"\pm 5", "2k", "n=2,3", "3:45 p.m."]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_everything_equals_itself(text: str) -> None:
    assert same(shape(text), shape(text), same_text)


@given(st.permutations([str(number) for number in range(5)]))
def test_the_order_of_a_list_does_not_count_and_that_of_a_tuple_does(parts: list[str]) -> None:
    assert same(shape("0, 1, 2, 3, 4"), shape(", ".join(parts)), same_text)
    in_order = parts == sorted(parts)
    assert same(shape("(0, 1, 2, 3, 4)"), shape(f"({', '.join(parts)})"), same_text) == in_order


def test_a_list_is_compared_by_pairing_each_part_once() -> None:
    assert not same(shape("1, 1, 2"), shape("1, 2, 2"), same_text)


def test_the_gold_says_what_was_asked_for() -> None:
    assert same(shape("204_5"), shape("204"), same_text)
    assert not same(shape("204"), shape("204_5"), same_text)


@pytest.mark.parametrize(
    ("text", "names"),
    [("5", set()), (r"2x+\pi", {"x"}), (r"\sqrt{ab}", {"a", "b"}), (r"\theta r", {r"\theta", "r"}), ("2e+3i", set())],
)
def test_the_names_of_an_expression(text: str, names: set[str]) -> None:
    assert names_in(shape(text)) == names
