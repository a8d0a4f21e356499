"""The metrics of whole runs."""

import pandas
import pytest

from rest_bench.metrics import COLUMNS, summarize, summarize_levels
from rest_bench.schema import Manifest


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


def test_the_chance_of_a_task_reaches_all_its_levels(toy: pandas.DataFrame, manifest: Manifest) -> None:
    (task,) = manifest.tasks
    guessed = manifest.model_copy(update={"tasks": (task.model_copy(update={"chance": 0.25}),)})
    expected = (5 / 9 - 1 / 4) / (2 / 3 - 1 / 4)
    for summary in (summarize(toy, guessed), summarize_levels(lambda _, level: toy[toy["level"] == level], guessed)):
        assert summary.tasks["toy"].retention_above_chance.value == pytest.approx(expected)
        assert summary.tasks["toy"].levels["3"].retention_above_chance.value == pytest.approx(expected)
        assert summary.tasks["toy"].retention.value == pytest.approx(5 / 6)
