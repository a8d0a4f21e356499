import pytest

from rest_bench.scoring.characters import plain_characters


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("１２", "12"),
        ("（1，2）", "(1,2)"),
        ("x＝5", "x=5"),
        ("−5", "-5"),
        ("–5", "-5"),
        ("2、3", "2,3"),
        ("5。", "5."),
        ("x²", "x^{2}"),
        ("10⁻³", "10^{-3}"),
        ("x₁₂", "x_{12}"),
        ("½", r"\frac{1}{2}"),
        ("90°", r"90^\circ "),
        ("2π", r"2\pi "),
        ("3 × 4", r"3 \cdot  4"),
        ("x ≤ 3", r"x \le  3"),
        ("∞", r"\infty "),
        ("ℝ", r"\mathbb{R}"),
        ("1\u200b2", "12"),
        ("1\u00a02", "1 2"),
        ("**5**", "5"),
        ("5\x00", "5 "),
    ],
)
def test_signs_become_plain(text: str, expected: str) -> None:
    assert plain_characters(text) == expected
