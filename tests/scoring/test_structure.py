import pytest

from rest_bench.scoring.cleanup import clean
from rest_bench.scoring.shapes import (
    Assignment,
    Collection,
    Equation,
    Matrix,
    Parts,
    Region,
    Relation,
    Shape,
    Value,
    Words,
)
from rest_bench.scoring.structure import read_shape


def read(text: str) -> Shape:
    return read_shape(clean(text))


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("5", Value),
        ("2x+1", Value),
        ("(5)", Value),
        ("1,234", Value),
        ("204_5", Value),
        ("Evelyn", Words),
        (r"5\text{ whole }x", Words),
        ("4 2", Words),
        ("1, 2", Collection),
        ("5 or 6", Collection),
        (r"\{1, 2\}", Collection),
        ("(1,2)", Collection),
        (r"\pm 5", Collection),
        ("1:2:3", Parts),
        ("1.2.3", Parts),
        (r"\begin{pmatrix}1\\2\end{pmatrix}", Matrix),
        (r"\left[\begin{array}{c}1\\2\end{array}\right]", Matrix),
        ("[2,7)", Region),
        ("x>3", Region),
        (r"\mathbb{R}", Region),
        (r"(-\infty,-2)\cup(4,\infty)", Region),
        (r"x<-2 \text{ or } x>4", Region),
        ("x+y>3", Relation),
        ("x=5", Equation),
        ("3x+4y=14", Equation),
        (r"x=3 \text{ or } x=-1", Equation),
        ("n=2,3,4", Equation),
        ("x=3, y=4", Assignment),
        ("(x,y)=(3,4)", Assignment),
        (r"\begin{cases} x=3 \\ y=4 \end{cases}", Assignment),
        ("", Words),
        (",", Words),
        ("and", Words),
    ],
)
def test_an_answer_has_a_shape(text: str, shape: type) -> None:
    assert isinstance(read(text), shape)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("1, 2, 3", 3),
        ("1; 2", 2),
        ("1, 2 and 3", 3),
        ("1, 2, and 3", 3),
        (r"1 \pm \sqrt{2}, 5", 3),
        ("(1,2), (3,4)", 2),
        ("5,", 1),
    ],
)
def test_a_list_has_its_parts(text: str, count: int) -> None:
    shape = read(text)
    assert (len(shape.parts) if isinstance(shape, Collection) else 1) == count


def test_commas_in_brackets_part_numbers() -> None:
    assert isinstance(read("(100,200)"), Collection)
    assert isinstance(read_shape("100,200", join_thousands=False), Collection)


@pytest.mark.parametrize("text", [r"5 \quad (\text{since } x>0)", r"5 \text{ because it is}", "5 (as required)"])
def test_a_remark_is_cut(text: str) -> None:
    assert read(text) == read("5")


@pytest.mark.parametrize("text", ["5 (or 6)", "5 (maybe 6)", "5 or 6"])
def test_a_hedge_is_not(text: str) -> None:
    assert read(text) != read("5")


def test_a_unit_in_brackets_stays_a_unit() -> None:
    assert read("5 (cm)") == read("5 cm")
