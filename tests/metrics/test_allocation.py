import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rest_bench.metrics.allocation import allocate
from rest_bench.schema import Allocation


def scores(*responses: tuple[bool | None, tuple[int | None, ...]]) -> pandas.DataFrame:
    """Return the slots of responses: whether each could be divided surely, and its tokens by position."""
    return pandas.DataFrame(
        [
            {"pack_id": str(pack), "position": position, "segment_tokens": tokens, "segmentation_sure": sure}
            for pack, (sure, by_position) in enumerate(responses)
            for position, tokens in enumerate(by_position, start=1)
        ],
    )


def test_the_worked_example_of_an_allocation() -> None:
    """metrics.md 7.6: 70 and 30 tokens give w_1 .7 and a fair-share ratio of 1.4."""
    found = allocate(scores((True, (70, 30))), 2)
    assert found.first_share_ratio == pytest.approx(1.4)
    assert list(found.thinking_tokens) == [70, 30]
    assert list(found.reach) == [1, 1]


def test_medians_and_reach_are_by_position() -> None:
    found = allocate(scores((True, (100, 0, 0)), (True, (90, 20, 19)), (True, (30, 40, 20))), 3)
    assert list(found.thinking_tokens) == [90, 20, 19], "a position never reached counts as 0"
    assert found.reach == pytest.approx((1, 2 / 3, 1 / 3)), "20 tokens are enough"
    assert found.first_share_ratio == pytest.approx((3 + 270 / 129 + 1) / 3)


def test_responses_that_could_not_be_divided_surely_are_left_out_and_counted() -> None:
    found = allocate(scores((True, (60, 20)), (False, (5, 5)), (False, (7, 0)), (None, (None, None))), 2)
    assert list(found.thinking_tokens) == [60, 20]
    assert found.segmentation_sure == pytest.approx(1 / 3), "of those with thinking"


def test_a_response_without_tokens_for_any_question_has_no_share() -> None:
    found = allocate(scores((True, (0, 0)), (True, (30, 10))), 2)
    assert found.first_share_ratio == pytest.approx(1.5)
    assert list(found.thinking_tokens) == [15, 5]
    assert allocate(scores((True, (0, 0))), 2).first_share_ratio is None


@pytest.mark.parametrize(
    ("responses", "sure"),
    [([(None, (None, None))], None), ([(True, (None, None))], 1.0), ([(False, (3, 4))], 0.0)],
    ids=["no thinking", "no count", "none sure"],
)
def test_without_any_sure_count_all_else_is_null(
    responses: list[tuple[bool | None, tuple[int | None, ...]]], sure: float | None
) -> None:
    nothing = (None, None)
    assert allocate(scores(*responses), 2) == Allocation(
        thinking_tokens=nothing, segmentation_sure=sure, first_share_ratio=None, reach=nothing
    )


def test_the_types_of_a_table_from_disk_change_nothing() -> None:
    made = scores((True, (60, 20)), (False, (5, 5)), (None, (None, None)))
    read = made.astype({"segment_tokens": "Int64", "segmentation_sure": "boolean"})
    assert allocate(read, 2) == allocate(made, 2)


@given(st.lists(st.tuples(*[st.integers(0, 500)] * 3), min_size=1, max_size=6))
def test_the_ratio_lies_between_0_and_the_level_and_reach_between_0_and_1(drawn: list[tuple[int, int, int]]) -> None:
    found = allocate(scores(*((True, tokens) for tokens in drawn)), 3)
    assert found.first_share_ratio is None or 0 <= found.first_share_ratio <= 3
    assert all(share is not None and 0 <= share <= 1 for share in found.reach)
