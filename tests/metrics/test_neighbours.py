from dataclasses import replace

import numpy
import pandas
import pytest

from rest_bench.metrics import neighbours as module
from rest_bench.metrics.neighbours import (
    CONFOUNDED,
    INCOMPLETE,
    NO_ESTIMATE,
    NO_OTHER_ANSWER,
    NO_SINGLE,
    NO_SINGLE_REPLY,
    NOT_COUNTED,
    NOT_SHUFFLED,
    ONE_POSITION,
    ONE_SORT,
    expected_difficulty,
    mean_before,
    neighbour_effects,
    neighbours,
    single_difficulty,
)
from rest_bench.metrics.responses import Responses, as_responses
from rest_bench.schema import Neighbours
from tests.metrics.simulate import Layout, Model, difficulties, draw

SHUFFLED = Layout(design="shuffled")
HARMFUL = Model(predecessors=0.5, position=0.5)


def of_runs(model: Model, layout: Layout, seed: int) -> Neighbours:
    scores, single = draw(model, layout, seed), draw(model, replace(layout, level=1), seed)
    return neighbours(scores, single, as_responses(scores), "shuffled")


def whole(scores: pandas.DataFrame) -> Responses:
    responses = as_responses(scores)
    assert responses is not None
    return responses


def test_the_worked_example(toy: pandas.DataFrame) -> None:
    """Wrong or right before: half of the answers are right either way. No question has both before it."""
    stressed = toy[toy["level"] == 3]
    found = neighbours(stressed, toy[toy["level"] == 1], as_responses(stressed), "cyclic")
    assert found.error_propagation_raw == pytest.approx(0.0)
    assert found.error_propagation.value is None
    assert found.undefined["error_propagation"] == NO_OTHER_ANSWER


def test_the_mean_before_is_0_where_nothing_stands() -> None:
    assert mean_before(numpy.array([[1.0, 3.0, 8.0]])).tolist() == [[0, 1, 2]]


def test_difficulty_is_what_is_wrong_alone(toy: pandas.DataFrame) -> None:
    difficulty = single_difficulty(toy[toy["level"] == 1], pandas.Index(["A", "C", "D"]))
    assert difficulty[:2].tolist() == [0, 1]
    assert numpy.isnan(difficulty[2])


def test_the_effect_of_hard_predecessors_is_recovered() -> None:
    """Section 10, scenario interference: the sign, and the size within 20 % where difficulties are known."""
    values, errors, after, measured = [], [], [], []
    for seed in range(4):
        responses = whole(draw(HARMFUL, SHUFFLED, seed))
        effects = neighbour_effects(responses, difficulties(HARMFUL, SHUFFLED, seed)[responses.question])
        values.append(effects.predecessors.value or 0.0)
        errors.append(effects.predecessors.se or 0.0)
        after.append(effects.successors.value or 0.0)
        measured.append(of_runs(HARMFUL, SHUFFLED, seed))
    assert numpy.mean(values) == pytest.approx(-0.5, rel=0.2)
    assert max(values) < 0
    assert numpy.mean(errors) == pytest.approx(0.037, rel=0.2)
    assert numpy.mean(after) == pytest.approx(0.0, abs=0.06)
    for found in measured:
        assert found.predecessor_effect.ci is not None
        assert found.predecessor_effect.ci[1] < 0
        assert found.predecessor_slope.ci is not None
        assert found.predecessor_slope.ci[1] < 0


def test_without_an_effect_none_is_found() -> None:
    for seed in (1, 2):
        found = of_runs(Model(position=1.0), SHUFFLED, seed)
        for estimate in (found.predecessor_effect, found.successor_effect, found.predecessor_slope):
            assert estimate.value == pytest.approx(0.0, abs=3 * (estimate.se or 0.0))


def test_long_questions_cut_into_strata_have_about_the_same_effect(monkeypatch: pytest.MonkeyPatch) -> None:
    responses = whole(draw(HARMFUL, SHUFFLED, 1))
    burden = difficulties(HARMFUL, SHUFFLED, 1)[responses.question]
    in_one = neighbour_effects(responses, burden).predecessors
    monkeypatch.setattr(module, "LONGEST_STRATUM", 12)
    in_parts = neighbour_effects(responses, burden).predecessors
    assert in_parts.value == pytest.approx(in_one.value, abs=0.02)
    assert in_parts.se == pytest.approx(in_one.se, rel=0.1)


