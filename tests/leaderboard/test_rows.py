from pathlib import Path

import pytest

from rest_bench.leaderboard.rows import SubmittedEntry, all_rows, published_rows, question_means, submitted_rows
from rest_bench.schema import QuestionCounts
from tests.leaderboard.boards import entry, read_submission


def test_a_submission_is_a_row_a_task(submission: Path) -> None:
    record = read_submission(submission)
    (found,) = submitted_rows(SubmittedEntry(record, "re-scored"))
    task = record.results.tasks["arithmetic"]
    assert (found.model, found.task, found.tier, found.partial) == ("org/model", "arithmetic", "re-scored", True)
    assert (found.single, found.stress, found.drop) == (task.single, task.stress, task.drop)
    assert found.conditions.levels == (1, 3)
    assert found.conditions.limit == 32
    assert found.n_questions == 32
    assert found.truncation_rate == task.levels["3"].truncation_rate
    assert found.question_tokens == pytest.approx((task.levels["3"].completion_tokens or 0) / 3)
    assert found.question_means is not None
    assert found.question_means.mean() == pytest.approx(found.stress.value)


def test_a_run_without_stress_has_no_row(submission: Path) -> None:
    record = read_submission(submission)
    (task,) = record.results.tasks.values()
    alone = task.model_copy(update={"stress": task.stress.model_copy(update={"value": None})})
    results = record.results.model_copy(update={"tasks": {"arithmetic": alone}})
    assert list(submitted_rows(SubmittedEntry(record.model_copy(update={"results": results}), "re-scored"))) == []


def test_published_scores_are_rows_without_answers() -> None:
    rows = {(found.model, found.task): found for found in published_rows()}
    gpqa = rows["Deepseek-R1-Distill-Qwen-7B", "gpqa_diamond"]
    assert gpqa.retention.value == pytest.approx(((gpqa.stress.value or 0) - 0.25) / ((gpqa.single.value or 0) - 0.25))
    assert gpqa.question_means is None
    assert rows["O4-mini", "gsm8k"].retention.value == pytest.approx(0.9307 / 0.9371, abs=1e-4)


def test_all_rows_are_those_of_both(submission: Path) -> None:
    rows = all_rows([entry(read_submission(submission), 1)])
    assert len(rows) == 1 + 38 * 7
    assert rows[0].conditions.limit is None


def test_the_mean_of_a_question_is_over_levels() -> None:
    questions = {
        "3": QuestionCounts(right=(3, 0, 0), slots=(3, 3, 0)),
        "5": QuestionCounts(right=(5, 1, 0), slots=(5, 5, 0)),
    }
    assert question_means(questions, (3, 5)) == pytest.approx([1.0, 0.1])
    assert question_means(questions, (3, 7)) is None
    uneven = {**questions, "5": QuestionCounts(right=(5, 0, 0), slots=(5, 0, 0))}
    assert question_means(uneven, (3, 5)) is None
    assert question_means({"3": QuestionCounts(right=(1,), slots=(1, 1))}, (3,)) is None


def test_a_quantized_model_is_no_full_one(submission: Path) -> None:
    record = read_submission(submission)
    engine = record.manifest.engine.model_copy(update={"quantization": "fp8", "kv_cache_dtype": "fp8"})
    quantized = record.model_copy(update={"manifest": record.manifest.model_copy(update={"engine": engine})})
    (full,) = submitted_rows(SubmittedEntry(record, "re-scored"))
    (row,) = submitted_rows(SubmittedEntry(quantized, "re-scored"))
    assert (full.variant, full.name) == ("", record.model)
    assert (row.variant, row.name) == ("fp8 weights, fp8 cache", f"{record.model} (fp8 weights, fp8 cache)")
