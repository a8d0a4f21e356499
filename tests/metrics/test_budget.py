from dataclasses import replace

import numpy
import pandas
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rest_bench.metrics.budget import (
    INCOMPLETE,
    NO_SINGLE_REPLY,
    NOT_COUNTED,
    PROMPTS_NOT_COUNTED,
    SINGLE_NOT_COUNTED,
    budget_split,
    budget_use,
)
from rest_bench.metrics.reasons import ALONE, NO_SINGLE
from rest_bench.metrics.responses import Conditions, as_responses
from rest_bench.schema import Budget
from tests.metrics.simulate import Layout, Model, draw

SIXTY = Conditions("cyclic", max_tokens=60)


def split(scores: pandas.DataFrame, single: pandas.DataFrame | None, conditions: Conditions = SIXTY) -> Budget:
    return budget_split(scores, single, as_responses(scores), conditions)


@pytest.fixture
def single(toy: pandas.DataFrame) -> pandas.DataFrame:
    """T = (10, 30, 50), right = (1, 1, 0)."""
    return toy[toy["level"] == 1].assign(completion_tokens=[10, 30, 50])


@pytest.fixture
def stressed(toy: pandas.DataFrame) -> pandas.DataFrame:
    return toy[toy["level"] == 3]


def test_the_worked_example(stressed: pandas.DataFrame, single: pandas.DataFrame) -> None:
    budget = split(stressed, single)
    assert budget.budget_cut_accuracy == pytest.approx(1 / 3)
    assert budget.budget_position_accuracy == pytest.approx((2 / 3, 2 / 3, 0))
    assert budget.budget_accuracy == pytest.approx(4 / 9)
    assert budget.budget_drop.value == pytest.approx(0.2222, abs=1e-4)
    assert budget.residual_drop.value == pytest.approx(-0.1111, abs=1e-4)
    assert budget.budget_accuracy_at_end == pytest.approx(0)
    assert budget.budget_position_accuracy_at_end == pytest.approx((0, 0, 0))
    assert budget.budget_drop_at_end.value == pytest.approx(2 / 3)
    assert budget.residual_drop_at_end.value == pytest.approx(-5 / 9)
    assert not budget.undefined


def test_the_use_of_the_budget(stressed: pandas.DataFrame) -> None:
    assert budget_use(stressed, SIXTY).budget_use == pytest.approx((30 + 20 + 30) / 3 / 60)
    limited = replace(SIXTY, max_context_tokens=50)
    assert budget_use(stressed, limited).budget_use == pytest.approx((30 + 20 + 30) / 3 / 40)
    uncounted = stressed.assign(completion_tokens=None)
    assert budget_use(uncounted, SIXTY).undefined == {"budget_use": NOT_COUNTED}


def test_a_short_context_leaves_a_smaller_budget(stressed: pandas.DataFrame, single: pandas.DataFrame) -> None:
    """Prompts of 10 tokens in a context of 50 leave 40 of 60."""
    budget = split(stressed, single, replace(SIXTY, max_context_tokens=50))
    assert budget == split(stressed, single, replace(SIXTY, max_tokens=40))
    assert budget.budget_position_accuracy == pytest.approx((2 / 3, 1 / 3, 0))


def test_a_single_reply_that_hit_the_limit_is_wrong_and_as_long(
    stressed: pandas.DataFrame, single: pandas.DataFrame
) -> None:
    cut = single.assign(completion_tokens=[10, None, 50], finish_reason=["stop", "length", "stop"])
    budget = split(stressed, cut)
    assert budget.budget_position_accuracy == pytest.approx((1 / 3, 1 / 3, 0))  # A first, and after C: 50 + 10


def test_a_single_reply_lost_to_an_error_takes_no_tokens(stressed: pandas.DataFrame, single: pandas.DataFrame) -> None:
    lost = single.assign(completion_tokens=[10, 30, None], finish_reason=["stop", "stop", "error"])
    budget = split(stressed, lost)
    assert budget.budget_position_accuracy == pytest.approx((2 / 3, 2 / 3, 2 / 3))


def test_the_reason_is_said_where_it_is_undefined(stressed: pandas.DataFrame, single: pandas.DataFrame) -> None:
    def why(*tables: pandas.DataFrame | None, conditions: Conditions = SIXTY) -> set[str]:
        scores, alone = tables
        assert scores is not None
        budget = split(scores, alone, conditions)
        assert budget.budget_drop.value is budget.budget_accuracy is None
        return set(budget.undefined.values())

    assert why(stressed, None) == {NO_SINGLE}
    assert why(single, single) == {ALONE}
    assert why(stressed[:-1], single) == {INCOMPLETE}
    assert why(stressed, single[1:]) == {NO_SINGLE_REPLY}
    assert why(stressed, single.assign(completion_tokens=[10, None, 50])) == {SINGLE_NOT_COUNTED}
    uncounted = stressed.assign(prompt_tokens=None)
    assert why(uncounted, single, conditions=replace(SIXTY, max_context_tokens=50)) == {PROMPTS_NOT_COUNTED}
    assert not split(uncounted, single).undefined


