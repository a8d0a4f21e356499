import pytest

from rest_bench.parsing.splitting import split_box
from tests.parsing.build import read


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("12, 7, 30", ("12", "7", "30")),
        ("12; 7; 30", ("12", "7", "30")),
        ("12，7；30", ("12", "7", "30")),
        ("1,250, 7, 30", ("1,250", "7", "30")),
        ("7,1250,30", ("7", "1250", "30")),
        ("1,2; 7; 30", ("1,2", "7", "30")),
        ("(1, 2), [3, 4), 5", ("(1, 2)", "[3, 4)", "5")),
        (r"\{1, 2\}, \frac{1}{2}, \left(3, 4\right)", (r"\{1, 2\}", r"\frac{1}{2}", r"\left(3, 4\right)")),
        (r"12,\ 7,\quad 30", ("12", "7", "30")),
        ("$12$, $7$, $30$", ("12", "7", "30")),
        (r"2{,}5, 7, 30", (r"2{,}5", "7", "30")),
        (r"\begin{aligned} &12 \\ &7 \\[4pt] &30 \end{aligned}", ("12", "7", "30")),
        (r"\begin{array}{l} 12 \\ (7, 8) \\ 30 \\ \end{array}", ("12", "(7, 8)", "30")),
        (r"\begin{pmatrix}1\\2\end{pmatrix}, 7, 30", (r"\begin{pmatrix}1\\2\end{pmatrix}", "7", "30")),
        ("100,200,300", None),
        ("12, 7", None),
        ("12, 7, 30, 4", None),
        (r"\begin{pmatrix}1\\2\\3\end{pmatrix}", None),
        ("12 7 30", None),
        ("", None),
    ],
)
def test_a_box_is_split_at_the_top_level_into_exactly_as_many_parts(content: str, expected: tuple[str] | None) -> None:
    assert split_box(content, 3) == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (r"\text{Q2: } 7,\ \text{Q1: } 12,\ \text{Q3: } 30", ("12", "7", "30")),
        (r"\textbf{Q1}: 12, \textbf{Q2}: 7, \textbf{Q3}: 30", ("12", "7", "30")),
        ("Q1 = 12; Q3 = 30", ("12", None, "30")),
        ("Q0: 12, Q1: 7, Q2: 30", ("12", "7", "30")),
        ("Q1: 3, 5, Q2: 7, Q3: 30", ("3, 5", "7", "30")),
        (r"\text{Q1: 12, Q2: 7, Q3: 30}", ("12", "7", "30")),
        (r"\text{Q1: 12}, \text{Q2: 7}, \text{Q3: 30}", ("12", "7", "30")),
        ("第1题：12，第2题：7，第3题：30", ("12", "7", "30")),
        ("1) 12, 2) 7, 3) 30", ("12", "7", "30")),
        (r"\begin{aligned} &\text{Q3: } 30 \\ &\text{Q1: } 12 \end{aligned}", ("12", None, "30")),
        ("Q1: 12, Q1: 7, Q2: 30", ("12", "7", "30")),
        ("1.5, 2.5, 3.5", ("1.5", "2.5", "3.5")),
    ],
)
def test_labels_decide_where_every_part_has_one(content: str, expected: tuple[str | None, ...]) -> None:
    assert split_box(content, 3) == expected


def test_one_box_for_all_questions_is_read_without_labels() -> None:
    assert read(r"So \boxed{12, 7}.", 2) == ["12", "7"]
    assert read(r"So \boxed{12, 7, 30}.", 2) == [None, None]
    assert read(r"So \boxed{12, 7}.", 1) == ["12, 7"]
