import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rest_bench.metrics.ranks import RankInterval, bootstrapped_ranks, rank_intervals, ranks_of_means, upper_bound_se


def test_three_models() -> None:
    """metrics.md 8.9: A - B .05 -+ .02, B - C .01 -+ .03, A - C .06 -+ .03."""
    differences = [[0, 0.05, 0.06], [-0.05, 0, 0.01], [-0.06, -0.01, 0]]
    half_widths = [[0, 0.02, 0.03], [0.02, 0, 0.03], [0.03, 0.03, 0]]
    assert rank_intervals(differences, half_widths) == (RankInterval(1, 1), RankInterval(2, 3), RankInterval(2, 3))


def answers(n_questions: int, chances: list[float], seed: int = 0) -> numpy.ndarray:
    generator = numpy.random.default_rng(seed)
    return (generator.random((n_questions, len(chances))) < numpy.array(chances)).astype(float)


def test_models_far_apart_are_ranked_and_equal_ones_are_not() -> None:
    ranking = bootstrapped_ranks([answers(300, [0.9, 0.5, 0.5]), answers(100, [0.8, 0.3, 0.3])], seed=1, draws=2000)
    assert ranking.intervals == (RankInterval(1, 1), RankInterval(2, 3), RankInterval(2, 3))
    assert ranking.source == "bootstrap"
    assert ranking.scores[0] == pytest.approx(0.85, abs=0.05)


def test_pairing_by_question_tells_models_apart_that_their_own_errors_do_not() -> None:
    """B is right wherever A is, and on six questions more of 100."""
    worse = numpy.repeat([1.0, 0.0], 50)
    better = worse.copy()
    better[50:58] = 1.0
    paired = bootstrapped_ranks([numpy.stack([worse, better], axis=1)], seed=1, draws=2000)
    assert paired.intervals == (RankInterval(2, 2), RankInterval(1, 1))
    published = ranks_of_means([[0.5], [0.58]], [100])
    assert published.intervals == (RankInterval(1, 2), RankInterval(1, 2))
    assert published.source == "upper-bound SE"


def test_benchmarks_weigh_the_same_whatever_their_size() -> None:
    scores = bootstrapped_ranks([answers(500, [1.0, 0.0]), answers(20, [0.0, 1.0])], seed=1, draws=50).scores
    assert scores == (0.5, 0.5)


def test_one_question_one_model_and_models_that_are_the_same() -> None:
    assert bootstrapped_ranks([[[1.0, 0.0]]], seed=1).intervals is None
    assert bootstrapped_ranks([answers(10, [0.5])], seed=1, draws=50).intervals == (RankInterval(1, 1),)
    same = numpy.repeat(answers(40, [0.5]), 3, axis=1)
    assert bootstrapped_ranks([same], seed=1, draws=50).intervals == (RankInterval(1, 3),) * 3
    assert ranks_of_means([[0.5]], [30]).intervals == (RankInterval(1, 1),)


def test_the_seed_makes_the_draws_and_every_benchmark_its_own() -> None:
    tables = [answers(30, [0.6, 0.5, 0.4], seed) for seed in range(2)]
    assert bootstrapped_ranks(tables, seed=1, draws=200) == bootstrapped_ranks(tables, seed=1, draws=200)


@settings(max_examples=25)
@given(st.lists(st.floats(0, 1), min_size=2, max_size=8), st.integers(5, 500))
def test_every_model_may_be_at_the_rank_of_its_score(accuracies: list[float], n: int) -> None:
    ranking = ranks_of_means([[accuracy] for accuracy in accuracies], [n])
    assert ranking.intervals is not None
    for accuracy, interval in zip(accuracies, ranking.intervals, strict=True):
        n_better = sum(other > accuracy for other in accuracies)
        n_worse = sum(other < accuracy for other in accuracies)
        assert 1 <= interval.best <= n_better + 1
        assert len(accuracies) - n_worse <= interval.worst <= len(accuracies)


def test_the_largest_standard_error_that_a_mean_can_have() -> None:
    assert upper_bound_se([0.5, 0.0, 1.0], 100).tolist() == pytest.approx([0.05, 0.0, 0.0])
    generator = numpy.random.default_rng(0)
    means = generator.beta(0.3, 0.3, 10_000)  # of questions that are mostly right or mostly wrong
    assert means.std() / 100 <= float(upper_bound_se(means.mean(), 10_000))


def test_what_cannot_be_compared_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one benchmark"):
        bootstrapped_ranks([], seed=1)
    with pytest.raises(ValueError, match="same models"):
        bootstrapped_ranks([answers(5, [0.5]), answers(5, [0.5, 0.5])], seed=1)
    with pytest.raises(ValueError, match="M x M"):
        rank_intervals([[0.0, 1.0]], [[0.0, 1.0]])
    with pytest.raises(ValueError, match=r"in \[0, 1\]"):
        ranks_of_means([[54.17]], [30])
    with pytest.raises(ValueError, match="NaN"):
        bootstrapped_ranks([[[float("nan")]] * 3], seed=1)
