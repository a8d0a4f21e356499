import pytest

from rest_bench.scoring.algebra import equal


@pytest.mark.parametrize(
    ("gold", "answer"),
    [
        (r"\sqrt{50}", r"5\sqrt{2}"),
        ("(x+1)^{2}", "x^{2}+2x+1"),
        (r"\cot x", r"\frac{\cos x}{\sin x}"),
        (r"\log_{2} 3", r"\frac{\ln 3}{\ln 2}"),
        ("6-5i", "-5i+6"),
        (r"\frac{1}{i}", "-i"),
        ("2^{100}", "4^{50}"),
        ("0.1x", r"\frac{x}{10}"),
        (r"\sqrt{2}", "1.41421356"),
        ("3x+4y=14", "6x+8y=28"),
        ("y=-2x", "2x+y=0"),
        ("x+y>3", "3<x+y"),
        ("2x>6", "-x<-3"),
        (r"\frac{1}{2}\begin{pmatrix}2\\4\end{pmatrix}", r"\begin{pmatrix}1\\2\end{pmatrix}"),
    ],
)
def test_equal(gold: str, answer: str) -> None:
    assert equal(gold, answer)


@pytest.mark.parametrize(
    ("gold", "answer"),
    [
        (r"\sqrt{2}", "1.4142"),
        ("1000", "10'00"),
        ("x", "x'"),
        ("f'(x)", "f(x)"),
        ("2^{100}", "2^{100}+1"),
        (r"2\cdot 10^{-7}\pi", r"10^{-7}\pi"),
        ("x+10^{-20}", "x"),
        ("|x|", "x"),
        ("2x", "2y"),
        ("2", "2t"),
        ("3x-y+13=0", "3x+4y+14=0"),
        ("x+y>3", r"x+y\ge 3"),
        ("2x>6", "-x>-3"),
        ("5", "5 @ 6"),
        ("x", r"\frac{"),
        ("5", r"\frac{1}{0}"),
        ("f(x)", "f(y)"),
    ],
)
def test_different(gold: str, answer: str) -> None:
    assert not equal(gold, answer)


def test_a_gold_that_cannot_be_read_is_a_fault_and_not_a_verdict() -> None:
    with pytest.raises(ValueError, match="cannot read the gold"):
        equal("5 @ 6", "5")
