"""Null metrics and the reasons for them, as any family of metrics gives them."""

import pandas
import pytest

from rest_bench.metrics import summarize
from rest_bench.schema import (
    Counts,
    Estimate,
    Family,
    Flips,
    LevelSummary,
    Manifest,
)

NOTHING = Estimate(value=None, se=None, ci=None)


class Example(Family):
    share: float | None
    effect: Estimate


def test_a_family_can_be_undefined_for_one_reason() -> None:
    example = Example.all_undefined("level 1 is missing")
    assert (example.share, example.effect) == (None, NOTHING)
    assert example.undefined == {"share": "level 1 is missing", "effect": "level 1 is missing"}


def test_reasons_of_metrics_that_are_defined_are_left_out() -> None:
    reasons = {"share": "no slot was answered", "effect": "there is one question"}
    assert Example.explained(reasons, share=0.0, effect=NOTHING).undefined == {"effect": "there is one question"}


def test_a_level_holds_the_reasons_of_all_its_families() -> None:
    counts = Counts(n_packs=1, n_slots=1, n_questions=1, repeats=1)
    flips = Flips.all_undefined("level 1 is missing")
    example = Example.all_undefined("there is one question")

    class Level(Example, Flips, Counts):
        pass

    level = LevelSummary.of.__func__(Level, counts, flips, example)  # type: ignore[attr-defined]
    assert set(level.undefined) == {"loss", "gain", "loss_by_chance", "drop_by_outcome", "share", "effect"}
    assert level.n_packs == 1


@pytest.mark.parametrize("columns", [{}, {"completion_tokens": None, "answer": None}, {"correct": False}])
@pytest.mark.parametrize("levels", [(1, 3), (3,)])
@pytest.mark.parametrize("design", ["cyclic", "shuffled"])
def test_every_null_has_its_reason(
    toy: pandas.DataFrame, manifest: Manifest, design: str, levels: tuple[int, ...], columns: dict[str, object]
) -> None:
    names = set(LevelSummary.model_fields) - {"undefined"}
    scores = toy[toy["level"].isin(levels)].assign(**columns)
    for level in summarize(scores, manifest.model_copy(update={"design": design})).tasks["toy"].levels.values():
        nulls = {name for name in names if getattr(level, name) in (None, NOTHING)}
        assert set(level.undefined) & names == nulls
        assert all(level.undefined.values())
