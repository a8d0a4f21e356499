import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rest_bench.metrics.efficiency import (
    after_solution,
    efficiency,
    in_new_rounds,
    overthinking_f1,
    post_solution,
    until_solution,
    weighted_by_brevity,
)
from rest_bench.schema import Efficiency


def numbers(*values: float | None) -> pandas.Series:
    return pandas.Series(values, dtype=float)


def test_the_worked_example_of_the_first_correct_token() -> None:
    """metrics.md 7.1: a segment of 70 tokens, right at 20: 50 tokens after it, .714."""
    assert post_solution(numbers(70, 40), numbers(20, None)).mean() == pytest.approx(0.7143, abs=1e-4)


def test_the_worked_example_of_outcome_efficiency() -> None:
    """metrics.md 7.2: 20/70 and a wrong slot: .1429; the example of its source is 39/901."""
    assert until_solution(numbers(70, 30), numbers(20, None)).mean() == pytest.approx(0.1429, abs=1e-4)
    assert until_solution(numbers(901), numbers(39)).mean() == pytest.approx(39 / 901)
    assert until_solution(numbers(0, 10), numbers(None, 5)).mean() == pytest.approx(0.25)


def test_the_worked_example_of_process_efficiency() -> None:
    """metrics.md 7.3."""
    assert in_new_rounds(numbers(100, 0), numbers(70, 0)).mean() == pytest.approx(0.7)


def test_the_worked_example_of_underthinking() -> None:
    """metrics.md 7.4: 30 tokens, right at 10: .667; with a second wrong slot without a right thought: .333."""
    assert after_solution(numbers(30), numbers(10)).mean() == pytest.approx(0.6667, abs=1e-4)
    assert after_solution(numbers(30, 50), numbers(10, None)).mean() == pytest.approx(0.3333, abs=1e-4)
    assert after_solution(numbers(), numbers()).empty


def test_the_worked_example_of_the_overthinking_curve() -> None:
    """metrics.md 7.5: 200 right, 1200 right, 100 wrong: .2667, F1 with .6 is .3692; by response, not of means."""
    area = weighted_by_brevity(numbers(200, 1200, 100), numbers(1, 1, 0), 1000).mean()
    assert area == pytest.approx(0.2667, abs=1e-4)
    assert overthinking_f1(area, 0.6) == pytest.approx(0.3692, abs=1e-4)
    assert weighted_by_brevity(numbers(200, 1200), numbers(1, 1), 1000).mean() == pytest.approx(0.40)
    assert overthinking_f1(0, 0) == 0


def slots(*rows: tuple[bool | None, int | None, int | None, str]) -> pandas.DataFrame:
    """Return slots: whether divided surely, tokens, tokens to the first right statement, outcome."""
    return pandas.DataFrame(
        {
            "segmentation_sure": pandas.Series([row[0] for row in rows], dtype=object),
            "segment_tokens": numbers(*(row[1] for row in rows)),
            "first_correct_tokens": numbers(*(row[2] for row in rows)),
            "distinct_tokens": numbers(*(row[1] for row in rows)),
            "correct_trace": pandas.Series([row[2] is not None or None for row in rows], dtype=object),
            "correct": pandas.Series([row[3] == "correct" for row in rows], dtype=bool),
            "problem_id": pandas.Series([f"Q{number}" for number, _ in enumerate(rows)], dtype=object),
            "outcome": [row[3] for row in rows],
        }
    )


def values(found: Efficiency) -> dict[str, float]:
    """Return the numbers that are defined."""
    numbers = {name: getattr(value, "value", value) for name, value in found if name != "undefined"}
    return {name: value for name, value in numbers.items() if value is not None}


def test_a_level_has_all_of_them() -> None:
    found = efficiency(
        slots((True, 70, 20, "correct"), (True, 30, 10, "wrong"), (True, 0, None, "truncated"), (False, 9, 3, "wrong")),
        2,
        budget_tokens=200,
    )
    assert found.first_correct_tokens == 15
    assert found.post_solution_share.value == pytest.approx((5 / 7 + 2 / 3) / 2)
    assert found.outcome_efficiency.value == pytest.approx((2 / 7 + 1 / 3 + 0) / 3)
    assert found.process_efficiency.value == 1
    assert found.underthinking.value == pytest.approx((2 / 3 + 0) / 2)
    assert found.auc_oaa.value == pytest.approx(0.3 / 3), "at most 200 tokens for 2 questions: 100 each"


def test_what_failed_or_was_not_judged_is_not_wrong() -> None:
    table = slots((True, 30, 10, "ungraded"), (True, 30, 10, "error"), (True, 30, 10, "correct"))
    assert efficiency(table, 1, 100).underthinking.value is None


@pytest.mark.parametrize(
    "rows",
    [
        [(None, None, None, "correct"), (None, None, None, "wrong")],
        [(False, 10, 5, "correct")],
        [(True, None, None, "correct")],
        [],
    ],
    ids=["no thinking", "not sure", "no count", "no slot"],
)
def test_without_surely_counted_thinking_all_are_null(
    rows: list[tuple[bool | None, int | None, int | None, str]],
) -> None:
    found = efficiency(slots(*rows), 2, budget_tokens=100)
    assert values(found) == {}
    assert set(found.undefined) == set(Efficiency.model_fields) - {"undefined"}


def test_without_any_statement_what_rests_on_them_is_null() -> None:
    """As in a task whose answers are programs."""
    found = efficiency(slots((True, 10, None, "ungraded"), (True, 10, None, "wrong")), 2, 100)
    assert values(found) == {"process_efficiency": 1.0, "auc_oaa": 0.0}


def test_all_zero_tokens_have_no_shares() -> None:
    found = efficiency(slots((True, 0, None, "wrong"), (True, 0, None, "truncated")), 2, budget_tokens=100)
    assert values(found) == {"auc_oaa": 0.0}


def test_the_types_of_a_table_from_disk_change_nothing() -> None:
    made = slots((True, 70, 20, "correct"), (False, 30, None, "wrong"), (None, None, None, "wrong"))
    names = ["segment_tokens", "first_correct_tokens", "distinct_tokens"]
    read = made.astype({**dict.fromkeys(names, "Int64"), "segmentation_sure": "boolean", "outcome": "category"})
    assert efficiency(read, 2, 100) == efficiency(made, 2, 100)


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500), st.sampled_from(["correct", "wrong"])), min_size=1))
def test_all_shares_lie_between_0_and_1(drawn: list[tuple[int, int, str]]) -> None:
    found = efficiency(slots(*((True, max(t, f), f or None, outcome) for t, f, outcome in drawn)), 1, budget_tokens=300)
    shares = {name: value for name, value in values(found).items() if name != "first_correct_tokens"}
    assert all(0 <= share <= 1 for share in shares.values())
