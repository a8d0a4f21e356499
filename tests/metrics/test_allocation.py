import math

import numpy
import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rest_bench.metrics.allocation import (
    allocate,
    compression,
    rank_correlation,
    rank_correlation_given_position,
)
from rest_bench.schema import Allocation


def scores(*responses: tuple[bool | None, tuple[int | None, ...]]) -> pandas.DataFrame:
    """Return the slots of responses: whether each could be divided surely, and its tokens by position."""
    return pandas.DataFrame(
        [
            {
                "pack_id": str(pack),
                "position": position,
                "problem_id": str(position),
                "segment_tokens": tokens,
                "segmentation_sure": sure,
            }
            for pack, (sure, by_position) in enumerate(responses)
            for position, tokens in enumerate(by_position, start=1)
        ],
    )


def test_the_worked_example_of_an_allocation() -> None:
    """metrics.md 7.6: 70 and 30 tokens give w_1 .7 and a fair-share ratio of 1.4."""
    found = allocate(scores((True, (70, 30))), 2)
    assert found.first_share_ratio.value == pytest.approx(1.4)
    assert list(found.thinking_tokens or ()) == [70, 30]
    assert list(found.reach or ()) == [1, 1]


def test_medians_and_reach_are_by_position() -> None:
    found = allocate(scores((True, (100, 0, 0)), (True, (90, 20, 19)), (True, (30, 40, 20))), 3)
    assert list(found.thinking_tokens or ()) == [90, 20, 19], "a position never reached counts as 0"
    assert found.reach == pytest.approx((1, 2 / 3, 1 / 3)), "20 tokens are enough"
    assert found.first_share_ratio.value == pytest.approx((3 + 270 / 129 + 1) / 3)


def test_responses_that_could_not_be_divided_surely_are_left_out_and_counted() -> None:
    found = allocate(scores((True, (60, 20)), (False, (5, 5)), (False, (7, 0)), (None, (None, None))), 2)
    assert list(found.thinking_tokens or ()) == [60, 20]
    assert found.segmentation_sure == pytest.approx(1 / 3), "of those with thinking"


def test_a_response_without_tokens_for_any_question_has_no_share() -> None:
    found = allocate(scores((True, (0, 0)), (True, (30, 10))), 2)
    assert found.first_share_ratio.value == pytest.approx(1.5)
    assert list(found.thinking_tokens or ()) == [15, 5]
    assert allocate(scores((True, (0, 0))), 2).first_share_ratio.value is None


@pytest.mark.parametrize(
    ("responses", "sure"),
    [([(None, (None, None))], None), ([(True, (None, None))], 1.0), ([(False, (3, 4))], 0.0)],
    ids=["no thinking", "no count", "none sure"],
)
def test_without_any_sure_count_all_else_is_null(
    responses: list[tuple[bool | None, tuple[int | None, ...]]], sure: float | None
) -> None:
    found = allocate(scores(*responses), 2)
    assert (found.thinking_tokens, found.reach, found.segmentation_sure) == (None, None, sure)
    others = dict(found.model_copy(update={"first_share_ratio": found.first_share_ratio.value}))
    known = {"segmentation_sure", "undefined"} if sure is not None else {"undefined"}
    assert {name for name, value in others.items() if value is not None} == known
    assert set(found.undefined) == set(Allocation.model_fields) - known


def test_the_types_of_a_table_from_disk_change_nothing() -> None:
    made = scores((True, (60, 20)), (False, (5, 5)), (None, (None, None)))
    read = made.astype({"segment_tokens": "Int64", "segmentation_sure": "boolean"})
    assert allocate(read, 2) == allocate(made, 2)


@given(st.lists(st.tuples(*[st.integers(0, 500)] * 3), min_size=1, max_size=6))
def test_the_ratio_lies_between_0_and_the_level_and_reach_between_0_and_1(drawn: list[tuple[int, int, int]]) -> None:
    found = allocate(scores(*((True, tokens) for tokens in drawn)), 3)
    assert 0 <= (found.first_share_ratio.value or 0) <= 3
    assert found.reach is not None
    assert all(0 <= share <= 1 for share in found.reach)


def found_for(*tokens: tuple[int, ...]) -> Allocation:
    return allocate(scores(*((True, each) for each in tokens)), len(tokens[0]))


def test_the_worked_examples_of_entropy_and_gini() -> None:
    """metrics.md 7.6: (70, 30): H .8813, G .2, normalised .4; (100, 0, 0): H 0, G .6667, normalised 1."""
    found = found_for((70, 30))
    assert found.allocation_entropy == pytest.approx(0.8813, abs=1e-4)
    assert found.allocation_gini == pytest.approx(0.2)
    assert found.allocation_gini_normalised == pytest.approx(0.4)
    found = found_for((100, 0, 0))
    assert found.allocation_entropy == 0
    assert found.allocation_gini == pytest.approx(0.6667, abs=1e-4)
    assert found.allocation_gini_normalised == pytest.approx(1)
    found = found_for((5, 5), (0, 0))
    assert found.allocation_entropy == pytest.approx(1), "all zero tells nothing"
    assert found.allocation_gini == 0


@pytest.mark.parametrize("tokens", [(0, 0), (9,)], ids=["all zero", "one question"])
def test_without_shares_there_is_no_unevenness(tokens: tuple[int, ...]) -> None:
    found = found_for(tokens)
    assert (found.allocation_entropy, found.allocation_gini, found.allocation_gini_normalised) == (None, None, None)