def test_names_and_the_order_of_the_slots_change_nothing() -> None:
    layout = replace(SHUFFLED, n_questions=30, repeats=4)
    scores, single = draw(HARMFUL, layout, 1), draw(HARMFUL, replace(layout, level=1), 1)
    before = neighbours(scores, single, as_responses(scores), "shuffled")

    def renamed(table: pandas.DataFrame) -> pandas.DataFrame:
        return table.assign(problem_id=table["problem_id"].astype(str).str[::-1]).sample(frac=1, random_state=1)

    after = neighbours(renamed(scores), renamed(single), as_responses(renamed(scores)), "shuffled")
    for name, value in before:
        if name != "undefined":
            other = getattr(after, name)
            pairs = [(value, other)] if not hasattr(value, "se") else [(value.value, other.value), (value.se, other.se)]
            assert all(right == pytest.approx(left) for left, right in pairs), name


def test_the_reason_is_said_where_it_is_undefined(toy: pandas.DataFrame) -> None:
    single, stressed = toy[toy["level"] == 1], toy[toy["level"] == 3]
    responses = as_responses(stressed)
    assert set(neighbours(single, single, as_responses(single), "cyclic").undefined.values()) == {ONE_POSITION}
    assert set(neighbours(stressed[:-1], single, None, "cyclic").undefined.values()) == {INCOMPLETE}
    cyclic = neighbours(stressed, single, responses, "cyclic").undefined
    assert cyclic["predecessor_effect"] == cyclic["predecessor_tokens_effect"] == CONFOUNDED
    assert cyclic["interference_sd"] == cyclic["interference_pairs"] == NOT_SHUFFLED
    assert neighbours(stressed, None, responses, "shuffled").undefined["successor_effect"] == NO_SINGLE
    lacking = neighbours(stressed, single[1:], responses, "shuffled").undefined
    assert lacking["predecessor_slope"] == NO_SINGLE_REPLY
    assert lacking["predecessor_tokens_effect"] == NOT_COUNTED
    assert neighbours(stressed, single, responses, "shuffled").interference_pairs == 0


@pytest.mark.parametrize("is_right", [True, False])
def test_answers_of_one_sort_show_no_effect(toy: pandas.DataFrame, is_right: bool) -> None:
    single = toy[toy["level"] == 1]
    stressed = toy[toy["level"] == 3].assign(correct=is_right, segment_tokens=[1, 5, 2, 8, 3, 9, 4, 7, 6])
    undefined = neighbours(stressed, single, as_responses(stressed), "shuffled").undefined
    assert undefined["predecessor_effect"] == undefined["predecessor_tokens_effect"] == NO_ESTIMATE
    assert undefined["error_propagation_raw"] == ONE_SORT


def test_tokens_of_predecessors_stand_in_for_difficulty() -> None:
    found = of_runs(HARMFUL, SHUFFLED, 1)
    assert found.predecessor_tokens_effect.value is not None
    assert found.predecessor_tokens_effect.value < 0


def test_responses_with_unknown_difficulties_are_left_out() -> None:
    scores, single = draw(HARMFUL, SHUFFLED, 1), draw(HARMFUL, replace(SHUFFLED, level=1), 1)
    some = single[single["problem_id"] != "q00007"]
    found = neighbours(scores, some, as_responses(scores), "shuffled").predecessor_effect
    assert found.value == pytest.approx(of_runs(HARMFUL, SHUFFLED, 1).predecessor_effect.value, abs=0.1)


def test_few_replies_draw_a_difficulty_to_the_mean_by_as_much_as_they_are_noise() -> None:
    generator = numpy.random.default_rng(0)
    chance = generator.beta(2, 2, 4000)
    right = generator.random((4000, 4)) < chance[:, None]
    rows = {"problem_id": numpy.repeat([f"{number:04}" for number in range(4000)], 4), "correct": right.ravel()}
    single = pandas.DataFrame(rows)
    names = pandas.Index([f"{number:04}" for number in range(4000)])
    expected = expected_difficulty(single, names)
    # A beta of a and b is drawn to its mean by (a + b) / (a + b + n); the slope of truth on it is then 1.
    assert expected == pytest.approx(0.5 + 0.5 * (single_difficulty(single, names) - 0.5), abs=0.02)
    assert numpy.polyfit(expected, 1 - chance, 1)[0] == pytest.approx(1.0, abs=0.05)


def test_one_reply_says_all_there_is_to_know() -> None:
    single = pandas.DataFrame({"problem_id": ["A", "B", "C"], "correct": [True, False, False]})
    names = pandas.Index(["A", "B", "Z"])
    assert expected_difficulty(single, names) == pytest.approx([0.0, 1.0, numpy.nan], nan_ok=True)
    same = pandas.DataFrame({"problem_id": ["A", "A", "B", "B"], "correct": [True, True, True, True]})
    assert expected_difficulty(same, pandas.Index(["A", "B"])) == pytest.approx([0.0, 0.0])
