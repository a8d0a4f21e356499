import math

import numpy
import pandas
import pytest

from rest_bench.metrics.accuracy import Mean
from rest_bench.metrics.contrasts import (
    Contrast,
    contrast,
    needed_questions,
    question_mean,
    two_run_se,
    verdict,
)
from rest_bench.metrics.paired import paired_difference
from rest_bench.schema import Estimate


def mean(*values: float) -> Mean:
    """Return the mean of questions with one slot each."""
    names = pandas.Index([f"q{number}" for number in range(len(values))])
    return question_mean(numpy.array(values), numpy.arange(len(values)), names)


def found(value: float, se: float | None = 0.01, n: int = 100) -> Contrast:
    return Contrast(0.5, 0.5 + value, Estimate(value=value, se=se, ci=None), 0.5, n)


def test_the_worked_example() -> None:
    """x - m = (1/3, 1/3, -1/3): mean .1111, SE .2222, and p = 1 of flipped signs (8.3)."""
    result = contrast(mean(2 / 3, 2 / 3, 1 / 3), mean(1, 1, 0))
    assert result.estimate.value == pytest.approx(0.1111, abs=1e-4)
    assert result.estimate.se == pytest.approx(0.2222, abs=1e-4)
    assert result.p_value == 1.0


def test_many_questions_are_tested_by_t() -> None:
    draws = numpy.random.default_rng(1).random((2, 80))
    result, expected = contrast(mean(*draws[0]), mean(*draws[1])), paired_difference(draws[1], draws[0])
    assert result.p_value == pytest.approx(expected.p_value)
    assert result.estimate.se == pytest.approx(expected.estimate.se)
    assert result.estimate.ci == pytest.approx(expected.estimate.ci)


@pytest.mark.parametrize("n", [12, 300])
def test_questions_that_all_differ_alike_are_tested_by_flipped_signs(n: int) -> None:
    result = contrast(mean(*[0.0] * n), mean(*[1.0] * n))
    assert result.estimate.se == 0
    assert result.estimate.ci is None, "it says nothing of other questions"
    assert result.p_value is not None
    assert result.p_value < 0.001


def test_equal_runs_do_not_differ() -> None:
    result = contrast(mean(0.1, 0.2, 0.7), mean(0.1, 0.2, 0.7))
    assert (result.estimate.value, result.estimate.se, result.p_value) == (0, 0, 1)


def test_one_question_has_no_error() -> None:
    result = contrast(mean(0.0), mean(1.0))
    assert (result.estimate.value, result.estimate.se) == (1, None)
    assert result.p_value == 1.0


def test_the_larger_of_two_errors_is_taken() -> None:
    one, other = mean(0, 1, 0, 1), mean(1, 1, 0, 1)
    narrow, plain = contrast(one, other, 1e-9), contrast(one, other)
    assert narrow.estimate == plain.estimate
    assert narrow.p_value != plain.p_value, "that of t, as signs may not be flipped question by question"
    wide = contrast(one, other, 10.0).estimate
    assert wide.se == 10.0
    assert wide.ci is not None
    assert wide.ci[1] - wide.ci[0] > 20


def test_slots_of_a_response_that_stand_or_fall_together_count_as_one() -> None:
    """Of n responses with s equal slots the error is that of n numbers, however many questions share them."""
    random, n, level = numpy.random.default_rng(0), 400, 5
    question = (numpy.arange(n)[:, None] + numpy.arange(level)).ravel() % n
    prompt = numpy.repeat(numpy.arange(n), level)
    of_responses = [random.random(n) for _ in range(2)]
    values = [numpy.repeat(part, level) for part in of_responses]
    se = two_run_se((values[0], values[1]), (question, question), (prompt, prompt))
    assert se == pytest.approx((of_responses[1] - of_responses[0]).std(ddof=1) / math.sqrt(n), rel=0.05)


@pytest.mark.parametrize(
    ("value", "p", "direction", "needed", "word"),
    [
        (0.1, 0.01, "higher", 5, "better"),
        (-0.1, 0.01, "higher", 5, "worse"),
        (0.1, 0.01, "lower", 5, "worse"),
        (-0.1, 0.01, "lower", 500, "better"),
        (0.1, 0.01, "neither", 5, "higher"),
        (-0.1, 0.01, "neither", 5, "lower"),
        (0.1, 0.2, "higher", 5, "no evidence"),
        (0.1, 0.2, "higher", 500, "underpowered"),
        (0.0, 1.0, "higher", None, "no evidence"),
        (0.1, None, "higher", None, "no evidence"),
    ],
)
def test_the_word_for_a_difference(
    value: float, p: float | None, direction: str, needed: int | None, word: str
) -> None:
    assert verdict(found(value), p, direction, needed) == word  # type: ignore[arg-type]


def test_questions_that_differ_alike_may_be_too_few_to_test() -> None:
    assert verdict(found(0.5, se=0.0, n=5), 1 / 16, "higher", None) == "underpowered"


def test_one_question_is_too_few() -> None:
    assert verdict(found(1.0, se=None, n=1), 1.0, "higher", None) == "underpowered"


def test_the_questions_that_are_needed() -> None:
    """2.8016 squared times the variance of a question over the squared difference (8.7)."""
    assert needed_questions(found(0.0, se=0.01), 0.02) == math.ceil(2.8016**2 * 100 * 0.01**2 / 0.02**2)
    assert needed_questions(found(0.0, se=1e-6), 0.02) == 6, "fewer cannot reach 0.05"
    assert needed_questions(found(0.0, se=0.0), 0.02) is None
    assert needed_questions(found(0.0, se=None), 0.02) is None
    assert needed_questions(found(0.0), 0.0) is None


def test_intervals_cover_a_known_difference() -> None:
    """Two runs of 8 answers to 60 questions, .1 apart: 95 % within four standard errors of 600 pairs of runs."""
    random, n, covered = numpy.random.default_rng(4), 60, 0
    names, question = pandas.Index(range(n)), numpy.arange(n).repeat(8)
    for _ in range(600):
        ability = random.uniform(0.3, 0.9, n)[question]
        runs = [question_mean((random.random(8 * n) < ability + gain) * 1.0, question, names) for gain in (0, 0.1)]
        ci = contrast(runs[0], runs[1], prompt_se=1e-9).estimate.ci
        assert ci is not None
        covered += ci[0] <= 0.1 <= ci[1]
    assert covered / 600 == pytest.approx(0.95, abs=4 * 0.009)