def test_abandonment_is_the_reach_that_is_lost_on_the_way() -> None:
    assert found_for((50, 50), (50, 0), (50, 19), (10, 20)).abandonment == pytest.approx(3 / 4 - 2 / 4)
    assert found_for((50,)).abandonment is None


def asked(*rows: tuple[str, str, int, int], sure: bool = True) -> pandas.DataFrame:
    """Return slots: pack, question, position, tokens; all right at level 1."""
    return pandas.DataFrame(rows, columns=["pack_id", "problem_id", "position", "segment_tokens"]).assign(
        segmentation_sure=sure, correct=True
    )


def test_the_worked_example_of_compression() -> None:
    """metrics.md 7.7: 11.0k tokens alone, 5.4k under stress: .49; the median over questions."""
    single = asked(("a", "A", 1, 11_000), ("b", "B", 1, 100), ("c", "C", 1, 0), ("d", "D", 1, 100))
    stressed = asked(("e", "A", 1, 5_400), ("e", "B", 2, 10), ("f", "B", 1, 90), ("f", "D", 2, 40), ("g", "C", 1, 9))
    assert compression(stressed, single) == pytest.approx(0.49, abs=1e-2)
    found = allocate(stressed[stressed["pack_id"] != "g"], 2, single)
    assert found.compression == pytest.approx(5_400 / 11_000)
    assert found.first_position_compression == pytest.approx((5_400 / 11_000 + 0.9) / 2)


def test_compression_needs_both_levels() -> None:
    single = asked(("a", "A", 1, 10))
    assert compression(asked(("b", "B", 1, 10)), single) is None
    assert compression(single, asked(("a", "A", 1, 10), sure=False)) is None
    assert allocate(single, 1, single).compression is None
    assert allocate(single, 1).compression is None


def rows(*values: tuple[float, ...]) -> numpy.ndarray:
    return numpy.array(values, dtype=float)


def test_the_worked_example_of_allocation_by_difficulty() -> None:
    """metrics.md 7.8: tokens (60, 30, 10), difficulty (.9, .5, .1): +1."""
    tokens, difficulty = rows((60, 30, 10)), rows((0.9, 0.5, 0.1))
    assert rank_correlation(tokens, difficulty) == pytest.approx(1)
    assert rank_correlation(rows((60, 30, 10), (10, 30, 60)), numpy.repeat(difficulty, 2, axis=0)) == pytest.approx(0)


@pytest.mark.parametrize(
    ("tokens", "difficulty"),
    [
        ((60.0, 30.0), (0.9, 0.5)),
        ((5.0, 5.0, 5.0), (0.9, 0.5, 0.1)),
        ((60.0, 30.0, 10.0), (0.5, 0.5, 0.5)),
        ((60.0, 30.0, 10.0), (0.5, 0.1, math.nan)),
        ((0.0, 0.0, 0.0), (0.9, 0.5, 0.1)),
    ],
    ids=["two questions", "equal tokens", "equal difficulty", "unknown difficulty", "no tokens"],
)
def test_responses_that_cannot_tell_are_left_out(tokens: tuple[float, ...], difficulty: tuple[float, ...]) -> None:
    assert rank_correlation(rows(tokens), rows(difficulty)) is None
    assert rank_correlation_given_position(rows(tokens), rows(difficulty)) is None


def test_what_the_position_explains_is_no_effect_of_difficulty() -> None:
    draw = numpy.random.default_rng(0)
    difficulty = draw.random((2000, 5))
    falling = 100 - 10 * numpy.arange(5) + draw.normal(0, 5, (2000, 5))
    ordered = numpy.sort(difficulty, axis=1)[:, ::-1] + draw.normal(0, 0.3, (2000, 5))
    assert (rank_correlation(falling, ordered) or 0) > 0.3
    assert rank_correlation_given_position(falling, ordered) == pytest.approx(0, abs=0.05)
    assert (rank_correlation_given_position(falling + 50 * difficulty, difficulty) or 0) > 0.3


def test_ties_rank_as_scipy_ranks_them() -> None:
    from scipy.stats import spearmanr

    draw = numpy.random.default_rng(1)
    tokens, difficulty = draw.integers(1, 4, (50, 6)).astype(float), draw.integers(0, 3, (50, 6)) / 2
    expected = [
        spearmanr(w, d).statistic
        for w, d in zip(tokens, difficulty, strict=True)
        if len(set(w)) > 1 and len(set(d)) > 1
    ]
    assert rank_correlation(tokens, difficulty) == pytest.approx(numpy.mean(expected))


def test_a_level_is_set_against_level_1() -> None:
    single = asked(("a", "A", 1, 10), ("b", "B", 1, 10), ("c", "C", 1, 10)).assign(correct=[False, False, True])
    single = pandas.concat([single, single.assign(correct=[False, True, True])])
    stressed = asked(("d", "A", 1, 60), ("d", "B", 2, 30), ("d", "C", 3, 10))
    assert allocate(stressed, 3, single).allocation_difficulty == pytest.approx(1)
    read = {"pack_id": "category", "problem_id": "category", "segment_tokens": "Int64", "segmentation_sure": "boolean"}
    assert allocate(stressed.astype(read), 3, single.astype(read)) == allocate(stressed, 3, single)


def test_a_response_that_lacks_slots_tells_nothing() -> None:
    found = allocate(asked(("a", "A", 1, 60), ("a", "B", 2, 40), ("b", "A", 1, 10)), 2)
    assert list(found.thinking_tokens or ()) == [60, 40]
