import pytest

from rest_bench.parsing.numbering import match_part_label, part_number, shift_from_zero, to_number


@pytest.mark.parametrize(
    ("numeral", "expected"),
    [
        *(("7", 7), ("12", 12), ("٣", 3), ("⑳", 20), ("twelve", 12), ("Third", 3), ("2nd", 2)),
        *(("IV", 4), ("IX", 9), ("XII", 12), ("十", 10), ("十二", 12), ("二十", 20), ("三十一", 31)),
        *(("二三", None), ("", None), ("十十", None)),
    ],
)
def test_numerals_are_read(numeral: str, expected: int | None) -> None:
    assert to_number(numeral) == expected


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [([0, 1, 2], [1, 2, 3]), ([2, 0], [3, 1]), ([1, 2, 3], [1, 2, 3]), ([0, 3], [0, 3]), ([], [])],
)
def test_labels_from_zero_are_counted_from_one(numbers: list[int], expected: list[int]) -> None:
    assert shift_from_zero(numbers, 3) == expected


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (r"\text{Q1: } 12", 1),
        (r"\textbf{Question 2}: 7", 2),
        ("Q_3 = 30", 3),
        ("第3题：30", 3),
        ("2) 7", 2),
        ("2: 7", 2),
        ("2:7", None),
        ("2.5", None),
        ("x = 2", None),
        ("(2, 3)", None),
    ],
)
def test_the_label_of_a_part_of_a_box_is_read(part: str, expected: int | None) -> None:
    label = match_part_label(part)
    assert (part_number(label) if label else None) == expected
