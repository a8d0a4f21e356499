"""The metrics of one task over its levels."""

import numpy
import pandas
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rest_bench.metrics.responses import Conditions
from rest_bench.metrics.statistics import UNDEFINED
from rest_bench.metrics.task import summarize_task as summarize_levels_of_task
from rest_bench.schema import TaskSummary
from tests.metrics.conftest import slot, table


def summarize_task(scores: pandas.DataFrame) -> TaskSummary:
    return summarize_levels_of_task(scores.groupby("level"), Conditions("cyclic", max_tokens=32768))


def test_the_worked_example(toy: pandas.DataFrame) -> None:
    task = summarize_task(toy)
    stressed = task.levels["3"]
    assert stressed.accuracy.value == pytest.approx(5 / 9)
    assert stressed.accuracy.se == pytest.approx(0.1111, abs=1e-4)
    assert stressed.position_accuracy == pytest.approx((2 / 3, 2 / 3, 1 / 3))
    assert stressed.completion == pytest.approx(7 / 9)
    assert stressed.conditional_accuracy == pytest.approx(5 / 7)
    assert stressed.all_correct == pytest.approx(1 / 3)
    assert stressed.truncation_rate == pytest.approx(1 / 3)
    assert stressed.retention.value == pytest.approx(0.8333, abs=1e-4)
    assert stressed.drop.value == pytest.approx(0.1111, abs=1e-4)
    assert {name: share for name, share in stressed.outcomes.items() if share} == pytest.approx(
        {"correct": 5 / 9, "omitted": 1 / 9, "swapped": 1 / 9, "truncated": 1 / 9, "wrong": 1 / 9}
    )
    assert (stressed.n_packs, stressed.n_slots, stressed.n_questions, stressed.repeats) == (3, 9, 3, 1)
    assert stressed.completion_tokens == pytest.approx(80 / 3)
    assert stressed.response_thinking_tokens is None
    assert stressed.thinking_tokens is None
    assert stressed.reach is None
    assert stressed.segmentation_sure is None
    assert stressed.first_share_ratio == UNDEFINED


def test_the_drop_is_paired_by_question(toy: pandas.DataFrame) -> None:
    """metrics.md 8.3 on TOY: x - m = (1/3, 1/3, -1/3), mean .1111, standard error .2222."""
    task = summarize_task(toy)
    assert task.single.value == pytest.approx(2 / 3)
    assert task.stress.value == pytest.approx(5 / 9)
    assert task.drop.value == pytest.approx(1 / 9)
    assert task.drop.se == pytest.approx(0.2222, abs=1e-4)
    assert task.retention.value == pytest.approx(5 / 6)


