import math

import numpy
import pandas
import pytest

from rest_bench.metrics.position_logit import (
    NO_QUESTION_VARIES,
    ONE_POSITION,
    SEPARATED,
    position_effect,
)
from tests.metrics.conftest import slot, table
from tests.metrics.simulate import Layout, Model, draw


def test_the_worked_example(toy: pandas.DataFrame) -> None:
    effect = position_effect(toy[toy["level"] == 3])
    assert effect.position_logit.value == pytest.approx(2 * math.log((math.sqrt(33) - 1) / 8), abs=1e-6)
    assert effect.position_logit.value == pytest.approx(-1.0449, abs=1e-4)
    assert (effect.position_logit_questions, effect.position_logit_dropped) == (3, 0)
    assert not effect.undefined


def test_one_position_has_no_effect(toy: pandas.DataFrame) -> None:
    effect = position_effect(toy[toy["level"] == 1])
    assert effect.position_logit.value is None
    assert set(effect.undefined.values()) == {ONE_POSITION}


@pytest.mark.parametrize("outcome", ["correct", "wrong"])
def test_questions_that_never_change_say_nothing(outcome: str) -> None:
    rows = [slot(2, pack, position, f"{pack}{position}", outcome) for pack in "ab" for position in (1, 2)]
    effect = position_effect(table(rows))
    assert effect.position_logit.value is None
    assert (effect.position_logit_questions, effect.position_logit_dropped) == (0, 4)
    assert effect.undefined == {"position_logit": NO_QUESTION_VARIES}


def test_an_infinite_effect_is_null() -> None:
    """Every question is right first and wrong later."""
    rows = [
        slot(2, "a", 1, "A", "correct"),
        slot(2, "a", 2, "B", "wrong"),
        slot(2, "b", 1, "B", "correct"),
        slot(2, "b", 2, "A", "wrong"),
    ]
    for scores in (table(rows), table(rows).assign(correct=lambda scores: ~scores["correct"])):
        effect = position_effect(scores)
        assert effect.undefined == {"position_logit": SEPARATED}
        assert effect.position_logit_questions == 2


def test_one_question_has_an_effect_and_no_error() -> None:
    rows = [
        slot(3, f"p{number}", number % 3 + 1, "A", outcome)
        for number, outcome in enumerate(["correct", "correct", "wrong", "correct", "wrong", "correct"])
    ]
    estimate = position_effect(table(rows)).position_logit
    assert estimate.value is not None
    assert (estimate.se, estimate.ci) == (None, None)


def test_a_question_at_one_position_only_is_not_used() -> None:
    rows = [slot(2, "a", 1, "A", "correct"), slot(2, "b", 1, "A", "wrong")]
    effect = position_effect(table(rows))
    assert (effect.position_logit_questions, effect.position_logit_dropped) == (0, 0)


def test_names_repeats_and_the_order_of_the_slots_change_nothing() -> None:
    scores = draw(Model(position=1.0), Layout(n_questions=20, repeats=3), seed=1)
    estimate = position_effect(scores).position_logit
    renamed = scores.assign(problem_id=scores["problem_id"].astype(str).str[::-1], repeat=2 - scores["repeat"])
    again = position_effect(renamed.sample(frac=1, random_state=1)).position_logit
    assert again.value == pytest.approx(estimate.value)
    assert again.se == pytest.approx(estimate.se)


def test_unequal_repeats_are_counted_as_they_are() -> None:
    scores = draw(Model(position=1.0), Layout(n_questions=40, repeats=3), seed=1)
    some = scores.sample(frac=0.7, random_state=1)
    estimate = position_effect(some).position_logit
    assert estimate.value == pytest.approx(-1.0, abs=0.6)


def test_the_effect_is_recovered_from_simulated_runs() -> None:
    """Section 10, scenario position: bias below .1 at 200 questions, 8 repeats, 5 positions."""
    model = Model(position=1.0)
    estimates = [position_effect(draw(model, Layout(), seed)).position_logit for seed in range(6)]
    values = [estimate.value or math.nan for estimate in estimates]
    errors = [estimate.se or math.nan for estimate in estimates]
    assert numpy.mean(values) == pytest.approx(-1.0, abs=0.1)
    assert numpy.mean(errors) == pytest.approx(numpy.std(values), rel=0.8)


def test_without_an_effect_none_is_found() -> None:
    estimates = [position_effect(draw(Model(load=0.2), Layout(), seed)).position_logit for seed in range(4)]
    assert numpy.mean([estimate.value or 0.0 for estimate in estimates]) == pytest.approx(0.0, abs=0.1)
