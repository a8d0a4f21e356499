import pytest

from rest_bench.scoring.cleanup import clean
from rest_bench.scoring.grounds import ground_of, without_ground, without_grounds


@pytest.mark.parametrize(
    ("parts", "left"),
    [
        ([r"x \in \mathbb{R}", r"x \ne 2"], [r"x \ne 2"]),
        (["x > 2", r"x \text{is real}"], ["x > 2"]),
        ([r"x \in \mathbb{R}", r"y \in \mathbb{R}"], [r"x \in \mathbb{R}", r"y \in \mathbb{R}"]),
        ([r"x \in \mathbb{R}", "y > 2"], [r"x \in \mathbb{R}", "y > 2"]),
        ([r"x \in \mathbb{Z}", "x > 2"], [r"x \in \mathbb{Z}", "x > 2"]),
        (["1", "2"], ["1", "2"]),
    ],
)
def test_the_reals_say_nothing_beside_a_condition(parts: list[str], left: list[str]) -> None:
    assert without_grounds(parts) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (r"x \in \mathbb{R} : x > 2", "x > 2"),
        ("all real numbers except 2", r"\mathbb{R}\setminus \{2\}"),
        (r"x \in \mathbb{Z} : x > 2", r"x \in \mathbb{Z} : x > 2"),
        ("12", "12"),
    ],
)
def test_the_reals_go_from_the_front(text: str, left: str) -> None:
    assert without_ground(clean(text)) == left


def test_a_ground_set_that_counts_is_told() -> None:
    assert ground_of(r"x \in \mathbb{Z}") == r"\mathbb{Z}"
    assert ground_of(r"x \in \mathbb{R}") is None
    assert ground_of("x") is None
