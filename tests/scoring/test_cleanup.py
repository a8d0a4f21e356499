import pytest
from hypothesis import given
from hypothesis import strategies as st

from rest_bench.scoring.cleanup import clean
from rest_bench.scoring.latex import balanced


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        (r"\dfrac12", r"\frac{1}{2}"),
        (r"\frac 5 9", r"\frac{5}{9}"),
        (r"\\frac{1}{2}", r"\frac{1}{2}"),
        (r"{1 \over 2}", r"\frac{1 }{ 2}"),
        (r"\sqrt3", r"\sqrt{3}"),
        ("√50", r"\sqrt{50}"),
        ("sqrt(x+1)", r"\sqrt{x+1}"),
        ("2^10", "2^{10}"),
        ("x^-1", "x^{-1}"),
        (r"10{,}080", "10,080"),
        (r"11,\! 111", "11,111"),
        (r"\left( 1 \right]", "( 1 ]"),
        (r"\textcolor{red}{5}", "5"),
        (r"\boxed{\mathbf{5}}", "5"),
        (r"\text{42 apples}", r"42 \text{apples}"),
        (r"42\text{ cm}^2", r"42 \text{cm}^{2}"),
        (r"\mathrm{e}^{-1}", "e^{-1}"),
        (r"\operatorname{sin}(x)", r"\sin (x)"),
        ("no solution", r"\text{no solution}"),
        ("xy", "xy"),
        ("27 and 8", r"27 \text{and} 8"),
        (r"8\text{ cm and }27\text{ cm}", r"8 \text{cm} \text{and} 27 \text{cm}"),
        ("18 min", r"18 \text{min}"),
        (r"\min(3,4)", r"\min(3,4)"),
        ("$5$", "5"),
        ("$18", r"\$18"),
        ("50%", r"50\%"),
        ("5.", "5"),
        ("5!", "5!"),
        (r"\text{Q2: } 7", "7"),
        ("The answer is 5", "5"),
        ("6.02\\times10^{23}", r"6.02\cdot 10^{23}"),
        (r"\begin{pmatrix} 1 \\ 2 \end{pmatrix}", r"\begin{pmatrix} 1 \\ 2 \end{pmatrix}"),
    ],
)
def test_one_dialect_comes_out(text: str, expected: str) -> None:
    assert clean(text) == expected


FRAGMENTS = [
    *(
        "{",
        "}",
        r"\{",
        r"\}",
        "(",
        ")",
        "[",
        "]",
        "$",
        r"\$",
        "%",
        "1",
        "23",
        "1,234",
        "x",
        "ab",
        "word",
        " ",
        ",",
        ".",
    ),
    *(
        r"\frac",
        r"\sqrt",
        "^",
        "_",
        "√",
        "½",
        "²",
        r"\text{",
        r"\boxed{",
        r"\left(",
        r"\over",
        "=",
        "<",
        "and",
        "cm",
        "!",
    ),
    *(r"\begin{pmatrix}", r"\end{pmatrix}", r"\\", "&", r"\pm ", r"\circ", "sqrt(", "^(", "**", "`", "Answer:", "\n"),
]


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=25).map("".join))
def test_any_text_can_be_cleaned_and_stays_of_its_size(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned) <= 12 * len(text) + 12
    assert cleaned == cleaned.strip()


@given(
    st.lists(
        st.sampled_from(["1", "x", r"\frac{1}{2}", r"\sqrt{3}", " + ", r"\text{ cm}", "(2)", r"\pi "]), min_size=1
    ).map("".join)
)
def test_what_is_balanced_stays_balanced_and_clean_stays_clean(text: str) -> None:
    cleaned = clean(text)
    assert balanced(cleaned)
    assert clean(cleaned) == cleaned
