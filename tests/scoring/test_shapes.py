import pytest

from rest_bench.scoring.shapes import Equation, Value, is_name


@pytest.mark.parametrize(
    "text", ["x", "x_{1}", r"\theta", "f(x)", "f(2)", "f'(x)", "AB", r"\text{Area}", r"\angle ABC", "P(A)", "|z|"]
)
def test_names(text: str) -> None:
    assert is_name(text)


@pytest.mark.parametrize("text", ["5", "2x", "x+y", r"\pi", "e", "i", r"\infty", "", "x^{2}", r"\sqrt{x}"])
def test_values_are_no_names(text: str) -> None:
    assert not is_name(text)


def test_an_equation_has_a_name_where_its_left_side_is_one() -> None:
    sides = (Value("x"), Value("5"))
    assert Equation(sides, ("x", "5")).name == "x"
    assert Equation(sides, ("2x", "5")).name is None
