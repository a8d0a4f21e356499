import numpy
import pandas
import pytest

from rest_bench.metrics.certainty import (
    best_and_worst,
    certainty,
    detectable,
    difference_p_value,
    flip_p_value,
    shared_means,
    standard_errors,
)
from rest_bench.metrics.responses import Conditions, as_responses
from rest_bench.schema import Estimate
from tests.metrics.conftest import slot, table, toy

__all__ = ["toy"]

CYCLIC = Conditions("cyclic", max_tokens=100)
DROP = Estimate(value=1 / 9, se=2 / 9, ci=(-0.84, 1.07))


def at(scores: pandas.DataFrame, level: int) -> pandas.DataFrame:
    return scores[scores["level"] == level]


def repeated(n_right: int, n_repeats: int = 8, design: str = "cyclic") -> pandas.DataFrame:
    """One question of two positions, right in the first answers at position 1 and always at position 2."""
    return table(
        [
            slot(
                2,
                f"{repeat}",
                position,
                f"Q{position}",
                "correct" if repeat < n_right or position == 2 else "wrong",
                repeat,
            )
            for repeat in range(n_repeats)
            for position in (1, 2)
        ]
    ).assign(design=design)


def test_the_worked_standard_errors(toy: pandas.DataFrame) -> None:
    errors = standard_errors(at(toy, 3), as_responses(at(toy, 3)), "cyclic")
    assert errors["slot"] == pytest.approx(0.1757, abs=1e-4)
    assert errors["question"] == pytest.approx(0.1111, abs=1e-4)
    assert errors["two_way"] is not None
    assert errors["neighbours"] is None, "three questions on a circle are all neighbours of each other"
    assert errors["sampling"] is None, "each prompt was asked once"


def test_only_designs_with_neighbours_have_an_error_for_them() -> None:
    right = numpy.random.default_rng(0).random((20, 2)) < 0.6
    scores = table(
        [
            slot(2, f"{pack:02}", position + 1, f"Q{(pack + position) % 20:02}", "correct" if is_right else "wrong")
            for pack, row in enumerate(right)
            for position, is_right in enumerate(row)
        ]
    )
    assert standard_errors(scores, as_responses(scores), "cyclic")["neighbours"] is not None
    assert standard_errors(scores, as_responses(scores), "shuffled")["neighbours"] is None
    # Packs without their first position in the table would break the order of the data.
    assert standard_errors(scores[2:], as_responses(scores[2:]), "cyclic")["neighbours"] is None


def test_errors_by_prompt_need_whole_responses_and_do_not_depend_on_the_order_of_the_rows() -> None:
    scores = pandas.concat([repeated(3), repeated(5).assign(pack_id=lambda rows: "x" + rows["pack_id"])])
    scores["repeat"] = [row // 2 for row in range(len(scores))]  # each response is a run of its own
    errors = standard_errors(scores, as_responses(scores), "cyclic")
    assert errors["sampling"] is not None
    turned = scores.sample(frac=1, random_state=1)
    assert standard_errors(turned, as_responses(turned), "cyclic") == pytest.approx(errors)
    torn = scores[1:]
    errors = standard_errors(torn, as_responses(torn), "cyclic")
    assert errors["two_way"] is errors["sampling"] is None
    assert errors["question"] is not None


def test_a_drop_of_three_questions_is_not_significant(toy: pandas.DataFrame) -> None:
    means = shared_means(at(toy, 1), at(toy, 3))
    assert list(means[0]) == [1, 1, 0]
    assert difference_p_value(DROP, means, seed=0) == pytest.approx(1.0)


def test_many_questions_are_tested_by_t() -> None:
    means = numpy.linspace(0.4, 0.9, 100), numpy.linspace(0.2, 0.9, 100)
    assert difference_p_value(Estimate(value=0.1, se=0.05, ci=None), means, 0) == pytest.approx(0.0482, abs=1e-3)


def test_one_answer_alone_and_one_under_stress_take_mcnemars_test() -> None:
    """metrics.md 5.6: 8 lost and 1 gained give p = 0.0391."""
    single = table([slot(1, f"a{n}", 1, f"Q{n}", "correct" if n < 8 else "wrong") for n in range(9)])
    stressed = table([slot(2, f"b{n // 2}", n % 2 + 1, f"Q{n}", "wrong" if n < 8 else "correct") for n in range(9)])
    assert flip_p_value(single, stressed) == pytest.approx(0.0391, abs=1e-4)
    assert flip_p_value(single, pandas.concat([stressed, stressed])) is None


def test_pass_at_k_is_of_a_question_at_a_position() -> None:
    any_of, all_of = best_and_worst(repeated(3), "cyclic")
    assert any_of is not None
    assert all_of is not None
    assert list(any_of) == ["1", "2", "4", "8"]
    assert any_of["2"] == pytest.approx((0.6429 + 1) / 2, abs=1e-4)
    assert all_of["2"] == pytest.approx((0.1071 + 1) / 2, abs=1e-4)
    assert any_of["1"] == pytest.approx(all_of["1"])


def test_repeats_that_ask_other_prompts_are_no_draws_of_the_same() -> None:
    assert best_and_worst(repeated(3), "shuffled") == (None, None)
    assert best_and_worst(repeated(1, n_repeats=1), "cyclic") == (None, None)


def test_what_a_run_can_find_is_2_8_standard_errors() -> None:
    assert detectable(Estimate(value=0.1, se=0.05, ci=None), 40) == pytest.approx(2.8016 * 0.05, abs=1e-4)
    assert detectable(Estimate(value=0.1, se=None, ci=None), 1) is None


def test_level_1_is_not_compared_with_itself(toy: pandas.DataFrame) -> None:
    single = at(toy, 1)
    found = certainty(single, single, as_responses(single), Estimate(value=0, se=0, ci=(0, 0)), CYCLIC)
    assert found.drop_p_value is found.detectable_drop is found.mcnemar_p_value is None
    assert found.undefined["drop_p_value"].startswith("level 1 is compared")


def test_without_level_1_there_is_nothing_to_compare_with(toy: pandas.DataFrame) -> None:
    found = certainty(at(toy, 3), None, as_responses(at(toy, 3)), Estimate(value=None, se=None, ci=None), CYCLIC)
    assert found.drop_p_value is None
    assert found.undefined["drop_p_value"].startswith("level 1 is missing")
    assert found.effective_slots == pytest.approx((5 / 9) * (4 / 9) / 0.1111**2, rel=1e-3)
    assert found.standard_errors["slot"] is not None


def test_variances_are_named(toy: pandas.DataFrame) -> None:
    found = certainty(at(toy, 3), None, as_responses(at(toy, 3)), Estimate(value=None, se=None, ci=None), CYCLIC)
    assert found.variance_components is not None
    assert set(found.variance_components) == {"question", "position", "residual"}
    alone = certainty(at(toy, 1), None, as_responses(at(toy, 1)), Estimate(value=None, se=None, ci=None), CYCLIC)
    assert alone.variance_components is None
    assert "variance_components" in alone.undefined


def test_slots_that_are_no_whole_packs_have_no_components(toy: pandas.DataFrame) -> None:
    torn = at(toy, 3)[1:]
    found = certainty(torn, None, as_responses(torn), Estimate(value=None, se=None, ci=None), CYCLIC)
    assert found.variance_components is None
    twice = at(toy, 3).assign(problem_id="A")
    found = certainty(twice, None, as_responses(twice), Estimate(value=None, se=None, ci=None), CYCLIC)
    assert found.variance_components is None
    assert found.standard_errors["question"] is None
