import math
import tracemalloc

import numpy
import pandas
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rest_bench.metrics.arrays import Numbers
from rest_bench.metrics.bootstrap import (
    Method,
    QuestionSums,
    bands,
    bootstrap,
    drop,
    first_mean,
    question_draws,
    question_sums,
    retention,
)
from rest_bench.metrics.clusters import one_way_se

DRAWS = 4_000


def made_up(n_questions: int, seed: int, levels: tuple[int, ...] = (1, 3)) -> pandas.DataFrame:
    """Slots of questions of different difficulty, as many slots at a level as problems in a pack."""
    generator = numpy.random.default_rng(seed)
    easy = generator.uniform(0.2, 1.0, n_questions)
    rows = [
        (question, level, float(generator.random() < easy[question] * (0.9 if level > 1 else 1.0)))
        for question in range(n_questions)
        for level in levels
        for _ in range(level)
    ]
    return pandas.DataFrame(rows, columns=["problem_id", "level", "correct"])


def made_up_sums(n_questions: int, seed: int, levels: tuple[int, ...] = (1, 3)) -> QuestionSums:
    slots = made_up(n_questions, seed, levels)
    return question_sums(slots["correct"], slots["problem_id"], slots["level"])


def test_slots_are_summed_by_question_and_ascending_level(toy: pandas.DataFrame) -> None:
    table = question_sums(toy["correct"][::-1], toy["problem_id"][::-1], toy["level"][::-1])
    assert table.counts.tolist() == [[1, 3]] * 3
    assert table.sums.tolist() == [[0, 1], [1, 2], [1, 2]], "C, B, A"


def test_the_values_are_those_of_the_worked_example(toy: pandas.DataFrame) -> None:
    table = question_sums(toy["correct"], toy["problem_id"], toy["level"])
    assert bootstrap(table, seed=1, draws=100).value == pytest.approx(2 / 3)
    assert bootstrap(table, drop, seed=1, draws=100).value == pytest.approx(1 / 9)
    assert bootstrap(table, retention, seed=1, draws=100).value == pytest.approx(5 / 6)


@pytest.mark.parametrize("method", ["percentile", "bca"])
def test_the_standard_error_is_that_of_clusters_and_the_interval_reaches_two_of_it(method: Method) -> None:
    slots = made_up(200, seed=5, levels=(3,))
    estimate = bootstrap(
        question_sums(slots["correct"], slots["problem_id"]), first_mean, seed=2, draws=DRAWS, method=method
    )
    se = one_way_se(slots["correct"], slots["problem_id"])
    assert estimate.value == pytest.approx(slots["correct"].mean())
    assert estimate.se == pytest.approx(se, rel=0.05)
    assert estimate.ci is not None
    assert se is not None
    assert estimate.ci[1] - estimate.ci[0] == pytest.approx(2 * 1.96 * se, rel=0.06)


@pytest.mark.parametrize("method", ["percentile", "bca"])
def test_the_interval_is_that_of_scipy(method: Method) -> None:
    from scipy.stats import bootstrap as scipy_bootstrap

    values = numpy.random.default_rng(4).exponential(size=40)  # skewed, where the methods differ
    ours = bootstrap(QuestionSums(values[:, None], numpy.ones((40, 1))), seed=1, draws=20_000, method=method)
    theirs = scipy_bootstrap(
        (values,), numpy.mean, n_resamples=20_000, method="BCa" if method == "bca" else method, rng=1, vectorized=True
    ).confidence_interval
    assert ours.ci == pytest.approx((theirs.low, theirs.high), abs=0.015)


def test_a_ratio_keeps_what_its_parts_share() -> None:
    """Both levels rise and fall together: the ratio hardly moves, though each of its parts does."""
    chances = numpy.linspace(0.1, 0.9, 50)
    table = QuestionSums(numpy.stack([chances, 0.8 * chances], axis=1), numpy.ones((50, 2)))
    ratio = bootstrap(table, retention, seed=1, draws=500)
    assert ratio.value == pytest.approx(0.8)
    assert ratio.se == pytest.approx(0, abs=1e-9)
    assert (bootstrap(table, seed=1, draws=500).se or 0) > 0.02


def test_no_question_and_one_question() -> None:
    none, one = (
        QuestionSums(numpy.zeros((0, 1)), numpy.zeros((0, 1))),
        QuestionSums(numpy.ones((1, 1)), numpy.ones((1, 1))),
    )
    assert bootstrap(none, seed=1).value is None
    alone = bootstrap(one, seed=1)
    assert (alone.value, alone.se, alone.ci) == (1.0, None, None)
    assert bands(none, seed=1) == ((), None)
    assert bands(one, seed=1).estimates[0].ci is None


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_all_right_or_all_wrong_have_no_corrected_interval_and_no_band(value: float) -> None:
    table = QuestionSums(numpy.full((20, 1), value), numpy.ones((20, 1)))
    assert bootstrap(table, seed=1, draws=200).ci == (value, value)
    assert bootstrap(table, seed=1, draws=200, method="bca").ci is None
    assert bands(table, seed=1, draws=200).estimates[0].ci is None


