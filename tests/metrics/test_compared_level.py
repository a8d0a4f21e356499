import numpy
import pandas
import pytest

from rest_bench.metrics.accuracy import Mean
from rest_bench.metrics.bootstrap import QuestionSums, bootstrap
from rest_bench.metrics.compared_level import RESIDUALS, RULES, VALUES, against_single, contrast_level
from rest_bench.metrics.contrasts import Contrast, question_mean
from rest_bench.metrics.pairing import pair_slots
from tests.metrics.conftest import slot, table


def level_one(outcomes: str, **columns: object) -> pandas.DataFrame:
    """Make slots of level 1: r for a question that is right, w wrong, u ungraded, e lost."""
    words = {"r": "correct", "w": "wrong", "u": "ungraded", "e": "error"}
    rows = table([slot(1, f"p{n:03}", 1, f"q{n:03}", words[letter]) for n, letter in enumerate(outcomes)])
    return rows.assign(**dict.fromkeys(RESIDUALS, float("nan")), **columns)


def kept(a: pandas.DataFrame, b: pandas.DataFrame):  # type: ignore[no-untyped-def]
    paired = pair_slots(a, b, same_design=True)
    assert paired is not None
    return contrast_level(paired, None, level=int(a["level"].iloc[0]), chance=0.0, no_residual="no replies")


def test_mcnemar_as_worked() -> None:
    """b = 8, c = 1: p = 0.0391 (5.6)."""
    level = kept(level_one("r" * 8 + "w" + "r" * 5), level_one("w" * 8 + "r" + "r" * 5))
    assert level.paired["only_right"] == (8, 1)
    assert level.paired["mcnemar_p_value"] == pytest.approx(0.0391, abs=1e-4)


def test_more_answers_than_one_are_no_case_for_mcnemar() -> None:
    once = level_one("rrw")
    twice = pandas.concat([once, once.assign(repeat=1, pack_id=once["pack_id"] + "b")])
    level = kept(twice, twice)
    assert level.paired["only_right"] is None
    assert level.paired["mcnemar_p_value"] is None


def test_what_was_not_judged_is_counted() -> None:
    level = kept(level_one("ruue"), level_one("rrre"))
    assert (level.paired["ungraded"], level.paired["errors"]) == ((2, 0), (1, 1))
    assert level.accuracy[0].value == 0.25, "it counts as not correct"


def test_tokens_are_compared_where_both_are_known() -> None:
    tokens = kept(
        level_one("rrr", completion_tokens=[10.0, 20.0, None]), level_one("rrr", completion_tokens=[15.0, None, 30.0])
    ).found["completion_tokens"]
    assert isinstance(tokens, Contrast)
    assert (tokens.a, tokens.b, tokens.n_questions) == (10, 15, 1)


def test_the_reason_is_said_where_nothing_is_known() -> None:
    level = kept(level_one("rr", correct_paper=None, completion_tokens=None), level_one("rr"))
    assert level.found["accuracy_paper"] == "the paper's reading could not be judged"
    assert level.found["completion_tokens"] == "nobody counted them"
    assert level.found["thinking_tokens"] == "no thinking could be divided among its questions and counted"


def test_thinking_that_is_not_surely_divided_is_left_out() -> None:
    a = level_one("rrr", segment_tokens=[1, 2, 3], segmentation_sure=[True, True, False])
    b = level_one("rrr", segment_tokens=[5, 6, 7], segmentation_sure=[True, True, True])
    tokens = kept(a, b).found["thinking_tokens"]
    assert isinstance(tokens, Contrast)
    assert (tokens.a, tokens.b) == (1.5, 5.5)


def test_without_level_1_there_is_no_drop() -> None:
    pair = (mean([1, 0]), mean([0, 0]))
    assert against_single(pair, None, 0.25) == dict.fromkeys(
        ("drop", "retention", "retention_above_chance"), "level 1 is missing"
    )


def mean(values: object) -> Mean:
    numbers = numpy.asarray(values, dtype=float)
    names = pandas.Index([f"q{number:03}" for number in range(len(numbers))])
    return question_mean(numbers, numpy.arange(len(numbers)), names)


def test_drops_are_subtracted_question_by_question() -> None:
    found = against_single((mean([0, 0]), mean([1, 0])), (mean([1, 1]), mean([1, 1])), 0.0)
    drop = found["drop"]
    assert isinstance(drop, Contrast)
    assert (drop.a, drop.b, drop.estimate.value) == (1, 0.5, -0.5)
    assert drop.estimate.se == pytest.approx(0.5)


def test_nothing_right_alone_leaves_no_ratio() -> None:
    found = against_single((mean([0, 0]), mean([1, 0])), (mean([0, 0]), mean([1, 1])), 0.25)
    assert found["retention"] == "nothing is right at level 1"
    assert found["retention_above_chance"] == "level 1 is no better than a guess"


def test_the_error_of_retention_is_that_of_the_bootstrap() -> None:
    random = numpy.random.default_rng(3)
    ability = random.random(200)
    series = [(random.random((200, 8)) < ability[:, None] * share).mean(axis=1) for share in (1, 0.7, 1, 0.5)]
    single, under = (mean(series[0]), mean(series[2])), (mean(series[1]), mean(series[3]))
    found = against_single(under, single, 0.0)["retention"]
    assert isinstance(found, Contrast)
    sums = QuestionSums(numpy.column_stack(series), numpy.ones((200, 4)))
    drawn = bootstrap(sums, lambda means: means[:, 3] / means[:, 2] - means[:, 1] / means[:, 0], seed=0, draws=4000)
    assert found.estimate.value == pytest.approx(drawn.value)
    assert found.estimate.se == pytest.approx(drawn.se, rel=0.05)


def test_every_number_of_slots_has_its_rule() -> None:
    assert set(VALUES) < set(RULES)
