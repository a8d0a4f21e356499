import math

import numpy
import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rest_bench.metrics.clusters import (
    effective_n,
    fixed_benchmark_se,
    hac_se,
    one_way_se,
    slot_se,
    two_way_se,
)
from rest_bench.metrics.statistics import cluster_effects, cluster_se


@pytest.fixture
def stressed(toy: pandas.DataFrame) -> pandas.DataFrame:
    return toy[toy["level"] == 3]


def test_the_standard_errors_of_the_worked_example(stressed: pandas.DataFrame) -> None:
    """metrics.md 8.2."""
    correct, question, pack = stressed["correct"], stressed["problem_id"], stressed["pack_id"]
    assert slot_se(correct) == pytest.approx(0.1757, abs=1e-4)
    assert one_way_se(correct, question, finite=False) == pytest.approx(0.0907, abs=1e-4)
    assert one_way_se(correct, question) == pytest.approx(0.1111, abs=1e-4)
    assert one_way_se(correct, pack, finite=False) == pytest.approx(0.1814, abs=1e-4)
    assert one_way_se(correct, pack) == pytest.approx(0.2222, abs=1e-4)
    assert two_way_se(correct, question, pack, finite=False) == pytest.approx(0.1171, abs=1e-4)


def test_one_way_is_what_the_effects_of_questions_give(stressed: pandas.DataFrame) -> None:
    effects = cluster_effects(stressed["correct"].astype(float), stressed["problem_id"])
    assert one_way_se(stressed["correct"], stressed["problem_id"]) == pytest.approx(cluster_se(effects))
    assert hac_se(effects, 0) == pytest.approx(cluster_se(effects))


def test_neighbours_that_fail_together_widen_the_circular_standard_error() -> None:
    """Effects 1, 1, -1, -1, 0 around a circle: lag 1 adds 1 - 1 + 1 = 1, half of it twice."""
    effects = [1.0, 1.0, -1.0, -1.0, 0.0]
    assert hac_se(effects, 1, finite=False) == pytest.approx(math.sqrt(4 + 2 * 0.5 * 1))
    assert hac_se(effects, 1) == pytest.approx(math.sqrt(5 * 5 / 4))
    assert hac_se(effects, 2, finite=False) == pytest.approx(math.sqrt(4 + 2 * (2 / 3 * 1 + 1 / 3 * -3)))


def test_a_circle_that_the_bandwidth_would_count_twice_has_none() -> None:
    assert hac_se([1.0, 0.0, -1.0], 2) is None
    assert hac_se([0.0], 0) is None
    assert hac_se([], 0) is None


@given(
    st.lists(st.floats(-1, 1), min_size=9, max_size=40),
    st.integers(0, 4),
    st.integers(0, 40),
)
def test_the_circular_standard_error_does_not_care_where_the_circle_starts(
    effects: list[float], bandwidth: int, turn: int
) -> None:
    turned = numpy.roll(effects, turn)
    assert hac_se(turned, bandwidth) == pytest.approx(hac_se(effects, bandwidth), abs=1e-6)


def test_the_noise_of_sampling_alone() -> None:
    """metrics.md 8.1: two prompts of two, right answers (2, 1) and (1, 1) over two runs: variances .5 and 0."""
    correct = [1, 1, 1, 0, 1, 0, 0, 1]
    prompt = ["i"] * 4 + ["j"] * 4
    repeat = [0, 0, 1, 1, 0, 0, 1, 1]
    assert fixed_benchmark_se(correct, prompt, repeat) == pytest.approx(0.125)
    assert fixed_benchmark_se(correct[:6], prompt[:6], repeat[:6]) is None, "one run says nothing of its noise"
    assert fixed_benchmark_se([], [], []) is None


def test_the_noise_of_unequal_repeats_is_that_of_the_sum() -> None:
    """Prompt i: 1, 0, 1 over three runs, prompt j: 1, 0 over two; Var of the sum 3 / 3 + 2 / 2 = 2 over 5 slots."""
    assert fixed_benchmark_se([1, 0, 1, 1, 0], list("iiijj"), [0, 1, 2, 0, 1]) == pytest.approx(math.sqrt(2) / 5)


def test_the_noise_of_sampling_does_not_hold_the_questions() -> None:
    correct = [1, 1, 0, 0] * 10
    prompt = [f"{number // 2}" for number in range(40)]
    assert fixed_benchmark_se(correct, prompt, [0, 1] * 20) == 0
    assert (one_way_se(correct, prompt) or 0) > 0.1


def test_one_cluster_or_none_has_no_standard_error() -> None:
    assert one_way_se([1, 0], ["A", "A"]) is None
    assert one_way_se([], []) is None
    assert two_way_se([1, 0], ["A", "A"], ["i", "j"]) is None
    assert two_way_se([1, 0], ["A", "B"], ["i", "i"]) is None
    assert slot_se([1]) is None


@pytest.mark.parametrize("value", [0, 1])
def test_all_alike_has_no_spread(value: int) -> None:
    questions, prompts = list("AABB"), list("ijij")
    assert slot_se([value] * 4) == 0
    assert one_way_se([value] * 4, questions) == 0
    assert two_way_se([value] * 4, questions, prompts) == 0


def test_a_two_way_variance_below_zero_gives_the_larger_one_way() -> None:
    """Sums of questions and of prompts are all 0, so only the subtracted part is left."""
    correct, questions, prompts = [1, 0, 0, 1], list("AABB"), list("ijij")
    assert two_way_se(correct, questions, prompts) == 0
    assert (slot_se(correct) or 0) > 0


@pytest.mark.parametrize(("share", "se"), [(None, 0.1), (0.5, None), (0.5, 0.0), (0.0, 0.1), (1.0, 0.1)])
def test_an_effective_number_that_is_unknown(share: float | None, se: float | None) -> None:
    assert effective_n(share, se) is None


def test_the_effective_number_of_independent_answers_is_their_number() -> None:
    assert effective_n(0.5, 0.05) == pytest.approx(100)


def test_what_is_missing_or_misfits_is_refused() -> None:
    with pytest.raises(ValueError, match="NaN"):
        one_way_se([1.0, math.nan], ["A", "B"])
    with pytest.raises(ValueError, match="labels are missing"):
        one_way_se([1.0, 0.0], pandas.Series(["A", None]))
    with pytest.raises(ValueError, match="lengths differ"):
        two_way_se([1.0, 0.0], ["A", "B"], ["i"])


@given(st.permutations(range(24)))
def test_the_order_of_slots_does_not_matter(order: list[int]) -> None:
    generator = numpy.random.default_rng(1)
    correct = generator.integers(0, 2, 24)
    question, prompt, repeat = numpy.arange(24) % 4, numpy.arange(24) // 6, numpy.arange(24) // 3 % 2
    moved = numpy.array(order)
    for before, after in (
        (one_way_se(correct, question), one_way_se(correct[moved], question[moved])),
        (two_way_se(correct, question, prompt), two_way_se(correct[moved], question[moved], prompt[moved])),
        (
            fixed_benchmark_se(correct, prompt, repeat),
            fixed_benchmark_se(correct[moved], prompt[moved], repeat[moved]),
        ),
    ):
        assert after == pytest.approx(before)
