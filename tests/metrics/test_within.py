import numpy
import pytest

from rest_bench.metrics.within import within_slope


def slope(right: list[int], cause: list[float], stratum: list[int], question: list[int] | None = None) -> float | None:
    arrays = [numpy.array(values) for values in (right, cause, stratum, question or stratum)]
    return within_slope(*arrays).value


def test_the_worked_example() -> None:
    assert slope([1, 0], [0.2, 0.8], [0, 0]) == pytest.approx(-1.667, abs=1e-3)


def test_strata_of_different_levels_share_one_slope() -> None:
    assert slope([1, 0, 1, 1], [0.0, 1.0, 5.0, 6.0], [0, 0, 1, 1]) == pytest.approx(-0.5)


def test_a_cause_that_never_varies_has_no_slope() -> None:
    assert slope([1, 0, 1], [0.1, 0.1, 0.7], [0, 0, 1]) is None


def test_the_error_is_clustered_by_question() -> None:
    random = numpy.random.default_rng(0)
    estimates = []
    for _ in range(200):
        cause = random.normal(size=(30, 8)) + random.normal(size=(30, 1))
        right = (random.normal(size=(30, 8)) - cause * random.normal(0.0, 0.5, (30, 1)) > 0).astype(float)
        question = numpy.repeat(numpy.arange(30), 8)
        estimates.append(within_slope(right.ravel(), cause.ravel(), question, question))
    spread = numpy.std([estimate.value or 0.0 for estimate in estimates])
    assert numpy.mean([estimate.se or 0.0 for estimate in estimates]) == pytest.approx(spread, rel=0.2)