def test_a_ratio_to_nothing_is_undefined() -> None:
    nothing = QuestionSums(numpy.array([[0.0, 1.0]] * 10), numpy.ones((10, 2)))
    assert bootstrap(nothing, retention, seed=1, draws=200).value is None
    hardly = QuestionSums(numpy.array([[1.0, 1.0]] + [[0.0, 1.0]] * 9), numpy.ones((10, 2)))
    estimate = bootstrap(hardly, retention, seed=1, draws=500)
    assert (estimate.value, estimate.ci) == (10.0, None), "a third of the draws lacks the one that is right"


def test_a_level_that_a_question_lacks_is_averaged_over_the_others() -> None:
    table = question_sums([1, 0, 1], ["A", "A", "B"], [1, 3, 1])
    assert table.counts.tolist() == [[1, 1], [1, 0]]
    assert bootstrap(table, drop, seed=1, draws=200).value == 1.0
    assert bootstrap(table, drop, seed=1, draws=200).ci is None


def test_the_seed_makes_the_draws() -> None:
    table = made_up_sums(30, seed=1)
    assert bootstrap(table, drop, seed=7, draws=500) == bootstrap(table, drop, seed=7, draws=500)
    assert bootstrap(table, drop, seed=7, draws=500) != bootstrap(table, drop, seed=8, draws=500)


@settings(max_examples=20)
@given(st.integers(1, 300), st.integers(1, 30))
def test_each_draw_holds_as_many_questions_as_there_are(n_questions: int, draws: int) -> None:
    times = numpy.concatenate(list(question_draws(n_questions, draws, seed=1)))
    assert times.shape == (draws, n_questions)
    assert (times.sum(axis=1) == n_questions).all()


def test_the_draws_do_not_depend_on_how_many_are_made_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    at_once = numpy.concatenate(list(question_draws(10, 50, seed=3)))
    monkeypatch.setattr("rest_bench.metrics.bootstrap.CHUNK", 70)
    assert (numpy.concatenate(list(question_draws(10, 50, seed=3))) == at_once).all()


def test_bands_are_wider_than_one_interval_and_narrower_than_bonferroni() -> None:
    banded = bands(made_up_sums(150, seed=2, levels=(1, 2, 3, 4, 5)), seed=1, draws=DRAWS)
    assert len(banded.estimates) == 5
    assert banded.quantile is not None
    assert 1.96 < banded.quantile < 2.576 + 0.1
    for estimate in banded.estimates:
        assert estimate.ci is not None
        assert estimate.value is not None
        assert estimate.se is not None
        assert estimate.ci[1] - estimate.value == pytest.approx(banded.quantile * estimate.se)


def test_one_band_is_one_interval() -> None:
    quantile = bands(made_up_sums(150, seed=2, levels=(3,)), seed=1, draws=DRAWS).quantile
    assert quantile == pytest.approx(1.96, abs=0.08)


def test_bands_of_drops() -> None:
    def drops(means: Numbers) -> Numbers:
        falls: Numbers = means[:, :1] - means[:, 1:]
        return falls

    table = made_up_sums(80, seed=2, levels=(1, 3, 5))
    means = table.sums.sum(axis=0) / table.counts.sum(axis=0)
    values = [estimate.value for estimate in bands(table, drops, seed=1, draws=500).estimates]
    assert values == pytest.approx([means[0] - means[1], means[0] - means[2]])


def test_bands_leave_out_what_does_not_vary_or_is_not_there() -> None:
    table = QuestionSums(
        numpy.array([[1.0, 0.0, 0.0], [1.0, 1.0, 0.0], [1.0, 1.0, 0.0]]),
        numpy.array([[1.0, 1.0, 0.0]] * 3),
    )
    same, varied, absent = bands(table, seed=1, draws=300).estimates
    assert (same.value, same.ci) == (1.0, None)
    assert varied.ci is not None
    assert (absent.value, absent.ci) == (None, None)


def test_the_bands_hold_all_together_as_often_as_promised() -> None:
    """Five independent means of 60 questions, 300 times: all five are inside about 95 % of the time."""
    generator = numpy.random.default_rng(11)
    inside = 0
    for trial in range(300):
        values = generator.normal(size=(60, 5))
        banded = bands(QuestionSums(values, numpy.ones((60, 5))), seed=trial, draws=400)
        inside += all(estimate.ci is not None and estimate.ci[0] < 0 < estimate.ci[1] for estimate in banded.estimates)
    assert 0.90 <= inside / 300 <= 0.98


def test_ten_thousand_draws_of_a_thousand_questions_are_small() -> None:
    table = made_up_sums(1000, seed=1, levels=(1, 2, 3, 4, 5))
    tracemalloc.start()
    bootstrap(table, retention, seed=1, method="bca")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 120e6


def test_what_is_missing_is_refused() -> None:
    with pytest.raises(ValueError, match="NaN"):
        question_sums([math.nan], ["A"])
    with pytest.raises(ValueError, match="lengths differ"):
        question_sums([1.0, 0.0], ["A"])