def test_levels_weigh_the_same_in_stress_whatever_their_size() -> None:
    """The published heat map of R1-7B on AIME24: level means 35.00, 16.94, 8.44, 5.75 give 16.53, slots 13.10."""
    rows = []
    for level, n_correct in ((2, 7), (4, 2)):
        slots = [("correct" if number < n_correct else "wrong") for number in range(10 * level)]
        rows += [
            slot(level, f"{level}-{number // level}", number % level + 1, str(number // level), outcome)
            for number, outcome in enumerate(slots)
        ]
    assert summarize_task(table(rows)).stress.value == pytest.approx((7 / 20 + 2 / 40) / 2)


def test_without_level_1_there_is_no_drop(toy: pandas.DataFrame) -> None:
    task = summarize_task(toy[toy["level"] == 3])
    assert (task.single.value, task.drop.value, task.retention.value) == (None, None, None)
    assert task.levels["3"].drop.value is None
    assert task.stress.value == pytest.approx(5 / 9)


def test_without_stress_there_is_no_drop(toy: pandas.DataFrame) -> None:
    task = summarize_task(toy[toy["level"] == 1])
    assert (task.stress.value, task.drop.value, task.stress_levels) == (None, None, ())


def test_nothing_right_at_level_1_has_no_retention() -> None:
    scores = table([slot(1, "a", 1, "A", "wrong"), slot(1, "b", 1, "B", "wrong"), slot(2, "c", 1, "A", "wrong")])
    assert summarize_task(scores).retention == UNDEFINED


def test_a_slot_lost_to_an_engine_error_counts_in_the_denominator() -> None:
    scores = table([slot(1, "a", 1, "A", "correct"), slot(1, "b", 1, "B", "error")])
    level = summarize_task(scores).levels["1"]
    assert level.accuracy.value == 0.5
    assert level.outcomes["error"] == 0.5


def test_a_paper_reading_that_cannot_be_judged_is_left_out() -> None:
    rows = [slot(1, "a", 1, "A", "correct"), slot(1, "b", 1, "B", "wrong")]
    rows[1] = rows[1].model_copy(update={"correct_paper": None})
    assert summarize_task(table(rows)).levels["1"].accuracy_paper.value == 1.0


def test_thinking_of_a_response_counts_once_and_by_position() -> None:
    rows = [slot(2, pack, position, f"{position}", "correct") for pack in "ab" for position in (1, 2)]
    tokens = {("a", 1): 60, ("a", 2): 40, ("b", 1): 30, ("b", 2): 10}
    scores = table(
        [
            row.model_copy(
                update={
                    "segment_tokens": tokens[row.pack_id, row.position],
                    "segmentation_sure": True,
                    "thinking_tokens": 110 if row.pack_id == "a" else 50,
                }
            )
            for row in rows
        ]
    )
    level = summarize_task(scores).levels["2"]
    assert level.response_thinking_tokens == 80
    assert list(level.thinking_tokens or ()) == [45, 25]
    assert level.segmentation_sure == 1
    assert level.first_share_ratio.value == pytest.approx((1.2 + 1.5) / 2)
    assert list(level.reach or ()) == [1, 0.5]


outcomes = st.lists(st.sampled_from(["correct", "wrong", "omitted", "truncated"]), min_size=12, max_size=12)


@settings(deadline=None, max_examples=20)  # each draws many times
@given(outcomes)
def test_position_accuracies_average_to_the_accuracy_and_outcomes_sum_to_1(drawn: list[str]) -> None:
    rows = [slot(3, f"p{n // 3}", n % 3 + 1, str((n + n // 3) % 4), outcome) for n, outcome in enumerate(drawn)]
    level = summarize_task(table(rows)).levels["3"]
    assert sum(level.position_accuracy) / 3 == pytest.approx(level.accuracy.value)
    assert sum(level.outcomes.values()) == pytest.approx(1)


@settings(deadline=None, max_examples=20)  # each draws many times
@given(outcomes, st.randoms(use_true_random=False))
def test_the_order_of_the_scores_changes_nothing(drawn: list[str], shuffler: object) -> None:
    rows = [slot(3, f"p{n // 3}", n % 3 + 1, str((n + n // 3) % 4), outcome) for n, outcome in enumerate(drawn)]
    before = summarize_task(table(rows)).model_dump_json()
    shuffler.shuffle(rows)  # type: ignore[attr-defined]
    after = summarize_task(table(rows)).model_dump_json()
    assert pytest.approx(_numbers(before), abs=1e-12) == _numbers(after)


def _numbers(text: str) -> list[float]:
    import re

    return [float(number) for number in re.findall(r"-?\d+\.?\d*(?:e-?\d+)?", text)]


def test_the_summary_says_how_accuracy_falls_over_positions_and_levels(toy: pandas.DataFrame) -> None:
    task = summarize_task(toy)
    alone, stressed = task.levels["1"], task.levels["3"]
    assert (stressed.position_slope, stressed.primacy, stressed.recency) == pytest.approx((-1 / 6, 1 / 6, -1 / 3))
    assert stressed.load_effect == pytest.approx(0)
    assert (stressed.loss, stressed.gain) == pytest.approx((2 / 9, 1 / 9))
    assert stressed.loss - stressed.gain == pytest.approx(stressed.drop.value)  # type: ignore[operator]
    fields = ("position_slope", "primacy", "recency", "load_effect", "loss", "gain", "loss_by_chance")
    assert {getattr(alone, field) for field in fields} == {None}
    assert task.auc == pytest.approx((2 / 3 + 5 / 9) / 2)
    assert task.half_stress_level is None
    assert task.decay_rate == pytest.approx(0.0912, abs=1e-4)


def test_without_level_1_nothing_is_compared_with_it(toy: pandas.DataFrame) -> None:
    task = summarize_task(toy[toy["level"] == 3])
    level = task.levels["3"]
    assert (level.load_effect, level.loss, level.gain) == (None, None, None)
    assert level.position_slope == pytest.approx(-1 / 6)
    assert (task.auc, task.half_stress_level, task.decay_rate) == (None, None, None)


def test_the_error_of_retention_is_paired_by_question(toy: pandas.DataFrame) -> None:
    """Effects of level 3 (1/27, 1/27, -2/27), of level 1 (1/9, 1/9, -2/9): ratio 5/6, base 2/3."""
    retention = summarize_task(toy).levels["3"].retention
    effects = [(3 * here / 27 - 5 / 6 * alone / 9) / (2 / 3) for here, alone in ((1 / 3, 1), (1 / 3, 1), (-2 / 3, -2))]
    assert retention.se == pytest.approx((3 / 2 * sum(effect**2 for effect in effects)) ** 0.5)
    assert retention.ci is not None
    assert retention.ci[0] == 0, "no accuracy is below 0"
    assert retention.ci[1] > 5 / 6


def test_a_level_retains_itself(toy: pandas.DataFrame) -> None:
    alone = summarize_task(toy).levels["1"]
    assert (alone.retention.value, alone.retention.ci) == (1, None)


def test_swaps_are_part_of_a_level(toy: pandas.DataFrame) -> None:
    toy.loc[[5, 6], "swap_candidates"] = 2
    toy.loc[5, "swapped_from"] = 1
    toy.loc[toy["correct"], "aligned_position"] = toy["position"]
    level = summarize_task(toy).levels["3"]
    assert (level.n_swap_eligible, level.swap_rate.value, dict(level.swap_lags)) == (2, 0.5, {"-2": 1})
    assert level.index_shift_gain == 0


def binomial(chances: dict[int, float], n_questions: int = 30, seed: int = 0) -> pandas.DataFrame:
    """Slots of cyclic packs whose answers are right with the chance of their level."""
    generator = numpy.random.default_rng(seed)
    return table(
        [
            slot(level, f"{level}-{pack:03}", place + 1, f"Q{(pack + place) % n_questions:03}", outcome)
            for level, chance in chances.items()
            for pack in range(n_questions)
            for place in range(level)
            for outcome in ["correct" if generator.random() < chance else "wrong"]
        ]
    )


def test_a_real_drop_is_found_and_adjusted_for_the_number_of_levels() -> None:
    task = summarize_task(binomial({1: 0.9, 2: 0.88, 4: 0.4}))
    assert task.drop_p_value is not None
    assert task.drop_p_value < 0.01
    alone = {level: task.levels[level].drop_p_value for level in ("2", "4")}
    holm = task.drop_p_values_holm
    assert list(holm) == ["2", "4"]
    assert holm["4"] == pytest.approx(2 * (alone["4"] or 0))
    assert (holm["2"] or 0) >= (alone["2"] or 0)


def test_the_bootstrap_and_the_clustered_error_agree_where_there_are_enough_questions() -> None:
    task = summarize_task(binomial({1: 0.8, 3: 0.5}, n_questions=150))
    assert task.drop.ci is not None
    assert task.drop_bootstrap == pytest.approx(task.drop.ci, abs=0.02)
    assert task.detectable_drop == pytest.approx(2.8016 * (task.drop.se or 0), rel=1e-3)


def test_intervals_that_hold_together_are_wider() -> None:
    task = summarize_task(binomial({1: 0.8, 2: 0.6, 3: 0.5}, n_questions=150))
    assert list(task.accuracy_band) == ["1", "2", "3"]
    for level, band in task.accuracy_band.items():
        own = task.levels[level].accuracy.ci
        assert band is not None
        assert own is not None
        assert band[1] - band[0] > own[1] - own[0]


def test_every_null_of_a_task_has_its_reason(toy: pandas.DataFrame) -> None:
    only = summarize_task(toy[toy["level"] == 3])
    assert {"single", "drop", "drop_p_value", "drop_bootstrap", "detectable_drop"} <= set(only.undefined)
    assert only.undefined["drop"] == "level 1 is missing"
    alone = summarize_task(toy[toy["level"] == 1])
    assert alone.undefined["stress"] == "no level above 1"
    assert alone.drop_p_values_holm == {}
    for task in (only, alone):
        names = [name for name in TaskSummary.model_fields if name not in ("levels", "undefined")]
        nulls = {name for name in names if getattr(task, name) in (None, UNDEFINED)}
        assert set(task.undefined) == nulls


def test_one_question_has_numbers_and_no_errors() -> None:
    task = summarize_task(table([slot(1, "a", 1, "A", "correct"), slot(2, "b", 1, "A", "wrong")]))
    assert task.drop.value == pytest.approx(1.0)
    assert task.drop.se is None
    assert task.drop_bootstrap is None
    assert task.accuracy_band == {"1": None, "2": None}


def test_nothing_right_under_stress_retains_nothing() -> None:
    rows = [slot(1, name, 1, name, outcome) for name, outcome in (("A", "correct"), ("B", "wrong"))]
    rows += [slot(2, "c", position, name, "wrong") for position, name in ((1, "A"), (2, "B"))]
    retention = summarize_task(table(rows)).retention
    assert (retention.value, retention.ci) == (0, None)


def test_all_right_everywhere_promises_nothing_of_other_questions() -> None:
    task = summarize_task(binomial({1: 1.0, 2: 1.0}))
    assert (task.drop.value, task.drop.ci) == (0.0, None)
    assert task.detectable_drop is None
    assert task.undefined["detectable_drop"].startswith("all questions fall by the same amount")
    assert task.levels["2"].residual_drop.ci is None