def test_questions_that_only_level_1_has_do_no_harm(stressed: pandas.DataFrame, single: pandas.DataFrame) -> None:
    more = pandas.concat([single, single[:1].assign(problem_id="D", pack_id="g")])
    budget = split(stressed, more)
    assert budget.budget_accuracy == pytest.approx(4 / 9)
    assert budget.budget_drop.value == pytest.approx(3 / 4 - 4 / 9)


def check_parts(budget: Budget, drop: float) -> None:
    for part, rest in (
        (budget.budget_drop, budget.residual_drop),
        (budget.budget_drop_at_end, budget.residual_drop_at_end),
    ):
        assert (part.value or 0.0) + (rest.value or 0.0) == pytest.approx(drop)
    assert budget.budget_position_accuracy is not None
    assert numpy.mean(budget.budget_position_accuracy) == pytest.approx(budget.budget_accuracy)
    assert (budget.budget_accuracy_at_end or 0.0) <= (budget.budget_accuracy or 0.0) + 1e-12


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 1000), st.integers(1, 4), st.integers(2, 4), st.floats(1000, 30000))
def test_both_parts_add_up_to_the_drop(seed: int, repeats: int, level: int, limit: float) -> None:
    layout = Layout(n_questions=7, repeats=repeats, level=level, budget=limit)
    scores, single = draw(Model(), layout, seed), draw(Model(), replace(layout, level=1), seed)
    budget = split(scores, single, Conditions("cyclic", int(limit)))
    check_parts(budget, single["correct"].mean() - scores["correct"].mean())


def test_names_and_the_order_of_slots_and_repeats_change_nothing() -> None:
    layout = Layout(n_questions=15, repeats=3, level=4, budget=12000)
    conditions = Conditions("cyclic", 12000)
    scores, single = draw(Model(), layout, 1), draw(Model(), replace(layout, level=1), 1)
    before = split(scores, single, conditions)

    def renamed(table: pandas.DataFrame) -> pandas.DataFrame:
        shuffled = table.sample(frac=1, random_state=2)
        names = shuffled["problem_id"].astype(str).str[::-1]
        return shuffled.assign(problem_id=names, repeat=2 - shuffled["repeat"])

    after = split(renamed(scores), renamed(single), conditions)
    for name in ("budget_accuracy", "budget_accuracy_at_end", "budget_cut_accuracy"):
        assert getattr(after, name) == pytest.approx(getattr(before, name))
    assert after.residual_drop.se == pytest.approx(before.residual_drop.se)


def test_a_budget_that_is_never_reached_explains_nothing() -> None:
    layout = Layout(n_questions=15, repeats=2, level=4)
    scores, single = draw(Model(load=0.3), layout, 1), draw(Model(load=0.3), replace(layout, level=1), 1)
    budget = split(scores, single, Conditions("cyclic", 10**9))
    assert budget.budget_drop.value == pytest.approx(0.0)
    assert budget.budget_drop_at_end.value == pytest.approx(0.0)


def test_what_only_the_budget_does_leaves_no_residual() -> None:
    """Section 10, scenario budget: residual within .01 of 0, and the last position as simulated."""
    layout = Layout(budget=12000)
    residuals, tight = [], []
    for seed in range(4):
        scores, single = draw(Model(), layout, seed), draw(Model(), replace(layout, level=1), seed)
        budget = split(scores, single, Conditions("cyclic", 12000))
        residuals.append(budget.residual_drop.value or 0.0)
        tight.append(budget.budget_drop.value or 0.0)
    assert numpy.mean(residuals) == pytest.approx(0.0, abs=0.01)
    assert numpy.mean(tight) > 0.1


def test_the_error_of_the_residual_is_that_of_simulated_runs() -> None:
    """Slots of a prompt share its budget: the error by question alone would be too small."""
    layout = Layout(n_questions=40, repeats=2, level=5, budget=10000)
    values, errors = [], []
    for seed in range(60):
        scores, single = draw(Model(), layout, seed), draw(Model(), replace(layout, level=1), seed)
        residual = split(scores, single, Conditions("cyclic", 10000)).residual_drop
        values.append(residual.value or 0.0)
        errors.append(residual.se or 0.0)
    assert numpy.mean(errors) == pytest.approx(numpy.std(values), rel=0.2)
    covered = [abs(value) <= 2.02 * error for value, error in zip(values, errors, strict=True)]
    assert numpy.mean(covered) > 0.88
