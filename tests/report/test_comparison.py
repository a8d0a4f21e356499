import io
from pathlib import Path

import pytest
from rich.console import Console

from rest_bench.report.comparison import LEVEL_TITLES, TASK_ROWS, comparison_tables, verdicts
from rest_bench.schema import (
    ComparedLevel,
    ComparedMetric,
    ComparedRun,
    ComparedTask,
    Comparison,
    ComparisonVerdict,
    Direction,
    Estimate,
    ManifestDifference,
    OrderEffect,
    Unit,
)

SNAPSHOT = Path(__file__).parents[1] / "data" / "comparison.txt"
NOTHING = Estimate(value=None, se=None, ci=None)


def metric(
    a: float,
    b: float,
    half_width: float | None = 0.05,
    *,
    p: float = 0.5,
    word: ComparisonVerdict = "no evidence",
    needs: int | None = None,
    unit: Unit = "share",
    direction: Direction = "higher",
) -> ComparedMetric:
    value = b - a
    ci = None if half_width is None else (value - half_width, value + half_width)
    return ComparedMetric(
        a=a,
        b=b,
        difference=Estimate(value=value, se=0.02, ci=ci),
        p_value=p,
        p_value_holm=p,
        n_questions=120,
        direction=direction,
        unit=unit,
        verdict=word,
        questions_needed=needs,
    )


def undefined(why: str) -> ComparedMetric:
    return ComparedMetric(
        a=None,
        b=None,
        difference=NOTHING,
        p_value=None,
        p_value_holm=None,
        n_questions=0,
        direction="lower",
        unit="share",
        verdict=None,
        questions_needed=None,
        undefined=why,
    )


def level(metrics: dict[str, ComparedMetric], **facts: object) -> ComparedLevel:
    fields: dict[str, object] = {
        "paired_by": "pack",
        "n_questions": 120,
        "n_slots": (120, 120),
        "n_packs": (120, 120),
        "left_out_packs": (0, 0),
        "left_out_questions": (0, 0),
        "repeats": (1, 1),
        "ungraded": (0, 0),
        "errors": (0, 0),
        "metrics": metrics,
        "only_right": None,
        "mcnemar_p_value": None,
        "correlation": None,
        "order_effect": None,
    }
    return ComparedLevel.model_validate({**fields, **facts})


def comparison(drop: ComparedMetric, **changes: object) -> Comparison:
    """Return a comparison with the widest numbers that its tables may meet."""
    tokens = metric(12_345, 23_456, 1_200, p=0.0001, word="higher", unit="tokens", direction="neither")
    same = metric(0.5, 0.75, p=0.0001, word="better")
    single = {
        "accuracy": metric(1.0, 0.0, 0.05, p=0.0001, word="worse"),
        "accuracy_strict": metric(1.0, 0.0, 0.05, p=0.0001, word="worse"),
        "completion_tokens": tokens,
        "thinking_tokens": undefined("no thinking could be divided among its questions and counted"),
    }
    stressed = {
        "accuracy": same,
        "drop": drop,
        "accuracy_strict": same,
        "accuracy_paper": metric(0.5, 0.5, None),
        "residual_drop": metric(-1.0, 1.0, 0.9, p=0.04, word="underpowered", needs=123_456),
        "completion_tokens": tokens,
        "thinking_tokens": metric(9_000, 9_000, None, unit="tokens", direction="neither"),
    }
    task = ComparedTask(
        stress_levels=(12,),
        metrics={
            "drop": drop,
            "retention": metric(0.5, 1.25, 0.3, unit="ratio", word="underpowered", needs=14_000),
            "retention_above_chance": metric(-0.5, 1.25, 0.3, unit="ratio", word="underpowered", needs=14_000),
            "single": metric(1.0, 0.0, 0.05, p=0.0001, word="worse"),
            "stress": undefined("no level above 1"),
        },
        levels={
            "1": level(single, only_right=(8, 1), mcnemar_p_value=0.0390625),
            "12": level(
                stressed,
                order_effect=OrderEffect(
                    order_effect=Estimate(value=1 / 3, se=0.1, ci=(0.1, 0.5)), order_effect_prompts=1200
                ),
            ),
        },
    )
    fields: dict[str, object] = {
        "a": ComparedRun(path="runs/a", model="org/model-a", engine="vllm", partial=False),
        "b": ComparedRun(path="runs/b", model="org/model-b", engine="openai", partial=True),
        "same_folder": False,
        "smallest_effect": 0.02,
        "differences": (
            ManifestDifference(field="model", a="org/model-a-with-a-long-name", b="org/model-b", role="compared"),
            ManifestDifference(field="reasoning_effort", a=None, b="high", role="confounds"),
        ),
        "cautions": ("PARTIAL: B (runs/b) used a limit or lacks responses.",),
        "left_out": ("arithmetic: levels 2, 4 only in A.",),
        "tasks": {"arithmetic": task},
    }
    return Comparison.model_validate({**fields, **changes})


