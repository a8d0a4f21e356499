import numpy
import pandas
import pytest

from rest_bench.metrics.interference import find_pairs, interference_matrix, spread_beyond_chance
from rest_bench.metrics.responses import Responses, as_responses
from tests.metrics.simulate import Layout, Model, draw


def test_the_worked_example(toy: pandas.DataFrame) -> None:
    """B stands before A only in prompt A, which A fails; it is right in the two others."""
    responses = as_responses(toy[toy["level"] == 3])
    assert responses is not None
    matrix = interference_matrix(responses, fewest=1).set_index(["problem_id", "predecessor_id"])
    assert matrix.loc[("A", "B"), "interference"] == -1
    assert list(matrix.loc[("A", "B"), ["n_with", "n_without"]]) == [1, 2]
    assert interference_matrix(responses).empty


def shuffled(seed: int, model: Model | None = None) -> Responses:
    layout = Layout(n_questions=12, repeats=40, level=4, design="shuffled")
    responses = as_responses(draw(model or Model(), layout, seed))
    assert responses is not None
    return responses


def test_pairs_are_those_counted_one_by_one() -> None:
    responses = shuffled(0)
    pairs = find_pairs(responses)
    for number in range(0, len(pairs.question), 17):
        question, predecessor = pairs.question[number], pairs.predecessor[number]
        right: dict[bool, list[bool]] = {True: [], False: []}
        for asked, answers in zip(responses.question.tolist(), responses.right.tolist(), strict=True):
            if question in asked:
                place = asked.index(question)
                right[predecessor in asked[:place]].append(answers[place])
        assert (len(right[True]), len(right[False])) == (pairs.n_with[number], pairs.n_without[number])
        assert pairs.difference[number] == pytest.approx(numpy.mean(right[True]) - numpy.mean(right[False]))
    assert len(pairs.question) == 12 * 11


def test_the_variance_by_chance_is_that_of_any_slots_taken() -> None:
    pairs = find_pairs(shuffled(0))
    random = numpy.random.default_rng(0)
    for number in (0, 50, 100):
        n_with, n_without = pairs.n_with[number], pairs.n_without[number]
        responses = shuffled(0)
        right = responses.right[responses.question == pairs.question[number]].astype(float)
        assert len(right) == n_with + n_without
        drawn = [random.permutation(right) for _ in range(5_000)]
        differences = [order[:n_with].mean() - order[n_with:].mean() for order in drawn]
        assert pairs.variance[number] == pytest.approx(numpy.var(differences), rel=0.1)


def test_without_interference_no_spread_is_left() -> None:
    left = [spread_beyond_chance(find_pairs(shuffled(seed))) or 0.0 for seed in range(4)]
    assert numpy.mean(left) < 0.04


def test_one_that_harms_all_others_leaves_a_spread() -> None:
    responses = shuffled(5)
    after_first = (responses.question == 0).cumsum(axis=1) - (responses.question == 0) > 0
    harmed = responses._replace(right=responses.right & ~after_first)
    pairs = find_pairs(harmed)
    assert (pairs.difference[pairs.predecessor == 0] < -0.2).mean() > 0.8
    assert (spread_beyond_chance(pairs) or 0.0) > 0.1


def test_fewer_than_two_pairs_have_no_spread(toy: pandas.DataFrame) -> None:
    responses = as_responses(toy[toy["level"] == 3])
    assert responses is not None
    assert spread_beyond_chance(find_pairs(responses)) is None
