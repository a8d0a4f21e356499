import pandas
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rest_bench.metrics import COLUMNS, summarize, summarize_levels
from rest_bench.metrics.accuracy import Mean, compare_with_single
from rest_bench.metrics.accuracy import summarize_task as summarize_levels_of_task
from rest_bench.metrics.responses import Conditions
from rest_bench.metrics.statistics import UNDEFINED
from rest_bench.schema import Manifest, TaskSummary
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
    assert (stressed.thinking_tokens, stressed.reach) == ((None,) * 3, (None,) * 3)
    assert (stressed.segmentation_sure, stressed.first_share_ratio) == (None, None)


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
    assert list(level.thinking_tokens) == [45, 25]
    assert level.segmentation_sure == 1
    assert level.first_share_ratio == pytest.approx((1.2 + 1.5) / 2)
    assert list(level.reach) == [1, 0.5]


def test_a_run_that_lacks_responses_is_partial(toy: pandas.DataFrame, manifest: Manifest) -> None:
    assert not summarize(toy, manifest).config.partial
    assert summarize(toy[toy["pack_id"] != "f"], manifest).config.partial


def test_a_limited_run_is_partial(toy: pandas.DataFrame, manifest: Manifest) -> None:
    (task,) = manifest.tasks
    levels = tuple(level.model_copy(update={"limit": 3}) for level in task.levels)
    limited = manifest.model_copy(update={"tasks": (task.model_copy(update={"levels": levels}),)})
    assert summarize(toy, limited).config.partial


def test_a_run_without_any_response_has_an_empty_summary(toy: pandas.DataFrame, manifest: Manifest) -> None:
    summary = summarize(toy[:0], manifest)
    assert (dict(summary.tasks), summary.overall.single, summary.config.partial) == ({}, None, True)


def test_overall_is_null_where_a_task_lacks_the_number(toy: pandas.DataFrame, manifest: Manifest) -> None:
    (task,) = manifest.tasks
    both = manifest.model_copy(update={"tasks": (task, task.model_copy(update={"name": "other"}))})
    other = toy[toy["level"] == 3].assign(task="other")
    overall = summarize(pandas.concat([toy, other]), both).overall
    assert overall.single is None
    assert overall.stress == pytest.approx(5 / 9)


def test_one_level_at_a_time_gives_the_same_summary(toy: pandas.DataFrame, manifest: Manifest) -> None:
    (task,) = manifest.tasks
    unasked = task.model_copy(update={"name": "unasked"})
    wider = manifest.model_copy(update={"tasks": (unasked, task)})
    asked = []

    def level_scores(name: str, level: int) -> pandas.DataFrame:
        asked.append((name, level))
        rows = toy[(toy["task"] == name) & (toy["level"] == level)]
        return rows[list(COLUMNS)].astype({"pack_id": "category", "problem_id": "category", "outcome": "category"})

    assert summarize_levels(level_scores, wider) == summarize(toy, wider)
    assert asked == [("unasked", 1), ("unasked", 3), ("toy", 1), ("toy", 3)]


outcomes = st.lists(st.sampled_from(["correct", "wrong", "omitted", "truncated"]), min_size=12, max_size=12)


