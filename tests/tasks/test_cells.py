from decimal import Decimal

import pytest

from rest_bench.errors import TaskError
from rest_bench.tasks.cells import as_text, is_blank, read_cell, read_optional_text
from rest_bench.tasks.rows import Row, Unusable

ROW = Row("row 1", {"q": "?", "blank": " \n", "null": None, "twice": Unusable("heads 2 columns, 1 and 3"), 1: "?"})


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (" a ", " a "),
        (0, "0"),
        (-3, "-3"),
        (2.5, "2.5"),
        (27.0, "27.0"),
        (6.02e23, "6.02e+23"),
        (9007199254740991.0, "9007199254740991.0"),
        (12345678901234567890, "12345678901234567890"),
        (Decimal("27.00"), "27.00"),
        (Decimal("3.14159265358979323846"), "3.14159265358979323846"),
        (Decimal("1E+3"), "1000"),
        ("a\ud800", "a\ufffd"),
    ],
)
def test_a_value_is_written_with_all_its_digits(value: object, text: str) -> None:
    assert as_text(value, "here") == text


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        (True, "here is neither text nor a number"),
        (None, "here is neither"),
        ([1], "here is neither"),
        (b"a", "here is neither"),
        (float("nan"), "here is nan, which is no value"),
        (float("-inf"), "here is -inf, which is no value"),
        (Decimal("1e400"), "here is 1E+400, which is too large or too small"),
        (Decimal("1e-400"), "here is 1E-400, which is too large or too small"),
        (Decimal("NaN"), "here is NaN, which is too large or too small"),
        (1.2345678901234567e19, "here is 1.2345678901234567e+19, a float that has lost its last digits"),
        ("a\0", "here holds a NUL character"),
    ],
)
def test_a_value_that_is_none_is_refused(value: object, fault: str) -> None:
    with pytest.raises(TaskError) as error:
        as_text(value, "here")
    assert str(error.value).startswith(fault)


@pytest.mark.parametrize(
    ("column", "fault"),
    [
        ("other", "row 1: no column 'other'; it has 'q', 'blank', 'null', 'twice'"),
        (2, "row 1: no column 2"),
        ("blank", "row 1: column 'blank' is empty"),
        ("null", "row 1: column 'null' is empty"),
        ("twice", "row 1: column 'twice' heads 2 columns, 1 and 3"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named(column: str | int, fault: str) -> None:
    with pytest.raises(TaskError) as error:
        read_cell(ROW, column)
    assert str(error.value).startswith(fault)


def test_a_cell_may_be_missing_where_it_is_optional() -> None:
    assert [read_optional_text(ROW, column) for column in (None, "other", "null", "q", 1)] == [
        None,
        None,
        None,
        "?",
        "?",
    ]
    assert [is_blank(cell) for cell in (None, "", " \n", "a", 0)] == [True, True, True, False, False]