BETTER = metric(0.5, 0.25, p=0.0001, word="better", direction="lower")


def printed(shown: Comparison) -> str:
    console = Console(file=io.StringIO(), width=80, highlight=False, markup=False, emoji=False)
    for part in comparison_tables(shown):
        console.print(part)
    text: str = console.file.getvalue()  # type: ignore[attr-defined]
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


def test_the_tables_are_those_of_the_snapshot() -> None:
    """Where a change is meant: write what is printed into the file."""
    assert printed(comparison(BETTER)) == SNAPSHOT.read_text(encoding="utf-8")


def test_no_number_is_cut_at_80_columns() -> None:
    text = printed(comparison(BETTER))
    assert "…" not in text.replace("org/model-a-with…", "")
    assert max(map(len, text.splitlines())) <= 80


def test_the_verdict_stands_before_any_table() -> None:
    lines = printed(comparison(BETTER)).splitlines()
    assert lines[:2] == ["A  runs/a · org/model-a on vllm", "B  runs/b · org/model-b on openai"]
    assert lines[3].startswith("arithmetic: B breaks less under stress than A.")


@pytest.mark.parametrize(
    ("drop", "sentence"),
    [
        (
            BETTER,
            "arithmetic: B breaks less under stress than A. Drop 50.0 in A, 25.0 in B: -25.0 points [-30.0, -20.0], "
            "p < 0.001.",
        ),
        (
            metric(0.25, 0.5, None, p=0.04, word="worse"),
            "arithmetic: B breaks more under stress than A. Drop 25.0 in A, 50.0 in B: +25.0 points, p = 0.040.",
        ),
        (
            metric(0.5, 0.5, 0.01, p=1.0),
            "arithmetic: no evidence that B breaks less or more under stress than A. Drop 50.0 in A, 50.0 in B: "
            "0.0 points [-1.0, +1.0], p = 1.000.",
        ),
        (
            metric(0.5, 0.51, 0.2, word="underpowered", needs=1200),
            "arithmetic: underpowered: too few questions to tell whether B breaks less or more under stress than A. "
            "Drop 50.0 in A, 51.0 in B: +1.0 points [-19.0, +21.0], p = 0.500. To find 2.0 points would need about "
            "1,200 questions; here are 120.",
        ),
        (undefined("level 1 is missing"), "arithmetic: the drops cannot be compared: level 1 is missing."),
    ],
)
def test_the_headline_says_whether_b_breaks_less(drop: ComparedMetric, sentence: str) -> None:
    assert verdicts(comparison(drop)) == [sentence]


def test_a_reading_that_changes_nothing_has_no_table() -> None:
    text = printed(comparison(BETTER))
    assert "strict reading" not in text
    assert "the paper's reading" in text


def test_an_order_effect_that_is_not_defined_says_why() -> None:
    shown = comparison(BETTER)
    task = shown.tasks["arithmetic"]
    part = task.levels["12"].model_copy(update={"order_effect": OrderEffect.all_undefined("a response lacks slots")})
    task = task.model_copy(update={"levels": {**task.levels, "12": part}})
    text = printed(shown.model_copy(update={"tasks": {"arithmetic": task}}))
    assert "Level 12: no order effect: a response lacks slots." in text


def test_every_number_has_a_name() -> None:
    from rest_bench.metrics.compared_level import RULES

    assert {*TASK_ROWS, *LEVEL_TITLES} == set(RULES)