@settings(deadline=None)  # the first one loads scipy
@given(outcomes)
def test_position_accuracies_average_to_the_accuracy_and_outcomes_sum_to_1(drawn: list[str]) -> None:
    rows = [slot(3, f"p{n // 3}", n % 3 + 1, str((n + n // 3) % 4), outcome) for n, outcome in enumerate(drawn)]
    level = summarize_task(table(rows)).levels["3"]
    assert sum(level.position_accuracy) / 3 == pytest.approx(level.accuracy.value)
    assert sum(level.outcomes.values()) == pytest.approx(1)


@settings(deadline=None)  # the first one loads scipy
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


def test_readings_differ_where_one_of_the_three_says_otherwise(toy: pandas.DataFrame, manifest: Manifest) -> None:
    assert summarize(toy, manifest).tasks["toy"].levels["3"].readings_differ == 0
    at_three = toy.index[toy["level"] == 3]
    toy["correct_paper"] = toy["correct_paper"].astype(object)
    toy.loc[at_three[0], "correct_paper"] = False
    toy.loc[at_three[4], "correct_strict"] = False
    toy.loc[at_three[4], "correct_paper"] = False
    toy.loc[at_three[5], "correct_paper"] = None
    level = summarize(toy, manifest).tasks["toy"].levels["3"]
    assert level.readings_differ == pytest.approx(2 / 9)
    assert level.accuracy_paper.value == pytest.approx(3 / 8), "a paper reading that cannot be judged is left out"


def test_the_listed_answers_have_an_accuracy_of_their_own(toy: pandas.DataFrame, manifest: Manifest) -> None:
    before = summarize(toy, manifest)
    assert before.tasks["toy"].levels["3"].accuracy_extractor.value is None
    assert before.config.extractor is None
    toy["correct_extractor"] = pandas.Series([None] * 3 + [True] * 6 + [False] * 3, dtype=object)
    after = summarize(toy, manifest, "org/lister")
    assert after.tasks["toy"].levels["1"].accuracy_extractor.value is None
    assert after.tasks["toy"].levels["3"].accuracy_extractor.value == pytest.approx(6 / 9)
    assert after.tasks["toy"].levels["3"].accuracy == before.tasks["toy"].levels["3"].accuracy
    assert "extractor" not in after.tasks["toy"].levels["3"].found_by
    assert after.config.extractor == "org/lister"


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


def no_error() -> pandas.Series:
    return pandas.Series({"A": 0.0, "B": 0.0})


def test_retention_above_chance_is_the_worked_example() -> None:
    """metrics.md 5.2: R1-7B on GPQA, four options, .5101 alone and .2717 at level 5."""
    found = compare_with_single(Mean(0.2717, no_error()), Mean(0.5101, no_error()), 0.25)
    assert found.retention.value == pytest.approx(0.533, abs=1e-3)
    assert found.retention_above_chance.value == pytest.approx(0.083, abs=1e-3)
    assert found.retention_above_chance.ci is None, "where no question differs there is nothing to tell an error by"


@pytest.mark.parametrize("single", [0.2, 0.25])
def test_who_does_no_better_than_chance_alone_has_nothing_to_retain(single: float) -> None:
    found = compare_with_single(Mean(0.1, no_error()), Mean(single, no_error()), 0.25)
    assert found.retention_above_chance == UNDEFINED
    assert found.retention.value == pytest.approx(0.1 / single)


def test_less_than_chance_is_negative_and_not_clipped() -> None:
    found = compare_with_single(Mean(0.05, no_error()), Mean(0.3, no_error()), 0.25)
    assert found.retention_above_chance.value == pytest.approx(-4.0)


def test_the_error_of_retention_is_paired_by_question(toy: pandas.DataFrame) -> None:
    """Effects of level 3 (1/27, 1/27, -2/27), of level 1 (1/9, 1/9, -2/9): ratio 5/6, base 2/3."""
    retention = summarize_task(toy).levels["3"].retention
    effects = [(3 * here / 27 - 5 / 6 * alone / 9) / (2 / 3) for here, alone in ((1 / 3, 1), (1 / 3, 1), (-2 / 3, -2))]
    assert retention.se == pytest.approx((3 / 2 * sum(effect**2 for effect in effects)) ** 0.5)
    assert retention.ci is not None
    assert retention.ci[0] == 0, "no accuracy is below 0"
    assert retention.ci[1] > 5 / 6


def test_the_interval_of_retention_covers_it() -> None:
    """60 questions, each with a chance of its own to be right; true retention one half."""
    import numpy

    covered = 0
    for seed in range(200):
        draw = numpy.random.default_rng(seed)
        chances = draw.beta(2, 1, 60)
        alone, stressed = draw.binomial(8, chances) / 8, draw.binomial(16, chances / 2) / 16
        here, base = (Mean(float(each.mean()), pandas.Series((each - each.mean()) / 60)) for each in (stressed, alone))
        low, high = compare_with_single(here, base, 0.0).retention.ci or (1, 0)
        covered += low <= 0.5 <= high
    assert covered >= 182


def test_a_level_retains_itself(toy: pandas.DataFrame) -> None:
    alone = summarize_task(toy).levels["1"]
    assert (alone.retention.value, alone.retention.ci) == (1, None)


def test_nothing_right_under_stress_retains_nothing() -> None:
    rows = [slot(1, name, 1, name, outcome) for name, outcome in (("A", "correct"), ("B", "wrong"))]
    rows += [slot(2, "c", position, name, "wrong") for position, name in ((1, "A"), (2, "B"))]
    retention = summarize_task(table(rows)).retention
    assert (retention.value, retention.ci) == (0, None)


def test_the_chance_of_a_task_reaches_all_its_levels(toy: pandas.DataFrame, manifest: Manifest) -> None:
    (task,) = manifest.tasks
    guessed = manifest.model_copy(update={"tasks": (task.model_copy(update={"chance": 0.25}),)})
    expected = (5 / 9 - 1 / 4) / (2 / 3 - 1 / 4)
    for summary in (summarize(toy, guessed), summarize_levels(lambda _, level: toy[toy["level"] == level], guessed)):
        assert summary.tasks["toy"].retention_above_chance.value == pytest.approx(expected)
        assert summary.tasks["toy"].levels["3"].retention_above_chance.value == pytest.approx(expected)
        assert summary.tasks["toy"].retention.value == pytest.approx(5 / 6)


def test_swaps_are_part_of_a_level(toy: pandas.DataFrame) -> None:
    toy.loc[[5, 6], "swap_candidates"] = 2
    toy.loc[5, "swapped_from"] = 1
    toy.loc[toy["correct"], "aligned_position"] = toy["position"]
    level = summarize_task(toy).levels["3"]
    assert (level.n_swap_eligible, level.swap_rate.value, dict(level.swap_lags)) == (2, 0.5, {"-2": 1})
    assert level.index_shift_gain == 0
